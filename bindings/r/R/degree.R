pf_degree <- function(graph, mode = "all", threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- new_options(mode = as_string(mode, "mode"))
  run_kernel("degree", graph, threads, memory_limit, progress, options)
}
