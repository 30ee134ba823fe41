//! The rules of types: classes of types, the type that several types have in common, the types of the results of
//! arithmetic, and what functions ask of their arguments. Every `bind` of the table of functions speaks through it.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use pf_base::{Error, Result};

use crate::{Argument, Binding};

/// What sort of values a type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Only null.
    Null,
    /// True and false.
    Boolean,
    /// Signed and unsigned integers.
    Integer,
    /// Floating point numbers.
    Float,
    /// Decimals.
    Decimal,
    /// Text, however it is stored.
    String,
    /// Bytes, however they are stored.
    Binary,
    /// Days.
    Date,
    /// Times of day.
    Time,
    /// Points in time.
    Timestamp,
    /// Spans of fixed length.
    Duration,
    /// Spans of months, days and nanoseconds.
    Interval,
    /// Lists, structs and maps.
    Nested,
    /// What the language has no operations for.
    Other,
}

/// The class of a type; of a dictionary, that of its values.
pub fn class(data_type: &DataType) -> Class {
    use DataType as D;
    match data_type {
        D::Null => Class::Null,
        D::Boolean => Class::Boolean,
        D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 => Class::Integer,
        D::Float16 | D::Float32 | D::Float64 => Class::Float,
        D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => Class::Decimal,
        D::Utf8 | D::LargeUtf8 | D::Utf8View => Class::String,
        D::Binary | D::LargeBinary | D::BinaryView | D::FixedSizeBinary(_) => Class::Binary,
        D::Date32 | D::Date64 => Class::Date,
        D::Time32(_) | D::Time64(_) => Class::Time,
        D::Timestamp(..) => Class::Timestamp,
        D::Duration(_) => Class::Duration,
        D::Interval(_) => Class::Interval,
        D::Dictionary(_, values) => class(values),
        D::List(_) | D::LargeList(_) | D::FixedSizeList(..) | D::Struct(_) | D::Map(..) => Class::Nested,
        _ => Class::Other,
    }
}

/// Whether it is an integer, float or decimal.
pub fn is_number(data_type: &DataType) -> bool {
    matches!(class(data_type), Class::Integer | Class::Float | Class::Decimal)
}

/// Whether it is an integer.
pub fn is_integer(data_type: &DataType) -> bool {
    class(data_type) == Class::Integer
}

/// Whether it is a signed integer.
pub fn is_signed(data_type: &DataType) -> bool {
    data_type.is_signed_integer()
}

/// Whether it is an unsigned integer.
pub fn is_unsigned(data_type: &DataType) -> bool {
    data_type.is_unsigned_integer()
}

/// Whether it is a floating point number.
pub fn is_float(data_type: &DataType) -> bool {
    class(data_type) == Class::Float
}

/// Whether it is a decimal.
pub fn is_decimal(data_type: &DataType) -> bool {
    class(data_type) == Class::Decimal
}

/// Whether it is text.
pub fn is_string(data_type: &DataType) -> bool {
    class(data_type) == Class::String
}

/// Whether it is bytes.
pub fn is_binary(data_type: &DataType) -> bool {
    class(data_type) == Class::Binary
}

/// Whether it is a date, time, timestamp, duration or interval.
pub fn is_temporal(data_type: &DataType) -> bool {
    matches!(class(data_type), Class::Date | Class::Time | Class::Timestamp | Class::Duration | Class::Interval)
}

/// Whether values have an order: all but intervals and nested types.
pub fn is_ordered(data_type: &DataType) -> bool {
    !matches!(class(data_type), Class::Interval | Class::Nested | Class::Other)
}

/// Whether the language knows the type, all the way down.
pub fn is_known(data_type: &DataType) -> bool {
    use DataType as D;
    match data_type {
        D::Dictionary(_, values) => is_known(values) && class(values) != Class::Nested,
        D::List(f) | D::LargeList(f) | D::FixedSizeList(f, _) | D::Map(f, _) => is_known(f.data_type()),
        D::Struct(fields) => fields.iter().all(|f| is_known(f.data_type())),
        other => class(other) != Class::Other,
    }
}

