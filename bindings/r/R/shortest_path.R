pf_shortest_path <- function(graph, sources, weight = NULL, targets = NULL, method = "auto", delta = NULL, predecessors = TRUE,
                             reached_only = FALSE, threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources"), as_vertices(targets, "targets", optional = TRUE))
  options <- new_options(
    weight = as_string(weight, "weight", optional = TRUE),
    method = as_string(method, "method"),
    delta = as_number(delta, "delta", optional = TRUE),
    predecessors = as_flag(predecessors, "predecessors"),
    reached_only = as_flag(reached_only, "reached_only")
  )
  run_kernel("shortest_path", graph, threads, memory_limit, progress, options, inputs)
}

pf_path <- function(graph, source, target, weight = NULL, method = "auto", threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertex(source, "source"), as_vertex(target, "target"))
  options <- new_options(weight = as_string(weight, "weight", optional = TRUE), method = as_string(method, "method"))
  run_kernel("path", graph, threads, memory_limit, progress, options, inputs)
}
