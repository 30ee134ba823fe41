//! The condition of a scan: taken apart at its `AND`s, and brought to what a file has.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_schema::{DataType, Schema};
use pf_base::{Error, Result};
use pf_compute_core::{
    Compiled, Expr, ExprKind, Implementation, Settings, Special, Typed, TypedKind, condition, parse,
};

use super::columns::{Chosen, Shape};
use crate::parquet::decode::{Given, Step};
use crate::parquet::prune;

/// A condition over the columns of the table.
#[derive(Debug)]
pub(crate) struct Predicate {
    /// The whole.
    pub(crate) typed: Typed,
    /// The same, taken apart into conditions that are all true where the whole is.
    pub(crate) pruning: prune::Predicate,
    /// The conditions as texts, or the whole as one.
    pub(crate) texts: Vec<String>,
    settings: Settings,
}

impl Predicate {
    /// The condition of a text.
    ///
    /// # Errors
    /// What parsing and checking fail with; [`Code::Unsupported`](pf_base::Code::Unsupported) for aggregates and window
    /// functions, which need all rows.
    pub(crate) fn new(text: &str, schema: &Schema, settings: Settings) -> Result<Self> {
        let typed = condition(text, schema, settings)?;
        Compiled::new(&typed, settings)?;
        let whole = parse(text)?;
        let mut parts = Vec::new();
        ands(&whole, &mut parts);
        let pruning = prune::Predicate::new(&typed, settings);
        // What is needless was left out when types were found.
        let same = pruning.conditions().count() == parts.len();
        let texts = if same { parts.into_iter().map(ToString::to_string).collect() } else { vec![whole.to_string()] };
        Ok(Self { typed, pruning, texts, settings })
    }

    /// The columns that it reads, and what of them.
    pub(crate) fn columns(&self) -> Vec<Chosen> {
        let mut chosen: Vec<Chosen> = Vec::new();
        for typed in self.pruning.conditions() {
            each_column(typed, &mut |path| {
                let Some((column, fields)) = path.split_first() else { return };
                let shape = Shape::of_path(fields);
                match chosen.iter_mut().find(|chosen| chosen.column == *column) {
                    Some(known) => known.shape = std::mem::take(&mut known.shape).union(shape),
                    None => chosen.push(Chosen { column: *column, shape }),
                }
            });
        }
        chosen
    }

    /// The steps in which rows of a file are filtered that gives the columns `slots` as `given`; those in `wanted` are
    /// needed afterwards. Conditions that are not in `open` are known to be true. Nothing where no row matches.
    ///
    /// Cheap conditions go first, but none that may fail for a value goes before one that stood left of it.
    ///
    /// # Errors
    /// What functions say of their literals.
    pub(crate) fn bind(
        &self,
        slots: &[Chosen],
        given: &[Given],
        wanted: &[bool],
        open: &[usize],
    ) -> Result<Option<Vec<Step>>> {
        let mut tests = Vec::new();
        for (_, typed) in self.pruning.conditions().enumerate().filter(|(i, _)| open.contains(i)) {
            let bound = Bind { slots, given }.expr(typed)?;
            let mut used = Vec::new();
            each_column(&bound, &mut |path| used.extend(path.first().filter(|slot| !used.contains(*slot)).copied()));
            let test = Compiled::new(&bound, self.settings)?;
            if used.is_empty() {
                // Known for the file as a whole; what fails does so when a row is tested.
                match test.block(&[], 1).map(|value| is_true(value.inner())) {
                    Ok(true) => continue,
                    Ok(false) => return Ok(None),
                    Err(_) => {}
                }
            }
            let cost = used.iter().filter_map(|slot| given.get(*slot)?.column()).map(|c| width(&c.target)).sum::<u32>();
            tests.push(Test { test, used, cost: cost + effort(&bound), fails: may_fail(&bound) });
        }
        Ok(Some(steps(order(tests), given, wanted)))
    }
}

/// A condition that is part of the whole.
struct Test {
    test: Compiled,
    used: Vec<usize>,
    cost: u32,
    fails: bool,
}

/// The cheapest first, between those that may fail.
fn order(mut tests: Vec<Test>) -> Vec<Test> {
    for run in tests.chunk_by_mut(|a, b| !a.fails && !b.fails) {
        run.sort_by_key(|test| test.cost);
    }
    tests
}

/// A step for each condition that needs another column.
fn steps(tests: Vec<Test>, given: &[Given], wanted: &[bool]) -> Vec<Step> {
    let is_decoded = |slot: &usize| given.get(*slot).is_some_and(|given| given.column().is_some());
    let mut steps: Vec<(Vec<usize>, Vec<Test>)> = Vec::new();
    let mut decoded: Vec<usize> = Vec::new();
    for test in tests {
        let new: Vec<usize> =
            test.used.iter().copied().filter(|slot| is_decoded(slot) && !decoded.contains(slot)).collect();
        decoded.extend(&new);
        match steps.last_mut() {
            Some((_, step)) if new.is_empty() => step.push(test),
            _ => steps.push((new, vec![test])),
        }
    }
    let mut needed: Vec<bool> = given.iter().enumerate().map(|(i, _)| wanted.get(i) == Some(&true)).collect();
    let mut out: Vec<Step> = Vec::with_capacity(steps.len());
    for (mut columns, tests) in steps.into_iter().rev() {
        let needed_after = needed.clone();
        for slot in tests.iter().flat_map(|test| &test.used) {
            if let Some(needed) = needed.get_mut(*slot) {
                *needed = true;
            }
            // What is not decoded is made again for every step.
            if !is_decoded(slot) && !columns.contains(slot) {
                columns.push(*slot);
            }
        }
        let tests = tests.into_iter().map(|test| test.test).collect();
        out.push(Step { columns, tests, needed_after });
    }
    out.reverse();
    out
}

