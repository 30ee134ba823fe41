pf_connected_components <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_connected_components, graph, NULL, context)
  }))
}
