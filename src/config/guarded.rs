//! Files that hold secrets.

use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use secrecy::SecretString;

/// Octets of such a file; keys and URLs are far shorter.
const OCTETS_MAX: u64 = 65_536;
/// Permission bits that nobody but owner and group may have, and writing for the group.
const FORBIDDEN_MODE: u32 = 0o027;

/// Why a file with a secret is not taken. Shows nothing of what it holds.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unguarded {
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, io::Error),
    #[error("{0} is not a file")]
    NotAFile(String),
    #[error(
        "{0} has mode {1:04o}, so that others can read or change it: run chmod 600 {0} (or 640, \
         for a group)"
    )]
    Mode(String, u32),
    #[error("{0} is longer than {OCTETS_MAX} octets: it is not a key")]
    TooLong(String),
}

/// Reads a file that only its owner, and perhaps its group, can read (mode 0600, 0640 or less).
pub(super) fn read(path: &Path) -> Result<SecretString, Unguarded> {
    let name = || path.display().to_string();
    let unreadable = |error| Unguarded::Unreadable(name(), error);
    let file = File::open(path).map_err(unreadable)?;
    // Of the open file, so that what was checked is what is read.
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Unguarded::NotAFile(name()));
    }
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & FORBIDDEN_MODE != 0 {
        return Err(Unguarded::Mode(name(), mode));
    }
    if metadata.len() > OCTETS_MAX {
        return Err(Unguarded::TooLong(name()));
    }
    let mut text = String::new();
    file.take(OCTETS_MAX).read_to_string(&mut text).map_err(unreadable)?;
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_secret_that_others_can_read_is_refused_with_the_command_that_mends_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(&path, "x").unwrap();
        for (mode, taken) in
            [(0o600, true), (0o640, true), (0o400, true), (0o644, false), (0o660, false)]
        {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path).is_ok(), taken, "{mode:o}");
        }
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("mode 0660") && error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn folders_and_long_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read(dir.path()), Err(Unguarded::NotAFile(_))));
        let path = dir.path().join("long");
        fs::write(&path, vec![b'a'; 65_537]).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(read(&path), Err(Unguarded::TooLong(_))));
    }
}
