#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Float64Array, Int64Array, RecordBatchIterator, StringArray};
use arrow_schema::DataType;
use pf_base::Code;

use super::*;
use crate::{check, parse};

fn schema() -> SchemaRef {
    let fields = vec![Field::new("x", DataType::Int64, true), Field::new("s", DataType::Utf8, false)];
    SchemaRef::new(Schema::new(fields))
}

/// Batches of these sizes of the rows 0, 1, 2 …, in which every seventh is null.
fn source(sizes: &[usize]) -> Box<dyn RecordBatchReader + Send> {
    let mut start = 0;
    let mut batches = Vec::new();
    for size in sizes {
        let rows = start..start + size;
        let x = Int64Array::from_iter(rows.clone().map(|i| (i % 7 > 0).then_some(i as i64)));
        let s = StringArray::from_iter_values(rows.map(|i| format!("s{i}")));
        batches.push(Ok(RecordBatch::try_new(schema(), vec![Arc::new(x), Arc::new(s)]).unwrap()));
        start += size;
    }
    Box::new(RecordBatchIterator::new(batches, schema()))
}

fn typed(text: &str) -> Typed {
    check(&parse(text).unwrap(), &schema(), Settings::default()).unwrap()
}

fn ints(reader: Project) -> Vec<Option<i64>> {
    let schema = reader.schema();
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().unwrap();
    assert!(batches.iter().all(|b| b.num_rows() > 0 && b.schema() == schema));
    batches.iter().flat_map(|b| b.column(0).as_primitive::<Int64Type>().iter().collect::<Vec<_>>()).collect()
}

fn cuts() -> Vec<Vec<usize>> {
    vec![vec![], vec![0], vec![200_000], vec![1000; 200], vec![0, 3, 150_000, 0, 49_997], vec![1]]
}

fn x(i: usize) -> Option<i64> {
    (i % 7 > 0).then_some(i as i64)
}

#[test]
fn order_is_kept_however_the_rows_are_cut() {
    for sizes in cuts() {
        let rows: usize = sizes.iter().sum();
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let outputs = vec![("y".to_owned(), typed("x + 1")), ("s".to_owned(), typed("s"))];
            let made = Project::new(source(&sizes), None, outputs.clone(), Settings::default(), ctx.clone()).unwrap();
            assert_eq!(made.schema().field(1), schema().field(1));
            assert_eq!(ints(made), (0..rows).map(|i| x(i).map(|x| x + 1)).collect::<Vec<_>>());
            let condition = typed("x % 10 = 3 OR x > 199990");
            let holds = |i: &usize| x(*i).is_some_and(|x| x % 10 == 3 || x > 199_990);
            let made = Project::new(source(&sizes), Some(condition.clone()), outputs, Settings::default(), ctx.clone())
                .unwrap();
            assert_eq!(ints(made), (0..rows).filter(holds).map(|i| x(i).map(|x| x + 1)).collect::<Vec<_>>());
            let made =
                Project::filter(source(&sizes), condition, Some(&[0]), Settings::default(), ctx.clone()).unwrap();
            assert_eq!(made.schema().fields().len(), 1);
            assert_eq!(ints(made), (0..rows).filter(holds).map(x).collect::<Vec<_>>());
            assert_eq!(ctx.memory().used(), 0);
        }
    }
}

#[test]
fn aggregates_inside_see_all_rows_that_are_kept() {
    for sizes in cuts() {
        let rows: usize = sizes.iter().sum();
        let ctx = Context::default().with_threads(2);
        let output = vec![("y".to_owned(), typed("x - min(x)"))];
        let made =
            Project::new(source(&sizes), Some(typed("x >= 500")), output, Settings::default(), ctx.clone()).unwrap();
        let kept = (0..rows).filter_map(x).filter(|x| *x >= 500).map(|x| Some(x - 500 - 1 + i64::from(500 % 7 > 0)));
        assert_eq!(ints(made), kept.collect::<Vec<_>>());
        assert_eq!(ctx.memory().used(), 0);
    }
}

#[test]
fn the_reader_ends_after_an_error_and_pulls_no_more() {
    let bad = RecordBatchIterator::new(
        vec![Err(ArrowError::ExternalError(Box::new(Error::corrupt("broken")))), Err(ArrowError::DivideByZero)],
        schema(),
    );
    let output = || vec![("y".to_owned(), typed("x"))];
    let mut made = Project::new(Box::new(bad), None, output(), Settings::default(), Context::default()).unwrap();
    assert_eq!(Error::from(made.next().unwrap().unwrap_err()).code(), Code::Corrupt);
    assert!(made.next().is_none());
    let output = vec![("y".to_owned(), typed("x // (x - 5)"))];
    let mut made = Project::new(source(&[10]), None, output, Settings::default(), Context::default()).unwrap();
    assert_eq!(Error::from(made.next().unwrap().unwrap_err()).code(), Code::Arithmetic);
    assert!(made.next().is_none());
    let wrong = Project::new(source(&[1]), Some(typed("x")), vec![], Settings::default(), Context::default());
    assert_eq!(wrong.unwrap_err().code(), Code::Type);
}

#[test]
fn no_columns_keep_their_rows() {
    let made = Project::new(source(&[5, 6]), Some(typed("x > 2")), vec![], Settings::default(), Context::default());
    let rows: usize = made.unwrap().map(|b| b.unwrap().num_rows()).sum();
    assert_eq!(rows, 7);
}

#[test]
fn chosen_columns_are_handed_on_unchanged() {
    let schema = Schema::new(vec![Field::new("f", DataType::Float64, true)]);
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), Some(f64::NAN), None, Some(3.0)]));
    let batch = RecordBatch::try_new(Arc::new(schema.clone()), vec![floats.clone()]).unwrap();
    let settings = Settings { nan: NanPolicy::Null, ..Settings::default() };
    for condition in ["TRUE OR f > 0", "f > min(f) - 1 OR TRUE OR f IS NULL"] {
        let condition = check(&parse(condition).unwrap(), &schema, settings).unwrap();
        let source = RecordBatchIterator::new(vec![Ok(batch.clone())], batch.schema());
        let made = Project::filter(Box::new(source), condition, None, settings, Context::default()).unwrap();
        let made: Vec<RecordBatch> = made.map(|b| b.unwrap()).collect();
        assert_eq!(made[0].num_rows(), 4);
        let floats = made[0].column(0).as_primitive::<Float64Type>();
        assert!(floats.value(1).is_nan() && floats.is_valid(1) && floats.null_count() == 1);
    }
}
