use super::*;
use parquet::basic::{LogicalType, Repetition};
use parquet::schema::types::{ColumnPath, Type as SchemaType};
use proptest::prelude::*;
use std::sync::Arc;

fn leaf(physical: Type, logical: Option<LogicalType>, data_type: DataType, stated: u8) -> Leaf {
    let builder = SchemaType::primitive_type_builder("x", physical).with_repetition(Repetition::OPTIONAL);
    let tp = builder.with_logical_type(logical).with_length(2).with_precision(4).with_scale(1).build().unwrap();
    Leaf::new(&ColumnDescriptor::new(Arc::new(tp), 1, 0, ColumnPath::from("x")), data_type, stated)
}

fn new<'a>(min: &'a [u8], max: &'a [u8]) -> ChunkStatistics<'a> {
    ChunkStatistics { min: Some(min), max: Some(max), ..ChunkStatistics::default() }
}

fn old<'a>(min: &'a [u8], max: &'a [u8]) -> ChunkStatistics<'a> {
    ChunkStatistics { old_min: Some(min), old_max: Some(max), ..ChunkStatistics::default() }
}

#[test]
fn bounds_are_believed_where_their_order_is_known() {
    let int = |v: i32| v.to_le_bytes();
    let (one, two, minus) = (int(1), int(2), int(-1));
    let both = |b: Bounds<'_>| (b.min.is_some(), b.max.is_some());
    let plain = leaf(Type::INT32, None, DataType::Int32, 0);
    let unsigned = |stated| leaf(Type::INT32, Some(LogicalType::integer(32, false)), DataType::UInt32, stated);
    let decimal = |stated| leaf(Type::INT32, Some(LogicalType::decimal(1, 4)), DataType::Decimal128(4, 1), stated);
    let text = |stated| leaf(Type::BYTE_ARRAY, Some(LogicalType::String), DataType::Utf8, stated);
    assert_eq!(both(plain.bounds(&new(&minus, &one))), (true, true));
    assert_eq!(both(plain.bounds(&old(&minus, &one))), (true, true));
    assert_eq!(both(plain.bounds(&new(&two, &one))), (false, false));
    assert_eq!(both(plain.bounds(&new(&one[..3], &two))), (false, true));
    for (stated, believed) in [(0, false), (1, true), (7, false)] {
        assert_eq!(unsigned(stated).bounds(&new(&one, &minus)).max.is_some(), believed);
        assert_eq!(decimal(stated).bounds(&new(&minus, &one)).max.is_some(), believed);
        assert_eq!(text(stated).bounds(&new(b"a", b"\xc3\xb6")).max.is_some(), believed);
        assert_eq!(both(text(stated).bounds(&old(b"a", b"b"))), (false, false));
        assert_eq!(both(unsigned(stated).bounds(&old(&one, &two))), (false, false));
        assert_eq!(both(decimal(stated).bounds(&old(&one, &two))), (false, false));
        assert_eq!(
            both(leaf(Type::INT96, None, DataType::Binary, stated).bounds(&new(&[0; 12], &[0; 12]))),
            (false, false)
        );
    }
    assert_eq!(both(unsigned(1).bounds(&new(&minus, &one))), (false, false));
}

#[test]
fn nan_is_no_bound() {
    let float = |stated| leaf(Type::DOUBLE, None, DataType::Float64, stated);
    let half = leaf(Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), DataType::Float16, 2);
    let (nan, one, two) = (f64::NAN.to_le_bytes(), 1f64.to_le_bytes(), 2f64.to_le_bytes());
    for stated in [0, 1, 2] {
        let bounds = float(stated).bounds(&new(&one, &two));
        assert_eq!(
            (bounds.min, bounds.max, bounds.min_exact),
            (Some(one.as_slice()), Some(two.as_slice()), Some(true))
        );
        assert_eq!(float(stated).bounds(&new(&nan, &nan)), Bounds::default());
        assert_eq!(float(stated).bounds(&new(&nan, &two)).min, None);
    }
    let h = |v: f32| <Float16Type as ArrowPrimitiveType>::Native::from_f32(v).to_le_bytes();
    assert_eq!(half.bounds(&new(&h(-2.0), &h(1.0))).min, Some(h(-2.0).as_slice()));
    assert_eq!(half.bounds(&new(&h(f32::NAN), &h(1.0))).min, None);
}

#[test]
fn decimals_in_bytes_are_signed() {
    let decimal = leaf(Type::BYTE_ARRAY, Some(LogicalType::decimal(1, 4)), DataType::Decimal128(4, 1), 1);
    // -256 and 5, of two lengths.
    let statistics = new(&[0xff, 0], &[5]);
    let bounds = decimal.bounds(&statistics);
    assert_eq!((bounds.min_exact, bounds.max.is_some()), (None, true));
    let mut text = String::new();
    assert!(write_text(&decimal, bounds.min.unwrap(), &mut text) && text == "-25.6", "{text}");
    assert_eq!(decimal.bounds(&new(&[5], &[0xff, 0])), Bounds::default());
    assert_eq!(decimal.bounds(&new(&[], &[0])).min, None);
}

proptest! {
    #[test]
    fn numbers_of_any_length(value: i64, longer in 0..4usize) {
        let mut bytes = vec![if value < 0 { 0xff } else { 0 }; longer];
        bytes.extend(value.to_be_bytes());
        prop_assert_eq!(big_endian::<8>(&bytes).map(i64::from_be_bytes), Some(value));
        prop_assert_eq!(big_endian::<16>(&bytes).map(i128::from_be_bytes), Some(value.into()));
        prop_assert_eq!(big_endian::<4>(&bytes).map(i32::from_be_bytes), i32::try_from(value).ok());
    }

    #[test]
    fn floats_have_the_text_that_arrow_gives_them(value: f64, bits: u64) {
        let leaf = leaf(Type::DOUBLE, None, DataType::Float64, 0);
        for value in [value, f64::from_bits(bits), value.round(), 1e16, 1e-5, 123456.0] {
            let mut text = String::new();
            prop_assert!(write_text(&leaf, &value.to_le_bytes(), &mut text));
            let one = array(&leaf, [Some(value.to_le_bytes().as_slice())].into_iter());
            prop_assert_eq!(text, arrow_cast::display::array_value_to_string(&one, 0).unwrap());
        }
    }
}

#[test]
fn a_bound_that_is_no_value_has_no_text() {
    // A null of this type is as long as a value.
    let long = leaf(Type::FIXED_LEN_BYTE_ARRAY, None, DataType::FixedSizeBinary(i32::MAX), 1);
    let short = leaf(Type::FIXED_LEN_BYTE_ARRAY, None, DataType::FixedSizeBinary(3), 1);
    let mut text = String::new();
    assert!(!write_text(&long, b"abc", &mut text) && text.is_empty());
    assert!(write_text(&short, b"abc", &mut text));
    assert_eq!(text, "616263");
}
