# Files with conditions, limits and chosen row groups; what would be read; what files say of themselves.

# 10 rows in row groups of 3, with each kind of column.
scanned <- function() {
  data.frame(
    id = 1:10,
    price = c(1.5, NA, NaN, 4, 5, 6, 7, 8, 9, 10),
    region = factor(rep(c("EU", "US", NA, "AP", "EU"), 2), levels = c("EU", "US", "AP")),
    day = as.Date("2024-01-01") + 0:9,
    at = as.POSIXct("2024-01-01 12:00:00", tz = "Europe/Berlin") + 3600 * (0:9),
    name = c("a", "B", "\u00e7", NA, "it's", "f", "g", "h", "i", "j")
  )
}

local_file <- function(frame = scanned(), ..., env = parent.frame()) {
  path <- tempfile(fileext = ".parquet")
  do.call(on.exit, list(bquote(unlink(.(path), recursive = TRUE)), add = TRUE), envir = env)
  pf_write_parquet(frame, path, ...)
  path
}

test_that("conditions are strings, formulas and quoted calls", {
  path <- local_file(row_group_size = 3)
  ids <- function(...) pf_read_parquet(path, ...)$id
  expect_identical(ids(filter = "id > 7"), 8:10)
  expect_identical(ids(filter = ~ id > 7), 8:10)
  expect_identical(ids(filter = quote(id > 7)), 8:10)
  least <- 8
  expect_identical(ids(filter = ~ id >= .(least)), 8:10)
  expect_identical(ids(filter = bquote(id >= .(least))), 8:10)
  expect_identical(ids(filter = ~ region %in% c("EU", "AP") & id < 6), c(1L, 4L, 5L))
  expect_identical(ids(filter = ~ is.na(region)), c(3L, 8L))
  expect_identical(ids(filter = ~ is.nan(price)), 3L)
  expect_identical(ids(filter = ~ is.na(price)), 2L)
  expect_identical(ids(filter = ~ price > 8), 9:10)
  expect_identical(ids(filter = ~ day == .(as.Date("2024-01-04"))), 4L)
  expect_identical(ids(filter = ~ at < .(as.POSIXct("2024-01-01 12:30:00", tz = "UTC"))), 1:2)
  expect_identical(ids(filter = ~ name == "it's"), 5L)
  expect_identical(ids(filter = ~ name == .(scanned()$name[3])), 3L)
  expect_identical(ids(filter = TRUE), 1:10)
  expect_identical(ids(filter = ~FALSE), integer())
  # The environment of a condition is that of the caller.
  outer <- function(limit) ids(filter = ~ id < .(limit))
  expect_identical(outer(3), 1:2)
  inner <- function(limit) pf_count_parquet(path, quote(id < .(limit)))
  expect_identical(inner(3), 2)
})

test_that("the rows are those of a filter over all of them", {
  path <- local_file(row_group_size = 3)
  conditions <- c(
    "id > 4 AND id <= 8", "region = 'EU'", "region <> 'EU' OR price > 8", "name LIKE '%''%'", "price IS NULL", "NOT (price > 5)",
    "day BETWEEN DATE '2024-01-03' AND DATE '2024-01-05'", "id % 3 = 1", "id * 2 > price + 8"
  )
  everything <- pf_read_parquet(path)
  expect_equal(everything, scanned())
  for (condition in conditions) {
    expected <- pf_filter(everything, condition)
    for (batch_size in c(1, 4, 100)) {
      found <- pf_read_parquet(path, filter = condition, batch_size = batch_size)
      expect_equal(lapply(found, as.vector), lapply(expected, as.vector), info = condition)
    }
    expect_identical(pf_count_parquet(path, condition), as.double(nrow(expected)), info = condition)
    off <- pf_read_parquet(
      path, filter = condition, use_statistics = FALSE, use_dictionaries = FALSE, use_bloom_filters = FALSE, use_page_index = FALSE
    )
    expect_identical(off, pf_read_parquet(path, filter = condition), info = condition)
  }
})

test_that("the columns of a condition need not be read", {
  path <- local_file()
  expect_identical(pf_read_parquet(path, columns = "name", filter = ~ id == 2), data.frame(name = "B"))
  expect_identical(dim(pf_read_parquet(path, columns = character(), filter = ~ id > 4)), c(6L, 0L))
})

test_that("limits and row groups are taken", {
  path <- local_file(row_group_size = 3)
  ids <- function(...) pf_read_parquet(path, ...)$id
  expect_identical(ids(limit = 4), 1:4)
  expect_identical(ids(limit = 0), integer())
  expect_identical(ids(limit = 1e9), 1:10)
  expect_identical(ids(limit = 2, filter = ~ id > 5), 6:7)
  expect_identical(ids(row_groups = 3), 10L)
  expect_identical(ids(row_groups = c(2, 0, 2)), c(1:3, 7:9))
  expect_identical(ids(row_groups = 1:2, limit = 4), 4:7)
  expect_identical(ids(row_groups = numeric()), integer())
  expect_identical(pf_count_parquet(path), 10)
  expect_identical(pf_count_parquet(path, limit = 4), 4)
  expect_identical(pf_count_parquet(path, row_groups = c(0, 3)), 4)
  expect_identical(pf_count_parquet(rep(path, 3)), 30)
})

