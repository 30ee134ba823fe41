//! Functions that keep or turn the order of their arguments: computed at both ends of an interval by their own kernel,
//! they bound what they give in between, to the last bit.

use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::IntervalMonthDayNanoType;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::i256;
use arrow_schema::{DataType, IntervalUnit};
use pf_base::Result;

use super::node::Node;
use super::{Bound, Scalar};
use crate::timezone::Zone;
use crate::types::{Class, class, is_float, is_number};
use crate::{Implementation, Overflow, Settings, Typed, TypedKind, Value, cast, evaluate};

/// How a conversion maps an interval.
pub(super) enum Conversion {
    /// Values stay what they are; with `may_fail` some have no place in the other type.
    Relabel { may_fail: bool },
    /// The order stays.
    Monotone,
}

/// How values of one type become values of another, if their order stays.
pub(super) fn conversion(from: &DataType, to: &DataType) -> Option<Conversion> {
    use Class as C;
    let (from, to) = (unpacked(from), unpacked(to));
    if from == to {
        return Some(Conversion::Relabel { may_fail: false });
    }
    let zoned = |t: &DataType| matches!(t, DataType::Timestamp(_, Some(_)));
    let wide = |t: &DataType| matches!(t, DataType::Decimal256(..));
    let keeps = match (class(from), class(to)) {
        (C::String | C::Binary, C::String | C::Binary) => {
            let may_fail = class(from) == C::Binary && class(to) == C::String;
            return Some(Conversion::Relabel { may_fail: may_fail || matches!(to, DataType::FixedSizeBinary(_)) });
        }
        (C::Integer | C::Float | C::Decimal | C::Boolean, C::Integer | C::Float | C::Decimal) => {
            !(is_float(from) && wide(to) || wide(from) && is_float(to))
        }
        (C::Integer, C::Date | C::Time | C::Timestamp | C::Duration)
        | (C::Date | C::Time | C::Timestamp | C::Duration, C::Integer)
        | (C::Date, C::Date)
        | (C::Time, C::Time)
        | (C::Duration, C::Duration) => true,
        (C::Timestamp, C::Date) | (C::Date, C::Timestamp) => is_even(from) && is_even(to),
        (C::Timestamp, C::Timestamp) => zoned(from) == zoned(to) || (is_even(from) && is_even(to)),
        _ => false,
    };
    keeps.then_some(Conversion::Monotone)
}

/// The type of the values of a dictionary.
fn unpacked(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

/// An argument.
#[derive(Debug)]
enum Argument {
    Literal(ArrayRef),
    /// What depends on the row, of this type; with `turns` the result falls where it rises.
    Rows {
        node: Box<Node>,
        data_type: DataType,
        turns: bool,
    },
}

/// Which results may be NaN though no argument is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NewNan {
    Never,
    /// Infinities of two arguments may cancel out.
    OfInfinities,
    /// Of numbers below zero.
    OfNegatives,
}

type Kernel = Box<dyn Fn(&[Value]) -> Result<Value> + Send + Sync>;

/// A function that rises or falls with each of its arguments.
pub(super) struct Monotone {
    name: &'static str,
    kernel: Kernel,
    arguments: Vec<Argument>,
    result: DataType,
    /// What has no result is null instead of an error.
    null: bool,
    /// What overflows begins anew at the other end.
    wraps: bool,
    new_nan: NewNan,
    /// It falls below zero and rises above, as `abs` does.
    folds: bool,
    /// Values between two that have a result may have none.
    holes: bool,
}

impl fmt::Debug for Monotone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.name, self.arguments)
    }
}

impl Monotone {
    /// A conversion that keeps the order.
    pub(super) fn cast(value: Box<Node>, from: &DataType, to: &DataType, try_cast: bool) -> Self {
        let result = to.clone();
        let data_type = unpacked(from).clone();
        Self {
            name: "cast",
            kernel: Box::new(move |values| match values {
                [value] => cast(value, &result, false),
                _ => Err(pf_base::Error::internal("a conversion of one value")),
            }),
            arguments: vec![Argument::Rows { node: value, data_type, turns: false }],
            result: to.clone(),
            null: try_cast,
            wraps: false,
            new_nan: NewNan::Never,
            folds: false,
            holes: false,
        }
    }

