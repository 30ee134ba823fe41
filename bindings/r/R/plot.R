# The most vertices that are drawn as a network unless that is asked for: beyond, lines hide each other.
MOST_DRAWN <- 60

plot.pf_graph <- function(x, type = c("auto", "degree", "network"), mode = "all", ...) {
  choices <- c("auto", "degree", "network")
  type <- if (missing(type)) "auto" else as_string(type, "type")
  if (!type %in% choices) stop_argument("type must be 'auto', 'degree' or 'network', not '", type, "'")
  vertices <- pf_num_vertices(x)
  igraph <- requireNamespace("igraph", quietly = TRUE)
  if (type == "auto") type <- if (igraph && vertices > 0 && vertices <= MOST_DRAWN) "network" else "degree"
  if (type == "degree") {
    return(invisible(plot_degrees(x, mode, ...)))
  }
  if (!igraph) stop_status("UNSUPPORTED", "type = 'network' needs the package igraph, which is not installed")
  network <- as_igraph(x)
  plot(network, ...)
  invisible(network)
}

# How many vertices have each degree, on logarithmic axes.
plot_degrees <- function(graph, mode, ..., xlab = "degree", ylab = "vertices", log = "xy",
                         main = paste0(counted(pf_num_vertices(graph), "vertex", "vertices"), ", ", counted(pf_num_edges(graph), "edge"))) {
  degree <- pf_degree(graph, mode = mode)$degree
  values <- sort(unique(degree))
  frame <- data.frame(degree = values, vertices = tabulate(match(degree, values), length(values)))
  # A logarithmic axis has no place for 0.
  shown <- if (grepl("x", log, fixed = TRUE)) frame[frame$degree > 0, ] else frame
  if (nrow(shown)) {
    plot(shown$degree, shown$vertices, xlab = xlab, ylab = ylab, log = log, main = main, ...)
    hidden <- sum(frame$vertices) - sum(shown$vertices)
    if (hidden > 0) mtext(paste("not shown:", counted(hidden, "vertex", "vertices"), "of degree 0"), cex = 0.8)
  } else {
    plot.new()
    title(main = main, xlab = xlab, ylab = ylab)
  }
  frame
}

# The graph as one of igraph. A weight is its edge attribute `weight`; vertices are named by their ids.
as_igraph <- function(graph) {
  edges <- as.data.frame(graph)
  vertices <- data.frame(name = as.character(pf_vertices(graph)))
  igraph::graph_from_data_frame(edges, directed = graph_info(graph)$directed, vertices = vertices)
}
