"""The libraries that are compared: a module each with a class `Adapter`, a method per kind of operation."""


def shorten(value):
    """What two libraries must agree on: a number to five digits, anything else as text."""
    if value is None:
        return None
    if isinstance(value, (bool, str)):
        return str(value)
    try:
        return f"{float(value):.5g}"
    except (TypeError, ValueError):
        return str(value)
