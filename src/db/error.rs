//! What SQLite says, in the program's own terms.
use std::{fmt, io::ErrorKind, path::PathBuf};

use rusqlite::{
    ErrorCode,
    ffi::{
        SQLITE_FULL as FULL, SQLITE_IOERR_FSYNC as IOERR_FSYNC, SQLITE_IOERR_SHMSIZE as IOERR_SHMSIZE,
        SQLITE_IOERR_WRITE as IOERR_WRITE,
    },
};

use crate::{base::Error, telemetry::process};

/// Why a clinic's file was not opened. Nothing is ever created or changed in its place.
#[derive(Debug)]
pub enum OpenError {
    /// The file or its key file is not there.
    Missing(PathBuf),
    /// The key does not open the file, or the file is damaged from its first page on.
    WrongKey(PathBuf),
    /// The wrapped key cannot be unwrapped: another machine's key file, or a damaged one.
    Locked(PathBuf),
    /// An SQLite file of another program.
    NotTaskMed(PathBuf),
    /// The file holds another clinic than its place says.
    WrongClinic {
        /// The clinic its folder names.
        expected: i64,
        /// The clinic it holds.
        found: i64,
    },
    /// Written by a newer TaskMed.
    Newer {
        /// Schema version of the file.
        file: i64,
        /// Schema version this program knows.
        program: i64,
    },
    /// Another TaskMed holds the data folder.
    InUse(PathBuf),
    /// There is no room on the disk.
    Full(String),
    /// Anything else SQLite or the file system said.
    Broken(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "not found: {}", path.display()),
            Self::WrongKey(path) => {
                write!(
                    f,
                    "the key does not open {}, or the file is damaged; nothing was changed",
                    path.display()
                )
            }
            Self::Locked(path) => {
                write!(
                    f,
                    "the key in {} cannot be unwrapped on this machine; use the recovery code",
                    path.display()
                )
            }
            Self::NotTaskMed(path) => write!(f, "{} is not a TaskMed clinic", path.display()),
            Self::WrongClinic { expected, found } => {
                write!(f, "the file of clinic {expected} holds clinic {found}; nothing was changed")
            }
            Self::Newer { file, program } => write!(
                f,
                "the file has schema version {file}, this TaskMed knows {program}: start a newer TaskMed; nothing was changed"
            ),
            Self::InUse(path) => write!(f, "another TaskMed is using {}", path.display()),
            Self::Full(what) => write!(f, "there is no room on the disk: {what}"),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Full(_) => Self::StorageFull,
            other => Self::internal(other),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error().map(|failure| failure.extended_code) {
            Some(FULL | IOERR_WRITE | IOERR_FSYNC | IOERR_SHMSIZE) => Self::Full(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full(error.to_string())
            }
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Turns SQLite's answer into ours: a full disk, a busy file, a broken unique column or fence have meanings of their own.
pub(super) fn translate(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return Error::internal(error);
    };
    let message = message.as_deref().unwrap_or_default();
    match failure.code {
        ErrorCode::DiskFull => Error::StorageFull,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::ReadOnly | ErrorCode::CannotOpen => {
            process().sqlite_busy.one();
            Error::Busy
        }
        ErrorCode::SystemIoFailure => storage_failure(message),
        ErrorCode::ConstraintViolation => constraint(message).unwrap_or_else(|| Error::internal(&error)),
        _ => Error::internal(error),
    }
}

/// An I/O error while writing is nearly always a disk without room; both leave the file as it was at the last commit.
fn storage_failure(message: &str) -> Error {
    tracing::error!(message, "the disk refused an operation");
    Error::StorageFull
}

fn constraint(message: &str) -> Option<Error> {
    if let Some(what) = message.strip_prefix("overlap: ") {
        return Some(Error::conflict("slot_taken").with("what", what));
    }
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        let column = columns.split(',').next()?.split('.').nth(1)?;
        return Some(Error::field(format!("/{column}"), "taken"));
    }
    message.starts_with("FOREIGN KEY").then(|| Error::conflict("in_use"))
}
