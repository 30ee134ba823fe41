"""Cases of functions of numbers."""

import math
from decimal import ROUND_DOWN, ROUND_FLOOR
from fractions import Fraction

import numpy as np
import oracle_compute as oracle
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
    bools,
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

PLAIN = Table(
    x=floats(0.0, 1.0, -1.0, 0.5, 2.0, 10.0, -3.75, 1e-3, 100.0, None, 0.25, 1e5),
    a=ints(0, 1, -1, 5, None, 10, -4, 100, 3, 7, 2, 1024),
)
SPECIAL = Table(x=floats(NAN, INF, -INF, -0.0, 0.0, 5e-324, -5e-324, 1.7976931348623157e308, None, -1.7976931348623157e308))


def of_one_float():
    for name, t in (("functions", PLAIN), ("functions_of_special_floats", SPECIAL)):
        outputs = [(f"{f}(x)", FLOAT, each(oracle_of, t.x)) for f, oracle_of in oracle.FUNCTIONS.items()]
        if t is SPECIAL:
            # The greatest angles are beyond what libraries of mathematics agree about.
            great = {"sin", "cos", "tan"}
            kept = t.take([0, 1, 2, 3, 4, 5, 6, 8])
            outputs = [o for o in outputs if o[0].split("(")[0] not in great]
            yield evaluate(
                "angles_of_special_floats",
                kept,
                *((f"{f}(x)", FLOAT, each(oracle.FUNCTIONS[f], kept.x)) for f in sorted(great)),
                tolerance=FUNCTION,
            )
        yield evaluate(
            name,
            t,
            *outputs,
            ("power(x, 2)", FLOAT, each(lambda x: oracle.power(x, 2), t.x)),
            ("is_nan(x)", BOOL, each(math.isnan, t.x)),
            ("is_finite(x)", BOOL, each(math.isfinite, t.x)),
            ("is_infinite(x)", BOOL, each(math.isinf, t.x)),
            tolerance=FUNCTION,
        )
    yield evaluate(
        "functions_of_integers",
        PLAIN,
        *((f"{f}(a)", FLOAT, each(lambda a, g=g: g(float(a)), PLAIN.a)) for f, g in oracle.FUNCTIONS.items()),
        ("is_nan(a)", BOOL, each(lambda a: False, PLAIN.a)),
        ("is_finite(a)", BOOL, each(lambda a: True, PLAIN.a)),
        ("is_infinite(a)", BOOL, each(lambda a: False, PLAIN.a)),
        tolerance=FUNCTION,
    )
    t = SPECIAL
    yield evaluate(
        "nan_that_is_null",
        t,
        ("is_nan(x)", BOOL, [None, False, False, False, False, False, False, False, None, False]),
        ("is_finite(x)", BOOL, [None, False, False, True, True, True, True, True, None, True]),
        ("abs(x)", FLOAT, each(abs, [None, *t.x[1:]])),
        ("sign(x)", FLOAT, each(oracle.sign, [None, *t.x[1:]])),
        nan="null",
    )


