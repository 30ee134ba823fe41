//! The C ABI of libparquetframe.
//!
//! Every exported function is a literal `#[unsafe(no_mangle)] pub unsafe extern "C" fn`, which cbindgen renders into
//! `include/libparquetframe.h`; safer-ffi checks at compile time that the plain types which cross have a C
//! layout. The conventions stand at the head of that header (from `cbindgen.toml`).
//!
//! This crate holds the `unsafe` of the boundary and nothing else: a body converts its arguments, calls one
//! function of `core`, and converts the result. One file per family.

#![allow(non_camel_case_types, reason = "types bear their C names")]
#![allow(clippy::missing_safety_doc, reason = "the rules of the header are the safety contract of every function")]
#![allow(unsafe_code, reason = "this crate is the boundary")]

mod arrow;
mod checked;
mod compute;
mod context;
mod graph;
mod io;
mod kernels;
mod log;
mod options;
mod status;
mod table;
#[cfg(feature = "testing")]
mod testing;
mod types;

pub use arrow::*;
pub use compute::*;
pub use context::*;
pub use graph::*;
pub use io::*;
pub use kernels::*;
pub use log::*;
pub use options::*;
pub use status::*;
pub use table::*;
#[cfg(feature = "testing")]
pub use testing::*;
pub use types::pf_str;

/// The version of this ABI: major << 16 | minor. A host checks that the major of `pf_abi_version()` is the one it was
/// compiled against and that the minor is not lower. Since 1.1.
pub const PF_ABI_VERSION: u32 = 1;

/// Returns the `PF_ABI_VERSION` that the library was built with. Never fails. Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_abi_version() -> u32 {
    PF_ABI_VERSION
}

/// Returns the version of the library, as in "1.1.0-dev.0". Static, never NULL. Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_version_string() -> *const std::ffi::c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Tells whether this build has a feature: "graph", "compute", "parquet", "codec.snappy", "codec.zstd", "codec.lz4",
/// "codec.gzip", "codec.brotli". False for NULL and for unknown names. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_has_feature(name: pf_str<'_>) -> bool {
    const FEATURES: [&str; 8] =
        ["graph", "compute", "parquet", "codec.snappy", "codec.zstd", "codec.lz4", "codec.gzip", "codec.brotli"];
    name.get("name").is_ok_and(|name| FEATURES.contains(&name))
}
