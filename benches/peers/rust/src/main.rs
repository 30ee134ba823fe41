//! Measures one kernel of a Rust crate on the arrays of `graphs.py`, and prints seconds, megabytes and a value to check
//! as JSON: `rust-rivals PEER KERNEL FOLDER VERTICES REPEATS SOURCE...`.

use std::error::Error;
use std::fs;
use std::io::BufReader;
use std::time::Instant;

use graph::page_rank::{PageRankConfig, page_rank};
use graph::prelude::*;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Pairs = Vec<(u32, u32)>;

/// A graph folder.
struct Arrays<'a>(&'a str);

impl Arrays<'_> {
    fn numbers(&self, stem: &str) -> Result<Vec<i64>> {
        let file = BufReader::new(fs::File::open(format!("{}/{stem}.npy", self.0))?);
        Ok(npyz::NpyFile::new(file)?.into_vec()?)
    }

    fn pairs(&self, prefix: &str) -> Result<Pairs> {
        let (source, target) = (self.numbers(&format!("{prefix}source"))?, self.numbers(&format!("{prefix}target"))?);
        Ok(source.iter().zip(&target).map(|(s, t)| (*s as u32, *t as u32)).collect())
    }
}

fn kilobytes(key: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with(key)).ok_or("no such line in /proc/self/status")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}

/// What was measured.
#[derive(Default)]
struct Runs {
    seconds: Vec<f64>,
    megabytes: f64,
    check: Value,
}

impl Runs {
    /// Measures one call; the value to check comes from `check`, outside the time.
    fn measure<T>(&mut self, call: impl FnOnce() -> T, check: impl FnOnce(&T) -> Value) -> Result<()> {
        fs::write("/proc/self/clear_refs", "5")?;
        let resident = kilobytes("VmRSS:")?;
        let start = Instant::now();
        let result = call();
        self.seconds.push(start.elapsed().as_secs_f64());
        self.megabytes = self.megabytes.max((kilobytes("VmHWM:")? - resident) / 1024.0);
        if self.check.is_null() {
            self.check = check(&result);
        }
        Ok(())
    }
}

fn greatest(values: impl Iterator<Item = f32>) -> Value {
    json!(values.filter(|d| *d < f32::MAX).fold(0f32, f32::max))
}

fn neo4j_graph(kernel: &str, arrays: &Arrays, repeats: usize, sources: &[usize], runs: &mut Runs) -> Result<()> {
    let none = |_: &_| Value::Null;
    match kernel {
        "build" => {
            let (source, target) = (arrays.numbers("source")?, arrays.numbers("target")?);
            for _ in 0..repeats {
                runs.measure(
                    || -> DirectedCsrGraph<u32> {
                        let edges: Pairs = source.iter().zip(&target).map(|(s, t)| (*s as u32, *t as u32)).collect();
                        GraphBuilder::new().csr_layout(CsrLayout::Unsorted).edges(edges).build()
                    },
                    none,
                )?;
            }
        }
        "wcc" => {
            let graph: DirectedCsrGraph<u32> =
                GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(arrays.pairs("sym_")?).build();
            for _ in 0..repeats {
                runs.measure(|| drop(wcc_afforest(&graph, WccConfig::default())), |()| Value::Null)?;
            }
        }
        "triangles" => {
            let mut graph: UndirectedCsrGraph<u32> =
                GraphBuilder::new().csr_layout(CsrLayout::Deduplicated).edges(arrays.pairs("sym_")?).build();
            graph.make_degree_ordered();
            for _ in 0..repeats {
                runs.measure(|| global_triangle_count(&graph), |count| json!(count))?;
            }
        }
        "sssp" => {
            let weights: Vec<f32> = arrays.numbers("sym_weight")?.into_iter().map(|w| w as f32).collect();
            let edges: Vec<(u32, u32, f32)> =
                arrays.pairs("sym_")?.into_iter().zip(weights).flat_map(|((s, t), w)| [(s, t, w), (t, s, w)]).collect();
            let graph: DirectedCsrGraph<u32, (), f32> =
                GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges_with_values(edges).build();
            for source in sources {
                runs.measure(
                    || delta_stepping(&graph, DeltaSteppingConfig::new(*source, 16.0)),
                    |d| greatest(d.iter().map(|d| d.load(std::sync::atomic::Ordering::Relaxed))),
                )?;
            }
        }
        "pagerank20" | "pagerank_tol" => {
            let graph: DirectedCsrGraph<u32> =
                GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(arrays.pairs("dir_")?).build();
            let (iterations, tolerance) = if kernel == "pagerank20" { (20, 0.0) } else { (1000, 1e-6) };
            for _ in 0..repeats {
                runs.measure(
                    || page_rank(&graph, PageRankConfig::new(iterations, tolerance, 0.85)),
                    |(ranks, ..)| {
                        let first = ranks.iter().copied().fold(0.0, f32::max);
                        json!(ranks.iter().position(|r| *r == first))
                    },
                )?;
            }
        }
        other => return Err(format!("graph has no {other}").into()),
    }
    Ok(())
}

