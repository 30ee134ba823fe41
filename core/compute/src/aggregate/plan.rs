//! What is computed of every block: masks, arguments, and which aggregates take them.

use std::any::Any;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::evaluate::{Compiled, Rows, columns_of, truths};
use crate::functions::aggregate::summary::{Read, Reading, Wanted};
use crate::{Aggregate, Argument, Call, Holistic, Implementation, Settings, Typed, TypedKind, Value, functions};

/// All aggregates of a call.
pub(super) struct Plan {
    filter: Option<Mask>,
    pub(super) groups: Vec<Group>,
}

/// A condition, and the columns that are needed of the rows where it is true.
struct Mask {
    condition: Compiled,
    columns: Vec<usize>,
}

impl Mask {
    fn new(condition: &Typed, columns: Vec<usize>, settings: Settings, inputs: usize) -> Result<Self> {
        Ok(Self { condition: Compiled::over(condition, settings, inputs)?, columns })
    }
}

/// Aggregates with the same `FILTER`.
pub(super) struct Group {
    filter: Option<Mask>,
    condition: Option<Typed>,
    arguments: Vec<Compiled>,
    sources: Vec<Typed>,
    pub(super) calls: Vec<Planned>,
    pub(super) summaries: Vec<Summarised>,
}

/// An argument that several aggregates may read from one summary.
pub(super) struct Summarised {
    pub(super) argument: usize,
    pub(super) wanted: Wanted,
}

/// An aggregate.
pub(super) struct Planned {
    /// Its position among the calls.
    pub(super) position: usize,
    pub(super) kind: Kind,
    /// Which of the group's arguments it takes.
    pub(super) arguments: Vec<usize>,
    /// Which of them are literals that a whole column has one row of.
    pub(super) constants: Vec<bool>,
    pub(super) result: DataType,
    pub(super) name: &'static str,
}

pub(super) enum Kind {
    Pieces(Box<dyn Aggregate>),
    /// Read from one of the group's summaries.
    Read(usize, Reading),
    /// The position among the plan's holistic aggregates, which are kept apart: threads share the plan.
    Holistic(usize),
}

impl Plan {
    /// The plan for `calls`, each the call of an aggregate whose arguments need no other rows; and its holistic ones.
    pub(super) fn new(
        calls: &[&Typed],
        filter: Option<&Typed>,
        settings: Settings,
        inputs: usize,
    ) -> Result<(Self, Vec<Box<dyn Holistic>>)> {
        let mut groups: Vec<Group> = Vec::new();
        let mut holistic = Vec::new();
        for (position, call) in calls.iter().enumerate() {
            let TypedKind::Call { filter, .. } = &call.kind else {
                return Err(Error::internal("only calls are aggregated"));
            };
            let found = groups.iter().position(|g| match (&g.condition, filter.as_deref()) {
                (None, None) => true,
                (Some(a), Some(b)) => same(a, b),
                _ => false,
            });
            let index = found.unwrap_or_else(|| {
                groups.push(Group {
                    filter: None,
                    condition: filter.as_deref().cloned(),
                    arguments: Vec::new(),
                    sources: Vec::new(),
                    calls: Vec::new(),
                    summaries: Vec::new(),
                });
                groups.len() - 1
            });
            groups[index].add(position, call, settings, inputs, &mut holistic)?;
        }
        for group in &mut groups {
            let columns = union(&group.sources);
            group.filter = group.condition.as_ref().map(|c| Mask::new(c, columns, settings, inputs)).transpose()?;
        }
        let needed = groups.iter().flat_map(|g| g.sources.iter().chain(&g.condition));
        let columns = union(needed);
        let filter = filter.map(|c| Mask::new(c, columns, settings, inputs)).transpose()?;
        Ok((Self { filter, groups }, holistic))
    }

    /// Hands the arguments of each group on some rows to `sink`, with the number of rows that count.
    pub(super) fn block(
        &self,
        rows: &Rows<'_>,
        mut sink: impl FnMut(usize, &[Value], usize) -> Result<()>,
    ) -> Result<()> {
        let mut kept = None;
        let Some(rows) = survivors(self.filter.as_ref(), rows, &mut kept)? else { return Ok(()) };
        for (index, group) in self.groups.iter().enumerate() {
            let mut kept = None;
            let Some(rows) = survivors(group.filter.as_ref(), &rows, &mut kept)? else { continue };
            let arguments = group.arguments.iter().map(|a| a.at(rows.columns, rows.start, rows.len));
            sink(index, &arguments.collect::<Result<Vec<_>>>()?, rows.len)?;
        }
        Ok(())
    }

    /// Whether a group takes all rows, and columns as they are.
    pub(super) fn is_plain(&self, group: &Group) -> bool {
        let plain = |e: &Typed| matches!(e.kind, TypedKind::Column(_) | TypedKind::Literal(_));
        self.filter.is_none() && group.filter.is_none() && group.sources.iter().all(plain)
    }

    /// Whether all there is to do with rows is to hand columns as they are to one state, which passes over them once.
    pub(super) fn is_one_pass(&self) -> bool {
        let [group] = self.groups.as_slice() else { return false };
        let pieces = group.calls.iter().filter(|call| matches!(call.kind, Kind::Pieces(_))).count();
        self.is_plain(group) && pieces + group.summaries.len() == 1
    }

    /// The arguments of a group on some rows, all of which count.
    pub(super) fn arguments(&self, group: usize, rows: &Rows<'_>) -> Result<Vec<Value>> {
        self.groups[group].arguments.iter().map(|a| a.at(rows.columns, rows.start, rows.len)).collect()
    }
}

