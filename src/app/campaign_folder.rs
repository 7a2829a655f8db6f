//! Reads a campaign folder: `campaign.toml` and `body.<language>.<kind>.hbs`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::mail::render::{
    BodyFile, CAMPAIGN_FILE, Code, Finding, Place, SOURCE_BYTES_MAX, Severity,
};

/// Files that a folder may hold; it is no place for archives of pictures.
const FILES_MAX: usize = 100;

/// What a folder holds. The texts are not judged yet: `CampaignFile::read` and `check` do that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFolder {
    /// The text of `campaign.toml`.
    pub campaign: String,
    /// All bodies, in the order of their names.
    pub bodies: Vec<BodyFile>,
    /// What lies in the folder and is not used, as worries.
    pub findings: Vec<Finding>,
}

/// A folder that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refused.
    #[error("{} cannot be read", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no `campaign.toml`.
    #[error("there is no campaign.toml in {}; docs/campaigns.md shows one", .0.display())]
    NoCampaign(PathBuf),
    /// A file over the limit.
    #[error("{} is larger than {SOURCE_BYTES_MAX} bytes", .0.display())]
    TooLarge(PathBuf),
    /// A file that is no UTF-8 text.
    #[error("{} is not UTF-8 text; save it as UTF-8", .0.display())]
    NotUtf8(PathBuf),
    /// Too many files.
    #[error("{} holds more than {FILES_MAX} files", .0.display())]
    TooMany(PathBuf),
}

/// Reads a folder. Blocks: call it where blocking is allowed.
///
/// # Errors
/// The folder or a file cannot be read, is too large or not UTF-8, or `campaign.toml` is missing.
pub fn read(folder: &Path) -> Result<CampaignFolder, FolderError> {
    let io = |source| FolderError::Io { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in folder.read_dir().map_err(io)? {
        names.push(entry.map_err(io)?.file_name().to_string_lossy().into_owned());
        if names.len() > FILES_MAX {
            return Err(FolderError::TooMany(folder.to_owned()));
        }
    }
    names.sort();
    if !names.iter().any(|name| name == CAMPAIGN_FILE) {
        return Err(FolderError::NoCampaign(folder.to_owned()));
    }
    let campaign = text(&folder.join(CAMPAIGN_FILE))?;
    let mut found = CampaignFolder { campaign, bodies: Vec::new(), findings: Vec::new() };
    for name in names.iter().filter(|name| *name != CAMPAIGN_FILE && !name.starts_with('.')) {
        match BodyFile::new(name, String::new()) {
            Ok(_) => {
                let body = BodyFile::new(name, text(&folder.join(name))?);
                found.bodies.extend(body);
            }
            Err(error) => found.findings.push(ignored(name, &error.to_string())),
        }
    }
    Ok(found)
}

/// A body with a slip in its name must stop; any other file is only not used.
fn ignored(name: &str, message: &str) -> Finding {
    let meant = name.starts_with("body.") || name.contains(".hbs");
    let (severity, code) = if meant {
        (Severity::Stops, Code::BadFileName)
    } else {
        (Severity::Worries, Code::FileIgnored)
    };
    Finding {
        severity,
        code,
        place: Some(Place { file: name.to_owned(), language: None, line: 1, column: 1 }),
        message: message.to_owned(),
        fix: "Rename it, or take it out of the folder".to_owned(),
    }
}

fn text(path: &Path) -> Result<String, FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    let limit = SOURCE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(limit).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > SOURCE_BYTES_MAX {
        return Err(FolderError::TooLarge(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| FolderError::NotUtf8(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn bodies_are_read_and_the_rest_is_told() {
        let files: [(&str, &[u8]); 5] = [
            (CAMPAIGN_FILE, b"name = 1"),
            ("body.ru.md.hbs", b"b"),
            ("body.kk.mjml.hbs", b"a"),
            ("body.kk.mjml", b"c"),
            ("logo.png", b"\xff"),
        ];
        let found = read(folder(&files).path()).unwrap();
        let names: Vec<_> = found.bodies.iter().map(|body| body.name.as_str()).collect();
        assert_eq!(names, ["body.kk.mjml.hbs", "body.ru.md.hbs"]);
        let codes: Vec<_> = found.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::BadFileName, Code::FileIgnored]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let read = |files: &[(&str, &[u8])]| read(folder(files).path()).unwrap_err();
        assert!(matches!(read(&[]), FolderError::NoCampaign(_)));
        let wrong: [(&str, &[u8]); 1] = [(CAMPAIGN_FILE, b"\xd0")];
        assert!(matches!(read(&wrong), FolderError::NotUtf8(_)));
        let large = vec![b'a'; SOURCE_BYTES_MAX + 1];
        assert!(matches!(read(&[(CAMPAIGN_FILE, &large)]), FolderError::TooLarge(_)));
    }
}
