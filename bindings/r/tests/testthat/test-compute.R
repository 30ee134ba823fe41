sales <- function() {
  data.frame(
    price = c(2.5, 10, NaN, NA),
    qty = c(4L, NA, 7L, 1L),
    region = factor(c("EU", "US", "EU", NA), levels = c("US", "unused", "EU")),
    size = factor(c("low", "high", NA, "low"), levels = c("low", "high"), ordered = TRUE),
    day = as.Date("2024-01-30") + 0:3,
    at = as.POSIXct("2024-01-30 12:00:00", tz = "Europe/Berlin") + 3600 * 0:3,
    flag = c(TRUE, FALSE, NA, TRUE),
    name = c("a", "B", "\u00e7", NA)
  )
}

example_table <- function() pf_table(sales())

test_that("expressions give columns, a row for every row", {
  out <- pf_evaluate(sales(), total = ~ price * qty, "qty + 1", "upper(name) AS name", bigger = quote(qty > 3), one = 1)
  expect_identical(names(out), c("total", "qty + 1", "name", "bigger", "one"))
  expect_identical(out$total, c(10, NA, NaN, NA))
  expect_identical(out$`qty + 1`, c(5L, NA, 8L, 2L))
  expect_identical(out$name, c("A", "B", "\u00c7", NA))
  expect_identical(out$bigger, c(TRUE, NA, TRUE, FALSE))
  expect_identical(row.names(out), as.character(1:4))
})

test_that("columns come back as they went", {
  frame <- sales()
  out <- do.call(pf_evaluate, c(list(frame), names(frame)))
  expect_equal(out, frame)
  expect_identical(class(out$size), class(frame$size))
  expect_identical(is.nan(out$price), is.nan(frame$price))
  expect_equal(pf_filter(frame, "TRUE"), frame)
})

test_that("NA is null and NaN is NaN, unless it is said to be missing", {
  frame <- data.frame(x = c(1, NaN, NA))
  expect_identical(pf_evaluate(frame, y = ~ is.na(x))$y, c(FALSE, FALSE, TRUE))
  expect_identical(pf_evaluate(frame, y = ~ is.na(x), nan = "null")$y, c(FALSE, TRUE, TRUE))
  expect_identical(pf_evaluate(frame, y = ~ is.nan(x))$y, c(FALSE, TRUE, NA))
  expect_identical(pf_aggregate(frame, m = ~ mean(x))$m, NaN)
  expect_identical(pf_aggregate(frame, m = ~ mean(x), nan = "null")$m, 1)
  expect_identical(nrow(pf_filter(frame, ~ x >= 1)), 1L)
  expect_status(pf_evaluate(frame, "x", nan = "drop"), "invalid_argument", "nan must be")
})

test_that("filter takes text, formulas and calls, of factors and times too", {
  frame <- sales()
  noon <- as.POSIXct("2024-01-30 12:30:00", tz = "Europe/Berlin")
  expect_identical(pf_filter(frame, "qty > 1")$qty, c(4L, 7L))
  expect_identical(pf_filter(frame, ~ qty > 1)$qty, c(4L, 7L))
  expect_identical(pf_filter(frame, quote(qty > 1))$qty, c(4L, 7L))
  expect_identical(pf_filter(frame, bquote(at > .(noon)))$qty, c(NA, 7L, 1L))
  expect_identical(pf_filter(frame, ~ day == .(as.Date("2024-02-01")))$qty, 7L)
  expect_identical(as.character(pf_filter(frame, ~ region == "EU")$region), c("EU", "EU"))
  expect_identical(pf_filter(frame, ~ !is.na(price) & flag, columns = c("name", "qty")), data.frame(name = "a", qty = 4L))
  expect_identical(pf_filter(frame, ~ between(qty, 2, 4) & like(name, "a%"))$qty, 4L)
  expect_identical(dim(pf_filter(frame, ~FALSE)), c(0L, 8L))
  expect_status(pf_filter(frame, ~ qty + 1), "type", "boolean")
  expect_status(pf_filter(frame, ~TRUE, columns = "nope"), "invalid_argument", "nope")
  expect_status(pf_filter(frame, c(TRUE, FALSE, TRUE, FALSE)), "invalid_argument", "one value")
})

test_that("aggregates are one row", {
  out <- pf_aggregate(sales(), n = ~ n(), total = ~ sum(qty), first = ~ min(day), "count_distinct(region)", big = ~ where(sum(qty), qty > 3))
  expect_identical(out$n, 4)
  expect_identical(out$total, 12)
  expect_equal(out$first, as.Date("2024-01-30"))
  expect_identical(out$`count_distinct(region)`, 2)
  expect_identical(out$big, 11)
  expect_identical(pf_aggregate(sales(), n = ~ n(), where = ~ qty > 3)$n, 2)
  expect_identical(pf_aggregate(sales(), n = ~ n(), where = "qty > 3")$n, 2)
  expect_identical(pf_aggregate(sales()[0, ], n = ~ n(), s = ~ sum(qty)), data.frame(n = 0, s = NA_real_))
  expect_status(pf_aggregate(sales(), ~qty), "invalid_argument", "inside an aggregate")
})

