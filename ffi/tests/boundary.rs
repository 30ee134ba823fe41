//! The C functions, called as a C program calls them: what comes out, what is consumed, what is said about misuse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(
    unsafe_code,
    clippy::undocumented_unsafe_blocks,
    reason = "every call keeps the rules of the header: that is what is tested"
)]

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::Mutex;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, make_array};
use parquetframe::pf_status::*;
use parquetframe::*;

fn message() -> String {
    unsafe { CStr::from_ptr(pf_last_error_message()) }.to_string_lossy().into_owned()
}

/// Integers as a pair of Arrow structs.
fn array(values: &[i64]) -> (FFI_ArrowArray, FFI_ArrowSchema) {
    let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
    let status =
        unsafe { pf_array_from_buffer(pf_str::new(c"l"), values.as_ptr().cast(), values.len() as i64, &mut a, &mut s) };
    assert_eq!(status, PF_OK, "{}", message());
    (a, s)
}

/// A stream of one batch with the columns a, b, …
fn stream(columns: &[&[i64]]) -> FFI_ArrowArrayStream {
    let names: Vec<CString> = (0..columns.len()).map(|i| CString::new(vec![b'a' + i as u8]).unwrap()).collect();
    let names: Vec<*const c_char> = names.iter().map(|n| n.as_ptr()).collect();
    let (mut arrays, mut schemas): (Vec<_>, Vec<_>) = columns.iter().map(|c| array(c)).unzip();
    let mut out = FFI_ArrowArrayStream::empty();
    let status = unsafe {
        pf_stream_from_arrays(names.len(), names.as_ptr(), arrays.as_mut_ptr(), schemas.as_mut_ptr(), &mut out)
    };
    assert_eq!(status, PF_OK, "{}", message());
    assert!(arrays.iter().all(FFI_ArrowArray::is_released) && schemas.iter().all(|s| s.release().is_none()));
    out
}

fn batches(stream: FFI_ArrowArrayStream) -> Vec<RecordBatch> {
    RecordBatchStreamReader::try_new(stream).unwrap().map(Result::unwrap).collect()
}

fn graph(edges: &[&[i64]]) -> *mut pf_graph {
    let mut graph = null_mut();
    let mut edges = stream(edges);
    let status = unsafe {
        pf_graph_from_edges(&mut edges, pf_str::new(c"a"), pf_str::new(c"b"), null_mut(), null(), null(), &mut graph)
    };
    assert_eq!(status, PF_OK, "{}", message());
    assert!(edges.release().is_none(), "edges are consumed");
    graph
}

fn read(a: FFI_ArrowArray, s: &FFI_ArrowSchema) -> ArrayRef {
    make_array(unsafe { from_ffi(a, s) }.unwrap())
}

#[test]
fn a_graph_from_edges_to_ranks() {
    unsafe {
        let g = graph(&[&[10, 20, 30, 20], &[20, 30, 20, 10]]);
        assert_eq!((pf_graph_num_vertices(g), pf_graph_num_edges(g)), (3, 4));
        assert!(pf_graph_is_directed(g) && pf_graph_weight(g).is_null());

        let options = pf_options_new();
        assert_eq!(pf_options_set_f64(options, pf_str::new(c"tolerance"), 1e-5), PF_OK);
        assert_eq!(pf_options_set_i64(options, pf_str::new(c"top"), 2), PF_OK);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_pagerank(g, null_mut(), options, null(), &mut out), PF_OK, "{}", message());
        let result = batches(out);
        assert_eq!(result[0].schema().metadata()["parquetframe.converged"], "true");
        assert_eq!(result[0]["vertex"].as_primitive::<Int64Type>().values(), &[20, 10]);
        assert!(result[0]["rank"].as_primitive::<Float64Type>().value(0) > 0.4);
        pf_options_free(options);

        let mut jumps = stream(&[&[10], &[1]]);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_pagerank(g, &mut jumps, null(), null(), &mut out), PF_INVALID_ARGUMENT);
        assert!(message().contains("personalization needs the columns 'vertex' and 'weight'"), "{}", message());
        assert!(jumps.release().is_none() && out.release().is_none());

        let (mut sources, mut schema) = array(&[10]);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_bfs(g, &mut sources, &mut schema, null_mut(), null_mut(), null(), null(), &mut out), PF_OK);
        assert!(sources.is_released() && schema.release().is_none());
        assert_eq!(batches(out)[0]["distance"].as_primitive::<Int64Type>().values(), &[0, 1, 2]);

        for function in [pf_graph_degree, pf_graph_connected_components] {
            let mut out = FFI_ArrowArrayStream::empty();
            assert_eq!(function(g, null(), null(), &mut out), PF_OK);
            assert_eq!(batches(out)[0].num_rows(), 3);
        }
        pf_graph_free(g);
    }
}

