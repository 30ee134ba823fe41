//! The tree that an expression becomes: what each part can be, from what its arguments can be.

use std::cmp::Ordering;

use arrow_array::Array;
use arrow_schema::DataType;

use super::monotone::{Conversion, Monotone, conversion};
use super::{Bound, Scalar, Truth};
use crate::compare::Comparison;
use crate::types::is_float;
use crate::{Implementation, NanPolicy, Settings, Special, Typed, TypedKind};

/// A part of an expression.
#[derive(Debug)]
pub(super) enum Node {
    /// Not understood: any value, of a type that has NaN or has not.
    Unknown {
        float: bool,
    },
    Constant(Bound),
    Column {
        path: Vec<usize>,
        float: bool,
        nan_is_null: bool,
    },
    Compare(Comparison, Box<[Node; 2]>),
    /// `IS [NOT] DISTINCT FROM`: whether both are the same, or with `negated` whether they are not.
    Same {
        sides: Box<[Node; 2]>,
        negated: bool,
    },
    /// A value among literals, in order and without nulls and NaN; `null` where one of them was null.
    Member {
        value: Box<Node>,
        items: Vec<Scalar>,
        null: bool,
    },
    /// Text that begins so; where not `exact`, more is asked of it.
    Prefix {
        text: Box<Node>,
        prefix: Vec<u8>,
        exact: bool,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// `IS NULL`, with `negated` `IS NOT NULL`.
    IsNull {
        value: Box<Node>,
        negated: bool,
    },
    /// `IS TRUE` and `IS FALSE`, with `negated` their opposites.
    Is {
        wanted: bool,
        negated: bool,
        value: Box<Node>,
    },
    IsNan(Box<Node>),
    /// Conditions and values by turns, then the value for all other rows.
    Case(Vec<Node>),
    Coalesce(Vec<Node>),
    /// The same bytes in another layout; with `may_fail` some become null.
    Relabelled {
        value: Box<Node>,
        may_fail: bool,
    },
    Monotone(Monotone),
}

impl Node {
    pub(super) fn new(expr: &Typed, settings: Settings) -> Self {
        let float = is_float(&expr.data_type);
        let node = match &expr.kind {
            TypedKind::Literal(value) if value.len() == 1 => Some(Node::Constant(Bound::constant(value.as_ref()))),
            TypedKind::Literal(_) => None,
            TypedKind::Column(path) => {
                let nan_is_null = settings.nan == NanPolicy::Null;
                Some(Node::Column { path: path.clone(), float, nan_is_null })
            }
            TypedKind::Cast { value, try_cast } => of_cast(value, &expr.data_type, *try_cast, settings),
            TypedKind::Call { function, arguments, .. } => match function.implementation {
                Implementation::Special(special) => Some(of_special(special, arguments, settings)),
                Implementation::Scalar(_) => of_call(expr, function.name, arguments, settings),
                _ => None,
            },
        };
        node.unwrap_or(Node::Unknown { float })
    }

    /// What the values can be.
    pub(super) fn bound(&self, column: &dyn Fn(&[usize]) -> Bound) -> Bound {
        match self {
            Node::Unknown { float } => Bound { nan: *float, ..Bound::UNKNOWN },
            Node::Constant(bound) => bound.clone(),
            Node::Column { path, float, nan_is_null } => {
                let Bound { min, max, values, nulls, nan } = column(path);
                let nan = nan && *float;
                let known = Bound::between(min, max, nulls || (nan && *nan_is_null), nan && !*nan_is_null);
                Bound { values, ..known }
            }
            Node::Case(parts) => case(parts, column),
            Node::Coalesce(parts) => coalesce(parts, column),
            Node::Relabelled { value, may_fail } => {
                let bound = value.bound(column);
                Bound { nulls: bound.nulls || *may_fail, ..bound }
            }
            Node::Monotone(function) => function.bound(|argument| argument.bound(column)),
            _ => self.truth(column).into(),
        }
    }

    /// What a condition can be.
    pub(super) fn truth(&self, column: &dyn Fn(&[usize]) -> Bound) -> Truth {
        match self {
            Node::Compare(comparison, sides) => compare(*comparison, &sides[0].bound(column), &sides[1].bound(column)),
            Node::Same { sides, negated } => same(&sides[0].bound(column), &sides[1].bound(column), *negated),
            Node::Member { value, items, null } => member(&value.bound(column), items, *null),
            Node::Prefix { text, prefix, exact } => begins(&text.bound(column), prefix, *exact),
            Node::And(parts) => parts.iter().fold(Truth::always(true), |all, part| all.and(part.truth(column))),
            Node::Or(parts) => {
                parts.iter().fold(Truth::always(false), |any, part| any.not().and(part.truth(column).not()).not())
            }
            Node::Not(part) => part.truth(column).not(),
            Node::IsNull { value, negated } => {
                let bound = value.bound(column);
                Truth::either(bound.nulls, bound.values || bound.nan).not_if(*negated)
            }
            Node::Is { wanted, negated, value } => {
                let Truth { may_be_true, may_be_false, may_be_null } = value.truth(column);
                let (hit, miss) = if *wanted { (may_be_true, may_be_false) } else { (may_be_false, may_be_true) };
                Truth::either(hit, miss || may_be_null).not_if(*negated)
            }
            Node::IsNan(value) => {
                let bound = value.bound(column);
                Truth { may_be_null: bound.nulls, ..Truth::either(bound.nan, bound.values) }
            }
            _ => self.bound(column).into(),
        }
    }

