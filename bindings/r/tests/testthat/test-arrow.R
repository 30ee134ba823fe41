test_that("every type comes back as it went, with NA", {
  values <- list(
    integer = c(1L, NA, -.Machine$integer.max),
    double = c(0.1, NA, -0, .Machine$double.xmax, .Machine$double.xmin),
    character = c("", NA, "plain", "h\u00e9\u4e16\U0001f600"),
    logical = c(TRUE, NA, FALSE, rep(TRUE, 20)),
    factor = factor(c("u", NA, "v", "u"), levels = c("v", "unused", "u")),
    ordered = factor(c("low", "high", NA), levels = c("low", "mid", "high"), ordered = TRUE),
    date = as.Date(c("2024-02-29", NA, "1969-12-31")),
    time = as.POSIXct(c(0.25, NA, 1e9, -1.5), origin = "1970-01-01", tz = "UTC"),
    zone = as.POSIXct(c(0, 1.7e9), origin = "1970-01-01", tz = "America/New_York")
  )
  for (name in names(values)) {
    expect_equal(round_trip(values[[name]]), values[[name]], info = name)
    expect_identical(class(round_trip(values[[name]])), class(values[[name]]), info = name)
  }
})

test_that("NA, NaN and infinities stay apart", {
  x <- c(NA, NaN, Inf, -Inf, 0)
  expect_identical(is.na(round_trip(x)), is.na(x))
  expect_identical(is.nan(round_trip(x)), is.nan(x))
  expect_identical(round_trip(x)[3:5], x[3:5])
  expect_identical(summary(pf_table(data.frame(x)))$nulls, 1)
})

test_that("empty vectors and data frames keep their types", {
  empty <- data.frame(i = integer(), d = double(), s = character(), l = logical(), f = factor(levels = "a"))
  expect_identical(as.data.frame(pf_table(empty)), empty)
  expect_identical(dim(pf_table(data.frame())), c(0L, 0L))
})

test_that("vectors of only NA have no bits to spare", {
  for (n in c(1, 7, 8, 9, 64, 65)) {
    expect_identical(round_trip(rep(NA, n)), rep(NA, n))
    expect_identical(round_trip(rep(NA_character_, n)), rep(NA_character_, n))
    expect_identical(round_trip(c(rep(NA, n), 1L)), c(rep(NA, n), 1L))
  }
})

test_that("text in other encodings arrives in UTF-8", {
  latin <- "caf\xe9"
  Encoding(latin) <- "latin1"
  expect_identical(round_trip(latin), "caf\u00e9")
  expect_identical(Encoding(round_trip(latin)), "UTF-8")
})

test_that("text that is not UTF-8 is refused with its column and row", {
  bad <- c("fine", "\xff\xfe")
  Encoding(bad) <- "UTF-8"
  expect_status(pf_table(data.frame(id = bad)), "invalid_argument", "column 'id': string 2 is not valid text")
  for (bytes in c("\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80")) {
    Encoding(bytes) <- "UTF-8"
    expect_status(round_trip(bytes), "invalid_argument", "not valid text")
  }
  bytes <- "\xe9"
  Encoding(bytes) <- "bytes"
  expect_status(round_trip(bytes), "invalid_argument", "not valid text")
})

test_that("what has no counterpart is refused by name", {
  expect_status(round_trip(complex(2)), "type", "column 'x' has the type 'complex'")
  expect_status(round_trip(raw(2)), "type", "column 'x' has the type 'raw'")
  expect_status(round_trip(list(1, 2)), "type", "column 'x' has the type 'list'")
  expect_status(round_trip(as.difftime(1, units = "secs")), "type", "column 'x' has the class 'difftime'")
  expect_status(round_trip(structure(5L, class = "factor", levels = "a")), "invalid_argument", "value 1 has no level")
  expect_status(round_trip(as.Date(1e300, origin = "1970-01-01")), "invalid_argument", "out of range")
})

test_that("a matrix in a data frame is refused", {
  frame <- data.frame(a = 1:2)
  frame$m <- matrix(1:4, 2)
  expect_status(pf_table(frame), "invalid_argument", "column 'm' has 4 values in a data.frame of 2 rows")
})

test_that("a time without a zone is the same instant in UTC, and POSIXlt is a time", {
  now <- as.POSIXct("2024-06-01 12:00:00")
  back <- round_trip(now)
  expect_identical(as.numeric(back), as.numeric(now))
  expect_identical(attr(back, "tzone"), "UTC")
  frame <- data.frame(x = 1)
  frame$x <- as.POSIXlt("2024-06-01", tz = "UTC")
  expect_equal(as.data.frame(pf_table(frame))$x, as.POSIXct("2024-06-01", tz = "UTC"))
})

test_that("integer64 goes in as integers and comes back as doubles", {
  # The bits of the integers 5, NA and 2^53.
  bits <- c(5 * 2^-1074, -0, 2^53 * 2^-1074)
  x <- structure(bits, class = "integer64")
  table <- pf_table(list2DF(list(x = x)))
  expect_identical(summary(table)$type, "int64")
  expect_identical(as.data.frame(table)$x, c(5, NA, 2^53))
})

test_that("the conversion itself survives the garbage collector", {
  x <- c(NA, as.character(1:200))
  gctorture(TRUE)
  text <- .Call(parquetframe:::C_pfr_arrow_identity, x)
  factor <- .Call(parquetframe:::C_pfr_arrow_identity, factor(x[1:20]))
  frame <- as.data.frame(pf_table(data.frame(x = factor(x[1:20]), y = 1:20)))
  gctorture(FALSE)
  expect_identical(text, x)
  expect_identical(factor, base::factor(x[1:20], levels = levels(factor)))
  expect_identical(frame$y, 1:20)
})
