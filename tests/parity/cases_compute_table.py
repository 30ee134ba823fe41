"""Cases of aggregates, windows and operations on rows."""

from datetime import datetime, timedelta

import numpy as np
import oracle_compute as scalar
import oracle_compute_table as oracle
from compute_case import (
    BOOL,
    FLOAT,
    FUNCTION,
    INDEX,
    INF,
    INT,
    MAX,
    MIN,
    NAN,
    ROUNDING,
    TEXT,
    Table,
    aggregate,
    bools,
    case,
    constants,
    each,
    error,
    evaluate,
    floats,
    ints,
    rows,
    texts,
    without_rows,
)

DATA = Table(
    a=ints(3, None, -1, 7, 3, 0, None, 12, 5),
    x=floats(1.5, 2.5, None, -0.25, 1.5, 100.0, 0.1, None, 3.0),
    s=texts("b", "a", None, "", "b", "é", "c", "a", "b"),
    p=bools(True, False, None, True, True, None, False, True, True),
)
NULLS = Table(a=ints(None, None), x=floats(None, None), s=texts(None, None), p=bools(None, None))
ONE = Table(a=ints(4), x=floats(-2.5), s=texts("z"), p=bools(False))
NO_ROWS = DATA.empty()
NUMBERS = {
    "sum": oracle.total,
    "product": oracle.product,
    "min": oracle.least,
    "max": oracle.greatest,
    "mode": oracle.mode,
}
MEASURES = {
    "mean": oracle.mean,
    "avg": oracle.mean,
    "var": oracle.variance,
    "var_samp": oracle.variance,
    "variance": oracle.variance,
    "var_pop": lambda v: oracle.variance(v, 0),
    "std": oracle.deviation,
    "stddev": oracle.deviation,
    "stddev_samp": oracle.deviation,
    "std_pop": lambda v: oracle.deviation(v, 0),
    "stddev_pop": lambda v: oracle.deviation(v, 0),
    "skew": oracle.skew,
    "kurtosis": oracle.kurtosis,
    "kurt": oracle.kurtosis,
    "median": lambda v: oracle.quantile(v, 0.5),
}
METHODS = ("linear", "lower", "higher", "nearest", "midpoint")


def of_table(name, t, **options):
    """All aggregates of a table with the columns a, x, s and p."""
    present = lambda values: len(oracle.known(values))
    outputs = [(f"{f}(a)", INT, g(t.a)) for f, g in NUMBERS.items()]
    outputs += [(f"{f}(x)", FLOAT, g(t.x)) for f, g in NUMBERS.items()]
    outputs += [(f"{f}({c})", FLOAT, g(t.columns[c][1])) for f, g in MEASURES.items() for c in "ax"]
    outputs += [(f"{f}(s)", TEXT, g(t.s)) for f, g in NUMBERS.items() if f in ("min", "max", "mode")]
    outputs += [(f"{f}(p)", BOOL, g(t.p)) for f, g in NUMBERS.items() if f in ("min", "max", "mode")]
    for c in "axsp":
        kind, values = t.columns[c]
        outputs += [
            (f"count({c})", INT, present(values)),
            (f"count_null({c})", INT, t.rows - present(values)),
            (f"count_distinct({c})", INT, oracle.count_distinct(values)),
            (f"count(DISTINCT {c})", INT, oracle.count_distinct(values)),
            (f"approx_count_distinct({c})", INT, oracle.count_distinct(values)),
            (f"first({c})", kind, values[0] if values else None),
            (f"last({c})", kind, values[-1] if values else None),
        ]
    outputs += [
        ("count(*)", INT, t.rows),
        ("count()", INT, t.rows),
        ("any(p)", BOOL, oracle.greatest(t.p)),
        ("all(p)", BOOL, oracle.least(t.p)),
        ("bool_or(p)", BOOL, oracle.greatest(t.p)),
        ("bool_and(p)", BOOL, oracle.least(t.p)),
        ("sum(p)", INT, oracle.total([None if v is None else int(v) for v in t.p])),
        ("mean(p)", FLOAT, oracle.mean([None if v is None else int(v) for v in t.p])),
        ("covar(a, x)", FLOAT, oracle.covariance(t.a, t.x)),
        ("covar_samp(a, x)", FLOAT, oracle.covariance(t.a, t.x)),
        ("covar_pop(a, x)", FLOAT, oracle.covariance(t.a, t.x, 0)),
        ("covar(x, a, ddof => 2)", FLOAT, oracle.covariance(t.x, t.a, 2)),
        ("corr(a, x)", FLOAT, oracle.correlation(t.a, t.x)),
        ("var(x, 0)", FLOAT, oracle.variance(t.x, 0)),
        ("std(a, ddof => 3)", FLOAT, oracle.deviation(t.a, 3)),
    ]
    outputs += [(f"quantile({c}, {q})", FLOAT, oracle.quantile(t.columns[c][1], q)) for c in "ax" for q in (0, 0.1, 0.5, 0.75, 1)]
    outputs += [(f"quantile(x, 0.3, '{m}')", FLOAT, oracle.quantile(t.x, 0.3, m)) for m in METHODS]
    outputs += [(f"percentile_cont(a, 0.3, interpolation => '{m}')", FLOAT, oracle.quantile(t.a, 0.3, m)) for m in METHODS[1:]]
    # Of an odd number of rows the middle one is the median.
    outputs += [
        ("approx_median(a)", FLOAT, oracle.quantile(t.a, 0.5)),
        ("approx_median(x)", FLOAT, oracle.quantile(t.x, 0.5)),
        ("approx_quantile(x, 0)", FLOAT, oracle.quantile(t.x, 0)),
        ("approx_quantile(x, 1)", FLOAT, oracle.quantile(t.x, 1)),
    ]
    return aggregate(name, t, *outputs, tolerance=FUNCTION, **options)