impl Group {
    fn add(
        &mut self,
        position: usize,
        call: &Typed,
        settings: Settings,
        inputs: usize,
        holistic: &mut Vec<Box<dyn Holistic>>,
    ) -> Result<()> {
        let TypedKind::Call { function, arguments, distinct, .. } = &call.kind else {
            return Err(Error::internal("only calls are aggregated"));
        };
        let mut function = *function;
        if *distinct {
            let distinct = match function.name {
                "count" => functions::all().find(|f| f.name == "count_distinct"),
                "min" | "max" | "any" | "all" | "count_distinct" => Some(function),
                _ => None,
            };
            function = distinct.ok_or_else(|| {
                Error::unsupported(format!("{} at {}: DISTINCT is for count, min and max", function.name, call.at))
            })?;
        }
        let facts: Vec<Argument> = arguments.iter().map(crate::evaluate::argument).collect();
        let made = Call { arguments: &facts, result: &call.data_type, settings };
        let mut kind = match function.implementation {
            Implementation::Aggregate(make) => Kind::Pieces(make(&made)?),
            Implementation::Holistic(make) => {
                holistic.push(make(&made)?);
                Kind::Holistic(holistic.len() - 1)
            }
            _ => return Err(Error::internal(format!("{} is no aggregate", function.name))),
        };
        let mut positions = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let found = self.sources.iter().position(|s| same(s, argument));
            positions.push(match found {
                Some(at) => at,
                None => {
                    self.arguments.push(Compiled::over(argument, settings, inputs)?);
                    self.sources.push(argument.clone());
                    self.sources.len() - 1
                }
            });
        }
        if let (Kind::Pieces(aggregate), Some(argument)) = (&kind, positions.first())
            && let Some(Read(reading)) = (aggregate.as_ref() as &dyn Any).downcast_ref()
        {
            let found = self.summaries.iter().position(|s| s.argument == *argument);
            let index = found.unwrap_or_else(|| {
                self.summaries.push(Summarised { argument: *argument, wanted: Wanted::default() });
                self.summaries.len() - 1
            });
            let wanted = &mut self.summaries[index].wanted;
            *wanted = wanted.with(reading.wanted());
            kind = Kind::Read(index, *reading);
        }
        let constants = (0..arguments.len()).map(|i| function.is_constant(i)).collect();
        let result = call.data_type.clone();
        self.calls.push(Planned { position, kind, arguments: positions, constants, result, name: function.name });
        Ok(())
    }
}

/// The positions of the columns that any of `exprs` reads.
fn union<'a>(exprs: impl IntoIterator<Item = &'a Typed>) -> Vec<usize> {
    let mut columns = Vec::new();
    exprs.into_iter().for_each(|e| columns_of(e, &mut columns));
    columns
}

/// The rows for which a condition is true, if there are any. Those that had to be gathered lie in `kept`.
fn survivors<'a>(
    mask: Option<&Mask>,
    rows: &Rows<'a>,
    kept: &'a mut Option<Vec<ArrayRef>>,
) -> Result<Option<Rows<'a>>> {
    if rows.len == 0 {
        return Ok(None);
    }
    let Some(mask) = mask else { return Ok(Some(*rows)) };
    let hits = truths(&mask.condition.at(rows.columns, rows.start, rows.len)?, rows.len)?;
    let count = hits.count_set_bits();
    if count == 0 || count == rows.len {
        return Ok((count > 0).then_some(*rows));
    }
    let mut columns = rows.columns.to_vec();
    if !mask.columns.is_empty() {
        let mut builder = arrow_select::filter::FilterBuilder::new(&hits.into());
        if mask.columns.len() > 1 {
            builder = builder.optimize();
        }
        let predicate = builder.build();
        for index in &mask.columns {
            let column =
                columns.get_mut(*index).ok_or_else(|| Error::internal(format!("there is no column {index}")))?;
            *column = predicate.filter(&column.slice(rows.start, rows.len))?;
        }
    }
    let columns = kept.insert(columns);
    Ok(Some(Rows { columns, start: 0, len: count }))
}

/// Whether two expressions are the same one.
pub(super) fn same(a: &Typed, b: &Typed) -> bool {
    a.data_type == b.data_type
        && match (&a.kind, &b.kind) {
            (TypedKind::Column(a), TypedKind::Column(b)) => a == b,
            // By bits: 0.0 and -0.0 are two literals.
            (TypedKind::Literal(a), TypedKind::Literal(b)) => a.len() == b.len() && identical(a, b),
            (TypedKind::Cast { value: a, try_cast: x }, TypedKind::Cast { value: b, try_cast: y }) => {
                x == y && same(a, b)
            }
            (
                TypedKind::Call { function: f, arguments: a, distinct: d, filter: x },
                TypedKind::Call { function: g, arguments: b, distinct: e, filter: y },
            ) => {
                std::ptr::eq(*f, *g)
                    && d == e
                    && a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| same(a, b))
                    && match (x, y) {
                        (None, None) => true,
                        (Some(x), Some(y)) => same(x, y),
                        _ => false,
                    }
            }
            _ => false,
        }
}

fn identical(a: &ArrayRef, b: &ArrayRef) -> bool {
    use arrow_schema::DataType as D;
    match a.data_type() {
        // Comparison of floats takes NaN for different and zeros for equal.
        D::Float16 | D::Float32 | D::Float64 => {
            let (a, b) = (a.to_data(), b.to_data());
            a.null_count() == b.null_count()
                && (a.null_count() > 0 || format!("{:?}", a.buffers()) == format!("{:?}", b.buffers()))
        }
        _ => a == b,
    }
}
