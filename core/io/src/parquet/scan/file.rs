//! A file of a scan: opened, its row groups pruned, its columns found.

use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray, new_null_array};
use arrow_schema::{Field, Fields, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, RowSelection};
use pf_base::{Context, Error, Result};

use super::Plan;
use super::columns::{Chosen, Shape};
use super::predicate::Predicate;
use super::types::{has_int96, in_seconds};
use crate::dataset::Origin;
use crate::parquet::decode::{Column, Constant, Given, Source, Step};
use crate::parquet::fault::{Place, guarded, parquet_error};
use crate::parquet::footer::{ColumnsMetadata, Footer};
use crate::parquet::prune::{self, Counts, Input, Pruner, Supply, Verdict};

/// A file that is ready to be decoded.
#[derive(Debug)]
pub(crate) struct DataSource {
    /// Its handle and metadata.
    pub(crate) source: Source,
    /// How it gives the columns of the scan, by slot.
    pub(crate) given: Vec<Given>,
    /// The row groups that are read, in their order.
    pub(crate) groups: Vec<Group>,
}

/// What is tested of rows, one after the other.
pub(crate) type Steps = Arc<Vec<Step>>;

/// A row group that is read.
#[derive(Debug)]
pub(crate) struct Group {
    /// The position in the metadata.
    pub(crate) index: usize,
    /// The number of its first row in the file.
    pub(crate) first: i64,
    /// Its rows.
    pub(crate) rows: usize,
    /// Rows that may match, where that is known of pages.
    pub(crate) pages: Option<RowSelection>,
    /// What is tested of its rows; nothing where all are known to match.
    pub(crate) steps: Steps,
}

/// What pruning has left of files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pruned {
    pub(crate) groups: u64,
    pub(crate) groups_left: u64,
    pub(crate) rows: u64,
    pub(crate) rows_left: u64,
    /// Bytes of the column chunks that the scan needs, packed.
    pub(crate) bytes: u64,
    /// Of those, in row groups that are left.
    pub(crate) bytes_left: u64,
    /// What left row groups out.
    pub(crate) counts: Counts,
}

impl AddAssign<&Self> for Pruned {
    fn add_assign(&mut self, other: &Self) {
        self.groups += other.groups;
        self.groups_left += other.groups_left;
        self.rows = self.rows.saturating_add(other.rows);
        self.rows_left = self.rows_left.saturating_add(other.rows_left);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.bytes_left = self.bytes_left.saturating_add(other.bytes_left);
        self.counts += &other.counts;
    }
}

impl DataSource {
    /// Opens a file of the plan by its number in the dataset.
    ///
    /// # Errors
    /// Those of its footer; [`Code::Type`](pf_base::Code::Type) for columns that do not go with the table;
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for row groups that it has not.
    pub(crate) fn open(plan: &Plan, file: usize, read: &Arc<AtomicU64>, ctx: &Context) -> Result<(Self, Pruned)> {
        let known = plan.dataset.files.get(file).ok_or_else(|| Error::internal(format!("there is no file {file}")))?;
        let footer = Footer::read(&known.path, ctx)?;
        let schema = plan.file_schema(&footer, ctx)?;
        let wanted: Vec<usize> = plan.slots.iter().map(|slot| slot.column).collect();
        let origins = plan.dataset.origins_of(&wanted, file, &schema)?;
        let mut roots: Vec<usize> = origins.iter().filter_map(root).collect();
        roots.sort_unstable();
        roots.dedup();
        let numbers = group_numbers(plan, &footer)?;
        let firsts = first_rows(&footer, numbers.as_deref(), ctx)?;
        let columns = footer.metadata(Some(&roots), numbers.as_deref(), ctx)?;
        let fields: Fields = roots.iter().filter_map(|root| schema.fields().get(*root).cloned()).collect();
        let opening = Opening { plan, footer: &footer, columns: &columns, roots: &roots, fields: &fields };
        let given = plan.slots.iter().zip(&origins).map(|(slot, origin)| opening.given(slot, origin));
        let given: Vec<Given> = given.collect::<Result<_>>()?;
        let source = Source {
            path: known.path.clone(),
            file: Arc::new(footer.open()?),
            size: footer.file_size(),
            metadata: opening.reader(&fields)?,
            numbers,
            read: read.clone(),
        };
        let mut opened = Self { source, given, groups: Vec::new() };
        let mut pruned = opened.groups(&firsts)?;
        if let Some(predicate) = &plan.predicate {
            pruned.counts = opened.prune(plan, predicate, ctx)?;
        }
        for group in &opened.groups {
            pruned.bytes_left = pruned.bytes_left.saturating_add(opened.packed(group.index));
            pruned.rows_left = pruned.rows_left.saturating_add(group.rows_left() as u64);
        }
        pruned.groups_left = opened.groups.len() as u64;
        Ok((opened, pruned))
    }

