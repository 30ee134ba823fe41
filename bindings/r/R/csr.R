pf_csr <- function(graph, edges = FALSE, threads = NULL, memory_limit = NULL) adjacency(graph, "csr", edges, threads, memory_limit)

pf_csc <- function(graph, edges = FALSE, threads = NULL, memory_limit = NULL) adjacency(graph, "csc", edges, threads, memory_limit)

adjacency <- function(graph, orientation, edges, threads, memory_limit) {
  weighted <- !is.null(graph_info(graph)$weight)
  parts <- c("offsets", "targets", if (weighted) "weights", if (as_flag(edges, "edges")) "edges")
  buffers <- with_context(threads, memory_limit, function(context) {
    lapply(paste0(orientation, ".", parts), function(name) take(.Call(C_pfr_graph_buffer, graph, name, context), name))
  })
  names(buffers) <- parts
  # The integers that the Matrix package wants, where they hold the numbers.
  for (part in setdiff(parts, "weights")) {
    if (!length(buffers[[part]]) || max(buffers[[part]]) <= .Machine$integer.max) {
      buffers[[part]] <- as.integer(buffers[[part]])
    }
  }
  buffers
}
