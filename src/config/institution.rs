//! Who sends.

use url::Url;

use super::{keys, reader::Reader};
use crate::domain::{
    institution::{Institution, Processing},
    language::Language,
};

/// Digits of a business identification number.
const BIN_DIGITS: usize = 12;
/// Characters of a telephone number as people write it.
const PHONE_CHARS_MAX: usize = 40;
/// Languages that one service writes in.
const LANGUAGES_MAX: usize = 10;

/// Reads `[institution]`.
pub(super) fn read(reader: &Reader<'_>) -> Option<Institution> {
    let languages = reader.texts(&keys::LANGUAGES, str::parse::<Language>);
    let languages = languages.filter(|all| {
        let is_right = (1..=LANGUAGES_MAX).contains(&all.len());
        if !is_right {
            let what = format_args!("must name 1 to {LANGUAGES_MAX} languages");
            reader.wrong(&keys::LANGUAGES, what);
        }
        is_right
    });
    let required = languages.as_deref().unwrap_or_default();
    let name = reader.by_language(&keys::LEGAL_NAME, required);
    let bin = reader.read(&keys::BIN, bin);
    let address = reader.by_language(&keys::POSTAL_ADDRESS, required);
    let support_email = reader.parsed(&keys::SUPPORT_EMAIL);
    let phone = reader.read(&keys::PHONE, phone);
    let policy_url = reader.read(&keys::POLICY_URL, https);
    let time_zone = reader.read(&keys::TIME_ZONE, |text| {
        text.parse().map_err(|_| format!("\"{text}\" is not an IANA time zone such as Asia/Almaty"))
    });
    let processing = processing(&reader.section(&keys::PROCESSING));
    Some(Institution {
        name: name?,
        bin: bin?,
        address: address?,
        support_email: support_email?,
        phone: phone?,
        policy_url: policy_url?,
        time_zone: time_zone?,
        languages: languages?,
        processing: processing?,
    })
}

fn processing(reader: &Reader<'_>) -> Option<Processing> {
    let word = |text: &str| Ok::<_, String>(text.to_owned());
    let jurisdiction = reader.read(&keys::JURISDICTION, country);
    let storage_location = reader.read(&keys::STORAGE, country);
    let data = reader.texts(&keys::DATA, word);
    let third_parties = reader.texts(&keys::THIRD_PARTIES, word);
    let cross_border = reader.texts(&keys::CROSS_BORDER, country);
    let published = reader.flag(&keys::PUBLISHED);
    Some(Processing {
        jurisdiction: jurisdiction?,
        storage_location: storage_location?,
        data: data?,
        third_parties: third_parties?,
        cross_border: cross_border?,
        published: published?,
    })
}

fn country(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    is_code
        .then(|| text.to_owned())
        .ok_or_else(|| format!("\"{text}\" is not a country code of two letters, such as KZ"))
}

fn bin(text: &str) -> Result<String, String> {
    let is_bin = text.len() == BIN_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    is_bin.then(|| text.to_owned()).ok_or_else(|| format!("must be {BIN_DIGITS} digits"))
}

fn phone(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-');
    let is_phone = text.len() <= PHONE_CHARS_MAX
        && text.chars().all(fits)
        && text.bytes().any(|b| b.is_ascii_digit());
    is_phone.then(|| text.to_owned()).ok_or_else(|| {
        format!("must be a number such as +7 7172 00 00 00, at most {PHONE_CHARS_MAX} characters")
    })
}

fn https(text: &str) -> Result<String, &'static str> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "https" && url.has_host() => Ok(url.into()),
        _ => Err("must be a link that begins with https://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_has_twelve_digits() {
        assert!(bin("000000000000").is_ok());
        for text in ["", "00000000000", "0000000000000", "00000000000a"] {
            assert!(bin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        assert!(country("KZ").is_ok());
        assert!(["", "kz", "KAZ", "Қ1"].iter().all(|text| country(text).is_err()));
    }

    #[test]
    fn a_phone_is_what_people_dial() {
        assert!(phone("+7 (7172) 23-57-50").is_ok());
        for text in ["", "+ ()", "call us", &"1".repeat(41)] {
            assert!(phone(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_policy_link_is_https() {
        assert_eq!(https("https://example.kz/privacy"), Ok("https://example.kz/privacy".into()));
        for text in ["http://example.kz/privacy", "example.kz", "mailto:a@b.kz"] {
            assert!(https(text).is_err(), "{text}");
        }
    }
}
