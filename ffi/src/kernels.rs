//! The registry of kernels as a table.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use pf_base::registry::Kernel;

use crate::arrow::export_batch;
use crate::pf_status;
use crate::status::call;
use crate::types::Out;

/// All kernels of this library.
pub fn registry() -> impl Iterator<Item = &'static Kernel> {
    [&crate::table::TABLE_STREAM]
        .into_iter()
        .chain(pf_compute_core::KERNELS.iter().copied())
        .chain(pf_io_core::KERNELS.iter().copied())
        .chain(pf_graph_core::KERNELS.iter().copied())
}

/// Streams the table of kernels: what they are called, which options they take, which columns they give.
///
/// Columns, all strings: "family", "kernel", "item" ("kernel", "option" or "column"), "name", "type" (of an option or
/// column; "id" is the type of the user's vertex ids; the C function for a kernel), "default" (null where there is
/// none), "doc". Fails with PF_INVALID_ARGUMENT for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_kernels(out_stream: *mut FFI_ArrowArrayStream) -> pf_status {
    call("pf_kernels", || {
        let out = Out::new(out_stream, "out_stream")?;
        let mut rows: Vec<[Option<String>; 7]> = Vec::new();
        for kernel in registry() {
            let mut add = |item: &str, name: &str, kind: &str, default: Option<String>, doc: String| {
                let text = |s: &str| Some(s.to_owned());
                rows.push([
                    text(kernel.family),
                    text(kernel.name),
                    text(item),
                    text(name),
                    text(kind),
                    default,
                    Some(doc),
                ]);
            };
            let doc = [kernel.summary, kernel.citation].join(" ").trim().to_owned();
            add("kernel", kernel.name, kernel.function, None, doc);
            for p in kernel.params {
                add("option", p.name, p.kind.name(), p.default.map(|d| d.to_string()), p.doc.to_owned());
            }
            for c in kernel.columns {
                add("column", c.name, c.kind, None, c.doc.to_owned());
            }
        }
        let column = |i: usize| Arc::new(rows.iter().map(|r| r[i].as_deref()).collect::<StringArray>()) as ArrayRef;
        let names = ["family", "kernel", "item", "name", "type", "default", "doc"];
        let batch = RecordBatch::try_from_iter_with_nullable(
            names.iter().enumerate().map(|(i, name)| (*name, column(i), *name == "default")),
        )?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(batch)) };
        Ok(rows.len() as u64)
    })
}
