//! Encodings, delimiters, columns, lines.

use super::*;
use crate::domain::language::Language;

const KAZAKH: &str = "Эл. пошта;Тегі;Аты;Әкесінің аты;Тіл;Өңір;Телефон\r\n\
    aigul@мектеп.қаз;Серікова;Айгүл;Ерғалиқызы;қазақша;Ақмола;+7 701 123 45 67\r\n";

fn kazakh_row(bytes: &[u8]) -> (SourceReport, ContactRow) {
    let mut reader = open(bytes, &options());
    let report = reader.report().clone();
    let Some(Ok(Line::Contact(row))) = reader.next() else { panic!("no contact") };
    assert!(reader.next().is_none());
    assert_eq!(reader.position(), bytes.len() as u64);
    (report, *row)
}

#[test]
fn a_kazakh_file_reads_the_same_in_every_unicode_encoding() {
    let little: Vec<u8> = KAZAKH.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = KAZAKH.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = format!("\u{feff}{KAZAKH}");
    for (bytes, encoding) in [
        (KAZAKH.as_bytes(), TextEncoding::Utf8),
        (marked.as_bytes(), TextEncoding::Utf8),
        (&little, TextEncoding::Utf16Le),
        (&big, TextEncoding::Utf16Be),
    ] {
        let (report, row) = kazakh_row(bytes);
        assert_eq!((report.encoding, report.delimiter), (encoding, Delimiter::Semicolon));
        assert_eq!(report.ignored().collect::<Vec<_>>(), ["Телефон"]);
        assert_eq!(row.address.as_str(), "aigul@xn--e1aaogsq.xn--80ao21a");
        assert_eq!(row.given_name.as_deref(), Some("Айгүл"));
        assert_eq!(row.family_name.as_deref(), Some("Серікова"));
        assert_eq!(row.patronymic.as_deref(), Some("Ерғалиқызы"));
        assert_eq!(row.language, Some(Language::KK));
        assert_eq!(row.attributes["region"], "Ақмола");
        assert_eq!(row.line, 2);
    }
}

#[test]
fn a_russian_file_of_an_older_program_is_read_as_windows_1251() {
    let text = "ФИО\tПочта\tТеги\nСмирнов Пётр\tp@x.kz\tучитель, физика\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let mut reader = open(&bytes, &options());
    assert_eq!(reader.report().encoding, TextEncoding::Windows1251);
    assert_eq!(reader.report().delimiter, Delimiter::Tab);
    let Some(Ok(Line::Contact(row))) = reader.next() else { panic!("no contact") };
    assert_eq!(row.name.as_deref(), Some("Смирнов Пётр"));
    assert_eq!(row.tags, ["учитель", "физика"]);
}

#[test]
fn an_english_file_with_commas_and_attributes() {
    let rows = contacts("Email,Full name,ID,Region\na@x.kz,\"Doe, Jo\",7,\n", &options());
    assert_eq!(rows[0].name.as_deref(), Some("Doe, Jo"));
    assert_eq!(rows[0].external_id.as_deref(), Some("7"));
    assert!(rows[0].attributes.is_empty());
}

#[test]
fn an_attribute_that_is_not_allowed_is_ignored_and_reported() {
    let strict = ReadOptions { attributes: Vec::new(), ..options() };
    let file = b"email,region,birth date\na@x.kz,A,1990-01-01\n";
    let reader = open(file, &strict);
    assert_eq!(reader.report().ignored().collect::<Vec<_>>(), ["region", "birth date"]);
}

#[test]
fn line_numbers_hold_through_quoted_line_ends_and_blank_lines() {
    for line_end in ["\n", "\r\n", "\r"] {
        let file =
            "email,name\n\na@x.kz,\"A\nB\"\n,\n\nb@x.kz,C\nc@x.kz,\"D\nE\"".replace('\n', line_end);
        let rows = contacts(&file, &options());
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 7, 8], "{line_end:?}");
        assert_eq!(rows[0].name.as_deref(), Some("A B"));
    }
}

#[test]
fn rows_may_be_shorter_than_the_header_as_excel_writes_them() {
    let rows = contacts("email,name,tags\na@x.kz\nb@x.kz,B,,,\n", &options());
    assert_eq!(rows.len(), 2);
    assert_eq!(faults("email,name\na@x.kz,B,C\n", &options()), [(2, 0, "too_many_cells")]);
}

#[test]
fn a_mapping_file_wins_over_the_names_of_columns() {
    let mapping = "ignore = [\"Имя\"]\n[columns]\naddress = \"Почта слушателя\"\nname = \"Кто\"\n\
        [attributes]\nregion = \"Где\"\n[constants]\nlanguage = \"ru\"\ntags = [\"2025\"]";
    let file = "Email,Почта слушателя,Кто,Имя,Где,Язык,Теги\nold,a@x.kz,Пётр,x,Алматы,kk,y\n";
    let options = mapped(mapping);
    let reader = open(file.as_bytes(), &options);
    assert_eq!(reader.report().ignored().collect::<Vec<_>>(), ["Email", "Имя", "Язык", "Теги"]);
    let row = &contacts(file, &options)[0];
    assert_eq!(row.address.as_str(), "a@x.kz");
    assert_eq!(row.name.as_deref(), Some("Пётр"));
    assert_eq!(row.language, Some(Language::RU));
    assert_eq!(row.attributes["region"], "Алматы");
    assert_eq!(row.tags, ["2025"]);
}

#[test]
fn a_mapping_that_does_not_fit_says_what_to_mend() {
    let file = "Почта,Имя\na@x.kz,A\n";
    for (mapping, told) in [
        (
            "[columns]\naddress = \"E-mail\"",
            "\"E-mail\", which the file does not have. The columns are: \"Почта\", \"Имя\"",
        ),
        (
            "[attributes]\nshoe = \"Имя\"",
            "attribute shoe, which is not allowed: allowed are region",
        ),
        ("[consents]\nsurveys = \"Имя\"", "purpose surveys, which is not in the catalogue"),
        ("[constants]\npurposes = [\"surveys\"]", "purpose surveys, which is not in the catalogue"),
        (
            "[columns]\nparty = \"Имя\"\n[constants]\nparty = \"acme\"",
            "gives party both as a column and as a constant",
        ),
        (
            "[constants]\nconsent_given_at = \"2027-01-01\"",
            "constant consent_given_at in the mapping file: a consent cannot be given in the future",
        ),
        (
            "[constants]\nwording = \"ИИН 900101300007\"",
            "constant wording in the mapping file: holds an individual identification number",
        ),
    ] {
        let text = refusal(file, &mapped(mapping)).to_string();
        assert!(text.contains(told), "{text}");
        assert!(!text.contains("900101300007"));
    }
}

#[test]
fn reading_goes_on_in_small_pieces_from_a_slow_source() {
    struct Slow<'a>(&'a [u8]);
    impl std::io::Read for Slow<'_> {
        fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
            let length = target.len().min(3);
            self.0.read(&mut target[..length])
        }
    }
    let rows = ContactReader::open(Slow(KAZAKH.as_bytes()), &options()).unwrap();
    assert_eq!(rows.count(), 1);
}

#[test]
fn a_contact_does_not_tell_its_data_when_debugged() {
    let rows = contacts("email,name\nsecret@x.kz,Secret\n", &options());
    assert!(!format!("{rows:?}").to_lowercase().contains("secret"));
}
