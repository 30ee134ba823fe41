#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Decimal128Array, Float64Array, Int32Array, Int64Array,
    LargeStringArray, StringArray, UInt64Array,
};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use half::f16;
use proptest::prelude::*;

use crate::Settings;
use crate::testing::{Given, call, column, forms};

const OPERATORS: [&str; 6] = ["eq", "ne", "lt", "le", "gt", "ge"];

/// A row as something that has an order, or none (NaN).
fn truth(name: &str, order: Option<Ordering>) -> bool {
    match name {
        "eq" => order == Some(Ordering::Equal),
        "ne" => order != Some(Ordering::Equal),
        "lt" => order == Some(Ordering::Less),
        "le" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        "gt" => order == Some(Ordering::Greater),
        "ge" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        other => panic!("{other}"),
    }
}

fn booleans(array: &ArrayRef) -> Vec<Option<bool>> {
    array.as_boolean().iter().collect()
}

/// Checks all operators of all forms of two columns, whose rows are given as the reference has them.
fn agree<T: PartialOrd + Clone>(a: &ArrayRef, b: &ArrayRef, x: &[Option<T>], y: &[Option<T>]) {
    let rows = x.len();
    let is_nan = |v: &T| v.partial_cmp(v).is_none();
    for (l, r) in forms(a, b) {
        let row = |given: &Given, rows: &[Option<T>], i: usize| match given {
            Given::Column(_) => rows[i].clone(),
            Given::Literal(_) => rows[0].clone(),
        };
        let pairs: Vec<_> = (0..rows).map(|i| (row(&l, x, i), row(&r, y, i))).collect();
        for name in OPERATORS {
            let expected: Vec<Option<bool>> =
                pairs.iter().map(|(p, q)| Some(truth(name, p.as_ref()?.partial_cmp(q.as_ref()?)))).collect();
            let found = call(name, &[l.clone(), r.clone()], rows, Settings::default()).unwrap();
            assert_eq!(booleans(&found), expected, "{name} {l:?} {r:?}");
        }
        let same: Vec<Option<bool>> = pairs
            .iter()
            .map(|pair| match pair {
                (None, None) => Some(true),
                (Some(p), Some(q)) => Some(p == q || (is_nan(p) && is_nan(q))),
                _ => Some(false),
            })
            .collect();
        let found = call("not_distinct_from", &[l.clone(), r.clone()], rows, Settings::default()).unwrap();
        assert_eq!(booleans(&found), same, "{l:?} {r:?}");
        let distinct: Vec<Option<bool>> = same.iter().map(|s| s.map(|s| !s)).collect();
        let found = call("distinct_from", &[l.clone(), r.clone()], rows, Settings::default()).unwrap();
        assert_eq!(booleans(&found), distinct);
        // Between what is on the right and what is on the left; among all that is on the right.
        let both = |v: Option<bool>, w: Option<bool>| match (v, w) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let compared =
            |name: &str, p: &Option<T>, q: &Option<T>| Some(truth(name, p.as_ref()?.partial_cmp(q.as_ref()?)));
        let expected: Vec<Option<bool>> =
            pairs.iter().map(|(p, q)| both(compared("ge", p, q), compared("le", p, p))).collect();
        let found = call("between", &[l.clone(), r.clone(), l.clone()], rows, Settings::default()).unwrap();
        assert_eq!(booleans(&found), expected, "between {l:?} {r:?}");
    }
    for count in [1, 2, 5, 40] {
        if rows < count {
            continue;
        }
        let mut given = vec![Given::Column(a.clone())];
        given.extend((0..count).map(|i| Given::Literal(b.slice(i, 1))));
        let null = y[..count].iter().any(Option::is_none);
        let expected: Vec<Option<bool>> = x
            .iter()
            .map(|p| {
                let p = p.as_ref()?;
                let found = y[..count].iter().flatten().any(|q| p == q);
                if !found && null { None } else { Some(found) }
            })
            .collect();
        let found = call("in", &given, rows, Settings::default()).unwrap();
        assert_eq!(booleans(&found), expected, "in {given:?}");
        // The same, row by row.
        let rest = given.iter_mut().skip(1);
        rest.for_each(|g| {
            if let Given::Literal(one) = g {
                let indices = arrow_array::UInt32Array::from(vec![0; rows]);
                *g = Given::Column(arrow_select::take::take(one, &indices, None).unwrap());
            }
        });
        let found = call("in", &given, rows, Settings::default()).unwrap();
        assert_eq!(booleans(&found), expected, "in {given:?}");
    }
}

