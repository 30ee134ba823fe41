//! Trees and texts at random.

use std::sync::Arc;

use arrow_array::types::IntervalMonthDayNano;
use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, IntervalMonthDayNanoArray, Time64MicrosecondArray, Time64NanosecondArray,
    TimestampMicrosecondArray, TimestampNanosecondArray,
};
use arrow_schema::{Field, IntervalUnit, TimeUnit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::operators::{INFIX, POSTFIX};
use crate::{ExprKind, Literal, Position};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z_][a-zA-Z0-9_]{0,6}",
        1 => proptest::sample::select(vec![
            "and", "Select", "end", "date", "interval", "timestamp", "leading", "at", "filter", "over", "count", "desc",
            "position", "case", "x", "n", "e", "b", "year", "escape", "distinct", "nulls", "_",
        ]).prop_map(String::from),
        1 => any::<String>(),
        1 => "[\"`'a \\\\.\n\0é]{0,5}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "['a\"\n\0\\\\é%_-]{0,8}"]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|n| n.to_string()),
        "[0-9]{1,50}",
        "[0-9]{0,3}\\.[0-9]{1,4}([eE][+-]?[0-9]{1,3})?",
        "[0-9]{1,3}\\.?[eE][+-]?[0-9]{1,3}",
        "[0-9]{1,3}\\.",
    ]
}

fn typed() -> impl Strategy<Value = ArrayRef> {
    let zone = || proptest::option::of(Just(Arc::<str>::from("UTC")));
    prop_oneof![
        (-90_000_000..90_000_000).prop_map(|d| Arc::new(Date32Array::from(vec![d])) as ArrayRef),
        (0..86_400_000_000_i64).prop_map(|t| Arc::new(Time64MicrosecondArray::from(vec![t])) as ArrayRef),
        (0..86_400_000_000_000_i64).prop_map(|t| Arc::new(Time64NanosecondArray::from(vec![t])) as ArrayRef),
        (-8_000_000_000_000_000_000..8_000_000_000_000_000_000_i64, zone())
            .prop_map(|(t, z)| Arc::new(TimestampMicrosecondArray::from(vec![t]).with_timezone_opt(z)) as ArrayRef),
        (any::<i64>(), zone())
            .prop_map(|(t, z)| Arc::new(TimestampNanosecondArray::from(vec![t]).with_timezone_opt(z)) as ArrayRef),
        (any::<i32>(), any::<i32>(), any::<i64>()).prop_map(|(m, d, n)| {
            Arc::new(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(m, d, n)])) as ArrayRef
        }),
        vec(any::<u8>(), 0..6).prop_map(|b| Arc::new(BinaryArray::from_vec(vec![&b])) as ArrayRef),
    ]
}

fn unit() -> impl Strategy<Value = TimeUnit> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    proptest::sample::select(vec![Second, Millisecond, Microsecond, Nanosecond])
}

fn data_type() -> impl Strategy<Value = DataType> {
    use DataType as T;
    let simple = prop_oneof![
        4 => proptest::sample::select(vec![
            T::Null, T::Boolean, T::Int8, T::Int16, T::Int32, T::Int64, T::UInt8, T::UInt16, T::UInt32, T::UInt64,
            T::Float16, T::Float32, T::Float64, T::Date32, T::Date64, T::Binary, T::LargeBinary, T::BinaryView, T::Utf8,
            T::LargeUtf8, T::Utf8View, T::Interval(IntervalUnit::MonthDayNano), T::Interval(IntervalUnit::YearMonth),
            T::Interval(IntervalUnit::DayTime), T::Time32(TimeUnit::Second), T::Time32(TimeUnit::Millisecond),
            T::Time64(TimeUnit::Microsecond), T::Time64(TimeUnit::Nanosecond),
        ]),
        1 => (unit(), proptest::option::of(text())).prop_map(|(u, z)| T::Timestamp(u, z.map(Into::into))),
        1 => unit().prop_map(T::Duration),
        1 => (0..100_i32).prop_map(T::FixedSizeBinary),
        1 => (1..=9_u8, -9..=1_i8).prop_map(|(p, s)| T::Decimal32(p, s)),
        1 => (2..=18_u8, -9..=2_i8).prop_map(|(p, s)| T::Decimal64(p, s)),
        1 => (3..=38_u8, -9..=3_i8).prop_map(|(p, s)| T::Decimal128(p, s)),
        1 => (4..=76_u8, -9..=4_i8).prop_map(|(p, s)| T::Decimal256(p, s)),
    ];
    simple.prop_recursive(3, 12, 4, |inner| {
        let item = |inner: BoxedStrategy<DataType>| {
            let name = prop_oneof![3 => Just("item".to_owned()), 1 => name()];
            (name, inner, any::<bool>()).prop_map(|(name, t, null)| Arc::new(Field::new(name, t, null))).boxed()
        };
        let inner = inner.boxed();
        let item = item(inner.clone());
        prop_oneof![
            item.clone().prop_map(T::List),
            item.clone().prop_map(T::LargeList),
            item.clone().prop_map(T::ListView),
            item.clone().prop_map(T::LargeListView),
            (item.clone(), 0..9_i32).prop_map(|(i, n)| T::FixedSizeList(i, n)),
            vec(item, 0..4).prop_map(|fields| T::Struct(fields.into())),
            (inner.clone(), inner.clone(), any::<bool>(), any::<bool>()).prop_map(|(k, v, null, sorted)| {
                let fields = vec![Field::new("keys", k, false), Field::new("values", v, null)];
                T::Map(Arc::new(Field::new("entries", T::Struct(fields.into()), false)), sorted)
            }),
            inner.clone().prop_map(|v| T::Dictionary(Box::new(T::UInt16), Box::new(v))),
            inner.prop_map(|v| {
                T::RunEndEncoded(
                    Arc::new(Field::new("run_ends", T::Int32, false)),
                    Arc::new(Field::new("values", v, true)),
                )
            }),
        ]
    })
}