def rounding():
    x = (
        0.5,
        1.5,
        2.5,
        -0.5,
        -1.5,
        -2.5,
        2.4999999999999996,
        0.49999999999999994,
        -0.2,
        0.0,
        -0.0,
        1e300,
        4503599627370497.5,
        NAN,
        INF,
        -INF,
        None,
        7.0,
    )
    t = Table(x=floats(*x))
    yield evaluate(
        "whole_numbers",
        t,
        ("round(x)", FLOAT, each(oracle.round_float, x)),
        ("floor(x)", FLOAT, each(oracle.whole(math.floor), x)),
        ("ceil(x)", FLOAT, each(oracle.whole(math.ceil), x)),
        ("ceiling(x)", FLOAT, each(oracle.whole(math.ceil), x)),
        ("trunc(x)", FLOAT, each(oracle.whole(math.trunc), x)),
        ("abs(x)", FLOAT, each(abs, x)),
        ("sign(x)", FLOAT, each(oracle.sign, x)),
    )
    a = (0, 5, -5, 14, 15, -15, 25, 1250, -1250, None, MAX - 807, MIN + 808)
    i = Table(a=ints(*a))
    yield evaluate(
        "integers",
        i,
        ("round(a)", INT, a),
        ("round(a, 2)", INT, a),
        ("round(a, -1)", INT, each(lambda v: oracle.round_integer(v, -1), a)),
        ("round(a, -3)", INT, each(lambda v: oracle.round_integer(v, -3), a)),
        ("round(a, digits => -30)", INT, each(lambda v: 0, a)),
        ("floor(a)", INT, a),
        ("ceil(a)", INT, a),
        ("trunc(a)", INT, a),
        ("abs(a)", INT, each(abs, a)),
        ("sign(a)", INT, each(lambda v: (v > 0) - (v < 0), a)),
    )
    over = Table(a=ints(MAX, MIN, 1, None))
    for mode in ("null", "wrap"):
        nearest = oracle.within(lambda v: oracle.round_integer(v, -1), mode)
        yield evaluate(
            f"integers_rounded_beyond_{mode}",
            over,
            ("round(a, -1)", INT, each(nearest, over.a)),
            ("abs(a)", INT, each(oracle.within(abs, mode), over.a)),
            overflow=mode,
        )
    # Values whose product with the power of ten is rounded to a half, though they are none.
    f = (
        3.14159,
        -3.14159,
        2.675,
        1.005,
        1.015,
        0.15,
        0.25,
        0.35,
        -0.45,
        1.45,
        0.285,
        1.255,
        5.015,
        1234.5678,
        -0.001,
        0.0,
        -0.0,
        NAN,
        INF,
        None,
        1e22,
        123456789.125,
    )
    d = Table(x=floats(*f))
    yield evaluate(
        "digits",
        d,
        *((f"round(x, {n})", FLOAT, each(lambda v, n=n: oracle.round_float(v, n), f)) for n in (1, 2, 3)),
        ("round(x, digits => 20)", FLOAT, f),
        ("round(x, 400)", FLOAT, f),
        tolerance=ROUNDING,
    )
    g = (5.0, 15.0, 14.999, -25.0, 1250.0, 1e22, 0.0, -0.0, NAN, -INF, None, 49.0)
    yield evaluate(
        "digits_before_the_point",
        Table(x=floats(*g)),
        *((f"round(x, {n})", FLOAT, each(lambda v, n=n: oracle.round_float(v, n), g)) for n in (-1, -2, -3)),
        ("round(x, -400)", FLOAT, each(lambda v: oracle.round_float(v, -400), g)),
        tolerance=ROUNDING,
    )
    s = Table(s=texts("1.25", "-1.25", "2.50", "-2.50", "0.04", None, "-0.05", "99.99", "7.00"))
    decimal = "CAST(s AS decimal(5, 2))"
    round_to = lambda n, how=None: each(
        lambda v: oracle.decimal_text(oracle.round_fraction(Fraction(v), n, *([how] if how else [])), max(n, 0)), s.s
    )
    yield evaluate(
        "decimals",
        s,
        (f"CAST(round({decimal}) AS utf8)", TEXT, round_to(0)),
        (f"CAST(round({decimal}, 1) AS utf8)", TEXT, round_to(1)),
        (f"CAST(round({decimal}, -1) AS utf8)", TEXT, round_to(-1)),
        (f"CAST(floor({decimal}) AS utf8)", TEXT, round_to(0, ROUND_FLOOR)),
        (f"CAST(ceil({decimal}) AS utf8)", TEXT, each(lambda v: str(math.ceil(Fraction(v))), s.s)),
        (f"CAST(trunc({decimal}) AS utf8)", TEXT, round_to(0, ROUND_DOWN)),
        (f"CAST(abs({decimal}) AS utf8)", TEXT, each(lambda v: v.lstrip("-"), s.s)),
        (f"CAST(sign({decimal}) AS utf8)", TEXT, each(lambda v: str((Fraction(v) > 0) - (Fraction(v) < 0)), s.s)),
        (f"sqrt({decimal} * {decimal})", FLOAT, each(lambda v: abs(float(v)), s.s)),
        tolerance=FUNCTION,
    )