    /// Takes up all row groups, of which the first rows in the file are `firsts`.
    fn groups(&mut self, firsts: &[i64]) -> Result<Pruned> {
        let mut pruned = Pruned { groups: firsts.len() as u64, ..Pruned::default() };
        for (index, first) in firsts.iter().enumerate() {
            let rows = self.source.rows(index)?;
            self.groups.push(Group { index, first: *first, rows, pages: None, steps: Arc::default() });
            pruned.rows = pruned.rows.saturating_add(rows as u64);
            pruned.bytes = pruned.bytes.saturating_add(self.packed(index));
        }
        Ok(pruned)
    }

    /// Leaves out row groups and pages that cannot match, and finds what is tested of the others.
    fn prune(&mut self, plan: &Plan, predicate: &Predicate, ctx: &Context) -> Result<Counts> {
        let Source { path, file, size, metadata, numbers, .. } = &self.source;
        let input = Input { path, file, size: *size, metadata: metadata.metadata(), numbers: numbers.as_deref() };
        let (slots, given) = (&plan.slots[..plan.tested], &self.given[..plan.tested]);
        let supply = |path: &[usize]| supply(path, slots, given, metadata);
        let pruner = Pruner::new(input, &predicate.pruning, supply, plan.options.switches);
        let decisions = pruner.groups(ctx)?;
        let wanted = plan.is_output();
        let mut counts = Counts::default();
        let mut bound: Vec<(Vec<usize>, Option<Steps>)> = Vec::new();
        let mut left = Vec::with_capacity(self.groups.len());
        for (mut group, decision) in std::mem::take(&mut self.groups).into_iter().zip(decisions) {
            counts += &decision;
            let Verdict::Read { selection, conditions } = decision.verdict else { continue };
            let steps = match bound.iter().find(|(open, _)| *open == conditions) {
                Some((_, steps)) => steps.clone(),
                None => {
                    let steps = predicate.bind(slots, given, &wanted, &conditions)?.map(Arc::new);
                    bound.push((conditions, steps.clone()));
                    steps
                }
            };
            if let Some(steps) = steps {
                group.pages = selection;
                group.steps = steps;
                left.push(group);
            }
        }
        self.groups = left;
        Ok(counts)
    }

    fn packed(&self, group: usize) -> u64 {
        self.source.packed(group, self.given.iter().filter_map(Given::column))
    }
}

impl Group {
    /// Rows that may match by what is known of pages.
    fn rows_left(&self) -> usize {
        self.pages.as_ref().map_or(self.rows, RowSelection::row_count)
    }
}

/// Where a file has a column, or a field of one, of the predicate.
fn supply(path: &[usize], slots: &[Chosen], given: &[Given], metadata: &ArrowReaderMetadata) -> Supply {
    let Some((column, fields)) = path.split_first() else { return Supply::Unknown };
    let slot = slots.iter().position(|slot| slot.column == *column);
    match slot.and_then(|slot| given.get(slot)) {
        Some(Given::Constant(constant)) if constant.one().logical_null_count() > 0 => Supply::Missing,
        Some(Given::Constant(constant)) if fields.is_empty() => Supply::Constant(constant.one().clone()),
        Some(Given::Column(column)) if fields.is_empty() || !column.is_converted => {
            let path = [&[column.root], fields].concat();
            let Some((leaf, data_type)) = prune::leaf(metadata.schema(), metadata.metadata(), &path) else {
                return Supply::Unknown;
            };
            let to = column.is_converted.then(|| column.target.clone());
            Supply::Leaf { leaf, data_type, to }
        }
        _ => Supply::Unknown,
    }
}

/// The column of the file.
fn root(origin: &Origin) -> Option<usize> {
    match origin {
        Origin::Column { root, .. } => Some(*root),
        _ => None,
    }
}