#[test]
fn buffers_are_shared_and_outlive_the_graph() {
    unsafe {
        let g = graph(&[&[0, 0, 1, 2], &[1, 2, 2, 2]]);
        let buffer = |name: &CStr| {
            let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
            assert_eq!(pf_graph_buffer(g, pf_str::new(name), null(), &mut a, &mut s), PF_OK, "{}", message());
            read(a, &s)
        };
        let targets = [buffer(c"csr.targets"), buffer(c"csr.targets")];
        let address = |a: &ArrayRef| a.as_primitive::<UInt32Type>().values().as_ptr();
        assert_eq!(address(&targets[0]), address(&targets[1]));
        let incoming = [buffer(c"csc.offsets"), buffer(c"csc.targets")];
        let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
        for name in [c"csr.weights", c"csr", c"csr.nope", c"coo.targets"] {
            assert_eq!(pf_graph_buffer(g, pf_str::new(name), null(), &mut a, &mut s), PF_INVALID_ARGUMENT);
        }
        assert_eq!(pf_graph_vertices(g, null(), &mut a, &mut s), PF_OK);
        pf_graph_free(g);
        assert_eq!(read(a, &s).as_primitive::<Int64Type>().values(), &[0, 1, 2]);
        assert_eq!(targets[0].as_primitive::<UInt32Type>().values(), &[1, 2, 2, 2]);
        assert_eq!(incoming[0].as_primitive::<UInt64Type>().values(), &[0, 0, 1, 4]);
        assert_eq!(incoming[1].as_primitive::<UInt32Type>().values(), &[0, 0, 1, 2]);
    }
}

#[test]
fn weights_and_vertices_go_in() {
    unsafe {
        let options = pf_options_new();
        assert_eq!(pf_options_set_str(options, pf_str::new(c"weight"), pf_str::new(c"c")), PF_OK);
        assert_eq!(pf_options_set_bool(options, pf_str::new(c"directed"), false), PF_OK);
        let (mut edges, mut vertices) = (stream(&[&[1], &[2], &[7]]), stream(&[&[9, 1]]));
        let mut g = null_mut();
        let (source, target) = (pf_str::new(c"a"), pf_str::new(c"b"));
        let status = pf_graph_from_edges(&mut edges, source, target, &mut vertices, options, null(), &mut g);
        assert_eq!(status, PF_OK, "{}", message());
        assert_eq!(CStr::from_ptr(pf_graph_weight(g)), c"c");
        assert_eq!((pf_graph_num_vertices(g), pf_graph_is_directed(g)), (3, false));
        pf_graph_free(g);

        let (mut edges, mut vertices) = (stream(&[&[1], &[2]]), stream(&[&[9]]));
        let before = std::ptr::dangling_mut::<pf_graph>();
        let mut untouched = before;
        let status = pf_graph_from_edges(&mut edges, source, target, &mut vertices, options, null(), &mut untouched);
        assert_eq!((status, untouched), (PF_INVALID_ARGUMENT, before), "outputs are left alone");
        assert!(edges.release().is_none() && vertices.release().is_none());
        assert!(message().contains("weight column 'c' not found"), "{}", message());
        pf_options_free(options);
    }
}

