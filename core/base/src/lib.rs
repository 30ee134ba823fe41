//! What every kernel of ParquetFrame stands on.
//!
//! - [`Error`]: one enum; its variants say what the caller can do, and map one to one to the C status codes.
//! - [`Context`]: threads, cancellation, progress and memory budget of one call.
//! - [`Options`] and [`registry`]: named parameters, validated against the one table that also feeds
//!   documentation, bindings and parity tests.
//! - [`BatchSource`]: where record batches come from, without knowing which format they had.
//!
//! The crate knows nothing of C, Python or R, and holds no `unsafe`.

mod cancel;
mod context;
mod error;
mod large;
pub mod logging;
mod memory;
mod options;
mod pool;
pub mod registry;
mod source;
mod spare;

pub use cancel::CancelToken;
pub use context::{Context, INLINE_WORK, Watch};
pub use error::{Code, Error, Result};
pub use large::LargeVec;
pub use memory::{Memory, Reservation, TrackedVec};
pub use options::{Bound, Options, Value};
pub use pool::default_threads;
pub use source::{BatchSource, StreamSource};
