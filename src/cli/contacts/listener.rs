//! What an import tells on its way: a bar on a terminal, the rejects file, the first lines of each
//! kind of remark.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::app::import_contacts::{News, Reject, RejectsWriter, SourceReport};

/// Lines named for each kind of remark.
const LINES_NAMED: usize = 5;
/// Rejects printed when there is no file for them.
const REJECTS_PRINTED: usize = 10;
/// How often the bar is drawn anew.
const REDRAWS_PER_S: u8 = 5;

/// Listens to an import.
pub(super) struct Listener {
    bar: ProgressBar,
    began: Instant,
    rejects: Option<RejectsWriter<BufWriter<File>>>,
    heard: Heard,
}

/// What was heard.
pub(super) struct Heard {
    /// How often each remark was made, and the first lines it was made about.
    remarks: BTreeMap<String, (u64, Vec<u64>)>,
    rejects: Vec<Reject>,
    pub(super) rejects_written: Result<(), csv::Error>,
}

impl Listener {
    /// For a file of `bytes` octets.
    pub(super) fn new(bytes: u64, rejects: Option<RejectsWriter<BufWriter<File>>>) -> Self {
        let heard =
            Heard { remarks: BTreeMap::new(), rejects: Vec::new(), rejects_written: Ok(()) };
        Self { bar: bar(bytes), began: Instant::now(), rejects, heard }
    }

    pub(super) fn hear(&mut self, news: &News<'_>) {
        match news {
            News::Opened(report) => self.bar.suspend(|| print_report(report)),
            News::Rejected(reject) => self.reject(reject),
            News::Noted(note) => {
                let remark = note.of.as_ref().map_or_else(
                    || note.remark.to_string(),
                    |of| format!("{} for {}: {}", of.purpose, of.party, note.remark),
                );
                let (count, lines) = self.heard.remarks.entry(remark).or_default();
                *count += 1;
                if lines.len() < LINES_NAMED {
                    lines.push(note.line);
                }
            }
            News::Recorded { .. } => {}
            News::Progress { bytes, tally } => {
                self.bar.set_position(*bytes);
                self.bar.set_message(speed(tally.rows(), self.began.elapsed()));
            }
        }
    }

    fn reject(&mut self, reject: &Reject) {
        if let Some(rejects) = &mut self.rejects {
            if self.heard.rejects_written.is_ok() {
                self.heard.rejects_written = rejects.write(reject);
            }
        } else if self.heard.rejects.len() < REJECTS_PRINTED {
            self.heard.rejects.push(reject.clone());
        }
    }

    pub(super) fn finish(mut self) -> Heard {
        self.bar.finish_and_clear();
        if let Some(rejects) = self.rejects {
            let written = rejects.finish().and_then(|mut file| Ok(file.flush()?));
            self.heard.rejects_written = self.heard.rejects_written.and(written);
        }
        self.heard
    }
}

impl Heard {
    pub(super) fn print(&self) {
        if !self.remarks.is_empty() {
            println!();
        }
        for (remark, (count, lines)) in &self.remarks {
            let more = if *count > lines.len() as u64 { ", …" } else { "" };
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            println!("{count} × {remark} (line {}{more})", lines.join(", "));
        }
        if self.rejects.is_empty() {
            return;
        }
        println!("\nNot taken (the first rows; write all of them to a file with --rejects FILE):");
        for reject in &self.rejects {
            for fault in &reject.faults {
                let column = fault.column.as_ref().map(|column| format!(", {}", column.name));
                println!("line {}{}: {}", reject.line, column.unwrap_or_default(), fault.reason);
            }
        }
    }
}

fn bar(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_S);
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    match ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn speed(rows: u64, elapsed: Duration) -> String {
    let ms = elapsed.as_millis().max(1);
    format!("{rows} rows, {} rows/s", u128::from(rows) * 1000 / ms)
}

fn print_report(report: &SourceReport) {
    println!("Reading {}, cells between {}:", report.encoding, report.delimiter);
    let ignored: Vec<&str> = report.ignored().collect();
    for mapped in &report.columns {
        if !ignored.contains(&&*mapped.column.name) {
            println!("  {} → {}", mapped.column.name, mapped.field);
        }
    }
    if !ignored.is_empty() {
        println!("  left out: {}", ignored.join(", "));
    }
    println!();
}