#[test]
fn tables_stream_any_part_any_number_of_times() {
    unsafe {
        let mut table = null_mut();
        assert_eq!(pf_table_from_stream(&mut stream(&[&[1, 2, 3, 4], &[5, 6, 7, 8]]), null(), &mut table), PF_OK);
        assert_eq!((pf_table_num_rows(table), pf_table_num_columns(table)), (4, 2));
        let options = pf_options_new();
        let columns = [c"b".as_ptr()];
        let name = pf_str::new(c"columns");
        assert_eq!(pf_options_set_str_list(options, name, columns.as_ptr(), 1), PF_OK);
        assert_eq!(pf_options_set_i64(options, pf_str::new(c"offset"), 1), PF_OK);
        assert_eq!(pf_options_set_i64(options, pf_str::new(c"limit"), 2), PF_OK);
        for _ in 0..2 {
            let mut out = FFI_ArrowArrayStream::empty();
            assert_eq!(pf_table_stream(table, options, &mut out), PF_OK);
            let part = batches(out);
            assert_eq!(
                (part[0].num_columns(), part[0]["b"].as_primitive::<Int64Type>().values().to_vec()),
                (1, vec![6, 7])
            );
        }
        let mut out = FFI_ArrowArrayStream::empty();
        for (option, value) in [(c"offset", -1), (c"limit", -5)] {
            assert_eq!(pf_options_set_i64(options, pf_str::new(option), value), PF_OK);
            assert_eq!(pf_table_stream(table, options, &mut out), PF_INVALID_ARGUMENT);
            assert!(message().contains(&*option.to_string_lossy()), "{}", message());
            assert_eq!(pf_options_set_i64(options, pf_str::new(option), 100), PF_OK);
        }
        assert_eq!(pf_table_stream(table, options, &mut out), PF_OK);
        let none = batches(std::mem::replace(&mut out, FFI_ArrowArrayStream::empty()));
        assert_eq!(none.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [0]);
        let unknown = [c"z".as_ptr()];
        assert_eq!(pf_options_set_str_list(options, name, unknown.as_ptr(), 1), PF_OK);
        assert_eq!(pf_table_stream(table, options, &mut out), PF_INVALID_ARGUMENT);
        pf_options_free(options);
        pf_table_free(table);
    }
}

#[test]
fn null_is_an_error_everywhere() {
    unsafe {
        let mut out = FFI_ArrowArrayStream::empty();
        let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
        let name = pf_str::new(c"x");
        let (no_graph, no_options, no_context) = (null::<pf_graph>(), null::<pf_options>(), null::<pf_context>());
        let statuses = [
            pf_array_from_buffer(pf_str::null(), null(), 0, &mut a, &mut s),
            pf_array_from_buffer(pf_str::new(c"l"), null(), 3, &mut a, &mut s),
            pf_array_from_buffer(pf_str::new(c"l"), null(), 0, null_mut(), &mut s),
            pf_array_from_buffer(pf_str::new(c"l"), null(), -1, &mut a, &mut s),
            pf_array_from_buffer(pf_str::new(c"l"), 8 as *const c_void, i64::MAX, &mut a, &mut s),
            pf_array_from_buffer(pf_str::new(c"u"), null(), 0, &mut a, &mut s),
            pf_array_from_strings(null(), 2, &mut a, &mut s),
            pf_array_from_strings([null()].as_ptr(), 1, &mut a, &mut s),
            pf_stream_from_arrays(1, null(), null_mut(), null_mut(), &mut out),
            pf_table_from_stream(null_mut(), no_context, null_mut()),
            pf_table_from_stream(&mut out, no_context, &mut null_mut()),
            pf_table_stream(null(), no_options, &mut out),
            pf_parquet_read(pf_str::null(), no_options, no_context, &mut out),
            pf_parquet_read(pf_str::new(c""), no_options, no_context, &mut out),
            pf_parquet_read(name, no_options, no_context, null_mut()),
            pf_kernels(null_mut()),
            pf_graph_from_edges(null_mut(), name, name, null_mut(), no_options, no_context, &mut null_mut()),
            pf_graph_vertices(no_graph, no_context, &mut a, &mut s),
            pf_graph_buffer(no_graph, name, no_context, &mut a, &mut s),
            pf_graph_degree(no_graph, no_options, no_context, &mut out),
            pf_graph_bfs(no_graph, &mut a, &mut s, null_mut(), null_mut(), no_options, no_context, &mut out),
            pf_graph_pagerank(no_graph, null_mut(), no_options, no_context, &mut out),
            pf_graph_connected_components(no_graph, no_options, no_context, &mut out),
            pf_options_set_i64(null_mut(), name, 1),
            pf_context_set_threads(null_mut(), 1),
            pf_context_set_memory_limit(null_mut(), 1),
            pf_context_set_cancel_token(null_mut(), null()),
            pf_context_set_progress(null_mut(), None, null_mut()),
            pf_context_set_log_level(null_mut(), 1),
        ];
        assert_eq!(statuses, [PF_INVALID_ARGUMENT; 29]);
        let options = pf_options_new();
        for status in [
            pf_options_set_f64(options, pf_str::null(), 1.0),
            pf_options_set_str(options, name, pf_str::null()),
            pf_options_set_str_list(options, name, null(), 1),
            pf_options_set_str(options, name, pf_str::new(c"\xff")),
        ] {
            assert_eq!(status, PF_INVALID_ARGUMENT);
        }
        assert!(message().contains("value is not UTF-8"), "{}", message());
        pf_options_free(options);
        assert_eq!(
            (pf_graph_num_vertices(null()), pf_graph_num_edges(null()), pf_graph_is_directed(null())),
            (0, 0, false)
        );
        assert_eq!(
            (pf_table_num_rows(null()), pf_table_num_columns(null()), pf_context_memory_peak(null())),
            (0, 0, 0)
        );
        assert!(pf_context_threads(null()) > 0 && pf_graph_weight(null()).is_null() && !pf_has_feature(pf_str::null()));
        pf_graph_free(null_mut());
        pf_table_free(null_mut());
        pf_options_free(null_mut());
        pf_context_free(null_mut());
        pf_cancel_token_free(null_mut());
        pf_cancel_token_cancel(null());
    }
}