def special_floats():
    """NaN, infinities and zeros of both signs."""
    for name, values in (
        ("nan", (1.0, NAN, None, -2.0, 7.0)),
        ("only_nan", (NAN, None, NAN)),
        ("infinity", (1.0, INF, 2.0)),
        ("both_infinities", (INF, 1.0, -INF)),
        ("zeros", (-0.0, 0.0, None)),
        ("negative_zero", (-0.0, -0.0)),
        ("great", (1e308, 1e308, -1e308, 1.0)),
        ("cancelling", (1e16, 1.0, -1e16, 1e-3)),
        ("equal", (2.5, 2.5, 2.5, 2.5, 2.5)),
        ("tiny", (5e-324, 5e-324, -5e-324)),
    ):
        t = Table(x=floats(*values))
        outputs = [(f"{f}(x)", FLOAT, g(t.x)) for f, g in NUMBERS.items() if f != "product" or name not in ("great",)]
        skip = ("var", "std", "skew", "kurt", "variance") if name in ("great", "tiny", "cancelling") else ()
        outputs += (
            [(f"{f}(x)", FLOAT, g(t.x)) for f, g in MEASURES.items() if not f.startswith(skip)]
            if skip
            else [(f"{f}(x)", FLOAT, g(t.x)) for f, g in MEASURES.items()]
        )
        yield aggregate(
            f"floats_{name}",
            t,
            *outputs,
            ("count(x)", INT, len(oracle.known(t.x))),
            ("count_null(x)", INT, t.x.count(None)),
            ("count_distinct(x)", INT, oracle.count_distinct(t.x)),
            ("approx_count_distinct(x)", INT, oracle.count_distinct(t.x)),
            ("first(x)", FLOAT, t.x[0]),
            ("last(x)", FLOAT, t.x[-1]),
            ("quantile(x, 0.25)", FLOAT, oracle.quantile(t.x, 0.25))
            if not oracle.special(oracle.known(t.x)) or "nan" in name
            else ("quantile(x, 0)", FLOAT, oracle.quantile(t.x, 0)),
            ("any(is_nan(x))", BOOL, any(v != v for v in oracle.known(t.x))),
            ("all(x = x)", BOOL, all(v == v for v in oracle.known(t.x))),
            *((f, FLOAT, oracle.covariance(t.x, t.x, d)) for f, d in (("covar(x, x)", 1), ("covar_pop(x, x)", 0)) if not skip),
            *([("corr(x, x)", FLOAT, oracle.correlation(t.x, t.x))] if not skip else []),
            tolerance=FUNCTION,
        )
    t = Table(x=floats(1.0, NAN, None, -2.0, 7.0))
    without = [None if v is not None and v != v else v for v in t.x]
    yield aggregate(
        "nan_that_is_null",
        t,
        *((f"{f}(x)", FLOAT, g(without)) for f, g in (NUMBERS | MEASURES).items()),
        ("count(x)", INT, 3),
        ("count_null(x)", INT, 2),
        ("count_distinct(x)", INT, 3),
        ("first(x)", FLOAT, 1.0),
        tolerance=FUNCTION,
        nan="null",
    )


def of_other_types():
    """Aggregates of integers of other widths, of float32, and of times."""
    n = Table(a=ints(100, 27, None, 100, 0, 55, 3))
    known = oracle.known(n.a)
    for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"):
        x = f"CAST(a AS {name})"
        whole = (lambda text: f"CAST({text} AS int64)") if name.startswith("u") else (lambda text: text)
        yield aggregate(
            f"of_{name}",
            n,
            (whole(f"sum({x})"), INT, sum(known)),
            (f"mean({x})", FLOAT, oracle.mean(known)),
            (f"CAST(min({x}) AS int64)", INT, 0),
            (f"CAST(max({x}) AS int64)", INT, 100),
            (f"CAST(mode({x}) AS int64)", INT, 100),
            (whole(f"product({x} + 0)"), INT, 0),
            (f"median({x})", FLOAT, oracle.quantile(known, 0.5)),
            (f"quantile({x}, 0.3)", FLOAT, oracle.quantile(known, 0.3)),
            (f"var({x})", FLOAT, oracle.variance(known)),
            (f"count_distinct({x})", INT, 5),
            (f"approx_count_distinct({x})", INT, 5),
            (f"CAST(first({x}) AS int64)", INT, 100),
            tolerance=FUNCTION,
        )
    f = Table(x=floats(0.1, 1e-8, None, NAN, 3e38, -0.0))
    single = [None if v is None else float(np.float32(v)) for v in f.x]
    finite = [v for v in single if v is not None and v == v]
    yield aggregate(
        "of_float32",
        f,
        ("sum(CAST(x AS float32))", FLOAT, NAN),
        ("sum(CAST(x AS float32)) FILTER (WHERE x = x)", FLOAT, oracle.total(finite)),
        ("mean(CAST(x AS float32)) FILTER (WHERE x < 1)", FLOAT, oracle.mean(finite[:2] + finite[3:])),
        ("CAST(min(CAST(x AS float32)) AS float64)", FLOAT, -0.0),
        ("CAST(max(CAST(x AS float32)) AS float64)", FLOAT, finite[2]),
        ("count_distinct(CAST(x AS float32))", INT, 5),
        ("median(CAST(x AS float32)) FILTER (WHERE x = x)", FLOAT, oracle.quantile(finite, 0.5)),
        tolerance=ROUNDING,
    )
    s = Table(s=texts("2024-02-28 12:00:00", "2024-03-01 00:00:00", None, "1969-12-31 23:59:59", "2024-02-28 12:00:00"))
    stamp = "CAST(s AS timestamp(us))"
    times = sorted(datetime.fromisoformat(v) for v in s.s if v is not None)
    shown = lambda text: f"strftime({text}, '%Y-%m-%d %H:%M:%S')"
    middle = times[1] + (times[2] - times[1]) / 2
    average = times[0] + sum((v - times[0] for v in times), timedelta()) / 4
    yield aggregate(
        "of_timestamps",
        s,
        (shown(f"min({stamp})"), TEXT, f"{times[0]}"),
        (shown(f"max({stamp})"), TEXT, f"{times[-1]}"),
        (shown(f"median({stamp})"), TEXT, f"{middle}"),
        (shown(f"mean({stamp})"), TEXT, f"{average.replace(microsecond=0)}"),
        (shown(f"mode({stamp})"), TEXT, "2024-02-28 12:00:00"),
        (shown(f"last({stamp})"), TEXT, "2024-02-28 12:00:00"),
        (f"count_distinct({stamp})", INT, 3),
        (f"EXTRACT(epoch FROM max({stamp}) - min({stamp}))", FLOAT, (times[-1] - times[0]).total_seconds()),
        (
            f"EXTRACT(epoch FROM sum({stamp} - TIMESTAMP '2024-02-28 00:00:00')) ",
            FLOAT,
            sum((v - datetime(2024, 2, 28) for v in times), timedelta()).total_seconds(),
        ),
        tolerance=FUNCTION,
    )


