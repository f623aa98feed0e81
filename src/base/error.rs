//! The one error of the program. A layer says *what* happened; the web layer alone decides how it is shown.
use std::fmt;

/// What every fallible function of TaskMed returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One wrong field of a body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// RFC 6901 pointer into the body, as `/address/cep`.
    pub pointer: String,
    /// Stable English code, as `invalid_cpf`; the screens have the words.
    pub code: &'static str,
}

impl FieldError {
    /// A wrong field at `pointer` with the given code.
    pub fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code }
    }
}

/// Everything that can go wrong, by what the caller can do about it.
#[derive(Debug)]
pub enum Error {
    /// 400: not JSON, a broken query, a missing `clinic_id`. Carries the problem code.
    Malformed(&'static str),
    /// 401: no session, or one that has ended. Carries the problem code.
    Unauthenticated(&'static str),
    /// 403: signed in, but the named permission is missing.
    Forbidden(&'static str),
    /// 404: no such entity, or one of another clinic: never told apart.
    NotFound(&'static str),
    /// 405: the path exists, the method does not.
    MethodNotAllowed,
    /// 409: the state of the clinic is in the way; `details` say how, and what would work.
    Conflict {
        /// Stable code, as `slot_taken`.
        code: &'static str,
        /// Members added to the problem document.
        details: serde_json::Map<String, serde_json::Value>,
    },
    /// 412: the record has changed since it was read.
    Stale,
    /// 413: the body is larger than the route takes.
    TooLarge,
    /// 415: the body is of a type the route does not take.
    UnsupportedMediaType,
    /// 422: wrong fields, all of them at once.
    Invalid(Vec<FieldError>),
    /// 422: rows or columns of an imported file are wrong.
    BadFile(Vec<FileError>),
    /// 428: a write to an existing record came without `If-Match`.
    PreconditionRequired,
    /// 429: too many tries; carries the seconds to wait.
    TooMany(u64),
    /// 503: the clinic's writer is full or stopping; try again soon.
    Busy,
    /// 503: what is asked for is there and does not work until someone sees to it. Carries the problem code.
    Unavailable(&'static str),
    /// 507: the disk has no room; what was acknowledged is intact.
    StorageFull,
    /// 500: a defect or a broken machine. Logged with the request id; the client sees only the id.
    Internal(String),
}

/// What is wrong in an imported file, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileError {
    /// Line of the file, from 1.
    pub line: u64,
    /// Name of the column, or empty where the line as a whole is wrong.
    pub column: String,
    /// Stable English code.
    pub code: &'static str,
}

impl Error {
    /// A conflict that needs no more than its code.
    pub fn conflict(code: &'static str) -> Self {
        Self::Conflict { code, details: serde_json::Map::new() }
    }

    /// A conflict with one more member of the problem document.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        if let Self::Conflict { details, .. } = &mut self {
            details.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        }
        self
    }

    /// One wrong field.
    pub fn field(pointer: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code)])
    }

    /// For someone signed in who gave a wrong password: the session is good, what is wrong is one field.
    #[must_use]
    pub fn at_field(self, pointer: &str, code: &'static str) -> Self {
        if matches!(self, Self::Unauthenticated(_)) { Self::field(pointer, code) } else { self }
    }

    /// A defect or a broken machine; `what` goes to the log only.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(code) | Self::Unauthenticated(code) | Self::Unavailable(code) => {
                f.write_str(code)
            }
            Self::Forbidden(permission) => write!(f, "forbidden: {permission}"),
            Self::NotFound(entity) => write!(f, "not found: {entity}"),
            Self::MethodNotAllowed => f.write_str("method not allowed"),
            Self::Conflict { code, .. } => write!(f, "conflict: {code}"),
            Self::Stale => f.write_str("stale"),
            Self::TooLarge => f.write_str("too large"),
            Self::UnsupportedMediaType => f.write_str("unsupported media type"),
            Self::Invalid(fields) => {
                write!(f, "invalid:")?;
                fields.iter().try_for_each(|e| write!(f, " {} {}", e.pointer, e.code))
            }
            Self::BadFile(rows) => {
                write!(f, "bad file:")?;
                rows.iter().take(20).try_for_each(|e| write!(f, " line {} {} {}", e.line, e.column, e.code))
            }
            Self::PreconditionRequired => f.write_str("precondition required"),
            Self::TooMany(seconds) => write!(f, "too many tries, wait {seconds} s"),
            Self::Busy => f.write_str("busy"),
            Self::StorageFull => f.write_str("storage full"),
            Self::Internal(what) => write!(f, "internal: {what}"),
        }
    }
}

impl std::error::Error for Error {}
