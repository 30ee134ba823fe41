# Writing Parquet files.

# A folder of its own for what a test writes.
local_folder <- function(env = parent.frame()) {
  folder <- tempfile()
  dir.create(folder)
  do.call(on.exit, list(bquote(unlink(.(folder), recursive = TRUE)), add = TRUE), envir = env)
  folder
}

contents <- function(folder) list.files(folder, all.files = TRUE, no.. = TRUE, recursive = TRUE)

every_type <- function() {
  data.frame(
    flag = c(TRUE, NA, FALSE, TRUE),
    whole = c(-.Machine$integer.max, NA, 0L, .Machine$integer.max),
    number = c(1.5, NA, NaN, -Inf),
    text = c("", NA, "h\u00e9 \U0001f600", "it's"),
    level = factor(c("b", NA, "a", "b"), levels = c("b", "unused", "a")),
    rank = factor(c("low", "high", NA, "low"), levels = c("low", "high"), ordered = TRUE),
    day = as.Date(c("2024-02-29", NA, "1969-12-31", "9999-12-31")),
    zoned = as.POSIXct(c("2024-02-29 12:00:00.25", NA, "1969-12-31 23:59:59", "2000-01-01"), tz = "Europe/Vienna"),
    nothing = NA
  )
}

test_that("a data frame comes back as it went", {
  folder <- local_folder()
  path <- file.path(folder, "x.parquet")
  frame <- every_type()
  expect_invisible(pf_write_parquet(frame, path))
  found <- pf_read_parquet(path)
  expect_equal(found, frame)
  expect_identical(found[c("flag", "whole", "text", "day", "rank")], frame[c("flag", "whole", "text", "day", "rank")])
  expect_identical(is.nan(found$number), is.nan(frame$number))
  expect_identical(attr(found$zoned, "tzone"), "Europe/Vienna")
  # Without rows, without columns.
  pf_write_parquet(frame[0, ], path)
  expect_equal(vapply(pf_read_parquet(path), function(x) class(x)[1], ""), vapply(frame, function(x) class(x)[1], ""))
  expect_identical(nrow(pf_read_parquet(path)), 0L)
  pf_write_parquet(data.frame(), path)
  expect_identical(dim(pf_read_parquet(path)), c(0L, 0L))
  expect_identical(contents(folder), "x.parquet")
})

test_that("levels come back in their order, unused ones too", {
  path <- file.path(local_folder(), "x.parquet")
  frame <- data.frame(
    grade = factor(c("high", "low", NA), levels = c("low", "middle", "high"), ordered = TRUE),
    odd = factor(c("b\nc", "a\\n", "\\"), levels = c("\\", "", "a\\n", "b\nc", "\u00fc", "\\\\n\n")),
    plain = factor(c("x", "y", "x")),
    unused = factor(c(NA, NA, NA), levels = c("p", "q"))
  )
  names(frame)[4] <- "un=us%3Ded"
  pf_write_parquet(frame, path)
  expect_identical(pf_read_parquet(path), frame)
  expect_identical(pf_read_parquet(path, filter = ~ grade == "high"), frame[1, ])
  expect_identical(pf_read_parquet(path, columns = "grade", limit = 0)$grade, frame$grade[0])
  expect_identical(pf_filter(path, ~ grade == "high")$grade, frame$grade[1])
  expect_identical(sum(grepl("plain", pf_parquet_metadata(path, "key_value")$key)), 0L)
  # Files whose levels differ.
  second <- file.path(dirname(path), "y.parquet")
  pf_write_parquet(data.frame(grade = factor("best", ordered = TRUE)), second)
  both <- pf_read_parquet(c(path, second), columns = "grade")$grade
  expect_identical(both, factor(c("high", "low", NA, "best"), levels = c("low", "middle", "high", "best"), ordered = TRUE))
})

test_that("tables and files are written too", {
  folder <- local_folder()
  path <- file.path(folder, "x.parquet")
  frame <- every_type()[names(every_type()) != "level"]
  pf_write_parquet(pf_table(frame), path)
  expect_equal(pf_read_parquet(path), frame)
  copy <- file.path(folder, "copy.parquet")
  written <- pf_write_parquet(c(path, path), copy)
  expect_identical(written$rows, 8)
  expect_equal(pf_read_parquet(copy, limit = 4), frame)
  # A file onto itself: it is whole before it takes the place.
  pf_write_parquet(copy, copy, compression = "none")
  expect_identical(pf_count_parquet(copy), 8)
  expect_identical(pf_parquet_metadata(copy, "columns")$codec[1], "UNCOMPRESSED")
})

