"""Writes what is made of the library's table of functions (pf_compute_functions), or with --check fails where it differs:
the methods of expressions, the functions of `parquetframe.compute`, and the list of functions in docs/expressions.md.
"""

import keyword
import pathlib
import re
import subprocess
import sys
import textwrap

from parquetframe._native.errors import check
from parquetframe._native.library import load
from parquetframe._native.streams import Stream
from parquetframe.table import Table

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = ROOT / "bindings" / "python" / "src" / "parquetframe"
PAGE = ROOT / "docs" / "expressions.md"
MARK = "<!-- Written by `make docs` from here on: see tools/expressions.py. -->\n"
NOTE = "Generated from the library's table of functions by tools/expressions.py: do not edit."

# Written as operators, or by hand in expressions.py.
OPERATORS = "add sub mul div floor_div floor_mod neg eq ne lt le gt ge and or not in between is_null is_not_null"
NOT_METHODS = {*OPERATORS.split(), "like", "ilike", "cast", "try_cast", "case", "if"}
FAMILIES = {
    "comparison": "Comparison",
    "logic": "Logic",
    "conditional": "Conditions",
    "arithmetic": "Arithmetic",
    "numeric": "Numbers",
    "string": "Strings",
    "temporal": "Dates and times",
    "conversion": "Conversion",
    "aggregate": "Aggregates",
    "window": "Functions of other rows",
}


class Parameter:
    """A parameter as Python writes it."""

    def __init__(self, row):
        self.sql = row["name"]
        self.name = safe(row["name"])
        self.accepts = row["type"]
        self.literal = row["doc"] == "constant"
        self.repeats = row["doc"] == "repeats" or (self.literal and row["name"] == "edges")
        self.default = None if row["default"] is None else python_default(row["default"])
        self.required = row["default"] is None

    @property
    def annotation(self):
        """What it takes."""
        if not self.literal:
            return "Value"
        none = " | None" if self.default == "None" else ""
        if self.accepts == "integer":
            return f"int{none}"
        if self.accepts == "boolean":
            return f"bool{none}"
        if self.accepts.startswith(("string", "name of", "'")):
            return f"str{none}"
        return "float" if self.accepts.startswith("number from") else "Value"


class Function:
    """A function of the table."""

    def __init__(self, row):
        self.name, self.family, self.syntax, self.doc = row["function"], row["family"], row["type"], row["doc"]
        self.parameters, self.aliases, self.examples = [], [], []

    def add(self, row):
        """Takes in a row of the table that is about it."""
        if row["item"] == "parameter":
            self.parameters.append(Parameter(row))
        elif row["item"] == "alias":
            self.aliases.append(row["name"])
        elif row["item"] == "example":
            self.examples.append((row["name"], row["default"]))

    @property
    def receiver(self):
        """The parameter that a method's object is; None where none can be."""
        return next((p for p in self.parameters if not p.literal), None)

    @property
    def python_name(self):
        """Its name in Python."""
        return safe(self.name)

    def text(self, indent, extra=""):
        """The docstring."""
        first, _, rest = self.doc.partition(". ")
        first = first.rstrip(".") + "."
        parts = [first]
        if rest:
            parts.append(rest)
        told = [f"`{p.name}`: {p.accepts}{'' if p.required else ', by default ' + p.default}." for p in self.parameters]
        if told:
            parts.append(" ".join(told))
        if self.aliases:
            parts.append(f"Also called {', '.join(self.aliases)} in text.")
        if extra:
            parts.append(extra)
        width = 110 - indent
        parts = [textwrap.fill(part, width, break_long_words=False, break_on_hyphens=False) for part in parts]
        if len(parts[0]) + 3 > width:
            parts[0] = textwrap.fill(first, width - 3, break_long_words=False, break_on_hyphens=False)
        body = "\n\n".join(parts)
        raw = "r" if "\\" in body else ""
        closing = '"""' if "\n" not in body else '\n"""'
        return textwrap.indent(f'{raw}"""{body}{closing}', " " * indent, lambda line: bool(line.strip()))