    /// Adds the columns that are looked at.
    pub(super) fn columns(&self, out: &mut Vec<Vec<usize>>) {
        match self {
            Node::Unknown { .. } | Node::Constant(_) => {}
            Node::Column { path, .. } if out.contains(path) => {}
            Node::Column { path, .. } => out.push(path.clone()),
            Node::Compare(_, sides) | Node::Same { sides, .. } => sides.iter().for_each(|s| s.columns(out)),
            Node::And(parts) | Node::Or(parts) | Node::Case(parts) | Node::Coalesce(parts) => {
                parts.iter().for_each(|p| p.columns(out));
            }
            Node::Member { value: part, .. }
            | Node::Prefix { text: part, .. }
            | Node::Not(part)
            | Node::IsNull { value: part, .. }
            | Node::Is { value: part, .. }
            | Node::IsNan(part)
            | Node::Relabelled { value: part, .. } => part.columns(out),
            Node::Monotone(function) => function.arguments().for_each(|a| a.columns(out)),
        }
    }
}

/// A bound converted from one type to another, where a value that does not fit is an error.
pub(super) fn cast(bound: &Bound, from: &DataType, to: &DataType) -> Bound {
    let constant = Box::new(Node::Constant(bound.clone()));
    let node = match conversion(from, to) {
        Some(Conversion::Relabel { .. }) => Some(Node::Relabelled { value: constant, may_fail: false }),
        Some(Conversion::Monotone) => Some(Node::Monotone(Monotone::cast(constant, from, to, false))),
        None => None,
    };
    node.unwrap_or(Node::Unknown { float: is_float(to) }).bound(&|_| Bound::UNKNOWN)
}

#[inline(never)]
fn of_cast(value: &Typed, to: &DataType, try_cast: bool, settings: Settings) -> Option<Node> {
    let from = &value.data_type;
    let conversion = conversion(from, to)?;
    let value = Box::new(Node::new(value, settings));
    Some(match conversion {
        Conversion::Relabel { may_fail } => Node::Relabelled { value, may_fail: may_fail && try_cast },
        Conversion::Monotone => Node::Monotone(Monotone::cast(value, from, to, try_cast)),
    })
}

#[inline(never)]
fn of_special(special: Special, arguments: &[Typed], settings: Settings) -> Node {
    let parts = arguments.iter().map(|a| Node::new(a, settings)).collect();
    match special {
        Special::And => Node::And(parts),
        Special::Or => Node::Or(parts),
        Special::Case => Node::Case(parts),
        Special::Coalesce => Node::Coalesce(parts),
    }
}

#[inline(never)]
fn of_call(expr: &Typed, name: &str, arguments: &[Typed], settings: Settings) -> Option<Node> {
    let node = |i: usize| arguments.get(i).map(|a| Box::new(Node::new(a, settings)));
    let two = || Some(Box::new([*node(0)?, *node(1)?]));
    Some(match name {
        "eq" => Node::Compare(Comparison::Eq, two()?),
        "ne" => Node::Compare(Comparison::Ne, two()?),
        "lt" => Node::Compare(Comparison::Lt, two()?),
        "le" => Node::Compare(Comparison::Le, two()?),
        "gt" => Node::Compare(Comparison::Gt, two()?),
        "ge" => Node::Compare(Comparison::Ge, two()?),
        "distinct_from" => Node::Same { sides: two()?, negated: true },
        "not_distinct_from" => Node::Same { sides: two()?, negated: false },
        "between" => Node::And(vec![
            Node::Compare(Comparison::Ge, Box::new([*node(0)?, *node(1)?])),
            Node::Compare(Comparison::Le, Box::new([*node(0)?, *node(2)?])),
        ]),
        "in" => of_in(node(0)?, arguments.get(1..)?)?,
        "not" => Node::Not(node(0)?),
        "is_null" => Node::IsNull { value: node(0)?, negated: false },
        "is_not_null" => Node::IsNull { value: node(0)?, negated: true },
        "is_true" => Node::Is { wanted: true, negated: false, value: node(0)? },
        "is_not_true" => Node::Is { wanted: true, negated: true, value: node(0)? },
        "is_false" => Node::Is { wanted: false, negated: false, value: node(0)? },
        "is_not_false" => Node::Is { wanted: false, negated: true, value: node(0)? },
        "is_nan" => Node::IsNan(node(0)?),
        "starts_with" => Node::Prefix { text: node(0)?, prefix: literal(arguments.get(1)?)?, exact: true },
        "like" => {
            let pattern = String::from_utf8(literal(arguments.get(1)?)?).ok()?;
            let escape = String::from_utf8(literal(arguments.get(2)?)?).ok()?;
            let (prefix, rest) = prefix_of(&pattern, escape.chars().next())?;
            match rest {
                Rest::Nothing => {
                    let whole = Scalar::Bytes(prefix);
                    let whole = Bound::between(Some(whole.clone()), Some(whole), false, false);
                    Node::Compare(Comparison::Eq, Box::new([*node(0)?, Node::Constant(whole)]))
                }
                Rest::Anything => Node::Prefix { text: node(0)?, prefix, exact: true },
                Rest::Other => Node::Prefix { text: node(0)?, prefix, exact: false },
            }
        }
        _ => Node::Monotone(Monotone::call(expr, name, arguments, settings)?),
    })
}

/// `IN`: literals are put in order once. Items that are known only row by row are not understood.
fn of_in(value: Box<Node>, items: &[Typed]) -> Option<Node> {
    let mut sorted = Vec::with_capacity(items.len());
    let mut null = false;
    for item in items {
        let TypedKind::Literal(array) = &item.kind else { return None };
        let bound = Bound::constant(array.as_ref());
        null |= bound.nulls;
        // Neither null nor NaN, which equals nothing.
        if bound.values {
            sorted.push(bound.min?);
        }
    }
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    let ordered = sorted.windows(2).all(|pair| pair[0] <= pair[1]);
    ordered.then_some(Node::Member { value, items: sorted, null })
}

/// The text or bytes of a literal.
fn literal(expr: &Typed) -> Option<Vec<u8>> {
    let TypedKind::Literal(array) = &expr.kind else { return None };
    match Scalar::read(array.as_ref())? {
        Scalar::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}

/// What a pattern asks for after its plain beginning.
enum Rest {
    Nothing,
    Anything,
    Other,
}

/// The plain beginning of a pattern of `LIKE`; none where it ends in its escape.
fn prefix_of(pattern: &str, escape: Option<char>) -> Option<(Vec<u8>, Rest)> {
    let mut prefix = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            c if Some(c) == escape => prefix.push(characters.next()?),
            '%' => {
                let rest =
                    if characters.all(|c| c == '%' && escape != Some('%')) { Rest::Anything } else { Rest::Other };
                return Some((prefix.into_bytes(), rest));
            }
            '_' => return Some((prefix.into_bytes(), Rest::Other)),
            c => prefix.push(c),
        }
    }
    Some((prefix.into_bytes(), Rest::Nothing))
}

