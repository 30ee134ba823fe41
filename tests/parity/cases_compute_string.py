"""Cases of functions of text."""

import oracle_compute_text as oracle
from compute_case import (
    BOOL,
    INT,
    MAX,
    MIN,
    TEXT,
    Table,
    constants,
    each,
    error,
    evaluate,
    ints,
    texts,
    without_rows,
)

WORDS = (
    "",
    "a",
    "Parquet",
    "  two blanks  ",
    "straße",
    "ÀÉÎ",
    "añb",
    "\U0001f600 smile",
    "x,y,,z",
    None,
    "tab\tand\nline",
    "ΟΔΥΣΣΕΥΣ",
    "İstanbul",
    "a-b-c",
    "longer than the twelve bytes of a view",
    "e\u0301",
    "ǆ",
    "100%",
)
TEXTS = Table(s=texts(*WORDS))
NUMBERS = (0, 1, 2, 3, -1, -2, 5, 100, -100, None, MAX, MIN)


def whole_texts():
    s = TEXTS.s
    yield evaluate(
        "whole_texts",
        TEXTS,
        ("lower(s)", TEXT, each(str.lower, s)),
        ("upper(s)", TEXT, each(str.upper, s)),
        ("lcase(s)", TEXT, each(str.lower, s)),
        ("ucase(s)", TEXT, each(str.upper, s)),
        ("length(s)", INT, each(len, s)),
        ("char_length(s)", INT, each(len, s)),
        ("octet_length(s)", INT, each(lambda v: len(v.encode()), s)),
        ("octet_length(CAST(s AS binary))", INT, each(lambda v: len(v.encode()), s)),
        ("reverse(s)", TEXT, each(lambda v: v[::-1], s)),
        ("CAST(lower(CAST(s AS large_utf8)) AS utf8)", TEXT, each(str.lower, s)),
        ("CAST(upper(CAST(s AS utf8_view)) AS utf8)", TEXT, each(str.upper, s)),
        ("length(upper(s)) = length(s)", BOOL, each(lambda v: len(v.upper()) == len(v), s)),
    )
    ascii_only = Table(s=texts("", "Ab", None, "zZ09_-", "longer than the twelve bytes of a View"))
    yield evaluate(
        "ascii_only",
        ascii_only,
        ("lower(s)", TEXT, each(str.lower, ascii_only.s)),
        ("upper(s)", TEXT, each(str.upper, ascii_only.s)),
        ("length(s)", INT, each(len, ascii_only.s)),
        ("reverse(s)", TEXT, each(lambda v: v[::-1], ascii_only.s)),
        ("substr(s, 2, 1)", TEXT, each(lambda v: oracle.substr(v, 2, 1), ascii_only.s)),
        ("left(s, 2)", TEXT, each(lambda v: oracle.left(v, 2), ascii_only.s)),
        ("right(s, 2)", TEXT, each(lambda v: oracle.right(v, 2), ascii_only.s)),
        ("lpad(s, 4, '*')", TEXT, each(lambda v: oracle.lpad(v, 4, "*"), ascii_only.s)),
    )


