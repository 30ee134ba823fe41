//! Footers reduced to some columns and row groups, for the `parquet` crate, which decodes all that it is given.

use std::sync::Arc;

use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema, parquet_to_arrow_schema};
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::SchemaDescPtr;
use pf_base::{Context, Error, Result};

use super::Footer;
use crate::parquet::chunk::Chunk;
use crate::parquet::shape::{COLUMN_CHUNK, check};
use crate::parquet::thrift::{Walker, Writer, kind};
use crate::parquet::tree::Root;
use crate::parquet::{guarded, parquet_error};

/// What a decoded column chunk takes, at least, in the `parquet` crate's types.
const DECODED_CHUNK: u64 = 512;

/// What a column takes in a schema of the `parquet` crate and of Arrow.
const DECODED_COLUMN: u64 = 1024;

/// The metadata of some columns in the `parquet` crate's own types.
///
/// It speaks of these columns and row groups as if there were no others: positions are among them. It carries the part
/// of the file's Arrow schema that it needs, so that `ArrowReaderMetadata::try_new` gives [`schema`](Self::schema).
#[derive(Clone, Debug)]
pub struct ColumnsMetadata {
    /// Row groups and column chunks; no page index.
    pub metadata: Arc<ParquetMetaData>,
    /// The Arrow view of the columns, in file order.
    pub schema: SchemaRef,
}