def aggregate_cases():
    yield of_table("all_of_a_table", DATA)
    yield of_table("all_of_nulls", NULLS)
    yield of_table("all_of_one_row", ONE)
    yield of_table("all_of_no_rows", NO_ROWS)
    yield from special_floats()
    big = Table(a=ints(MAX, 1, -2, None), b=ints(2**62, 2, -1, None))
    yield aggregate(
        "only_the_final_value_must_fit",
        big,
        ("sum(a)", INT, MAX - 1),
        ("mean(a)", FLOAT, float((MAX - 1) / 3)),
        ("min(a)", INT, -2),
        ("max(a)", INT, MAX),
        ("count_distinct(a)", INT, 3),
        ("first(a)", INT, MAX),
        ("mode(a)", INT, -2),
        tolerance=ROUNDING,
    )
    over = Table(a=ints(MAX, 1, None), b=ints(2**62, 2, None))
    for mode in ("null", "wrap"):
        wrapped = lambda v, m=mode: scalar.within(lambda u: u, m)(v)
        yield aggregate(f"overflow_{mode}", over, ("sum(a)", INT, wrapped(MAX + 1)), ("product(b)", INT, wrapped(2**63)), overflow=mode)
    d = Table(s=texts("1.10", "-2.25", None, "1000.00"))
    dec = "CAST(s AS decimal(10, 2))"
    yield aggregate(
        "decimals",
        d,
        (f"CAST(sum({dec}) AS utf8)", TEXT, "998.85"),
        (f"mean({dec})", FLOAT, 998.85 / 3),
        (f"CAST(min({dec}) AS utf8)", TEXT, "-2.25"),
        (f"CAST(max({dec}) AS utf8)", TEXT, "1000.00"),
        (f"count_distinct({dec})", INT, 3),
        (f"median({dec})", FLOAT, 1.1),
        (f"product({dec})", FLOAT, -2475.0),
        (f"CAST(mode({dec}) AS utf8)", TEXT, "-2.25"),
        tolerance=FUNCTION,
    )
    yield from of_other_types()
    t = DATA
    where = [i for i, p in enumerate(t.p) if p]
    yield aggregate(
        "filters",
        t,
        ("sum(a) FILTER (WHERE p)", INT, oracle.total([t.a[i] for i in where])),
        ("count(*) FILTER (WHERE p)", INT, len(where)),
        ("count(*) FILTER (WHERE a > 100)", INT, 0),
        ("max(a) FILTER (WHERE a > 100)", INT, None),
        ("min(s) FILTER (WHERE NOT p)", TEXT, "a"),
        ("sum(x) FILTER (WHERE NULL)", FLOAT, None),
        ("count(DISTINCT s) FILTER (WHERE s <> 'b')", INT, 4),
        ("median(x) FILTER (WHERE p)", FLOAT, oracle.quantile([t.x[i] for i in where], 0.5)),
        tolerance=FUNCTION,
    )
    kept = t.take([i for i, a in enumerate(t.a) if a is not None and a > 0])
    yield aggregate(
        "where",
        t,
        ("sum(a)", INT, oracle.total(kept.a)),
        ("count(*)", INT, kept.rows),
        ("count(x)", INT, len(oracle.known(kept.x))),
        ("first(s)", TEXT, kept.s[0]),
        ("last(s)", TEXT, kept.s[-1]),
        ("mean(x) FILTER (WHERE p)", FLOAT, oracle.mean([x for x, p in zip(kept.x, kept.p, strict=True) if p])),
        ("median(x)", FLOAT, oracle.quantile(kept.x, 0.5)),
        tolerance=FUNCTION,
        where="a > 0",
    )
    yield aggregate(
        "where_nothing_is_left",
        t,
        ("sum(a)", INT, None),
        ("count(*)", INT, 0),
        ("median(x)", FLOAT, None),
        ("mode(s)", TEXT, None),
        where="a > 1000",
    )
    yield aggregate(
        "expressions_of_aggregates",
        t,
        ("sum(a) / count(a)", FLOAT, oracle.mean(t.a)),
        ("max(a) - min(a)", INT, 13),
        ("sum(a * 2)", INT, 2 * oracle.total(t.a)),
        ("coalesce(sum(a) FILTER (WHERE FALSE), 0)", INT, 0),
        ("round(mean(x), 1)", FLOAT, scalar.round_float(oracle.mean(t.x), 1)),
        ("upper(max(s))", TEXT, "É"),
        ("max(DISTINCT a)", INT, 12),
        ("sum(if(p, 1, 0))", INT, 5),
        ("1 + 1", INT, 2),
        tolerance=FUNCTION,
    )
    many = Table(
        a=ints(*((i * 7919) % 1000 for i in range(5000))), x=floats(*((i * 7919 % 10007) / 8 if i % 10 else None for i in range(5000)))
    )
    yield aggregate(
        "thousands_of_rows",
        many,
        *((f"{f}({c})", INT if c == "a" else FLOAT, g(many.columns[c][1])) for f, g in NUMBERS.items() if f != "product" for c in "ax"),
        *((f"{f}({c})", FLOAT, g(many.columns[c][1])) for f, g in MEASURES.items() for c in "ax"),
        ("corr(a, x)", FLOAT, oracle.correlation(many.a, many.x)),
        ("covar(a, x)", FLOAT, oracle.covariance(many.a, many.x)),
        ("count_distinct(x)", INT, oracle.count_distinct(many.x)),
        ("quantile(x, 0.99)", FLOAT, oracle.quantile(many.x, 0.99)),
        tolerance=1e-11,
    )
    # An aggregate in evaluate is the same for every row.
    yield from without_rows(
        [
            evaluate(
                "beside_rows",
                t,
                ("a - min(a)", INT, each(lambda a: a + 1, t.a)),
                ("x / sum(x)", FLOAT, each(lambda x: x / oracle.total(t.x), t.x)),
                ("count(*)", INT, [9] * 9),
                ("a > mean(a)", BOOL, each(lambda a: a > oracle.mean(t.a), t.a)),
                ("sum(a) FILTER (WHERE p)", INT, [oracle.total([t.a[i] for i in where])] * 9),
                tolerance=FUNCTION,
            )
        ]
    )
    e = Table(a=ints(MAX, 1), s=texts("x", "y"), x=floats(1.0, 2.0), p=bools(True, None))
    call = {"call": "aggregate"}
    yield error("sum_overflows", e, "overflow", code="ARITHMETIC", expressions=["sum(a)"], **call)
    yield error("product_overflows", Table(a=ints(MAX, 2)), "overflow", code="ARITHMETIC", expressions=["product(a)"], **call)
    for f in ("sum", "mean", "product", "var", "var_pop", "std", "std_pop", "skew", "kurtosis", "median", "approx_median", "any", "all"):
        yield error(f"{f}_of_text", e, f, code="TYPE", expressions=[f"{f}(s)"], **call)
    for f in ("covar", "covar_pop", "corr"):
        yield error(f"{f}_of_text", e, f, code="TYPE", expressions=[f"{f}(x, s)"], **call)
    for f in ("quantile", "approx_quantile"):
        yield error(f"{f}_of_text", e, f, code="TYPE", expressions=[f"{f}(s, 0.5)"], **call)
        yield error(f"{f}_beyond_1", e, "1.5", expressions=[f"{f}(x, 1.5)"], **call)
        yield error(f"{f}_of_a_column", e, "literal", expressions=[f"{f}(x, x)"], **call)
    yield error("unknown_interpolation", e, "interpolation", expressions=["quantile(x, 0.5, 'cubic')"], **call)
    yield error("bare_column", e, "a", expressions=["a + sum(a)"], **call)
    yield error("aggregate_in_an_aggregate", e, "aggregate", expressions=["sum(max(a))"], **call)
    yield error("filter_of_a_number", e, "FILTER", code="TYPE", expressions=["sum(x) FILTER (WHERE a)"], **call)
    yield error("where_of_a_number", e, "boolean", code="TYPE", expressions=["sum(x)"], options={"where": "a"}, **call)
    yield error("distinct_sum", e, "DISTINCT", code="UNSUPPORTED", expressions=["sum(DISTINCT a)"], **call)
    yield error("no_expressions", e, "expression", expressions=[], **call)
    yield error("mode_of_intervals", e, "mode", code="TYPE", expressions=["mode(INTERVAL '1 day')"], **call)
    yield error("count_of_nothing_known", e, "unknown column 'b'", expressions=["count(b)"], **call)


