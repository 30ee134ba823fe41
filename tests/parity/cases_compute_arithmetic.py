"""Cases of arithmetic: the operators on integers of all widths in the three modes of overflow, on floats and decimals."""

import re
from decimal import ROUND_DOWN, ROUND_FLOOR
from fractions import Fraction

import numpy as np
import oracle_compute as oracle
from compute_case import (
    BOOL,
    FLOAT,
    INF,
    INT,
    MAX,
    MIN,
    NAN,
    ROUNDING,
    TEXT,
    Table,
    constants,
    each,
    error,
    evaluate,
    floats,
    ints,
    named,
    texts,
    without_rows,
)

SMALL = Table(
    a=ints(7, -7, 7, -7, 0, None, 4, None, 1, 12, -1),
    b=ints(2, 2, -2, -2, 5, 3, None, None, 1, 4, 3),
)
EXTREME = Table(
    a=ints(MAX, MIN, MAX, MIN, MIN, MAX, 5, 0, MIN, 3_037_000_500, None, MAX),
    b=ints(1, -1, MAX, MIN, 1, -1, 0, 0, 0, 3_037_000_500, 0, None),
)
NUMBERS = Table(
    x=floats(1.5, -2.5, 0.1, None, 7.0, None, 1e300, -7.5, 5e-324),
    y=floats(0.5, 4.0, 0.2, 1.0, None, None, 1e-10, 2.0, 2.0),
)
SPECIAL = Table(
    x=floats(NAN, 1.0, INF, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.0, 1.7976931348623157e308, -0.0, 3.0, -3.0, None, -3.0),
    y=floats(1.0, NAN, INF, -INF, INF, 0.0, 0.0, 0.0, 0.0, -0.0, 1.7976931348623157e308, -0.0, INF, INF, NAN, 1.5),
)
BYTES = Table(a=ints(100, -128, 127, -100, None, 5, 0), b=ints(100, -1, 1, 100, 1, 0, None))
DECIMALS = Table(
    s=texts("1.25", "-1.25", "10.00", "0.05", None, "-0.01", "99999999.99"),
    u=texts("0.50", "0.30", "-3.00", "7.00", "1.00", None, "99999999.99"),
)