/// The type that values are computed in: of a dictionary its values', of a small decimal decimal128.
pub fn value_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, values) => value_type(values),
        DataType::Decimal32(p, s) | DataType::Decimal64(p, s) => DataType::Decimal128(*p, *s),
        other => other.clone(),
    }
}

/// The name of a type for people, as error messages and tables of documentation have it.
pub fn name(data_type: &DataType) -> String {
    use DataType as D;
    let unit = |u: &TimeUnit| match u {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    };
    match data_type {
        D::Boolean => "bool".to_owned(),
        D::Utf8 => "string".to_owned(),
        D::LargeUtf8 => "large_string".to_owned(),
        D::Utf8View => "string_view".to_owned(),
        D::LargeBinary => "large_binary".to_owned(),
        D::BinaryView => "binary_view".to_owned(),
        D::FixedSizeBinary(n) => format!("fixed_binary({n})"),
        D::Decimal32(p, s) => format!("decimal32({p}, {s})"),
        D::Decimal64(p, s) => format!("decimal64({p}, {s})"),
        D::Decimal128(p, s) => format!("decimal128({p}, {s})"),
        D::Decimal256(p, s) => format!("decimal256({p}, {s})"),
        D::Time32(u) => format!("time32({})", unit(u)),
        D::Time64(u) => format!("time64({})", unit(u)),
        D::Timestamp(u, None) => format!("timestamp({})", unit(u)),
        D::Timestamp(u, Some(zone)) => format!("timestamp({}, {zone})", unit(u)),
        D::Duration(u) => format!("duration({})", unit(u)),
        D::Interval(IntervalUnit::YearMonth) => "interval(months)".to_owned(),
        D::Interval(IntervalUnit::DayTime) => "interval(days)".to_owned(),
        D::Interval(IntervalUnit::MonthDayNano) => "interval".to_owned(),
        D::Dictionary(_, values) => format!("dictionary({})", name(values)),
        D::List(f) | D::LargeList(f) | D::FixedSizeList(f, _) => format!("list({})", name(f.data_type())),
        D::Struct(fields) => {
            let fields: Vec<String> = fields.iter().map(|f| format!("{}: {}", f.name(), name(f.data_type()))).collect();
            format!("struct({})", fields.join(", "))
        }
        D::Map(..) => "map".to_owned(),
        // Null, the integers, the floats, binary, date32 and date64 are called as arrow calls them.
        other => other.to_string().to_lowercase(),
    }
}

/// The names of the arguments' types: "string and int64". A literal `NULL` is "null".
pub fn names(arguments: &[Argument]) -> String {
    let names: Vec<String> = arguments.iter().map(|a| name(&a.data_type)).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The error of arguments that a function does not take: "cannot take string and int64; takes number".
pub fn refuse(arguments: &[Argument], takes: &str) -> Error {
    Error::wrong_type(format!("cannot take {}; takes {takes}", names(arguments)))
}

/// Precision and scale of a number type as a decimal that holds all its values; none for floats.
fn decimal_of(data_type: &DataType) -> Option<(i32, i32)> {
    use DataType as D;
    Some(match data_type {
        D::Int8 | D::UInt8 => (3, 0),
        D::Int16 | D::UInt16 => (5, 0),
        D::Int32 | D::UInt32 => (10, 0),
        D::Int64 => (19, 0),
        D::UInt64 => (20, 0),
        D::Decimal32(p, s) | D::Decimal64(p, s) | D::Decimal128(p, s) | D::Decimal256(p, s) => {
            (i32::from(*p), i32::from(*s))
        }
        _ => return None,
    })
}

/// The smallest of decimal128 and decimal256 that has room for so many digits, and not narrower than `wide` asks.
fn decimal_type(precision: i32, scale: i32, wide: bool) -> DataType {
    // Scales of decimals, and so their greatest, fit an i8; precision is cut to the greatest there is.
    let scale = scale.clamp(-76, 76) as i8;
    match precision.max(1).max(i32::from(scale)) {
        p if p <= 38 && !wide => DataType::Decimal128(p as u8, scale),
        p => DataType::Decimal256(p.min(76) as u8, scale),
    }
}

fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Decimal256(..))
}