def windows_of(name, t, **options):
    """Windows over the columns a (integers), x (floats) and s (text)."""
    nan_null = options.get("nan") == "null"
    x = [None if nan_null and v is not None and v != v else v for v in t.x]
    a, s = t.a, t.s
    plus, times = lambda m, n: m + n, lambda m, n: m * n
    low = lambda m, n: oracle.least([m, n])
    high = lambda m, n: oracle.greatest([m, n])
    outputs = []
    for c, kind, values in (("a", INT, a), ("x", FLOAT, x)):
        outputs += [
            (f"cum_sum({c})", kind, oracle.running(values, None, plus)),
            (f"cum_product({c})", kind, oracle.running(values, None, times)),
            (f"cum_min({c})", kind, oracle.running(values, None, low)),
            (f"cum_max({c})", kind, oracle.running(values, None, high)),
            *((f"diff({c}, {n})", kind, oracle.paired(lambda m, n_: m - n_, values, n)) for n in (1, 2, -1, 0)),
            (f"diff({c})", kind, oracle.paired(lambda m, n: m - n, values, 1)),
            (f"pct_change({c})", FLOAT, oracle.paired(scalar.ieee(lambda m, n: m / n - 1), values, 1)),
            (f"pct_change({c}, -2)", FLOAT, oracle.paired(scalar.ieee(lambda m, n: m / n - 1), values, -2)),
        ]
    for c, kind, values in (("a", INT, a), ("x", FLOAT, x), ("s", TEXT, s)):
        fill = {"a": ("7", 7), "x": ("7", 7.0), "s": ("'é'", "é")}[c]
        present = 0
        counts = [present := present + (v is not None) for v in values]
        outputs += [
            (f"cum_count({c})", INT, counts),
            *((f"shift({c}, {n})", kind, oracle.shift(values, n)) for n in (1, 0, -2, 100, MIN)),
            (f"lag({c})", kind, oracle.shift(values)),
            (f"shift({c}, 2, {fill[0]})", kind, oracle.shift(values, 2, fill[1])),
            (f"rank({c})", FLOAT, oracle.rank(values)),
            *((f"rank({c}, '{m}')", INT, oracle.rank(values, m)) for m in ("min", "max", "dense", "ordinal")),
            (f"rank({c}, descending => TRUE)", FLOAT, oracle.rank(values, descending=True)),
            (f"rank({c}, 'ordinal', TRUE)", INT, oracle.rank(values, "ordinal", True)),
            (f"rank({c}, 'dense', TRUE)", INT, oracle.rank(values, "dense", True)),
            (f"forward_fill({c})", kind, oracle.forward_fill(values)),
            (f"forward_fill({c}, limit => 1)", kind, oracle.forward_fill(values, 1)),
            (f"ffill({c}, 0)", kind, values),
            (f"backward_fill({c})", kind, oracle.backward_fill(values)),
            (f"bfill({c}, 1)", kind, oracle.backward_fill(values, 1)),
        ]
    outputs.append(("row_number()", INT, list(range(1, t.rows + 1))))
    return evaluate(name, t, *outputs, tolerance=FUNCTION, **options)


