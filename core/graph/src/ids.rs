//! Columns of vertex ids as the user gives them: integers of any width, or strings of any layout.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use pf_base::{Error, Result};

/// What kind of ids a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
}

/// The kind of ids in a column of `data_type`.
pub(crate) fn kind_of(data_type: &DataType, name: &str) -> Result<Kind> {
    match data_type {
        t if t.is_integer() => Ok(Kind::Integer),
        t if is_text(t) => Ok(Kind::Text),
        DataType::Dictionary(_, values) if is_text(values) => Ok(Kind::Text),
        other => Err(Error::wrong_type(format!("{name} must hold integers or strings as vertex ids, not {other}"))),
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The ids of an array as messages show them.
pub(crate) fn shown(array: &ArrayRef) -> Result<Vec<String>> {
    const NAME: &str = "vertex ids";
    Ok(match kind_of(array.data_type(), NAME)? {
        Kind::Integer => {
            let values = Integers::new(array, NAME)?;
            (0..values.len()).map(|i| values.value(i).to_string()).collect()
        }
        Kind::Text => {
            let texts = Texts::new(array, NAME)?;
            (0..texts.len()).map(|i| format!("'{}'", String::from_utf8_lossy(texts.value(i)))).collect()
        }
    })
}

/// Refuses null ids, naming the first.
pub(crate) fn no_nulls(array: &dyn Array, name: &str, first_row: u64) -> Result<()> {
    let Some(nulls) = array.logical_nulls().filter(|n| n.null_count() > 0) else { return Ok(()) };
    let row = (0..nulls.len()).find(|i| nulls.is_null(*i)).unwrap_or(0) as u64;
    Err(Error::invalid_argument(format!("{name} holds a null vertex id, in row {}", first_row + row)))
}

/// How integers of all widths become `i64` keys that sort as the ids do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeySpace {
    /// The value itself.
    Signed,
    /// `u64` with the sign bit flipped: every `u64` has a key.
    Unsigned,
}

const SIGN: u64 = 1 << 63;

impl KeySpace {
    /// The key of a value; nothing where the space has none.
    pub(crate) fn key(self, value: i128) -> Option<i64> {
        match self {
            KeySpace::Signed => i64::try_from(value).ok(),
            KeySpace::Unsigned => u64::try_from(value).ok().map(|v| (v ^ SIGN) as i64),
        }
    }

    /// The value of a key.
    pub(crate) fn value(self, key: i64) -> i128 {
        match self {
            KeySpace::Signed => key.into(),
            KeySpace::Unsigned => (key as u64 ^ SIGN).into(),
        }
    }
}

/// A chunk of integer ids, borrowed from the host where it is.
#[derive(Clone, Debug)]
pub(crate) enum Integers {
    I8(ScalarBuffer<i8>),
    I16(ScalarBuffer<i16>),
    I32(ScalarBuffer<i32>),
    I64(ScalarBuffer<i64>),
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
    U64(ScalarBuffer<u64>),
}

/// Runs `$body` with `$values` as the typed buffer.
macro_rules! each_width {
    ($integers:expr, $values:ident => $body:expr) => {
        match $integers {
            Integers::I8($values) => $body,
            Integers::I16($values) => $body,
            Integers::I32($values) => $body,
            Integers::I64($values) => $body,
            Integers::U8($values) => $body,
            Integers::U16($values) => $body,
            Integers::U32($values) => $body,
            Integers::U64($values) => $body,
        }
    };
}

impl Integers {
    /// The integers of an array without nulls.
    pub(crate) fn new(array: &dyn Array, name: &str) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Int8 => Self::I8(array.as_primitive::<Int8Type>().values().clone()),
            DataType::Int16 => Self::I16(array.as_primitive::<Int16Type>().values().clone()),
            DataType::Int32 => Self::I32(array.as_primitive::<Int32Type>().values().clone()),
            DataType::Int64 => Self::I64(array.as_primitive::<Int64Type>().values().clone()),
            DataType::UInt8 => Self::U8(array.as_primitive::<UInt8Type>().values().clone()),
            DataType::UInt16 => Self::U16(array.as_primitive::<UInt16Type>().values().clone()),
            DataType::UInt32 => Self::U32(array.as_primitive::<UInt32Type>().values().clone()),
            DataType::UInt64 => Self::U64(array.as_primitive::<UInt64Type>().values().clone()),
            other => return Err(Error::wrong_type(format!("{name} must hold integers, not {other}"))),
        })
    }

    pub(crate) fn len(&self) -> usize {
        each_width!(self, values => values.len())
    }

    /// The size of the values.
    pub(crate) fn bytes(&self) -> usize {
        each_width!(self, values => values.inner().len())
    }

    /// The least and greatest value; nothing for an empty chunk.
    pub(crate) fn range(&self) -> Option<(i128, i128)> {
        each_width!(self, values => {
            let (min, max) = (values.iter().min()?, values.iter().max()?);
            Some(((*min).into(), (*max).into()))
        })
    }

    /// One value.
    pub(crate) fn value(&self, row: usize) -> i128 {
        each_width!(self, values => values[row].into())
    }

    /// Writes the keys of the rows from `start` on. Every value must have a key in `space`.
    #[allow(clippy::unnecessary_cast, reason = "one of the eight types is u64")]
    pub(crate) fn keys(&self, start: usize, space: KeySpace, keys: &mut [i64]) {
        // Within the space no cast loses anything: negative values have no unsigned key, great ones no signed key.
        let flip = match space {
            KeySpace::Signed => 0,
            KeySpace::Unsigned => SIGN,
        };
        each_width!(self, values => {
            for (key, value) in keys.iter_mut().zip(&values[start..]) {
                *key = (*value as u64 ^ flip) as i64;
            }
        });
    }
}

