//! The operators: what they are called, how they are written, and which bind before which. Reading and writing text
//! both follow this table.

/// How tightly something holds its operands: of two operators beside an operand, the one of the higher level gets it.
pub(crate) type Level = u8;

pub(crate) const OR: Level = 1;
pub(crate) const AND: Level = 2;
pub(crate) const NOT: Level = 3;
pub(crate) const IS: Level = 4;
pub(crate) const COMPARISON: Level = 5;
/// `IN`, `BETWEEN`, `LIKE` and their like.
pub(crate) const MATCH: Level = 6;
pub(crate) const CONCAT: Level = 7;
pub(crate) const SUM: Level = 8;
pub(crate) const PRODUCT: Level = 9;
pub(crate) const ZONE: Level = 10;
pub(crate) const SIGN: Level = 11;
pub(crate) const CAST: Level = 12;
/// Columns, literals, calls and what stands in brackets.
pub(crate) const WHOLE: Level = 13;

/// An operator between two operands. Operators of one level are taken from left to right.
#[derive(Debug)]
pub(crate) struct Infix {
    pub(crate) name: &'static str,
    pub(crate) symbol: &'static str,
    /// How `NOT` of it is written, where it has a form of its own.
    pub(crate) negated: Option<&'static str>,
    pub(crate) level: Level,
}

const fn infix(name: &'static str, symbol: &'static str, level: Level) -> Infix {
    Infix { name, symbol, negated: None, level }
}

const fn negatable(name: &'static str, symbol: &'static str, negated: &'static str) -> Infix {
    Infix { name, symbol, negated: Some(negated), level: MATCH }
}

pub(crate) static INFIX: [Infix; 21] = [
    infix("or", "OR", OR),
    infix("and", "AND", AND),
    infix("distinct_from", "IS DISTINCT FROM", IS),
    infix("not_distinct_from", "IS NOT DISTINCT FROM", IS),
    infix("eq", "=", COMPARISON),
    infix("ne", "<>", COMPARISON),
    infix("lt", "<", COMPARISON),
    infix("le", "<=", COMPARISON),
    infix("gt", ">", COMPARISON),
    infix("ge", ">=", COMPARISON),
    negatable("like", "LIKE", "NOT LIKE"),
    negatable("ilike", "ILIKE", "NOT ILIKE"),
    negatable("regexp_like", "~", "!~"),
    infix("concat", "||", CONCAT),
    infix("add", "+", SUM),
    infix("sub", "-", SUM),
    infix("mul", "*", PRODUCT),
    infix("div", "/", PRODUCT),
    infix("floor_div", "//", PRODUCT),
    infix("mod", "%", PRODUCT),
    infix("at_time_zone", "AT TIME ZONE", ZONE),
];

/// The operator of this name.
pub(crate) fn find_infix(name: &str) -> Option<&'static Infix> {
    INFIX.iter().find(|o| o.name == name)
}

/// What is written behind its operand.
pub(crate) static POSTFIX: [(&str, &str); 6] = [
    ("is_null", "IS NULL"),
    ("is_not_null", "IS NOT NULL"),
    ("is_true", "IS TRUE"),
    ("is_not_true", "IS NOT TRUE"),
    ("is_false", "IS FALSE"),
    ("is_not_false", "IS NOT FALSE"),
];

/// Words that are no names unless they are quoted.
pub(crate) fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 26] = [
        "AND", "OR", "NOT", "IS", "IN", "BETWEEN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "CASE", "WHEN", "THEN", "ELSE",
        "END", "NULL", "TRUE", "FALSE", "AS", "DISTINCT", "FROM", "FOR", "WHERE", "SELECT", "CAST", "TRY_CAST",
    ];
    RESERVED.iter().any(|r| r.eq_ignore_ascii_case(word))
}
