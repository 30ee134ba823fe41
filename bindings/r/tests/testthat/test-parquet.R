test_that("every type of a file comes to R, whatever the batches", {
  for (batch_size in 1:3) {
    frame <- pf_read_parquet(fixture("types.parquet"), batch_size = batch_size)
    expect_identical(dim(frame), c(3L, 22L))
    expect_true(all(is.na(frame[2, ])))
    expect_identical(frame$bool, c(TRUE, NA, FALSE))
    expect_identical(frame$int8, c(-128L, NA, 127L))
    expect_identical(frame$uint8, c(0L, NA, 255L))
    expect_identical(frame$int16, c(-32768L, NA, 32767L))
    expect_identical(frame$uint16, c(0L, NA, 65535L))
    expect_identical(frame$int32, c(-2147483647L, NA, 2147483647L))
    expect_identical(frame$uint32, c(0, NA, 4294967295))
    expect_identical(frame$int64, c(-2^53, NA, 2^53))
    expect_identical(frame$uint64, c(0, NA, 2^53))
    expect_identical(frame$float32, c(0.5, NA, Inf))
    expect_identical(is.nan(frame$float64), c(FALSE, FALSE, TRUE))
    expect_identical(frame$string, c("", NA, "h\u00e9 \U0001f600"))
    expect_identical(frame$large_string, c("x", NA, "y"))
    expect_identical(frame$view, c("short", NA, "longer than twelve bytes"))
    expect_identical(frame$date, as.Date(c("2024-02-29", NA, "1969-12-31")))
    expect_equal(frame$naive[1], as.POSIXct("2024-02-29 12:00:00.25", tz = "UTC"))
    expect_identical(attr(frame$zoned, "tzone"), "Europe/Paris")
    expect_equal(as.numeric(frame$zoned), as.numeric(frame$naive))
    expect_equal(frame$time, as.difftime(c(1, NA, 86399), units = "secs"))
    expect_identical(frame$decimal, c(-1.25, NA, 12345678901234567.75))
    expect_identical(frame$dictionary, factor(c("low", NA, "high"), levels = c("low", "high")))
    expect_identical(frame$ordered, factor(c("low", NA, "high"), levels = c("low", "high"), ordered = TRUE))
    expect_identical(frame$null, c(NA, NA, NA))
  }
})

test_that("all batches are read", {
  for (batch_size in c(1, 2, 4, 100)) {
    expect_identical(pf_read_parquet(example_edges(), batch_size = batch_size), pf_read_parquet(example_edges()))
  }
  expect_identical(nrow(pf_read_parquet(example_edges())), 6L)
})

test_that("columns are chosen and ordered", {
  expect_named(pf_read_parquet(example_edges(), columns = c("weight", "source")), c("weight", "source"))
  expect_status(pf_read_parquet(example_edges(), columns = "nope"), "invalid_argument", "nope")
  expect_status(pf_read_parquet(example_edges(), columns = 1), "type", "columns")
  expect_status(pf_read_parquet(example_edges(), columns = NA_character_), "invalid_argument", "columns")
})

test_that("a file without rows keeps its types", {
  expect_identical(pf_read_parquet(fixture("empty.parquet")), data.frame(x = integer(), s = character()))
})

test_that("a folder and a glob are read file by file", {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file.copy(example_edges(), file.path(folder, c("b.parquet", "a.parquet", "_skipped.parquet")))
  expect_identical(nrow(pf_read_parquet(folder)), 12L)
  expect_identical(nrow(pf_read_parquet(file.path(folder, "?.parquet"))), 12L)
  files <- file.path(folder, c("b.parquet", "_skipped.parquet", "a.parquet"))
  expect_identical(nrow(pf_read_parquet(files)), 18L)
  expect_identical(nrow(pf_table(files)), 18L)
  expect_identical(pf_aggregate(files, n = "count(*)")$n, 18)
  expect_identical(pf_read_parquet(files, file_path = "file")$file, factor(rep(files, each = 6L), levels = files))
})