def rolling_of(name, t, **options):
    outputs = []
    for c, kind in (("a", INT), ("x", FLOAT)):
        values = t.columns[c][1]
        if options.get("nan") == "null":
            values = [None if v is not None and v != v else v for v in values]
        for f, g in oracle.ROLLING.items():
            to = kind if f in ("rolling_sum", "rolling_min", "rolling_max") else FLOAT
            for size in (1, 2, 3):
                outputs.append((f"{f}({c}, {size})", to, oracle.rolling(g, oracle.windows(values, size), size)))
            outputs += [
                (f"{f}({c}, 3, 1)", to, oracle.rolling(g, oracle.windows(values, 3), 1)),
                (f"{f}({c}, 4, min_periods => 2)", to, oracle.rolling(g, oracle.windows(values, 4), 2)),
                (f"{f}({c}, 3, 1, center => TRUE)", to, oracle.rolling(g, oracle.windows(values, 3, True), 1)),
                (f"{f}({c}, 4, 1, TRUE)", to, oracle.rolling(g, oracle.windows(values, 4, True), 1)),
                (f"{f}({c}, 100, 1)", to, oracle.rolling(g, oracle.windows(values, 100), 1)),
            ]
        outputs += [
            (f"rolling_count({c}, 3)", INT, [len(oracle.known(w)) for w in oracle.windows(values, 3)]),
            (f"rolling_count({c}, 3, min_periods => 2)", INT, oracle.rolling(lambda w: len(oracle.known(w)), oracle.windows(values, 3), 2)),
        ]
    return evaluate(name, t, *outputs, tolerance=FUNCTION, **options)


def time_windows():
    start = datetime(2024, 2, 28)
    hours = (0, 1, 24, 24, 25, 47, 48, 72, 1000)
    t = Table(
        s=texts(*((start + timedelta(hours=h)).isoformat(" ") for h in hours)),
        x=floats(1.0, 2.0, None, 4.0, -8.0, 16.0, NAN, 64.0, None),
        a=ints(1, None, 3, 4, 5, 6, 7, 8, 9),
    )
    by = "CAST(s AS timestamp(us))"
    for name, interval, length in (("a_day", "1 day", 24), ("two_days", "48 hours", 48), ("an_hour", "3600 seconds", 1)):
        outputs = []
        for c in "ax":
            values = t.columns[c][1]
            w = oracle.time_windows(values, hours, length)
            for f, g in oracle.ROLLING.items():
                to = (INT if c == "a" else FLOAT) if f in ("rolling_sum", "rolling_min", "rolling_max") else FLOAT
                outputs.append((f"{f}({c}, INTERVAL '{interval}', by => {by})", to, oracle.rolling(g, w, 1)))
                outputs.append((f"{f}({c}, INTERVAL '{interval}', 2, by => {by})", to, oracle.rolling(g, w, 2)))
            outputs.append((f"rolling_count({c}, INTERVAL '{interval}', by => {by})", INT, [len(oracle.known(v)) for v in w]))
        yield evaluate(f"windows_of_{name}", t, *outputs, tolerance=FUNCTION)


