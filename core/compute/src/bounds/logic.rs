//! What comparisons and connectives can be, from what their arguments can be.

use std::cmp::Ordering;

use super::{Bound, Scalar, Truth};
use crate::compare::Comparison;

impl Truth {
    /// True of every row, or false.
    pub(super) fn always(value: bool) -> Self {
        Self::either(value, !value)
    }

    /// Never null.
    pub(super) fn either(may_be_true: bool, may_be_false: bool) -> Self {
        Self { may_be_true, may_be_false, may_be_null: false }
    }

    /// Of `NOT`.
    pub(super) fn not(self) -> Self {
        Self { may_be_true: self.may_be_false, may_be_false: self.may_be_true, ..self }
    }

    /// Of `NOT`, if asked for.
    pub(super) fn not_if(self, negated: bool) -> Self {
        if negated { self.not() } else { self }
    }

    /// By Kleene's logic, of parts that know nothing of each other.
    pub(super) fn and(self, other: Self) -> Self {
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

/// A comparison of values of both.
pub(super) fn compare(comparison: Comparison, a: &Bound, b: &Bound) -> Truth {
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
pub(super) fn same(a: &Bound, b: &Bound, negated: bool) -> Truth {
    let both = a.values && b.values;
    let alike = (a.nulls && b.nulls) || (a.nan && b.nan) || (both && may_be_equal(a, b));
    let apart = |a: &Bound, b: &Bound| (a.nulls && (b.values || b.nan)) || (a.nan && (b.values || b.nulls));
    let differ = apart(a, b) || apart(b, a) || (both && may_differ(a, b));
    Truth::either(alike, differ).not_if(negated)
}

/// Whether values are among `items`, in order; with `null` one more of them is null.
pub(super) fn member(value: &Bound, items: &[Scalar], null: bool) -> Truth {
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

/// Whether text begins so; where not `exact`, more is asked of it.
pub(super) fn begins(text: &Bound, prefix: &[u8], exact: bool) -> Truth {
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