#[test]
fn a_file_from_path_to_components() {
    let data =
        CString::new(format!("{}/../examples/data/debian-bookworm-dependencies.parquet", env!("CARGO_MANIFEST_DIR")));
    let data = data.unwrap();
    unsafe {
        let options = pf_options_new();
        let columns = [c"package".as_ptr(), c"depends_on".as_ptr()];
        assert_eq!(pf_options_set_str_list(options, pf_str::new(c"columns"), columns.as_ptr(), 2), PF_OK);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_parquet_read(pf_str::new(&data), options, null(), &mut out), PF_OK, "{}", message());
        let mut g = null_mut();
        let (source, target) = (pf_str::new(c"package"), pf_str::new(c"depends_on"));
        assert_eq!(pf_graph_from_edges(&mut out, source, target, null_mut(), null(), null(), &mut g), PF_OK);
        assert_eq!((pf_graph_num_vertices(g), pf_graph_num_edges(g)), (70_067, 342_155));
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_connected_components(g, null(), null(), &mut out), PF_OK);
        assert_eq!(batches(out)[0].num_rows(), 70_067);
        // Too little memory is an error, and the context knows how much was asked for.
        let context = pf_context_new();
        assert_eq!(pf_context_set_memory_limit(context, 300_000), PF_OK);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_connected_components(g, null(), context, &mut out), PF_OUT_OF_MEMORY);
        assert!(pf_context_memory_peak(context) <= 300_000);
        pf_context_free(context);
        pf_graph_free(g);
        pf_options_free(options);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_parquet_read(pf_str::new(c"/nope.parquet"), null(), null(), &mut out), PF_NOT_FOUND);
        assert_eq!(message(), "File not found: /nope.parquet");
    }
}

#[test]
fn a_name_with_nul_does_not_end_the_process() {
    let dir = tempfile::tempdir().unwrap();
    for (file, column) in [("1.parquet", "a"), ("2.parquet", "a\0b")] {
        let values: ArrayRef = std::sync::Arc::new(arrow_array::Int64Array::from(vec![1]));
        let batch = RecordBatch::try_from_iter([(column, values)]).unwrap();
        let file = std::fs::File::create(dir.path().join(file)).unwrap();
        let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    unsafe {
        let path = CString::new(dir.path().to_str().unwrap()).unwrap();
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_parquet_read(pf_str::new(&path), null(), null(), &mut out), PF_OK, "{}", message());
        // The columns are those of the first file; the second has none of them.
        let mut table = null_mut();
        assert_eq!(pf_table_from_stream(&mut out, null(), &mut table), PF_OK, "{}", message());
        assert_eq!((pf_table_num_rows(table), pf_table_num_columns(table)), (2, 1));
        pf_table_free(table);
        let options = pf_options_new();
        assert_eq!(pf_options_set_str(options, pf_str::new(c"schema"), pf_str::new(c"union")), PF_OK);
        let mut out = FFI_ArrowArrayStream::empty();
        if pf_parquet_read(pf_str::new(&path), options, null(), &mut out) == PF_OK {
            assert_ne!(pf_table_from_stream(&mut out, null(), &mut table), PF_OK);
        }
        pf_options_free(options);
        // A schema with such a name has no C form at all.
        let path = CString::new(dir.path().join("2.parquet").to_str().unwrap()).unwrap();
        let mut out = FFI_ArrowArrayStream::empty();
        if pf_parquet_read(pf_str::new(&path), null(), null(), &mut out) == PF_OK {
            assert_ne!(pf_table_from_stream(&mut out, null(), &mut table), PF_OK);
        }
    }
}