def window_cases():
    special = Table(
        a=ints(0, -5, 5, 5, None, 2, 0, 1),
        x=floats(NAN, 1.0, -0.0, 0.0, None, INF, -INF, 2.0),
        s=texts("", "é", "", "\U0001f600", None, "\uffff", "A", "a"),
    )
    plain = DATA.select("a", "x", "s")
    made = [
        windows_of("rows", plain),
        windows_of("special_values", special),
        windows_of("nan_is_null", special, nan="null"),
        windows_of("nulls", NULLS.select("a", "x", "s")),
        windows_of("one_row", ONE.select("a", "x", "s")),
        rolling_of("rolling", plain.select("a", "x")),
        rolling_of("rolling_special", Table(a=ints(-5, 5, None, 2**52, -(2**52), 0), x=floats(-0.0, 0.0, None, -0.0, 1e100, -1e100))),
        rolling_of("rolling_nan", Table(a=ints(1, 2, 3, None, 5, 6, 7), x=floats(1.0, NAN, 2.0, 3.0, None, 4.0, 5.0))),
        rolling_of("rolling_nan_is_null", Table(a=ints(1, 2, 3, None, 5, 6, 7), x=floats(1.0, NAN, 2.0, 3.0, None, 4.0, 5.0)), nan="null"),
        rolling_of("rolling_nulls", NULLS.select("a", "x")),
        *time_windows(),
    ]
    q = Table(a=ints(1, 2, 3, 4, None, 5, 6, 7, 8, 100), x=floats(0.5, NAN, 2.0, 2.0, 2.0, None, 9.0, -1.0, 0.0, 7.5))
    made.append(
        evaluate(
            "bins",
            q,
            *(
                (f"qcut({c}, {n})", INT, oracle.qcut([None if v is not None and v != v else v for v in q.columns[c][1]], n))
                for c in "ax"
                for n in (1, 2, 3, 4, 10)
            ),
        )
    )
    over = Table(a=ints(MAX, 1, None, -1, MIN, -1))
    in_modes = {mode: scalar.within(lambda v: v, mode) for mode in ("null", "wrap")}
    for mode, fitted in in_modes.items():
        sums = oracle.rolling(lambda w, f=fitted: f(oracle.total(w)), oracle.windows(over.a, 2), 1)
        differences = oracle.paired(lambda m, n, f=fitted: f(m - n), over.a, 1)
        made.append(evaluate(f"overflow_{mode}", over, ("diff(a)", INT, differences), ("rolling_sum(a, 2, 1)", INT, sums), overflow=mode))
    wrap = in_modes["wrap"]
    made.append(
        evaluate(
            "running_overflow_wrap",
            over,
            ("cum_sum(a)", INT, oracle.running(over.a, None, lambda m, n: wrap(m + n))),
            ("cum_product(a)", INT, oracle.running(over.a, None, lambda m, n: wrap(m * n))),
            overflow="wrap",
        )
    )
    last = Table(a=ints(MAX, None, 2))
    made.append(
        evaluate(
            "running_overflow_null",
            last,
            ("cum_sum(a)", INT, [MAX, None, None]),
            ("cum_product(a)", INT, [MAX, None, None]),
            overflow="null",
        )
    )
    made.append(
        evaluate(
            "in_expressions",
            plain,
            ("a - shift(a)", INT, oracle.paired(lambda m, n: m - n, plain.a, 1)),
            (
                "x > rolling_mean(x, 2)",
                BOOL,
                rows(
                    lambda v, m: None if v is None or m is None else v > m,
                    plain.x,
                    oracle.rolling(oracle.mean, oracle.windows(plain.x, 2), 2),
                ),
            ),
            ("cum_sum(if(a IS NULL, 1, 0))", INT, oracle.running([int(v is None) for v in plain.a], None, lambda m, n: m + n)),
            ("rank(upper(s), 'min')", INT, oracle.rank(each(str.upper, plain.s), "min")),
            ("coalesce(forward_fill(a), -1)", INT, oracle.forward_fill(plain.a)),
            ("row_number() % 2 = 0", BOOL, [i % 2 == 1 for i in range(9)]),
        )
    )
    many = 500
    long = Table(
        a=ints(*(None if i % 11 == 0 else (i * 7919) % 100 for i in range(many))),
        x=floats(*(None if i % 13 == 0 else ((i * 31) % 97) / 4 for i in range(many))),
    )
    made.append(
        evaluate(
            "hundreds_of_rows",
            long,
            ("cum_sum(a)", INT, oracle.running(long.a, None, lambda m, n: m + n)),
            ("rolling_mean(x, 50, 1)", FLOAT, oracle.rolling(oracle.mean, oracle.windows(long.x, 50), 1)),
            ("rolling_min(a, 20, 1)", INT, oracle.rolling(oracle.least, oracle.windows(long.a, 20), 1)),
            ("rank(a, 'dense')", INT, oracle.rank(long.a, "dense")),
            ("forward_fill(x)", FLOAT, oracle.forward_fill(long.x)),
            ("rolling_median(a, 9, 1)", FLOAT, oracle.rolling(lambda w: oracle.quantile(w, 0.5), oracle.windows(long.a, 9), 1)),
            tolerance=FUNCTION,
        )
    )
    yield from without_rows(made)
    yield constants("constants", ("row_number() * 0", INT, 0), ("cum_count(NULL)", INT, 0))
    e = Table(a=ints(MAX, 1), s=texts("x", "y"), x=floats(1.0, 2.0))
    for f in ("cum_sum", "cum_product", "cum_min", "cum_max", "diff", "pct_change"):
        yield error(f"{f}_of_text", e, f, code="TYPE", expressions=[f"{f}(s)"])
    for f in (*oracle.ROLLING, "rolling_count"):
        if f != "rolling_count":
            yield error(f"{f}_of_text", e, f, code="TYPE", expressions=[f"{f}(s, 2)"])
        yield error(f"{f}_of_no_rows", e, "window", expressions=[f"{f}(x, 0)"])
    yield error("qcut_of_text", e, "qcut", code="TYPE", expressions=["qcut(s, 2)"])
    yield error("no_bins", e, "count", expressions=["qcut(x, 0)"])
    yield error("unknown_method", e, "'mean'", expressions=["rank(x, 'mean')"])
    yield error("rank_of_intervals", e, "rank", code="TYPE", expressions=["rank(INTERVAL '1 day')"])
    yield error("negative_limit", e, "limit", expressions=["forward_fill(x, -1)"])
    yield error("negative_limit_backwards", e, "limit", expressions=["backward_fill(x, limit => -1)"])
    yield error("shift_by_a_column", e, "literal", expressions=["shift(x, a)"])
    yield error("shift_by_null", e, "n must be", expressions=["shift(x, NULL)"])
    yield error("more_periods_than_rows", e, "min_periods", expressions=["rolling_sum(x, 2, 3)"])
    yield error("window_of_months", e, "months", expressions=["rolling_sum(x, INTERVAL '1 month', by => CAST('2024-01-01' AS date))"])
    yield error("rows_by_time", e, "rolling_sum", code="TYPE", expressions=["rolling_sum(x, 2, by => CAST('2024-01-01' AS date))"])
    yield error("cum_sum_overflows", e, "overflow", code="ARITHMETIC", expressions=["cum_sum(a)"])
    yield error("cum_product_overflows", Table(a=ints(MAX, 2)), "overflow", code="ARITHMETIC", expressions=["cum_product(a)"])
    yield error("diff_overflows", Table(a=ints(MIN, MAX)), "overflow", code="ARITHMETIC", expressions=["diff(a)"])
    yield error("rolling_sum_overflows", e, "overflow", code="ARITHMETIC", expressions=["rolling_sum(a, 2)"])
    yield error("row_number_of_a_column", e, "row_number", expressions=["row_number(a)"])
    yield error(
        "not_sorted",
        Table(s=texts("2024-01-02", "2024-01-01"), x=floats(1.0, 2.0)),
        "sorted",
        expressions=["rolling_sum(x, INTERVAL '1 day', by => CAST(s AS date))"],
    )


