use std::hash::{DefaultHasher, Hash, Hasher};

use arrow_array::{Date32Array, Float64Array, Int64Array, ListArray, StringArray, StructArray, TimestampSecondArray};
use arrow_buffer::NullBuffer;
use arrow_schema::Field;
use pf_compute_core::parse_type;
use proptest::prelude::*;

use super::super::evolution::{common, fits};
use super::*;

fn of(text: &str) -> DataType {
    parse_type(text).unwrap()
}

#[test]
fn values_that_do_not_fit_are_errors() {
    let far: ArrayRef = Arc::new(Date32Array::from(vec![0, 400_000]));
    let e = adapt(&far, &of("timestamp(ns)")).unwrap_err();
    assert!(e.code() == Code::Arithmetic && e.message().contains("3065-03-"), "{e}");
    let far: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX / 1000 + 1]));
    assert_eq!(adapt(&far, &of("timestamp(ms)")).unwrap_err().code(), Code::Arithmetic);
    let many: ArrayRef = Arc::new(StringArray::from_iter_values((0..200).map(|i| i.to_string())));
    assert_eq!(adapt(&many, &of("dictionary(int8, utf8)")).unwrap_err().code(), Code::Arithmetic);
    let e = adapt(&many, &of("int8")).unwrap_err();
    assert!(e.code() == Code::Type && e.message() == "string does not widen to int8", "{e}");
}

#[test]
fn the_field_of_a_struct_is_named() {
    let text: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
    let inner: ArrayRef = Arc::new(StructArray::from(vec![(Arc::new(Field::new("b", DataType::Utf8, true)), text)]));
    let outer = Field::new("a", inner.data_type().clone(), true);
    let outer: ArrayRef = Arc::new(StructArray::from(vec![(Arc::new(outer), inner)]));
    let e = adapt(&outer, &of("struct(a struct(b int8))")).unwrap_err();
    assert_eq!(e.message(), "field 'a': field 'b': string does not widen to int8");
    // A null where the table has none.
    let missing = adapt(&outer, &of("struct(c int8 not null)")).unwrap_err();
    assert_eq!(missing.code(), Code::InvalidArgument);
}

#[test]
fn the_same_type_is_not_copied() {
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
    assert!(Arc::ptr_eq(&adapt(&floats, &DataType::Float64).unwrap(), &floats));
}

#[test]
fn slices_of_lists_speak_of_their_values_alone() {
    // The value that is not of the slice would not fit.
    let values = Arc::new(TimestampSecondArray::from(vec![i64::MAX, 1, 2, 3, i64::MAX]));
    let item = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths([1, 2, 0, 1, 1]);
    let nulls = NullBuffer::from(vec![true, true, false, true, true]);
    let list: ArrayRef = Arc::new(ListArray::new(item, offsets, values, Some(nulls)));
    for to in ["list(timestamp(ns))", "large_list(timestamp(ns))"] {
        assert_eq!(adapt(&list, &of(to)).unwrap_err().code(), Code::Arithmetic);
        let one = adapt(&list.slice(1, 3), &of(to)).unwrap();
        let back = adapt(&adapt(&list.slice(1, 3), &of("list(timestamp(ms))")).unwrap(), &of(to)).unwrap();
        assert_eq!((&one, one.null_count(), one.len()), (&back, 1, 3));
    }
    assert_eq!(adapt(&list.slice(5, 0), &of("large_list(timestamp(ns))")).unwrap().len(), 0);
}

#[test]
fn no_rows_and_no_fields() {
    let nothing: ArrayRef = Arc::new(StructArray::new_empty_fields(3, None));
    assert_eq!(adapt(&nothing, &of("struct(a int8)")).unwrap().logical_null_count(), 0);
    let ints: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let one: ArrayRef = Arc::new(StructArray::from(vec![(Arc::new(Field::new("a", DataType::Int64, true)), ints)]));
    assert_eq!(adapt(&one, &of("struct()")).unwrap().len(), 3);
    let fixed: ArrayRef = Arc::new(
        FixedSizeListArray::try_new_with_length(
            Arc::new(Field::new_list_field(DataType::Int64, true)),
            0,
            Arc::new(Int64Array::from(Vec::<i64>::new())),
            None,
            4,
        )
        .unwrap(),
    );
    for to in ["fixed_size_list(float64 not null, 0)", "list(int64 not null)", "large_list(int64)"] {
        let to = of(to);
        if fits(fixed.data_type(), &to).is_ok() {
            let list = adapt(&fixed, &to).unwrap();
            assert_eq!((list.len(), list.data_type()), (4, &to));
        }
    }
}