def of_two():
    values = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -3.0, INF, -INF, NAN, None)
    pairs = [(p, q) for p in values for q in values]
    t = Table(x=floats(*(p for p, _ in pairs)), y=floats(*(q for _, q in pairs)))
    yield evaluate(
        "power_and_atan2",
        t,
        ("power(x, y)", FLOAT, each(oracle.power, t.x, t.y)),
        ("pow(x, y)", FLOAT, each(oracle.power, t.x, t.y)),
        ("atan2(y, x)", FLOAT, each(lambda x, y: math.atan2(y, x), t.x, t.y)),
        tolerance=FUNCTION,
    )
    i = Table(a=ints(2, -2, 10, None, 0, 3), b=ints(10, 3, -2, 1, 0, None))
    yield evaluate(
        "power_of_integers",
        i,
        ("power(a, b)", FLOAT, each(oracle.power, i.a, i.b)),
        ("atan2(a, b)", FLOAT, each(math.atan2, i.a, i.b)),
        tolerance=FUNCTION,
    )


def bins():
    x = (-1.0, 0.0, 2.5, 4.999, 5.0, 7.5, 9.999, 10.0, 11.0, NAN, INF, -INF, -0.0, None)
    t = Table(x=floats(*x))
    edges = (0, 5, 10)
    many = tuple(range(-1, 40))
    yield evaluate(
        "bins",
        t,
        ("width_bucket(x, 0, 10, 4)", INT, each(lambda v: oracle.width_bucket(v, 0, 10, 4), x)),
        ("width_bucket(x, 10, 0, 4)", INT, each(lambda v: oracle.width_bucket(v, 10, 0, 4), x)),
        ("width_bucket(x, -1, 11, 1)", INT, each(lambda v: oracle.width_bucket(v, -1, 11, 1), x)),
        ("width_bucket(x, 0, NULL, 4)", INT, [None] * len(x)),
        ("cut(x, 0, 5, 10)", INT, each(lambda v: oracle.cut(v, *edges), x)),
        ("cut(x, -1.5, 0)", INT, each(lambda v: oracle.cut(v, -1.5, 0), x)),
        (f"cut(x, {', '.join(map(str, many))})", INT, each(lambda v: oracle.cut(v, *many), x)),
    )
    c = Table(a=ints(1, 5, None, 7), low=floats(0.0, 10.0, 0.0, 0.0), high=floats(10.0, 0.0, 1.0, 8.0), n=ints(2, 5, 1, None))
    yield evaluate("buckets_of_columns", c, ("width_bucket(a, low, high, n)", INT, each(oracle.width_bucket, c.a, c.low, c.high, c.n)))


def hashes():
    t = Table(
        a=ints(0, 1, -1, MAX, MIN, None),
        x=floats(0.0, -0.0, NAN, INF, 1.5, None),
        s=texts("", "a", "é", "longer than twelve bytes", "x" * 100, None),
        p=bools(True, False, None, True, False, True),
    )
    yield evaluate(
        "hashes",
        t,
        *((f"hash({c})", INDEX, rows(oracle.hash_row, t.columns[c][1])) for c in "axsp"),
        ("hash(a, x, s, p)", INDEX, rows(oracle.hash_row, t.a, t.x, t.s, t.p)),
        ("hash(s, a)", INDEX, rows(oracle.hash_row, t.s, t.a)),
        ("hash(CAST(s AS large_utf8)) = hash(s)", BOOL, [True] * 6),
        ("hash(CAST(p AS int8)) = hash(CAST(p AS uint64))", BOOL, [True] * 6),
        ("hash(CAST(x AS float32)) = hash(x)", BOOL, [True] * 6),
    )


