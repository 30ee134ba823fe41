pf_bfs <- function(graph, sources, max_depth = NULL, predecessors = TRUE, targets = NULL, reached_only = FALSE,
                   threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources"), as_vertices(targets, "targets", optional = TRUE))
  options <- new_options(
    max_depth = as_count(max_depth, "max_depth", optional = TRUE),
    predecessors = as_flag(predecessors, "predecessors"),
    reached_only = as_flag(reached_only, "reached_only")
  )
  run_kernel("bfs", graph, threads, memory_limit, progress, options, inputs)
}