/// The decimal that holds the values of two, of which neither is a float.
fn common_decimal(left: &DataType, right: &DataType) -> Option<DataType> {
    let ((p1, s1), (p2, s2)) = (decimal_of(left)?, decimal_of(right)?);
    let scale = s1.max(s2);
    Some(decimal_type((p1 - s1).max(p2 - s2) + scale, scale, is_wide(left) || is_wide(right)))
}

fn width(data_type: &DataType) -> usize {
    data_type.primitive_width().unwrap_or(0)
}

/// The number type that two have in common; in a comparison, one that holds all values of both where there is any.
fn common_number(left: &DataType, right: &DataType, comparison: bool) -> Option<DataType> {
    use DataType as D;
    let small = |t: &D| is_integer(t) && width(t) <= 2;
    Some(match (class(left), class(right)) {
        (Class::Integer, Class::Integer) if is_signed(left) == is_signed(right) => {
            if width(left) >= width(right) {
                left.clone()
            } else {
                right.clone()
            }
        }
        (Class::Integer, Class::Integer) => {
            let (signed, unsigned) = if is_signed(left) { (left, right) } else { (right, left) };
            match width(signed).max(2 * width(unsigned)) {
                2 => D::Int16,
                4 => D::Int32,
                8 => D::Int64,
                _ if comparison => D::Decimal128(20, 0),
                _ => D::Int64,
            }
        }
        (Class::Float, Class::Float) => {
            if width(left) >= width(right) {
                left.clone()
            } else {
                right.clone()
            }
        }
        (Class::Integer, Class::Float) | (Class::Float, Class::Integer) => {
            let narrow = |t: &D| small(t) || (is_float(t) && width(t) <= 4);
            if narrow(left) && narrow(right) { D::Float32 } else { D::Float64 }
        }
        (Class::Decimal, Class::Float) | (Class::Float, Class::Decimal) => D::Float64,
        (Class::Decimal | Class::Integer, Class::Decimal | Class::Integer) => common_decimal(left, right)?,
        _ => return None,
    })
}

fn finer(left: TimeUnit, right: TimeUnit) -> TimeUnit {
    left.max(right)
}

/// The type that two have in common.
fn common_pair(left: &DataType, right: &DataType, comparison: bool) -> Option<DataType> {
    use DataType as D;
    let (left, right) = (&value_type(left), &value_type(right));
    if left == right {
        return Some(left.clone());
    }
    Some(match (left, right) {
        (D::Null, other) | (other, D::Null) => other.clone(),
        _ if is_number(left) && is_number(right) => common_number(left, right, comparison)?,
        _ if is_string(left) && is_string(right) => {
            if [left, right].contains(&&D::Utf8View) {
                D::Utf8View
            } else {
                D::LargeUtf8
            }
        }
        _ if is_binary(left) && is_binary(right) => {
            if [left, right].contains(&&D::BinaryView) {
                D::BinaryView
            } else if [left, right].contains(&&D::LargeBinary) {
                D::LargeBinary
            } else {
                D::Binary
            }
        }
        (D::Date32 | D::Date64, D::Date32 | D::Date64) => D::Date64,
        (D::Date32 | D::Date64, D::Timestamp(unit, None)) | (D::Timestamp(unit, None), D::Date32 | D::Date64) => {
            D::Timestamp(*unit, None)
        }
        (D::Timestamp(a, None), D::Timestamp(b, None)) => D::Timestamp(finer(*a, *b), None),
        // Both are points in time; the zone is only how they are shown.
        (D::Timestamp(a, Some(zone)), D::Timestamp(b, Some(_))) => D::Timestamp(finer(*a, *b), Some(zone.clone())),
        (D::Time32(a) | D::Time64(a), D::Time32(b) | D::Time64(b)) => match finer(*a, *b) {
            unit @ (TimeUnit::Second | TimeUnit::Millisecond) => D::Time32(unit),
            unit => D::Time64(unit),
        },
        (D::Duration(a), D::Duration(b)) => D::Duration(finer(*a, *b)),
        (D::Interval(_), D::Interval(_)) => D::Interval(IntervalUnit::MonthDayNano),
        _ => return None,
    })
}

