//! What is refused, and that the refusal does not tell it.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

/// All that is said about a file: errors, rejects and the rejects file.
fn all_that_is_said(file: &str) -> String {
    let reader = match ContactReader::open(file.as_bytes(), &options()) {
        Ok(reader) => reader,
        Err(error) => return format!("{error} {error:?}"),
    };
    let mut writer = RejectsWriter::new(Vec::new()).unwrap();
    let mut said = format!("{:?}", reader.report());
    for line in reader {
        write!(said, "{line:?}").unwrap();
        if let Ok(Line::Rejected(reject)) = &line {
            writer.write(reject).unwrap();
        }
    }
    said + &String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn a_row_with_forbidden_data_is_refused_naming_the_cells() {
    let file = "email,name,note,memo\n\
        a@x.kz,A,ИИН 900101300007,4111 1111 1111 1111\n\
        b@x.kz,B,KZ86125KZT5004100100,N12345678\n\
        900101300007@x.kz,C,,\n";
    assert_eq!(
        faults(file, &options()),
        [
            (2, 3, "forbidden_data"),
            (2, 4, "forbidden_data"),
            (3, 3, "forbidden_data"),
            (3, 4, "forbidden_data"),
            (4, 1, "forbidden_data"),
        ]
    );
    let said = all_that_is_said(file);
    assert!(said.contains("an individual identification number (IIN)"));
    for secret in ["900101300007", "4111", "KZ86", "12345678", "@x.kz"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[test]
fn a_file_with_a_forbidden_column_is_refused_as_a_whole() {
    for (header, kind) in [
        ("ИИН", "an individual identification number (IIN)"),
        ("Жеке куәлік нөмірі", "an identity document number"),
        ("Card number", "a payment card number"),
        ("Банк деректемелері", "bank details (IBAN)"),
        ("Домашний адрес", "a home address"),
    ] {
        let text = refusal(&format!("email,{header}\na@x.kz,\n"), &options()).to_string();
        assert!(text.starts_with(&format!("column 2 \"{header}\" holds {kind}")), "{text}");
        assert!(text.contains("delete the column from the file"));
    }
}

#[test]
fn a_file_without_a_first_line_of_names_is_refused_without_telling_its_data() {
    let file = "aigul@x.kz,Айгүл,900101300007\n";
    assert!(matches!(refusal(file, &options()), ImportError::NoHeader));
    let said = all_that_is_said(file);
    assert!(!said.contains("aigul") && !said.contains("900101300007"));
    assert!(matches!(refusal("Айгүл,87011234567\n", &options()), ImportError::NoHeader));
    assert_eq!(contacts("email,Сабақ 01.03.2025\na@x.kz,\n", &options()).len(), 1);
}

#[test]
fn a_file_without_addresses_lists_the_columns_it_has() {
    let text = refusal("Аты,Тегі,\nА,Б,\n", &options()).to_string();
    assert!(text.contains("\"Аты\", \"Тегі\", \"column 3\""), "{text}");
    assert!(text.contains("Электрондық пошта"));
    assert!(matches!(refusal("", &options()), ImportError::Empty));
}

#[test]
fn two_columns_of_addresses_are_not_chosen_between() {
    let text = refusal("Email,Почта\na@x.kz,b@x.kz\n", &options()).to_string();
    assert!(text.contains("\"Email\", \"Почта\" all look like address"), "{text}");
}

#[test]
fn bad_addresses_are_rejected_with_the_reason() {
    let file = "name,email\nA,\nB,no-at.kz\nC,a@x.kz b@x.kz\nD,a@қате..қаз\nE,a@127.0.0.1\n";
    assert_eq!(
        faults(file, &options()),
        [
            (2, 2, "address_missing"),
            (3, 2, "address_invalid"),
            (4, 2, "address_invalid"),
            (5, 2, "address_invalid"),
            (6, 2, "address_invalid"),
        ]
    );
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    let file = "email,language,consent_news\nnobody,martian,perhaps\n";
    let codes: Vec<_> = faults(file, &options()).into_iter().map(|(_, _, code)| code).collect();
    assert_eq!(codes, ["address_invalid", "not_yes_or_no", "language_unknown"]);
}

#[test]
fn cells_rows_and_columns_have_bounds() {
    let cell = "ә".repeat(CELL_CHARS_MAX + 1);
    assert_eq!(faults(&format!("email,x\na@x.kz,{cell}\n"), &options()), [(2, 2, "cell_too_long")]);
    let name = "ә".repeat(VALUE_CHARS_MAX + 1);
    assert_eq!(
        faults(&format!("email,name\na@x.kz,{name}\n"), &options()),
        [(2, 2, "cell_too_long")]
    );
    let row = format!("email\n{}\n", "x".repeat(RECORD_BYTES_MAX + 1));
    assert_eq!(faults(&row, &options()), [(2, 0, "row_too_long")]);
    let header = "email,".repeat(COLUMNS_MAX);
    assert!(matches!(refusal(&header, &options()), ImportError::TooManyColumns { columns: 201 }));
}

#[test]
fn a_quotation_mark_that_is_never_closed_does_not_fill_the_memory() {
    let file = format!("email,name\na@x.kz,A\n\nb@x.kz,\"B\n{}", "c@x.kz,C\n".repeat(1_000_000));
    let mut reader = open(file.as_bytes(), &options());
    assert!(matches!(reader.next(), Some(Ok(Line::Contact(_)))));
    let Some(Err(error)) = reader.next() else { panic!("no error") };
    assert!(matches!(error, ImportError::RecordTooLong { line: 3 }), "{error}");
    assert!(reader.next().is_none());
    assert!(reader.position() < 1_000_000);
}

#[test]
fn a_late_byte_of_another_encoding_ends_the_reading_with_advice() {
    let mut bytes = b"email,name\n".to_vec();
    bytes.extend(b"a@x.kz,A\n".repeat(10_000));
    bytes.extend(b"b@x.kz,\xCF\xB8\xF2\xF0\n");
    let last = open(&bytes, &options()).last();
    let Some(Err(error)) = last else { panic!("no error") };
    let text = error.to_string();
    assert!(text.contains("not utf-8 at byte 90020 (line 10002)"), "{text}");
    assert!(text.contains("--encoding windows-1251"));
    let told = ReadOptions { encoding: Some(TextEncoding::Windows1251), ..options() };
    assert_eq!(open(&bytes, &told).flatten().count(), 10_001);
}

proptest! {
    #[test]
    fn any_file_is_read_to_its_end_without_panic(file in "(email|name|[,;\t\n\"'=]|\\PC){0,200}") {
        all_that_is_said(&file);
        all_that_is_said(&format!("email,name,tags\n{file}"));
    }

    #[test]
    fn any_bytes_are_read_to_their_end_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300)
    ) {
        if let Ok(reader) = ContactReader::open(&bytes[..], &options()) {
            let _ = reader.count();
        }
    }
}