def integers():
    functions = oracle.INTEGERS.items()
    plain = [(text, INT, each(f, SMALL.a, SMALL.b)) for text, f in functions]
    yield evaluate(
        "integers",
        SMALL,
        *plain,
        ("a / b", FLOAT, each(oracle.quotient, SMALL.a, SMALL.b)),
        ("-a", INT, each(lambda a: -a, SMALL.a)),
        ("a + 1", INT, each(lambda a: a + 1, SMALL.a)),
        ("10 - b", INT, each(lambda b: 10 - b, SMALL.b)),
        ("(a + b) * (a - b) // 3", INT, each(lambda a, b: (a + b) * (a - b) // 3, SMALL.a, SMALL.b)),
        tolerance=ROUNDING,
    )
    named = {"add": 0, "sub": 1, "mul": 2, "floor_div": 3, "mod": 4, "floor_mod": 5}
    yield evaluate(
        "functions_by_name",
        SMALL,
        *((f"{name}(a, b)", INT, plain[i][2]) for name, i in named.items()),
        ("div(a, b)", FLOAT, each(oracle.quotient, SMALL.a, SMALL.b)),
        ("neg(a)", INT, each(lambda a: -a, SMALL.a)),
        tolerance=ROUNDING,
    )
    for mode in ("null", "wrap"):
        yield evaluate(
            f"overflow_{mode}",
            EXTREME,
            *((text, INT, each(oracle.within(f, mode), EXTREME.a, EXTREME.b)) for text, f in functions),
            ("a / b", FLOAT, each(lambda a, b: None if b == 0 else float(a) / float(b), EXTREME.a, EXTREME.b)),
            ("-a", INT, each(oracle.within(lambda a: -a, mode), EXTREME.a)),
            ("a + 1", INT, each(oracle.within(lambda a: a + 1, mode), EXTREME.a)),
            ("abs(a)", INT, each(oracle.within(abs, mode), EXTREME.a)),
            ("a + b IS NULL", BOOL, [v is None for v in each(oracle.within(oracle.INTEGERS["a + b"], mode), EXTREME.a, EXTREME.b)]),
            tolerance=ROUNDING,
            overflow=mode,
        )
    nulls = Table(a=ints(None, 1, None), b=ints(0, 1, 0))
    yield evaluate(
        "what_a_null_hides_is_no_error",
        nulls,
        ("a // b", INT, [None, 1, None]),
        ("a % b", INT, [None, 0, None]),
        ("a / b", FLOAT, [None, 1.0, None]),
        ("floor_mod(a, b)", INT, [None, 0, None]),
    )
    last = Table(a=ints(MAX, MIN), b=ints(1, 1))
    yield evaluate(
        "up_to_the_limits",
        last,
        ("a - b * 0", INT, [MAX, MIN]),
        ("a // b", INT, [MAX, MIN]),
        ("a % 2", INT, [1, 0]),
        ("a // 2", INT, [MAX // 2, MIN // 2]),
        ("floor_mod(a, 10)", INT, [MAX % 10, MIN % 10]),
        ("a % -1", INT, [0, 0]),
    )


def narrow_integers():
    """Integers of a width stay in it, and literals take it."""
    for name, bits, signed in (("int8", 8, True), ("int16", 16, True), ("int32", 32, True), ("uint8", 8, False)):
        table = BYTES if signed else Table(a=ints(200, 0, 255, 3, None, 7), b=ints(100, 1, 1, 5, 1, None))
        if bits > 8:
            shift = 2 ** (bits - 8)
            table = Table(a=("int64", each(lambda v, s=shift: v * s, table.a)), b=("int64", each(lambda v, s=shift: v * s, table.b)))
        for mode in ("null", "wrap"):
            outputs = []
            for text, f in oracle.INTEGERS.items():
                typed = re.sub(r"\b[ab]\b", rf"CAST(\g<0> AS {name})", text)
                values = each(oracle.within(f, mode, bits, signed), table.a, table.b)
                outputs.append((f"CAST({typed} AS int64)", INT, values))
            values = each(oracle.within(lambda a: a + 1, mode, bits, signed), table.a)
            outputs.append((f"CAST(CAST(a AS {name}) + 1 AS int64)", INT, values))
            if signed:
                values = each(oracle.within(lambda a: -a, mode, bits), table.a)
                outputs.append((f"CAST(-CAST(a AS {name}) AS int64)", INT, values))
            yield evaluate(f"{name}_{mode}", table, *outputs, overflow=mode)
    mixed = Table(a=ints(200, 0, None, 255), b=ints(-100, -128, 5, 127))
    yield evaluate(
        "widths_and_signs_mixed",
        mixed,
        ("CAST(CAST(a AS uint8) + CAST(b AS int8) AS int64)", INT, [100, -128, None, 382]),
        ("CAST(CAST(a AS uint32) * CAST(b AS int16) AS int64)", INT, [-20000, 0, None, 32385]),
        ("CAST(a AS uint64) + b", INT, [100, -128, None, 382]),
        ("CAST(-CAST(a AS uint8) AS int64)", INT, [-200, 0, None, -255]),
    )


def floating():
    yield evaluate(
        "floats",
        NUMBERS,
        *((text, FLOAT, each(oracle.ieee(f), NUMBERS.x, NUMBERS.y)) for text, f in oracle.FLOATS.items()),
        ("-x", FLOAT, each(lambda x: -x, NUMBERS.x)),
        ("x * 2", FLOAT, each(lambda x: x * 2, NUMBERS.x)),
        ("1 / y", FLOAT, each(lambda y: 1 / y, NUMBERS.y)),
        tolerance=ROUNDING,
    )
    special = [(text, FLOAT, each(oracle.ieee(f), SPECIAL.x, SPECIAL.y)) for text, f in oracle.FLOATS.items()]
    for mode in ("error", "null", "wrap"):
        yield evaluate(f"special_floats_{mode}", SPECIAL, *special, ("-x", FLOAT, each(lambda x: -x, SPECIAL.x)), overflow=mode)
    missing = [None if v is not None and v != v else v for v in SPECIAL.x], [None if v is not None and v != v else v for v in SPECIAL.y]
    yield evaluate(
        "nan_is_null",
        SPECIAL,
        *((text, FLOAT, each(oracle.ieee(f), *missing)) for text, f in oracle.FLOATS.items()),
        nan="null",
    )
    f32 = np.float32
    yield evaluate(
        "float32",
        NUMBERS,
        ("CAST(CAST(y AS float32) * 1.5 AS float64)", FLOAT, each(oracle.ieee(lambda y: y * f32(1.5), f32), NUMBERS.y)),
        ("CAST(CAST(y AS float32) + CAST(y AS float32) AS float64)", FLOAT, each(oracle.ieee(np.add, f32), NUMBERS.y, NUMBERS.y)),
        ("CAST(CAST(y AS float32) / 3 AS float64)", FLOAT, each(oracle.ieee(lambda y: y / f32(3), f32), NUMBERS.y)),
        ("CAST(y AS float32) + CAST(0.1 AS float64)", FLOAT, each(lambda y: float(f32(y)) + 0.1, NUMBERS.y)),
        tolerance=ROUNDING,
    )
    mixed = Table(a=ints(1, -3, None, 2**53 + 1), x=floats(0.5, NAN, 1.0, 1.0))
    yield evaluate(
        "integers_with_floats",
        mixed,
        ("a + x", FLOAT, each(lambda a, x: float(a) + x, mixed.a, mixed.x)),
        ("a * x", FLOAT, each(lambda a, x: float(a) * x, mixed.a, mixed.x)),
        ("a / 0.0", FLOAT, [INF, -INF, None, INF]),
        ("a + 0.5", FLOAT, each(lambda a: float(a) + 0.5, mixed.a)),
    )


def decimals():
    t = DECIMALS
    s, u = "CAST(s AS decimal(10, 2))", "CAST(u AS decimal(10, 2))"
    out = lambda text, f, scale, rounding=None: (
        f"CAST({text} AS utf8)",
        TEXT,
        each(oracle.decimals(f, scale, *([rounding] if rounding else [])), t.s, t.u),
    )
    yield evaluate(
        "decimals",
        t,
        out(f"{s} + {u}", lambda a, b: a + b, 2),
        out(f"{s} - {u}", lambda a, b: a - b, 2),
        out(f"{s} * {u}", lambda a, b: a * b, 4),
        out(f"{s} / {u}", lambda a, b: a / b, 6),
        out(f"{s} // {u}", lambda a, b: a / b, 0, ROUND_FLOOR),
        out(f"{s} % {u}", lambda a, b: a - b * int(a / b), 2, ROUND_DOWN),
        out(f"floor_mod({s}, {u})", lambda a, b: a - b * (a / b).__floor__(), 2),
        (f"CAST(-{s} AS utf8)", TEXT, each(oracle.decimals(lambda a: -a, 2), t.s)),
        (f"CAST({s} + 1 AS utf8)", TEXT, each(oracle.decimals(lambda a: a + 1, 2), t.s)),
        (f"CAST({s} * 1.5 AS utf8)", TEXT, each(oracle.decimals(lambda a: a * Fraction(3, 2), 3), t.s)),
        (f"{s} + CAST(1 AS float64)", FLOAT, each(lambda a: float(a) + 1, t.s)),
        tolerance=ROUNDING,
    )
    wide = Table(s=texts("99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "1", None))
    d = "CAST(s AS decimal(38, 0))"
    for mode in ("null", "wrap"):
        yield evaluate(
            f"decimal_overflow_{mode}",
            wide,
            (f"CAST({d} + {d} AS utf8)", TEXT, [None, None, "2", None]),
            (f"CAST({d} * {d} AS utf8)", TEXT, [None, None, "1", None]),
            (f"CAST({d} // 0 AS utf8)", TEXT, [None] * 4),
            (f"CAST({d} % 0 AS utf8)", TEXT, [None] * 4),
            overflow=mode,
        )
    yield error("decimal_overflow", wide, "overflows decimal128(38, 0)", code="ARITHMETIC", expressions=[f"{d} + {d}"])
    yield error("decimal_division_by_zero", wide, "zero", code="ARITHMETIC", expressions=[f"{d} / CAST('0' AS decimal(3, 1))"])


def errors():
    for name, a, b, text, message in (
        ("add", MAX, 1, "a + b", "9223372036854775807 + 1 overflows int64"),
        ("sub", MIN, 1, "a - b", "-9223372036854775808 - 1 overflows int64"),
        ("mul", 3_037_000_500, 3_037_000_500, "a * b", "3037000500 * 3037000500 overflows int64"),
        ("floor_div", MIN, -1, "a // b", "overflows int64"),
        ("neg", MIN, 1, "-a", "overflows int64"),
        ("abs", MIN, 1, "abs(a)", "overflows int64"),
        ("div_by_zero", 5, 0, "a / b", "zero"),
        ("floor_div_by_zero", 5, 0, "a // b", "zero"),
        ("mod_by_zero", 5, 0, "a % b", "zero"),
        ("floor_mod_by_zero", 5, 0, "floor_mod(a, b)", "zero"),
        ("int8", 127, 1, "CAST(a AS int8) + CAST(b AS int8)", "127 + 1 overflows int8"),
        ("int8_with_a_literal", 127, 1, "CAST(a AS int8) + 1", "127 + 1 overflows int8"),
        ("uint8", 0, 1, "CAST(a AS uint8) - CAST(b AS uint8)", "0 - 1 overflows uint8"),
    ):
        table = Table(a=ints(1, None, a), b=ints(1, 0, b))
        yield error(f"overflow_{name}", table, message, code="ARITHMETIC", expressions=[text])
    yield error("constant_overflow", Table(a=ints(1)), "overflows int64", code="ARITHMETIC", expressions=["9223372036854775807 + 1"])
    strings = Table(a=ints(1), s=texts("x"), x=floats(1.0))
    for operator, name in (("+", "add"), ("-", "sub"), ("*", "mul"), ("/", "div"), ("//", "floor_div"), ("%", "mod")):
        yield error(f"{name}_of_text", strings, name, code="TYPE", expressions=[f"s {operator} a"])
    yield error("neg_of_text", strings, "neg", code="TYPE", expressions=["-s"])
    yield error("floor_mod_of_text", strings, "floor_mod", code="TYPE", expressions=["floor_mod(a, s)"])
    yield error("add_of_one", strings, "add", expressions=["add(a)"])
    yield error("overflow_of_no_mode", strings, "overflow", expressions=["a + 1"], options={"overflow": "ignore"})
    yield error("nan_of_no_policy", strings, "nan", expressions=["x + 1"], options={"nan": "drop"})
    yield error("option_of_no_name", strings, "overflows", call="filter", predicate="a > 1", options={"overflows": "null"}) | {
        "unknown_option": True
    }


def literals():
    yield constants(
        "literals",
        ("1 + 2", INT, 3),
        ("7 / 2", FLOAT, 3.5),
        ("-7 // 2", INT, -4),
        ("-7 % 3", INT, -1),
        ("2 * 3 + 4", INT, 10),
        ("2 + 3 * 4", INT, 14),
        ("-(2 + 3) * 4", INT, -20),
        ("10 - 4 - 3", INT, 3),
        ("100 // 7 % 5", INT, 4),
        ("1.5 + 2", FLOAT, 3.5),
        ("1e3", FLOAT, 1000.0),
        ("9223372036854775807", INT, MAX),
        ("-9223372036854775808", INT, MIN),
        ("1 + NULL", INT, None),
        ("NULL * NULL", INT, None),
        ("NULL / 0", FLOAT, None),
        ("0.1 + 0.2", FLOAT, 0.1 + 0.2),
        ("0.0 / 0.0", FLOAT, NAN),
        ("-1 / 0.0", FLOAT, -INF),
    )


def names():
    """A column bears the name after AS, else that of the column it is, else the text in canonical form."""
    t = Table(a=ints(1, None), b=ints(2, 3)).columns | {"total price": floats(0.5, None)}
    t = Table(**t)
    yield named(
        "names",
        t,
        ("a", "a", INT, [1, None]),
        ('"total price"', "total price", FLOAT, [0.5, None]),
        ("a+b", "a + b", INT, [3, None]),
        ("(a + (b * 2))", "a + b * 2", INT, [5, None]),
        ("a AS b", "b", INT, [1, None]),
        ('a as "with blank"', "with blank", INT, [1, None]),
        ("a IS null", "a IS NULL", BOOL, [False, True]),
        ("not a > 1", "NOT a > 1", BOOL, [True, None]),
        ("ABS( a )", "abs(a)", INT, [1, None]),
    )
    yield error("unknown_column", t, "unknown column 'c' at line 2, column 3; columns: a, b, total price", expressions=["a +\n  c"])
    yield error("no_expression", t, "expression", expressions=[])
    yield error("empty_expression", t, "syntax error at line 1, column 1: expected an expression, found end of text", expressions=[""])
    yield error("half_an_expression", t, "syntax error at line 1, column 4", expressions=["a +"])
    yield error("two_expressions", t, "syntax error", expressions=["a b c"])
    yield error("unclosed_text", t, "syntax error", expressions=["'abc"])
    yield error("a_query", t, "subqueries", code="UNSUPPORTED", expressions=["(SELECT a)"])
    yield error("too_deep", t, "deep", expressions=["abs(" * 300 + "a" + ")" * 300])


def arithmetic_cases():
    yield from without_rows([*integers(), *narrow_integers(), *floating(), *decimals()])
    yield from literals()
    yield from names()
    yield from errors()


FAMILIES = {"arithmetic": arithmetic_cases}
