pf_graph <- function(edges, source, target, weight = NULL, directed = TRUE, vertices = NULL, num_vertices = NULL,
                     duplicates = "keep", self_loops = "keep", edge_ids = FALSE, threads = NULL, memory_limit = NULL,
                     progress = FALSE) {
  source <- as_string(source, "source")
  target <- as_string(target, "target")
  weight <- as_string(weight, "weight", optional = TRUE)
  options <- new_options(
    weight = weight,
    directed = as_flag(directed, "directed"),
    num_vertices = as_count(num_vertices, "num_vertices", optional = TRUE),
    duplicates = as_string(duplicates, "duplicates"),
    self_loops = as_string(self_loops, "self_loops"),
    edge_ids = as_flag(edge_ids, "edge_ids")
  )
  convert <- function(frame) {
    for (column in unique(c(source, target))) {
      frame[[column]] <- as_ids(frame[[column]], paste0("column '", column, "' of edges"))
    }
    frame
  }
  handle <- with_context(threads, memory_limit, progress = progress, run = function(context) {
    vertices <- vertex_stream(vertices, context)
    if (is.character(edges)) {
      return(.Call(C_pfr_graph_from_parquet, as_path(edges, "edges"), source, target, vertices, options, context))
    }
    rows <- as_stream(edges, "edges", c(source, target, weight), context, convert)
    .Call(C_pfr_graph_from_edges, rows, source, target, vertices, options, context)
  })
  structure(handle, class = "pf_graph")
}

# Further vertices: a vector of ids, or a table whose first column holds them.
vertex_stream <- function(vertices, context) {
  if (is.null(vertices)) {
    return(NULL)
  }
  if (inherits(vertices, "pf_table") || is.data.frame(vertices)) {
    if (!length(names(vertices))) stop_argument("vertices has no column")
    return(as_stream(vertices, "vertices", names(vertices)[1L], convert = function(frame) {
      lapply(frame, as_ids, "vertices")
    }))
  }
  if (!is.atomic(vertices)) stop_type("vertices must be a vector, a data.frame or a pf_table, not ", class(vertices)[1L])
  column_stream(list(vertex = as_ids(vertices, "vertices")))
}

graph_info <- function(graph) .Call(C_pfr_graph_info, graph)

pf_num_vertices <- function(graph) graph_info(graph)$vertices

pf_num_edges <- function(graph) graph_info(graph)$edges

pf_vertices <- function(graph) take(.Call(C_pfr_graph_vertices, graph, NULL), "vertex")

close.pf_graph <- function(con, ...) invisible(.Call(C_pfr_close, con))

describe_graph <- function(info) {
  paste0(
    if (info$directed) "directed, " else "undirected, ",
    counted(info$vertices, "vertex", "vertices"), ", ", counted(info$edges, "edge"),
    if (!is.null(info$weight)) paste0(", weight '", info$weight, "'")
  )
}

print.pf_graph <- function(x, ...) {
  text <- if (.Call(C_pfr_alive, x)) describe_graph(graph_info(x)) else "closed"
  cat("<pf_graph: ", text, ">\n", sep = "")
  invisible(x)
}

summary.pf_graph <- function(object, ...) {
  info <- graph_info(object)
  degree <- pf_degree(object)$degree
  components <- attr(pf_connected_components(object), "components")
  structure(
    c(info, list(isolated = sum(degree == 0), components = components, degree = summary(degree))),
    class = "summary.pf_graph"
  )
}

print.summary.pf_graph <- function(x, ...) {
  cat("<pf_graph: ", describe_graph(x), ">\n", sep = "")
  cat("isolated vertices: ", format(x$isolated, big.mark = ","), "\n", sep = "")
  cat("connected components: ", format(x$components, big.mark = ","), "\n", sep = "")
  if (x$vertices > 0) {
    cat("degree:\n")
    print(x$degree)
  }
  invisible(x)
}

as.data.frame.pf_graph <- function(x, row.names = NULL, optional = FALSE, ...) {
  adjacency <- pf_csr(x)
  ids <- pf_vertices(x)
  from <- rep.int(seq_along(ids), diff(adjacency$offsets))
  to <- adjacency$targets + 1
  # An undirected edge is stored both ways, a loop once.
  once <- if (graph_info(x)$directed) rep_len(TRUE, length(to)) else from <= to
  edges <- list(source = ids[from[once]], target = ids[to[once]])
  if (!is.null(adjacency$weights)) edges$weight <- adjacency$weights[once]
  as.data.frame(edges, row.names = row.names, stringsAsFactors = FALSE)
}
