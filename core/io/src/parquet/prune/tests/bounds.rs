//! What statistics are believed.

use parquet::basic::{ColumnOrder, SortOrder};
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::SchemaDescriptor;
use pf_compute_core::Scalar;

use super::super::bounds::of_chunk;
use super::*;

const SIGNED: ColumnOrder = ColumnOrder::TYPE_DEFINED_ORDER(SortOrder::SIGNED);
const UNSIGNED: ColumnOrder = ColumnOrder::TYPE_DEFINED_ORDER(SortOrder::UNSIGNED);

/// A chunk of ten rows of a column, as a message of the format has it.
fn chunk(column: &str, statistics: Statistics) -> ColumnChunkMetaData {
    let schema = parse_message_type(&format!("message m {{ {column} }}")).unwrap();
    let schema = SchemaDescriptor::new(Arc::new(schema));
    let builder = ColumnChunkMetaData::builder(schema.column(0));
    builder.set_statistics(statistics).set_num_values(10).build().unwrap()
}

fn ends(
    column: &str,
    statistics: Statistics,
    order: ColumnOrder,
    data_type: &DataType,
) -> (Option<Scalar>, Option<Scalar>) {
    let bound = of_chunk(&chunk(column, statistics), order, 10, data_type);
    (bound.min, bound.max)
}

fn int32(min: i32, max: i32, deprecated: bool) -> Statistics {
    Statistics::Int32(ValueStatistics::new(Some(min), Some(max), None, Some(0), deprecated))
}

fn bytes(min: &[u8], max: &[u8], deprecated: bool) -> Statistics {
    let value = |v: &[u8]| Some(ByteArray::from(v.to_vec()));
    Statistics::ByteArray(ValueStatistics::new(value(min), value(max), None, Some(0), deprecated))
}

fn fixed(min: &[u8], max: &[u8]) -> Statistics {
    let value = |v: &[u8]| Some(FixedLenByteArray::from(v.to_vec()));
    Statistics::FixedLenByteArray(ValueStatistics::new(value(min), value(max), None, Some(0), false))
}

fn integers(min: i128, max: i128) -> (Option<Scalar>, Option<Scalar>) {
    (Some(Scalar::Integer(min)), Some(Scalar::Integer(max)))
}

const NOTHING: (Option<Scalar>, Option<Scalar>) = (None, None);

#[test]
fn integers_are_what_their_type_makes_of_them() {
    let column = "optional int32 a;";
    assert_eq!(ends(column, int32(-5, 7, false), SIGNED, &DataType::Int32), integers(-5, 7));
    assert_eq!(ends(column, int32(-5, 7, true), SIGNED, &DataType::Int32), integers(-5, 7));
    assert_eq!(ends(column, int32(-5, 7, false), ColumnOrder::UNDEFINED, &DataType::Int32), integers(-5, 7));
    assert_eq!(ends(column, int32(-5, 7, false), ColumnOrder::UNKNOWN, &DataType::Int32), NOTHING);
    // The wrong way round, and no value of the type.
    assert_eq!(ends(column, int32(8, 7, false), SIGNED, &DataType::Int32), NOTHING);
    let narrow = "optional int32 a (INTEGER(8, true));";
    assert_eq!(ends(narrow, int32(-5, 300, false), SIGNED, &DataType::Int8), NOTHING);
    let unsigned = "optional int32 a (INTEGER(32, false));";
    assert_eq!(ends(unsigned, int32(5, -1, false), UNSIGNED, &DataType::UInt32), integers(5, u32::MAX.into()));
    assert_eq!(ends(unsigned, int32(5, 7, true), UNSIGNED, &DataType::UInt32), NOTHING);
    assert_eq!(ends(unsigned, int32(5, 7, false), ColumnOrder::UNDEFINED, &DataType::UInt32), NOTHING);
    let days = "optional int32 a (DATE);";
    assert_eq!(ends(days, int32(1, 2, false), SIGNED, &DataType::Date64), integers(86_400_000, 172_800_000));
}

#[test]
fn text_has_an_order_only_since_there_are_orders() {
    let column = "optional binary a (STRING);";
    let (low, high) = (Some(Scalar::Bytes(b"a".to_vec())), Some(Scalar::Bytes(b"\xff".to_vec())));
    assert_eq!(ends(column, bytes(b"a", b"\xff", false), UNSIGNED, &DataType::Utf8), (low.clone(), high.clone()));
    assert_eq!(ends(column, bytes(b"a", b"\xff", false), UNSIGNED, &DataType::Utf8View), (low, high));
    assert_eq!(ends(column, bytes(b"a", b"b", true), UNSIGNED, &DataType::Utf8), NOTHING);
    assert_eq!(ends(column, bytes(b"a", b"b", false), ColumnOrder::UNDEFINED, &DataType::Utf8), NOTHING);
}

