pf_pagerank <- function(graph, damping = 0.85, tolerance = 1e-6, max_iterations = 100, weight = NULL,
                        personalization = NULL, top = NULL, threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- new_options(
    damping = as_number(damping, "damping"),
    tolerance = as_number(tolerance, "tolerance"),
    max_iterations = as_count(max_iterations, "max_iterations"),
    weight = as_string(weight, "weight", optional = TRUE),
    top = as_count(top, "top", optional = TRUE)
  )
  jumps <- if (!is.null(personalization)) personalization_stream(graph, personalization)
  ranks <- collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_pagerank, graph, jumps, options, context)
  }))
  if (isFALSE(attr(ranks, "converged"))) {
    warn(
      "not_converged", "PageRank did not converge in ", attr(ranks, "iterations"), " iterations: the ranks still change by ",
      format(attr(ranks, "residual")), ", more than the tolerance ", format(tolerance)
    )
  }
  ranks
}

# A named vector, or a data.frame (pf_table, path) with the columns vertex and weight.
personalization_stream <- function(graph, personalization) {
  if (is.numeric(personalization)) {
    ids <- names(personalization)
    if (is.null(ids)) stop_argument("personalization must have names, the vertex ids")
    personalization <- data.frame(vertex = ids_from_names(graph, ids), weight = as.double(personalization))
  }
  as_stream(personalization, "personalization", c("vertex", "weight"), convert = function(frame) {
    frame$vertex <- as_ids(frame$vertex, "column 'vertex' of personalization")
    frame
  })
}

ids_from_names <- function(graph, names) {
  if (!.Call(C_pfr_graph_integer_ids, graph)) {
    return(names)
  }
  ids <- suppressWarnings(as.double(names))
  if (anyNA(ids)) {
    stop_argument("personalization names the vertex '", names[is.na(ids)][1L], "', but the ids of the graph are integers")
  }
  ids
}