type Seeds = Vec<(u8, u64, bool)>;

fn seeds() -> impl Strategy<Value = Seeds> {
    proptest::collection::vec((any::<u8>(), any::<u64>(), proptest::bool::weighted(0.85)), 0..150)
}

fn numbers<T: ArrowPrimitiveType>(a: &Seeds, b: &Seeds, offset: usize, of: impl Fn(&(u8, u64, bool)) -> T::Native)
where
    T::Native: PartialOrd,
{
    numbers_as::<T>(a, b, offset, of, |array| array);
}

fn numbers_as<T: ArrowPrimitiveType>(
    a: &Seeds,
    b: &Seeds,
    offset: usize,
    of: impl Fn(&(u8, u64, bool)) -> T::Native,
    finish: impl Fn(ArrayRef) -> ArrayRef,
) where
    T::Native: PartialOrd,
{
    let rows = a.len().min(b.len());
    let rows = |s: &Seeds| s[..rows].iter().map(|s| (of(s), s.2)).collect::<Vec<_>>();
    let (x, y) = (rows(a), rows(b));
    let some = |v: &[(T::Native, bool)]| v.iter().map(|v| v.1.then_some(v.0)).collect::<Vec<_>>();
    agree(&finish(column::<T>(&x, offset)), &finish(column::<T>(&y, offset / 3)), &some(&x), &some(&y));
}

fn float_of(seed: &(u8, u64, bool)) -> f64 {
    match seed.0 % 12 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        3 => -0.0,
        4 => 0.0,
        5 => f64::from_bits(seed.1),
        _ => (seed.1 % 9) as f64 - 4.0,
    }
}

