pf_betweenness <- function(graph, sources = NULL, weight = NULL, samples = NULL, seed = 0, normalized = TRUE, threads = NULL,
                           memory_limit = NULL, progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources", optional = TRUE))
  options <- new_options(
    weight = as_string(weight, "weight", optional = TRUE),
    samples = as_count(samples, "samples", optional = TRUE),
    seed = as_count(seed, "seed"),
    normalized = as_flag(normalized, "normalized")
  )
  run_kernel("betweenness", graph, threads, memory_limit, progress, options, inputs)
}

pf_closeness <- function(graph, sources = NULL, weight = NULL, mode = "in", wf_improved = TRUE, threads = NULL, memory_limit = NULL,
                         progress = FALSE) {
  inputs <- list(as_vertices(sources, "sources", optional = TRUE))
  options <- new_options(
    weight = as_string(weight, "weight", optional = TRUE),
    mode = as_string(mode, "mode"),
    wf_improved = as_flag(wf_improved, "wf_improved")
  )
  run_kernel("closeness", graph, threads, memory_limit, progress, options, inputs)
}

pf_degree_centrality <- function(graph, mode = "all", threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- new_options(mode = as_string(mode, "mode"))
  run_kernel("degree_centrality", graph, threads, memory_limit, progress, options)
}
