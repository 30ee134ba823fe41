//! Betweenness, closeness and degree centrality against slow references and closed forms.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, betweenness, closeness, degree_centrality};
use proptest::prelude::*;

type Edge = (i64, i64, f64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default()
        .with("num_vertices", Value::I64(n))
        .with("directed", Value::Bool(directed))
        .with("weight", Value::Str("weight".to_owned()));
    let source = Ids::Int(edges.iter().map(|e| e.0).collect());
    let target = Ids::Int(edges.iter().map(|e| e.1).collect());
    let weight: Vec<f64> = edges.iter().map(|e| e.2).collect();
    graph(&source, &target, Some(&weight), None, &options, 50, ctx).unwrap()
}

fn column(batch: &RecordBatch, name: &str) -> Vec<f64> {
    batch[name].as_primitive::<Float64Type>().values().to_vec()
}

fn ids(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn weighted(options: Options, is: bool) -> Options {
    if is { options.with("weight", Value::Str("weight".to_owned())) } else { options }
}

fn raw() -> Options {
    Options::default().with("normalized", Value::Bool(false))
}

fn close(got: &[f64], want: &[f64]) -> bool {
    let near = |(g, w): (&f64, &f64)| (g.is_nan() && w.is_nan()) || (g - w).abs() <= 1e-9 * w.abs().max(1.0);
    got.len() == want.len() && got.iter().zip(want).all(near)
}

/// Lengths of edges between all pairs, infinite where there is none; parallel edges by the shortest.
fn matrix(edges: &[Edge], n: i64, directed: bool, use_weight: bool) -> Vec<Vec<f64>> {
    let mut length = vec![vec![f64::INFINITY; n as usize]; n as usize];
    for (s, t, w) in edges {
        let w = if use_weight { *w } else { 1.0 };
        for (a, b) in [(*s, *t), (*t, *s)].into_iter().take(if directed { 1 } else { 2 }) {
            let cell = &mut length[a as usize][b as usize];
            *cell = cell.min(w);
        }
    }
    (0..n as usize).for_each(|v| length[v][v] = f64::INFINITY);
    length
}

/// Floyd–Warshall; 0 on the diagonal.
fn all_distances(length: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = length.len();
    let mut d = length.to_vec();
    (0..n).for_each(|v| d[v][v] = 0.0);
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                d[i][j] = d[i][j].min(d[i][k] + d[k][j]);
            }
        }
    }
    d
}

/// Over every ordered pair and every vertex between: paths through it over all paths. Needs positive lengths.
fn slow_betweenness(length: &[Vec<f64>], sources: &[usize]) -> Vec<f64> {
    let n = length.len();
    let d = all_distances(length);
    let mut paths = vec![vec![0.0; n]; n];
    for s in 0..n {
        let mut by_distance: Vec<usize> = (0..n).filter(|v| d[s][*v].is_finite()).collect();
        by_distance.sort_by(|a, b| d[s][*a].total_cmp(&d[s][*b]));
        paths[s][s] = 1.0;
        for t in by_distance.into_iter().filter(|t| *t != s) {
            paths[s][t] = (0..n).filter(|u| d[s][*u] + length[*u][t] == d[s][t]).map(|u| paths[s][u]).sum();
        }
    }
    let between = |v: usize| {
        let pairs = sources.iter().flat_map(|s| (0..n).map(move |t| (*s, t)));
        let on = pairs.filter(|(s, t)| s != t && *s != v && *t != v && d[*s][*t].is_finite());
        on.filter(|(s, t)| d[*s][v] + d[v][*t] == d[*s][*t]).map(|(s, t)| paths[s][v] * paths[v][t] / paths[s][t]).sum()
    };
    (0..n).map(between).collect()
}