/// Few different texts, short and long, some of them the beginning of others, some with a NUL.
fn text_of(seed: &(u8, u64, bool)) -> String {
    let all = "aab\0ébaaaaaaaaaaaaaaabcdefghijklmnop";
    let ends: Vec<usize> = all.char_indices().map(|(i, _)| i).collect();
    let start = [0, 0, 0, 3, 4][usize::from(seed.0 % 5)];
    let end = ends[(seed.1 % ends.len() as u64) as usize].max(start);
    all[start..end].to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn numbers_of_one_type(a in seeds(), b in seeds(), offset in 0_usize..70) {
        let small = |s: &(u8, u64, bool)| if s.0 % 3 == 0 { s.1 } else { s.1 % 7 };
        numbers::<Int8Type>(&a, &b, offset, |s| small(s) as i8);
        numbers::<Int16Type>(&a, &b, offset, |s| small(s) as i16);
        numbers::<Int32Type>(&a, &b, offset, |s| small(s) as i32);
        numbers::<Int64Type>(&a, &b, offset, |s| small(s) as i64);
        numbers::<UInt8Type>(&a, &b, offset, |s| small(s) as u8);
        numbers::<UInt16Type>(&a, &b, offset, |s| small(s) as u16);
        numbers::<UInt32Type>(&a, &b, offset, |s| small(s) as u32);
        numbers::<UInt64Type>(&a, &b, offset, small);
        numbers::<Float16Type>(&a, &b, offset, |s| f16::from_f64(float_of(s)));
        numbers::<Float32Type>(&a, &b, offset, |s| float_of(s) as f32);
        numbers::<Float64Type>(&a, &b, offset, float_of);
        numbers::<Date32Type>(&a, &b, offset, |s| small(s) as i32);
        numbers::<Time64MicrosecondType>(&a, &b, offset, |s| small(s) as i64);
        numbers::<TimestampNanosecondType>(&a, &b, offset, |s| small(s) as i64);
        numbers::<DurationSecondType>(&a, &b, offset, |s| small(s) as i64);
        numbers_as::<Decimal128Type>(&a, &b, offset, |s| i128::from(small(s) as i64) - 3, |array| {
            let array = array.as_primitive::<Decimal128Type>().clone();
            Arc::new(array.with_precision_and_scale(20, 4).unwrap())
        });
        numbers_as::<Decimal256Type>(&a, &b, offset, |s| arrow_buffer::i256::from_i128(small(s).into()), |array| {
            let array = array.as_primitive::<Decimal256Type>().clone();
            Arc::new(array.with_precision_and_scale(40, 4).unwrap())
        });
        // Dictionaries are tested value by value.
        let to = DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Int64));
        numbers_as::<Int64Type>(&a, &b, offset, |s| (s.1 % 7) as i64, |array| cast(&array, &to).unwrap());
    }

    #[test]
    fn texts_of_all_layouts(a in seeds(), b in seeds(), offset in 0_usize..70) {
        let rows = a.len().min(b.len());
        let of = |s: &Seeds| s[..rows].iter().map(|s| s.2.then(|| text_of(s))).collect::<Vec<_>>();
        let (x, y) = (of(&a), of(&b));
        let array = |rows: &[Option<String>], offset: usize| -> ArrayRef {
            let before = std::iter::repeat_n(Some("zzz".to_owned()), offset);
            let all: StringArray = before.chain(rows.iter().cloned()).collect();
            Arc::new(all.slice(offset, rows.len()))
        };
        let dictionary = DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8));
        let bytes = |rows: &[Option<String>]| rows.iter().map(|r| r.clone().map(String::into_bytes)).collect::<Vec<_>>();
        for to in [
            DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View, DataType::Binary, DataType::LargeBinary,
            DataType::BinaryView, dictionary,
        ] {
            let (l, r) = (cast(&array(&x, offset), &to).unwrap(), cast(&array(&y, 1), &to).unwrap());
            agree(&l, &r, &bytes(&x), &bytes(&y));
        }
    }

    #[test]
    fn booleans_and_fixed_bytes(a in seeds(), b in seeds(), offset in 0_usize..70) {
        let rows = a.len().min(b.len());
        let of = |s: &Seeds| s[..rows].iter().map(|s| s.2.then_some(s.0 % 2 == 0)).collect::<Vec<_>>();
        let (x, y) = (of(&a), of(&b));
        let array = |rows: &[Option<bool>], offset: usize| -> ArrayRef {
            let all: BooleanArray = std::iter::repeat_n(Some(true), offset).chain(rows.iter().copied()).collect();
            Arc::new(all.slice(offset, rows.len()))
        };
        agree(&array(&x, offset), &array(&y, 3), &x, &y);
        let of = |s: &Seeds| s[..rows].iter().map(|s| s.2.then(|| vec![s.0 % 3, 0, (s.1 % 2) as u8])).collect::<Vec<_>>();
        let (x, y) = (of(&a), of(&b));
        let array = |rows: &[Option<Vec<u8>>]| -> ArrayRef {
            let rows = rows.iter().cloned();
            Arc::new(arrow_array::FixedSizeBinaryArray::try_from_sparse_iter_with_size(rows, 3).unwrap())
        };
        agree(&array(&x), &array(&y), &x, &y);
    }

    #[test]
    fn mixed_integers_are_exact(a in seeds(), b in seeds(), offset in 0_usize..70) {
        let rows = a.len().min(b.len());
        let x: Vec<(u64, bool)> = a[..rows].iter().map(|s| (if s.0 % 2 == 0 { s.1 } else { s.1 % 5 }, s.2)).collect();
        let y: Vec<(i64, bool)> =
            b[..rows].iter().map(|s| (if s.0 % 2 == 0 { s.1 as i64 } else { (s.1 % 9) as i64 - 4 }, s.2)).collect();
        let (l, r) = (column::<UInt64Type>(&x, offset), column::<Int64Type>(&y, 1));
        let p: Vec<Option<i128>> = x.iter().map(|v| v.1.then_some(v.0.into())).collect();
        let q: Vec<Option<i128>> = y.iter().map(|v| v.1.then_some(v.0.into())).collect();
        for name in OPERATORS {
            for (l, r, p, q) in [(&l, &r, &p, &q), (&r, &l, &q, &p)] {
                for (f, g) in forms(l, r) {
                    let at = |g: &Given, rows: &[Option<i128>], i: usize| if let Given::Column(_) = g { rows[i] } else { rows[0] };
                    let expected: Vec<Option<bool>> = (0..rows)
                        .map(|i| Some(truth(name, Some(at(&f, p, i)?.cmp(&at(&g, q, i)?)))))
                        .collect();
                    let found = call(name, &[f, g], rows, Settings::default()).unwrap();
                    prop_assert_eq!(booleans(&found), expected);
                }
            }
        }
    }
}