fn petgraph(kernel: &str, arrays: &Arrays, n: usize, repeats: usize, sources: &[usize], runs: &mut Runs) -> Result<()> {
    use petgraph::graph::{DiGraph, NodeIndex, UnGraph};
    let all = |graph: &mut UnGraph<(), u32>| {
        while graph.node_count() < n {
            graph.add_node(());
        }
    };
    match kernel {
        "build" => {
            let (source, target) = (arrays.numbers("source")?, arrays.numbers("target")?);
            for _ in 0..repeats {
                runs.measure(
                    || DiGraph::<(), ()>::from_edges(source.iter().zip(&target).map(|(s, t)| (*s as u32, *t as u32))),
                    |_| Value::Null,
                )?;
            }
        }
        "scc" => {
            let graph = DiGraph::<(), ()>::from_edges(arrays.pairs("dir_")?);
            for _ in 0..repeats {
                runs.measure(
                    || petgraph::algo::kosaraju_scc(&graph),
                    |components| json!(components.iter().map(Vec::len).max()),
                )?;
            }
        }
        "bfs" | "wcc" | "sssp" => {
            let edges = arrays.pairs("sym_")?.into_iter().zip(arrays.numbers("sym_weight")?);
            let mut graph = UnGraph::<(), u32>::from_edges(edges.map(|((s, t), w)| (s, t, w as u32)));
            all(&mut graph);
            match kernel {
                "wcc" => {
                    for _ in 0..repeats {
                        runs.measure(|| petgraph::algo::connected_components(&graph), |_| Value::Null)?;
                    }
                }
                "bfs" => {
                    for source in sources {
                        let reached = || {
                            let mut search = petgraph::visit::Bfs::new(&graph, NodeIndex::new(*source));
                            std::iter::from_fn(|| search.next(&graph)).count()
                        };
                        runs.measure(reached, |count| json!(count))?;
                    }
                }
                _ => {
                    for source in sources {
                        runs.measure(
                            || petgraph::algo::dijkstra(&graph, NodeIndex::new(*source), None, |e| *e.weight()),
                            |distances| json!(distances.values().max().map(|d| f64::from(*d))),
                        )?;
                    }
                }
            }
        }
        other => return Err(format!("petgraph has no {other}").into()),
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, peer, kernel, folder, vertices, repeats, sources @ ..] = &arguments[..] else {
        return Err("PEER KERNEL FOLDER VERTICES REPEATS SOURCE...".into());
    };
    let (n, repeats): (usize, usize) = (vertices.parse()?, repeats.parse()?);
    let sources = sources.iter().map(|s| s.parse()).collect::<std::result::Result<Vec<usize>, _>>()?;
    let (arrays, mut runs) = (Arrays(folder), Runs::default());
    match peer.as_str() {
        "neo4j_graph" => neo4j_graph(kernel, &arrays, repeats, &sources, &mut runs)?,
        "petgraph" => petgraph(kernel, &arrays, n, repeats, &sources, &mut runs)?,
        other => return Err(format!("no peer {other}").into()),
    }
    println!("{}", json!({ "seconds": runs.seconds, "mb": runs.megabytes, "check": runs.check }));
    Ok(())
}
