//! Expressions and batches made of the bytes: the kernels give what the slow interpreter gives, row by row.
//!
//! Bytes that begin with 255 are a text of the language, a zero, and what decides the batch; all others decide an
//! expression whose types mostly go together. How many were compared is written now and then.

#![no_main]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use libfuzzer_sys::fuzz_target;
use pf_compute_core::{Agreement, agree, agree_on};

static SAME: AtomicU64 = AtomicU64::new(0);
static REFUSED: AtomicU64 = AtomicU64::new(0);
static UNKNOWN: AtomicU64 = AtomicU64::new(0);

fuzz_target!(|data: &[u8]| {
    let found = match data {
        [255, rest @ ..] => {
            let end = rest.iter().position(|b| *b == 0).unwrap_or(rest.len());
            let (text, batch) = rest.split_at(end);
            agree_on(&String::from_utf8_lossy(text), batch.get(1..).unwrap_or_default())
        }
        _ => agree(data),
    };
    let counter = match found {
        Ok(Agreement::Same) => &SAME,
        Ok(Agreement::Refused) => &REFUSED,
        Ok(Agreement::Unknown) => &UNKNOWN,
        Err(difference) => panic!("{difference}"),
    };
    counter.fetch_add(1, Relaxed);
    let (same, refused, unknown) = (SAME.load(Relaxed), REFUSED.load(Relaxed), UNKNOWN.load(Relaxed));
    let all = same + refused + unknown;
    if all.is_multiple_of(1 << 16) {
        eprintln!("{all} inputs: {same} compared, {refused} refused by the check, {unknown} not interpreted");
    }
});