#[test]
fn decimals_of_every_kind() {
    let small = DataType::Decimal128(9, 2);
    assert_eq!(ends("optional int32 a (DECIMAL(9, 2));", int32(-5, 7, false), SIGNED, &small), integers(-5, 7));
    assert_eq!(ends("optional int32 a (DECIMAL(9, 2));", int32(-5, 7, true), SIGNED, &small), NOTHING);
    let fixed_column = "optional fixed_len_byte_array(3) a (DECIMAL(6, 2));";
    let negative = fixed(&[0xff, 0xff, 0xfb], &[0, 1, 0]);
    assert_eq!(ends(fixed_column, negative.clone(), SIGNED, &DataType::Decimal128(6, 2)), integers(-5, 256));
    let wide = ends(fixed_column, negative, SIGNED, &DataType::Decimal256(6, 2));
    assert_eq!(wide.0, Some(Scalar::Wide(arrow_buffer::i256::from_i128(-5))));
    // Cut, as bytes of variable length may be without being seen.
    assert_eq!(ends(fixed_column, fixed(&[0xff, 0xff], &[0, 1]), SIGNED, &DataType::Decimal128(6, 2)), NOTHING);
    let variable = "optional binary a (DECIMAL(6, 2));";
    assert_eq!(ends(variable, bytes(&[1], &[2], false), SIGNED, &DataType::Decimal128(6, 2)), NOTHING);
}

#[test]
fn floats_may_be_nan_whatever_is_said() {
    let stats = |min: f64, max: f64, nan: Option<u64>| {
        let values = ValueStatistics::new(Some(min), Some(max), None, Some(0), false).with_nan_count(nan);
        of_chunk(&chunk("optional double a;", Statistics::Double(values)), SIGNED, 10, &DataType::Float64)
    };
    assert!(stats(0.0, 1.0, None).nan);
    assert!(!stats(0.0, 1.0, Some(0)).nan);
    assert_eq!((stats(f64::NAN, 1.0, None).min, stats(f64::NAN, 1.0, None).max), NOTHING);
    // Zero stands for both zeros.
    assert_eq!(stats(0.0, 1.0, None).min, Some(Scalar::Float(-0.0)));
    let half = "optional fixed_len_byte_array(2) a (FLOAT16);";
    let one = half::f16::from_f64(1.0).to_le_bytes();
    let float = ends(half, fixed(&one, &one), ColumnOrder::IEEE_754_TOTAL_ORDER, &DataType::Float16);
    assert_eq!(float, (Some(Scalar::Float(1.0)), Some(Scalar::Float(1.0))));
}

#[test]
fn nulls_are_counted_or_not() {
    let stats = |nulls| Statistics::Int32(ValueStatistics::new(Some(1), Some(2), None, nulls, false));
    let bound = |column: &str, nulls| of_chunk(&chunk(column, stats(nulls)), SIGNED, 10, &DataType::Int32);
    assert!(bound("optional int32 a;", None).nulls);
    assert!(bound("optional int32 a;", Some(3)).nulls);
    assert!(!bound("optional int32 a;", Some(0)).nulls);
    assert!(!bound("required int32 a;", None).nulls);
    assert_eq!(bound("optional int32 a;", Some(10)), Bound::NULL);
    assert_eq!(bound("repeated int32 a;", Some(0)), Bound::UNKNOWN);
    // Nulls of the struct may not be among those that are counted.
    assert!(bound("optional group s { optional int32 a; }", Some(0)).nulls);
}

#[test]
fn int96_has_no_bounds() {
    let value = Some(parquet::data_type::Int96::from(vec![1, 2, 3]));
    let stats = Statistics::Int96(ValueStatistics::new(value, value, None, Some(0), false));
    let bound = of_chunk(
        &chunk("optional int96 a;", stats),
        ColumnOrder::INT96_TIMESTAMP_ORDER,
        10,
        &DataType::Timestamp(arrow_schema::TimeUnit::Nanosecond, None),
    );
    assert_eq!((bound.min, bound.max, bound.nulls), (None, None, false));
}
