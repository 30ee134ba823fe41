//! File formats: where record batches come from and go to.
//!
//! ```
//! # use pf_base::{Context, Options};
//! let missing = pf_io_core::Scan::new(&["no-such.parquet"], &Options::default(), &Context::default());
//! assert_eq!(missing.err().map(|e| e.to_string()), Some("File not found: no-such.parquet".to_owned()));
//! ```

pub mod dataset;
pub mod files;
mod parquet;
mod projection;
mod read_ahead;

pub use parquet::{ColumnsMetadata, Footer, PARQUET_METADATA, clear_footer_cache};
pub use parquet::{PARQUET_READ, ParquetReader, Scan};
pub use parquet::{PARQUET_WRITE, Written, WrittenFile, write as parquet_write};
pub use parquet::{metadata as parquet_metadata, metadata_batches as parquet_metadata_batches};
pub use projection::projection;

use pf_base::registry::Kernel;

/// The kernels of this crate.
pub const KERNELS: &[&Kernel] = &[&PARQUET_READ, &PARQUET_METADATA, &PARQUET_WRITE];
