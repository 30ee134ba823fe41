table_of <- function(n) pf_table(data.frame(i = seq_len(n), s = as.character(seq_len(n)), b = seq_len(n) %% 2 == 0))

test_that("a table has the shape of what it was made of", {
  t <- table_of(100)
  expect_identical(dim(t), c(100L, 3L))
  expect_identical(nrow(t), 100L)
  expect_identical(names(t), c("i", "s", "b"))
  expect_identical(as.data.frame(t)$i, 1:100)
})

test_that("slices are right wherever they begin", {
  t <- table_of(100)
  all <- as.data.frame(t)
  for (offset in c(0, 1, 7, 8, 9, 63, 99, 100, 1000)) {
    slice <- as.data.frame(t, offset = offset, limit = 10)
    expect_equal(slice, all[seq_len(100) > offset & seq_len(100) <= offset + 10, ], ignore_attr = "row.names")
  }
})

test_that("slices of factors, times and nulls are right", {
  frame <- data.frame(
    f = factor(c("x", NA, "y", "x", "z")),
    d = as.Date("2024-01-01") + c(0, 1, NA, 3, 4),
    l = c(NA, TRUE, FALSE, NA, TRUE)
  )
  t <- pf_table(frame)
  for (i in 0:4) {
    expect_equal(as.data.frame(t, offset = i), frame[seq_len(5) > i, ], ignore_attr = "row.names")
  }
})

test_that("head and tail are those of data frames", {
  t <- table_of(20)
  frame <- as.data.frame(t)
  for (n in c(0, 1, 6, 20, 21, -1, -6, -20, -21)) {
    expect_equal(head(t, n), head(frame, n), ignore_attr = "row.names", info = n)
    expect_equal(tail(t, n), tail(frame, n), ignore_attr = "row.names", info = n)
  }
})

test_that("a table of many batches is one data frame, factors included", {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file.copy(fixture("types.parquet"), file.path(folder, c("1.parquet", "2.parquet")))
  t <- pf_table(folder, columns = c("dictionary", "int32"), batch_size = 1)
  expect_identical(dim(t), c(6L, 2L))
  expect_identical(as.character(as.data.frame(t)$dictionary), rep(c("low", NA, "high"), 2))
  expect_identical(levels(as.data.frame(t)$dictionary), c("low", "high"))
  expect_identical(as.character(tail(t, 4)$dictionary), c("high", "low", NA, "high"))
  expect_identical(summary(t)$nulls, c(2, 2))
})

test_that("dictionaries that differ from batch to batch become one factor", {
  for (batch_size in c(1, 3, 100)) {
    t <- pf_table(fixture("dictionaries"), batch_size = batch_size)
    expect_identical(as.data.frame(t)$d, factor(c("b", "a", NA, "b", "c", "b", "a", "c"), levels = c("b", "a", "c")))
    expect_identical(as.character(as.data.frame(t, offset = 3, limit = 2)$d), c("b", "c"))
  }
})

test_that("tables are made of tables, files and data frames", {
  t <- pf_table(example_edges(), columns = c("target", "source"))
  expect_identical(names(t), c("target", "source"))
  expect_identical(names(pf_table(t, columns = "source")), "source")
  expect_identical(names(pf_table(small_edges, columns = "to")), "to")
  expect_status(pf_table(t, columns = "nope"), "invalid_argument", "nope")
  expect_status(pf_table(small_edges, columns = "nope"), "invalid_argument", "nope")
  expect_status(pf_table(1:3), "type", "x must be a data.frame, a pf_table or the path")
  expect_status(pf_table(small_edges, batch_size = 3), "invalid_argument", "batch_size")
  expect_status(pf_table("no/such/file"), "not_found", "no/such/file")
})

test_that("arguments of as.data.frame are checked", {
  t <- table_of(3)
  expect_status(as.data.frame(t, columns = "nope"), "invalid_argument", "nope")
  expect_status(as.data.frame(t, offset = -1), "invalid_argument", "offset")
  expect_status(as.data.frame(t, limit = -1), "invalid_argument", "limit")
  expect_status(as.data.frame(t, limit = 1.5), "type", "limit")
  expect_identical(row.names(as.data.frame(t, row.names = c("a", "b", "c"))), c("a", "b", "c"))
})

test_that("a closed table says so", {
  t <- table_of(3)
  close(t)
  close(t)
  expect_status(as.data.frame(t), "invalid_argument", "table is closed")
  expect_status(nrow(t), "invalid_argument", "pf_table()")
})
