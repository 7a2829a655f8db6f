//! The `DKIM-Signature` fields of a message.

use aws_lc_rs::{
    digest::{self, SHA256},
    rand::SystemRandom,
    signature::RSA_PKCS1_SHA256,
};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;

use super::{OverSigned, SIGNED_FIELDS, Signer, canonical, key::Key};

/// Columns of a folded line.
const COLUMNS_MAX: usize = 76;
const FIELD_NAME: &str = "DKIM-Signature";

/// The cryptographic library refused to sign: never seen with a key that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library could not sign")]
pub struct SignatureFailed;

/// One `DKIM-Signature` field for each signer, RSA first, to be put above `headers`.
///
/// `headers` are whole fields, each ending in CRLF, without the empty line; `body` is what follows
/// that line, empty or ending in CRLF. Both go out exactly so. `at` becomes `t=`.
///
/// # Errors
/// [`SignatureFailed`].
pub fn sign(
    signers: &[Signer],
    headers: &[u8],
    body: &[u8],
    at: DateTime<Utc>,
) -> Result<String, SignatureFailed> {
    if signers.is_empty() {
        return Ok(String::new());
    }
    let body_hash = BASE64.encode(digest::digest(&SHA256, &canonical::body(body)).as_ref());
    let covered = Covered::of(headers);
    let mut block = String::with_capacity(1024 * signers.len());
    let (rsa, others): (Vec<_>, Vec<_>) = signers.iter().partition(|signer| signer.is_rsa());
    for signer in rsa.into_iter().chain(others) {
        block.push_str(&covered.sign(signer, &body_hash, at)?);
    }
    Ok(block)
}

/// What every signature of one message covers.
struct Covered {
    /// `h=`, its names in order.
    names: Vec<&'static str>,
    /// The fields that these names stand for, canonicalised, each ending in CRLF.
    input: Vec<u8>,
}

impl Covered {
    fn of(headers: &[u8]) -> Self {
        let fields = fields(headers);
        let mut names = Vec::with_capacity(SIGNED_FIELDS.len() * 2);
        let mut input = Vec::with_capacity(headers.len());
        for &(name, over_signed) in SIGNED_FIELDS {
            let present = fields.iter().rev().filter(|f| f.0.eq_ignore_ascii_case(name.as_bytes()));
            for (field_name, value) in present {
                names.push(name);
                canonical::field(field_name, value, &mut input);
                input.extend_from_slice(b"\r\n");
            }
            if over_signed == OverSigned::Yes {
                names.push(name);
            }
        }
        Self { names, input }
    }

    /// The whole field with its signature, ending in CRLF.
    fn sign(
        &self,
        signer: &Signer,
        body_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<String, SignatureFailed> {
        let mut field = self.unsigned(signer, body_hash, at);
        let value = &field.as_bytes()[FIELD_NAME.len() + 1..];
        let mut input = Vec::with_capacity(self.input.len() + field.len());
        input.extend_from_slice(&self.input);
        canonical::field(FIELD_NAME.as_bytes(), value, &mut input);
        let signature = signature(&signer.key, &input)?;
        append_base64(&mut field, &BASE64.encode(&signature));
        field.push_str("\r\n");
        Ok(field)
    }

    /// The field as it is signed: everything up to an empty `b=`.
    fn unsigned(&self, signer: &Signer, body_hash: &str, at: DateTime<Utc>) -> String {
        let algorithm = match signer.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let mut out = Folded::new(FIELD_NAME);
        out.blank_and(&["v=1;"]);
        out.blank_and(&["a=", algorithm, ";"]);
        out.blank_and(&["c=relaxed/relaxed;"]);
        out.blank_and(&["d=", &signer.domain, ";"]);
        out.blank_and(&["s=", &signer.selector, ";"]);
        out.blank_and(&["t=", &at.timestamp().to_string(), ";"]);
        let (last, names) = self.names.split_last().unwrap_or((&"From", &[]));
        let mut tag = "h=";
        out.new_line();
        for name in names {
            out.joined(&[tag, name, ":"]);
            tag = "";
        }
        out.joined(&[tag, last, ";"]);
        out.new_line();
        out.joined(&["bh=", body_hash, ";"]);
        out.new_line();
        out.joined(&["b="]);
        out.text
    }
}

/// Name and value (what stands after the colon, with its folding and line end) of each field.
fn fields(headers: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut fields: Vec<(&[u8], &[u8])> = Vec::with_capacity(32);
    let mut rest = headers;
    while !rest.is_empty() {
        let (field, after) = rest.split_at(field_length(rest));
        if let Some(colon) = field.iter().position(|&b| b == b':') {
            fields.push((field[..colon].trim_ascii_end(), &field[colon + 1..]));
        }
        rest = after;
    }
    fields
}

/// Octets up to the first line end that no blank follows.
fn field_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|&b| b == b'\n') {
        at += found + 1;
        if !matches!(text.get(at), Some(b' ' | b'\t')) {
            return at;
        }
    }
    text.len()
}

