reload <- function(x) {
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  saveRDS(x, file)
  readRDS(file)
}

test_that("a graph that was saved and loaded says what to do", {
  g <- reload(small_graph())
  expect_s3_class(g, "pf_graph")
  functions <- list(
    pf_pagerank, pf_degree, pf_connected_components, pf_triangles, pf_betweenness, pf_edges, pf_transpose, pf_vertices, pf_num_edges,
    pf_csr, summary, as.data.frame, plot
  )
  for (f in functions) {
    expect_status(f(g), "invalid_argument", "graph is closed, or was saved and loaded")
  }
  expect_status(pf_bfs(g, "a"), "invalid_argument", "make it again with pf_graph()")
  expect_status(pf_pagerank(g, personalization = c(a = 1)), "invalid_argument", "graph")
  expect_output(print(g), "<pf_graph: closed>", fixed = TRUE)
})

test_that("a table that was saved and loaded says what to do", {
  t <- reload(pf_table(small_edges))
  expect_status(as.data.frame(t), "invalid_argument", "make it again with pf_table()")
  expect_status(dim(t), "invalid_argument", "table")
  expect_status(pf_graph(t, "from", "to"), "invalid_argument", "table")
  expect_output(print(t), "<pf_table: closed>", fixed = TRUE)
})

test_that("a graph may be closed twice, and its results live on", {
  g <- small_graph()
  csr <- pf_csr(g)
  ranks <- pf_pagerank(g)
  close(g)
  close(g)
  expect_status(pf_degree(g), "invalid_argument", "graph is closed")
  expect_identical(csr, pf_csr(small_graph()))
  expect_identical(ranks, pf_pagerank(small_graph()))
})

test_that("other things are no graph", {
  t <- pf_table(small_edges)
  for (x in list(NULL, 1, "a", small_edges, t, structure(list(), class = "pf_graph"))) {
    expect_status(pf_degree(x), "type", "graph must be a pf_graph")
    expect_status(pf_num_edges(x), "type", "graph must be a pf_graph")
  }
})

test_that("the entry points of C check what they get", {
  call <- function(name, ...) .Call(getFromNamespace(paste0("C_pfr_", name), "parquetframe"), ...)
  g <- small_graph()
  expect_status(call("options_new", list(1)), "type", "options")
  expect_status(call("options_new", 1), "type", "options")
  expect_status(call("options_new", list(a = 1:2)), "invalid_argument", "a must be one value")
  expect_status(call("options_new", list(a = 1L)), "type", "a must be a number")
  expect_status(call("context_new", "x", NULL, NULL), "type", "threads")
  expect_status(call("context_new", NaN, NULL, NULL), "invalid_argument", "threads")
  expect_status(call("context_new", NULL, NULL, 1), "type", "progress")
  expect_status(call("graph_kernel", g, "degree", list(), g, NULL), "type", "options must be a pf_options")
  expect_status(call("graph_kernel", g, "degree", list(), NULL, 1), "type", "context must be a pf_context")
  expect_status(call("graph_kernel", g, "degrees", list(), NULL, NULL), "invalid_argument", "no kernel 'degrees'")
  expect_status(call("graph_kernel", g, "bfs", list("a"), NULL, NULL), "type", "inputs of bfs must be a list of length 2")
  expect_status(call("graph_kernel", g, "bfs", NULL, NULL, NULL), "type", "inputs")
  expect_status(call("graph_kernel", g, "bfs", list(NULL, NULL), NULL, NULL), "invalid_argument", "sources")
  expect_status(call("graph_kernel", g, "bfs", list("a", 1i), NULL, NULL), "type", "targets has the type 'complex'")
  expect_status(call("graph_derive", g, "reverse", NULL, NULL), "invalid_argument", "no operation 'reverse'")
  expect_status(call("graph_derive", g, "subgraph", NULL, NULL), "type", "vertices")
  expect_status(call("graph_from_parquet", 1, "a", "b", NULL, NULL, NULL), "type", "path")
  expect_status(call("graph_buffer", g, "nope", NULL), "invalid_argument", "nope")
  expect_status(call("graph_buffer", g, 1, NULL), "type", "name")
  expect_status(call("graph_from_edges", NULL, "a", "b", NULL, NULL, NULL), "invalid_argument", "edges")
  expect_status(call("graph_from_edges", g, "a", "b", NULL, NULL, NULL), "type", "edges must be a pf_stream")
  expect_status(call("stream_from_frame", 1, 0L), "type", "x must be a data.frame")
  expect_status(call("stream_from_frame", list(1), 0L), "type", "x must be a data.frame")
  expect_status(call("stream_from_frame", list(), NULL), "type", "number of rows")
  expect_status(call("close", 1), "type", "con")
  stream <- call("stream_from_frame", small_edges, 0L)
  expect_identical(nrow(call("stream_collect", stream)), 6L)
  expect_status(call("stream_collect", stream), "invalid_argument", "stream was used before")

  rows <- function() call("stream_from_frame", small_edges, 0L)
  compute <- function(name, input = rows(), texts = "cost", whole = FALSE, options = NULL, context = NULL) {
    call("compute", name, input, texts, whole, options, context)
  }
  expect_status(compute("group"), "invalid_argument", "no operation 'group'")
  expect_status(compute("sort", whole = TRUE), "invalid_argument", "no operation 'sort' on arrays")
  expect_status(compute("evaluate", texts = 1), "type", "expressions must be strings")
  expect_status(compute("sort", texts = NULL), "type", "keys must be strings")
  expect_status(compute("evaluate", texts = NA_character_), "invalid_argument", "NA")
  expect_status(compute("filter", texts = c("TRUE", "TRUE")), "invalid_argument", "predicate must be one string")
  expect_status(compute("evaluate", input = g), "type", "data must be a pf_stream")
  expect_status(compute("evaluate", options = 1), "type", "options")
  expect_status(compute("evaluate", context = 1), "type", "context")
  expect_status(call("compute_take", 1, 1, NULL), "type", "data must be a pf_stream")
  expect_status(call("compute_take", rows(), 1i, NULL), "type", "indices")
  expect_status(call("compute_schema", rows(), 1, NULL), "type", "expressions")
  batches <- compute("evaluate", whole = TRUE)
  expect_identical(call("stream_collect", batches)$cost, small_edges$cost)
  expect_status(call("stream_collect", batches), "invalid_argument", "freed before")
  used <- rows()
  compute("evaluate", input = used)
  expect_status(compute("evaluate", input = used), "invalid_argument", "released")
})

test_that("errors carry the call of the user", {
  error <- tryCatch(pf_bfs(small_graph(), "nope"), error = identity)
  expect_identical(conditionCall(error), quote(pf_bfs(small_graph(), "nope")))
  error <- tryCatch(pf_pagerank(small_graph(), damping = "high"), error = identity)
  expect_identical(conditionCall(error), quote(pf_pagerank(small_graph(), damping = "high")))
})

test_that("failures in the middle leave nothing behind", {
  g <- small_graph()
  for (i in 1:50) {
    try(pf_table(data.frame(a = as.character(1:100), b = complex(100))), silent = TRUE)
    try(pf_bfs(g, "nope"), silent = TRUE)
    try(pf_read_parquet(fixture("zero-byte.parquet")), silent = TRUE)
    try(pf_evaluate(small_edges, "nope"), silent = TRUE)
    try(pf_filter(small_edges, "CAST(`from` AS int64) > 0"), silent = TRUE)
    try(pf_take(small_edges, 99), silent = TRUE)
  }
  gc()
  expect_identical(pf_num_edges(g), 6)
})
