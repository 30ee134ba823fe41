pf_degree <- function(graph, mode = "all", threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- new_options(mode = as_string(mode, "mode"))
  collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_degree, graph, options, context)
  }))
}
