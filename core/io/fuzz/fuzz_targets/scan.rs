//! Files whose pages, dictionaries or Bloom filters are damaged: they are decoded, or refused as bad data, within the
//! memory limit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pf_base::{Error, Options, Result, Value};
use pf_io_core::Scan;
use pf_io_fuzz::{Edits, Peak, bases, context, finding, refused, write};

/// The columns of the files.
const COLUMNS: [&str; 15] = ["id", "i", "s", "t", "v", "w", "f", "g", "b", "d", "x", "k", "l", "p", "z"];

/// Options and their values, by turns.
const READS: [&[(&str, &str)]; 11] = [
    &[],
    &[("filter", "id > 30")],
    &[("filter", "id = 40 OR s = 'beta'"), ("columns", "t")],
    &[("filter", "s = 'gamma' AND t < 'delta'"), ("columns", "l")],
    &[("filter", "p.y = 'beta' AND v > 'b'")],
    &[("columns", "p.x"), ("filter", "f < 4 OR b")],
    &[("dictionaries", "keep")],
    &[("string_views", "")],
    &[("columns", "s"), ("filter", "i = 14"), ("row_groups", "1")],
    &[("filter", "x IS NOT NULL AND d > 0 AND g < 50")],
    &[("filter", "z LIKE '%zz' AND id > 5"), ("columns", "z")],
];

fuzz_target!(|data: &[u8]| {
    let mut edits = Edits::new(data);
    let base = &bases()[edits.choice(bases().len())];
    let read = READS[edits.choice(READS.len())];
    // All columns take their time: mostly one or two neighbours are read.
    let column = edits.choice(COLUMNS.len() + 1);
    let mut bytes = base.bytes.clone();
    let changed = edits.apply(&mut bytes, &base.data);
    let path = write("scan", &bytes);

    let mut options = Options::default();
    for (key, value) in read {
        let text = (*value).to_owned();
        options = options.with(
            key,
            match *key {
                "columns" | "row_groups" => Value::StrList(vec![text]),
                "string_views" => Value::Bool(true),
                _ => Value::Str(text),
            },
        );
    }
    if let Some(rest) = COLUMNS.get(column..).filter(|_| !read.iter().any(|(key, _)| *key == "columns"))
        && !rest.is_empty()
    {
        let names = rest.iter().take(2).map(|name| (*name).to_owned()).collect();
        options = options.with("columns", Value::StrList(names));
    }
    let peak = Peak::start();
    let rows = refused(rows(path, &options));
    let count = refused(Scan::new(&[path], &options, &context()).and_then(|scan| scan.count()));
    peak.check();
    if !changed && (rows.is_none() || rows != count) {
        finding(&format!("{rows:?} rows and a count of {count:?} in a whole file"));
    }
});

fn rows(path: &str, options: &Options) -> Result<u64> {
    let mut rows = 0;
    for batch in Scan::new(&[path], options, &context())?.into_reader() {
        rows += batch.map_err(Error::from)?.num_rows() as u64;
    }
    Ok(rows)
}
