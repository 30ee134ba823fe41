//! The one error type, and the codes under which it crosses the C boundary.

use std::fmt;

/// The result of everything fallible in the kernels.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, sorted by what the caller can do about it.
///
/// Values are part of the ABI: they are never renumbered and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Code {
    /// The call is wrong: an argument is missing, unknown or out of range.
    InvalidArgument = 1,
    /// A file or store does not exist. (An unknown vertex or column is [`Code::InvalidArgument`].)
    NotFound = 2,
    /// What was to be created exists.
    AlreadyExists = 3,
    /// The operating system or the producer of a stream failed.
    Io = 4,
    /// The data, not the call, is bad.
    Corrupt = 5,
    /// The call is right, but this build cannot do it. The only code that may trigger a fallback.
    Unsupported = 6,
    /// The memory budget or the machine's memory is used up.
    OutOfMemory = 7,
    /// The caller asked for the end.
    Cancelled = 8,
    /// A time limit passed.
    Timeout = 9,
    /// Somebody else was first: a lost compare-and-set, a held lock.
    Conflict = 10,
    /// Overflow or division by zero.
    Arithmetic = 11,
    /// A value has the wrong type.
    Type = 12,
    /// A bug of this library: a panic was caught.
    Internal = 99,
}

impl Code {
    /// All codes, in the order of their numbers.
    pub const ALL: [Code; 13] = [
        Code::InvalidArgument,
        Code::NotFound,
        Code::AlreadyExists,
        Code::Io,
        Code::Corrupt,
        Code::Unsupported,
        Code::OutOfMemory,
        Code::Cancelled,
        Code::Timeout,
        Code::Conflict,
        Code::Arithmetic,
        Code::Type,
        Code::Internal,
    ];

    /// The name of the code as C spells it, without the prefix: `INVALID_ARGUMENT`.
    pub const fn name(self) -> &'static str {
        match self {
            Code::InvalidArgument => "INVALID_ARGUMENT",
            Code::NotFound => "NOT_FOUND",
            Code::AlreadyExists => "ALREADY_EXISTS",
            Code::Io => "IO",
            Code::Corrupt => "CORRUPT",
            Code::Unsupported => "UNSUPPORTED",
            Code::OutOfMemory => "OUT_OF_MEMORY",
            Code::Cancelled => "CANCELLED",
            Code::Timeout => "TIMEOUT",
            Code::Conflict => "CONFLICT",
            Code::Arithmetic => "ARITHMETIC",
            Code::Type => "TYPE",
            Code::Internal => "INTERNAL",
        }
    }
}

/// An error with the code of what the caller can do and a message that names the argument or file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: Code,
    message: String,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $code:ident),* $(,)?) => {
        impl Error {
            $($(#[$doc])* pub fn $name(message: impl Into<String>) -> Self {
                Self::new(Code::$code, message)
            })*
        }
    };
}

constructors! {
    /// The call is wrong; `message` names the argument and what was expected.
    invalid_argument => InvalidArgument,
    /// A file or store does not exist; `message` names it.
    not_found => NotFound,
    /// The operating system or a producer failed.
    io => Io,
    /// The data is bad; `message` names the file and what is wrong.
    corrupt => Corrupt,
    /// This build cannot do it; `message` names the feature.
    unsupported => Unsupported,
    /// The memory budget or the machine's memory is used up.
    out_of_memory => OutOfMemory,
    /// A value has the wrong type; `message` names it and the types that are accepted.
    wrong_type => Type,
    /// A bug of this library.
    internal => Internal,
}

impl Error {
    /// An error of any code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The call was cancelled.
    pub fn cancelled() -> Self {
        Self::new(Code::Cancelled, "the call was cancelled")
    }

    /// What the caller can do about it.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The message, without the code.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The text under which the error travels through a stream, which carries no code of ours: `[PF_CORRUPT] message`.
    /// It holds no NUL, which would end a C string.
    pub fn to_tagged(&self) -> String {
        format!("[PF_{}] {}", self.code.name(), self.message.replace('\0', "\u{fffd}"))
    }

    /// Reads a message that may hold [`to_tagged`](Self::to_tagged) text somewhere; other messages become `fallback`.
    pub fn from_tagged(message: &str, fallback: Code) -> Self {
        let tagged = message.find("[PF_").and_then(|start| {
            let (name, rest) = message[start + 4..].split_once("] ")?;
            let code = Code::ALL.into_iter().find(|c| c.name() == name)?;
            Some(Self::new(code, rest))
        });
        tagged.unwrap_or_else(|| Self::new(fallback, message))
    }

    /// An error of the operating system on `path`, by its kind.
    pub fn from_io(path: impl fmt::Display, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let code = match error.kind() {
            K::NotFound => Code::NotFound,
            K::AlreadyExists => Code::AlreadyExists,
            K::OutOfMemory => Code::OutOfMemory,
            _ => Code::Io,
        };
        match code {
            Code::NotFound => Self::new(code, format!("File not found: {path}")),
            _ => Self::new(code, format!("{path}: {error}")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<arrow_schema::ArrowError> for Error {
    /// What a reader or a foreign stream reports. An error of ours that went through a stream keeps its code.
    fn from(error: arrow_schema::ArrowError) -> Self {
        use arrow_schema::ArrowError as A;
        match error {
            A::ExternalError(e) => match e.downcast::<Error>() {
                Ok(ours) => *ours,
                Err(other) => Self::from_tagged(&other.to_string(), Code::Io),
            },
            A::MemoryError(m) => Self::out_of_memory(m),
            A::NotYetImplemented(m) => Self::unsupported(m),
            A::IoError(m, _) => Self::from_tagged(&m, Code::Io),
            A::CDataInterface(m) => Self::from_tagged(&m, Code::Io),
            A::ParquetError(m) => Self::from_tagged(&m, Code::Corrupt),
            A::InvalidArgumentError(m) => Self::invalid_argument(m),
            A::DivideByZero => Self::new(Code::Arithmetic, "division by zero"),
            A::ArithmeticOverflow(m) => Self::new(Code::Arithmetic, m),
            other => Self::from_tagged(&other.to_string(), Code::Corrupt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_published_numbers() {
        let numbers: Vec<i32> = Code::ALL.iter().map(|c| *c as i32).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99]);
    }

    #[test]
    fn a_tagged_message_keeps_its_code_inside_foreign_text() {
        for code in Code::ALL {
            let e = Error::new(code, "a] [b");
            assert_eq!(Error::from_tagged(&e.to_tagged(), Code::Io), e);
            let wrapped = format!("External error: {}", e.to_tagged());
            assert_eq!(Error::from_tagged(&wrapped, Code::Io), e);
        }
        assert_eq!(Error::from_tagged("[PF_NOPE] x", Code::Io).code(), Code::Io);
        assert_eq!(Error::from_tagged("plain", Code::Corrupt).message(), "plain");
    }

    #[test]
    fn an_error_of_ours_survives_arrow() {
        let arrow = arrow_schema::ArrowError::ExternalError(Box::new(Error::corrupt("x")));
        assert_eq!(Error::from(arrow).code(), Code::Corrupt);
        let io = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert_eq!(Error::from_io("a.parquet", &io).to_string(), "File not found: a.parquet");
    }
}