test_that("the files that were written are told of", {
  folder <- local_folder()
  path <- file.path(folder, "x.parquet")
  written <- pf_write_parquet(data.frame(x = 1:10), path, row_group_size = 4)
  expect_identical(written, data.frame(path = path, rows = 10, bytes = file.size(path), row_groups = 3))
  parts <- file.path(folder, "parts")
  written <- pf_write_parquet(data.frame(x = 1:10), parts, max_rows_per_file = 4)
  expect_identical(basename(written$path), c("part-0.parquet", "part-1.parquet", "part-2.parquet"))
  expect_identical(written$rows, c(4, 4, 2))
  expect_identical(pf_read_parquet(parts)$x, 1:10)
})

test_that("every codec reads back", {
  path <- file.path(local_folder(), "x.parquet")
  frame <- data.frame(x = rep(c("some text", "more"), 500), y = 1:1000)
  levels <- list(none = NULL, snappy = NULL, gzip = 9, brotli = 3, lz4 = NULL, zstd = 19)
  for (codec in names(levels)) {
    pf_write_parquet(frame, path, compression = codec, compression_level = levels[[codec]])
    expect_identical(pf_read_parquet(path), frame, info = codec)
    found <- unique(pf_parquet_metadata(path, "columns")$codec)
    expect_match(found, if (codec == "none") "uncompressed" else codec, ignore.case = TRUE)
  }
  pf_write_parquet(frame, path, compression = "zstd(3)", column_compression = c(x = "gzip(9)", y = "none"))
  expect_match(pf_parquet_metadata(path, "columns")$codec[1], "gzip", ignore.case = TRUE)
  expect_match(pf_parquet_metadata(path, "columns")$codec[2], "uncompressed", ignore.case = TRUE)
})

test_that("what stands in a file can be chosen", {
  path <- file.path(local_folder(), "x.parquet")
  frame <- data.frame(x = 1:100, y = rep(letters[1:4], 25))
  pf_write_parquet(frame, path, dictionary = FALSE, page_index = FALSE, statistics = "none", store_schema = FALSE)
  chunks <- pf_parquet_metadata(path, "columns")
  expect_false(any(chunks$has_dictionary | chunks$has_column_index))
  expect_true(all(is.na(chunks$min)))
  expect_identical(pf_read_parquet(path), frame)
  pf_write_parquet(
    frame, path, column_encoding = c(x = "delta_binary_packed"), dictionary_columns = "y", data_page_version = "2.0", data_page_rows = 10,
    bloom_filters = c("x", "y"), bloom_filter_fpp = 0.001, bloom_filter_ndv = 100, sorting_columns = "x DESC NULLS FIRST",
    statistics_length = 2, row_group_bytes = 1e6, data_page_size = 1e4, dictionary_page_size = 1e4, compliant_names = FALSE, sync = FALSE
  )
  chunks <- pf_parquet_metadata(path, "columns")
  expect_true("DELTA_BINARY_PACKED" %in% chunks$encodings[[1]])
  expect_identical(chunks$has_dictionary, c(FALSE, TRUE))
  expect_false(anyNA(chunks$bloom_filter_offset))
  expect_match(pf_parquet_metadata(path, "row_groups")$sorting_columns[[1]], "x DESC NULLS FIRST")
  expect_identical(pf_read_parquet(path), frame)
})

test_that("partitions become folders and come back", {
  folder <- local_folder()
  frame <- data.frame(year = c(2023L, 2024L, 2024L, NA), place = c("a b", "c/d", "a b", "e"), x = 1:4)
  parts <- file.path(folder, "deep", "parts")
  written <- pf_write_parquet(frame, parts, partition_by = c("year", "place"))
  expect_identical(nrow(written), 4L)
  expect_identical(sum(written$rows), 4)
  found <- pf_read_parquet(parts)
  expect_identical(found$place[order(found$x)], frame$place)
  expect_equal(found$year[order(found$x)], frame$year)
  error <- expect_status(pf_write_parquet(frame, parts, partition_by = "year"), "already_exists", "parts")
  expect_identical(pf_count_parquet(parts), 4)
  pf_write_parquet(frame[1:2, ], parts, partition_by = "year", overwrite = "replace")
  expect_identical(sort(list.files(parts)), c("year=2023", "year=2024"))
  expect_identical(pf_count_parquet(parts), 2)
  expect_status(pf_write_parquet(frame, file.path(folder, "many"), partition_by = "x", max_partitions = 2), "invalid_argument", "max_partitions")
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), "deep")
})

