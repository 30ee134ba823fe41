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
})

test_that("integers beyond 2^53 are told of", {
  expect_warning(frame <- pf_read_parquet(fixture("big.parquet")), "'big'", class = "parquetframe_precision")
  expect_identical(frame$big[2], -2^62)
  expect_no_warning(pf_read_parquet(fixture("big.parquet"), columns = "small"))
})

test_that("columns without a counterpart in R are named", {
  expect_status(pf_read_parquet(fixture("list.parquet")), "unsupported", "column 'list' has the Arrow type list")
  expect_identical(pf_read_parquet(fixture("list.parquet"), columns = "id"), data.frame(id = c(1, 2)))
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
  expect_status(pf_read_parquet(1), "type", "path must be a string")
  expect_status(pf_read_parquet(character()), "invalid_argument", "path must be one string")
  expect_status(pf_read_parquet(NA_character_), "invalid_argument", "path must be one string")
  expect_status(pf_read_parquet(c("a", "b")), "invalid_argument", "path must be one string")
  expect_status(pf_read_parquet(""), "invalid_argument", "path")
  expect_status(pf_read_parquet(example_edges(), batch_size = 0), "invalid_argument", "batch_size")
})