#[test]
fn a_huge_batch_is_taken_in_piece_by_piece() {
    unsafe extern "C" fn stop(_: *mut c_void, _: f64) -> bool {
        false
    }
    unsafe {
        let ids: Vec<i64> = (0..8_000_000).map(|i| i * 1_000_003).collect();
        let mut edges = stream(&[&ids, &ids]);
        let context = pf_context_new();
        assert_eq!(pf_context_set_progress(context, Some(stop), null_mut()), PF_OK);
        let (source, target) = (pf_str::new(c"a"), pf_str::new(c"b"));
        let mut g = null_mut();
        let status = pf_graph_from_edges(&mut edges, source, target, null_mut(), null(), context, &mut g);
        assert_eq!(status, PF_CANCELLED);
        pf_context_free(context);
    }
}

#[test]
fn panics_stay_inside() {
    unsafe {
        for place in 0..3 {
            assert_eq!(pf_test_panic(place), PF_INTERNAL);
        }
        assert_eq!(pf_test_panic(0), PF_INTERNAL);
        assert!(message().contains("deliberate"), "{}", message());
        let mut out = FFI_ArrowArrayStream::empty();
        pf_test_panic_stream(&mut out);
        let mut table = null_mut();
        assert_eq!(pf_table_from_stream(&mut out, null(), &mut table), PF_INTERNAL);
        assert!(message().contains("deliberate in a stream"), "{}", message());
    }
}

#[test]
fn progress_and_tokens_end_a_call() {
    unsafe extern "C" fn three_times(calls: *mut c_void, fraction: f64) -> bool {
        assert!(fraction < 0.0);
        let calls = unsafe { &mut *calls.cast::<i32>() };
        *calls += 1;
        *calls < 3
    }
    unsafe {
        let context = pf_context_new();
        let mut calls = 0;
        assert_eq!(pf_context_set_threads(context, 2), PF_OK);
        assert_eq!(pf_context_threads(context), 2);
        assert_eq!(pf_context_set_threads(context, -1), PF_INVALID_ARGUMENT);
        assert_eq!(pf_context_set_progress(context, Some(three_times), (&raw mut calls).cast()), PF_OK);
        assert_eq!(pf_test_work_forever(context), PF_CANCELLED);
        assert_eq!(calls, 3);
        assert_eq!(pf_context_set_progress(context, None, null_mut()), PF_OK);
        let token = pf_cancel_token_new();
        assert_eq!(pf_context_set_cancel_token(context, token), PF_OK);
        let address = token as usize;
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            pf_cancel_token_cancel(address as *const pf_cancel_token);
        });
        assert_eq!(pf_test_work_forever(context), PF_CANCELLED);
        stopper.join().unwrap();
        pf_cancel_token_free(token);
        assert_eq!(pf_test_work_forever(context), PF_CANCELLED, "the flag outlives the token");
        pf_context_free(context);
    }
}

#[test]
fn every_call_is_logged_at_debug() {
    static LINES: Mutex<Vec<(i32, String)>> = Mutex::new(Vec::new());
    unsafe extern "C" fn keep(_: *mut c_void, level: i32, message: *const c_char) {
        let text = unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned();
        LINES.lock().unwrap().push((level, text));
    }
    unsafe {
        assert_eq!(pf_set_log_callback(Some(keep), null_mut(), 9), PF_INVALID_ARGUMENT);
        assert_eq!(pf_set_log_callback(Some(keep), null_mut(), 4), PF_OK);
        let g = graph(&[&[1, 2], &[2, 1]]);
        let mut out = FFI_ArrowArrayStream::empty();
        assert_eq!(pf_graph_degree(g, null(), null(), null_mut()), PF_INVALID_ARGUMENT);
        assert_eq!(pf_graph_degree(g, null(), null(), &mut out), PF_OK);
        let context = pf_context_new();
        assert_eq!(pf_context_set_log_level(context, 0), PF_OK);
        assert_eq!(pf_context_set_log_level(context, 6), PF_INVALID_ARGUMENT);
        pf_context_free(context);
        assert_eq!(pf_set_log_callback(None, null_mut(), 0), PF_OK);
        pf_graph_free(g);
        let lines = LINES.lock().unwrap();
        let has = |start: &str, end: &str| {
            lines.iter().any(|(level, l)| *level == 4 && l.starts_with(start) && l.ends_with(end))
        };
        assert!(has("pf_graph_from_edges: 2 rows, ", " ms"), "{lines:?}");
        assert!(has("pf_graph_degree: 2 rows, ", " ms"), "{lines:?}");
        assert!(has("pf_graph_degree: INVALID_ARGUMENT after ", "out_stream is NULL"), "{lines:?}");
        assert!(lines.iter().any(|(level, l)| *level == 3 && l == "graph of 2 vertices and 2 edges"), "{lines:?}");
    }
}

