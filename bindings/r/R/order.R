pf_topological_sort <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("topological_sort", graph, threads, memory_limit, progress)
}

pf_find_cycle <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("find_cycle", graph, threads, memory_limit, progress)
}
