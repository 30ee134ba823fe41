//! A predicate as its conditions.

use pf_compute_core::{Compiled, Outlook, Settings, Typed, TypedKind};

/// A predicate, taken apart once for all files.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(super) conditions: Vec<Condition>,
    pub(super) columns: Vec<Vec<usize>>,
}

/// A part of a predicate: all of them are true for the rows that match.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) typed: Typed,
    pub(super) outlook: Outlook,
    /// The columns whose bounds make a difference to it, as positions in [`Predicate::columns`].
    pub(super) looks_at: Vec<usize>,
    /// The only column that it reads, and the kernels that test that column standing alone.
    pub(super) alone: Option<(usize, Compiled)>,
}

impl Predicate {
    /// Takes a predicate apart into its conditions.
    pub(crate) fn new(predicate: &Typed, settings: Settings) -> Self {
        let mut all = Vec::new();
        conditions(predicate, &mut all);
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let conditions = all.into_iter().map(|typed| {
            let mut reads = Vec::new();
            paths(typed, &mut reads);
            for path in &reads {
                if !columns.contains(path) {
                    columns.push(path.clone());
                }
            }
            let at = |path: &Vec<usize>| columns.iter().position(|c| c == path);
            let outlook = Outlook::new(typed, settings);
            let looks_at = outlook.columns().iter().filter_map(at).collect();
            let alone = match reads.as_slice() {
                [path] => at(path).zip(Compiled::new(&standing_alone(typed), settings).ok()),
                _ => None,
            };
            Condition { typed: typed.clone(), outlook, looks_at, alone }
        });
        let conditions = conditions.collect();
        Self { conditions, columns }
    }

    /// The conditions, in the order of the predicate.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Typed> {
        self.conditions.iter().map(|c| &c.typed)
    }
}

/// The conditions that `AND` joins.
fn conditions<'a>(typed: &'a Typed, out: &mut Vec<&'a Typed>) {
    match &typed.kind {
        TypedKind::Call { function, arguments, .. } if function.name == "and" => {
            arguments.iter().for_each(|a| conditions(a, out));
        }
        _ => out.push(typed),
    }
}

/// The columns that an expression reads, each once.
fn paths(typed: &Typed, out: &mut Vec<Vec<usize>>) {
    match &typed.kind {
        TypedKind::Column(path) if out.contains(path) => {}
        TypedKind::Column(path) => out.push(path.clone()),
        TypedKind::Literal(_) => {}
        TypedKind::Cast { value, .. } => paths(value, out),
        TypedKind::Call { arguments, filter, .. } => {
            arguments.iter().chain(filter.as_deref()).for_each(|a| paths(a, out));
        }
    }
}

/// An expression that reads one column, over a table of that column alone.
fn standing_alone(typed: &Typed) -> Typed {
    let mut typed = typed.clone();
    match &mut typed.kind {
        TypedKind::Column(path) => *path = vec![0],
        TypedKind::Literal(_) => {}
        TypedKind::Cast { value, .. } => **value = standing_alone(value),
        TypedKind::Call { arguments, .. } => arguments.iter_mut().for_each(|a| *a = standing_alone(a)),
    }
    typed
}
