//! What building from edges in memory costs: wall time, processor time and the growth of the resident peak, the least
//! of several builds. Processor time is what to compare on a machine with other work.
//!
//! `cargo run --release -p pf-benches --example build_cost -- [SCALE] [THREADS] [BUILDS]`

use std::time::Instant;

use pf_base::{Context, Options, Value};
use pf_benches::{Edges, batches, build, kronecker, uniform};
use pf_graph_core::Orientation;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

/// Kilobytes of a line of /proc/self/status.
fn status(key: &str) -> Any<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|l| l.strip_prefix(key)).ok_or("no such line")?;
    Ok(line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse()?)
}

/// Seconds that the living threads of the process have run.
fn processor() -> Any<f64> {
    let mut sum = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        // A thread may end meanwhile.
        let Ok(text) = std::fs::read_to_string(task?.path().join("schedstat")) else { continue };
        sum += text.split(' ').next().ok_or("schedstat")?.parse::<u64>()?;
    }
    Ok(sum as f64 * 1e-9)
}

/// Runs `f`; the least wall and processor time and peak of `runs`. The kernel's own thread has ended by then, but it
/// only waits for the pool.
fn least<T>(runs: usize, mut f: impl FnMut() -> T) -> Any<(f64, f64, u64)> {
    let mut best = (f64::MAX, f64::MAX, u64::MAX);
    for _ in 0..runs {
        std::fs::write("/proc/self/clear_refs", "5")?;
        let (resident, start, ran) = (status("VmRSS")?, Instant::now(), processor()?);
        let result = f();
        let (wall, ran) = (start.elapsed().as_secs_f64(), processor()? - ran);
        let peak = status("VmHWM")?.saturating_sub(resident) * 1024;
        drop(result);
        best = (best.0.min(wall), best.1.min(ran), best.2.min(peak));
    }
    Ok(best)
}

fn main() -> Any<()> {
    let mut args = std::env::args().skip(1);
    let mut number = |default: usize| args.next().map_or(Ok(default), |text| text.parse());
    let (scale, threads, runs) = (number(20)? as u32, number(2)?, number(5)?);
    let context = Context::default().with_threads(threads);
    let sorted = |mut edges: Edges| {
        let mut pairs: Vec<_> = edges.0.into_iter().zip(edges.1).collect();
        pairs.sort_unstable();
        edges = pairs.into_iter().unzip();
        edges
    };
    for (name, edges) in
        [("kron", kronecker(scale)), ("urand", uniform(scale)), ("kron, sorted", sorted(kronecker(scale)))]
    {
        let count = edges.0.len() as f64;
        let batches = batches(&edges, false);
        drop(edges);
        let positions = Options::default().with("num_vertices", Value::I64(1 << scale));
        for (ids, options) in [("ids", &Options::default()), ("positions", &positions)] {
            let (wall, ran, peak) = least(runs, || build(&batches, options, &context))?;
            println!(
                "{name}{scale}, {ids}: {:.1} ms wall, {:.1} ms of processors, peak {:.2} bytes per edge",
                1e3 * wall,
                1e3 * ran,
                peak as f64 / count
            );
        }
        let (wall, ran, peak) = least(runs.min(3), || {
            let graph = build(&batches, &positions, &context)?;
            graph.adjacency(Orientation::In, &context)
        })?;
        println!(
            "{name}{scale}, positions, both orientations: {:.1} ms wall, {:.1} ms of processors, peak {:.2} bytes per \
             edge",
            1e3 * wall,
            1e3 * ran,
            peak as f64 / count
        );
    }
    Ok(())
}
