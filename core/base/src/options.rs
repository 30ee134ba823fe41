//! Named parameters of a call, as the hosts hand them over.

use std::collections::BTreeMap;

use crate::registry::{Kernel, Kind, Literal};
use crate::{Error, Result};

/// A parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A 64-bit integer.
    I64(i64),
    /// A 64-bit floating-point number.
    F64(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Str(String),
    /// A list of texts.
    StrList(Vec<String>),
}

impl Value {
    fn kind(&self) -> Kind {
        match self {
            Value::I64(_) => Kind::I64,
            Value::F64(_) => Kind::F64,
            Value::Bool(_) => Kind::Bool,
            Value::Str(_) => Kind::Str,
            Value::StrList(_) => Kind::StrList,
        }
    }
}

/// Parameters by name. Names and types are checked against a [`Kernel`] by [`bind`](Self::bind).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options(BTreeMap<String, Value>);

impl Options {
    /// Sets a parameter; the last value of a name counts.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// The same with a parameter set.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.set(name, value);
        self
    }

    /// Checks every name and type against the kernel's registry row.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](crate::Code::InvalidArgument) for an unknown name (naming those that exist),
    /// [`Code::Type`](crate::Code::Type) for a value of the wrong type. An integer is accepted for a number.
    pub fn bind(&self, kernel: &'static Kernel) -> Result<Bound<'_>> {
        for (name, value) in &self.0 {
            let Some(param) = kernel.params.iter().find(|p| p.name == name) else {
                let known: Vec<&str> = kernel.params.iter().map(|p| p.name).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(Error::invalid_argument(format!(
                    "unknown option '{name}' of {}; it takes: {known}",
                    kernel.name
                )));
            };
            let got = value.kind();
            if got != param.kind && !(got == Kind::I64 && param.kind == Kind::F64) {
                return Err(Error::wrong_type(format!(
                    "option '{name}' of {} must be {}, not {}",
                    kernel.name,
                    param.kind.name(),
                    got.name()
                )));
            }
        }
        Ok(Bound { options: self, kernel })
    }
}

/// Checked parameters: what was set, else the default of the registry row.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    options: &'a Options,
    kernel: &'static Kernel,
}

impl<'a> Bound<'a> {
    fn default(&self, name: &str) -> Option<Literal> {
        self.kernel.params.iter().find(|p| p.name == name).and_then(|p| p.default)
    }

    fn missing(&self, name: &str) -> Error {
        Error::invalid_argument(format!("option '{name}' of {} is required", self.kernel.name))
    }

    /// An integer.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](crate::Code::InvalidArgument) when it was not set and has no default.
    pub fn i64(&self, name: &str) -> Result<i64> {
        self.opt_i64(name).ok_or_else(|| self.missing(name))
    }

    /// An integer that may be absent.
    pub fn opt_i64(&self, name: &str) -> Option<i64> {
        match (self.options.0.get(name), self.default(name)) {
            (Some(Value::I64(v)), _) => Some(*v),
            (_, Some(Literal::I64(v))) => Some(v),
            _ => None,
        }
    }

    /// A number.
    ///
    /// # Errors
    /// As [`i64`](Self::i64).
    pub fn f64(&self, name: &str) -> Result<f64> {
        match (self.options.0.get(name), self.default(name)) {
            (Some(Value::F64(v)), _) => Ok(*v),
            (Some(Value::I64(v)), _) => Ok(*v as f64),
            (_, Some(Literal::F64(v))) => Ok(v),
            _ => Err(self.missing(name)),
        }
    }

    /// A number that may be absent.
    pub fn opt_f64(&self, name: &str) -> Option<f64> {
        self.f64(name).ok()
    }

    /// True or false.
    ///
    /// # Errors
    /// As [`i64`](Self::i64).
    pub fn bool(&self, name: &str) -> Result<bool> {
        match (self.options.0.get(name), self.default(name)) {
            (Some(Value::Bool(v)), _) => Ok(*v),
            (_, Some(Literal::Bool(v))) => Ok(v),
            _ => Err(self.missing(name)),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// As [`i64`](Self::i64).
    pub fn str(&self, name: &str) -> Result<&'a str> {
        self.opt_str(name).ok_or_else(|| self.missing(name))
    }

    /// Text that may be absent.
    pub fn opt_str(&self, name: &str) -> Option<&'a str> {
        match (self.options.0.get(name), self.default(name)) {
            (Some(Value::Str(v)), _) => Some(v),
            (_, Some(Literal::Str(v))) => Some(v),
            _ => None,
        }
    }

    /// A list of texts that may be absent.
    pub fn opt_str_list(&self, name: &str) -> Option<&'a [String]> {
        match self.options.0.get(name) {
            Some(Value::StrList(v)) => Some(v),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use crate::registry::Param;

    static KERNEL: Kernel = Kernel {
        family: "test",
        name: "k",
        function: "pf_test_k",
        summary: "",
        citation: "",
        params: &[
            Param { name: "a", kind: Kind::F64, default: Some(Literal::F64(0.5)), doc: "" },
            Param { name: "b", kind: Kind::Str, default: None, doc: "" },
            Param { name: "c", kind: Kind::I64, default: None, doc: "" },
        ],
        columns: &[],
    };

    #[test]
    fn defaults_come_from_the_registry_and_integers_are_numbers() {
        let none = Options::default();
        assert_eq!(none.bind(&KERNEL).unwrap().f64("a"), Ok(0.5));
        assert_eq!(none.bind(&KERNEL).unwrap().opt_str("b"), None);
        assert_eq!(none.bind(&KERNEL).unwrap().i64("c").unwrap_err().code(), Code::InvalidArgument);
        let set = Options::default().with("a", Value::I64(2)).with("b", Value::Str("x".into()));
        assert_eq!(set.bind(&KERNEL).unwrap().f64("a"), Ok(2.0));
        assert_eq!(set.bind(&KERNEL).unwrap().opt_str("b"), Some("x"));
    }

    #[test]
    fn unknown_names_and_wrong_types_are_named() {
        let e = Options::default().with("z", Value::Bool(true)).bind(&KERNEL).unwrap_err();
        assert_eq!(e.code(), Code::InvalidArgument);
        assert_eq!(e.message(), "unknown option 'z' of k; it takes: a, b, c");
        let e = Options::default().with("c", Value::F64(1.0)).bind(&KERNEL).unwrap_err();
        assert_eq!(e.code(), Code::Type);
        assert_eq!(e.message(), "option 'c' of k must be int64, not float64");
    }
}