def parts():
    pairs = [(w, n) for w in ("", "abc", "añb\U0001f600", None) for n in NUMBERS]
    t = Table(s=texts(*(w for w, _ in pairs)), n=ints(*(n for _, n in pairs)))
    repeated = [None if n is None else max(min(n, 3), -3) for n in t.n]
    small = Table(s=("string", t.s), n=("int64", repeated))
    yield evaluate(
        "numbers_of_characters",
        t,
        ("left(s, n)", TEXT, each(oracle.left, t.s, t.n)),
        ("right(s, n)", TEXT, each(oracle.right, t.s, t.n)),
        ("substr(s, n)", TEXT, each(oracle.substr, t.s, t.n)),
        ("substr(s, n, 2)", TEXT, each(lambda s, n: oracle.substr(s, n, 2), t.s, t.n)),
        ("substr(s, 2, 0)", TEXT, each(lambda s: "", t.s)),
        ("substring(s, 2)", TEXT, each(lambda s: oracle.substr(s, 2), t.s)),
        ("SUBSTRING(s FROM 2 FOR 1)", TEXT, each(lambda s: oracle.substr(s, 2, 1), t.s)),
        ("substr(s, 1, 9223372036854775807)", TEXT, t.s),
    )
    yield evaluate(
        "repeated_and_padded",
        small,
        ("repeat(s, n)", TEXT, each(lambda s, n: s * max(n, 0), small.s, small.n)),
        ("lpad(s, n)", TEXT, each(oracle.lpad, small.s, small.n)),
        ("rpad(s, n)", TEXT, each(oracle.rpad, small.s, small.n)),
        ("lpad(s, n + 3, 'xé')", TEXT, each(lambda s, n: oracle.lpad(s, n + 3, "xé"), small.s, small.n)),
        ("rpad(s, n + 3, 'xé')", TEXT, each(lambda s, n: oracle.rpad(s, n + 3, "xé"), small.s, small.n)),
        ("lpad(s, 5, '')", TEXT, each(lambda s: s, small.s)),
        ("rpad(s, n, s)", TEXT, each(lambda s, n: oracle.rpad(s, n, s), small.s, small.n)),
        ("repeat('', 9223372036854775807)", TEXT, [""] * small.rows),
    )
    blank = Table(s=texts("  a b ", "", "   ", None, "\ta\t", "xyaxy", "ééaé", "a"), c=texts(" ", "a", "", "x", "\t", "yx", "é", None))
    yield evaluate(
        "trimmed",
        blank,
        ("trim(s)", TEXT, each(lambda s: s.strip(" "), blank.s)),
        ("ltrim(s)", TEXT, each(lambda s: s.lstrip(" "), blank.s)),
        ("rtrim(s)", TEXT, each(lambda s: s.rstrip(" "), blank.s)),
        ("btrim(s)", TEXT, each(lambda s: s.strip(" "), blank.s)),
        ("trim(s, c)", TEXT, each(lambda s, c: s.strip(c) if c else s, blank.s, blank.c)),
        ("ltrim(s, c)", TEXT, each(lambda s, c: s.lstrip(c) if c else s, blank.s, blank.c)),
        ("rtrim(s, c)", TEXT, each(lambda s, c: s.rstrip(c) if c else s, blank.s, blank.c)),
        ("TRIM(BOTH 'x' FROM s)", TEXT, each(lambda s: s.strip("x"), blank.s)),
        ("TRIM(LEADING 'x' FROM s)", TEXT, each(lambda s: s.lstrip("x"), blank.s)),
        ("TRIM(TRAILING 'y' FROM s)", TEXT, each(lambda s: s.rstrip("y"), blank.s)),
        ("trim(s, NULL)", TEXT, [None] * blank.rows),
    )
    numbers = (1, 2, 3, 4, 5, -1, -2, -5, None, MAX, MIN)
    rows = [
        (s, d, n) for s, d in (("a,b,,c", ","), ("a,b,,c", ""), ("é--ü--", "--"), ("", ","), (None, ","), ("aaa", "aa")) for n in numbers
    ]
    split = Table(s=texts(*(r[0] for r in rows)), d=texts(*(r[1] for r in rows)), n=ints(*(r[2] for r in rows)))
    # From the end, delimiters that overlap are another matter.
    split = split.take([i for i, (s, _, n) in enumerate(rows) if s != "aaa" or n is None or n > 0])
    yield evaluate(
        "split_part",
        split,
        ("split_part(s, d, n)", TEXT, each(oracle.split_part, split.s, split.d, split.n)),
        ("split_part(s, ',', 2)", TEXT, each(lambda s: oracle.split_part(s, ",", 2), split.s)),
    )


def searches():
    rows = [
        (s, p)
        for s in ("", "parquet", "quéquet", "aaaa", "\U0001f600a\U0001f600", None)
        for p in ("", "q", "que", "qué", "aa", "\U0001f600", "parquets", None)
    ]
    t = Table(s=texts(*(r[0] for r in rows)), p=texts(*(r[1] for r in rows)))
    yield evaluate(
        "searches",
        t,
        ("starts_with(s, p)", BOOL, each(str.startswith, t.s, t.p)),
        ("ends_with(s, p)", BOOL, each(str.endswith, t.s, t.p)),
        ("contains(s, p)", BOOL, each(lambda s, p: p in s, t.s, t.p)),
        ("strpos(s, p)", INT, each(lambda s, p: s.find(p) + 1, t.s, t.p)),
        ("POSITION(p IN s)", INT, each(lambda s, p: s.find(p) + 1, t.s, t.p)),
        ("replace(s, p, '<é>')", TEXT, each(lambda s, p: oracle.replace(s, p, "<é>"), t.s, t.p)),
        ("replace(s, p, '')", TEXT, each(lambda s, p: oracle.replace(s, p, ""), t.s, t.p)),
        ("s || p", TEXT, each(lambda s, p: s + p, t.s, t.p)),
        ("concat(s, p, s)", TEXT, each(lambda s, p: s + p + s, t.s, t.p)),
        ("s || '-' || p || ''", TEXT, each(lambda s, p: f"{s}-{p}", t.s, t.p)),
    )
    yield evaluate(
        "searches_of_literals",
        TEXTS,
        ("starts_with(s, 'a')", BOOL, each(lambda s: s.startswith("a"), TEXTS.s)),
        ("ends_with(s, '')", BOOL, each(lambda s: True, TEXTS.s)),
        ("contains(s, 'é')", BOOL, each(lambda s: "é" in s, TEXTS.s)),
        ("strpos(s, ',')", INT, each(lambda s: s.find(",") + 1, TEXTS.s)),
        ("replace(s, '-', '--')", TEXT, each(lambda s: s.replace("-", "--"), TEXTS.s)),
        ("replace(s, '', 'x')", TEXT, TEXTS.s),
        ("concat(s)", TEXT, TEXTS.s),
        ("s || NULL", TEXT, [None] * TEXTS.rows),
        ("concat('<', s, '>')", TEXT, each(lambda s: f"<{s}>", TEXTS.s)),
        ("starts_with(s, NULL)", BOOL, [None] * TEXTS.rows),
    )


