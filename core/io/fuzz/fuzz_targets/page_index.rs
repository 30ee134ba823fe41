//! Files whose page index is damaged: what it says is shown, or used to leave out pages, or refused as bad data.
//!
//! Where the input changes nothing, the rows must be those that are found without a page index; else some of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pf_base::{Error, Options, Result, Value};
use pf_io_core::{Scan, parquet_metadata};
use pf_io_fuzz::{Edits, Peak, bases, context, finding, refused, write};

const FILTERS: [&str; 6] =
    ["id = 40", "id > 20 AND i < 30", "s = 'beta' AND f < 5", "t > 'beta' OR d < 0", "i IS NULL AND b", "p.x = 17"];

fuzz_target!(|data: &[u8]| {
    let mut edits = Edits::new(data);
    let base = &bases()[edits.choice(bases().len())];
    let filter = FILTERS[edits.choice(FILTERS.len())];
    let mut bytes = base.bytes.clone();
    let changed = edits.apply(&mut bytes, &base.indexes);
    let path = write("page_index", &bytes);

    let peak = Peak::start();
    let pages = Options::default().with("kind", Value::Str("pages".to_owned()));
    refused(parquet_metadata(path, &pages, &context()));
    let pruned = refused(ids(path, filter, true));
    peak.check();
    let all = ids(path, filter, false).unwrap_or_else(|e| finding(&format!("without a page index: {e}")));
    match pruned {
        Some(pruned) if !changed && pruned != all => finding(&format!("{pruned:?} of {all:?}")),
        Some(pruned) if !is_part(&pruned, &all) => finding(&format!("{pruned:?}, not of {all:?}")),
        None if !changed => finding("a whole file is refused"),
        _ => {}
    }
});

fn ids(path: &str, filter: &str, index: bool) -> Result<Vec<i64>> {
    let options = Options::default()
        .with("filter", Value::Str(filter.to_owned()))
        .with("columns", Value::StrList(vec!["id".to_owned()]))
        .with("use_page_index", Value::Bool(index));
    let mut ids = Vec::new();
    for batch in Scan::new(&[path], &options, &context())?.into_reader() {
        let batch = batch.map_err(Error::from)?;
        let column = batch.column(0).as_any().downcast_ref::<arrow_array::Int64Array>();
        ids.extend(column.unwrap_or_else(|| finding("ids of another type")).values());
    }
    Ok(ids)
}

/// Whether `part` is `all` with some left out.
fn is_part(part: &[i64], all: &[i64]) -> bool {
    let mut all = all.iter();
    part.iter().all(|id| all.any(|other| other == id))
}
