//! What holds for a whole expression.

use pf_base::{Error, Result};

/// What becomes of an integer result that its type cannot hold, and of an integer division by zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// An error.
    #[default]
    Error,
    /// Null.
    Null,
    /// The low bits of the result; division by zero is null.
    Wrap,
}

/// What NaN in a column means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NanPolicy {
    /// A value.
    #[default]
    Keep,
    /// A missing value, as in pandas.
    Null,
}

/// What holds for a whole expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Integer overflow and division by zero.
    pub overflow: Overflow,
    /// NaN in columns.
    pub nan: NanPolicy,
}

impl Settings {
    /// The settings of these names.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another name.
    pub fn from_names(overflow: &str, nan: &str) -> Result<Self> {
        let overflow = match overflow {
            "error" => Overflow::Error,
            "null" => Overflow::Null,
            "wrap" => Overflow::Wrap,
            other => {
                return Err(Error::invalid_argument(format!(
                    "overflow must be 'error', 'null' or 'wrap', not '{other}'"
                )));
            }
        };
        let nan = match nan {
            "keep" => NanPolicy::Keep,
            "null" => NanPolicy::Null,
            other => return Err(Error::invalid_argument(format!("nan must be 'keep' or 'null', not '{other}'"))),
        };
        Ok(Self { overflow, nan })
    }
}