test_that("rows are sorted, nulls last", {
  frame <- sales()
  expect_identical(pf_sort(frame, "qty")$qty, c(1L, 4L, 7L, NA))
  expect_identical(pf_sort(frame, ~ desc(qty))$qty, c(7L, 4L, 1L, NA))
  expect_identical(pf_sort(frame, ~ nulls_first(desc(qty)), limit = 2)$qty, c(NA, 7L))
  expect_identical(pf_sort(frame, "flag DESC", ~qty)$qty, c(1L, 4L, NA, 7L))
  expect_identical(pf_sort(frame, "price")$price, c(2.5, 10, NaN, NA))
  expect_equal(pf_sort(frame, "day"), frame)
  expect_identical(pf_sort(frame, "qty", result = "index"), data.frame(index = c(4, 1, 3, 2)))
  expect_status(pf_sort(frame, "qty", result = "columns"), "invalid_argument", "result must be")
  expect_status(pf_sort(frame), "invalid_argument", "key")
  expect_status(pf_sort(frame, x = "qty"), "invalid_argument", "'x'")
  expect_status(pf_sort(frame, "qty", limit = -1), "invalid_argument", "limit")
  expect_status(pf_sort(frame, "qty", limit = 1.5), "type", "limit")
})

test_that("rows are taken by numbers from 1", {
  frame <- sales()
  expect_equal(pf_take(frame, c(4, 1)), frame[c(4, 1), ], ignore_attr = "row.names")
  expect_equal(pf_take(frame, c(2L, NA, 2L)), frame[c(2, NA, 2), ], ignore_attr = "row.names")
  expect_identical(dim(pf_take(frame, integer())), c(0L, 8L))
  expect_identical(pf_take(example_table(), 3)$qty, 7L)
  expect_identical(pf_take(example_edges(), 2)$source, "bob")
  expect_status(pf_take(frame, 5), "invalid_argument", "indices has 5, but the rows are 1 to 4")
  expect_status(pf_take(frame, c(1, 0)), "invalid_argument", "indices has 0")
  expect_status(pf_take(frame, -1), "invalid_argument", "indices has -1")
  expect_status(pf_take(frame, Inf), "type", "whole")
  expect_status(pf_take(frame, NaN), "type", "whole")
  expect_status(pf_take(frame, 1.5), "type", "whole")
  expect_status(pf_take(frame, "1"), "type", "indices")
  expect_status(pf_take(frame, TRUE), "type", "indices")
  expect_status(pf_take(1:3, 1), "type", "data must be")
})

test_that("rows that differ are found and counted", {
  frame <- data.frame(k = c("b", NA, "b", "a", NA, "b"), x = c(0, NaN, -0, 1, NaN, 2))
  expect_identical(pf_unique(frame, "k")$k, c("b", NA, "a"))
  expect_identical(nrow(pf_unique(frame)), 4L)
  expect_identical(pf_value_counts(frame, "k"), data.frame(k = c("b", NA, "a"), count = c(3, 2, 1)))
  expect_identical(pf_value_counts(frame, c("x", "k"), sort = FALSE)$count, c(2, 2, 1, 1))
  expect_identical(nrow(pf_value_counts(frame, limit = 1)), 1L)
  expect_status(pf_unique(frame, "nope"), "invalid_argument", "nope")
  expect_status(pf_value_counts(frame, "k", sort = NA), "invalid_argument", "sort")
  expect_status(pf_value_counts(frame, "k", limit = -1), "invalid_argument", "limit")
})

test_that("data frames, tables and files give the same", {
  frame <- sales()
  table <- example_table()
  several <- {
    path <- tempfile()
    dir.create(path)
    on.exit(unlink(path, recursive = TRUE))
    file.copy(example_edges(), file.path(path, c("1.parquet", "2.parquet")))
    path
  }
  expect_equal(pf_evaluate(table, ~ qty * 2, ~region), pf_evaluate(frame, ~ qty * 2, ~region))
  expect_equal(pf_filter(table, ~flag), pf_filter(frame, ~flag))
  expect_equal(pf_aggregate(table, ~ sum(qty)), pf_aggregate(frame, ~ sum(qty)))
  expect_equal(pf_sort(table, "name"), pf_sort(frame, "name"))
  edges <- pf_read_parquet(several)
  for (data in list(several, pf_table(several, batch_size = 1), pf_table(several))) {
    expect_equal(pf_evaluate(data, s = ~ cumsum(weight), ~source), pf_evaluate(edges, s = ~ cumsum(weight), ~source))
    expect_equal(pf_filter(data, "weight < 1"), pf_filter(edges, "weight < 1"))
    expect_equal(pf_aggregate(data, ~ sum(weight), ~ n()), pf_aggregate(edges, ~ sum(weight), ~ n()))
    expect_equal(pf_value_counts(data, "source"), pf_value_counts(edges, "source"))
  }
  # The table is still there.
  expect_identical(nrow(table), 4L)
  expect_status(pf_evaluate(1:3, "a"), "type", "data must be a data.frame, a pf_table or the path")
  expect_status(pf_evaluate("no/such/file", "a"), "not_found", "no/such/file")
  expect_status(pf_evaluate(data.frame(x = I(list(1, 2))), "1"), "type", "column 'x'")
})