/// The type that values of all these types can be brought to, as `CASE` and `COALESCE` do; null where there are none.
/// Numbers widen; int64 with uint64 is int64, with an overflow for values beyond.
pub fn common_type(types: &[DataType]) -> Option<DataType> {
    types.iter().try_fold(DataType::Null, |a, b| common_pair(&a, b, false))
}

/// Precision and scale of a literal number, from its shortest text; none where a decimal128 cannot hold it.
fn literal_decimal(constant: &ArrayRef) -> Option<DataType> {
    let (digits, scale) = match constant.data_type() {
        DataType::Int64 => (constant.as_primitive::<Int64Type>().value(0).unsigned_abs().to_string().len(), 0),
        DataType::UInt64 => (constant.as_primitive::<UInt64Type>().value(0).to_string().len(), 0),
        DataType::Decimal128(_, 0) => {
            (constant.as_primitive::<Decimal128Type>().value(0).unsigned_abs().to_string().len(), 0)
        }
        DataType::Float64 => {
            let text = constant.as_primitive::<Float64Type>().value(0).abs().to_string();
            let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
            if !whole.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            (whole.trim_start_matches('0').len() + part.len(), part.len())
        }
        _ => return None,
    };
    (digits <= 38 && scale <= 38).then(|| DataType::Decimal128(digits.max(1) as u8, scale as i8))
}

/// Whether a literal number is a value of the integer or float type, exactly.
fn fits(constant: &ArrayRef, to: &DataType) -> bool {
    if constant.is_empty() || constant.is_null(0) {
        return true;
    }
    let within = |value: i128| {
        let bits = 8 * width(to) as u32;
        let exact_float = |digits: u32| {
            let magnitude = value.unsigned_abs();
            magnitude == 0 || magnitude.ilog2() - magnitude.trailing_zeros() < digits
        };
        match class(to) {
            Class::Integer if is_unsigned(to) => value >= 0 && value < 1_i128 << bits,
            Class::Integer => value >= -(1_i128 << (bits - 1)) && value < 1_i128 << (bits - 1),
            Class::Float if bits == 16 => exact_float(11) && value.unsigned_abs() <= 65504,
            Class::Float if bits == 32 => exact_float(24),
            Class::Float => exact_float(53),
            _ => false,
        }
    };
    match constant.data_type() {
        DataType::Int64 => within(i128::from(constant.as_primitive::<Int64Type>().value(0))),
        DataType::UInt64 => within(i128::from(constant.as_primitive::<UInt64Type>().value(0))),
        DataType::Decimal128(_, 0) => within(constant.as_primitive::<Decimal128Type>().value(0)),
        DataType::Float64 => {
            let value = constant.as_primitive::<Float64Type>().value(0);
            match to {
                DataType::Float64 => true,
                DataType::Float32 => f64::from(value as f32) == value,
                DataType::Float16 => half::f16::from_f64(value).to_f64() == value,
                _ => value.fract() == 0.0 && value.abs() < 1e18 && within(value as i128),
            }
        }
        _ => false,
    }
}

