//! How the types of one column in several files go together.
//!
//! A type *widens* to another that holds all its values: integers to longer integers, to floats that are exact for them
//! and to decimals with enough digits; floats to longer floats; decimals to more digits before and behind the point;
//! dates to timestamps; times, durations and timestamps to finer units (values that overflow are errors when they are
//! met); any text to any other way of storing text, dictionaries too, and bytes likewise; null to everything. Structs
//! do so field by field, by name, where a field that is not there is null; lists by their elements, maps by their keys
//! and values. A timestamp with a zone and one without are strangers, as are booleans and all else.
//!
//! All of this keeps the order of values, so that bounds of the values before are bounds of those after.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, FieldRef, Fields, TimeUnit};
use pf_compute_core::types::{self, is_binary, is_decimal, is_float, is_integer, is_signed, is_string};

/// Two types of one column that do not go together.
#[derive(Debug, PartialEq)]
pub(super) struct Mismatch {
    /// The names from the column down: `address.street`, `tags.item`.
    pub(super) path: String,
    /// The type that is there.
    pub(super) from: DataType,
    /// The type that it would have to go with.
    pub(super) to: DataType,
}

impl Mismatch {
    fn new(from: &DataType, to: &DataType) -> Self {
        Self { path: String::new(), from: from.clone(), to: to.clone() }
    }

    pub(super) fn below(mut self, name: &str) -> Self {
        self.path = if self.path.is_empty() { name.to_owned() } else { format!("{name}.{}", self.path) };
        self
    }
}

/// The names of two types, which differ.
pub(super) fn names(from: &DataType, to: &DataType) -> (String, String) {
    let names = (types::name(from), types::name(to));
    if names.0 == names.1 { (from.to_string(), to.to_string()) } else { names }
}

/// Where each field of `to` is in `from`, by name; the second of a name goes with the second.
pub(super) fn matching(from: &[FieldRef], to: &[FieldRef]) -> Vec<Option<usize>> {
    if from.len() >= to.len() && from.iter().zip(to).all(|(f, t)| f.name() == t.name()) {
        return (0..to.len()).map(Some).collect();
    }
    let mut places: HashMap<(&str, usize), usize> = HashMap::with_capacity(from.len());
    let mut count: HashMap<&str, usize> = HashMap::with_capacity(from.len());
    for (place, field) in from.iter().enumerate() {
        places.insert((field.name(), next(&mut count, field.name())), place);
    }
    count.clear();
    to.iter().map(|t| places.get(&(t.name().as_str(), next(&mut count, t.name()))).copied()).collect()
}

/// How often the name was there before.
fn next<'a>(count: &mut HashMap<&'a str, usize>, name: &'a str) -> usize {
    let count = count.entry(name).or_default();
    *count += 1;
    *count - 1
}

/// The field that may be null, all the way down but for keys of maps.
pub(super) fn relaxed(field: &FieldRef) -> FieldRef {
    use DataType as D;
    let data_type = match field.data_type() {
        D::Struct(fields) => D::Struct(fields.iter().map(relaxed).collect()),
        D::List(item) => D::List(relaxed(item)),
        D::LargeList(item) => D::LargeList(relaxed(item)),
        D::FixedSizeList(item, size) => D::FixedSizeList(relaxed(item), *size),
        D::Map(entries, sorted) => match entries.data_type() {
            D::Struct(pair) if pair.len() == 2 => {
                let pair = Fields::from(vec![pair[0].clone(), relaxed(&pair[1])]);
                D::Map(Arc::new(entries.as_ref().clone().with_data_type(D::Struct(pair))), *sorted)
            }
            _ => field.data_type().clone(),
        },
        other => other.clone(),
    };
    if field.is_nullable() && data_type == *field.data_type() {
        return field.clone();
    }
    Arc::new(field.as_ref().clone().with_data_type(data_type).with_nullable(true))
}

/// The fields of both, by name: those of `left` in their order, then what only `right` has. A field that one of them
/// does not have may be null.
pub(super) fn union(left: &Fields, right: &Fields) -> Result<Fields, Mismatch> {
    if left == right {
        return Ok(left.clone());
    }
    let in_right = matching(right, left);
    let mut used = vec![false; right.len()];
    let mut fields: Vec<FieldRef> = Vec::with_capacity(left.len().max(right.len()));
    for (field, place) in left.iter().zip(in_right) {
        fields.push(match place {
            Some(place) => {
                used[place] = true;
                both(field, &right[place]).map_err(|e| e.below(field.name()))?
            }
            None => nullable(field),
        });
    }
    fields.extend(right.iter().zip(used).filter(|(_, used)| !used).map(|(field, _)| nullable(field)));
    Ok(fields.into())
}

fn nullable(field: &FieldRef) -> FieldRef {
    if field.is_nullable() { field.clone() } else { Arc::new(field.as_ref().clone().with_nullable(true)) }
}

