//! People as files for spreadsheets.

use std::io::Read as _;

use kelisim::app::people::{Columns, Pages, Sheet, Wanted};

use crate::{
    desk::{Desk, consented},
    support::database::on_both,
};

on_both!(no_cell_is_one_that_a_spreadsheet_would_run, more_people_than_a_page_are_written_out);

async fn no_cell_is_one_that_a_spreadsheet_would_run(desk: Desk) {
    let row = "aigul@example.kz,=HYPERLINK(1),kk,+tag,@hr,-region,,,,,,";
    desk.import(&[row.to_owned(), consented("asel@example.kz", "2026-01-01")]).await;
    let columns = Columns::titled(&desk.app, str::to_owned);
    let mut pages = Pages::of(Wanted::default());
    let rows = pages.next(&desk.app).await.unwrap().unwrap();
    let text = [columns.csv_head(), columns.csv(&desk.app, &rows)].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("\u{feff}address;name;"), "{text}");
    assert!(text.contains("news:institution given 2026-01-01"), "{text}");
    for cell in ["'=HYPERLINK(1)", "'+tag", "'@hr", "'-region"] {
        assert!(
            text.contains(&format!(";{cell};")) || text.contains(&format!(";{cell}\n")),
            "{text}"
        );
    }
    assert!(pages.next(&desk.app).await.unwrap().is_none());
}

async fn more_people_than_a_page_are_written_out(desk: Desk) {
    let rows: Vec<String> = (0..501).map(|n| crate::desk::person(&format!("p{n}@x.kz"))).collect();
    desk.import(&rows).await;
    let columns = Columns::titled(&desk.app, str::to_owned);
    let (mut pages, mut sheet) = (Pages::of(Wanted::default()), Sheet::begin(&columns).unwrap());
    let mut n = 0;
    while let Some(rows) = pages.next(&desk.app).await.unwrap() {
        n += rows.len();
        sheet.add(&desk.app, &columns, &rows).unwrap();
    }
    assert_eq!(n, 501);
    let mut file = sheet.end().unwrap();
    let mut head = [0; 4];
    file.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"PK\x03\x04");
    let text = kelisim::app::import_contacts::Workbook::open(file).unwrap().text(None).unwrap();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(text.0)).count();
    assert_eq!(lines, 502);
}
