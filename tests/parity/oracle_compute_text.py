"""What functions of text give: Python's strings, whose characters are code points, and its regular expressions."""

import re


def substr(text, start, length=None):
    """SQL's: characters are counted from 1, and those before the first count though they are not there."""
    end = len(text) + 1 if length is None else start + length
    return text[max(start, 1) - 1 : max(end - 1, max(start, 1) - 1)]


def left(text, n):
    return text[:n]


def right(text, n):
    if n >= 0:
        return text[len(text) - min(n, len(text)) :]
    return text[-n:]


def split_part(text, delimiter, n):
    parts = text.split(delimiter) if delimiter else [text]
    at = n - 1 if n > 0 else len(parts) + n
    return parts[at] if 0 <= at < len(parts) else ""


def replace(text, part, other):
    return text.replace(part, other) if part else text


def padding(text, n, fill):
    missing = max(max(n, 0) - len(text), 0)
    return (fill * missing)[:missing]


def lpad(text, n, fill=" "):
    return padding(text, n, fill) + text[: max(n, 0)]


def rpad(text, n, fill=" "):
    return text[: max(n, 0)] + padding(text, n, fill)


def like(text, pattern, escape="\\", flags=0):
    expression, characters = "", iter(pattern)
    for c in characters:
        if escape and c == escape:
            expression += re.escape(next(characters))
        else:
            expression += {"%": ".*", "_": "."}.get(c, re.escape(c))
    return re.fullmatch(expression, text, re.DOTALL | flags) is not None


def ilike(text, pattern, escape="\\"):
    return like(text, pattern, escape, re.IGNORECASE)


def regexp_like(text, pattern):
    return re.search(pattern, text) is not None


def regexp_replace(text, pattern, replacement):
    """$1, ${1}, $name, ${name} and $$ in the replacement."""

    def filled(match):
        def group(reference):
            name = reference.group(1) or reference.group(2)
            if not name:
                return "$"
            return match.group(int(name) if name.isdigit() else name) or ""

        return re.sub(r"\$\$|\$\{(\w+)\}|\$(\w+)", group, replacement)

    return re.sub(pattern, filled, text)


def regexp_extract(text, pattern, group=0):
    found = re.search(pattern, text)
    return None if found is None else found.group(group)