    /// A call of a function, if it rises or falls with each argument that is no literal.
    pub(super) fn call(expr: &Typed, name: &str, arguments: &[Typed], settings: Settings) -> Option<Self> {
        let TypedKind::Call { function, .. } = &expr.kind else { return None };
        let shape = shape(name, arguments)?;
        let Implementation::Scalar(make) = function.implementation else { return None };
        let facts: Vec<crate::Argument> = arguments.iter().map(evaluate::argument).collect();
        // An end that overflows must be told from a result, whatever becomes of rows that do.
        let strict = Settings { overflow: Overflow::Error, ..settings };
        let kernel = make(&crate::Call { arguments: &facts, result: &expr.data_type, settings: strict }).ok()?;
        let argument = |(i, expr): (usize, &Typed)| match &expr.kind {
            TypedKind::Literal(value) => Argument::Literal(value.clone()),
            _ => {
                let turns = shape.turns.get(i).copied().unwrap_or(false);
                let node = Box::new(Node::new(expr, settings));
                Argument::Rows { node, data_type: expr.data_type.clone(), turns }
            }
        };
        Some(Self {
            name: function.name,
            kernel: Box::new(move |values| kernel(values, 1)),
            arguments: arguments.iter().enumerate().map(argument).collect(),
            result: expr.data_type.clone(),
            null: settings.overflow != Overflow::Error,
            wraps: settings.overflow == Overflow::Wrap,
            new_nan: shape.new_nan,
            folds: shape.folds,
            holes: shape.holes,
        })
    }

    /// The parts that depend on the row.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &Node> {
        self.arguments.iter().filter_map(|a| match a {
            Argument::Literal(_) => None,
            Argument::Rows { node, .. } => Some(node.as_ref()),
        })
    }

    /// What it gives, from what its arguments can be.
    pub(super) fn bound(&self, bound: impl Fn(&Node) -> Bound) -> Bound {
        let bounds: Vec<Bound> = self.arguments().map(bound).collect();
        let low = self.corner(&bounds, false);
        let high = self.corner(&bounds, true);
        let whole = low.is_some() && high.is_some();
        let (min, max) = match (self.folds, low, high) {
            _ if self.wraps && !whole => (None, None),
            (true, low, high) => self.folded(&bounds, low, high),
            (false, low, high) => (low, high),
        };
        let any = |test: fn(&Bound) -> bool| bounds.iter().any(test);
        let values = bounds.iter().all(|b| b.values);
        let nan = any(|b| b.nan) || (values && self.makes_nan(&bounds));
        let float = is_float(&self.result);
        Bound {
            values,
            nulls: any(|b| b.nulls) || (self.null && (!whole || self.holes || (nan && !float))),
            nan: nan && float,
            ..Bound::between(min, max, false, false)
        }
    }

    /// The value where all arguments are at their least (or `high`, at their greatest), or at the other end where they
    /// turn the order.
    fn corner(&self, bounds: &[Bound], high: bool) -> Option<Scalar> {
        let mut bounds = bounds.iter();
        let values = self.arguments.iter().map(|argument| match argument {
            Argument::Literal(value) => Some(Value::Scalar(value.clone())),
            Argument::Rows { data_type, turns, .. } => {
                let bound = bounds.next()?;
                let end = if high != *turns { &bound.max } else { &bound.min };
                end.clone()?.into_array(data_type).map(Value::Scalar)
            }
        });
        let values: Vec<Value> = values.collect::<Option<_>>()?;
        Scalar::read((self.kernel)(&values).ok()?.inner().as_ref())
    }

    /// The ends of what falls below zero and rises above.
    fn folded(&self, bounds: &[Bound], low: Option<Scalar>, high: Option<Scalar>) -> (Option<Scalar>, Option<Scalar>) {
        let zero = match &self.result {
            DataType::Decimal256(..) => Scalar::Wide(i256::ZERO),
            t if is_float(t) => Scalar::Float(0.0),
            _ => Scalar::Integer(0),
        };
        let Some(bound) = bounds.first() else { return (None, None) };
        let max = match (&low, &high) {
            (Some(low), Some(high)) => Some(if low > high { low.clone() } else { high.clone() }),
            _ => None,
        };
        let min = match () {
            () if bound.min.as_ref().is_some_and(|min| *min >= zero) => low,
            () if bound.max.as_ref().is_some_and(|max| *max <= zero) => high,
            () => Some(zero),
        };
        (min, max)
    }

    fn makes_nan(&self, bounds: &[Bound]) -> bool {
        let finite = |end: &Option<Scalar>| matches!(end, Some(Scalar::Float(value)) if value.is_finite());
        match self.new_nan {
            NewNan::Never => false,
            NewNan::OfInfinities => {
                is_float(&self.result)
                    && self.arguments.len() == bounds.len()
                    && bounds.iter().filter(|b| !finite(&b.min) || !finite(&b.max)).count() > 1
            }
            NewNan::OfNegatives => bounds.iter().any(|b| match &b.min {
                Some(min) => *min < Scalar::Float(0.0) || !finite(&b.min),
                None => true,
            }),
        }
    }
}

/// How a function depends on its arguments.
struct Shape {
    /// The arguments whose order it turns.
    turns: [bool; 2],
    new_nan: NewNan,
    folds: bool,
    holes: bool,
}

impl Shape {
    const RISES: Shape = Shape { turns: [false, false], new_nan: NewNan::Never, folds: false, holes: false };
    const FALLS: Shape = Shape { turns: [true, true], ..Shape::RISES };
}

