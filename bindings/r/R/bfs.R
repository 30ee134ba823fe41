pf_bfs <- function(graph, sources, max_depth = NULL, predecessors = TRUE, threads = NULL, memory_limit = NULL,
                   progress = FALSE) {
  if (!is.atomic(sources) || is.null(sources)) stop_type("sources must be a vector of vertex ids, not ", class(sources)[1L])
  sources <- as_ids(if (is.factor(sources)) as.character(sources) else sources, "sources")
  options <- new_options(
    max_depth = as_count(max_depth, "max_depth", optional = TRUE),
    predecessors = as_flag(predecessors, "predecessors")
  )
  collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_bfs, graph, sources, options, context)
  }))
}