/// The type of a literal number beside values of type `other`: `other` itself, or one of its class, where the number
/// is one of its values. A number with a point stays a float beside integers, but in a comparison, where it is the
/// same.
fn adapted(literal: &Argument, other: &DataType, comparison: bool) -> DataType {
    let Some(constant) = &literal.constant else { return literal.data_type.clone() };
    let kept = literal.data_type.clone();
    match class(other) {
        Class::Integer if is_float(&kept) && !comparison => kept,
        Class::Integer | Class::Float if fits(constant, other) => other.clone(),
        Class::Decimal => literal_decimal(constant).unwrap_or(kept),
        _ => kept,
    }
}

/// The arguments' types once literals took the types that stand beside them, or none where they have nothing in
/// common: a literal number adapts to numbers, a literal string to dates, times, timestamps and their spans.
pub fn adapt(arguments: &[Argument], comparison: bool) -> Option<Vec<DataType>> {
    let loose = |a: &Argument| a.adapts || (a.constant.is_some() && is_string(&a.data_type));
    let mut base = DataType::Null;
    for a in arguments.iter().filter(|a| !loose(a)) {
        base = common_pair(&base, &a.data_type, comparison)?;
    }
    let types = arguments.iter().map(|a| match () {
        () if a.adapts => adapted(a, &base, comparison),
        () if loose(a) && (is_temporal(&base) || is_string(&base)) => base.clone(),
        () => value_type(&a.data_type),
    });
    Some(types.collect())
}

fn common_arguments(arguments: &[Argument], comparison: bool) -> Option<DataType> {
    let types = adapt(arguments, comparison)?;
    types.iter().try_fold(DataType::Null, |a, b| common_pair(&a, b, comparison))
}

/// [`common_type`] of arguments: literals adapt to what stands beside them.
pub fn common(arguments: &[Argument]) -> Option<DataType> {
    common_arguments(arguments, false)
}

/// The type in which arguments are compared: as [`common`], but exact for all integers and decimals (uint64 with a
/// signed integer is decimal128(20, 0)).
pub fn comparison(arguments: &[Argument]) -> Option<DataType> {
    common_arguments(arguments, true).filter(is_ordered)
}

/// The operators of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`, with either sign.
    Mod,
}

/// The types of an operation on two numbers: both arguments in their common type, decimals each with their own
/// precision and scale; none where one of them is not a number or `NULL`.
///
/// The result has the arguments' type, but `/` of integers gives float64 and a decimal has the digits that arrow's
/// kernels give it: as many as the result can need, at most 38 (76 for decimal256).
pub fn arithmetic(operator: Operator, left: &Argument, right: &Argument) -> Option<Binding> {
    let pair = [left.clone(), right.clone()];
    if !pair.iter().all(|a| is_number(&a.data_type) || a.data_type == DataType::Null) {
        return None;
    }
    let types = adapt(&pair, false)?;
    let common = match common_pair(&types[0], &types[1], false)? {
        DataType::Null => DataType::Int64,
        other => other,
    };
    if class(&common) != Class::Decimal {
        let result = if operator == Operator::Div && is_integer(&common) { DataType::Float64 } else { common.clone() };
        return Some(Binding { arguments: vec![common.clone(), common], result });
    }
    let wide = types.iter().any(is_wide);
    let limit = if wide { 76 } else { 38 };
    // A null takes the other's type.
    let side = |t: &DataType| decimal_of(if *t == DataType::Null { &common } else { t });
    let ((p1, s1), (p2, s2)) = (side(&types[0])?, side(&types[1])?);
    let arguments = vec![decimal_type(p1, s1, wide), decimal_type(p2, s2, wide)];
    let most = s1.max(s2);
    let (precision, scale) = match operator {
        Operator::Add | Operator::Sub => ((p1 - s1).max(p2 - s2) + most + 1, most),
        Operator::Mul => (p1 + p2 + 1, s1 + s2),
        Operator::Div => {
            let scale = (s1 + 4).max(s2).min(limit);
            (scale - s1 + s2 + p1, scale)
        }
        Operator::FloorDiv => ((p1 - s1 + s2 + 1).max(1), 0),
        Operator::Mod => ((p1 - s1).min(p2 - s2).max(0) + most, most),
    };
    if scale > limit {
        return None;
    }
    Some(Binding { arguments, result: decimal_type(precision.min(limit), scale, wide) })
}