/// A chunk of string ids, borrowed from the host where it is, read as bytes (a host's strings are not trusted to be
/// UTF-8).
#[derive(Clone, Debug)]
pub(crate) enum Texts {
    Small(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    Dictionary(Vec<u32>, Box<Texts>),
}

impl Texts {
    /// The strings of an array without nulls.
    pub(crate) fn new(array: &ArrayRef, name: &str) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Utf8 => Self::Small(array.as_string::<i32>().clone().into()),
            DataType::LargeUtf8 => Self::Large(array.as_string::<i64>().clone().into()),
            DataType::Utf8View => Self::View(array.as_string_view().clone().to_binary_view()),
            DataType::Dictionary(key, _) => match key.as_ref() {
                DataType::Int8 => Self::dictionary::<Int8Type>(array, name)?,
                DataType::Int16 => Self::dictionary::<Int16Type>(array, name)?,
                DataType::Int32 => Self::dictionary::<Int32Type>(array, name)?,
                DataType::Int64 => Self::dictionary::<Int64Type>(array, name)?,
                DataType::UInt8 => Self::dictionary::<UInt8Type>(array, name)?,
                DataType::UInt16 => Self::dictionary::<UInt16Type>(array, name)?,
                DataType::UInt32 => Self::dictionary::<UInt32Type>(array, name)?,
                DataType::UInt64 => Self::dictionary::<UInt64Type>(array, name)?,
                other => return Err(Error::wrong_type(format!("{name} is a dictionary with keys of type {other}"))),
            },
            other => return Err(Error::wrong_type(format!("{name} must hold strings, not {other}"))),
        })
    }

    fn dictionary<K: ArrowDictionaryKeyType>(array: &ArrayRef, name: &str) -> Result<Self> {
        let array = array.as_dictionary::<K>();
        let values = array.values();
        let key = |i: usize| {
            let key = array.key(i).and_then(|k| u32::try_from(k).ok()).filter(|k| (*k as usize) < values.len());
            key.ok_or_else(|| Error::invalid_argument(format!("{name} has a dictionary key out of range")))
        };
        let keys = (0..array.len()).map(key).collect::<Result<Vec<_>>>()?;
        Ok(Self::Dictionary(keys, Box::new(Self::new(values, name)?)))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Small(a) => a.len(),
            Self::Large(a) => a.len(),
            Self::View(a) => a.len(),
            Self::Dictionary(keys, _) => keys.len(),
        }
    }

    /// The bytes of one string.
    pub(crate) fn value(&self, row: usize) -> &[u8] {
        match self {
            Self::Small(a) => a.value(row),
            Self::Large(a) => a.value(row),
            Self::View(a) => a.value(row),
            Self::Dictionary(keys, values) => values.value(keys[row] as usize),
        }
    }
}

/// The type in which ids of several columns come back: theirs where they agree, else the widest of the kind. For
/// integers that is `UInt64` where none is signed.
pub(crate) fn result_type(a: &DataType, b: &DataType) -> DataType {
    let plain = |t: &DataType| match t {
        DataType::Dictionary(_, values) => values.as_ref().clone(),
        other => other.clone(),
    };
    match (plain(a), plain(b)) {
        (a, b) if a == b => a,
        (a, b) if a.is_unsigned_integer() && b.is_unsigned_integer() => DataType::UInt64,
        (a, b) if a.is_integer() && b.is_integer() => DataType::Int64,
        _ => DataType::LargeUtf8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_the_ids_do_and_come_back() {
        for (space, values) in [
            (KeySpace::Signed, vec![i128::from(i64::MIN), -1, 0, 1, i128::from(i64::MAX)]),
            (KeySpace::Unsigned, vec![0, 1, i128::from(i64::MAX), i128::from(u64::MAX)]),
        ] {
            let keys: Vec<i64> = values.iter().map(|v| space.key(*v).unwrap()).collect();
            assert!(keys.is_sorted());
            assert_eq!(keys.iter().map(|k| space.value(*k)).collect::<Vec<_>>(), values);
        }
        assert_eq!(KeySpace::Signed.key(i128::from(u64::MAX)), None);
        assert_eq!(KeySpace::Unsigned.key(-1), None);
    }

    #[test]
    fn narrow_integers_have_the_keys_of_their_values() {
        let chunk = Integers::I8(vec![-1i8, 5, 127].into());
        let mut keys = [0; 2];
        chunk.keys(1, KeySpace::Signed, &mut keys);
        assert_eq!(keys, [5, 127]);
        let chunk = Integers::U64(vec![u64::MAX].into());
        chunk.keys(0, KeySpace::Unsigned, &mut keys[..1]);
        assert_eq!(KeySpace::Unsigned.value(keys[0]), i128::from(u64::MAX));
    }
}
