pf_edges <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("edges", graph, threads, memory_limit, progress)
}

pf_neighbors <- function(graph, vertices, mode = "out", threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(vertices, "vertices"))
  options <- new_options(mode = as_string(mode, "mode"))
  run_kernel("neighbors", graph, threads, memory_limit, progress, options, inputs)
}

pf_has_edge <- function(graph, sources, targets, threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources"), as_vertices(targets, "targets"))
  run_kernel("has_edge", graph, threads, memory_limit, progress, NULL, inputs)
}