test_that("after a failure nothing is left and what was there is untouched", {
  folder <- local_folder()
  path <- file.path(folder, "x.parquet")
  pf_write_parquet(data.frame(x = 1:3), path)
  before <- readBin(path, "raw", 1e6)
  unsorted <- data.frame(x = c(1:50000, 1L))
  expect_status(
    pf_write_parquet(unsorted, path, sorting_columns = "x", check_sorted = TRUE, row_group_size = 1000), "invalid_argument", "sorting_columns"
  )
  expect_status(pf_write_parquet(data.frame(x = 1), path, overwrite = "error"), "already_exists", path)
  expect_status(pf_write_parquet(data.frame(x = I(list(1))), path), "type", "'x'")
  bytes <- replace(before, 10:40, as.raw(255))
  damaged <- file.path(folder, "damaged.parquet")
  writeBin(bytes, damaged)
  expect_error(pf_write_parquet(damaged, path), class = "parquetframe_error")
  expect_identical(readBin(path, "raw", 1e6), before)
  expect_status(pf_write_parquet(unsorted, file.path(folder, "new.parquet"), sorting_columns = "x", check_sorted = TRUE), "invalid_argument", "row 50000")
  expect_status(
    pf_write_parquet(unsorted, file.path(folder, "a/b"), sorting_columns = "x", check_sorted = TRUE, max_rows_per_file = 1000),
    "invalid_argument", "row 50000"
  )
  expect_setequal(contents(folder), c("x.parquet", "damaged.parquet"))
  expect_identical(list.dirs(folder), folder)
})

test_that("arguments of writing are checked", {
  folder <- local_folder()
  path <- file.path(folder, "x.parquet")
  write <- function(...) pf_write_parquet(data.frame(x = 1:3, y = c("a", "b", "c")), path, ...)
  expect_status(write(compression = "zip"), "invalid_argument", "unknown codec 'zip'")
  expect_status(write(compression = NULL), "type", "compression must be a string")
  expect_status(write(compression = "zstd", compression_level = 99), "invalid_argument", "level")
  expect_status(write(compression = "snappy", compression_level = 1), "invalid_argument", "snappy")
  expect_status(write(row_group_size = 0), "invalid_argument", "row_group_size")
  expect_status(write(row_group_size = "1"), "type", "row_group_size must be a number")
  expect_status(write(dictionary = 1), "type", "dictionary must be TRUE or FALSE")
  expect_status(write(partition_by = "nope"), "invalid_argument", "unknown column 'nope'")
  expect_status(write(partition_by = c("x", "y")), "invalid_argument", "partition_by")
  expect_status(write(bloom_filters = "nope"), "invalid_argument", "nope")
  expect_status(write(sorting_columns = "nope"), "invalid_argument", "nope")
  expect_status(write(overwrite = "yes"), "invalid_argument", "overwrite")
  expect_status(write(metadata = "value"), "invalid_argument", "metadata must have a name for each value")
  expect_status(write(metadata = c(a = NA_character_)), "invalid_argument", "metadata must not have NA")
  expect_status(write(column_encoding = c(x = "morse")), "invalid_argument", "morse")
  expect_status(write(column_compression = "x:zstd"), "invalid_argument", "column_compression must have a name")
  expect_status(write(speed = 1), "invalid_argument", "the option 'speed' is unknown; options are: compression")
  expect_status(write(NULL, NULL, NULL, NULL, NULL, NULL, NULL, TRUE, NULL, 1), "invalid_argument", "an option has no name")
  expect_status(write(page_index = TRUE, page_index = FALSE), "invalid_argument", "given twice")
  expect_status(pf_write_parquet(1:3, path), "type", "x must be a data.frame, a pf_table or the path of a Parquet file")
  expect_status(pf_write_parquet("no/such.parquet", path), "not_found", "no/such.parquet")
  table <- pf_table(data.frame(x = 1))
  close(table)
  expect_status(pf_write_parquet(table, path), "invalid_argument", "closed")
  expect_status(pf_write_parquet(data.frame(x = 1), 1), "type", "path must be a string")
  expect_status(pf_write_parquet(data.frame(x = 1), c(path, path)), "invalid_argument", "path must be one string")
  expect_status(pf_write_parquet(data.frame(x = 1), ""), "invalid_argument", "path")
  expect_status(pf_write_parquet(data.frame(x = 1), folder), "invalid_argument", "is a folder")
  error <- expect_status(pf_write_parquet(data.frame(x = 1), file.path(folder, "no", "x.parquet")), "not_found", "no")
  expect_identical(as.list(conditionCall(error))[[1]], quote(pf_write_parquet))
  expect_identical(contents(folder), character())
})

test_that("the same bytes are written for any number of threads, and progress is shown", {
  folder <- local_folder()
  paths <- file.path(folder, c("1.parquet", "4.parquet"))
  frame <- data.frame(x = seq_len(2e4) / 7, y = as.character(seq_len(2e4)))
  pf_write_parquet(frame, paths[1], threads = 1, row_group_size = 5000)
  expect_message(capture.output(pf_write_parquet(frame, paths[2], threads = 4, row_group_size = 5000, progress = TRUE), type = "message"), NA)
  expect_identical(unname(tools::md5sum(paths[1])), unname(tools::md5sum(paths[2])))
  expect_status(pf_write_parquet(frame, paths[1], threads = -1), "invalid_argument", "threads")
  expect_identical(pf_read_parquet(paths[1], threads = 1), pf_read_parquet(paths[2], threads = 3))
})