def filter_(name, t, predicate, keep, columns=None, **options):
    left = t.take([i for i, k in enumerate(keep) if k])
    if columns is not None:
        left, options = left.select(*columns), options | {"columns": columns}
    return case(name, "filter", t, {"predicate": predicate}, left, options)


def sorted_(name, t, keys, by, **options):
    order = oracle.sort(t, *by)
    order = order[: options.get("limit", len(order))]
    expect = Table(index=(INDEX, order)) if options.get("result") == "index" else t.take(order)
    return case(name, "sort", t, {"keys": keys}, expect, options)


def unique(name, t, columns=None, **options):
    chosen = t if columns is None else t.select(*columns)
    first, _ = oracle.distinct(chosen)
    expect = Table(index=(INDEX, first)) if options.get("result") == "index" else chosen.take(first)
    return case(name, "unique", t, {}, expect, options | ({} if columns is None else {"columns": columns}))


def value_counts(name, t, columns=None, **options):
    chosen = t if columns is None else t.select(*columns)
    first, counts = oracle.distinct(chosen)
    order = range(len(first)) if options.get("sort") is False else sorted(range(len(first)), key=lambda i: -counts[i])
    order = list(order)[: options.get("limit", len(first))]
    expect = Table(**chosen.take([first[i] for i in order]).columns, count=(INT, [counts[i] for i in order]))
    return case(name, "value_counts", t, {}, expect, options | ({} if columns is None else {"columns": columns}))


