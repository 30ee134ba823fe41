#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::{Array, Float64Array, Int64Array, StringArray, new_null_array};
use arrow_schema::{Field, Fields};

use super::*;
use crate::{Settings, functions};

/// A type of every sort, and several of those with parameters.
pub(crate) fn every_type() -> Vec<DataType> {
    use DataType as D;
    let units = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];
    let item = || Arc::new(Field::new("item", D::Int64, true));
    let entries = Fields::from(vec![Field::new("key", D::Utf8, false), Field::new("value", D::Int64, true)]);
    let mut all = vec![
        D::Null,
        D::Boolean,
        D::Int8,
        D::Int16,
        D::Int32,
        D::Int64,
        D::UInt8,
        D::UInt16,
        D::UInt32,
        D::UInt64,
        D::Float16,
        D::Float32,
        D::Float64,
        D::Decimal32(9, 2),
        D::Decimal64(18, 4),
        D::Decimal128(10, 2),
        D::Decimal128(38, 10),
        D::Decimal128(38, 38),
        D::Decimal128(5, -2),
        D::Decimal256(76, 20),
        D::Utf8,
        D::LargeUtf8,
        D::Utf8View,
        D::Binary,
        D::LargeBinary,
        D::BinaryView,
        D::FixedSizeBinary(4),
        D::Date32,
        D::Date64,
        D::Time32(TimeUnit::Second),
        D::Time32(TimeUnit::Millisecond),
        D::Time64(TimeUnit::Microsecond),
        D::Time64(TimeUnit::Nanosecond),
        D::Interval(IntervalUnit::YearMonth),
        D::Interval(IntervalUnit::DayTime),
        D::Interval(IntervalUnit::MonthDayNano),
        D::Dictionary(Box::new(D::Int32), Box::new(D::Utf8)),
        D::Dictionary(Box::new(D::Int8), Box::new(D::Int64)),
        D::List(item()),
        D::LargeList(item()),
        D::FixedSizeList(item(), 2),
        D::Struct(Fields::from(vec![Field::new("a", D::Int64, true)])),
        D::Map(Arc::new(Field::new("entries", D::Struct(entries), false)), false),
    ];
    for unit in units {
        all.push(D::Timestamp(unit, None));
        all.push(D::Timestamp(unit, Some("Europe/Berlin".into())));
        all.push(D::Duration(unit));
    }
    all
}

fn column(data_type: DataType) -> Argument {
    Argument { data_type, constant: None, adapts: false }
}

fn literal(array: ArrayRef) -> Argument {
    let adapts = is_number(array.data_type());
    Argument { data_type: array.data_type().clone(), constant: Some(array), adapts }
}

fn integer(value: i64) -> Argument {
    literal(Arc::new(Int64Array::from(vec![value])))
}

fn float(value: f64) -> Argument {
    literal(Arc::new(Float64Array::from(vec![value])))
}

#[test]
fn numbers_have_these_types_in_common() {
    use DataType as D;
    for (a, b, both, compared) in [
        (D::Int8, D::Int32, D::Int32, D::Int32),
        (D::UInt8, D::UInt64, D::UInt64, D::UInt64),
        (D::Int8, D::UInt8, D::Int16, D::Int16),
        (D::Int64, D::UInt8, D::Int64, D::Int64),
        (D::Int8, D::UInt32, D::Int64, D::Int64),
        (D::Int8, D::UInt64, D::Int64, D::Decimal128(20, 0)),
        (D::Int16, D::Float32, D::Float32, D::Float32),
        (D::Int32, D::Float32, D::Float64, D::Float64),
        (D::UInt8, D::Float16, D::Float32, D::Float32),
        (D::Float16, D::Float16, D::Float16, D::Float16),
        (D::Float16, D::Float64, D::Float64, D::Float64),
        (D::Int8, D::Decimal128(10, 2), D::Decimal128(10, 2), D::Decimal128(10, 2)),
        (D::Int64, D::Decimal128(10, 2), D::Decimal128(21, 2), D::Decimal128(21, 2)),
        (D::Decimal128(10, 4), D::Decimal128(10, 0), D::Decimal128(14, 4), D::Decimal128(14, 4)),
        (D::Decimal128(38, 0), D::Decimal128(38, 10), D::Decimal256(48, 10), D::Decimal256(48, 10)),
        (D::Decimal32(9, 2), D::Decimal32(9, 2), D::Decimal128(9, 2), D::Decimal128(9, 2)),
        (D::Decimal128(10, 2), D::Float32, D::Float64, D::Float64),
    ] {
        for (l, r) in [(&a, &b), (&b, &a)] {
            assert_eq!(common_type(&[l.clone(), r.clone()]).as_ref(), Some(&both), "{l}, {r}");
            assert_eq!(comparison(&[column(l.clone()), column(r.clone())]).as_ref(), Some(&compared), "{l}, {r}");
        }
    }
}

#[test]
fn common_types_do_not_depend_on_the_order_of_two() {
    for a in every_type() {
        assert_eq!(common_type(&[a.clone(), DataType::Null]), Some(value_type(&a)));
        for b in every_type() {
            let (ab, ba) = (common_type(&[a.clone(), b.clone()]), common_type(&[b.clone(), a.clone()]));
            assert_eq!(ab, ba, "{a}, {b}");
            if let Some(both) = ab {
                assert!(crate::cast::can_cast(&a, &both) && crate::cast::can_cast(&b, &both), "{a}, {b}: {both}");
            }
        }
    }
}

