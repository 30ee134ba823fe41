//! `x IN (literals)`: the literals are read once, and rows looked up in what suits them.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, i256};
use arrow_schema::DataType;
use half::f16;
use hashbrown::HashSet;
use pf_base::{Error, Result};

use super::{bytes, with_native};
use crate::operands::values;
use crate::simd::{Level, bits, test, word};

/// So many literals are compared one after the other; beyond, they are looked up.
const FEW: usize = 16;

/// The literals of an `IN`.
pub(crate) struct Members {
    /// One of them is null: what is not found is null.
    null: bool,
    set: Set,
}

enum Set {
    None,
    Booleans { no: bool, yes: bool },
    Native(Box<dyn Find>),
    Bytes(Words),
}

/// Finds rows of one fixed-width type.
trait Find: Send + Sync {
    fn find(&self, level: Level, array: &dyn Array) -> Result<BooleanBuffer>;
}

/// What a value is hashed and compared as: `=` of the language, which NaN is never.
pub(super) trait Member: ArrowNativeType + PartialEq {
    type Key: std::hash::Hash + Eq + Send + Sync + Copy;
    /// None where it equals nothing.
    fn key(self) -> Option<Self::Key>;
    /// A small whole number, where it is one.
    fn small(self) -> Option<i64> {
        None
    }
}

macro_rules! whole {
    ($($t:ty),*) => {$(
        impl Member for $t {
            type Key = Self;
            #[inline(always)]
            fn key(self) -> Option<Self> {
                Some(self)
            }
            #[inline(always)]
            fn small(self) -> Option<i64> {
                i64::try_from(self).ok()
            }
        }
    )*};
}
whole!(i8, i16, i32, i64, u8, u16, u32, u64, i128);

impl Member for i256 {
    type Key = Self;
    fn key(self) -> Option<Self> {
        Some(self)
    }
}

macro_rules! float {
    ($($t:ty, $bits:ty);*) => {$(
        impl Member for $t {
            type Key = $bits;
            #[inline(always)]
            fn key(self) -> Option<$bits> {
                // Both zeros are one.
                (!self.is_nan()).then(|| if self == Self::default() { 0 } else { self.to_bits() })
            }
        }
    )*};
}
float!(f32, u32; f64, u64; f16, u16);

struct Natives<T: Member> {
    few: Vec<T>,
    least: i64,
    /// A bit per whole number from `least` on, where the literals lie close together.
    table: Vec<u64>,
    set: HashSet<T::Key, foldhash::fast::RandomState>,
}

impl<T: Member> Natives<T> {
    fn new(members: Vec<T>) -> Self {
        let mut found = Self { few: Vec::new(), least: 0, table: Vec::new(), set: HashSet::default() };
        if members.len() <= FEW {
            found.few = members;
            return found;
        }
        let small: Option<Vec<i64>> = members.iter().map(|m| m.small()).collect();
        if let Some((small, least, most)) =
            small.and_then(|s| Some((s.iter().min().copied()?, s.iter().max().copied()?, s)).map(|(a, b, s)| (s, a, b)))
            && most.checked_sub(least).is_some_and(|span| span < (1 << 16).max(64 * members.len() as i64))
        {
            found.least = least;
            found.table = vec![0; ((most - least) / 64 + 1) as usize];
            for value in small {
                found.table[((value - least) / 64) as usize] |= 1 << ((value - least) % 64);
            }
            return found;
        }
        found.set = members.iter().filter_map(|m| m.key()).collect();
        found
    }
}

