use super::*;
use arrow_array::{BooleanArray, Int64Array, TimestampMillisecondArray, TimestampSecondArray};
use arrow_buffer::NullBuffer;

#[test]
fn structs_are_taken_apart_and_converted_inside() {
    let when = Field::new("when", DataType::Timestamp(TimeUnit::Second, None), true);
    let inner = Fields::from(vec![Field::new("n", DataType::Int64, true), when]);
    let outer = Fields::from(vec![
        Field::new("inner", DataType::Struct(inner.clone()), true),
        Field::new("b", DataType::Boolean, true),
    ]);
    let schema = Schema::new(vec![Field::new("s", DataType::Struct(outer.clone()), true)]);
    let stored = Stored::new(&schema).unwrap();
    let parts = parts(&schema, &stored.schema);
    assert_eq!(
        parts.iter().map(|p| (p.root, p.path.clone(), p.leaves)).collect::<Vec<_>>(),
        [(0, vec![0, 0], 1), (0, vec![0, 1], 1), (0, vec![1], 1)]
    );
    let nulls = NullBuffer::from(vec![true, false, true]);
    let columns: Vec<ArrayRef> =
        vec![Arc::new(Int64Array::from(vec![1, 2, 3])), Arc::new(TimestampSecondArray::from(vec![4, 5, 6]))];
    let inner: ArrayRef = Arc::new(StructArray::new(inner, columns, Some(nulls.clone())));
    let column: ArrayRef =
        Arc::new(StructArray::new(outer, vec![inner, Arc::new(BooleanArray::from(vec![true; 3]))], None));
    let got = parts[1].stored(&parts[1].of(&column).unwrap()).unwrap();
    assert_eq!(got.data_type(), parts[1].field.data_type());
    let inner = got.as_struct().column(0).as_struct();
    assert_eq!(inner.nulls(), Some(&nulls));
    assert_eq!(inner.column(0).as_ref(), &TimestampMillisecondArray::from(vec![4000, 5000, 6000]) as &dyn Array);
}

#[test]
fn too_many_seconds_are_an_error() {
    let field = Field::new("t", DataType::Timestamp(TimeUnit::Second, None), true);
    let schema = Schema::new(vec![field]);
    let part = &parts(&schema, &Stored::new(&schema).unwrap().schema)[0];
    let column: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX / 100]));
    assert_eq!(part.stored(&column).unwrap_err().code(), pf_base::Code::Arithmetic);
}
