pf_connected_components <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("connected_components", graph, threads, memory_limit, progress)
}

pf_strongly_connected_components <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("strongly_connected_components", graph, threads, memory_limit, progress)
}

pf_condensation <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("condensation", graph, threads, memory_limit, progress)
}
