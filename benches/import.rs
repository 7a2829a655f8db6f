//! How fast contacts come in: a file in random order, each row with one evidenced consent.
//!
//! `cargo bench --bench import`; rows by `BENCH_ROWS` (a million unless given).

mod support;

use support::{Workplace, databases, measured, number};

fn main() {
    let rows = number("BENCH_ROWS", 1_000_000);
    println!(
        "| database | rows | rows/s | time, s | CPU per row, µs | memory, MB |\n|---|---|---|---|---|---|"
    );
    for (name, database) in databases() {
        let place = Workplace::new(&database(), 25, false);
        place.write_people(rows);
        let cost = measured(&mut place.command(&["contacts", "import", "people.csv"]));
        let seconds = cost.wall.as_secs_f64();
        let per_second = f64::from(rows) / seconds;
        let cpu_us = cost.cpu_s * 1e6 / f64::from(rows);
        println!(
            "| {name} | {rows} | {per_second:.0} | {seconds:.1} | {cpu_us:.1} | {:.0} |",
            cost.memory_mb
        );
    }
}
