#!/usr/bin/env python3
"""Write _cdef.py and _ctypes_decl.py from include/libparquetframe.h; --check compares instead.

Both files are committed, so that neither building nor running needs this script. The ctypes declarations are
derived from cffi's own reading of the C text: the two loaders cannot differ. The script needs cffi and
nothing else, neither the package nor the library: it can run before either can be built.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import cffi

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT.parents[1] / "include" / "libparquetframe.h"
NATIVE = ROOT / "src" / "parquetframe" / "_native"
NOTE = "Generated from include/libparquetframe.h by tools/make_declarations.py: do not edit."

STRUCTS = ("ArrowSchema", "ArrowArray", "ArrowArrayStream")
INTEGERS = {
    "_Bool": "c_bool",
    "int": "c_int",
    "int32_t": "c_int32",
    "uint32_t": "c_uint32",
    "int64_t": "c_int64",
    "uint64_t": "c_uint64",
    "size_t": "c_size_t",
    "double": "c_double",
}


def c_text(header: str) -> str:
    """The declarations of the header as C11 sees them: no comments, no preprocessor lines but plain
    numbers.
    """
    header = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    header = re.sub(r"//[^\n]*", "", header)
    lines: list[str] = []
    skipped: list[bool] = []
    for line in header.splitlines():
        text = line.strip()
        if text.startswith("#if"):
            # C++, C23 and Windows are the sides of a condition that a C11 compiler on Unix does not see.
            skipped.append(bool(re.search(r"#ifdef __cplusplus|defined\(__cplusplus\)|202311L|_WIN32", text)))
        elif text.startswith("#else"):
            skipped[-1] = not skipped[-1]
        elif text.startswith("#endif"):
            skipped.pop()
        elif text.startswith("#define") and not any(skipped):
            if number := re.match(r"#define ((?:PF|ARROW_FLAG)_\w+) (\d+)$", text):
                lines.append(f"#define {number[1]} {number[2]}")
        elif text and not text.startswith("#") and not any(skipped):
            lines.append(re.sub(r"\bPF_API\s*", "", line.rstrip()))
    return "\n".join(line for line in lines if line) + "\n"


def ctypes_name(ctype: Any) -> str:
    """A cffi type as ctypes. All pointers but strings are addresses: the package passes integers."""
    if ctype.kind == "void":
        return "None"
    if ctype.kind == "pointer":
        return "c_char_p" if ctype.item.cname in ("char", "const char") else "c_void_p"
    if ctype.kind == "function":
        return f"CFUNCTYPE({', '.join([ctypes_name(ctype.result), *map(ctypes_name, ctype.args)])})"
    return INTEGERS[re.sub(r"^pf_status$", "int32_t", ctype.cname)]


def ctypes_text(cdef: str) -> str:
    """The same declarations as ctypes structs and prototypes."""
    ffi = cffi.FFI()
    ffi.cdef(cdef)
    constants = dict(re.findall(r"^#define (\w+) (\d+)$", cdef, flags=re.MULTILINE))
    constants |= {name: str(value) for name, value in ffi.typeof("enum pf_status").relements.items()}
    structs = []
    for name in STRUCTS:
        # The metadata of a schema is binary: it holds NULs.
        fields = "\n".join(
            f'        ("{field}", {"c_void_p" if field == "metadata" else ctypes_name(info.type)}),'
            for field, info in ffi.typeof(f"struct {name}").fields
        )
        structs.append(f"class {name}(Structure):\n    _fields_ = [\n{fields}\n    ]\n")
    callbacks = [
        f"{name} = {ctypes_name(ffi.typeof(name))}"
        for name in re.findall(r"^typedef .*\(\*(pf_\w+_fn)\)", cdef, re.MULTILINE)
    ]
    prototypes = []
    declarations = re.sub(r"^#.*$", "", cdef, flags=re.MULTILINE).split(";")
    for text in declarations:
        function = re.match(r"^(.*?)\b(pf_\w+)\s*\((.*)\)$", " ".join(text.split()))
        if function and not text.strip().startswith("typedef"):
            ctype = ffi.typeof(f"{function[1]}(*)({function[3]})")
            arguments = ", ".join("c_void_p" if a.kind == "function" else ctypes_name(a) for a in ctype.args)
            prototypes.append(f'    "{function[2]}": ({ctypes_name(ctype.result)}, [{arguments}]),')
    names = sorted(
        {"CFUNCTYPE", "Structure", *re.findall(r"\bc_\w+\b", "\n".join(structs + callbacks + prototypes))}
    )
    return (
        f'"""{NOTE}"""\n\nfrom ctypes import (\n'
        + "".join(f"    {name},\n" for name in names)
        + ")\n\n"
        + "".join(f"{name} = {value}\n" for name, value in constants.items())
        + "\n\n"
        + "\n\n".join(structs)
        + "\n\n"
        + "\n".join(callbacks)
        + "\n\nPROTOTYPES = {\n"
        + "\n".join(prototypes)
        + "\n}\n"
    )


def generated() -> dict[Path, str]:
    """The files and what belongs into them."""
    cdef = c_text(HEADER.read_text(encoding="utf-8"))
    return {
        NATIVE / "_cdef.py": f'"""{NOTE}"""\n\nCDEF = """\\\n{cdef}"""\n',
        NATIVE / "_ctypes_decl.py": ctypes_text(cdef),
    }


def main() -> int:
    stale = []
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        print(f"out of date: {', '.join(stale)}; run {Path(__file__).name}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