fn slow_closeness(d: &[Vec<f64>], inward: bool, improved: bool) -> Vec<f64> {
    let n = d.len();
    let of = |v: usize| {
        let reached: Vec<f64> =
            (0..n).map(|u| if inward { d[u][v] } else { d[v][u] }).filter(|x| x.is_finite()).collect();
        let (count, total) = (reached.len() as f64 - 1.0, reached.iter().sum::<f64>());
        let part = if improved { count / (n as f64 - 1.0) } else { 1.0 };
        if total > 0.0 { count / total * part } else { 0.0 }
    };
    (0..n).map(of).collect()
}

fn arbitrary(least: i32) -> impl Strategy<Value = (i64, Vec<Edge>, bool)> {
    (1..16i64).prop_flat_map(move |n| {
        // Whole numbers, so that sums and their comparison are exact in any order.
        let weight = (least..4).prop_map(f64::from);
        (Just(n), prop::collection::vec((0..n, 0..n, weight), 0..50), any::<bool>())
    })
}

proptest! {
    #[test]
    fn betweenness_is_the_sum_over_all_pairs(
        (n, edges, directed) in arbitrary(1),
        use_weight in any::<bool>(),
        picks in prop::collection::vec(0..16i64, 1..4),
    ) {
        let length = matrix(&edges, n, directed, use_weight);
        let every: Vec<usize> = (0..n as usize).collect();
        let halved = |sums: Vec<f64>| sums.iter().map(|x| if directed { *x } else { x / 2.0 }).collect::<Vec<_>>();
        let want = halved(slow_betweenness(&length, &every));
        let mut given: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let some: Vec<usize> = every.iter().copied().filter(|v| given.contains(&(*v as i64))).collect();
        let want_some = halved(slow_betweenness(&length, &some));
        given.reverse();
        let options = weighted(raw(), use_weight);
        let mut first: Option<Vec<u64>> = None;
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let got = column(&betweenness(&g, None, &options, &ctx).unwrap(), "betweenness");
            prop_assert!(close(&got, &want), "{got:?} is not {want:?}");
            let bits: Vec<u64> = got.iter().map(|x| x.to_bits()).collect();
            prop_assert_eq!(first.get_or_insert_with(|| bits.clone()), &bits);
            let of_some = column(&betweenness(&g, Some(&ids(&given)), &options, &ctx).unwrap(), "betweenness");
            prop_assert!(close(&of_some, &want_some), "{of_some:?} is not {want_some:?}");
            let normal = weighted(Options::default(), use_weight);
            let normal = column(&betweenness(&g, None, &normal, &ctx).unwrap(), "betweenness");
            let pairs = ((n - 1) * (n - 2)).max(1) as f64 / if directed { 1.0 } else { 2.0 };
            let scaled: Vec<f64> = want.iter().map(|x| x / pairs).collect();
            prop_assert!(close(&normal, &scaled), "{normal:?} is not {scaled:?}");
        }
    }

    #[test]
    fn closeness_is_the_inverse_of_the_mean_distance(
        (n, edges, directed) in arbitrary(0),
        use_weight in any::<bool>(),
        inward in any::<bool>(),
        improved in any::<bool>(),
        picks in prop::collection::vec(0..16i64, 1..4),
    ) {
        let want = slow_closeness(&all_distances(&matrix(&edges, n, directed, use_weight)), inward, improved);
        let mode = if inward { "in" } else { "out" };
        let options = Options::default()
            .with("mode", Value::Str(mode.to_owned()))
            .with("wf_improved", Value::Bool(improved));
        let options = weighted(options, use_weight);
        let mut some: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let given = ids(&some);
        some.sort_unstable();
        some.dedup();
        let mut first: Option<Vec<u64>> = None;
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let got = column(&closeness(&g, None, &options, &ctx).unwrap(), "closeness");
            prop_assert!(close(&got, &want), "{got:?} is not {want:?}");
            let bits: Vec<u64> = got.iter().map(|x| x.to_bits()).collect();
            prop_assert_eq!(first.get_or_insert_with(|| bits.clone()), &bits);
            let of_some = closeness(&g, Some(&given), &options, &ctx).unwrap();
            prop_assert_eq!(of_some["vertex"].as_primitive::<Int64Type>().values().to_vec(), some.clone());
            let expected: Vec<f64> = some.iter().map(|v| got[*v as usize]).collect();
            prop_assert_eq!(column(&of_some, "closeness"), expected);
        }
    }

    #[test]
    fn degree_centrality_divides_by_the_others((n, edges, directed) in arbitrary(1)) {
        let ctx = Context::default().with_threads(2);
        let g = build(&edges, n, directed, &ctx);
        for (mode, out, inward) in [("all", 1.0, 1.0), ("out", 1.0, 0.0), ("in", 0.0, 1.0)] {
            let (out, inward) = if directed { (out, inward) } else { (1.0, 1.0) };
            let of = |v: i64| {
                let ends = |e: &Edge| f64::from(e.0 == v) * out + f64::from(e.1 == v) * inward;
                if n == 1 { 1.0 } else { edges.iter().map(ends).sum::<f64>() / (n - 1) as f64 }
            };
            let options = Options::default().with("mode", Value::Str(mode.to_owned()));
            let got = column(&degree_centrality(&g, &options, &ctx).unwrap(), "degree_centrality");
            prop_assert_eq!(got, (0..n).map(of).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_graph_without_vertices_has_rows_for_none() {
    let ctx = Context::default();
    let g = build(&[], 0, true, &ctx);
    for options in [Options::default(), weighted(Options::default(), true)] {
        assert_eq!(betweenness(&g, None, &options, &ctx).unwrap().num_rows(), 0);
        assert_eq!(closeness(&g, None, &options, &ctx).unwrap().num_rows(), 0);
    }
    assert_eq!(degree_centrality(&g, &Options::default(), &ctx).unwrap().num_rows(), 0);
}

#[test]
fn one_vertex_is_between_nobody() {
    let ctx = Context::default();
    for edges in [vec![], vec![(0, 0, 1.0), (0, 0, 2.0)]] {
        for directed in [true, false] {
            let g = build(&edges, 1, directed, &ctx);
            assert_eq!(column(&betweenness(&g, None, &Options::default(), &ctx).unwrap(), "betweenness"), [0.0]);
            assert_eq!(column(&closeness(&g, None, &Options::default(), &ctx).unwrap(), "closeness"), [0.0]);
            let degree = degree_centrality(&g, &Options::default(), &ctx).unwrap();
            assert_eq!(column(&degree, "degree_centrality"), [1.0]);
        }
    }
}

#[test]
fn stars_paths_and_complete_graphs_have_closed_forms() {
    let ctx = Context::default().with_threads(2);
    let n = 100;
    let star: Vec<Edge> = (1..n).map(|v| (v, 0, 2.0)).collect();
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v, 2.0)).collect();
    let complete: Vec<Edge> = (0..n).flat_map(|v| (0..v).map(move |u| (u, v, 2.0))).collect();
    let inner = |v: i64| (v * (n - 1 - v)) as f64;
    let cases: [(&[Edge], Vec<f64>); 3] = [
        (&star, (0..n).map(|v| if v == 0 { ((n - 1) * (n - 2) / 2) as f64 } else { 0.0 }).collect()),
        (&path, (0..n).map(inner).collect()),
        (&complete, vec![0.0; n as usize]),
    ];
    for (edges, want) in cases {
        let g = build(edges, n, false, &ctx);
        for use_weight in [false, true] {
            let got = betweenness(&g, None, &weighted(raw(), use_weight), &ctx).unwrap();
            assert_eq!(column(&got, "betweenness"), want);
            assert_eq!(got.schema().metadata()["parquetframe.sources"], "100");
        }
    }
}

/// `links` diamonds in a row: two ways through each, so that there are 2^`links` paths from end to end. Vertex `3i` joins
/// diamond `i` to the next.
fn diamonds(links: i64) -> Vec<Edge> {
    let one = |i: i64| {
        let (left, up, down, right) = (3 * i, 3 * i + 1, 3 * i + 2, 3 * i + 3);
        [(left, up, 1.0), (left, down, 1.0), (up, right, 1.0), (down, right, 1.0)]
    };
    (0..links).flat_map(one).collect()
}

#[test]
fn more_paths_than_a_number_can_hold_are_counted() {
    let links = 2500;
    let ctx = Context::default().with_threads(2);
    let g = build(&diamonds(links), 3 * links + 1, true, &ctx);
    let behind = |v: i64| 3 * (links - 1 - v / 3);
    let want: Vec<f64> = (0..=3 * links)
        .map(|v| match v % 3 {
            _ if v == 0 || v == 3 * links => 0.0,
            // All that stands behind a joint; half of what stands behind a diamond's two sides.
            0 => (behind(v) + 3) as f64,
            _ => (behind(v) + 1) as f64 / 2.0,
        })
        .collect();
    for use_weight in [false, true] {
        let got = betweenness(&g, Some(&ids(&[0])), &weighted(raw(), use_weight), &ctx).unwrap();
        let got = column(&got, "betweenness");
        assert!(close(&got, &want), "{:?}", got.iter().zip(&want).find(|(g, w)| g != w));
    }
}

#[test]
fn edges_without_length_lead_to_paths_with_the_fewest_of_them() {
    // 0 → 1 costs 1; 1, 2, 3 are joined without cost, 1 – 2 – 4 and 1 – 3 – 4 as well; 0 → 2 costs 1 too.
    let edges = [(0, 1, 1.0), (1, 2, 0.0), (1, 3, 0.0), (2, 4, 0.0), (3, 4, 0.0), (0, 2, 1.0)];
    let ctx = Context::default();
    let g = build(&edges, 5, false, &ctx);
    let got = betweenness(&g, Some(&ids(&[0])), &weighted(raw(), true), &ctx).unwrap();
    // 1 and 2 are reached directly, 3 through 1, 4 through 2 alone.
    assert_eq!(column(&got, "betweenness"), [0.0, 0.5, 0.5, 0.0, 0.0]);
    let zero = build(&[(0, 1, 0.0), (1, 2, 0.0)], 3, false, &ctx);
    let got = column(&betweenness(&zero, None, &weighted(raw(), true), &ctx).unwrap(), "betweenness");
    assert_eq!(got, [0.0, 1.0, 0.0]);
    let got = column(&closeness(&zero, None, &weighted(Options::default(), true), &ctx).unwrap(), "closeness");
    assert_eq!(got, [0.0; 3]);
}

#[test]
fn samples_are_a_choice_of_sources_scaled_to_all() {
    let ctx = Context::default().with_threads(2);
    let edges: Vec<Edge> = (0..200).map(|i| (i * 7 % 40, i * i % 40, 1.0)).collect();
    let g = build(&edges, 40, true, &ctx);
    let with = |samples: i64, seed: i64| {
        let options = raw().with("samples", Value::I64(samples)).with("seed", Value::I64(seed));
        betweenness(&g, None, &options, &ctx).unwrap()
    };
    let exact = betweenness(&g, None, &raw(), &ctx).unwrap();
    for samples in [40, 41, i64::MAX] {
        assert_eq!(with(samples, 3), exact);
    }
    assert_eq!(with(5, 1), with(5, 1));
    assert_ne!(with(5, 1), with(5, 2));
    assert_eq!(with(5, 1).schema().metadata()["parquetframe.sources"], "5");
    // Over many seeds the estimate is right on the average.
    let mut mean = vec![0.0; 40];
    let seeds = 2000;
    for seed in 0..seeds {
        let estimate = column(&with(10, seed), "betweenness");
        mean.iter_mut().zip(estimate).for_each(|(m, e)| *m += e / seeds as f64);
    }
    for (mean, exact) in mean.iter().zip(column(&exact, "betweenness")) {
        assert!((mean - exact).abs() <= 0.1 * exact.max(10.0), "{mean} is far from {exact}");
    }
    // A single sample knows nothing of itself, as in NetworkX.
    assert_eq!(column(&with(1, 0), "betweenness").iter().filter(|x| x.is_nan()).count(), 1);
}

#[test]
fn a_graph_of_many_tasks_has_the_same_bits_for_any_number_of_threads() {
    let n = 5_000;
    let mut state = 1u64;
    let mut below = |n: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % n
    };
    // The product of two numbers makes hubs; the rest hangs on by a path.
    let mut edges: Vec<Edge> =
        (0..70_000).map(|_| (below(n) * below(n) / n, below(n), (below(9) + 1) as f64)).collect();
    edges.extend((n..n + 50).map(|v| (v - 1, v, 1.0)));
    let n = n + 50;
    for directed in [true, false] {
        let g = build(&edges, n, directed, &Context::default());
        for use_weight in [false, true] {
            let run = |threads: usize| {
                let ctx = Context::default().with_threads(threads);
                let sources = ids(&[17, 4, n - 1]);
                let between = betweenness(&g, Some(&sources), &weighted(raw(), use_weight), &ctx).unwrap();
                let near = closeness(&g, Some(&sources), &weighted(Options::default(), use_weight), &ctx).unwrap();
                (between, near)
            };
            let one = run(1);
            assert!(column(&one.0, "betweenness").iter().all(|x| x.is_finite()));
            for threads in [2, 7] {
                assert_eq!(run(threads), one);
            }
        }
    }
}

