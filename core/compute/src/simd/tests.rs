//! All levels give the same bits, in everything that asks for the best one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_data::ArrayData;
use pf_base::{Code, Context, Result};

use super::Level;
use crate::filter::tests::{Random, columns, mask};
use crate::interpret::cases::{Case, Source, column, schema};
use crate::interpret::grammar::expression;
use crate::{Settings, check, evaluate, filter, functions, parse};

thread_local! {
    /// What is best in this thread, where a test says so.
    pub(super) static FORCED: Cell<Option<Level>> = const { Cell::new(None) };
}

/// What `work` gives at each level, in this thread alone.
fn of_levels<R>(work: impl Fn(&Context) -> R) -> Vec<R> {
    let ctx = Context::default().with_threads(1);
    let of = |level| {
        FORCED.set(Some(level));
        let result = work(&ctx);
        FORCED.set(None);
        result
    };
    Level::all().into_iter().map(of).collect()
}

/// The values, which are compared byte by byte, or why there are none.
fn bits(result: Result<ArrayRef>) -> Result<ArrayData, Code> {
    result.map(|array| array.to_data()).map_err(|e| e.code())
}

fn bytes(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).map(|_| random.next() as u8).collect()
}

#[test]
fn of_expressions() {
    let mut random = Random::new(5);
    let mut compared = 0;
    for _ in 0..400 {
        let input = bytes(&mut random, 20_000);
        let mut source = Source(&input);
        let settings = source.settings();
        let text = expression(&mut source);
        let Ok(case) = Case::new(&text, settings, &mut source, 700) else { continue };
        let rows = case.columns[0].len();
        let found = of_levels(|ctx| bits(evaluate(&case.typed, &case.columns, rows, settings, ctx)));
        assert!(found.windows(2).all(|w| w[0] == w[1]), "{text}: {found:?}");
        compared += 1;
    }
    assert!(compared > 250, "{compared}");
}

#[test]
fn of_every_function_of_a_column() {
    let mut random = Random::new(6);
    let input = bytes(&mut random, 400_000);
    let (mut source, schema, rows) = (Source(&input), schema(), 700);
    let columns: Vec<ArrayRef> =
        schema.fields().iter().map(|f| column(&mut source, f, rows + 3).unwrap().slice(3, rows)).collect();
    let mut compared = 0;
    for function in functions::all() {
        for name in ["i8", "i32", "i64", "u16", "u64", "f16", "f32", "f64", "flag", "text", "view", "price", "ts_us"] {
            for arguments in [name.to_owned(), format!("{name}, {name}"), format!("{name}, 3"), format!("{name}, 0.5")]
            {
                let text = format!("\"{}\"({arguments})", function.name);
                let Ok(typed) = parse(&text).and_then(|e| check(&e, &schema, Settings::default())) else { continue };
                let found = of_levels(|ctx| bits(evaluate(&typed, &columns, rows, Settings::default(), ctx)));
                assert!(found.windows(2).all(|w| w[0] == w[1]), "{text}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1_500, "{compared}");
}

#[test]
fn of_filters() {
    for (nulls, percent) in [(0, 2), (3, 30), (0, 60), (40, 97), (0, 100)] {
        let columns: Vec<ArrayRef> = columns(3_000, nulls, 9).iter().map(|c| c.slice(5, 2_990)).collect();
        let mask = mask(3_000, percent, 3, nulls == 3, 4).slice(7, 2_990);
        for column in columns {
            let found = of_levels(|ctx| bits(filter(&[Arc::clone(&column)], &mask, ctx).map(|mut c| c.remove(0))));
            assert!(found.windows(2).all(|w| w[0] == w[1]), "{} at {percent} %", column.data_type());
        }
    }
}