impl<T: Member> Find for Natives<T> {
    fn find(&self, level: Level, array: &dyn Array) -> Result<BooleanBuffer> {
        let rows = values::<T>(array)?;
        if !self.table.is_empty() {
            return Ok(test(level, &rows, |v| {
                v.small().is_some_and(|small| {
                    let at = small.wrapping_sub(self.least) as u64;
                    self.table.get((at / 64) as usize).is_some_and(|w| w >> (at % 64) & 1 == 1)
                })
            }));
        }
        if !self.set.is_empty() {
            return Ok(test(level, &rows, |v| v.key().is_some_and(|key| self.set.contains(&key))));
        }
        let few = self.few.as_slice();
        let words = level.run(
            #[inline(always)]
            || {
                let (chunks, rest) = rows.as_chunks::<64>();
                let mut words: Vec<u64> = Vec::with_capacity(chunks.len() + 1);
                for chunk in chunks {
                    let mut any = 0;
                    for member in few {
                        any |= word(
                            #[inline(always)]
                            |i| chunk[i] == *member,
                        );
                    }
                    words.push(any);
                }
                if !rest.is_empty() {
                    words.push(rest.iter().enumerate().fold(0, |w, (i, v)| w | u64::from(few.contains(v)) << i));
                }
                words
            },
        );
        Ok(bits(words, rows.len()))
    }
}

struct Words {
    /// A bit per length up to 63; longer ones share the last.
    lengths: u64,
    few: Vec<ArrayRef>,
    set: HashSet<Vec<u8>, foldhash::fast::RandomState>,
}

fn length_bit(len: usize) -> u64 {
    1 << len.min(63)
}

impl Members {
    /// Reads the literals: arrays of one row of one type.
    pub(crate) fn new(literals: &[&ArrayRef]) -> Result<Self> {
        let null = literals.iter().any(|l| l.logical_null_count() > 0);
        let valid: Vec<&ArrayRef> = literals.iter().copied().filter(|l| l.logical_null_count() == 0).collect();
        let Some(first) = valid.first() else { return Ok(Self { null, set: Set::None }) };
        let set = match first.data_type() {
            DataType::Boolean => {
                let has = |b| valid.iter().any(|l| l.as_boolean().value(0) == b);
                Set::Booleans { no: has(false), yes: has(true) }
            }
            DataType::Float16 => Set::Native(natives::<f16>(&valid)?),
            data_type => with_native!(data_type, T => Set::Native(natives::<T>(&valid)?), {
                let mut words = Words { lengths: 0, few: Vec::new(), set: HashSet::default() };
                let mut all = Vec::new();
                for literal in &valid {
                    all.extend(bytes::each(literal.as_ref())?);
                }
                all.sort_unstable();
                all.dedup();
                words.lengths = all.iter().fold(0, |bits, w| bits | length_bit(w.len()));
                if all.len() <= 4 {
                    words.few = valid.iter().map(|l| ArrayRef::clone(l)).collect();
                }
                words.set = all.into_iter().collect();
                Set::Bytes(words)
            }),
        };
        Ok(Self { null, set })
    }

    /// Whether each row is one of the literals.
    pub(crate) fn find(&self, level: Level, array: &dyn Array) -> Result<BooleanArray> {
        let found = match &self.set {
            Set::None => BooleanBuffer::new_unset(array.len()),
            Set::Booleans { no, yes } => {
                let rows = array.as_boolean_opt().ok_or_else(|| Error::internal("a boolean"))?.values();
                match (no, yes) {
                    (true, true) => BooleanBuffer::new_set(array.len()),
                    (true, false) => !rows,
                    (false, true) => rows.clone(),
                    (false, false) => BooleanBuffer::new_unset(array.len()),
                }
            }
            Set::Native(natives) => natives.find(level, array)?,
            Set::Bytes(words) if !words.few.is_empty() => {
                let mut found = BooleanBuffer::new_unset(array.len());
                for literal in &words.few {
                    found = &found | &bytes::equal(level, array, literal.as_ref())?;
                }
                found
            }
            Set::Bytes(words) => {
                bytes::test_each(array, |row| words.lengths & length_bit(row.len()) != 0 && words.set.contains(row))?
            }
        };
        let mut nulls = array.logical_nulls();
        if self.null {
            // Not found among literals of which one is null: unknown.
            nulls = NullBuffer::union(nulls.as_ref(), Some(&NullBuffer::new(found.clone())));
        }
        Ok(BooleanArray::new(found, nulls))
    }
}

fn natives<T: Member>(literals: &[&ArrayRef]) -> Result<Box<dyn Find>> {
    let mut members = Vec::with_capacity(literals.len());
    for literal in literals {
        members.push(values::<T>(literal.as_ref())?[0]);
    }
    Ok(Box::new(Natives::new(members)))
}