def numeric_cases():
    yield from without_rows([*of_one_float(), *rounding(), *of_two(), *bins(), *hashes()])
    yield constants(
        "constants",
        ("round(2.5)", FLOAT, 3.0),
        ("round(-2.5)", FLOAT, -3.0),
        ("round(1250, -2)", INT, 1300),
        ("floor(-2.5)", FLOAT, -3.0),
        ("ceil(7)", INT, 7),
        ("trunc(-2.7)", FLOAT, -2.0),
        ("sign(-3)", INT, -1),
        ("abs(NULL)", INT, None),
        ("power(2, 10)", FLOAT, 1024.0),
        ("sqrt(-1)", FLOAT, NAN),
        ("ln(0)", FLOAT, -INF),
        ("width_bucket(5, 0, 10, 4)", INT, 3),
        ("cut(0, 0, 5, 10)", INT, None),
        ("is_nan(sqrt(-1))", BOOL, True),
        ("hash(1) = hash(1::smallint)", BOOL, True),
    )
    t = Table(x=floats(1.0), s=texts("x"), a=ints(MIN))
    for f in (*oracle.FUNCTIONS, "abs", "sign", "round", "floor", "ceil", "trunc", "is_nan", "is_finite", "is_infinite"):
        yield error(f"{f}_of_text", t, f, code="TYPE", expressions=[f"{f}(s)"])
    yield error("power_of_text", t, "power", code="TYPE", expressions=["power(x, s)"])
    yield error("abs_overflows", t, "overflows int64", code="ARITHMETIC", expressions=["abs(a)"])
    yield error("round_overflows", t, "overflows int64", code="ARITHMETIC", expressions=["round(a, -1)"])
    yield error("digits_of_a_column", t, "digits", expressions=["round(x, a)"])
    yield error("sqrt_of_two", t, "sqrt", expressions=["sqrt(x, 2)"])
    yield error("unknown_parameter", t, "places", expressions=["round(x, places => 2)"])
    yield error("buckets_of_equal_bounds", t, "bounds", expressions=["width_bucket(x, 1, 1, 4)"])
    yield error("buckets_without_end", t, "bounds", expressions=["width_bucket(x, 0, ln(0), 4)"])
    yield error("no_buckets", t, "count", expressions=["width_bucket(x, 0, 1, 0)"])
    yield error("edges_that_descend", t, "ascending", expressions=["cut(x, 2, 1)"])
    yield error("one_edge", t, "two edges", expressions=["cut(x, 2)"])
    yield error("edges_of_a_column", t, "literal", expressions=["cut(x, 0, x)"])
    yield error("unknown_function", t, "nearest: floor", expressions=["flor(x)"])
    yield error("hash_of_an_interval", t, "hash", code="TYPE", expressions=["hash(INTERVAL '1 day')"])