test_that("paths and numbers of rows are columns", {
  path <- local_file(row_group_size = 3)
  frame <- pf_read_parquet(path, columns = c("row", "id", "file"), filter = ~ id > 8, file_path = "file", row_number = "row")
  expect_identical(frame, data.frame(row = c(8, 9), id = 9:10, file = factor(path)))
  expect_identical(pf_read_parquet(path, filter = ~ row < 2, row_number = "row")$id, 1:2)
  expect_status(pf_read_parquet(path, row_number = "id"), "invalid_argument", "'id'")
})

test_that("folders named key=value are columns", {
  folder <- local_file(scanned(), partition_by = "region")
  frame <- pf_read_parquet(folder)
  expect_setequal(names(frame), names(scanned()))
  expect_identical(sort(frame$id), 1:10)
  expect_identical(sort(pf_read_parquet(folder, filter = ~ region == "EU")$id), c(1L, 5L, 6L, 10L))
  expect_identical(sort(pf_read_parquet(folder, filter = ~ is.na(region))$id), c(3L, 8L))
  expect_setequal(names(pf_read_parquet(folder, hive = "off")), setdiff(names(scanned()), "region"))
  plan <- pf_explain_parquet(folder, filter = ~ region == "EU")
  expect_match(plan, "files: 1 of 4 opened, 3 left out by partitions", all = FALSE)
  years <- local_file(data.frame(year = c(2023L, 2024L), x = 1:2), partition_by = "year")
  expect_type(pf_read_parquet(years)$year, "double")
  expect_type(pf_read_parquet(years, partition_types = c(year = "int16"))$year, "integer")
  expect_type(pf_read_parquet(years, partition_types = c(year = "string"))$year, "character")
  expect_status(pf_read_parquet(years, hive = "maybe"), "invalid_argument", "hive")
  expect_status(pf_read_parquet(years, partition_types = "int16"), "invalid_argument", "must have a name")
  expect_status(pf_read_parquet(years, partition_types = c(month = "int16")), "invalid_argument", "month")
})

test_that("files of other columns are united", {
  first <- local_file(data.frame(a = 1:2))
  second <- local_file(data.frame(b = "x", a = 3.5))
  expect_identical(pf_read_parquet(c(first, second), schema = "union"), data.frame(a = c(1, 2, 3.5), b = c(NA, NA, "x")))
  expect_status(pf_read_parquet(first, schema = "last"), "invalid_argument", "schema")
})

test_that("dictionaries are factors or text", {
  path <- local_file()
  expect_s3_class(pf_read_parquet(path)$region, "factor")
  expect_type(pf_read_parquet(path, dictionaries = "values")$region, "character")
  expect_s3_class(pf_read_parquet(path, dictionaries = "keep")$name, "factor")
  expect_identical(pf_read_parquet(path, string_views = TRUE)$name, scanned()$name)
})

test_that("arguments of a scan are checked", {
  path <- local_file(row_group_size = 3)
  expect_status(pf_read_parquet(path, filter = "nope > 1"), "invalid_argument", "unknown column 'nope'")
  expect_status(pf_read_parquet(path, filter = "id >"), "invalid_argument", "syntax error at line 1")
  expect_status(pf_read_parquet(path, filter = ~ id + 1), "type", "boolean")
  expect_status(pf_read_parquet(path, filter = y ~ x), "invalid_argument", "one-sided formula")
  expect_status(pf_read_parquet(path, filter = list()), "type", "filter must be a string, a formula or a quoted call")
  expect_status(pf_read_parquet(path, filter = c("a", "b")), "invalid_argument", "filter must be one string")
  expect_status(pf_read_parquet(path, filter = NA_character_), "invalid_argument", "filter must be one string")
  expect_status(pf_read_parquet(path, limit = -1), "invalid_argument", "limit")
  expect_status(pf_read_parquet(path, limit = "1"), "type", "limit must be a number")
  expect_status(pf_read_parquet(path, limit = 1.5), "type", "limit must be a whole number")
  expect_status(pf_read_parquet(path, row_groups = 4), "invalid_argument", "no row group 4")
  expect_status(pf_read_parquet(path, row_groups = -1), "invalid_argument", "'-1'")
  expect_status(pf_read_parquet(path, row_groups = 0.5), "type", "row_groups must be whole numbers")
  expect_status(pf_read_parquet(path, row_groups = NA), "type", "row_groups must be numbers")
  expect_status(pf_read_parquet(path, row_groups = c(1, NA)), "invalid_argument", "row_groups must not have NA")
  expect_status(pf_read_parquet(path, row_groups = "1"), "type", "row_groups must be numbers")
  expect_status(pf_read_parquet(path, rows = 1), "invalid_argument", "the option 'rows' is unknown; options are: columns, filter")
  expect_status(pf_count_parquet(path, columns = "id", columns = "id"), "invalid_argument", "given twice")
  expect_status(pf_read_parquet(path, use_statistics = NA), "invalid_argument", "use_statistics")
  expect_status(pf_read_parquet(path, use_statistics = 1), "type", "use_statistics must be TRUE or FALSE")
  expect_status(pf_explain_parquet(path, filter = "nope"), "invalid_argument", "unknown column 'nope'")
  expect_status(pf_count_parquet(path, filter = "nope"), "invalid_argument", "unknown column 'nope'")
  error <- expect_status(pf_count_parquet("no/such.parquet"), "not_found", "no/such.parquet")
  expect_identical(conditionCall(error), quote(pf_count_parquet("no/such.parquet")))
})