#[test]
fn strings_and_booleans_become_arrays() {
    unsafe {
        let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
        let values = [c"x".as_ptr(), c"".as_ptr(), c"äö".as_ptr()];
        assert_eq!(pf_array_from_strings(values.as_ptr(), 3, &mut a, &mut s), PF_OK);
        let texts = read(a, &s);
        assert_eq!(texts.as_string::<i64>().iter().flatten().collect::<Vec<_>>(), ["x", "", "äö"]);
        let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
        let bytes = [0u8, 1, 7];
        assert_eq!(pf_array_from_buffer(pf_str::new(c"b"), bytes.as_ptr().cast(), 3, &mut a, &mut s), PF_OK);
        assert_eq!(read(a, &s).as_boolean().iter().flatten().collect::<Vec<_>>(), [false, true, true]);
        for (format, width) in
            [(c"c", 1), (c"C", 1), (c"s", 2), (c"S", 2), (c"i", 4), (c"I", 4), (c"L", 8), (c"f", 4), (c"g", 8)]
        {
            let (mut a, mut s) = (FFI_ArrowArray::empty(), FFI_ArrowSchema::empty());
            let bytes = vec![0u8; 3 * width];
            assert_eq!(pf_array_from_buffer(pf_str::new(format), bytes.as_ptr().cast(), 3, &mut a, &mut s), PF_OK);
            assert_eq!(read(a, &s).len(), 3);
        }
        let (x, xs) = array(&[1, 2]);
        let (y, ys) = array(&[1]);
        let (mut arrays, mut schemas) = ([x, y], [xs, ys]);
        let names = [c"x".as_ptr(), c"y".as_ptr()];
        let mut out = FFI_ArrowArrayStream::empty();
        let status = pf_stream_from_arrays(2, names.as_ptr(), arrays.as_mut_ptr(), schemas.as_mut_ptr(), &mut out);
        assert_eq!(status, PF_INVALID_ARGUMENT);
        assert!(message().contains("'y' has 1, 'x' has 2") && arrays.iter().all(FFI_ArrowArray::is_released));
    }
}

#[test]
fn the_registry_names_functions_that_the_header_declares() {
    let header =
        std::fs::read_to_string(format!("{}/../include/libparquetframe.h", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut out = FFI_ArrowArrayStream::empty();
    assert_eq!(unsafe { pf_kernels(&mut out) }, PF_OK);
    let rows = &batches(out)[0];
    let column = |name: &str| rows[name].as_string::<i32>().clone();
    let (kernels, items, types, docs) = (column("kernel"), column("item"), column("type"), column("doc"));
    let mut seen = 0;
    for i in 0..rows.num_rows() {
        assert!(!docs.value(i).is_empty(), "{} has an item without a word", kernels.value(i));
        if items.value(i) == "kernel" {
            seen += 1;
            assert!(header.contains(&format!(" {}(", types.value(i))), "no {} in the header", types.value(i));
        }
    }
    assert_eq!(seen, registry().count());
    assert!(column("default").iter().any(|d| d == Some("0.85")));
}

#[test]
fn the_library_says_what_it_is() {
    unsafe {
        assert_eq!(pf_abi_version(), PF_ABI_VERSION);
        assert_eq!(CStr::from_ptr(pf_version_string()).to_str().unwrap(), env!("CARGO_PKG_VERSION"));
        assert!(pf_has_feature(pf_str::new(c"codec.zstd")) && !pf_has_feature(pf_str::new(c"time.travel")));
    }
}
