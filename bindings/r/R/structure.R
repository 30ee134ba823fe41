pf_triangles <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("triangles", graph, threads, memory_limit, progress)
}

pf_clustering_coefficient <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("clustering_coefficient", graph, threads, memory_limit, progress)
}

pf_core_number <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  run_kernel("core_number", graph, threads, memory_limit, progress)
}
