# The cases of tests/parity about expressions, which all languages share. PARQUETFRAME_PARITY names their folder.

folder <- Sys.getenv("PARQUETFRAME_PARITY")

# Numbers that JSON has not are strings.
as_cells <- function(values, type) {
  values <- lapply(values, function(v) if (is.null(v)) NA else v)
  switch(type,
    bool = vapply(values, as.logical, NA),
    string = vapply(values, as.character, ""),
    vapply(values, function(v) switch(as.character(v), Infinity = Inf, "-Infinity" = -Inf, "-0.0" = -0, "NaN" = NaN, as.double(v)), 0)
  )
}

table_of_case <- function(case) {
  columns <- lapply(case$table$columns, function(column) {
    values <- as_cells(column$values, column$type)
    if (column$type == "int64") structure(values, class = "pf_int64") else values
  })
  names(columns) <- vapply(case$table$columns, `[[`, "", "name")
  structure(columns, class = "data.frame", row.names = .set_row_names(length(columns[[1L]])))
}

run_compute <- function(case) {
  options <- lapply(case$options, function(option) if (is.list(option)) as.character(option) else option)
  texts <- lapply(c(case$expressions, case$keys), as.character)
  arguments <- switch(case$call,
    filter = list(case$predicate),
    # A position from 0 is the one before; a negative one cannot be said.
    take = list(as_cells(case$indices, "int64") + 1),
    texts
  )
  do.call(paste0("pf_", case$call), c(list(table_of_case(case)), arguments, options))
}

same_numbers <- function(got, want, tolerance) {
  near <- if (tolerance == 0) got == want & 1 / got == 1 / want else abs(got - want) <= tolerance * pmax(1, abs(want)) | got == want
  (is.nan(got) & is.nan(want)) | (is.na(got) & !is.nan(got) & is.na(want) & !is.nan(want)) | (!is.na(near) & near)
}

check_compute <- function(case) {
  result <- run_compute(case)
  expected <- case$expect$columns
  expect_identical(names(result), vapply(expected, `[[`, "", "name"))
  for (i in seq_along(expected)) {
    got <- result[[i]]
    type <- expected[[i]]$type
    want <- as_cells(expected[[i]]$values, type)
    # Positions begin at 1 here.
    if (case$call == "sort" && identical(case$options$result, "index")) want <- want + 1
    if (length(got) != length(want) || !is.double(want)) {
      expect_identical(got, want, info = expected[[i]]$name)
    } else {
      wrong <- which(!same_numbers(as.double(got), want, if (type == "float64") case$tolerance else 0))
      expect_identical(wrong, integer(), info = paste(case$expressions[i], ":", got[wrong][1L], "is not", want[wrong][1L]))
    }
  }
}

if (!nzchar(folder)) {
  test_that("the parity cases of expressions hold", {
    skip("set PARQUETFRAME_PARITY to the folder tests/parity of the repository")
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
    test_that(paste(cases$family, case$name), {
      error <- case$expect_error
      if (is.null(error)) {
        check_compute(case)
      } else if (case$call == "take") {
        # Rows have other numbers here.
        expect_error(run_compute(case), class = "parquetframe_error")
      } else {
        expect_status(run_compute(case), tolower(error$code), error$message_contains)
      }
    })
  }
}
