//! Files of any bytes between the magics: everything that is asked of footers is answered, or refused as bad data.
//!
//! An input is the body of a file; its last two bytes say how many of those before them are the footer. Seeds: a Parquet
//! file without its first four and last eight bytes, and the length of its footer in two bytes.

#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use pf_base::{Code, Context, Error, Options, Value};
use pf_io_core::{Footer, parquet_metadata};

fuzz_target!(|data: &[u8]| {
    let Some((body, length)) = data.split_last_chunk::<2>() else { return };
    let length = usize::from(u16::from_le_bytes(*length)).min(body.len()) as u32;
    let path = path();
    let file = [b"PAR1", body, &length.to_le_bytes(), b"PAR1"].concat();
    std::fs::write(path, file).unwrap_or_else(|e| panic!("{}: {e}", path.display()));

    let ctx = Context::default().with_threads(1).with_memory_limit(1 << 28);
    if let Some(footer) = refused(Footer::read(path, &ctx)) {
        refused(footer.schema(&ctx));
        refused(footer.metadata(None, None, &ctx));
        let (roots, groups) = (footer.leaves_of_roots().len(), footer.num_row_groups());
        if roots > 0 && groups > 0 {
            refused(footer.metadata(Some(&[roots - 1, 0]), Some(&[groups - 1]), &ctx));
        }
    }
    for kind in ["files", "schema", "row_groups", "columns", "statistics", "pages", "key_value"] {
        let options = Options::default().with("kind", Value::Str(kind.to_owned()));
        refused(parquet_metadata(&path.to_string_lossy(), &options, &ctx));
        if kind == "statistics" {
            refused(parquet_metadata(&path.to_string_lossy(), &options.with("aggregate", Value::Bool(true)), &ctx));
        }
    }
});

/// The answer, or nothing where it was refused as it should be.
fn refused<T>(answer: Result<T, Error>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(e) => {
            assert!(matches!(e.code(), Code::Corrupt | Code::Unsupported | Code::OutOfMemory), "{:?}: {e}", e.code());
            assert!(e.code() == Code::OutOfMemory || e.message().contains(".parquet"), "{e}");
            None
        }
    }
}

fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        // A panic that is caught and becomes an error is no finding.
        std::panic::set_hook(Box::new(|_| {}));
        std::env::temp_dir().join(format!("pf-fuzz-footer-{}.parquet", std::process::id()))
    })
}