impl Footer {
    /// The Parquet schema of all leaf columns.
    ///
    /// # Errors
    /// [`Code::Corrupt`](pf_base::Code::Corrupt), [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub fn parquet_schema(&self, ctx: &Context) -> Result<SchemaDescPtr> {
        if let Some(schema) = self.parquet_schema.get() {
            return Ok(schema.clone());
        }
        let mut writer = Writer::default();
        let mut last = 0;
        self.write_front(&mut writer, &mut last, &self.roots(None)?);
        writer.field(&mut last, 4, kind::LIST);
        writer.list(kind::STRUCT, 0);
        writer.stop();
        let metadata = self.decode(writer, self.tree.num_leaves as u64 * DECODED_COLUMN, ctx)?;
        Ok(self.parquet_schema.get_or_init(|| metadata.file_metadata().schema_descr_ptr()).clone())
    }

    /// The Arrow view of all columns: the file's own Arrow schema, where it has one that fits its columns, and the
    /// key-value metadata as metadata of the schema.
    ///
    /// # Errors
    /// As [`created_by`](Self::created_by); [`Code::Unsupported`](pf_base::Code::Unsupported) for columns of no Arrow type.
    pub fn schema(&self, ctx: &Context) -> Result<SchemaRef> {
        self.hinted_schema(ctx).map(|(schema, _)| schema)
    }

    /// The Arrow view, and whether the file's own Arrow schema had a part in it.
    fn hinted_schema(&self, ctx: &Context) -> Result<(SchemaRef, bool)> {
        if let Some(schema) = self.schema.get() {
            return Ok(schema.clone());
        }
        let parquet = self.parquet_schema(ctx)?;
        let pairs = self.key_value(ctx)?;
        let bytes = pairs.iter().map(|(k, v)| k.len() + v.as_ref().map_or(0, String::len)).sum::<usize>() as u64;
        // A null of a fixed size is as long as a value, of which there must be room for one at least.
        let one = parquet.columns().iter().filter_map(|column| u64::try_from(column.type_length()).ok());
        let bytes = bytes * 2 + self.tree.num_leaves as u64 * DECODED_COLUMN;
        let bytes = one.fold(bytes, u64::saturating_add);
        let what = format!("{}: Arrow schema", self.path.display());
        let _reserved = ctx.memory().reserve(bytes, &what)?;
        let pair = |(key, value): &(String, Option<String>)| KeyValue { key: key.clone(), value: value.clone() };
        let mut pairs: Vec<KeyValue> = pairs.iter().map(pair).collect();
        let view = |pairs: &Vec<KeyValue>| {
            guarded(&self.path, || {
                parquet_to_arrow_schema(&parquet, Some(pairs)).map_err(|e| parquet_error(&self.path, &e))
            })
        };
        let mut hinted = pairs.iter().any(|pair| pair.key == ARROW_SCHEMA_META_KEY && pair.value.is_some());
        let schema = match view(&pairs) {
            Err(_) if hinted => {
                // The columns are what the Parquet schema says; the other only adds what that cannot say.
                hinted = false;
                pairs.retain(|pair| pair.key != ARROW_SCHEMA_META_KEY);
                view(&pairs)?
            }
            other => other?,
        };
        if schema.fields().len() != self.tree.roots.len() {
            return Err(Error::unsupported(format!("{}: columns of no Arrow type", self.path.display())));
        }
        Ok(self.schema.get_or_init(|| (Arc::new(schema), hinted)).clone())
    }

    /// The metadata of the top-level columns `roots` (positions in [`schema`](Self::schema), in any order; all without)
    /// in the row groups `groups` (all without), in the `parquet` crate's own types.
    ///
    /// Columns and row groups come in file order, each once. Only what is asked for is decoded, and read where the
    /// footer is long. Sorting columns are left out, because they would name other columns.
    ///
    /// # Errors
    /// As [`schema`](Self::schema); [`Code::Unsupported`](pf_base::Code::Unsupported) also for columns that are
    /// encrypted, or stand in another file; [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for columns or row
    /// groups that do not exist.
    pub fn metadata(
        &self,
        roots: Option<&[usize]>,
        groups: Option<&[usize]>,
        ctx: &Context,
    ) -> Result<ColumnsMetadata> {
        let index = self.index(ctx)?;
        let positions = chosen(roots, self.tree.roots.len(), "column", &self.path)?;
        let roots = self.roots(Some(&positions))?;
        let groups = chosen(groups, self.num_row_groups, "row group", &self.path)?;
        let (full, hinted) = self.hinted_schema(ctx)?;
        let fields: Vec<_> = positions.iter().filter_map(|at| full.fields().get(*at).cloned()).collect();
        let schema = Schema::new(fields);

        let mut writer = Writer::default();
        let mut last = 0;
        self.write_front(&mut writer, &mut last, &roots);
        writer.field(&mut last, 4, kind::LIST);
        writer.list(kind::STRUCT, groups.len());
        let file = self.open_for_chunks()?;
        // Neighbours are read together.
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for root in &roots {
            match runs.last_mut() {
                Some(run) if run.end == root.leaves.start => run.end = root.leaves.end,
                _ => runs.push(root.leaves.clone()),
            }
        }
        let num_leaves: usize = runs.iter().map(ExactSizeIterator::len).sum();
        // Without ordinals the crate numbers row groups as they come.
        let number = index.groups.iter().all(|group| group.ordinal.is_none());
        for at in &groups {
            ctx.check()?;
            let Some(group) = index.groups.get(*at) else { continue };
            let mut last = 0;
            writer.field(&mut last, 1, kind::LIST);
            writer.list(kind::STRUCT, num_leaves);
            for run in &runs {
                let bytes = self.chunk_bytes(file.as_ref(), *at, run.clone(), ctx)?;
                self.check_chunks(&bytes, run.len())?;
                writer.raw(&bytes);
            }
            writer.field(&mut last, 2, kind::I64);
            writer.integer(group.total_byte_size);
            writer.field(&mut last, 3, kind::I64);
            writer.integer(group.num_rows as i64);
            if let Some(offset) = group.file_offset {
                writer.field(&mut last, 5, kind::I64);
                writer.integer(offset);
            }
            let ordinal = if number { i16::try_from(*at).ok() } else { group.ordinal };
            if let Some(ordinal) = ordinal {
                writer.field(&mut last, 7, kind::I16);
                writer.integer(ordinal.into());
            }
            writer.stop();
        }
        if hinted {
            writer.field(&mut last, 5, kind::LIST);
            writer.list(kind::STRUCT, 1);
            let mut last = 0;
            writer.field(&mut last, 1, kind::BINARY);
            writer.binary(ARROW_SCHEMA_META_KEY.as_bytes());
            writer.field(&mut last, 2, kind::BINARY);
            writer.binary(encode_arrow_schema(&schema).as_bytes());
            writer.stop();
        }
        if let Some(created_by) = &index.created_by {
            writer.field(&mut last, 6, kind::BINARY);
            writer.binary(created_by.as_bytes());
        }
        if let Some(orders) = &index.orders {
            writer.field(&mut last, 7, kind::LIST);
            writer.list(kind::STRUCT, num_leaves);
            for order in runs.iter().filter_map(|run| orders.get(run.clone())).flatten() {
                // An order that nobody knows stands for one that is not stated.
                let order = if *order == 0 { i16::from(u8::MAX) } else { (*order).into() };
                writer.field(&mut 0, order, kind::STRUCT);
                writer.stop();
                writer.stop();
            }
        }
        writer.stop();
        let chunks = num_leaves as u64 * groups.len() as u64;
        let metadata = self.decode(writer, chunks * DECODED_CHUNK + num_leaves as u64 * DECODED_COLUMN, ctx)?;
        Ok(ColumnsMetadata { metadata: Arc::new(metadata), schema: Arc::new(schema) })
    }

    /// The chosen top-level columns, all without a choice.
    fn roots(&self, positions: Option<&[usize]>) -> Result<Vec<&Root>> {
        match positions {
            None => Ok(self.tree.roots.iter().collect()),
            Some(positions) => {
                let missing = || Error::internal("a column that does not exist");
                positions.iter().map(|at| self.tree.roots.get(*at).ok_or_else(missing)).collect()
            }
        }
    }

    /// Version, schema and number of rows.
    fn write_front(&self, writer: &mut Writer, last: &mut i16, roots: &[&Root]) {
        writer.field(last, 1, kind::I32);
        writer.integer(self.version.into());
        writer.field(last, 2, kind::LIST);
        self.tree.reduce(roots.iter().copied(), writer);
        writer.field(last, 3, kind::I64);
        writer.integer(self.num_rows as i64);
    }

    fn check_chunks(&self, bytes: &[u8], len: usize) -> Result<()> {
        let mut walker = Walker::new(bytes);
        for _ in 0..len {
            let chunk = Chunk::read(&mut walker.clone()).map_err(|fault| self.damaged(fault))?;
            let what = match chunk {
                Chunk { encrypted: true, .. } => "encrypted columns",
                Chunk { file_path: Some(_), .. } => "columns whose data stand in another file",
                _ => {
                    check(&mut walker, COLUMN_CHUNK).map_err(|fault| self.damaged(fault))?;
                    continue;
                }
            };
            return Err(Error::unsupported(format!("{}: {what}", self.path.display())));
        }
        Ok(())
    }

    fn decode(&self, writer: Writer, decoded: u64, ctx: &Context) -> Result<ParquetMetaData> {
        let bytes = writer.into_bytes();
        let _reserved = ctx.memory().reserve(bytes.len() as u64 * 2 + decoded, "Parquet metadata")?;
        let decode = || ParquetMetaDataReader::decode_metadata(&bytes).map_err(|e| parquet_error(&self.path, &e));
        guarded(&self.path, decode)
    }
}

/// The chosen positions below `len` in ascending order, each once.
fn chosen(positions: Option<&[usize]>, len: usize, what: &str, path: &std::path::Path) -> Result<Vec<usize>> {
    let Some(positions) = positions else { return Ok((0..len).collect()) };
    let mut positions = positions.to_vec();
    positions.sort_unstable();
    positions.dedup();
    match positions.last() {
        Some(last) if *last >= len => {
            Err(Error::invalid_argument(format!("{}: no {what} {last}; there are {len}", path.display())))
        }
        _ => Ok(positions),
    }
}
