"""Cases of comparison, logic and the conditional functions."""

import itertools
import math
import operator
from decimal import Decimal

from compute_case import (
    BOOL,
    FLOAT,
    INF,
    INT,
    MAX,
    MIN,
    NAN,
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

COMPARISONS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
NAMES = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def pairs(*values):
    """Two columns with all pairs of values."""
    both = list(itertools.product(values, repeat=2))
    return [a for a, _ in both], [b for _, b in both]


def same(a, b):
    """Equal where null is a value like others, and so is NaN."""
    if a is None or b is None:
        return a is None and b is None
    return a == b or (a != a and b != b)


def kleene_and(*values):
    return False if False in values else None if None in values else True


def kleene_or(*values):
    return True if True in values else None if None in values else False


def between(x, low, high):
    above = None if x is None or low is None else x >= low
    below = None if x is None or high is None else x <= high
    return kleene_and(above, below)


def member(x, *items):
    return kleene_or(*(None if x is None or i is None else x == i for i in items))


def compared(name, a, b):
    """All comparisons of two columns."""
    t = Table(a=a, b=b)
    # Strings by their bytes, which is the order of code points.
    key = (lambda v: v.encode()) if a[0] == TEXT else lambda v: v
    outputs = [(f"a {sign} b", BOOL, each(lambda x, y, f=f: f(key(x), key(y)), t.a, t.b)) for sign, f in COMPARISONS.items()]
    outputs += [(f"{n}(a, b)", BOOL, outputs[list(COMPARISONS).index(sign)][2]) for n, sign in NAMES.items()]
    equal = rows(same, t.a, t.b)
    outputs += [
        ("a != b", BOOL, outputs[1][2]),
        ("a IS NOT DISTINCT FROM b", BOOL, equal),
        ("a IS DISTINCT FROM b", BOOL, [not v for v in equal]),
        ("distinct_from(a, b)", BOOL, [not v for v in equal]),
        ("not_distinct_from(a, b)", BOOL, equal),
    ]
    return evaluate(name, t, *outputs)


def comparison_tables():
    yield compared("integers", *(("int64", v) for v in pairs(1, 2, -5, None, MAX, MIN, 0)))
    yield compared("floats", *(("float64", v) for v in pairs(1.5, NAN, INF, -INF, 0.0, -0.0, None, 5e-324)))
    strings = ("", "a", "A", "abc", "b", "é", "z", "\U0001f600", "\uffff", "longer than twelve bytes", "longer than twelve Bytes", None)
    yield compared("strings", *(("string", v) for v in pairs(*strings)))
    yield compared("booleans", *(("bool", v) for v in pairs(True, False, None)))
    mixed = pairs(1, 2, None, 0)
    yield compared("integers_with_floats", ("int64", mixed[0]), ("float64", [None if v is None else v + 0.0 for v in mixed[1]]))


def comparisons_with_literals():
    t = Table(a=ints(1, 2, None, -3), x=floats(1.0, NAN, None, -0.0), s=texts("a", "b", None, ""), p=bools(True, False, None, True))
    yield evaluate(
        "literals",
        t,
        ("a = 1", BOOL, [True, False, None, False]),
        ("2 > a", BOOL, [True, False, None, True]),
        ("a < 1.5", BOOL, [True, False, None, True]),
        ("a = 1.0", BOOL, [True, False, None, False]),
        ("a < 9223372036854775808", BOOL, [True, True, None, True]),
        ("x = 0", BOOL, [False, False, None, True]),
        ("x <> x", BOOL, [False, True, None, False]),
        ("x = NULL", BOOL, [None] * 4),
        ("s >= 'a'", BOOL, [True, True, None, False]),
        ("s = ''", BOOL, [False, False, None, True]),
        ("p = TRUE", BOOL, [True, False, None, True]),
        ("p > FALSE", BOOL, [True, False, None, True]),
        ("CAST(a AS int8) < 1000", BOOL, [True, True, None, True]),
        ("a IS NOT DISTINCT FROM NULL", BOOL, [False, False, True, False]),
        ("CAST('2024-02-29' AS date) > '2024-02-28'", BOOL, [True] * 4),
        ("CAST(s AS binary) = CAST('a' AS binary)", BOOL, [True, False, None, False]),
    )
    wide = Table(a=ints(-1, 0, MAX, None, 5), b=ints(5, 0, MAX, 1, 5))
    yield evaluate(
        "uint64_with_int64_is_exact",
        wide,
        *((f"a {sign} CAST(b AS uint64)", BOOL, each(f, wide.a, wide.b)) for sign, f in COMPARISONS.items()),
        ("a < CAST(9223372036854775808 AS uint64)", BOOL, [True, True, True, None, True]),
    )
    d = Table(s=texts("1.50", "1.5", "-0.00", None, "99999999999999999999.99"), u=texts("1.5", "1.51", "0", "1", "99999999999999999999.98"))
    yield evaluate(
        "decimals_are_exact",
        d,
        *(
            (
                f"CAST(s AS decimal(22, 2)) {sign} CAST(u AS decimal(25, 5))",
                BOOL,
                each(lambda a, b, f=f: f(Decimal(a), Decimal(b)), d.s, d.u),
            )
            for sign, f in COMPARISONS.items()
        ),
        ("CAST(s AS decimal(22, 2)) = 1.5", BOOL, [True, True, False, None, False]),
    )


def ranges():
    t = Table(
        x=floats(1.0, 2.0, NAN, None, -0.0, INF, 3.0),
        low=floats(1.0, 3.0, 0.0, 0.0, 0.0, 0.0, None),
        high=floats(2.0, None, 1.0, 1.0, 0.0, INF, 1.0),
    )
    yield evaluate(
        "between",
        t,
        ("x BETWEEN low AND high", BOOL, rows(between, t.x, t.low, t.high)),
        ("x NOT BETWEEN low AND high", BOOL, [None if v is None else not v for v in rows(between, t.x, t.low, t.high)]),
        ("x BETWEEN 0 AND 2", BOOL, rows(lambda x: between(x, 0.0, 2.0), t.x)),
        ("x BETWEEN 0 AND NULL", BOOL, rows(lambda x: between(x, 0.0, None), t.x)),
        ("x BETWEEN NULL AND NULL", BOOL, [None] * 7),
        ("2 BETWEEN low AND high", BOOL, rows(lambda low, high: between(2.0, low, high), t.low, t.high)),
    )
    s = Table(s=texts("b", "", "é", None, "a", "ab"), i=ints(1, 5, None, 3, 2, MIN))
    yield evaluate(
        "between_strings_and_integers",
        s,
        ("s BETWEEN 'a' AND 'b'", BOOL, [True, False, False, None, True, True]),
        ("i BETWEEN 1 AND 3", BOOL, [True, False, None, True, True, False]),
        ("i BETWEEN 3 AND 1", BOOL, [False, False, None, False, False, False]),
        ("i BETWEEN 1.5 AND 2.5", BOOL, [False, False, None, False, True, False]),
    )
    m = Table(
        a=ints(1, 2, None, 5, MIN, MAX),
        b=ints(1, None, 3, 4, MIN, 0),
        x=floats(1.0, NAN, None, -0.0, INF, 2.5),
        s=texts("a", "", None, "é", "abc", "A"),
        p=bools(True, False, None, True, False, None),
    )
    yield evaluate(
        "in",
        m,
        ("a IN (1, 5)", BOOL, rows(lambda a: member(a, 1, 5), m.a)),
        ("a IN (1, NULL)", BOOL, rows(lambda a: member(a, 1, None), m.a)),
        ("a NOT IN (1, NULL)", BOOL, [None if v is None else not v for v in rows(lambda a: member(a, 1, None), m.a)]),
        ("a IN (b, 2)", BOOL, rows(lambda a, b: member(a, b, 2), m.a, m.b)),
        ("a IN (9223372036854775807, -9223372036854775808)", BOOL, rows(lambda a: member(a, MAX, MIN), m.a)),
        ("x IN (0, 1)", BOOL, rows(lambda x: member(x, 0.0, 1.0), m.x)),
        ("x IN (x)", BOOL, rows(lambda x: member(x, x), m.x)),
        ("a IN (2.5, 5.0)", BOOL, rows(lambda a: member(a, 2.5, 5.0), m.a)),
        ("s IN ('', 'é', 'zz')", BOOL, rows(lambda s: member(s, "", "é", "zz"), m.s)),
        ("s NOT IN ('a')", BOOL, rows(lambda s: None if s is None else s != "a", m.s)),
        ("p IN (TRUE)", BOOL, m.p),
        (
            "a IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40)",
            BOOL,
            rows(lambda a: None if a is None else 1 <= a <= 40, m.a),
        ),
    )


def comparison_cases():
    yield from without_rows([*comparison_tables(), *comparisons_with_literals(), *ranges()])
    yield constants(
        "constants",
        ("1 = 1.0", BOOL, True),
        ("'a' = 'A'", BOOL, False),
        ("NULL = NULL", BOOL, None),
        ("NULL IS NOT DISTINCT FROM NULL", BOOL, True),
        ("1 IS DISTINCT FROM NULL", BOOL, True),
        ("2 BETWEEN 3 AND NULL", BOOL, False),
        ("2 IN (1, NULL)", BOOL, None),
        ("2 IN (2, NULL)", BOOL, True),
        ("9007199254740993 = 9007199254740992", BOOL, False),
        ("0.0 / 0.0 IS NOT DISTINCT FROM 0.0 / 0.0", BOOL, True),
    )
    t = Table(a=ints(1), s=texts("x"), p=bools(True))
    for name, text in (
        ("eq", "a = s"),
        ("lt", "p < a"),
        ("between", "a BETWEEN s AND 2"),
        ("in", "a IN ('x', s)"),
        ("distinct_from", "s IS DISTINCT FROM p"),
    ):
        yield error(f"{name}_of_other_types", t, name, code="TYPE", expressions=[text])
    yield error("intervals_have_no_order", t, "interval", code="TYPE", expressions=["INTERVAL '1 day' < INTERVAL '1 month'"])
    yield error("unknown_column", t, "unknown column 'b' at line 1, column 5", expressions=["a = b"])
    yield error("nearest_columns", Table(price=ints(1), prices=ints(1)), "nearest: price, prices", expressions=["prcie"])


def logic_cases():
    a, b = pairs(True, False, None)
    t = Table(a=bools(*a), b=bools(*b))
    outputs = [
        ("a AND b", BOOL, rows(kleene_and, a, b)),
        ("a OR b", BOOL, rows(kleene_or, a, b)),
        ("NOT a", BOOL, each(operator.not_, a)),
        ("a AND b AND a", BOOL, rows(kleene_and, a, b)),
        ("a OR b OR NULL", BOOL, rows(lambda x, y: kleene_or(x, y, None), a, b)),
        ("a AND NULL", BOOL, rows(lambda x: kleene_and(x, None), a)),
        ("a AND TRUE", BOOL, a),
        ("a OR FALSE", BOOL, a),
        ("a OR TRUE", BOOL, [True] * 9),
        ("NOT (a AND b) = (NOT a OR NOT b)", BOOL, rows(lambda x, y: None if kleene_and(x, y) is None else True, a, b)),
        ("a OR b AND FALSE", BOOL, rows(lambda x, y: kleene_or(x, kleene_and(y, False)), a, b)),
    ]
    tests = {
        "is_null": lambda v: v is None,
        "is_not_null": lambda v: v is not None,
        "is_true": lambda v: v is True,
        "is_not_true": lambda v: v is not True,
        "is_false": lambda v: v is False,
        "is_not_false": lambda v: v is not False,
    }
    outputs += [(f"a {n.upper().replace('_', ' ')}", BOOL, rows(f, a)) for n, f in tests.items()]
    outputs += [(f"{n}(b)", BOOL, rows(f, b)) for n, f in tests.items()]
    outputs += [
        ("a IS UNKNOWN", BOOL, rows(tests["is_null"], a)),
        ("a IS NOT UNKNOWN", BOOL, rows(tests["is_not_null"], a)),
    ]
    others = Table(i=ints(0, None, MAX), x=floats(NAN, None, -0.0), s=texts("", None, "é"))
    present = [True, False, True]
    absent = [not v for v in present]
    made = [
        evaluate("three_values", t, *outputs),
        evaluate(
            "nulls_of_all_types",
            others,
            *((f"{c} IS NULL", BOOL, absent) for c in "ixs"),
            *((f"{c} IS NOT NULL", BOOL, present) for c in "ixs"),
            ("CAST(i AS float64) IS NULL", BOOL, absent),
            ("NULL IS NULL", BOOL, [True] * 3),
        ),
        evaluate(
            "nan_that_is_null",
            others,
            ("x IS NULL", BOOL, [True, True, False]),
            ("x IS NOT NULL", BOOL, [False, False, True]),
            ("(x > 0) IS TRUE", BOOL, [False] * 3),
            ("(x > 0) IS NOT TRUE", BOOL, [True] * 3),
            ("(x > 0) IS FALSE", BOOL, [False, False, True]),
            ("(x > 0) IS NOT FALSE", BOOL, [True, True, False]),
            ("(x > 0) IS UNKNOWN", BOOL, [True, True, False]),
            nan="null",
        ),
    ]
    lazy = Table(a=ints(6, 5, None, 1, 0), b=ints(2, 0, 0, None, 1))
    made.append(
        evaluate(
            "what_a_row_does_not_need",
            lazy,
            ("b <> 0 AND a // b > 1", BOOL, [True, False, False, None, False]),
            ("b = 0 OR a // b > 1", BOOL, [True, True, True, None, False]),
            ("NOT (b = 0 OR a % b = 0)", BOOL, [False, False, False, None, False]),
        )
    )
    many = " AND ".join(f"a > {-i}" for i in range(1, 301))
    made.append(evaluate("many_conditions", lazy, (many, BOOL, [True, True, None, True, True])))
    yield from without_rows(made)
    yield constants(
        "constants",
        ("TRUE AND FALSE", BOOL, False),
        ("NULL AND FALSE", BOOL, False),
        ("NULL OR TRUE", BOOL, True),
        ("NOT NULL", BOOL, None),
        ("NULL IS NOT TRUE", BOOL, True),
        ("NULL IS FALSE", BOOL, False),
        ("TRUE OR 1 // 0 = 1", BOOL, True),
        ("FALSE AND 1 // 0 = 1", BOOL, False),
    )
    t = Table(a=ints(1, 0), s=texts("x", "y"))
    for name, text in (
        ("and", "a AND TRUE"),
        ("or", "TRUE OR s"),
        ("not", "NOT a"),
        ("is_true", "s IS TRUE"),
        ("is_not_false", "a IS NOT FALSE"),
    ):
        yield error(f"{name}_of_other_types", t, name, code="TYPE", expressions=[text])
    yield error("needed_after_all", Table(a=ints(1, 2), b=ints(1, 0)), "zero", code="ARITHMETIC", expressions=["b = 0 AND a // b = 1"])


def greatest(*values):
    known = [v for v in values if v is not None]
    numbers = [v for v in known if v == v]
    if not known:
        return None
    # -0.0 is less than 0.0.
    return max(numbers, key=lambda v: (v, math.copysign(1, v) if isinstance(v, float) else 0)) if numbers else NAN


def least(*values):
    known = [v for v in values if v is not None]
    numbers = [v for v in known if v == v]
    if not known:
        return None
    return min(numbers, key=lambda v: (v, math.copysign(1, v) if isinstance(v, float) else 0)) if numbers else NAN


def nullif(x, y):
    return None if x is None or (y is not None and x == y) else x


def coalesce(*values):
    return next((v for v in values if v is not None), None)


def conditional_cases():
    a, b = pairs(1, 2, None, MIN, MAX)
    x, y = pairs(1.5, NAN, INF, -INF, 0.0, -0.0, None)
    s, u = pairs("", "a", "é", "abc", None)
    p, q = pairs(True, False, None)
    made = []
    for name, one, two in (
        ("integers", ints(*a), ints(*b)),
        ("floats", floats(*x), floats(*y)),
        ("strings", texts(*s), texts(*u)),
        ("booleans", bools(*p), bools(*q)),
    ):
        t = Table(a=one, b=two)
        kind = one[0]
        made.append(
            evaluate(
                name,
                t,
                ("coalesce(a, b)", kind, rows(coalesce, t.a, t.b)),
                ("nullif(a, b)", kind, rows(nullif, t.a, t.b)),
                ("greatest(a, b)", kind, rows(greatest, t.a, t.b)),
                ("least(a, b)", kind, rows(least, t.a, t.b)),
                ("if(a = b, a, b)", kind, rows(lambda m, n: m if m is not None and n is not None and m == n else n, t.a, t.b)),
                ("CASE WHEN a < b THEN a WHEN a >= b THEN b END", kind, each(lambda m, n: m if m < n else n if m >= n else None, t.a, t.b)),
                (
                    "CASE a WHEN b THEN b ELSE a END",
                    kind,
                    t.a if kind != FLOAT else rows(lambda m, n: n if m is not None and n is not None and m == n else m, t.a, t.b),
                ),
                ("ifnull(a, b)", kind, rows(coalesce, t.a, t.b)),
                ("nvl(b, a)", kind, rows(coalesce, t.b, t.a)),
                ("fill_null(a, b)", kind, rows(coalesce, t.a, t.b)),
                ("coalesce(NULL, a)", kind, t.a),
                ("greatest(a, NULL)", kind, t.a),
                ("least(a)", kind, t.a),
            )
        )
    t = Table(a=ints(1, None, 3, 0, MAX), x=floats(0.5, 1.5, None, NAN, -0.0), p=bools(True, False, None, True, False))
    made += [
        evaluate(
            "types_and_literals",
            t,
            ("coalesce(a, x)", FLOAT, rows(lambda i, f: float(i) if i is not None else f, t.a, t.x)),
            ("coalesce(a, 7)", INT, rows(lambda i: coalesce(i, 7), t.a)),
            ("if(p, a, 0)", INT, rows(lambda c, i: i if c else 0, t.p, t.a)),
            ("iff(p, a, 0.5)", FLOAT, rows(lambda c, i: (None if i is None else float(i)) if c else 0.5, t.p, t.a)),
            ("if(p, 'yes', 'no')", TEXT, rows(lambda c: "yes" if c else "no", t.p)),
            ("if(p, NULL, a)", INT, rows(lambda c, i: None if c else i, t.p, t.a)),
            ("greatest(a, 2, NULL)", INT, rows(lambda i: greatest(i, 2), t.a)),
            ("least(x, 1, a)", FLOAT, rows(lambda f, i: least(f, 1.0, None if i is None else float(i)), t.x, t.a)),
            ("nullif(x, x)", FLOAT, rows(nullif, t.x, t.x)),
            ("nullif(a, 3)", INT, rows(lambda i: nullif(i, 3), t.a)),
            ("CASE a WHEN 1 THEN 'one' WHEN 3 THEN 'three' ELSE 'many' END", TEXT, ["one", "many", "three", "many", "many"]),
            ("CASE WHEN NULL THEN 1 ELSE 2 END", INT, [2] * 5),
            ("CASE WHEN p THEN a END", INT, rows(lambda c, i: i if c else None, t.p, t.a)),
            ("CASE WHEN a IS NULL THEN -1 WHEN a > 2 THEN 1 ELSE 0 END", INT, [0, -1, 1, 0, 1]),
        ),
        evaluate(
            "nan_that_is_null",
            t,
            ("coalesce(x, 9)", FLOAT, [0.5, 1.5, 9.0, 9.0, -0.0]),
            ("greatest(x, 1)", FLOAT, [1.0, 1.5, 1.0, 1.0, 1.0]),
            ("least(x, 1)", FLOAT, [0.5, 1.0, 1.0, 1.0, -0.0]),
            ("nullif(x, 0.5)", FLOAT, [None, 1.5, None, None, -0.0]),
            ("if(x > 0, 1, 0)", INT, [1, 1, 0, 0, 0]),
            ("CASE WHEN x IS NULL THEN 1 ELSE 0 END", INT, [0, 0, 1, 1, 0]),
            nan="null",
        ),
    ]
    lazy = Table(a=ints(6, 5, None, MAX), b=ints(2, 0, 0, -1))
    made.append(
        evaluate(
            "what_a_row_does_not_need",
            lazy,
            ("CASE WHEN b = 0 THEN -1 ELSE a // b END", INT, [3, -1, -1, -MAX]),
            ("if(b = 0, 0, a % b)", INT, [0, 0, 0, 0]),
            ("coalesce(b, a // 0)", INT, lazy.b),
            ("if(a = 9223372036854775807, a, a + 1)", INT, [7, 6, None, MAX]),
        )
    )
    yield from without_rows(made)
    yield constants(
        "constants",
        ("if(TRUE, 1, 2)", INT, 1),
        ("if(NULL, 1, 2)", INT, 2),
        ("if(TRUE, 1, 1 // 0)", INT, 1),
        ("coalesce(NULL, 2, 3)", INT, 2),
        ("coalesce(1, 1 // 0)", INT, 1),
        ("nullif(1, 1)", INT, None),
        ("greatest(1, 3, 2)", INT, 3),
        ("least(1, NULL, 2)", INT, 1),
        ("greatest('a', 'B')", TEXT, "a"),
    )
    t = Table(a=ints(1), s=texts("x"))
    yield error("case_of_no_condition", t, "case", code="TYPE", expressions=["CASE WHEN a THEN 1 END"])
    yield error("if_of_no_condition", t, "if", code="TYPE", expressions=["if(s, 1, 2)"])
    for name, text in (
        ("coalesce", "coalesce(a, s)"),
        ("nullif", "nullif(a, s)"),
        ("greatest", "greatest(a, s)"),
        ("least", "least(s, a)"),
        ("if", "if(TRUE, a, s)"),
    ):
        yield error(f"{name}_of_other_types", t, name, code="TYPE", expressions=[text])
    yield error("if_of_two", t, "if", expressions=["if(TRUE, 1)"])
    yield error("coalesce_of_nothing", t, "coalesce", expressions=["coalesce()"])
    yield error(
        "a_row_needs_it",
        Table(a=ints(1, 2), b=ints(0, 1)),
        "zero",
        code="ARITHMETIC",
        expressions=["CASE WHEN a = 1 THEN a // b ELSE 0 END"],
    )


FAMILIES = {"comparison": comparison_cases, "logic": logic_cases, "conditional": conditional_cases}