fn function() -> impl Strategy<Value = String> {
    let operators: Vec<String> = INFIX
        .iter()
        .map(|o| o.name)
        .chain(POSTFIX.iter().map(|(n, _)| *n))
        .chain(["not", "neg", "between", "in", "case"])
        .map(String::from)
        .collect();
    prop_oneof![
        6 => proptest::sample::select(operators),
        2 => proptest::sample::select(vec![
            "count", "sum", "cast", "try_cast", "extract", "trim", "substr", "substring", "position", "if", "left",
            "interval", "date", "filter", "select", "f",
        ]).prop_map(String::from),
        1 => name().prop_map(|n| n.to_ascii_lowercase()),
    ]
}

fn make(kind: ExprKind) -> Expr {
    Expr { kind, at: Position::default() }
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        3 => vec(name(), 1..4).prop_map(ExprKind::Column),
        1 => Just(ExprKind::Literal(Literal::Null)),
        1 => any::<bool>().prop_map(|b| ExprKind::Literal(Literal::Boolean(b))),
        2 => number().prop_map(|n| ExprKind::Literal(Literal::Number(n))),
        1 => text().prop_map(|s| ExprKind::Literal(Literal::String(s))),
        1 => typed().prop_map(|a| ExprKind::Literal(Literal::Typed(a))),
    ]
    .prop_map(make);
    leaf.prop_recursive(6, 48, 6, |inner| {
        let operator = (function(), vec(inner.clone(), 0..6)).prop_map(|(name, arguments)| {
            make(ExprKind::Call { name, arguments, named: Vec::new(), distinct: false, filter: None })
        });
        let named = proptest::collection::btree_map(name().prop_map(|n| n.to_ascii_lowercase()), inner.clone(), 0..3);
        let call = (function(), vec(inner.clone(), 0..3), named, any::<bool>(), proptest::option::of(inner.clone()))
            .prop_map(|(name, arguments, named, distinct, filter)| {
                let named: Vec<_> = named.into_iter().collect();
                // DISTINCT stands before an argument.
                let distinct = distinct && !(arguments.is_empty() && named.is_empty());
                make(ExprKind::Call { name, arguments, named, distinct, filter: filter.map(Box::new) })
            });
        let cast = (inner, data_type(), any::<bool>())
            .prop_map(|(value, to, try_cast)| make(ExprKind::Cast { value: Box::new(value), to, try_cast }));
        prop_oneof![8 => operator, 2 => call, 1 => cast]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn trees_are_read_as_they_are_written(expr in expr()) {
        let text = expr.to_string();
        let again = parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        prop_assert_eq!(&again, &expr, "{}", text);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn types_are_read_as_they_are_written(data_type in data_type()) {
        let text = crate::type_name(&data_type);
        prop_assert_eq!(parse_type(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?, data_type);
    }

    #[test]
    fn named_results_and_keys_are_read_as_they_are_written(expr in expr(), name in proptest::option::of(name()),
            descending: bool, nulls_first: bool) {
        let named = Named { name, expr: expr.clone() };
        prop_assert_eq!(&parse_named(&named.to_string()).unwrap(), &named);
        let key = SortKey { expr, descending, nulls_first };
        prop_assert_eq!(&parse_sort_key(&key.to_string()).unwrap(), &key);
    }

    #[test]
    fn any_text_is_an_expression_or_an_error(text in any::<String>()) {
        let _ = parse(&text);
        let _ = parse_type(&text);
    }

    #[test]
    fn any_words_are_an_expression_or_an_error(words in vec(proptest::sample::select(vec![
        "a", "b", "1", "'x'", "(", ")", ",", "AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "LIKE", "ESCAPE", "CASE",
        "WHEN", "THEN", "ELSE", "END", "CAST(", "AS", "int32", "::", "-", "+", "*", "=", "<", "f(", "x =>", "FILTER (WHERE",
        "count(*)", "TRIM(", "LEADING", "FROM", "FOR", "POSITION(", "SUBSTRING(", "EXTRACT(", "year", "INTERVAL", "'1 day'",
        "DATE", "'2020-01-01'", "AT TIME ZONE", "DISTINCT", ".", "||", "~", "TRUE", "time", "with", "zone", "leading",
    ]), 0..24)) {
        let text = words.join(" ");
        if let Ok(expr) = parse(&text) {
            let printed = expr.to_string();
            let again = parse(&printed).map_err(|e| TestCaseError::fail(format!("{text} -> {printed}: {e}")))?;
            prop_assert_eq!(again, expr, "{} -> {}", text, printed);
        }
    }
}
