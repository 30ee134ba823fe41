use arrow_schema::Field;

use super::*;

fn predicate(text: &str) -> Predicate {
    let inner =
        DataType::Struct(vec![Field::new("x", DataType::Int32, true), Field::new("y", DataType::Int32, true)].into());
    let schema = Schema::new(vec![
        Field::new("a", DataType::Int64, true),
        Field::new("s", DataType::Utf8, true),
        Field::new("st", inner, true),
        Field::new("b", DataType::Int32, true),
    ]);
    Predicate::new(text, &schema, Settings::default()).unwrap()
}

fn column(target: DataType) -> Given {
    Given::Column(crate::parquet::decode::Column {
        name: String::new(),
        root: 0,
        leaves: Vec::new(),
        is_converted: false,
        target,
        shape: Shape::All,
        seconds: None,
    })
}

/// The columns of the table that each step decodes or makes.
fn steps_of(text: &str, constant: Option<(usize, ArrayRef)>) -> Option<Vec<Vec<usize>>> {
    let predicate = predicate(text);
    let slots = predicate.columns();
    let given = |slot: &Chosen| match &constant {
        Some((column, value)) if *column == slot.column => {
            Given::Constant(crate::parquet::decode::Constant::new(value.clone()))
        }
        _ => column([DataType::Int64, DataType::Utf8, DataType::Int32, DataType::Int32][slot.column].clone()),
    };
    let given: Vec<Given> = slots.iter().map(given).collect();
    let all: Vec<usize> = (0..predicate.pruning.conditions().count()).collect();
    let steps = predicate.bind(&slots, &given, &vec![false; slots.len()], &all).unwrap()?;
    Some(steps.iter().map(|step| step.columns.iter().map(|slot| slots[*slot].column).collect()).collect())
}

#[test]
fn conditions_are_taken_apart_and_cheap_ones_go_first() {
    let texts = predicate("a > 1 AND (s = 'x' AND b < 2) AND (a < 5 OR b = 1)").texts;
    assert_eq!(texts, ["a > 1", "s = 'x'", "b < 2", "a < 5 OR b = 1"]);
    assert_eq!(steps_of("s = 'x' AND a > 1 AND b < 2", None).unwrap(), [vec![3], vec![0], vec![1]]);
    assert_eq!(steps_of("a > 1 AND a < 9 AND s = 'x'", None).unwrap(), [vec![0], vec![1]]);
    // What may fail keeps its place.
    assert_eq!(steps_of("s = 'x' AND 10 / a > 1 AND b < 2", None).unwrap(), [vec![1], vec![0], vec![3]]);
}

#[test]
fn what_a_file_has_once_is_known_before_it_is_read() {
    let seven: ArrayRef = std::sync::Arc::new(arrow_array::Int64Array::from(vec![7]));
    let null: ArrayRef = std::sync::Arc::new(arrow_array::Int64Array::from(vec![None]));
    assert_eq!(steps_of("a = 7 AND b < 2", Some((0, seven.clone()))).unwrap(), [vec![3]]);
    assert_eq!(steps_of("a = 8 AND b < 2", Some((0, seven.clone()))), None);
    assert_eq!(steps_of("a = 7", Some((0, seven.clone()))).unwrap(), Vec::<Vec<usize>>::new());
    assert_eq!(steps_of("a = 7 AND b < 2", Some((0, null.clone()))), None);
    assert_eq!(steps_of("a IS NULL OR b < 2", Some((0, null.clone()))).unwrap(), [vec![3]]);
    assert_eq!(steps_of("a + b > 8", Some((0, seven))).unwrap(), [vec![3]]);
    assert_eq!(steps_of("1 / (a - a) > 1", Some((0, null))), None);
}

#[test]
fn columns_are_those_of_the_text_with_their_fields() {
    let columns = predicate("st.y > 1 AND a IS NULL AND st.y < 9").columns();
    assert_eq!(columns.iter().map(|chosen| chosen.column).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(columns[0].shape, Shape::of_path(&[1]));
    assert_eq!(predicate("st.y > 1 AND st IS NOT NULL").columns()[0].shape, Shape::All);
}