def natural(function):
    """What functions are sorted by: their names, with numbers by their value."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", function.python_name)]


def safe(name):
    """A name that Python can use."""
    return name + "_" if keyword.iskeyword(name) else name


def python_default(text):
    """A literal of the language as Python writes it."""
    known = {"NULL": "None", "TRUE": "True", "FALSE": "False"}
    if text in known:
        return known[text]
    return repr(text[1:-1].replace("''", "'")).replace("'", '"') if text.startswith("'") else text


def catalogue():
    """The functions of the library."""
    library, stream = load(), Stream()
    check(library, library.pf_compute_functions(stream.address))
    columns = Table._of_stream(library, stream).to_pydict()
    functions = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if row["item"] == "function":
            functions[row["function"]] = Function(row)
        else:
            functions[row["function"]].add(row)
    return list(functions.values())


def signature(parameters):
    """Parameters as a signature writes them; literals and what has a default may be given by name."""
    parts = []
    for p in parameters:
        if p.repeats:
            parts.append(f"*{p.name}: {p.annotation}")
        elif p.required:
            parts.append(f"{p.name}: {p.annotation}")
        else:
            parts.append(f"{p.name}: {p.annotation} = {p.default}")
    return parts


def arguments(function):
    """The positional arguments and the options of a call, as Python source."""
    given = [f"*{p.name}" if p.repeats else p.name for p in function.parameters if p.required or p.repeats]
    options = [p for p in function.parameters if not (p.required or p.repeats)]
    return given, options


def method(function):
    """A method of expressions."""
    receiver = function.receiver
    others = [p for p in function.parameters if p is not receiver or p.repeats]
    source = [f"    def {function.python_name}({', '.join(['self', *signature(others)])}) -> Expression:"]
    source.append(function.text(8))
    given, options = arguments(function)
    if receiver.repeats:
        given.insert(0, "self")
    elif receiver.required:
        given[given.index(receiver.name)] = "self"
    else:
        given.insert(0, "self")
        options.remove(receiver)
    if options:
        pairs = ", ".join(f'"{p.sql}": ({p.name}, {p.default})' for p in options)
        given.append(f"_options={{{pairs}}}")
    source.append(f'        return self._call("{function.name}", {", ".join(given)})')
    return "\n".join(source)


def methods(functions):
    """The module of the methods."""
    head = f'''"""{NOTE}"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .expressions import Expression

# An expression, or a Python value that `lit` makes one of.
Value = Any


class Methods:
    """The functions of the language that take a value first."""

    __slots__ = ()

    def _call(
        self, _name: str, *arguments: Value, _options: dict[str, tuple[Value, Value]] | None = None
    ) -> Expression:
        raise NotImplementedError
'''
    chosen = [f for f in functions if f.name not in NOT_METHODS and f.receiver is not None]
    return head + "".join(f"\n{method(f)}\n" for f in sorted(chosen, key=lambda f: f.name))


def function(f):
    """A function of `parquetframe.compute`."""
    parameters = signature(f.parameters)
    if not any(p.repeats for p in f.parameters):
        parameters.append("*")
    parameters += ['overflow: str = "error"', "nan: str | None = None"]
    source = [f"def {f.python_name}({', '.join(parameters)}) -> Any:"]
    returns = "Gives a Python value, None for null." if f.family == "aggregate" else ""
    source.append(f.text(4, returns))
    given, options = arguments(f)
    pairs = ", ".join(f'"{p.sql}": ({p.name}, {p.default})' for p in options)
    inside = f"({', '.join(given)}{',' if len(given) == 1 else ''})"
    names = ", ".join(f'"{p.sql}"' for p in f.parameters if p.required or p.repeats)
    names = f"({names}{',' if names and ', ' not in names else ''})"
    helper = "reduce" if f.family == "aggregate" else "call"
    source.append(f'    return {helper}("{f.name}", {names}, {inside}, {{{pairs}}}, overflow, nan)')
    return "\n".join(source)


def compute(functions):
    """The module of the functions."""
    ordered = sorted(functions, key=lambda f: f.name)
    names = "\n".join(f'    "{f.python_name}",' for f in sorted(ordered, key=natural))
    head = f'''"""{NOTE}"""

from __future__ import annotations

from typing import Any

from ._call import call, reduce

# An array, or a Python value that `lit` makes a literal of.
Value = Any

__all__ = [
{names}
]