fn literal(array: impl Array + 'static) -> Given {
    Given::Literal(Arc::new(array))
}

fn one(name: &str, given: &[Given]) -> Option<bool> {
    booleans(&call(name, given, 1, Settings::default()).unwrap())[0]
}

#[test]
fn of_different_types() {
    let int = |v: i64| literal(Int64Array::from(vec![v]));
    let float = |v: f64| literal(Float64Array::from(vec![v]));
    assert_eq!(one("eq", &[int(1), float(1.0)]), Some(true));
    assert_eq!(one("eq", &[literal(UInt64Array::from(vec![u64::MAX])), int(-1)]), Some(false));
    assert_eq!(one("lt", &[literal(Int32Array::from(vec![-1])), literal(UInt64Array::from(vec![0]))]), Some(true));
    let decimal = |v: i128, s: i8| literal(Decimal128Array::from(vec![v]).with_precision_and_scale(10, s).unwrap());
    assert_eq!(one("eq", &[decimal(150, 2), decimal(15, 1)]), Some(true));
    assert_eq!(one("lt", &[decimal(149, 2), decimal(15, 1)]), Some(true));
    assert_eq!(one("gt", &[int(2), decimal(199, 2)]), Some(true));
    let text = |s: &str| literal(StringArray::from(vec![s]));
    assert_eq!(one("eq", &[text("a"), literal(LargeStringArray::from(vec!["a"]))]), Some(true));
    let null = || Given::Literal(arrow_array::new_null_array(&DataType::Null, 1));
    for name in OPERATORS {
        assert_eq!(one(name, &[null(), int(1)]), None);
        assert_eq!(one(name, &[null(), null()]), None);
    }
    assert_eq!(one("not_distinct_from", &[null(), null()]), Some(true));
    assert_eq!(one("distinct_from", &[int(1), null()]), Some(true));
    assert_eq!(one("in", &[int(1), null(), int(1)]), Some(true));
    assert_eq!(one("in", &[int(2), null(), int(1)]), None);
    assert_eq!(one("in", &[null(), int(1)]), None);
    assert_eq!(one("between", &[int(2), null(), int(1)]), Some(false));
    let error = call("eq", &[int(1), text("a")], 1, Settings::default()).unwrap_err();
    assert!(error.message().starts_with("cannot take int64 and string"), "{error}");
    let second = DataType::Timestamp(TimeUnit::Second, None);
    let milli = DataType::Timestamp(TimeUnit::Millisecond, None);
    let time = |v: i64, t: &DataType| Given::Literal(cast(&Int64Array::from(vec![v]), t).unwrap());
    assert_eq!(one("eq", &[time(1, &second), time(1000, &milli)]), Some(true));
}

#[test]
fn many_items_are_looked_up() {
    // Far apart, so that they are hashed; close together, so that they are in a table; both with more rows than one word.
    for step in [1, 1_000_003] {
        let x: Vec<(i64, bool)> = (0..1000).map(|i| ((i - 500) * step, i % 10 != 0)).collect();
        let mut given = vec![Given::Column(column::<Int64Type>(&x, 3))];
        given.extend((0..100).map(|i| literal(Int64Array::from(vec![(i * 3 - 150) * step]))));
        let found = call("in", &given, 1000, Settings::default()).unwrap();
        let expected: Vec<Option<bool>> =
            x.iter().map(|(v, valid)| valid.then(|| (0..100).any(|i| (i * 3 - 150) * step == *v))).collect();
        assert_eq!(booleans(&found), expected);
    }
    let x: StringArray = (0..1000).map(|i| (i % 7 != 0).then(|| format!("key{i:04}"))).collect();
    let mut given = vec![Given::Column(Arc::new(x.clone()))];
    given.extend((0..50).map(|i| literal(StringArray::from(vec![format!("key{:04}", i * i)]))));
    let found = call("in", &given, 1000, Settings::default()).unwrap();
    let squares: Vec<String> = (0..50).map(|i| format!("key{:04}", i * i)).collect();
    let expected: Vec<Option<bool>> = x.iter().map(|v| v.map(|v| squares.iter().any(|s| s == v))).collect();
    assert_eq!(booleans(&found), expected);
}