def patterns():
    texts_ = (
        "",
        "parquet",
        "PARQUET",
        "50%",
        "a_b",
        "aXb",
        "a\\b",
        "two\nlines",
        "é",
        "É",
        None,
        "\U0001f600",
        "straße",
        "ab" * 20,
        "\u017f",
        "\u212a",
        "k",
    )
    t = Table(s=texts(*texts_))
    likes = (
        "",
        "%",
        "_",
        "%_%",
        "par%",
        "%quet",
        "%rq%",
        "p%q_et",
        "a\\_b",
        "50\\%",
        "%\n%",
        "é",
        "___",
        "%a%b%a%",
        "parquet",
        "\\\\",
        "a\\\\b",
    )
    quoted = lambda p: p.replace("'", "''")
    yield evaluate("like", t, *((f"s LIKE '{quoted(p)}'", BOOL, each(lambda s, p=p: oracle.like(s, p), t.s)) for p in likes))
    yield evaluate(
        "ilike",
        t,
        *(
            (f"s ILIKE '{quoted(p)}'", BOOL, each(lambda s, p=p: oracle.ilike(s, p), t.s))
            for p in (*likes, "s", "K", "PAR%", "É", "STRASSE", "A\\_B")
        ),
    )
    yield evaluate(
        "escapes",
        t,
        ("s LIKE '50!%' ESCAPE '!'", BOOL, each(lambda s: s == "50%", t.s)),
        ("s LIKE 'a!_b' ESCAPE '!'", BOOL, each(lambda s: s == "a_b", t.s)),
        ("s LIKE 'a\\b' ESCAPE ''", BOOL, each(lambda s: s == "a\\b", t.s)),
        ("s NOT LIKE 'p%'", BOOL, each(lambda s: not s.startswith("p"), t.s)),
        ("s NOT ILIKE 'p%'", BOOL, each(lambda s: not s.lower().startswith("p"), t.s)),
        ("s ILIKE 'A!_B' ESCAPE '!'", BOOL, each(lambda s: s == "a_b", t.s)),
        ("s LIKE NULL", BOOL, [None] * t.rows),
    )
    rows = [(s, p) for s in ("abc", "ABC", "", None) for p in ("a%", "_B_", "", None, "%c")]
    c = Table(s=texts(*(r[0] for r in rows)), p=texts(*(r[1] for r in rows)))
    yield evaluate(
        "patterns_of_a_column",
        c,
        ("s LIKE p", BOOL, each(oracle.like, c.s, c.p)),
        ("s ILIKE p", BOOL, each(oracle.ilike, c.s, c.p)),
        ("'abc' LIKE p", BOOL, each(lambda p: oracle.like("abc", p), c.p)),
    )


