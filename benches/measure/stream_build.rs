//! What building a graph from a Parquet file takes in memory: writes a file of uniformly random int64 edges, 16 to a
//! vertex, builds from it and prints the time and by how much the peak of the resident memory grew (VmHWM).
//!
//! `cargo run --release -p pf-benches --example stream_build -- EDGES_LOG2 [DIRECTORY]`

use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use pf_base::{Context, Options};
use pf_graph_core::{Graph, Orientation};
use pf_io_core::Scan;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

/// Kilobytes of a line of /proc/self/status.
fn status(key: &str) -> Any<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|l| l.strip_prefix(key)).ok_or("no such line")?;
    Ok(line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse()?)
}

fn write(path: &std::path::Path, edges: u64, vertices: u64) -> Any<()> {
    const ROWS: u64 = 1 << 16;
    let mut state = 1u64;
    let mut end = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % vertices) as i64
    };
    let mut writer: Option<ArrowWriter<File>> = None;
    for start in (0..edges).step_by(ROWS as usize) {
        let mut column =
            || Arc::new((start..edges.min(start + ROWS)).map(|_| end()).collect::<Int64Array>()) as ArrayRef;
        let batch = RecordBatch::try_from_iter([("source", column()), ("target", column())])?;
        if writer.is_none() {
            let properties =
                WriterProperties::builder().set_compression(Compression::SNAPPY).set_dictionary_enabled(false).build();
            writer = Some(ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?);
        }
        writer.as_mut().ok_or("no writer")?.write(&batch)?;
    }
    writer.ok_or("no edges")?.close()?;
    Ok(())
}

fn main() -> Any<()> {
    let mut args = std::env::args().skip(1);
    let scale: u32 = args.next().map_or(Ok(26), |text| text.parse())?;
    let directory = args.next().map_or_else(std::env::temp_dir, Into::into);
    let path = directory.join(format!("stream-build-{scale}.parquet"));
    if !path.exists() {
        write(&path, 1 << scale, 1 << (scale - 4))?;
    }
    let context = Context::default();
    let source = Scan::new(&[path.to_str().ok_or("path")?], &Options::default(), &context)?;
    // From here on the peak is counted anew.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = status("VmRSS")?;
    let start = Instant::now();
    let graph = Graph::from_source(Box::new(source), "source", "target", None, &Options::default(), &context)?;
    let seconds = start.elapsed().as_secs_f64();
    let rows = graph.adjacency(Orientation::Out, &context)?;
    let kept = 4 * rows.targets().len() + 8 * rows.offsets().len();
    let grown = (status("VmHWM")?.saturating_sub(before)) * 1024;
    println!(
        "{} vertices, {} edges: {seconds:.2} s, peak {grown} bytes over {before} kB before, {:.2} per edge; the rows \
         are {kept} bytes",
        graph.num_vertices(),
        graph.num_edges(),
        grown as f64 / graph.num_edges() as f64,
    );
    Ok(())
}