/// One field for two of one meaning: the name of the first, the type of both.
fn both(left: &FieldRef, right: &FieldRef) -> Result<FieldRef, Mismatch> {
    let data_type = common(left.data_type(), right.data_type())?;
    let null = [left, right].iter().any(|f| f.is_nullable() || f.data_type().is_null());
    if data_type == *left.data_type() && null == left.is_nullable() {
        return Ok(left.clone());
    }
    Ok(Arc::new(left.as_ref().clone().with_data_type(data_type).with_nullable(null)))
}

fn item(left: &FieldRef, right: &FieldRef) -> Result<FieldRef, Mismatch> {
    both(left, right).map_err(|e| e.below(left.name()))
}

/// The narrowest type that both widen to.
pub(super) fn common(left: &DataType, right: &DataType) -> Result<DataType, Mismatch> {
    use DataType as D;
    if left == right {
        return Ok(left.clone());
    }
    Ok(match (left, right) {
        (D::Struct(l), D::Struct(r)) => D::Struct(union(l, r)?),
        (D::FixedSizeList(l, n), D::FixedSizeList(r, m)) if n == m => D::FixedSizeList(item(l, r)?, *n),
        (D::List(l), D::List(r)) => D::List(item(l, r)?),
        (D::LargeList(l), D::LargeList(r)) => D::LargeList(item(l, r)?),
        // A null list of fixed size has null items.
        (D::List(l) | D::FixedSizeList(l, _), D::List(r) | D::FixedSizeList(r, _)) => D::List(nullable(&item(l, r)?)),
        (
            D::List(l) | D::LargeList(l) | D::FixedSizeList(l, _),
            D::List(r) | D::LargeList(r) | D::FixedSizeList(r, _),
        ) => D::LargeList(nullable(&item(l, r)?)),
        (D::Map(l, l_sorted), D::Map(r, r_sorted)) => match (l.data_type(), r.data_type()) {
            // The names of the entries differ from writer to writer.
            (D::Struct(lp), D::Struct(rp)) if lp.len() == 2 && rp.len() == 2 => {
                let pair: Fields = vec![item(&lp[0], &rp[0])?, item(&lp[1], &rp[1])?].into();
                D::Map(Arc::new(l.as_ref().clone().with_data_type(D::Struct(pair))), *l_sorted && *r_sorted)
            }
            _ => return Err(Mismatch::new(right, left)),
        },
        _ => leaf(left, right).ok_or_else(|| Mismatch::new(right, left))?,
    })
}

/// [`common`] of types that hold no others.
fn leaf(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType as D;
    Some(match (left, right) {
        (D::Null, other) | (other, D::Null) => other.clone(),
        _ if left == right => left.clone(),
        (D::Dictionary(k, l), D::Dictionary(j, r)) => {
            let values = leaf(l, r)?;
            leaf(k, j).filter(is_integer).map_or(values.clone(), |keys| D::Dictionary(Box::new(keys), Box::new(values)))
        }
        (D::Dictionary(_, values), plain) | (plain, D::Dictionary(_, values)) => leaf(plain, values)?,
        _ if is_string(left) && is_string(right) => match (left, right) {
            (D::Utf8View, _) | (_, D::Utf8View) => D::Utf8View,
            _ => D::LargeUtf8,
        },
        _ if is_binary(left) && is_binary(right) => match (left, right) {
            (D::BinaryView, _) | (_, D::BinaryView) => D::BinaryView,
            (D::LargeBinary, _) | (_, D::LargeBinary) => D::LargeBinary,
            _ => D::Binary,
        },
        _ if is_integer(left) && is_integer(right) => integer(left, right)?,
        _ if is_decimal(left) || is_decimal(right) => decimal(left, right)?,
        _ if is_float(left) || is_float(right) => {
            [D::Float16, D::Float32, D::Float64].into_iter().find(|f| [left, right].iter().all(|t| is_exact(t, f)))?
        }
        (D::Date32, D::Date64) | (D::Date64, D::Date32) => D::Date64,
        (D::Date32, D::Timestamp(unit, None)) | (D::Timestamp(unit, None), D::Date32) => D::Timestamp(*unit, None),
        (D::Timestamp(l, None), D::Timestamp(r, None)) => D::Timestamp(*l.max(r), None),
        // Both are points in time; the zone is only how they are shown.
        (D::Timestamp(l, Some(zone)), D::Timestamp(r, Some(_))) => D::Timestamp(*l.max(r), Some(zone.clone())),
        (D::Time32(l) | D::Time64(l), D::Time32(r) | D::Time64(r)) => match l.max(r) {
            unit @ (TimeUnit::Second | TimeUnit::Millisecond) => D::Time32(*unit),
            unit => D::Time64(*unit),
        },
        (D::Duration(l), D::Duration(r)) => D::Duration(*l.max(r)),
        _ => return None,
    })
}