test_that("a plan is lines of text", {
  path <- local_file()
  plan <- pf_explain_parquet(path, columns = "name", filter = ~ id > 8, limit = 3)
  expect_s3_class(plan, "pf_explanation")
  expect_match(plan[1], "1 Parquet file")
  expect_match(plan, "id > 8", all = FALSE, fixed = TRUE)
  expect_match(plan, "limit: 3", all = FALSE, fixed = TRUE)
  expect_output(expect_identical(print(plan), plan), "filter:")
})

test_that("metadata are tables", {
  path <- local_file(row_group_size = 3, metadata = c(origin = "a test", "two words" = "x=y"), bloom_filters = "id", sorting_columns = "id")
  files <- pf_parquet_metadata(path)
  expect_identical(files$path, path)
  expect_identical(c(files$num_rows, files$num_row_groups, files$num_columns), c(10, 4, 6))
  expect_identical(files$file_size, file.size(path))
  expect_identical(files$key_value[[1]][c("origin", "two words")], c(origin = "a test", "two words" = "x=y"))
  expect_identical(pf_parquet_metadata(path, "counts")$num_rows, 10)
  expect_identical(pf_parquet_metadata(path, "schema")$column, names(scanned()))
  groups <- pf_parquet_metadata(path, "row_groups")
  expect_identical(groups$num_rows, c(3, 3, 3, 1))
  expect_identical(groups$row_group, c(0, 1, 2, 3))
  expect_match(groups$sorting_columns[[1]], "^id ")
  chunks <- pf_parquet_metadata(path, "columns", columns = c("id", "day"))
  expect_identical(dim(chunks)[1], 8L)
  expect_identical(chunks$min[1:2], c("1", "2024-01-01"))
  expect_true(all("RLE" == unlist(chunks$encodings)[unlist(chunks$encodings) == "RLE"]))
  expect_identical(is.na(chunks$bloom_filter_offset), rep(c(FALSE, TRUE), 4))
  typed <- pf_parquet_metadata(path, "statistics")
  expect_identical(typed$id.max, c(3L, 6L, 9L, 10L))
  expect_identical(typed$day.min, as.Date("2024-01-01") + c(0, 3, 6, 9))
  expect_identical(typed$region.null_count, c(1, 0, 1, 0))
  totals <- pf_parquet_metadata(path, "statistics", columns = "id", aggregate = TRUE)
  expect_identical(c(totals$min, totals$max), c("1", "10"))
  expect_identical(sum(pf_parquet_metadata(path, "pages", columns = "id")$num_rows), 10)
  pairs <- pf_parquet_metadata(path, "key_value")
  expect_identical(pairs$value[pairs$key == "origin"], "a test")
  expect_identical(nrow(pf_parquet_metadata(c(path, path))), 2L)
})

test_that("arguments of metadata are checked", {
  path <- local_file()
  expect_status(pf_parquet_metadata(path, "nothing"), "invalid_argument", "kind 'nothing' is unknown")
  expect_status(pf_parquet_metadata(path, 1), "type", "kind must be a string")
  expect_status(pf_parquet_metadata(path, "columns", columns = "nope"), "invalid_argument", "nope")
  expect_status(pf_parquet_metadata(path, "files", columns = "id"), "invalid_argument", "columns is for kinds")
  expect_status(pf_parquet_metadata(path, aggregate = TRUE), "invalid_argument", "aggregate")
  expect_status(pf_parquet_metadata(path, aggregate = 1), "type", "aggregate must be TRUE or FALSE")
  writeLines("no Parquet", path)
  expect_status(pf_parquet_metadata(path), "corrupt", basename(path))
  expect_status(pf_count_parquet(path), "corrupt", basename(path))
  expect_status(pf_explain_parquet(path), "corrupt", basename(path))
})