// The property: a table of any type, filled by a rule of its own, is what a file of a narrower type, filled by the same
// rule, is adapted to.

/// Types of one sort of values, any two of which may meet in a column.
const FAMILIES: &[&[&str]] = &[
    &["null", "bool"],
    &["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"],
    &["null", "int8", "uint16", "int64", "decimal32(4, 1)", "decimal64(12, 2)", "decimal(20, 5)", "decimal256(40, 0)"],
    &["null", "utf8", "large_utf8", "utf8_view", "dictionary(int8, utf8)", "dictionary(uint32, large_utf8)"],
    &["binary", "large_binary", "binary_view", "fixed_size_binary(2)", "dictionary(int16, binary)"],
    &["date32", "timestamp(s)", "timestamp(ms)", "timestamp(us)", "timestamp(ns)", "date64"],
    &["timestamp(s, 'UTC')", "timestamp(us, 'Europe/Rome')", "timestamp(ns, '+01:00')"],
    &["time32(s)", "time32(ms)", "time64(us)", "time64(ns)"],
    &["duration(s)", "duration(ms)", "duration(us)", "duration(ns)"],
];

type Pair = (DataType, DataType);

fn leaves() -> impl Strategy<Value = Pair> {
    (0..FAMILIES.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>())
        .prop_map(|(family, l, r)| (of(l.get::<&str>(FAMILIES[family])), of(r.get::<&str>(FAMILIES[family]))))
}

/// What is only null may be null.
fn field(name: &str, of: DataType, null: bool) -> Field {
    let null = null || of.is_null();
    Field::new(name, of, null)
}

/// Two types that may have one in common.
fn pairs() -> impl Strategy<Value = Pair> {
    leaves().prop_recursive(3, 16, 4, |inner| {
        let fields = prop::collection::vec((inner.clone(), any::<[bool; 4]>()), 1..4).prop_map(|fields| {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for (place, ((l, r), [in_left, in_right, null, other])) in fields.into_iter().enumerate() {
                let name = format!("f{place}");
                if in_left {
                    left.push(field(&name, l, null));
                }
                if in_right || !in_left {
                    right.insert(0, field(&name, r, other));
                }
            }
            (DataType::Struct(left.into()), DataType::Struct(right.into()))
        });
        let lists =
            (inner.clone(), 0..4_usize, 0..4_usize, any::<[bool; 2]>()).prop_map(|((l, r), lk, rk, [ln, rn])| {
                let list = |of: DataType, kind: usize, null: bool| {
                    let item = Arc::new(field(if null { "item" } else { "element" }, of, null));
                    match kind {
                        0 => DataType::List(item),
                        1 => DataType::LargeList(item),
                        size => DataType::FixedSizeList(item, size as i32),
                    }
                };
                (list(l, lk, ln), list(r, rk, rn))
            });
        let maps = (inner, any::<[bool; 2]>()).prop_map(|((l, r), [ln, rn])| {
            let map = |key: &str, value: DataType, null: bool| {
                let pair = vec![Field::new("key", of(key), false), field("value", value, null)];
                DataType::Map(Arc::new(Field::new("entries", DataType::Struct(pair.into()), false)), false)
            };
            (map("utf8", l, ln), map("large_utf8", r, rn))
        });
        prop_oneof![fields, lists, maps]
    })
}

fn rule(path: &str, row: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path, row).hash(&mut hasher);
    hasher.finish()
}

