//! `kelisim contacts import`.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::app::{
    App,
    import_contacts::{
        self, Delimiter, ImportOptions, MappingFile, RejectsWriter, Tally, TextEncoding,
    },
};

use super::listener::Listener;

/// Octets of a mapping file.
const MAPPING_BYTES_MAX: u64 = 1024 * 1024;

/// What to import, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A CSV file; its first line names the columns
    file: PathBuf,
    /// A TOML file that says which column holds what
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// utf-8, utf-16 or windows-1251; found out unless given
    #[arg(long)]
    encoding: Option<TextEncoding>,
    /// comma, semicolon or tab; found out unless given
    #[arg(long)]
    delimiter: Option<Delimiter>,
    /// Where to write which rows were not taken, and why
    #[arg(long)]
    rejects: Option<PathBuf>,
    /// Say what would happen, and store nothing
    #[arg(long)]
    dry_run: bool,
}

/// Does it, with a bar on a terminal and a report at the end.
///
/// # Errors
/// When a file cannot be read, written or used; the database's.
pub(super) async fn run(app: &App, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { file, mapping, encoding, delimiter, rejects, dry_run } = arguments;
    let mapping = mapping.as_deref().map(read_mapping).transpose()?;
    let source = File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let bytes = source.metadata().map(|data| data.len()).unwrap_or_default();
    let writer = rejects.as_deref().map(|path| open_rejects(path, &file)).transpose()?;
    let options = ImportOptions { encoding, delimiter, mapping, fields: None, is_dry_run: dry_run };
    let mut listener = Listener::new(bytes, writer);
    let imported = import_contacts::import(app, source, options, |news| listener.hear(&news)).await;
    let heard = listener.finish();
    let tally = imported?.tally;
    if dry_run {
        println!("This was a dry run: nothing was stored. An import would have come to this:\n");
    }
    print_tally(&tally);
    heard.print();
    heard.rejects_written.context("the rejects file could not be written")?;
    if let Some(path) = rejects.filter(|_| tally.rejected > 0) {
        println!("\nWhich rows were not taken and why stands in {}.", path.display());
    }
    Ok(())
}

fn read_mapping(path: &Path) -> anyhow::Result<MappingFile> {
    let cannot = || format!("{} cannot be used", path.display());
    let size = fs::metadata(path).with_context(cannot)?.len();
    if size > MAPPING_BYTES_MAX {
        bail!("{} is longer than {MAPPING_BYTES_MAX} bytes", path.display());
    }
    fs::read_to_string(path).with_context(cannot)?.parse().with_context(cannot)
}

fn open_rejects(path: &Path, source: &Path) -> anyhow::Result<RejectsWriter<BufWriter<File>>> {
    let same = fs::canonicalize(path).ok().zip(fs::canonicalize(source).ok());
    if same.is_some_and(|(rejects, source)| rejects == source) {
        bail!("--rejects names the file that is to be imported: name another one");
    }
    let file =
        File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(RejectsWriter::new(BufWriter::new(file))?)
}

fn print_tally(tally: &Tally) {
    println!("{:>10} rows", tally.rows());
    let lines = [
        (tally.new, "new contacts"),
        (tally.updated, "known contacts, of whom something was learnt"),
        (tally.unchanged, "known contacts, of whom nothing was learnt"),
        (tally.repeated, "further rows of the same people, merged"),
        (tally.blocked, "left out: processing of the contact is blocked"),
        (tally.erased, "left out: the person had the data deleted"),
        (tally.rejected, "not taken"),
    ];
    print_counts(&lines);
    println!("\n{:>10} consents claimed", tally.claims());
    let lines = [
        (tally.given, "recorded"),
        (tally.renewed, "recorded with later evidence than before"),
        (tally.recorded_before, "recorded before: nothing to add"),
        (tally.without_evidence, "not recorded: their evidence is not complete"),
        (tally.objected, "not recorded: the person withdrew or refused"),
        (tally.suppressed, "not recorded: the address is suppressed"),
        (tally.left_out, "not recorded: the contact was left out"),
    ];
    print_counts(&lines);
    let lines = [
        (tally.expired, "of the recorded ones are over already: no mail"),
        (tally.needs_reconfirmation, "of the recorded ones wait for reconfirmation: no mail"),
        (tally.declined, "purposes answered with no: neither a consent nor a withdrawal"),
    ];
    print_counts(&lines);
}

/// Only what there is.
fn print_counts(lines: &[(u64, &str)]) {
    for (count, what) in lines.iter().filter(|(count, _)| *count > 0) {
        println!("{count:>10}   {what}");
    }
}
