//! Parquet files.

mod bytes;
mod cache;
mod chunk;
mod decode;
mod expand;
mod fault;
mod footer;
mod metadata;
mod page;
mod prune;
mod scan;
mod shape;
mod statistics;
#[cfg(test)]
mod testfiles;
mod thrift;
mod tree;
mod write;

pub use cache::clear_footer_cache;
pub(crate) use fault::{guarded, parquet_error};
pub use footer::{ColumnsMetadata, Footer};
pub use metadata::{PARQUET_METADATA, metadata, metadata_batches};
pub use scan::{PARQUET_READ, ParquetReader, Scan};
pub use write::{PARQUET_WRITE, Written, WrittenFile, write};

/// How files in folders end.
const EXTENSIONS: &[&str] = &["parquet", "pqt", "parq"];
