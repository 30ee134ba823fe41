# The cases of tests/parity, which all languages share. PARQUETFRAME_PARITY names their folder.

folder <- Sys.getenv("PARQUETFRAME_PARITY")

ids <- function(values, type) {
  if (type == "string") vapply(values, as.character, "") else vapply(values, as.double, 0)
}

build <- function(graph) {
  edges <- data.frame(source = ids(graph$source, graph$id_type), target = ids(graph$target, graph$id_type))
  weighted <- !is.null(graph$weight)
  if (weighted) edges$weight <- vapply(graph$weight, as.double, 0)
  pf_graph(
    edges, "source", "target",
    weight = if (weighted) "weight",
    directed = graph$directed,
    vertices = if (!is.null(graph$vertices)) ids(graph$vertices, graph$id_type),
    num_vertices = graph$num_vertices
  )
}

run_case <- function(kernel, case) {
  arguments <- c(list(build(case$graph)), case$options)
  type <- case$graph$id_type
  if (kernel == "bfs") arguments$sources <- ids(case$sources, type)
  if (!is.null(case$personalization)) {
    arguments$personalization <- data.frame(
      vertex = ids(case$personalization$vertex, type),
      weight = vapply(case$personalization$weight, as.double, 0)
    )
  }
  withCallingHandlers(
    do.call(paste0("pf_", kernel), arguments),
    parquetframe_not_converged = function(w) invokeRestart("muffleWarning")
  )
}

# A column of JSON: null is NA.
column <- function(name, values, id_type) {
  values <- lapply(values, function(v) if (is.null(v)) NA else v)
  ids(values, if (name %in% c("vertex", "predecessor")) id_type else "int64")
}

check_fact <- function(got, text, key) {
  if (is.logical(got)) expect_identical(tolower(got), text, info = key) else expect_equal(got, as.numeric(text), info = key)
}

check <- function(result, case) {
  expected <- case$expect$columns
  expect_named(result, names(expected))
  for (name in names(expected)) {
    got <- result[[name]]
    want <- column(name, expected[[name]], case$graph$id_type)
    if (name == "rank") {
      expect_identical(length(got), length(want))
      expect_true(all(abs(got - want) <= case$tolerance), info = name)
    } else {
      expect_identical(got, want, info = name)
    }
  }
  for (key in names(case$expect$metadata)) {
    check_fact(attr(result, sub("parquetframe.", "", key, fixed = TRUE)), case$expect$metadata[[key]], key)
  }
}

if (!nzchar(folder)) {
  test_that("the parity cases hold", {
    skip("set PARQUETFRAME_PARITY to the folder tests/parity of the repository")
  })
} else {
  test_that("there are parity cases", {
    skip_if_not_installed("jsonlite")
    expect_gt(length(list.files(folder, "\\.json$")), 0)
  })
}

files <- if (nzchar(folder) && requireNamespace("jsonlite", quietly = TRUE)) list.files(folder, "\\.json$", full.names = TRUE)
for (file in files) {
  cases <- jsonlite::read_json(file)
  for (case in cases$cases) {
    # Ids beyond 2^53 are no numbers of R.
    if (isTRUE(case$wide_ids)) next
    test_that(paste(cases$kernel, case$name), {
      if (is.null(case$expect_error)) {
        check(run_case(cases$kernel, case), case)
      } else if (isTRUE(case$unknown_option)) {
        expect_error(run_case(cases$kernel, case), case$expect_error$message_contains, fixed = TRUE)
      } else {
        expect_status(run_case(cases$kernel, case), tolower(case$expect_error$code), case$expect_error$message_contains)
      }
    })
  }
}
