pf_dfs <- function(graph, sources = NULL, max_depth = NULL, forest = FALSE, reached_only = FALSE,
                   threads = NULL, memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources", optional = TRUE))
  options <- new_options(
    max_depth = as_count(max_depth, "max_depth", optional = TRUE),
    forest = as_flag(forest, "forest"),
    reached_only = as_flag(reached_only, "reached_only")
  )
  run_kernel("dfs", graph, threads, memory_limit, progress, options, inputs)
}
