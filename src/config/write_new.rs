//! A first configuration, for `kelisim init`.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use data_encoding::BASE64;

/// What the configuration file is called.
pub const CONFIG_FILE: &str = "kelisim.toml";
/// What the file with the master secret is called.
pub const KEY_FILE: &str = "secrets.key";
/// For the owner only: the configuration may come to hold a relay's password.
const MODE: u32 = 0o600;

const EXAMPLE: &str = include_str!("../../assets/config/kelisim.example.toml");
const KEY_FILE_HEAD: &str = "# Master secrets of Kelisim, base64, one per line. The first signs; the others still verify\n\
                             # links in mail that was sent. Lose this file and no link in old mail works.\n";

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It would be overwritten.
    #[error("{} is there already: remove it, or choose another folder", .0.display())]
    AlreadyThere(PathBuf),
    /// The folder or the disk refused.
    #[error("{} could not be written", .0.display())]
    Refused(PathBuf, #[source] io::Error),
}

/// Writes [`CONFIG_FILE`] from the example and [`KEY_FILE`] with `secret` into `dir`, both for the
/// owner only; gives back their paths. `secret` must be fresh random octets.
///
/// # Errors
/// [`WriteError`]; nothing that was there is changed.
pub fn write_new(dir: &Path, secret: &[u8; 32]) -> Result<[PathBuf; 2], WriteError> {
    let paths = [dir.join(KEY_FILE), dir.join(CONFIG_FILE)];
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(WriteError::AlreadyThere(path.clone()));
    }
    write(&paths[0], &format!("{KEY_FILE_HEAD}{}\n", BASE64.encode(secret)))?;
    write(&paths[1], EXAMPLE)?;
    Ok(paths)
}

fn write(path: &Path, text: &str) -> Result<(), WriteError> {
    // New or not at all: another process may have made it since it was looked for.
    let file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => WriteError::AlreadyThere(path.to_owned()),
        _ => WriteError::Refused(path.to_owned(), error),
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn both_files_are_for_the_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        for path in write_new(dir.path(), &[7; 32]).unwrap() {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_is_added_beside_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join(CONFIG_FILE);
        fs::write(&config, "mine").unwrap();
        let error = write_new(dir.path(), &[7; 32]).unwrap_err();
        assert!(matches!(error, WriteError::AlreadyThere(path) if path == config));
        assert_eq!(fs::read_to_string(&config).unwrap(), "mine");
        assert!(!dir.path().join(KEY_FILE).exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let error = write_new(&dir.path().join("none"), &[7; 32]).unwrap_err();
        assert!(matches!(error, WriteError::Refused(..)));
    }
}