impl Truth {
    fn always(value: bool) -> Self {
        Self::either(value, !value)
    }

    fn either(may_be_true: bool, may_be_false: bool) -> Self {
        Self { may_be_true, may_be_false, may_be_null: false }
    }

    fn not(self) -> Self {
        Self { may_be_true: self.may_be_false, may_be_false: self.may_be_true, ..self }
    }

    fn not_if(self, negated: bool) -> Self {
        if negated { self.not() } else { self }
    }

    /// By Kleene's logic, of parts that know nothing of each other.
    fn and(self, other: Self) -> Self {
        Self {
            may_be_true: self.may_be_true && other.may_be_true,
            may_be_false: self.may_be_false || other.may_be_false,
            may_be_null: (self.may_be_null && (other.may_be_null || other.may_be_true))
                || (other.may_be_null && self.may_be_true),
        }
    }
}

impl From<Truth> for Bound {
    fn from(truth: Truth) -> Self {
        let Truth { may_be_true, may_be_false, may_be_null } = truth;
        Bound {
            min: Some(Scalar::Boolean(!may_be_false)),
            max: Some(Scalar::Boolean(may_be_true)),
            values: may_be_true || may_be_false,
            nulls: may_be_null,
            nan: false,
        }
    }
}

impl From<Bound> for Truth {
    fn from(bound: Bound) -> Self {
        Truth {
            may_be_true: bound.values && bound.max != Some(Scalar::Boolean(false)),
            may_be_false: bound.values && bound.min != Some(Scalar::Boolean(true)),
            may_be_null: bound.nulls,
        }
    }
}

/// Whether a value of one may be less than (or with `or_equal` equal to) one of the other.
fn may_be_less(a: &Bound, b: &Bound, or_equal: bool) -> bool {
    let (Some(least), Some(most)) = (&a.min, &b.max) else { return true };
    match least.partial_cmp(most) {
        Some(Ordering::Equal) => or_equal,
        Some(order) => order.is_lt(),
        None => true,
    }
}