/// The row groups that are asked for; nothing for all.
fn group_numbers(plan: &Plan, footer: &Footer) -> Result<Option<Vec<usize>>> {
    let Some(numbers) = &plan.row_groups else { return Ok(None) };
    match numbers.iter().find(|number| **number >= footer.num_row_groups()) {
        None => Ok(Some(numbers.clone())),
        Some(number) => Err(Error::invalid_argument(format!(
            "{}: there is no row group {number}; it has {}",
            footer.path().display(),
            footer.num_row_groups()
        ))),
    }
}

/// The numbers of the first rows of these row groups (all without) in the file.
fn first_rows(footer: &Footer, numbers: Option<&[usize]>, ctx: &Context) -> Result<Vec<i64>> {
    let mut next = 0i64;
    let mut all = Vec::with_capacity(footer.num_row_groups());
    for group in &footer.index(ctx)?.groups {
        all.push(next);
        next = next.saturating_add_unsigned(group.num_rows);
    }
    Ok(match numbers {
        None => all,
        Some(numbers) => numbers.iter().filter_map(|number| all.get(*number)).copied().collect(),
    })
}

/// What is known of a file while its columns are found.
struct Opening<'a> {
    plan: &'a Plan,
    footer: &'a Footer,
    columns: &'a ColumnsMetadata,
    /// The positions in the file of the columns in `columns`.
    roots: &'a [usize],
    /// The types in which they are read.
    fields: &'a Fields,
}

impl Opening<'_> {
    /// The reader's view of the columns, in these types.
    fn reader(&self, fields: &Fields) -> Result<ArrowReaderMetadata> {
        let place = Place::from(self.footer.path());
        let same = fields == self.columns.schema.fields();
        guarded(place, || {
            let options = match same {
                true => ArrowReaderOptions::new(),
                false => ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields.clone()))),
            };
            ArrowReaderMetadata::try_new(self.columns.metadata.clone(), options).map_err(|e| parquet_error(place, &e))
        })
    }

    fn given(&self, slot: &Chosen, origin: &Origin) -> Result<Given> {
        let field = self.plan.dataset.schema.field(slot.column);
        Ok(match origin {
            Origin::Column { root, cast } => Given::Column(self.column(slot, field, *root, cast.is_some())?),
            Origin::Missing => {
                Given::Constant(Constant::new(new_null_array(&slot.shape.of_type(field.data_type()), 1)))
            }
            Origin::Constant(value) => Given::Constant(Constant::new(value.clone())),
            Origin::FilePath => {
                let text: ArrayRef = Arc::new(StringArray::from_iter_values([self.footer.path().to_string_lossy()]));
                let one =
                    DictionaryArray::<arrow_array::types::Int32Type>::try_new(Int32Array::from_value(0, 1), text)?;
                Given::Constant(Constant::new(Arc::new(one)))
            }
            Origin::RowNumber => Given::RowNumber,
        })
    }

    fn column(&self, slot: &Chosen, field: &Field, root: usize, cast: bool) -> Result<Column> {
        let lost = || Error::internal(format!("column '{}' is not in the metadata", field.name()));
        let at = self.roots.binary_search(&root).map_err(|_| lost())?;
        let parquet = self.columns.metadata.file_metadata().schema_descr();
        let kind = parquet.root_schema().get_fields().get(at).ok_or_else(lost)?;
        let first = (0..parquet.num_columns()).find(|leaf| parquet.get_column_root_idx(*leaf) == at);
        let first = first.ok_or_else(lost)?;
        let seconds = match self.fields.get(at).filter(|_| has_int96(parquet)) {
            Some(own) => in_seconds(own, parquet, first).map(|seconds| self.with(at, seconds)).transpose()?,
            None => None,
        };
        // Fields of another type are known by name only once they are decoded.
        let (leaves, target, shape) = match cast {
            true => (Shape::All.leaves(kind, first), field.data_type().clone(), slot.shape.clone()),
            false => (slot.shape.leaves(kind, first), slot.shape.of_type(field.data_type()), Shape::All),
        };
        Ok(Column { name: field.name().clone(), root: at, leaves, is_converted: cast, target, shape, seconds })
    }

    /// The reader's view with another type for one column.
    fn with(&self, at: usize, field: Field) -> Result<ArrowReaderMetadata> {
        let mut fields = self.fields.to_vec();
        if let Some(one) = fields.get_mut(at) {
            *one = Arc::new(field);
        }
        self.reader(&fields.into())
    }
}
