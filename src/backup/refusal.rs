//! Why a copy was not made or not brought back. Whatever the reason, the clinic's own files and earlier copies are as they were.
use std::{fmt, io, path::PathBuf};

use crate::{
    base::{Choice as _, Error, Instant},
    db::{OpenError, snapshot::Flaw},
};

/// The reason.
#[derive(Debug)]
pub enum Refusal {
    /// Another copy is being made.
    Underway,
    /// The folder for copies is not there: a disk that is not plugged in.
    NoFolder(PathBuf),
    /// There is no room for it on the disk.
    NoRoom(PathBuf),
    /// There is no copy there, or none of that clinic or that time.
    NoCopy(PathBuf),
    /// Copies of several clinics are there, and none was named.
    Several(Vec<i64>),
    /// A file of the copy is not what was written.
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// Made by a newer program, with this schema version.
    Newer(i64),
    /// Made by an older program, with this schema version.
    Older(i64),
    /// This machine does not open it, and no recovery code was given.
    NeedsCode,
    /// The recovery code is not the one it was made with.
    WrongCode,
    /// Another clinic of the same number is in its place.
    OtherClinic(i64),
    /// The clinic's own files.
    Open(OpenError),
    /// What the engine said.
    Failed(Error),
    /// What the file system said, of which file.
    Disk(PathBuf, io::Error),
}

impl Refusal {
    /// What the file system said of a file; a full disk is one whatever it is called.
    pub fn disk(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => {
                Self::NoRoom(path)
            }
            _ => Self::Disk(path, error),
        }
    }

    /// A stable code; the screens have the words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Underway => "copying_already",
            Self::NoFolder(_) => "backup_folder_missing",
            Self::NoRoom(_) | Self::Failed(Error::StorageFull) => "storage_full",
            Self::NoCopy(_) | Self::Several(_) => "no_backup_there",
            Self::Damaged { .. } => "backup_damaged",
            Self::Newer(_) | Self::Older(_) => "backup_other_version",
            Self::NeedsCode | Self::WrongCode => "wrong_recovery_code",
            Self::OtherClinic(_) => "other_clinic_there",
            Self::Open(_) | Self::Failed(_) | Self::Disk(..) => "copying_failed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Underway => f.write_str("another copy is being made"),
            Self::NoFolder(path) => write!(f, "the folder for copies is not there: {}", path.display()),
            Self::NoRoom(path) => write!(f, "there is no room for a copy on the disk of {}", path.display()),
            Self::NoCopy(path) => write!(f, "there is no copy of a clinic in {}", path.display()),
            Self::Several(ids) => {
                let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                write!(f, "there are copies of the clinics {list}: say which with --clinic")
            }
            Self::Damaged { file, flaw } => {
                write!(f, "the copy is damaged ({}): {}", flaw.code(), file.display())
            }
            Self::Newer(schema) => {
                write!(f, "the copy was made by a newer TaskMed (schema version {schema}): start that one")
            }
            Self::Older(schema) => {
                write!(
                    f,
                    "the copy was made by an older TaskMed (schema version {schema}), which alone opens it"
                )
            }
            Self::NeedsCode => f.write_str("the copy is of another computer: its recovery code is needed"),
            Self::WrongCode => {
                f.write_str("this is not the recovery code that was valid when the copy was made")
            }
            Self::OtherClinic(id) => {
                write!(f, "another clinic has the number {id} here: bring the copy back into an empty folder")
            }
            Self::Open(error) => error.fmt(f),
            Self::Failed(error) => error.fmt(f),
            Self::Disk(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoRoom(_) | Refusal::Failed(Self::StorageFull) => Self::StorageFull,
            Refusal::Underway => Self::conflict("copying_already"),
            Refusal::NoFolder(_) => Self::Unavailable("backup_folder_missing"),
            Refusal::Failed(error) => error,
            other => {
                tracing::error!(error = %other, "a copy was refused");
                Self::Unavailable("copying_failed")
            }
        }
    }
}

/// The time in a copy's name: it sorts by itself and may stand in a file's name everywhere.
pub(super) fn stamp(at: Instant) -> String {
    at.to_string().replace(':', "-")
}