/// The sign of a literal number; none where it is zero, null, NaN or infinite.
fn sign(expr: &Typed) -> Option<bool> {
    let TypedKind::Literal(value) = &expr.kind else { return None };
    match Scalar::read(value.as_ref())? {
        Scalar::Integer(value) if value != 0 => Some(value > 0),
        Scalar::Wide(value) if value != i256::ZERO => Some(value > i256::ZERO),
        Scalar::Float(value) if value != 0.0 && value.is_finite() => Some(value > 0.0),
        _ => None,
    }
}

fn is_literal(expr: &Typed) -> bool {
    matches!(expr.kind, TypedKind::Literal(_))
}

/// Whether it is a literal that makes the result null or NaN of values that are neither.
fn is_odd(expr: &Typed) -> bool {
    let TypedKind::Literal(value) = &expr.kind else { return false };
    if matches!(value.data_type(), DataType::Interval(_)) {
        return value.is_null(0);
    }
    !matches!(Scalar::read(value.as_ref()), Some(s) if !matches!(s, Scalar::Float(v) if !v.is_finite()))
}

/// The parts of a date that never fall while time goes on.
const RISING_PARTS: &[&str] =
    &["year", "years", "isoyear", "decade", "decades", "century", "centuries", "millennium", "millennia", "epoch"];

/// How a function depends on its arguments, if it keeps or turns their order.
fn shape(name: &str, arguments: &[Typed]) -> Option<Shape> {
    if arguments.iter().any(is_odd) {
        return None;
    }
    let numbers = arguments.iter().all(|a| is_number(&a.data_type));
    match (name, arguments) {
        ("add", [_, _]) if numbers => Some(Shape { new_nan: NewNan::OfInfinities, ..Shape::RISES }),
        ("sub", [_, _]) if numbers => {
            Some(Shape { turns: [false, true], new_nan: NewNan::OfInfinities, ..Shape::RISES })
        }
        // A step that is no whole number of days leads to no date.
        ("add", [a, b]) if shifts(a, b) || shifts(b, a) => Some(Shape { holes: true, ..Shape::RISES }),
        ("sub", [a, b]) if shifts(a, b) || (is_moment(a) && class(&a.data_type) == class(&b.data_type)) => {
            Some(Shape { turns: [false, true], holes: true, ..Shape::RISES })
        }
        ("mul", [a, b]) if numbers => {
            let positive = if is_literal(b) { sign(b)? } else { sign(a)? };
            Some(if positive { Shape::RISES } else { Shape::FALLS })
        }
        ("div", [_, b]) if numbers => Some(if sign(b)? { Shape::RISES } else { Shape::FALLS }),
        ("floor_div", [a, b]) if numbers && !is_float(&a.data_type) => {
            Some(if sign(b)? { Shape::RISES } else { Shape::FALLS })
        }
        ("neg", [a]) if class(&a.data_type) != Class::Interval => Some(Shape::FALLS),
        ("abs", [_]) => Some(Shape { folds: true, ..Shape::RISES }),
        ("floor" | "ceil" | "trunc" | "sign", [_]) => Some(Shape::RISES),
        ("sqrt", [_]) => Some(Shape { new_nan: NewNan::OfNegatives, ..Shape::RISES }),
        ("extract", [unit, value]) if is_even(&value.data_type) => {
            let TypedKind::Literal(unit) = &unit.kind else { return None };
            let Scalar::Bytes(unit) = Scalar::read(unit.as_ref())? else { return None };
            let date = matches!(class(&value.data_type), Class::Date | Class::Timestamp);
            (date && RISING_PARTS.iter().any(|part| part.as_bytes().eq_ignore_ascii_case(&unit)))
                .then_some(Shape::RISES)
        }
        ("date_trunc", [_, value]) if is_even(&value.data_type) => Some(Shape::RISES),
        ("left", [_, count]) => sign(count)?.then_some(Shape::RISES),
        _ => None,
    }
}

/// Whether it is a date or timestamp.
fn is_moment(expr: &Typed) -> bool {
    matches!(class(&expr.data_type), Class::Date | Class::Timestamp)
}

/// Whether local time keeps the order: clocks that are put back show an hour twice.
fn is_even(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => matches!(Zone::parse(zone), Ok(Zone::Fixed(_))),
        _ => true,
    }
}

/// Whether the second moves the first by as much wherever it stands. Months do not, nor days where clocks change; times
/// of day begin anew at midnight.
fn shifts(moment: &Typed, step: &Typed) -> bool {
    let spans = matches!(class(&moment.data_type), Class::Date | Class::Timestamp | Class::Duration);
    match class(&step.data_type) {
        Class::Duration => spans,
        Class::Integer => class(&moment.data_type) == Class::Date,
        Class::Interval if is_moment(moment) && is_even(&moment.data_type) => {
            let TypedKind::Literal(value) = &step.kind else { return false };
            *value.data_type() == DataType::Interval(IntervalUnit::MonthDayNano)
                && value.as_primitive::<IntervalMonthDayNanoType>().value(0).months == 0
        }
        _ => false,
    }
}