/// What a function asks of an argument, and what it converts it to.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepts {
    /// Anything, as it is (a dictionary as its values).
    Any,
    /// A boolean.
    Boolean,
    /// A number of any type, as it is (small decimals as decimal128).
    Number,
    /// A number, as a float: float16 and float32 stay as they are, all else is float64.
    Float,
    /// A number, as float64.
    Float64,
    /// An integer, as int64.
    Int64,
    /// Text, however it is stored.
    String,
    /// Bytes, however they are stored.
    Binary,
    /// Text or bytes, however they are stored.
    Bytes,
    /// Anything that has an order.
    Ordered,
    /// A date, as it is.
    Date,
    /// A date or timestamp, as it is; a literal string is a timestamp in microseconds.
    DateOrTimestamp,
    /// A date, time, timestamp, duration or interval, as it is.
    Temporal,
}

impl Accepts {
    /// The name of what is accepted, as messages and parameters have it.
    pub const fn name(&self) -> &'static str {
        match self {
            Accepts::Any => "any type",
            Accepts::Boolean => "boolean",
            Accepts::Number | Accepts::Float | Accepts::Float64 => "number",
            Accepts::Int64 => "integer",
            Accepts::String => "string",
            Accepts::Binary => "binary",
            Accepts::Bytes => "string or binary",
            Accepts::Ordered => "any type with an order",
            Accepts::Date => "date",
            Accepts::DateOrTimestamp => "date or timestamp",
            Accepts::Temporal => "date, time, timestamp, duration or interval",
        }
    }

    /// The type that an argument is converted to; none where it is refused. `NULL` becomes some type that is accepted.
    pub fn convert(&self, argument: &Argument) -> Option<DataType> {
        use DataType as D;
        let from = value_type(&argument.data_type);
        let is_null = from == D::Null;
        let kept = |accepted: bool, null: D| match () {
            () if is_null => Some(null),
            () => accepted.then(|| from.clone()),
        };
        let of = class(&from);
        let microseconds = D::Timestamp(TimeUnit::Microsecond, None);
        match self {
            Accepts::Any => Some(from),
            Accepts::Boolean => kept(of == Class::Boolean, D::Boolean),
            Accepts::Number => kept(is_number(&from), D::Int64),
            Accepts::Float if is_float(&from) => Some(from),
            Accepts::Float | Accepts::Float64 => (is_null || is_number(&from)).then_some(D::Float64),
            Accepts::Int64 => (is_null || of == Class::Integer).then_some(D::Int64),
            Accepts::String => kept(of == Class::String, D::Utf8),
            Accepts::Binary => kept(of == Class::Binary, D::Binary),
            Accepts::Bytes => kept(matches!(of, Class::String | Class::Binary), D::Utf8),
            Accepts::Ordered => is_ordered(&from).then_some(from),
            Accepts::Date => kept(of == Class::Date, D::Date32),
            Accepts::DateOrTimestamp if argument.constant.is_some() && of == Class::String => Some(microseconds),
            Accepts::DateOrTimestamp => kept(matches!(of, Class::Date | Class::Timestamp), microseconds),
            Accepts::Temporal => kept(is_temporal(&from), microseconds),
        }
    }
}

/// The type of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Gives {
    /// The type that this argument is converted to.
    Same(usize),
    /// This type.
    Type(DataType),
}

