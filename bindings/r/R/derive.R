pf_transpose <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  derive(graph, "transpose", NULL, threads, memory_limit, progress)
}

pf_undirected <- function(graph, threads = NULL, memory_limit = NULL, progress = FALSE) {
  derive(graph, "undirected", NULL, threads, memory_limit, progress)
}

pf_subgraph <- function(graph, vertices, threads = NULL, memory_limit = NULL, progress = FALSE) {
  derive(graph, "subgraph", as_vertices(vertices, "vertices"), threads, memory_limit, progress)
}

pf_filter_edges <- function(graph, keep, threads = NULL, memory_limit = NULL, progress = FALSE) {
  if (!is.logical(keep)) stop_type("keep must be a logical vector, not ", class(keep)[1L])
  derive(graph, "filter_edges", as.vector(keep), threads, memory_limit, progress)
}

# A graph that an operation of the library makes of another and of the vector `input`, if it takes one.
derive <- function(graph, operation, input, threads, memory_limit, progress) {
  handle <- with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_derive, graph, operation, input, context)
  })
  structure(handle, class = "pf_graph")
}