def expressions():
    s = ("x=12", "", "abc 123 def 45", "é=ü", "A1", None, "no match", "aaa", "2024-02-29", "\U0001f600")
    t = Table(s=texts(*s))
    find = ("[0-9]+", "^a", "[a-z]$", "^$", "é", "(?i)ABC", "\\d{4}-\\d{2}", "a|b", "")
    yield evaluate(
        "regexp_like",
        t,
        *((f"regexp_like(s, '{p}')", BOOL, each(lambda v, p=p: oracle.regexp_like(v, p), s)) for p in find),
        ("s ~ '[0-9]+$'", BOOL, each(lambda v: oracle.regexp_like(v, "[0-9]+$"), s)),
        ("regexp_like(s, NULL)", BOOL, [None] * len(s)),
    )
    changes = (
        ("[0-9]+", "#"),
        ("(\\w)=(\\w)", "$2=$1"),
        ("(\\w)=(\\w)", "${2}0"),
        ("(?P<y>\\d{4})-(?P<m>\\d{2})", "$m/$y"),
        ("a", ""),
        ("a", "$$"),
        ("^", ">"),
        ("b|c", "[${0}]"),
    )
    yield evaluate(
        "regexp_replace",
        t,
        *((f"regexp_replace(s, '{p}', '{r}')", TEXT, each(lambda v, p=p, r=r: oracle.regexp_replace(v, p, r), s)) for p, r in changes),
    )
    yield evaluate(
        "regexp_extract",
        t,
        ("regexp_extract(s, '[0-9]+')", TEXT, each(lambda v: oracle.regexp_extract(v, "[0-9]+"), s)),
        ("regexp_extract(s, '(\\w)=(\\w+)', 2)", TEXT, each(lambda v: oracle.regexp_extract(v, "(\\w)=(\\w+)", 2), s)),
        ("regexp_extract(s, '(a)|(b)', 2)", TEXT, each(lambda v: oracle.regexp_extract(v, "(a)|(b)", 2), s)),
        ("regexp_extract(s, '', group => 0)", TEXT, each(lambda v: "", s)),
        ("regexp_extract(s, '(\\d+)-(\\d+)', 0)", TEXT, each(lambda v: oracle.regexp_extract(v, "(\\d+)-(\\d+)"), s)),
    )
    rows = [(a, p) for a in ("ab12", "", None) for p in ("[0-9]", "^$", None, "b")]
    c = Table(s=texts(*(r[0] for r in rows)), p=texts(*(r[1] for r in rows)))
    yield evaluate(
        "expressions_of_a_column",
        c,
        ("s ~ p", BOOL, each(oracle.regexp_like, c.s, c.p)),
        ("regexp_replace(s, p, '<$0>')", TEXT, each(lambda v, p: oracle.regexp_replace(v, p, "<$0>"), c.s, c.p)),
        ("regexp_extract(s, p)", TEXT, each(oracle.regexp_extract, c.s, c.p)),
    )


def string_cases():
    yield from without_rows([*whole_texts(), *parts(), *searches(), *patterns(), *expressions()])
    yield constants(
        "constants",
        ("upper('straße')", TEXT, "STRASSE"),
        ("substr('parquet', 4)", TEXT, "quet"),
        ("substr('abc', -1, 3)", TEXT, "a"),
        ("left('abc', -1)", TEXT, "ab"),
        ("split_part('a,b,c', ',', -1)", TEXT, "c"),
        ("'a' || NULL", TEXT, None),
        ("'it''s'", TEXT, "it's"),
        ("''", TEXT, ""),
        ("lower(NULL)", TEXT, None),
        ("length('né')", INT, 2),
        ("'PARQUET' ILIKE 'par%'", BOOL, True),
        ("repeat('ab', -1)", TEXT, ""),
        ("regexp_extract('a', 'b')", TEXT, None),
    )
    t = Table(s=texts("a", "b"), a=ints(1, 2))
    one = ("lower", "upper", "length", "octet_length", "reverse", "trim", "ltrim", "rtrim", "concat")
    for f in one:
        yield error(f"{f}_of_integers", t, f, code="TYPE", expressions=[f"{f}(a)"])
    two = ("left", "right", "substr", "repeat", "lpad", "rpad")
    for f in two:
        yield error(f"{f}_of_integers", t, f, code="TYPE", expressions=[f"{f}(a, 1)"])
        yield error(f"{f}_of_text_numbers", t, f, code="TYPE", expressions=[f"{f}(s, s)"])
    for f in ("starts_with", "ends_with", "contains", "strpos", "regexp_like", "regexp_extract"):
        yield error(f"{f}_of_integers", t, f, code="TYPE", expressions=[f"{f}(a, 'x')"])
    yield error("like_of_integers", t, "like", code="TYPE", expressions=["a LIKE 'x'"])
    yield error("ilike_of_integers", t, "ilike", code="TYPE", expressions=["a ILIKE 'x'"])
    for f in ("replace", "regexp_replace"):
        yield error(f"{f}_of_integers", t, f, code="TYPE", expressions=[f"{f}(s, 'x', a)"])
    yield error("split_part_of_integers", t, "split_part", code="TYPE", expressions=["split_part(s, 1, 1)"])
    yield error("part_0", t, "counted from 1", expressions=["split_part(s, ',', a - 1)"])
    yield error("negative_length", t, "-1", expressions=["substr(s, 1, a - 2)"])
    yield error("pattern_that_ends_in_its_escape", t, "escape", expressions=["s LIKE 'a\\'"])
    yield error("long_escape", t, "escape", expressions=["s LIKE 'a' ESCAPE 'xy'"])
    yield error("no_expression", t, "(", expressions=["s ~ '('"])
    yield error("no_such_group", t, "group 2", expressions=["regexp_extract(s, '(a)', 2)"])
    yield error("look_around", t, "look-around", expressions=["s ~ '(?=a)'"])
    yield error("result_too_long", t, "2147483647", expressions=["repeat(s, 3000000000)"], code="INVALID_ARGUMENT")


FAMILIES = {"string": string_cases}