fn width(data_type: &DataType) -> usize {
    data_type.primitive_width().unwrap_or(0)
}

fn integer(left: &DataType, right: &DataType) -> Option<DataType> {
    if is_signed(left) == is_signed(right) {
        return Some(if width(left) >= width(right) { left.clone() } else { right.clone() });
    }
    let (signed, unsigned) = if is_signed(left) { (left, right) } else { (right, left) };
    match width(signed).max(2 * width(unsigned)) {
        2 => Some(DataType::Int16),
        4 => Some(DataType::Int32),
        8 => Some(DataType::Int64),
        _ => None,
    }
}

/// Whether the float type holds every value of the number type.
fn is_exact(from: &DataType, float: &DataType) -> bool {
    let digits = match float {
        DataType::Float16 => 11,
        DataType::Float32 => 24,
        _ => 53,
    };
    match from {
        f if is_float(f) => width(f) <= width(float),
        i if is_integer(i) => 8 * width(i) - usize::from(is_signed(i)) <= digits,
        _ => false,
    }
}

/// Precision and scale of a decimal that holds every value of an integer or decimal type, and its width.
fn digits(data_type: &DataType) -> Option<(i32, i32, usize)> {
    use DataType as D;
    Some(match data_type {
        D::Int8 | D::UInt8 => (3, 0, 0),
        D::Int16 | D::UInt16 => (5, 0, 0),
        D::Int32 | D::UInt32 => (10, 0, 0),
        D::Int64 => (19, 0, 0),
        D::UInt64 => (20, 0, 0),
        D::Decimal32(p, s) | D::Decimal64(p, s) | D::Decimal128(p, s) | D::Decimal256(p, s) => {
            (i32::from(*p), i32::from(*s), width(data_type))
        }
        _ => return None,
    })
}

fn decimal(left: &DataType, right: &DataType) -> Option<DataType> {
    let ((p, s, w), (q, t, v)) = (digits(left)?, digits(right)?);
    let scale = s.max(t);
    let precision = u8::try_from((p - s).max(q - t) + scale).ok()?;
    let scale = i8::try_from(scale).ok()?;
    Some(match w.max(v) {
        0..=4 if precision <= 9 => DataType::Decimal32(precision, scale),
        0..=8 if precision <= 18 => DataType::Decimal64(precision, scale),
        0..=16 if precision <= 38 => DataType::Decimal128(precision, scale),
        _ if precision <= 76 => DataType::Decimal256(precision, scale),
        _ => return None,
    })
}

/// Whether values of a type that holds no others become values of another without loss.
pub(super) fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType as D;
    match (from, to) {
        _ if from == to => true,
        (D::Null, _) => true,
        (D::Dictionary(_, from), to) => widens(from, to),
        (from, D::Dictionary(_, to)) => widens(from, to),
        (D::FixedSizeBinary(_), D::FixedSizeBinary(_)) => false,
        (_, D::FixedSizeBinary(_)) => false,
        _ if is_string(from) && is_string(to) => true,
        _ if is_binary(from) && is_binary(to) => true,
        _ => leaf(to, from).as_ref() == Some(to),
    }
}

/// Whether a column of a file can be brought to the type of the table.
pub(super) fn fits(from: &DataType, to: &DataType) -> Result<(), Mismatch> {
    use DataType as D;
    let item = |from: &FieldRef, to: &FieldRef| fits(from.data_type(), to.data_type()).map_err(|e| e.below(to.name()));
    let not = || Err(Mismatch::new(from, to));
    match (from, to) {
        _ if from == to => Ok(()),
        (D::Null, _) => Ok(()),
        (D::Struct(f), D::Struct(t)) => t.iter().zip(matching(f, t)).try_for_each(|(field, place)| match place {
            Some(place) => item(&f[place], field),
            None if field.is_nullable() => Ok(()),
            None => not(),
        }),
        (D::FixedSizeList(f, n), D::FixedSizeList(t, m)) => {
            if n == m {
                item(f, t)
            } else {
                not()
            }
        }
        (D::List(f) | D::LargeList(f) | D::FixedSizeList(f, _), D::List(t) | D::LargeList(t)) => item(f, t),
        (D::Map(f, f_sorted), D::Map(t, t_sorted)) => match (f.data_type(), t.data_type()) {
            (D::Struct(f), D::Struct(t)) if f.len() == 2 && t.len() == 2 && (*f_sorted || !*t_sorted) => {
                item(&f[0], &t[0])?;
                item(&f[1], &t[1])
            }
            _ => not(),
        },
        _ if widens(from, to) => Ok(()),
        _ => not(),
    }
}

#[cfg(test)]
mod tests;
