# The cases of tests/parity, which all languages share. PARQUETFRAME_PARITY names their folder.

folder <- Sys.getenv("PARQUETFRAME_PARITY")

ids <- function(values, type) {
  if (type == "string") vapply(values, as.character, "") else vapply(values, as.double, 0)
}

build <- function(graph) {
  edges <- data.frame(source = ids(graph$source, graph$id_type), target = ids(graph$target, graph$id_type))
  weighted <- !is.null(graph$weight)
  if (weighted) edges$weight <- vapply(graph$weight, as.double, 0)
  arguments <- list(
    edges, "source", "target",
    weight = if (weighted) "weight",
    vertices = if (!is.null(graph$vertices)) ids(graph$vertices, graph$id_type)
  )
  options <- intersect(c("directed", "num_vertices", "duplicates", "self_loops", "edge_ids"), names(graph))
  do.call(pf_graph, c(arguments, graph[options]))
}

run_case <- function(kernel, case) {
  type <- case$graph$id_type
  inputs <- case[intersect(c("sources", "targets", "source", "target", "vertices"), names(case))]
  arguments <- c(list(build(case$graph)), lapply(inputs, ids, type), case$options)
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
column <- function(kernel, name, values, id_type) {
  values <- lapply(values, function(v) if (is.null(v)) NA else v)
  if (name == "has_edge") {
    return(vapply(values, as.logical, NA))
  }
  # The ends of condensed edges are numbers of components.
  is_id <- name %in% c("vertex", "predecessor", "neighbor", if (kernel != "condensation") c("source", "target"))
  ids(values, if (is_id) id_type else "int64")
}

# Every step uses an edge of its own, and no vertex comes twice.
expect_cycle <- function(cycle, graph) {
  edges <- data.frame(from = ids(graph$source, graph$id_type), to = ids(graph$target, graph$id_type))
  expect_gt(length(cycle), 0)
  expect_false(anyDuplicated(cycle) > 0)
  for (i in seq_along(cycle)) {
    from <- cycle[i]
    to <- cycle[i %% length(cycle) + 1]
    fits <- (edges$from == from & edges$to == to) | (!graph$directed & edges$from == to & edges$to == from)
    expect_true(any(fits), info = paste(from, "to", to))
    edges <- edges[-which(fits)[1], ]
  }
}

# Text is exact, a number is to the tolerance.
check_fact <- function(got, want, key, tolerance) {
  if (is.numeric(want)) {
    expect_true(abs(got - want) <= tolerance, info = key)
  } else {
    expect_identical(tolower(format(got, scientific = FALSE)), want, info = key)
  }
}

check <- function(kernel, result, case) {
  expected <- case$expect$columns
  expect_named(result, names(expected))
  for (key in names(case$expect$metadata)) {
    fact <- attr(result, sub("parquetframe.", "", key, fixed = TRUE))
    check_fact(fact, case$expect$metadata[[key]], key, case$tolerance)
  }
  if (identical(case$expect$verify, "cycle")) {
    expect_cycle(result$vertex, case$graph)
    return()
  }
  for (name in names(expected)) {
    got <- result[[name]]
    want <- column(kernel, name, expected[[name]], case$graph$id_type)
    if (case$tolerance > 0 && is.double(got)) {
      expect_identical(is.na(got), is.na(want), info = name)
      expect_true(all(abs(got - want) <= case$tolerance, na.rm = TRUE), info = name)
    } else {
      expect_identical(got, want, info = name)
    }
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
files <- grep("/compute_[^/]*$", files, value = TRUE, invert = TRUE)
for (file in files) {
  cases <- jsonlite::read_json(file)
  for (case in cases$cases) {
    # Ids beyond 2^53 are no numbers of R.
    if (isTRUE(case$wide_ids)) next
    test_that(paste(cases$kernel, case$name), {
      if (is.null(case$expect_error)) {
        check(cases$kernel, run_case(cases$kernel, case), case)
      } else if (isTRUE(case$unknown_option)) {
        expect_error(run_case(cases$kernel, case), case$expect_error$message_contains, fixed = TRUE)
      } else {
        expect_status(run_case(cases$kernel, case), tolower(case$expect_error$code), case$expect_error$message_contains)
      }
    })
  }
}
