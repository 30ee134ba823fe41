//! Files whose footers are damaged, or any bytes: everything that is asked of footers is answered, or refused as bad
//! data.
//!
//! An input damages the footer of a file, or is a file itself, between the magics; its last two bytes then say how many
//! of those before them are the footer.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use pf_base::{Options, Value};
use pf_io_core::{Footer, parquet_metadata};
use pf_io_fuzz::{Edits, Peak, bases, context, refused, write};

fuzz_target!(|data: &[u8]| {
    let mut edits = Edits::new(data);
    let chosen = edits.choice(bases().len() + 1);
    let (body, length) = match bases().get(chosen) {
        Some(base) => {
            let mut footer = base.bytes[base.footer.clone()].to_vec();
            edits.splice(&mut footer);
            let all = 0..footer.len();
            edits.apply(&mut footer, &[all]);
            let length = footer.len();
            ([&base.bytes[4..base.footer.start], &footer].concat(), length)
        }
        None => {
            let Some((body, length)) = edits.rest().split_last_chunk::<2>() else { return };
            (body.to_vec(), usize::from(u16::from_le_bytes(*length)).min(body.len()))
        }
    };
    let path = write("footer", &[b"PAR1", body.as_slice(), &(length as u32).to_le_bytes(), b"PAR1"].concat());

    let (peak, ctx) = (Peak::start(), context());
    if let Some(footer) = refused(Footer::read(Path::new(path), &ctx)) {
        refused(footer.schema(&ctx));
        refused(footer.metadata(None, None, &ctx));
        let (roots, groups) = (footer.leaves_of_roots().len(), footer.num_row_groups());
        if roots > 0 && groups > 0 {
            refused(footer.metadata(Some(&[roots - 1, 0]), Some(&[groups - 1]), &ctx));
        }
    }
    for kind in ["files", "schema", "row_groups", "columns", "statistics", "pages", "key_value"] {
        let options = Options::default().with("kind", Value::Str(kind.to_owned()));
        refused(parquet_metadata(path, &options, &ctx));
        if kind == "statistics" {
            refused(parquet_metadata(path, &options.with("aggregate", Value::Bool(true)), &ctx));
        }
    }
    peak.check();
});