test_that("rows count where there are no columns", {
  frame <- data.frame(row.names = 1:3)
  expect_identical(pf_evaluate(frame, one = 1)$one, c(1, 1, 1))
  expect_identical(pf_aggregate(frame, n = ~ n())$n, 3)
  expect_identical(pf_aggregate(pf_table(frame), n = ~ n())$n, 3)
  expect_identical(dim(pf_filter(frame, ~TRUE)), c(3L, 0L))
})

test_that("schemas and functions are described", {
  out <- pf_schema(sales(), half = ~ qty / 2, ~region, ~at, "lower(name)")
  expect_identical(out$column, c("half", "region", "at", "lower(name)"))
  expect_identical(out$type, c("float64", "dictionary", "timestamp", "string"))
  expect_identical(pf_schema(sales())$column, names(sales()))
  expect_identical(pf_schema(example_table())$type[1:2], c("float64", "int32"))
  expect_status(pf_schema(sales(), "pryce"), "invalid_argument", "nearest: price")

  functions <- pf_functions()
  expect_named(functions, c("family", "function", "item", "name", "type", "default", "doc"))
  expect_true(all(c("function", "parameter", "alias", "example") %in% functions$item))
  # What formulas are translated to is there.
  known <- functions$`function`
  expect_identical(setdiff(c(RENAMED, "floor_div", "floor_mod", "power", "if"), known), character())
})

test_that("errors are those of the library", {
  frame <- sales()
  expect_status(pf_evaluate(frame), "invalid_argument", "at least one expression")
  expect_status(pf_evaluate(frame, "price *"), "invalid_argument", "line 1, column 8")
  expect_status(pf_evaluate(frame, ~pryce), "invalid_argument", "unknown column 'pryce'")
  expect_status(pf_evaluate(frame, ~ sqrd(price)), "invalid_argument", "unknown function 'sqrd'")
  expect_status(pf_evaluate(frame, ~ name + 1), "type", "string")
  expect_status(pf_evaluate(frame, "price IN (SELECT 1)"), "unsupported", "subqueries")
  expect_status(pf_evaluate(frame, ~ qty * 2147483647L), "arithmetic", "overflows int32")
  expect_status(pf_evaluate(frame, ~ qty %/% 0L), "arithmetic", "")
  expect_identical(pf_evaluate(frame, y = ~ qty %/% 0L, overflow = "null")$y, rep(NA_integer_, 4))
  expect_status(pf_evaluate(example_table(), ~ qty * 2147483647L), "arithmetic", "overflows int32")
  expect_status(pf_evaluate(example_edges(), ~ as.integer(source)), "invalid_argument", "")
  expect_status(pf_evaluate(frame, "price", overflow = "ignore"), "invalid_argument", "overflow must be")
  expect_status(pf_evaluate(frame, "price", threads = -1), "invalid_argument", "threads")
  expect_status(pf_sort(frame[rep(1:4, 50000), ], "name", memory_limit = 1e5), "out_of_memory", "")
})

test_that("threads do not change results", {
  frame <- data.frame(i = seq_len(2e5), x = sin(seq_len(2e5)), s = as.character(seq_len(2e5) %% 1000))
  run <- function(threads) {
    list(
      pf_evaluate(frame, ~ x * i - mean(x), ~ cumsum(x), threads = threads),
      pf_filter(frame, ~ x > 0 & s != "7", threads = threads),
      pf_aggregate(frame, ~ sum(x), ~ sd(x), ~ median(x), threads = threads),
      pf_sort(frame, "s", "x DESC", threads = threads, progress = FALSE),
      pf_value_counts(frame, "s", threads = threads)
    )
  }
  one <- run(1)
  expect_identical(run(2), one)
  expect_identical(run(7), one)
  expect_equal(one[[1]][[2]], cumsum(frame$x))
  expect_equal(unlist(one[[3]], use.names = FALSE), c(sum(frame$x), sd(frame$x), median(frame$x)))
  expect_equal(one[[4]]$s, frame$s[order(frame$s, -frame$x, method = "radix")])
})

test_that("a progress bar may be shown", {
  expect_output(capture <- utils::capture.output(pf_sort(sales(), "qty", progress = TRUE), type = "message"), "qty")
})