/// Whether values of both may differ.
fn may_differ(a: &Bound, b: &Bound) -> bool {
    may_be_less(a, b, false) || may_be_less(b, a, false)
}

fn may_be_equal(a: &Bound, b: &Bound) -> bool {
    may_be_less(a, b, true) && may_be_less(b, a, true)
}

fn compare(comparison: Comparison, a: &Bound, b: &Bound) -> Truth {
    let (hit, miss) = match comparison {
        Comparison::Eq | Comparison::Same => (may_be_equal(a, b), may_differ(a, b)),
        Comparison::Ne => (may_differ(a, b), may_be_equal(a, b)),
        Comparison::Lt => (may_be_less(a, b, false), may_be_less(b, a, true)),
        Comparison::Le => (may_be_less(a, b, true), may_be_less(b, a, false)),
        Comparison::Gt => (may_be_less(b, a, false), may_be_less(a, b, true)),
        Comparison::Ge => (may_be_less(b, a, true), may_be_less(a, b, false)),
    };
    let both = a.values && b.values;
    // NaN makes every comparison false, but `<>` true.
    let nan = (a.nan && (b.values || b.nan)) || (b.nan && a.values);
    let differs = comparison == Comparison::Ne;
    Truth {
        may_be_true: (both && hit) || (nan && differs),
        may_be_false: (both && miss) || (nan && !differs),
        may_be_null: a.nulls || b.nulls,
    }
}

/// Equality in which null and NaN are values like others.
fn same(a: &Bound, b: &Bound, negated: bool) -> Truth {
    let both = a.values && b.values;
    let alike = (a.nulls && b.nulls) || (a.nan && b.nan) || (both && may_be_equal(a, b));
    let apart = |a: &Bound, b: &Bound| (a.nulls && (b.values || b.nan)) || (a.nan && (b.values || b.nulls));
    let differ = apart(a, b) || apart(b, a) || (both && may_differ(a, b));
    Truth::either(alike, differ).not_if(negated)
}

fn member(value: &Bound, items: &[Scalar], null: bool) -> Truth {
    let from = match &value.min {
        Some(min) => items.partition_point(|item| item < min),
        None => 0,
    };
    let reached =
        |item: &Scalar| value.max.as_ref().is_none_or(|max| item.partial_cmp(max).is_none_or(Ordering::is_le));
    let hit = value.values && items.get(from).is_some_and(reached);
    let one = matches!((&value.min, &value.max), (Some(min), Some(max)) if min == max);
    let found = one && items.get(from).is_some_and(|item| Some(item) == value.min.as_ref());
    let miss = (value.values && !found) || value.nan;
    Truth { may_be_true: hit, may_be_false: miss && !null, may_be_null: value.nulls || (miss && null) }
}

fn begins(text: &Bound, prefix: &[u8], exact: bool) -> Truth {
    let bytes = |scalar: &Option<Scalar>| match scalar {
        Some(Scalar::Bytes(bytes)) => Some(bytes.clone()),
        _ => None,
    };
    let (min, max) = (bytes(&text.min), bytes(&text.max));
    let begins = |end: &Option<Vec<u8>>| end.as_ref().is_some_and(|end| end.starts_with(prefix));
    // Texts that begin so lie side by side, from the prefix on.
    let below = max.as_ref().is_some_and(|max| max.as_slice() < prefix);
    let above = min.as_ref().is_some_and(|min| min.as_slice() > prefix) && !begins(&min);
    let all = exact && (prefix.is_empty() || (begins(&min) && begins(&max)));
    Truth { may_be_true: text.values && !below && !above, may_be_false: text.values && !all, may_be_null: text.nulls }
}

fn case(parts: &[Node], column: &dyn Fn(&[usize]) -> Bound) -> Bound {
    let mut result = Bound::NOTHING;
    let mut branches = parts.chunks_exact(2);
    for branch in &mut branches {
        let [condition, value] = branch else { return Bound::UNKNOWN };
        let truth = condition.truth(column);
        if truth.may_be_true {
            result = result.or(value.bound(column));
        }
        if truth.is_always_true() {
            return result;
        }
    }
    match branches.remainder() {
        [last] => result.or(last.bound(column)),
        _ => Bound::UNKNOWN,
    }
}

fn coalesce(parts: &[Node], column: &dyn Fn(&[usize]) -> Bound) -> Bound {
    let mut result = Bound { nulls: true, ..Bound::NOTHING };
    for part in parts {
        let bound = part.bound(column);
        let nulls = bound.nulls;
        result = Bound { nulls, ..result.or(bound) };
        if !nulls {
            break;
        }
    }
    result
}
