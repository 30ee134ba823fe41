"""What is measured: name -> (method of an adapter, columns that are loaded, arguments)."""

REDUCTIONS = [
    "sum",
    "product",
    "min",
    "max",
    "mean",
    "var",
    "std",
    "skew",
    "kurtosis",
    "median",
    "quantile",
    "count",
    "count_distinct",
    "approx_quantile",
    "approx_count_distinct",
    "first",
    "last",
    "mode",
]

OPERATIONS = {}


def _operation(name, method, columns, *arguments):
    OPERATIONS[name] = (method, columns.split(), arguments)


for _share, _limit, _normal, _word in (
    ("0.1", 1_000, -3.0902, "key0001"),
    ("10", 100_000, -1.2816, "key0100"),
    ("50", 500_000, 0.0, "key0500"),
    ("90", 900_000, 1.2816, "key0900"),
):
    _operation(f"filter_i64_{_share}%", "filter", "i64 f64", "i64", "<", _limit)
    _operation(f"filter_f64_{_share}%", "filter", "f64 i64", "f64", "<", _normal)
    _operation(f"filter_i64n_{_share}%", "filter", "i64n f64n", "i64n", "<", _limit)
    _operation(f"filter_s_{_share}%", "filter", "s", "s", "<", _word)
    _operation(f"filter_sn_{_share}%", "filter", "sn", "sn", "<", _word)
_operation("filter_s_equal", "filter", "s f64", "s", "==", "key0042")
_operation("mask_and", "mask", "i32 f64 an", "i32", "f64", "an")
_operation("arithmetic", "arithmetic", "a b c d", "a", "b", "c", "d")
_operation("arithmetic_n", "arithmetic", "an bn cn dn", "an", "bn", "cn", "dn")
for _column in ("f64", "f64n", "i64", "i64n"):
    _operation(f"five_{_column}", "five", _column, _column)
    for _name in REDUCTIONS:
        if _column.startswith("f64") or _name != "product":
            _operation(f"{_name}_{_column}", "reduce", _column, _column, _name)
for _column in ("s", "sn"):
    for _name in ("min", "max", "count", "count_distinct", "mode"):
        _operation(f"{_name}_{_column}", "reduce", _column, _column, _name)
_operation("corr", "correlation", "a b", "a", "b")
_operation("cum_sum_f64", "cum_sum", "f64", "f64")
_operation("cum_sum_i64n", "cum_sum", "i64n", "i64n")
_operation("rolling_mean_f64", "rolling_mean", "sort_f64", "sort_f64", 100)
_operation("rank_f64", "rank", "sort_f64", "sort_f64")
for _column in ("sort_i64", "sort_f64", "sort_f64n", "sort_s"):
    _operation(_column, "sort", _column, _column)
    _operation(f"arg{_column}", "argsort", _column, _column)
    _operation(f"top100_{_column}", "top", _column, _column, 100)
_operation("value_counts_i64", "value_counts", "i64", "i64")
_operation("value_counts_s", "value_counts", "s", "s")