fn signature(key: &Key, input: &[u8]) -> Result<Vec<u8>, SignatureFailed> {
    match key {
        Key::Rsa(pair) => {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
                .map_err(|_| SignatureFailed)?;
            Ok(signature)
        }
        // RFC 8463, section 3: PureEdDSA over the SHA-256 of what RSA would sign.
        Key::Ed25519(pair) => {
            Ok(pair.sign(digest::digest(&SHA256, input).as_ref()).as_ref().to_vec())
        }
    }
}

/// A field under construction that knows its column.
struct Folded {
    text: String,
    column: usize,
}

impl Folded {
    fn new(name: &str) -> Self {
        let mut text = String::with_capacity(1024);
        text.push_str(name);
        text.push(':');
        Self { column: text.len(), text }
    }

    fn new_line(&mut self) {
        self.text.push_str("\r\n ");
        self.column = 1;
    }

    /// A blank and the piece, or the piece on a new line.
    fn blank_and(&mut self, piece: &[&str]) {
        if self.column + 1 + length(piece) > COLUMNS_MAX {
            self.new_line();
        } else {
            self.text.push(' ');
            self.column += 1;
        }
        self.push(piece);
    }

    /// The piece right after what stands there, or on a new line.
    fn joined(&mut self, piece: &[&str]) {
        if self.column + length(piece) > COLUMNS_MAX {
            self.new_line();
        }
        self.push(piece);
    }

    fn push(&mut self, piece: &[&str]) {
        for part in piece {
            self.text.push_str(part);
        }
        self.column += length(piece);
    }
}

fn length(piece: &[&str]) -> usize {
    piece.iter().map(|part| part.len()).sum()
}

/// Appends the signature behind `b=`, without a blank before its first character: verifiers
/// differ in what they cut out around the value.
fn append_base64(field: &mut String, text: &str) {
    let first = COLUMNS_MAX - " b=".len();
    let (line, mut rest) = text.split_at(text.len().min(first));
    field.push_str(line);
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(COLUMNS_MAX - 1));
        field.push_str("\r\n ");
        field.push_str(line);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_with_their_folding() {
        let read = fields(b"A: x\r\n y\r\nB:z\r\n");
        assert_eq!(read, [(&b"A"[..], &b" x\r\n y\r\n"[..]), (&b"B"[..], &b"z\r\n"[..])]);
    }

    #[test]
    fn a_name_is_listed_once_more_than_it_is_present_and_absent_ones_too() {
        let covered = Covered::of(b"From: a\r\nPrecedence: bulk\r\nX-Other: 1\r\n");
        let from = covered.names.iter().filter(|name| **name == "From").count();
        let reply_to = covered.names.iter().filter(|name| **name == "Reply-To").count();
        let precedence = covered.names.iter().filter(|name| **name == "Precedence").count();
        let list_id = covered.names.iter().filter(|name| **name == "List-Id").count();
        assert_eq!((from, reply_to, precedence, list_id), (2, 1, 1, 0));
        assert_eq!(covered.input, b"from:a\r\nprecedence:bulk\r\n");
    }

    #[test]
    fn of_two_equal_fields_the_lower_one_is_taken_first() {
        let covered = Covered::of(b"List-Id: upper\r\nList-Id: lower\r\n");
        assert_eq!(covered.input, b"list-id:lower\r\nlist-id:upper\r\n");
    }
}