'''
    return head + "".join(f"\n{function(f)}\n\n" for f in ordered)


def formatted(path, source):
    """The source as ruff writes it."""
    ruff = pathlib.Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--stdin-filename", str(path), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def cell(text):
    """Text inside a table."""
    return text.replace("|", "\\|")


def page(functions):
    """The part of the page that is written here."""
    lines = [MARK, *types(), "## Functions\n"]
    lines.append(" · ".join(f"[{title}](#{slug(title)})" for title in FAMILIES.values()) + "\n")
    for family, title in FAMILIES.items():
        lines.append(f"### {title}\n")
        for f in functions:
            if f.family != family:
                continue
            shown = ", ".join(shown_parameter(p) for p in f.parameters)
            lines.append(f"#### {f.name}\n")
            lines.append(f"`{f.name}({shown})`" + (f", written `{f.syntax}`" if f.syntax else "") + "\n")
            lines.append(f"{f.doc}\n")
            if f.parameters:
                lines.append("| parameter | takes | default |\n|---|---|---|")
                lines += [
                    f"| {p.sql}{' …' if p.repeats else ''} | {cell(p.accepts)}{' (a literal)' if p.literal else ''} | "
                    f"{'' if p.required else '`' + cell(p.default) + '`'} |"
                    for p in f.parameters
                ]
                lines.append("")
            if f.aliases:
                lines.append(f"Also: {', '.join(f'`{alias}`' for alias in f.aliases)}.\n")
            lines += [f"    {text}  →  {gives}" for text, gives in f.examples]
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


NUMBERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 decimal(10, 2)"


def types():
    """The section on the types of results, as the library says them."""
    import pyarrow as pa
    from parquetframe import compute

    names = re.findall(r"\w+(?:\(.*\))?", NUMBERS)
    data = pa.schema([(name, pa.decimal128(10, 2) if "(" in name else pa.type_for_alias(name)) for name in names])
    texts = {f"{a} + {b}": f'"{a}" + "{b}"' for a in names for b in names}
    found = compute.schema(data, **texts)
    head = ["| + | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    rows = ["| **" + a + "** | " + " | ".join(found[f"{a} + {b}"] for b in names) + " |" for a in names]
    lines = ["## Types of results\n", "The types of `a + b` and `a - b`; a literal number takes the type of the other operand"]
    lines[-1] += " where its value fits.\n"
    lines += [*head, *rows, "", "Other operators on numbers, by the types of `a` and `b`:\n"]
    pairs = [("int32", "int64"), ("uint8", "int8"), ("uint64", "int64"), ("int64", "float32"), ("float32", "float32")]
    pairs += [("decimal(10, 2)", "int32"), ("decimal(10, 2)", "decimal(10, 2)"), ("decimal(10, 2)", "float64")]
    operators = ["*", "/", "//", "%", "="]
    lines += ["| a | b | " + " | ".join(f"`a {o} b`" for o in operators) + " |", "|" + "---|" * (len(operators) + 2)]
    for a, b in pairs:
        given = compute.schema(data, **{o: f'"{a}" {o} "{b}"' for o in operators})
        lines.append(f"| {a} | {b} | " + " | ".join(given[o] for o in operators) + " |")
    return [*lines, ""]


def shown_parameter(p):
    """A parameter in the signature of the page."""
    return p.sql + (" …" if p.repeats else "") + ("" if p.required else f" => {p.default}")


def slug(title):
    """The anchor of a heading."""
    return title.lower().replace(" ", "-")


def main():
    functions = catalogue()
    unknown = {f.family for f in functions} - FAMILIES.keys()
    if unknown:
        sys.exit(f"tools/expressions.py has no heading for {unknown}")
    kept = PAGE.read_text().partition(MARK)[0] if PAGE.exists() else "# Expressions\n\n"
    paths = {
        PACKAGE / "_expression_methods.py": methods(functions),
        PACKAGE / "compute" / "_functions.py": compute(functions),
        PAGE: kept + page(functions),
    }
    stale = 0
    for path, text in paths.items():
        fresh = formatted(path, text) if path.suffix == ".py" else text
        if "--check" not in sys.argv:
            path.write_text(fresh)
        elif not path.exists() or path.read_text() != fresh:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