/// A column of type `to` with what a file of type `from` has: at a path and row always the same.
fn column(to: &DataType, from: &DataType, null: bool, path: &str, rows: usize) -> ArrayRef {
    use DataType as D;
    let nulls = |of: u64| null.then(|| (0..rows).map(|r| !rule(path, r).is_multiple_of(of)).collect::<NullBuffer>());
    if from.is_null() {
        return new_null_array(to, rows);
    }
    let lengths = || -> Vec<usize> {
        let length = |row| match from {
            D::FixedSizeList(_, n) => n.as_usize(),
            _ => (rule(path, row) / 7 % 3) as usize,
        };
        (0..rows).map(length).collect()
    };
    let item = |to: &FieldRef, from: &DataType| {
        let (D::List(f) | D::LargeList(f) | D::FixedSizeList(f, _)) = from else { panic!("{from}") };
        column(to.data_type(), f.data_type(), f.is_nullable(), &format!("{path}/item"), lengths().iter().sum())
    };
    match to {
        D::Struct(fields) => {
            let D::Struct(in_file) = from else { panic!("{from}") };
            let child = |field: &FieldRef| match in_file.iter().find(|f| f.name() == field.name()) {
                Some(f) => {
                    let path = format!("{path}/{}", f.name());
                    column(field.data_type(), f.data_type(), f.is_nullable(), &path, rows)
                }
                None => new_null_array(field.data_type(), rows),
            };
            let columns = fields.iter().map(child).collect();
            Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls(5), rows).unwrap())
        }
        D::List(to) => {
            let offsets = OffsetBuffer::from_lengths(lengths());
            Arc::new(GenericListArray::<i32>::new(to.clone(), offsets, item(to, from), nulls(5)))
        }
        D::LargeList(to) => {
            let offsets = OffsetBuffer::from_lengths(lengths());
            Arc::new(GenericListArray::<i64>::new(to.clone(), offsets, item(to, from), nulls(5)))
        }
        D::FixedSizeList(to, n) => Arc::new(FixedSizeListArray::new(to.clone(), *n, item(to, from), nulls(5))),
        D::Map(entries, _) => {
            let pair = |t: &DataType| match t {
                D::Map(entries, _) => match entries.data_type() {
                    D::Struct(pair) => pair.clone(),
                    other => panic!("{other}"),
                },
                other => panic!("{other}"),
            };
            let (to, from) = (pair(to), pair(from));
            let count = lengths().iter().sum();
            let part = |i: usize| {
                let path = format!("{path}/{i}");
                column(to[i].data_type(), from[i].data_type(), from[i].is_nullable(), &path, count)
            };
            let pairs = StructArray::new(to.clone(), vec![part(0), part(1)], None);
            let offsets = OffsetBuffer::from_lengths(lengths());
            Arc::new(MapArray::new(entries.clone(), offsets, pairs, nulls(5), false))
        }
        leaf => {
            let number = |row| (rule(path, row) / 11 % 90) as i64 + 10;
            let valid = |row| !null || !rule(path, row).is_multiple_of(4);
            let numbers: Int64Array = (0..rows).map(|row| valid(row).then(|| number(row))).collect();
            let via = |steps: &[&str], numbers: Int64Array| {
                let mut array: ArrayRef = Arc::new(numbers);
                for step in steps.iter().map(|s| of(s)).chain([leaf.clone()]) {
                    array = cast(&Value::Array(array), &step, false).unwrap().inner().clone();
                }
                array
            };
            match types_of(leaf) {
                D::Binary | D::LargeBinary | D::BinaryView | D::FixedSizeBinary(_) => match leaf {
                    D::FixedSizeBinary(_) => via(&["utf8", "binary"], numbers),
                    _ => via(&["utf8"], numbers),
                },
                D::Boolean => via(&[], numbers),
                D::Date32 | D::Date64 | D::Timestamp(_, None) => via(&["int32", "date32"], numbers),
                D::Timestamp(_, Some(_)) => via(&["timestamp(s, 'UTC')"], numbers),
                D::Time32(_) | D::Time64(_) => via(&["int32", "time32(s)"], numbers),
                D::Duration(_) => via(&["duration(s)"], numbers),
                D::Utf8 | D::LargeUtf8 | D::Utf8View => via(&["utf8"], numbers),
                _ => via(&[], numbers),
            }
        }
    }
}

fn types_of(leaf: &DataType) -> &DataType {
    if let DataType::Dictionary(_, values) = leaf { values } else { leaf }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_widens_keeps_its_values((left, right) in pairs(), rows in 0..20_usize, start in 0..20_usize) {
        let Ok(both) = common(&left, &right) else {
            prop_assert!(fits(&left, &right).is_err() && fits(&right, &left).is_err() && common(&right, &left).is_err());
            return Ok(());
        };
        for from in [&left, &right] {
            prop_assert_eq!(fits(from, &both), Ok(()));
            let file = column(from, from, true, "", rows);
            let table = column(&both, from, true, "", rows);
            let adapted = adapt(&file, &both).unwrap();
            prop_assert_eq!(&adapted, &table);
            let start = start.min(rows);
            prop_assert_eq!(&adapt(&file.slice(start, rows - start), &both).unwrap(), &table.slice(start, rows - start));
        }
        let other = common(&right, &left).unwrap();
        prop_assert!(fits(&other, &both).is_ok() && fits(&both, &other).is_ok(), "{} {}", both, other);
        let again = common(&both, &left);
        prop_assert_eq!(again.as_ref(), Ok(&both));
    }
}