def conversion_cases():
    """`CAST` and `TRY_CAST`, and the types that are reached by nothing else."""
    t = Table(
        a=ints(0, 1, -1, 127, -128, None, 300, MAX),
        x=floats(0.0, 1.9, -1.9, NAN, INF, None, 3e9, 1e300),
        s=texts("12", " -7 ", "1.5", "", "abc", None, "true", "é"),
        p=bools(True, False, None, True, False, True, None, False),
    )
    fits = lambda bits, signed: lambda v: v if oracle.within(lambda u: u, "null", bits, signed)(v) is not None else None
    truncated = lambda bits, signed: lambda v: fits(bits, signed)(int(v)) if math.isfinite(v) else None
    made = [
        evaluate(
            "numbers_to_integers",
            t,
            *(
                (
                    f"CAST(TRY_CAST(a AS {'' if signed else 'u'}int{bits}) AS int64)" if bits < 64 else f"TRY_CAST(a AS int{bits})",
                    INT,
                    each(fits(bits, signed), t.a),
                )
                for bits in (8, 16, 32, 64)
                for signed in ((True, False) if bits < 64 else (True,))
            ),
            ("CAST(TRY_CAST(a AS uint64) AS int64)", INT, each(lambda v: v if v >= 0 else None, t.a)),
            *((f"CAST(TRY_CAST(x AS int{bits}) AS int64)", INT, each(truncated(bits, True), t.x)) for bits in (8, 32)),
            ("TRY_CAST(x AS int64)", INT, each(truncated(64, True), t.x)),
            ("CAST(TRY_CAST(x AS uint8) AS int64)", INT, each(truncated(8, False), t.x)),
            ("CAST(p AS int64)", INT, each(int, t.p)),
        ),
        evaluate(
            "numbers_to_others",
            t,
            ("CAST(a AS float64)", FLOAT, each(float, t.a)),
            ("CAST(a AS utf8)", TEXT, each(str, t.a)),
            ("CAST(a AS bool)", BOOL, each(bool, t.a)),
            ("CAST(p AS utf8)", TEXT, each(lambda v: str(v).lower(), t.p)),
            ("CAST(p AS float64)", FLOAT, each(float, t.p)),
            (
                "CAST(TRY_CAST(x AS float32) AS float64)",
                FLOAT,
                each(lambda v: None if math.isfinite(v) and abs(v) > 3.5e38 else float(np.float32(v)), t.x),
            ),
            ("CAST(TRY_CAST(a AS decimal(5, 2)) AS utf8)", TEXT, each(lambda v: f"{v}.00" if abs(v) < 1000 else None, t.a)),
            ("a::text", TEXT, each(str, t.a)),
            ("a::double", FLOAT, each(float, t.a)),
            ("x::float64 = x", BOOL, each(lambda v: v == v, t.x)),
        ),
        evaluate(
            "texts_to_others",
            t,
            ("TRY_CAST(s AS int64)", INT, [12, -7, None, None, None, None, None, None]),
            ("TRY_CAST(s AS float64)", FLOAT, [12.0, -7.0, 1.5, None, None, None, None, None]),
            ("TRY_CAST(s AS bool) IS NOT NULL AND s = 'true'", BOOL, [False] * 6 + [True, False]),
            ("TRY_CAST(s AS date) IS NULL", BOOL, [True] * 8),
            ("CAST(s AS binary) = CAST(s AS binary)", BOOL, each(lambda v: True, t.s)),
            ("CAST(CAST(s AS binary) AS utf8)", TEXT, t.s),
            ("CAST(CAST(s AS large_utf8) AS utf8)", TEXT, t.s),
            ("CAST(CAST(s AS utf8_view) AS utf8)", TEXT, t.s),
            ("CAST(TRY_CAST(s AS decimal(4, 1)) AS utf8)", TEXT, ["12.0", "-7.0", "1.5", None, None, None, None, None]),
            ("CAST(TRY_CAST(s AS int8) AS int64)", INT, [12, -7, None, None, None, None, None, None]),
        ),
    ]
    n = Table(s=texts("127", "128", "-129", "9223372036854775808", "1e3", "NaN", "inf", "-0", "+5", None, " 1", "1 2"))
    made.append(
        evaluate(
            "texts_of_numbers",
            n,
            ("CAST(TRY_CAST(s AS int8) AS int64)", INT, [127, None, None, None, None, None, None, 0, 5, None, 1, None]),
            ("TRY_CAST(s AS float64)", FLOAT, [127.0, 128.0, -129.0, 2.0**63, 1000.0, NAN, INF, -0.0, 5.0, None, 1.0, None]),
            (
                "CAST(TRY_CAST(s AS uint64) AS utf8)",
                TEXT,
                ["127", "128", None, "9223372036854775808", None, None, None, "0", "5", None, "1", None],
            ),
            tolerance=ROUNDING,
        )
    )
    d = Table(s=texts("1.005", "-1.005", "2.675", "0.994999", None, "-0.001", "123.456"))
    made.append(
        evaluate(
            "decimals_round_half_away_from_zero",
            d,
            (
                "CAST(CAST(CAST(s AS decimal(10, 6)) AS decimal(10, 2)) AS utf8)",
                TEXT,
                each(lambda v: oracle.decimal_text(oracle.round_fraction(Fraction(v), 2), 2), d.s),
            ),
            ("CAST(CAST(s AS decimal(10, 6)) AS int64)", INT, each(lambda v: math.trunc(Fraction(v)), d.s)),
            ("CAST(CAST(s AS decimal(10, 6)) AS float64)", FLOAT, each(float, d.s)),
            (
                "CAST(CAST(CAST(s AS decimal(10, 6)) AS decimal256(40, 8)) AS utf8)",
                TEXT,
                each(lambda v: oracle.decimal_text(oracle.round_fraction(Fraction(v), 8), 8), d.s),
            ),
            tolerance=ROUNDING,
        )
    )
    v = (0.1, -0.0, 1e21, 1e-7, NAN, INF, -INF, 5e-324, 1.7976931348623157e308, None, 123456789.125, -1.0)
    made.append(
        evaluate(
            "texts_of_floats_are_exact",
            Table(x=floats(*v)),
            ("CAST(CAST(x AS utf8) AS float64)", FLOAT, v),
            ("CAST(CAST(CAST(x AS large_utf8) AS utf8_view) AS float64)", FLOAT, v),
            ("CAST(x AS utf8) IS NULL", BOOL, rows(lambda u: u is None, v)),
        )
    )
    h = Table(x=floats(0.5, 65504.0, 1e-7, NAN, -0.0, None, 2049.0, INF), a=ints(1, -7, 2048, 2049, None, 0, 65504, 3))
    half = oracle.ieee(np.float16)
    made.append(
        evaluate(
            "float16",
            h,
            ("CAST(CAST(x AS float16) AS float64)", FLOAT, each(half, h.x)),
            ("CAST(CAST(a AS float16) AS float64)", FLOAT, each(half, h.a)),
            (
                "CAST(CAST(x AS float16) + CAST(x AS float16) AS float64)",
                FLOAT,
                each(lambda u: half(half(u) * 2), h.x),
            ),
            ("CAST(CAST(x AS float16) AS float64) = CAST(x AS float16)", BOOL, each(lambda u: u == u, h.x)),
            ("CAST(abs(CAST(x AS float16)) AS float64)", FLOAT, each(lambda u: abs(half(u)), h.x)),
            ("is_nan(CAST(x AS float16))", BOOL, each(math.isnan, h.x)),
            (
                "CAST(sqrt(CAST(x AS float16)) AS float64)",
                FLOAT,
                each(lambda u: float(np.float16(np.sqrt(np.float32(np.float16(u))))), h.x),
            ),
        )
    )
    w = Table(s=texts("b", None, "", "é", "b", "a"), t=texts("b", "b", None, "e", "a", "a"))
    one, two = "CAST(s AS dictionary(int32, utf8))", "CAST(t AS dictionary(int8, utf8))"
    made.append(
        evaluate(
            "dictionaries_are_their_values",
            w,
            (f"CAST({one} AS utf8)", TEXT, w.s),
            (f"{one} = 'b'", BOOL, each(lambda u: u == "b", w.s)),
            (f"'b' < {one}", BOOL, each(lambda u: u.encode() > b"b", w.s)),
            (f"{one} = {two}", BOOL, each(lambda u, o: u == o, w.s, w.t)),
            (f"{one} IS DISTINCT FROM {two}", BOOL, rows(lambda u, o: u != o, w.s, w.t)),
            (f"{one} IN ('a', '')", BOOL, each(lambda u: u in ("a", ""), w.s)),
            (f"{one} IN ('a', NULL)", BOOL, each(lambda u: True if u == "a" else None, w.s)),
            (f"{one} BETWEEN 'a' AND 'c'", BOOL, each(lambda u: b"a" <= u.encode() <= b"c", w.s)),
            (f"CAST(upper({one}) AS utf8)", TEXT, each(str.upper, w.s)),
            (f"length({one})", INT, each(len, w.s)),
            (f"CAST({one} || {two} AS utf8)", TEXT, each(lambda u, o: u + o, w.s, w.t)),
            (f"{one} LIKE '_'", BOOL, each(lambda u: len(u) == 1, w.s)),
            (f"{one} IS NULL", BOOL, rows(lambda u: u is None, w.s)),
            (f"CAST(coalesce({one}, {two}) AS utf8)", TEXT, rows(lambda u, o: o if u is None else u, w.s, w.t)),
            (f"hash({one}) = hash(s)", BOOL, [True] * 6),
        )
    )
    m = Table(s=texts("2024-02-29", " 1969-12-31 ", "0001-01-01", "2023-02-29", "2024-13-01", "", None, "9999-12-31"))
    dates = ["2024-02-29", "1969-12-31", "0001-01-01", None, None, None, None, "9999-12-31"]
    days = [19782, -1, -719162, None, None, None, None, 2932896]
    made.append(
        evaluate(
            "texts_of_dates",
            m,
            ("CAST(TRY_CAST(s AS date) AS utf8)", TEXT, dates),
            ("CAST(CAST(TRY_CAST(s AS date) AS int32) AS int64)", INT, days),
            ("strftime(TRY_CAST(s AS timestamp(s)), '%Y-%m-%dT%H:%M:%S')", TEXT, each(lambda v: f"{v}T00:00:00", dates)),
            ("CAST(CAST(TRY_CAST(s AS date) AS date64) AS date) = TRY_CAST(s AS date)", BOOL, each(lambda v: True, dates)),
        )
    )
    k = Table(
        s=texts(
            "2024-02-29 10:20:30.5",
            "2024-02-29T23:59:59",
            "2024-02-29 24:00:00",
            "2024-02-29 10:20:30+02:00",
            "1969-12-31 23:59:59.999999",
            None,
            "x",
        )
    )
    made.append(
        evaluate(
            "texts_of_timestamps",
            k,
            (
                "strftime(TRY_CAST(s AS timestamp(us)), '%Y-%m-%d %H:%M:%S.%6f')",
                TEXT,
                [
                    "2024-02-29 10:20:30.500000",
                    "2024-02-29 23:59:59.000000",
                    None,
                    "2024-02-29 08:20:30.000000",
                    "1969-12-31 23:59:59.999999",
                    None,
                    None,
                ],
            ),
            ("CAST(TRY_CAST(s AS timestamp(ms)) AS int64)", INT, [1709202030500, 1709251199000, None, 1709194830000, -1, None, None]),
            ("CAST(TRY_CAST(s AS timestamp(s)) AS int64)", INT, [1709202030, 1709251199, None, 1709194830, -1, None, None]),
            (
                "CAST(CAST(TRY_CAST(s AS timestamp(us)) AS date) AS utf8)",
                TEXT,
                ["2024-02-29", "2024-02-29", None, "2024-02-29", "1969-12-31", None, None],
            ),
            (
                "strftime(CAST(TRY_CAST(s AS timestamp(us)) AS time64(us)), '%H:%M:%S')",
                TEXT,
                ["10:20:30", "23:59:59", None, "08:20:30", "23:59:59", None, None],
            ),
            (
                "CAST(CAST(TRY_CAST(s AS timestamp(us)) AS timestamp(s)) AS int64)",
                INT,
                [1709202030, 1709251199, None, 1709194830, -1, None, None],
            ),
            (
                "CAST(CAST(TRY_CAST(s AS timestamp(us)) AS utf8) AS timestamp(us)) = TRY_CAST(s AS timestamp(us))",
                BOOL,
                [True, True, None, True, True, None, None],
            ),
        )
    )
    yield from without_rows(made)
    yield constants(
        "constants",
        ("CAST('12' AS int64)", INT, 12),
        ("TRY_CAST('twelve' AS int64)", INT, None),
        ("CAST(1.9 AS int64)", INT, 1),
        ("CAST(-1.9 AS int64)", INT, -1),
        ("CAST(NULL AS utf8)", TEXT, None),
        ("TRY_CAST(300 AS int8) IS NULL", BOOL, True),
        ("CAST(TRUE AS utf8)", TEXT, "true"),
        ("CAST('  2024-02-29 ' AS date) = DATE '2024-02-29'", BOOL, True),
    )
    e = Table(a=ints(1, 300), x=floats(1.0, NAN), s=texts("1", "one"), big=floats(1.0, 1e300), neg=ints(1, -1), huge=ints(1, 2**40))
    for name, text, code, message in (
        ("integer_beyond_int8", "CAST(a AS int8)", "ARITHMETIC", "300 does not fit int8"),
        ("negative_to_unsigned", "CAST(neg AS uint64)", "ARITHMETIC", "-1 does not fit uint64"),
        ("integer_beyond_int32", "CAST(huge AS int32)", "ARITHMETIC", "does not fit int32"),
        ("nan_to_integer", "CAST(x AS int64)", "ARITHMETIC", "NaN does not fit int64"),
        ("float_beyond_int64", "CAST(big AS int64)", "ARITHMETIC", "does not fit int64"),
        ("float_beyond_float32", "CAST(big AS float32)", "ARITHMETIC", "does not fit float32"),
        ("text_no_number", "CAST(s AS int64)", "INVALID_ARGUMENT", "'one' is not a value of int64"),
        ("text_no_bool", "CAST(s AS bool)", "INVALID_ARGUMENT", "'one' is not a value of bool"),
        ("text_no_date", "CAST(s AS date)", "INVALID_ARGUMENT", "is not a value of date32"),
        ("integer_to_binary", "CAST(a AS binary)", "TYPE", "int64"),
        ("unknown_type", "CAST(a AS int65)", "INVALID_ARGUMENT", "unknown type 'int65'"),
        ("decimal_too_small", "CAST(a AS decimal(2, 0))", "ARITHMETIC", "300"),
    ):
        yield error(name, e, message, code=code, expressions=[text])


FAMILIES = {"numeric": numeric_cases, "conversion": conversion_cases}