/// The binding of a function whose arguments do not depend on each other: the last of `accepts` goes for all arguments
/// after it.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for the first argument that is refused.
pub fn bind(arguments: &[Argument], accepts: &[Accepts], gives: &Gives) -> Result<Binding> {
    let mut types = Vec::with_capacity(arguments.len());
    for (i, argument) in arguments.iter().enumerate() {
        let Some(accepted) = accepts.get(i).or(accepts.last()) else {
            return Err(refuse(arguments, "no argument"));
        };
        let converted = accepted.convert(argument).ok_or_else(|| {
            let takes: Vec<&str> =
                (0..arguments.len()).filter_map(|i| accepts.get(i).or(accepts.last())).map(Accepts::name).collect();
            let takes = if takes.iter().all(|t| *t == takes[0]) { takes[0].to_owned() } else { takes.join(", ") };
            refuse(arguments, &takes)
        })?;
        types.push(converted);
    }
    let result = match gives {
        Gives::Type(t) => t.clone(),
        Gives::Same(i) => types
            .get(*i)
            .cloned()
            .ok_or_else(|| Error::internal(format!("the result has the type of argument {i}, which is not there")))?,
    };
    Ok(Binding { arguments: types, result })
}

/// The result has the type of argument `i`.
pub const fn same_as(i: usize) -> Gives {
    Gives::Same(i)
}

/// The result has this type.
pub const fn always(data_type: DataType) -> Gives {
    Gives::Type(data_type)
}

fn all_to(arguments: &[Argument], to: Option<DataType>, result: Option<DataType>, takes: &str) -> Result<Binding> {
    let to = to.ok_or_else(|| refuse(arguments, takes))?;
    let result = result.unwrap_or_else(|| to.clone());
    Ok(Binding { arguments: vec![to; arguments.len()], result })
}

/// Numbers to the number of their common type.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for what is not a number.
pub fn bind_numbers(arguments: &[Argument]) -> Result<Binding> {
    let common = common(arguments).filter(|t| is_number(t) || *t == DataType::Null);
    let common = common.map(|t| if t == DataType::Null { DataType::Int64 } else { t });
    all_to(arguments, common, None, "number")
}

/// Numbers to a float: float16 and float32 where all are such, else float64.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for what is not a number.
pub fn bind_floats(arguments: &[Argument]) -> Result<Binding> {
    let common = bind_numbers(arguments)?.result;
    let float = if is_float(&common) { common } else { DataType::Float64 };
    all_to(arguments, Some(float), None, "number")
}

/// Strings to a string of their common type.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for what is not a string.
pub fn bind_strings(arguments: &[Argument]) -> Result<Binding> {
    let common = common(arguments).filter(|t| is_string(t) || *t == DataType::Null);
    let common = common.map(|t| if t == DataType::Null { DataType::Utf8 } else { t });
    all_to(arguments, common, None, "string")
}

/// Booleans to a boolean.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for what is not a boolean.
pub fn bind_booleans(arguments: &[Argument]) -> Result<Binding> {
    bind(arguments, &[Accepts::Boolean], &always(DataType::Boolean))
}

/// Values of any types that have something in common, to their common type.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for types that have nothing in common.
pub fn bind_common(arguments: &[Argument]) -> Result<Binding> {
    all_to(arguments, common(arguments), None, "values of one type, or of types that convert to one")
}

/// Values that are compared with each other, to a boolean.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for types that cannot be compared.
pub fn bind_comparison(arguments: &[Argument]) -> Result<Binding> {
    let takes = "numbers, strings, binaries, booleans, or dates and times, compared with their like";
    all_to(arguments, comparison(arguments), Some(DataType::Boolean), takes)
}

/// Anything, to a boolean.
///
/// # Errors
/// None.
pub fn bind_any_to_boolean(arguments: &[Argument]) -> Result<Binding> {
    bind(arguments, &[Accepts::Any], &always(DataType::Boolean))
}

#[cfg(test)]
pub(crate) mod tests;