#[test]
fn literals_take_the_types_beside_them() {
    use DataType as D;
    let beside = |t: D, l: Argument| common(&[column(t), l]).unwrap();
    assert_eq!(beside(D::Int8, integer(127)), D::Int8);
    assert_eq!(beside(D::Int8, integer(128)), D::Int64);
    assert_eq!(beside(D::UInt64, integer(-1)), D::Int64);
    assert_eq!(beside(D::Float32, integer(1 << 24)), D::Float32);
    assert_eq!(beside(D::Float32, integer((1 << 24) + 1)), D::Float64);
    assert_eq!(beside(D::Float32, float(0.1)), D::Float64);
    assert_eq!(beside(D::Float16, float(0.5)), D::Float16);
    assert_eq!(beside(D::Decimal128(10, 2), float(1.5)), D::Decimal128(10, 2));
    assert_eq!(beside(D::Decimal128(10, 2), float(1.255)), D::Decimal128(11, 3));
    assert_eq!(beside(D::Decimal128(10, 2), float(1e300)), D::Float64);
    assert_eq!(beside(D::Int64, float(3.0)), D::Float64);
    assert_eq!(comparison(&[column(D::Int64), float(3.0)]), Some(D::Int64));
    assert_eq!(comparison(&[column(D::Int64), float(3.5)]), Some(D::Float64));
    assert_eq!(comparison(&[column(D::UInt64), integer(-1)]), Some(D::Decimal128(20, 0)));
    let text = || literal(Arc::new(StringArray::from(vec!["2020-01-01"])));
    assert_eq!(beside(D::Date32, text()), D::Date32);
    assert_eq!(beside(D::Utf8View, text()), D::Utf8View);
    assert_eq!(common(&[column(D::Int64), text()]), None);
    assert_eq!(common(&[column(D::Date32), column(D::Utf8)]), None);
}

#[test]
fn arithmetic_gives_these_types() {
    use DataType as D;
    let of = |operator, l: D, r: D| arithmetic(operator, &column(l), &column(r)).map(|b| b.result);
    assert_eq!(of(Operator::Add, D::Int8, D::Int16), Some(D::Int16));
    assert_eq!(of(Operator::Div, D::Int8, D::Int16), Some(D::Float64));
    assert_eq!(of(Operator::Div, D::Float32, D::Int16), Some(D::Float32));
    assert_eq!(of(Operator::FloorDiv, D::Int8, D::Int16), Some(D::Int16));
    assert_eq!(of(Operator::Add, D::Decimal128(10, 2), D::Int8), Some(D::Decimal128(11, 2)));
    assert_eq!(of(Operator::Mul, D::Decimal128(10, 2), D::Decimal128(5, 1)), Some(D::Decimal128(16, 3)));
    assert_eq!(of(Operator::Mul, D::Decimal128(38, 20), D::Decimal128(38, 20)), None);
    assert_eq!(of(Operator::Add, D::Null, D::Null), Some(D::Int64));
    assert_eq!(of(Operator::Add, D::Utf8, D::Int64), None);
    for l in every_type() {
        for r in every_type() {
            for operator in [Operator::Add, Operator::Mul, Operator::Div, Operator::FloorDiv, Operator::Mod] {
                let Some(binding) = arithmetic(operator, &column(l.clone()), &column(r.clone())) else { continue };
                assert!(is_number(&binding.result), "{l} {operator:?} {r}");
                for (from, to) in [&l, &r].into_iter().zip(&binding.arguments) {
                    assert!(crate::cast::can_cast(from, to), "{l} {operator:?} {r}: {from} to {to}");
                    new_null_array(to, 1);
                }
                assert_eq!(new_null_array(&binding.result, 1).len(), 1);
            }
        }
    }
}

/// For every function and every tuple of types: a binding or an error with a message, and a kernel or an error.
#[test]
fn every_function_binds_or_refuses() {
    let all = every_type();
    let mut arguments: Vec<Argument> = all.iter().cloned().map(column).collect();
    arguments.push(literal(new_null_array(&DataType::Null, 1)));
    arguments.extend([integer(1), integer(-3), float(0.5), literal(Arc::new(StringArray::from(vec!["day"])))]);
    let few: Vec<Argument> = arguments.iter().step_by(3).cloned().collect();
    for f in functions::all() {
        let required = f.parameters.iter().filter(|p| p.default.is_none()).count();
        let most = if f.parameters.last().is_some_and(|p| p.repeats) { 4 } else { f.parameters.len() };
        for count in required..=most {
            // Defaults are filled in before a function is bound.
            let filled: Vec<Argument> =
                f.parameters.iter().skip(count).filter_map(|p| crate::check::default_argument(p.default?)).collect();
            let pool: &[Argument] = if count <= 2 { &arguments } else { &few };
            let tuples = pool.len().pow(u32::try_from(count.min(3)).unwrap());
            for tuple in 0..tuples {
                let mut given: Vec<Argument> = Vec::new();
                let mut rest = tuple;
                for i in 0..count {
                    given.push(if i < 3 { pool[rest % pool.len()].clone() } else { given[i % 3].clone() });
                    rest /= pool.len();
                }
                given.extend(filled.iter().cloned());
                match (f.bind)(&given, Settings::default()) {
                    Ok(binding) => {
                        assert_eq!(binding.arguments.len(), given.len(), "{} of {}", f.name, names(&given));
                        // A conversion that there is not is for the checker to refuse, which has a test of its own.
                    }
                    Err(e) => {
                        let expected = [pf_base::Code::Type, pf_base::Code::InvalidArgument];
                        let known = expected.contains(&e.code()) || e.code() == pf_base::Code::Unsupported;
                        assert!(known && !e.message().is_empty(), "{} of {}: {e:?}", f.name, names(&given));
                    }
                }
            }
        }
    }
}