#[test]
fn closeness_of_many_vertices_is_that_of_each() {
    let ctx = Context::default().with_threads(2);
    let edges: Vec<Edge> = (0..900).map(|i| (i * i % 307, (i * 31 + 5) % 311, 1.0)).collect();
    for directed in [true, false] {
        let g = build(&edges, 320, directed, &ctx);
        let together = column(&closeness(&g, None, &Options::default(), &ctx).unwrap(), "closeness");
        for v in 0..320 {
            let alone = column(&closeness(&g, Some(&ids(&[v])), &Options::default(), &ctx).unwrap(), "closeness");
            assert_eq!(alone, [together[v as usize]]);
        }
    }
}

#[test]
fn bad_arguments_are_named() {
    let ctx = Context::default();
    let g = build(&[(0, 1, 1.0), (1, 2, -1.0)], 3, true, &ctx);
    let infinite = build(&[(0, 1, f64::INFINITY)], 2, true, &ctx);
    let text = |name: &str, value: &str| Options::default().with(name, Value::Str(value.to_owned()));
    let number = |name: &str, value: i64| Options::default().with(name, Value::I64(value));
    let between = |g: &Graph, sources: Option<&[i64]>, options: Options| {
        let sources = sources.map(ids);
        betweenness(g, sources.as_ref(), &options, &ctx).unwrap_err()
    };
    let near = |g: &Graph, options: Options| closeness(g, None, &options, &ctx).unwrap_err();
    let cases = [
        (between(&g, None, text("weight", "cost")), "weight column 'cost' not found"),
        (between(&g, None, text("weight", "weight")), "non-negative edge weights, but weight column 'weight' holds -1"),
        (
            between(&infinite, None, text("weight", "weight")),
            "finite edge weights, but weight column 'weight' holds inf",
        ),
        (between(&g, None, number("samples", 0)), "samples must be at least 1, not 0"),
        (between(&g, None, number("samples", -4)), "samples must be at least 1, not -4"),
        (between(&g, Some(&[0]), number("samples", 2)), "exclude each other"),
        (between(&g, Some(&[]), Options::default()), "at least one source"),
        (between(&g, Some(&[7]), Options::default()), "7 is out of range"),
        (near(&g, text("mode", "all")), "mode must be 'in' or 'out', not 'all'"),
        (near(&g, text("weight", "weight")), "non-negative edge weights"),
        (near(&g, text("weight", "cost")), "weight column 'cost' not found"),
        (
            degree_centrality(&g, &text("mode", "both"), &ctx).unwrap_err(),
            "mode must be 'in', 'out' or 'all', not 'both'",
        ),
    ];
    for (error, message) in cases {
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn the_memory_limit_and_cancellation_hold() {
    let edges: Vec<Edge> = (1..20_000).map(|v| (v - 1, v, 1.0)).collect();
    let ctx = Context::default().with_threads(2);
    let g = build(&edges, 20_000, false, &ctx);
    let small = Context::default().with_threads(2).with_memory_limit(400_000);
    let cancelled = Context::default().with_threads(2);
    cancelled.cancel_token().cancel();
    let sources = ids(&[0, 1, 2, 3, 4]);
    for use_weight in [false, true] {
        for (ctx, code) in [(&small, Code::OutOfMemory), (&cancelled, Code::Cancelled)] {
            let options = weighted(Options::default(), use_weight);
            assert_eq!(betweenness(&g, Some(&sources), &options, ctx).unwrap_err().code(), code);
            assert_eq!(closeness(&g, Some(&sources), &options, ctx).unwrap_err().code(), code);
        }
    }
    // Room for the state of one source at a time, but not for two.
    let tight = Context::default().with_threads(2).with_memory_limit(1_200_000);
    let few = betweenness(&g, Some(&sources), &Options::default(), &tight).unwrap();
    assert_eq!(few, betweenness(&g, Some(&sources), &Options::default(), &ctx).unwrap());
    let many = ids(&(0..150).collect::<Vec<_>>());
    let few = closeness(&g, Some(&many), &Options::default(), &tight).unwrap();
    assert_eq!(few, closeness(&g, Some(&many), &Options::default(), &ctx).unwrap());
}

/// A square lattice has more paths from corner to corner than an `f64` can count, a search of many small layers, and a
/// betweenness that is the same in both of its diagonals.
#[test]
#[ignore = "minutes: make test-long"]
fn a_large_lattice_is_symmetric() {
    let side = 1000i64;
    let vertex = |x: i64, y: i64| y * side + x;
    let right = (0..side).flat_map(|y| (1..side).map(move |x| (vertex(x - 1, y), vertex(x, y), 1.0)));
    let down = (1..side).flat_map(|y| (0..side).map(move |x| (vertex(x, y - 1), vertex(x, y), 1.0)));
    let edges: Vec<Edge> = right.chain(down).collect();
    let ctx = Context::default().with_threads(2);
    let g = build(&edges, side * side, false, &ctx);
    let corners = [0, side - 1, side * (side - 1), side * side - 1];
    for use_weight in [false, true] {
        let run = |threads: usize, corners: &[i64]| {
            let ctx = Context::default().with_threads(threads);
            column(&betweenness(&g, Some(&ids(corners)), &weighted(raw(), use_weight), &ctx).unwrap(), "betweenness")
        };
        let one = run(1, &corners);
        assert_eq!(run(2, &corners), one);
        assert_eq!(run(7, &corners), one);
        assert!(one.iter().all(|x| x.is_finite()));
        // Every vertex at a distance adds its distance, less itself, to those between.
        let single = run(2, &corners[..1]);
        let between: f64 = (0..side).flat_map(|x| (0..side).map(move |y| (x + y - 1).max(0) as f64)).sum();
        let sum: f64 = single.iter().sum();
        assert!((sum * 2.0 - between).abs() < 1e-9 * between, "{sum} is not half of {between}");
        let mirrored: Vec<f64> = (0..side * side).map(|v| one[vertex(v / side, v % side) as usize]).collect();
        assert!(close(&one, &mirrored));
    }
}
