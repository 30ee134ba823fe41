"""Keeps the documentation true: writes the code in it anew from the sources, or with --check fails where it differs; and where a
link leads to nothing.

A fence of code below a line `<!-- quote PATH | START -->` holds the item of that file whose first line begins with START: to the
closing bracket in the first column, or in Python to the next line that is not indented.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
QUOTE = re.compile(r"(<!-- quote (\S+) \| (.+?) -->\n```\w+\n)(.*?)(\n```\n)", re.DOTALL)


def item(path: str, start: str) -> str:
    """The lines of an item."""
    lines = (ROOT / path).read_text().splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith(start)), None)
    if first is None:
        sys.exit(f"{path} has no line that begins with '{start}'")
    if path.endswith(".py"):
        body = range(first + 1, len(lines))
        last = next((i for i in body if lines[i] and lines[i][0] not in " )"), len(lines)) - 1
    else:
        last = next(i for i in range(first, len(lines)) if lines[i] in ("}", "};"))
    while first > 0 and lines[first - 1].startswith("#["):
        first -= 1
    return "\n".join(lines[first : last + 1]).rstrip()


def main() -> int:
    stale, dead = [], []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text()
        dead += [f"{page.name}: {link}" for link in LINK.findall(text) if not (page.parent / link).exists()]
        fresh = QUOTE.sub(lambda m: m[1] + item(m[2], m[3]) + m[5], text)
        if fresh != text:
            stale.append(str(page.relative_to(ROOT)))
            if "--check" not in sys.argv:
                page.write_text(fresh)
    if stale and "--check" in sys.argv:
        print(f"stale quotes in {', '.join(stale)}: run `make docs`")
        return 1
    if dead:
        print(f"links to nothing: {', '.join(dead)}")
    return int(bool(dead))


if __name__ == "__main__":
    sys.exit(main())