/// Puts the slots of a file in the place of the table's columns.
struct Bind<'a> {
    slots: &'a [Chosen],
    given: &'a [Given],
}

impl Bind<'_> {
    fn expr(&self, expr: &Typed) -> Result<Typed> {
        let kind = match &expr.kind {
            TypedKind::Column(path) => self.column(path, &expr.data_type)?,
            TypedKind::Literal(_) => expr.kind.clone(),
            TypedKind::Cast { value, try_cast } => {
                TypedKind::Cast { value: Box::new(self.expr(value)?), try_cast: *try_cast }
            }
            TypedKind::Call { function, arguments, distinct, filter } => TypedKind::Call {
                function,
                arguments: arguments.iter().map(|argument| self.expr(argument)).collect::<Result<_>>()?,
                distinct: *distinct,
                filter: filter.as_ref().map(|filter| self.expr(filter).map(Box::new)).transpose()?,
            },
        };
        Ok(Typed { kind, ..expr.clone() })
    }

    fn column(&self, path: &[usize], data_type: &DataType) -> Result<TypedKind> {
        let unknown = || Error::internal(format!("a condition reads {path:?}, which is no column of the scan"));
        let (column, fields) = path.split_first().ok_or_else(unknown)?;
        let slot = self.slots.iter().position(|chosen| chosen.column == *column).ok_or_else(unknown)?;
        // A value that holds for the file: kernels are quicker with literals. Of dictionaries there are none.
        if let Some(Given::Constant(constant)) = self.given.get(slot)
            && !matches!(data_type, DataType::Dictionary(..))
        {
            if constant.one().logical_null_count() > 0 {
                return Ok(TypedKind::Literal(new_null_array(data_type, 1)));
            }
            if fields.is_empty() {
                return Ok(TypedKind::Literal(constant.one().clone()));
            }
        }
        let fields = self.slots[slot].shape.path(fields).ok_or_else(unknown)?;
        Ok(TypedKind::Column([vec![slot], fields].concat()))
    }
}

/// The parts of a chain of `AND`s.
fn ands<'a>(expr: &'a Expr, out: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Call { name, arguments, named, distinct: false, filter: None }
            if name == "and" && named.is_empty() =>
        {
            arguments.iter().for_each(|argument| ands(argument, out));
        }
        _ => out.push(expr),
    }
}

fn each_column(expr: &Typed, each: &mut dyn FnMut(&[usize])) {
    match &expr.kind {
        TypedKind::Column(path) => each(path),
        TypedKind::Literal(_) => {}
        TypedKind::Cast { value, .. } => each_column(value, each),
        TypedKind::Call { arguments, filter, .. } => {
            arguments.iter().for_each(|argument| each_column(argument, each));
            filter.iter().for_each(|filter| each_column(filter, each));
        }
    }
}

fn is_true(array: &ArrayRef) -> bool {
    array.as_boolean_opt().is_some_and(|array| array.iter().next().flatten() == Some(true))
}

/// What it costs to decode a value, against others.
fn width(data_type: &DataType) -> u32 {
    match data_type {
        DataType::Boolean => 1,
        DataType::Dictionary(..) => 8,
        _ => data_type.primitive_width().map_or(32, |width| width as u32),
    }
}

/// What it costs to compute, against decoding: functions of text are slow.
fn effort(expr: &Typed) -> u32 {
    match &expr.kind {
        TypedKind::Column(_) | TypedKind::Literal(_) => 0,
        TypedKind::Cast { value, .. } => 4 + effort(value),
        TypedKind::Call { function, arguments, .. } => {
            let own = match function.family {
                "comparison" | "logic" => 1,
                "string" => 32,
                _ => 4,
            };
            own + arguments.iter().map(effort).sum::<u32>()
        }
    }
}

/// Whether some value may raise an error. What is not known not to counts as if it could.
fn may_fail(expr: &Typed) -> bool {
    match &expr.kind {
        TypedKind::Column(_) | TypedKind::Literal(_) => false,
        TypedKind::Cast { .. } => true,
        TypedKind::Call { function, arguments, .. } => {
            let fails = match function.implementation {
                Implementation::Special(Special::And | Special::Or) => false,
                _ => {
                    let matches = ["like", "ilike", "starts_with", "ends_with", "contains"].contains(&function.name);
                    !(matches || ["comparison", "logic"].contains(&function.family))
                }
            };
            fails || arguments.iter().any(may_fail)
        }
    }
}

#[cfg(test)]
mod tests;
