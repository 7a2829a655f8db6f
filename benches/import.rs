//! How fast contacts come in: a file in random order, each row with one evidenced consent.
//!
//! `cargo bench --bench import`; rows by `KELISIM_BENCH_ROWS` (a million unless given).

mod support;

use std::{
    fs::File,
    io::{BufWriter, Write as _},
};

use support::{Workplace, databases, measured, number};

fn main() {
    let rows = number("KELISIM_BENCH_ROWS", 1_000_000);
    println!("| database | rows | rows/s | time, s | memory, MB |\n|---|---|---|---|---|");
    for (name, database) in databases() {
        let place = Workplace::new(&database(), 25, false);
        write(&place, rows);
        let cost = measured(&mut place.command(&["contacts", "import", "people.csv"]));
        let seconds = cost.wall.as_secs_f64();
        let per_second = f64::from(rows) / seconds;
        println!("| {name} | {rows} | {per_second:.0} | {seconds:.1} | {:.0} |", cost.memory_mb);
    }
}

fn write(place: &Workplace, rows: u32) {
    let mut file = BufWriter::new(File::create(place.path("people.csv")).expect("writable"));
    writeln!(
        file,
        "email,name,given_name,language,consent_news,consent_source,consent_given_at,policy_version"
    )
    .expect("writable");
    for row in 0..rows {
        // Odd, so it is a permutation of 32-bit numbers: every address once, in no order.
        let n = row.wrapping_mul(2_654_435_761);
        writeln!(
            file,
            "p{n}@example.kz,Айгүл Сейтқали {row},Айгүл,kk,yes,Тіркелу формасы,2026-03-01,1"
        )
        .expect("writable");
    }
}
