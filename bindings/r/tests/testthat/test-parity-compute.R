# The cases of tests/parity about expressions and operations on rows, which all languages share. PARQUETFRAME_PARITY names
# their folder.

folder <- Sys.getenv("PARQUETFRAME_PARITY")

# A column of JSON: null is NA, and texts stand for numbers that JSON has not.
column <- function(column) {
  missing <- vapply(column$values, is.null, NA)
  values <- column$values
  values[missing] <- NA
  switch(column$type,
    int64 = structure(vapply(values, as.double, 0), class = "pf_int64"),
    uint64 = vapply(values, as.double, 0),
    float64 = vapply(values, as.double, 0),
    bool = vapply(values, as.logical, NA),
    string = enc2utf8(vapply(values, as.character, ""))
  )
}

table_of <- function(table) {
  columns <- lapply(table$columns, column)
  names(columns) <- vapply(table$columns, function(column) column$name, "")
  structure(columns, class = "data.frame", row.names = .set_row_names(length(columns[[1]])))
}

run_case <- function(case) {
  options <- lapply(case$options, function(option) if (is.list(option)) vapply(option, as.character, "") else option)
  inputs <- switch(case$call,
    evaluate = ,
    aggregate = case$expressions,
    filter = list(case$predicate),
    sort = case$keys,
    # Rows of R begin at 1.
    take = list(vapply(case$indices, function(i) if (is.null(i)) NA_real_ else as.double(i) + 1, 0))
  )
  do.call(paste0("pf_", case$call), c(list(table_of(case$table)), inputs, options))
}

# All NaN are equal, and no NA; without a tolerance the sign of zero counts too.
expect_same <- function(got, want, tolerance, info) {
  expect_identical(is.na(got) & !is.nan(got), is.na(want) & !is.nan(want), info = info)
  expect_identical(is.nan(got), is.nan(want), info = info)
  known <- !is.na(want)
  got <- got[known]
  want <- want[known]
  finite <- is.finite(want)
  expect_identical(got[!finite], want[!finite], info = info)
  if (tolerance == 0) {
    expect_identical(got, want, info = info)
    expect_identical(sign(1 / got), sign(1 / want), info = info)
  } else {
    expect_true(all(abs(got - want)[finite] <= tolerance * pmax(1, abs(want[finite]))), info = info)
  }
}

check <- function(result, case) {
  expected <- case$expect$columns
  expect_named(result, vapply(expected, function(column) column$name, ""))
  for (i in seq_along(expected)) {
    info <- if (is.null(case$expressions)) expected[[i]]$name else case$expressions[[i]]
    got <- result[[i]]
    want <- column(expected[[i]])
    if (expected[[i]]$type %in% c("bool", "string")) {
      expect_identical(got, want, info = info)
    } else {
      expect_type(got, if (is.integer(got)) "integer" else "double")
      # Positions of rows begin at 1.
      want <- if (identical(case$options$result, "index")) want + 1 else as.double(want)
      expect_same(as.double(got), want, if (expected[[i]]$type == "float64") case$tolerance else 0, info)
    }
  }
}

refused <- function(case) {
  message <- case$expect_error$message_contains
  if (case$call == "take") message <- format(as.double(message) + 1)
  expect_status(run_case(case), tolower(case$expect_error$code), message)
}

if (!nzchar(folder)) {
  test_that("the parity cases of expressions hold", {
    skip("set PARQUETFRAME_PARITY to the folder tests/parity of the repository")
  })
} else {
  test_that("there are parity cases of expressions", {
    skip_if_not_installed("jsonlite")
    expect_gt(length(list.files(folder, "^compute_.*\\.json$")), 0)
  })
}

files <- if (nzchar(folder) && requireNamespace("jsonlite", quietly = TRUE)) list.files(folder, "^compute_.*\\.json$", full.names = TRUE)
for (file in files) {
  # R's strings hold no NUL: a sign that no case uses stands for it.
  text <- gsub("\\u0000", "\\ue000", paste(readLines(file, encoding = "UTF-8"), collapse = "\n"), fixed = TRUE)
  cases <- jsonlite::parse_json(text)
  for (case in cases$cases) {
    # Nor are integers beyond 2^53 numbers of R, and an argument of another name is an expression.
    if (isTRUE(case$wide_integers) || isTRUE(case$unknown_option) || any(grepl("\ue000", unlist(case), fixed = TRUE))) next
    # Positions of distinct rows have no function here.
    if (case$call == "unique" && identical(case$options$result, "index")) next
    test_that(paste(cases$family, case$name), {
      if (is.null(case$expect_error)) check(run_case(case), case) else refused(case)
    })
  }
}