def rows_cases():
    t = DATA
    truth = lambda f, *c: rows(lambda *v: all(u is not None for u in v) and f(*v), *c)
    yield filter_("filter", t, "a > 2", truth(lambda a: a > 2, t.a))
    yield filter_("filter_nulls_are_left_out", t, "p", truth(bool, t.p))
    yield filter_("filter_columns", t, "x IS NOT NULL", [v is not None for v in t.x], columns=["s", "a"])
    yield filter_(
        "filter_one_column", t, "s = 'b' OR a IS NULL", [s == "b" or a is None for s, a in zip(t.s, t.a, strict=True)], columns=["s"]
    )
    yield filter_("filter_all", t, "TRUE", [True] * 9)
    yield filter_("filter_none", t, "FALSE", [False] * 9)
    yield filter_("filter_unknown", t, "NULL::bool", [False] * 9)
    yield filter_("filter_empty", t.empty(), "a > 2 AND s LIKE 'b%'", [])
    yield filter_("filter_text", t, "length(s) > 0 AND s < 'c'", truth(lambda s: len(s) > 0 and s.encode() < b"c", t.s))
    yield filter_("filter_by_an_aggregate", t, "a > mean(a)", truth(lambda a: a > oracle.mean(t.a), t.a))
    yield filter_("filter_by_a_window", t, "a > shift(a)", [v or False for v in oracle.paired(lambda m, n: m > n, t.a, 1)])
    special = Table(x=floats(NAN, 1.0, INF, -0.0, None, 0.0, -INF), a=ints(1, 2, 3, None, 5, MAX, MIN))
    yield filter_("filter_nan", special, "x <> x", [True] + [False] * 6)
    yield filter_("filter_zeros", special, "x = 0", [False, False, False, True, False, True, False])
    yield filter_("filter_nan_is_null", special, "x IS NULL", [True, False, False, False, True, False, False], nan="null")
    yield filter_("filter_overflow_null", special, "a + 1 > 0", [True, True, True, False, True, False, False], overflow="null")
    yield filter_("filter_overflow_wrap", special, "a - 1 > 0", [False, True, True, False, True, True, True], overflow="wrap")
    many = Table(a=ints(*((i * 7919) % 1000 for i in range(500))), s=texts(*(f"row {i}" if i % 7 else None for i in range(500))))
    yield filter_(
        "filter_hundreds", many, "a < 100 AND s IS NOT NULL", [a < 100 and s is not None for a, s in zip(many.a, many.s, strict=True)]
    )
    call = {"call": "filter"}
    yield error("filter_of_a_number", t, "boolean", code="TYPE", predicate="a", **call)
    yield error("filter_of_no_text", t, "expression", predicate="", **call)
    yield error("filter_by_an_unknown_column", t, "unknown column 'b'", predicate="b > 1", **call)
    yield error("filter_unknown_columns", t, "unknown column 'nope'", predicate="p", options={"columns": ["a", "nope"]}, **call)
    yield error("filter_syntax", t, "syntax error at line 1, column 4", predicate="a >", **call)
    yield error("filter_overflow", special, "overflows int64", code="ARITHMETIC", predicate="a + 1 > 0", **call)

    up = lambda v: (v, False, False)
    down = lambda v: (v, True, False)
    for c in "axsp":
        v = t.columns[c][1]
        yield sorted_(f"sort_{c}", t, [c], [up(v)])
        yield sorted_(f"sort_{c}_descending", t, [f"{c} DESC"], [down(v)])
        yield sorted_(f"sort_{c}_nulls_first", t, [f"{c} NULLS FIRST"], [(v, False, True)])
        yield sorted_(f"sort_{c}_descending_nulls_first", t, [f"{c} DESC NULLS FIRST"], [(v, True, True)])
        yield sorted_(f"sort_{c}_index", t, [c], [up(v)], result="index")
        yield sorted_(f"sort_{c}_only", t.select(c), [f"{c} ASC NULLS LAST"], [up(v)])
        yield sorted_(f"sort_{c}_limit", t, [f"{c} DESC"], [down(v)], limit=3)
    yield sorted_("sort_keys", t, ["s", "a DESC"], [up(t.s), down(t.a)])
    yield sorted_("sort_three_keys", t, ["p DESC NULLS FIRST", "s", "x DESC"], [(t.p, True, True), up(t.s), down(t.x)])
    yield sorted_("sort_expression", t, ["a % 3", "upper(s) DESC"], [up(each(scalar.remainder, t.a, [3] * 9)), down(each(str.upper, t.s))])
    yield sorted_("sort_negative", t, ["-a"], [up(each(lambda a: -a, t.a))])
    yield sorted_("sort_constant", t, ["1"], [up([1] * 9)])
    yield sorted_("sort_limit_0", t, ["a"], [up(t.a)], limit=0)
    yield sorted_("sort_limit_beyond", t, ["a"], [up(t.a)], limit=100)
    yield sorted_("sort_limit_index", t, ["x DESC", "a"], [down(t.x), up(t.a)], limit=4, result="index")
    yield sorted_("sort_empty", t.empty(), ["a", "s DESC"], [up([]), down([])])
    yield sorted_("sort_nulls", NULLS, ["x"], [up(NULLS.x)])
    yield sorted_("sort_special_floats", special, ["x"], [up(special.x)])
    yield sorted_("sort_special_floats_descending", special, ["x DESC"], [down(special.x)])
    yield sorted_("sort_special_floats_index", special, ["x DESC"], [down(special.x)], result="index")
    yield sorted_("sort_extremes", special, ["a DESC"], [down(special.a)])
    yield sorted_(
        "sort_nan_is_null",
        special,
        ["x NULLS FIRST"],
        [([None if v is not None and v != v else v for v in special.x], False, True)],
        nan="null",
        result="index",
    )
    words = Table(
        s=texts(
            "b", "é", "", "a", "\U0001f600", "\uffff", "B", "aa", None, "longer than twelve bytes", "longer than twelve bytes!", "a\u0000"
        )
    )
    yield sorted_("sort_words", words, ["s"], [up(words.s)])
    yield sorted_("sort_words_descending", words, ["s DESC"], [down(words.s)])
    yield sorted_("sort_hundreds", many, ["a", "s DESC"], [up(many.a), down(many.s)])
    yield sorted_("sort_hundreds_limit", many, ["s"], [up(many.s)], limit=10)
    call = {"call": "sort"}
    yield error("sort_no_keys", t, "key", keys=[], **call)
    yield error("sort_unknown_column", t, "unknown column 'b'", keys=["b"], **call)
    yield error("sort_negative_limit", t, "limit", keys=["a"], options={"limit": -1}, **call)
    yield error("sort_unknown_result", t, "result", keys=["a"], options={"result": "order"}, **call) | {"unknown_option": True}
    yield error("sort_intervals", t, "no order", code="TYPE", keys=["INTERVAL '1 day'"], **call)
    yield error("sort_no_direction", t, "syntax error", keys=["a DOWN"], **call)
    yield error("sort_limit_of_text", t, "limit", code="TYPE", keys=["a"], options={"limit": "3"}, **call)

    def take(name, table, indices):
        return case(name, "take", table, {"indices": indices}, table.take(indices))

    yield take("take", t, [8, 0, 3, 3, 1])
    yield take("take_nulls", t, [None, 2, None])
    yield take("take_none", t, [])
    yield take("take_of_nothing", t.empty(), [])
    yield take("take_nulls_of_nothing", t.empty(), [None, None])
    yield take("take_all_backwards", t, list(range(8, -1, -1)))
    yield take("take_special", special, [6, 5, 4, 3, 2, 1, 0])
    yield take("take_hundreds", many, [(i * 31) % 500 if i % 5 else None for i in range(300)])
    call = {"call": "take"}
    yield error("take_beyond", t, "9", indices=[0, 9], **call)
    yield error("take_negative", t, "-1", indices=[0, -1], **call)
    yield error("take_from_nothing", t.empty(), "0", indices=[0], **call)

    repeated = Table(
        a=ints(1, 2, 1, None, 2, 1, None, 3, MAX, MAX),
        x=floats(0.5, NAN, 0.5, -0.0, NAN, 0.0, None, None, INF, INF),
        s=texts("é", "", "é", None, "", "é", None, "E\u0301", "e", "E"),
        p=bools(True, True, True, None, False, True, None, False, False, True),
    )
    for name, table in (
        ("repeated", repeated),
        ("table", t),
        ("empty", t.empty()),
        ("nulls", NULLS),
        ("words", words),
        ("special", special),
    ):
        yield unique(f"unique_{name}", table)
        yield value_counts(f"value_counts_{name}", table)
        for c in table.columns:
            yield unique(f"unique_{name}_{c}", table, [c])
            yield value_counts(f"value_counts_{name}_{c}", table, [c])
    yield unique("unique_columns", repeated, ["p", "a"])
    yield unique("unique_index", repeated, result="index")
    yield unique("unique_columns_index", repeated, ["x"], result="index")
    yield unique("unique_no_rows_index", t.empty(), result="index")
    yield value_counts("value_counts_columns", repeated, ["s", "p"])
    yield value_counts("value_counts_not_sorted", repeated, ["s"], sort=False)
    yield value_counts("value_counts_limit", repeated, ["a"], limit=2)
    yield value_counts("value_counts_limit_0", repeated, ["a"], limit=0)
    yield value_counts("value_counts_limit_not_sorted", repeated, ["x"], limit=2, sort=False)
    yield value_counts("value_counts_hundreds", many, ["a"], limit=5)
    yield unique("unique_hundreds", many, ["a"])
    for name in ("unique", "value_counts"):
        yield error(f"{name}_unknown_column", t, "unknown column 'b'", call=name, options={"columns": ["b"]})
        yield error(f"{name}_no_column", t, "at least one column", call=name, options={"columns": []})
        yield error(f"{name}_columns_no_list", t, "columns", code="TYPE", call=name, options={"columns": True})
    yield error("unique_unknown_result", t, "result", call="unique", options={"result": "first"}) | {"unknown_option": True}
    yield error("value_counts_negative_limit", t, "limit", call="value_counts", options={"limit": -1})


FAMILIES = {"aggregate": aggregate_cases, "window": window_cases, "rows": rows_cases}
