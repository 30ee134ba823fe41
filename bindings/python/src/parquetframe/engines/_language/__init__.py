"""The part of the expression language (docs/expressions.md) that the pandas engine computes itself.

`grammar` reads text, `columns` are values with nulls, `types` says what goes with what, `operators`,
`functions` and `aggregates` compute with NumPy, `evaluate` walks the tree. What is not here is an
UnsupportedError, and never another answer than that of the library.
"""