test_that("integers beyond 2^53 are told of", {
  expect_warning(frame <- pf_read_parquet(fixture("big.parquet")), "'big'", class = "parquetframe_precision")
  expect_identical(frame$big[2], -2^62)
  expect_no_warning(pf_read_parquet(fixture("big.parquet"), columns = "small"))
})

test_that("lists and maps are lists of vectors", {
  expect_warning(frame <- pf_read_parquet(fixture("lists.parquet")), "'numbers'", class = "parquetframe_precision")
  expect_identical(frame$numbers, list(c(1, NA), NULL, numeric(), 2^60))
  expect_identical(frame$texts, list("a", c(NA, "b"), NULL, character()))
  expect_identical(frame$days, list(as.Date(c("2024-02-29", NA)), NULL, structure(numeric(), class = "Date"), as.Date("2024-02-29")))
  expect_identical(frame$nested, list(list(1L, NULL), list(), NULL, list(c(2L, 3L), integer())))
  expect_identical(frame$fixed, list(c(0.5, 1.5), NULL, c(NA, 2.5), c(3.5, 4.5)))
  expect_identical(frame$map, list(c(x = 1L, y = NA), NULL, structure(integer(), names = character()), c(z = 3L)))
  for (batch_size in 1:3) {
    expect_identical(suppressWarnings(pf_read_parquet(fixture("lists.parquet"), batch_size = batch_size)), frame)
  }
  expect_identical(pf_read_parquet(fixture("lists.parquet"), "map", row_groups = 1)$map, frame$map[4])
})

test_that("columns without a counterpart in R are named", {
  foreign <- function(column) pf_read_parquet(fixture("foreign.parquet"), columns = column)
  expect_identical(foreign("id"), data.frame(id = 1:2))
  expect_status(foreign("struct"), "unsupported", "column 'struct' has the Arrow type struct")
  expect_status(foreign("structs"), "unsupported", "column 'structs' has the Arrow type list of struct")
  expect_status(foreign("coded"), "unsupported", "column 'coded' has the Arrow type list of dictionary of string")
  expect_status(foreign("numbered"), "unsupported", "map whose keys are no strings")
  expect_status(pf_read_parquet(fixture("zero-byte.parquet")), "unsupported", "string 2 contains a NUL")
})

test_that("a missing, a foreign and a damaged file have classes of their own", {
  error <- expect_status(pf_read_parquet("no/such/file.parquet"), "not_found", "no/such/file.parquet")
  expect_identical(conditionCall(error), quote(pf_read_parquet("no/such/file.parquet")))

  file <- tempfile(fileext = ".parquet")
  on.exit(unlink(file))
  writeLines("not Parquet", file)
  expect_status(pf_read_parquet(file), "corrupt", basename(file))

  bytes <- readBin(example_edges(), "raw", 1e6)
  writeBin(bytes[seq_len(length(bytes) - 20)], file)
  expect_status(pf_read_parquet(file), "corrupt", basename(file))

  # Damage that only reading finds: the first data page.
  bytes[10:60] <- as.raw(255)
  writeBin(bytes, file)
  expect_error(pf_read_parquet(file), class = "parquetframe_error")
})

test_that("the path is checked", {
  for (read in list(pf_read_parquet, pf_count_parquet, pf_explain_parquet, pf_parquet_metadata)) {
    expect_status(read(1), "type", "path must be a character vector")
    expect_status(read(NULL), "invalid_argument", "path must be one string or more")
    expect_status(read(character()), "invalid_argument", "path must be one string or more")
    expect_status(read(NA_character_), "invalid_argument", "path must not have NA")
    expect_status(read(""), "invalid_argument", "path")
    expect_status(read(c(example_edges(), "no/such.parquet")), "not_found", "no/such.parquet")
  }
  expect_status(pf_read_parquet(example_edges(), batch_size = 0), "invalid_argument", "batch_size")
})
