test_that("a graph counts what went in", {
  g <- small_graph()
  expect_identical(pf_num_vertices(g), 4)
  expect_identical(pf_num_edges(g), 6)
  expect_identical(pf_vertices(g), c("a", "b", "c", "d"))
})

test_that("a data frame, a table, a file and a folder give the same graph", {
  frame <- pf_read_parquet(example_edges())
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file.copy(example_edges(), folder)
  expected <- pf_pagerank(pf_graph(frame, "source", "target"))
  for (edges in list(pf_table(frame), pf_table(example_edges(), batch_size = 1), example_edges(), folder)) {
    expect_identical(pf_pagerank(pf_graph(edges, "source", "target")), expected)
  }
})

test_that("integer ids are ordered by value and keep their type", {
  g <- pf_graph(data.frame(s = c(9L, -3L), t = c(2L, 9L)), "s", "t")
  expect_identical(pf_vertices(g), c(-3L, 2L, 9L))
  g <- pf_graph(data.frame(s = c(9, -3), t = c(2^53, 9)), "s", "t")
  expect_identical(pf_vertices(g), c(-3, 9, 2^53))
})

test_that("factor ids are their labels, in the order of appearance", {
  labels <- c("z", "a", "m")
  g <- pf_graph(data.frame(s = factor(c("m", "a")), t = factor(c("z", "m"), levels = labels)), "s", "t")
  expect_identical(as.character(pf_vertices(g)), c("m", "z", "a"))
  expect_identical(pf_bfs(g, "a")$distance, pf_bfs(g, factor("a", levels = labels))$distance)
})

test_that("NA ids are refused by the name of their column", {
  expect_status(pf_graph(data.frame(s = c("a", NA), t = c("b", "c")), "s", "t"), "invalid_argument", "s")
  expect_status(pf_graph(data.frame(s = c("a", "b"), goal = c("b", NA)), "s", "goal"), "invalid_argument", "goal")
  expect_status(pf_graph(data.frame(s = 1:2, goal = c(1L, NA)), "s", "goal"), "invalid_argument", "goal")
  expect_status(pf_graph(data.frame(s = c(1, 2), goal = c(1, NA)), "s", "goal"), "invalid_argument", "goal")
  expect_status(pf_graph(small_edges, "from", "to", vertices = c("a", NA)), "invalid_argument", "vertices")
})

test_that("ids of other types are refused by the name of their column", {
  for (bad in list(c(1, 1.5), c(1, NaN), c(1, Inf), c(1, 2^60))) {
    expect_status(pf_graph(data.frame(s = 1:2, goal = bad), "s", "goal"), "type", "column 'goal' of edges")
  }
  expect_status(pf_graph(data.frame(s = c(TRUE, FALSE), t = 1:2), "s", "t"), "type", "s")
  expect_status(pf_graph(data.frame(s = Sys.Date(), t = 1L), "s", "t"), "type", "s")
  expect_status(pf_graph(data.frame(s = c("a", "b"), t = 1:2), "s", "t"), "type", "t")
})

test_that("unknown columns are named", {
  for (edges in list(small_edges, pf_table(small_edges))) {
    expect_status(pf_graph(edges, "nope", "to"), "invalid_argument", "nope")
    expect_status(pf_graph(edges, "from", "nope"), "invalid_argument", "nope")
    expect_status(pf_graph(edges, "from", "to", weight = "nope"), "invalid_argument", "nope")
  }
  expect_status(pf_graph(example_edges(), "source", "nope"), "invalid_argument", "nope")
})

test_that("weights are kept and bad ones refused", {
  expect_identical(as.data.frame(small_graph(weight = "cost"))$weight, c(1, 3, 0.5, 2, 1, 1))
  bad <- transform(small_edges, cost = c(1, NA, 1, 1, 1, 1))
  expect_status(pf_graph(bad, "from", "to", weight = "cost"), "invalid_argument", "cost")
  bad$cost[2] <- NaN
  expect_status(pf_graph(bad, "from", "to", weight = "cost"), "invalid_argument", "cost")
  expect_status(pf_graph(small_edges, "from", "to", weight = "from"), "type", "from")
})

test_that("parallel edges and loops are treated as asked", {
  expect_identical(pf_num_edges(small_graph(duplicates = "first")), 5)
  expect_identical(pf_num_edges(small_graph(self_loops = "drop")), 5)
  for (policy in c("sum", "min", "max")) {
    g <- small_graph(weight = "cost", duplicates = policy)
    expect_identical(pf_edges(g)$cost[1], get(policy)(1, 3))
    expect_status(small_graph(duplicates = policy), "invalid_argument", "weight")
  }
  expect_status(small_graph(duplicates = "mean"), "invalid_argument", "duplicates")
  expect_status(small_graph(duplicates = NULL), "type", "duplicates")
  expect_status(small_graph(self_loops = TRUE), "type", "self_loops")
  expect_status(small_graph(edge_ids = 1), "type", "edge_ids")
})

test_that("graphs are made of graphs, and the first ones stay", {
  g <- small_graph(weight = "cost", edge_ids = TRUE)
  before <- pf_edges(g)
  expect_identical(pf_csr(pf_transpose(g)), pf_csc(g))
  expect_output(print(pf_undirected(g)), "undirected")
  expect_identical(pf_num_edges(pf_undirected(g)), 6)
  part <- pf_subgraph(g, c("d", "c"))
  expect_identical(pf_vertices(part), c("c", "d"))
  expect_identical(pf_edges(part)$cost, c(1, 1))
  light <- pf_filter_edges(g, small_edges$cost < 2)
  expect_identical(pf_num_vertices(light), 4)
  expect_identical(pf_edges(light)$cost, c(1, 0.5, 1, 1))
  expect_identical(pf_edges(g), before)
  close(g)
  expect_identical(pf_num_edges(light), 4)

  g <- small_graph(edge_ids = TRUE)
  expect_status(pf_subgraph(g, "nope"), "invalid_argument", "nope")
  expect_status(pf_subgraph(g, list("a")), "type", "vertices")
  expect_status(pf_subgraph(g, NULL), "type", "vertices")
  expect_status(pf_filter_edges(g, TRUE), "invalid_argument", "keep")
  expect_identical(pf_num_edges(pf_filter_edges(g, c(TRUE, NA, TRUE, TRUE, TRUE, FALSE))), 4)
  expect_status(pf_filter_edges(g, 1:6), "type", "keep")
  expect_status(pf_filter_edges(small_graph(), rep(TRUE, 6)), "invalid_argument", "edge_ids")
})

test_that("vertices may come as a vector, a data frame or a table", {
  expect_identical(pf_vertices(small_graph(vertices = c("z", "d"))), c("z", "d", "a", "b", "c"))
  expect_identical(pf_vertices(small_graph(vertices = data.frame(id = c("z", "d"), x = 1:2))), c("z", "d", "a", "b", "c"))
  expect_identical(pf_vertices(small_graph(vertices = pf_table(data.frame(id = c("z", "z"))))), c("z", "a", "b", "c", "d"))
  expect_status(small_graph(vertices = list("z")), "type", "vertices")
  expect_status(small_graph(vertices = data.frame()), "invalid_argument", "vertices")
  expect_status(small_graph(vertices = 1:3), "type", "vertices")
})

test_that("positions are all vertices", {
  g <- pf_graph(data.frame(s = c(0, 2), t = c(2, 1)), "s", "t", num_vertices = 5)
  expect_equal(pf_vertices(g), 0:4)
  expect_identical(summary(g)$isolated, 2L)
  expect_status(pf_graph(data.frame(s = 0L, t = 7L), "s", "t", num_vertices = 5), "invalid_argument", "7")
  expect_status(pf_graph(data.frame(s = 0L, t = 1L), "s", "t", num_vertices = -1), "invalid_argument", "num_vertices")
  expect_status(
    pf_graph(data.frame(s = 0L, t = 1L), "s", "t", num_vertices = 2, vertices = 0L), "invalid_argument", "num_vertices"
  )
})

test_that("a graph without edges is a graph", {
  for (edges in list(data.frame(s = integer(), t = integer()), data.frame(s = character(), t = character()))) {
    g <- pf_graph(edges, "s", "t")
    expect_identical(pf_num_vertices(g), 0)
    expect_identical(length(pf_vertices(g)), 0L)
    for (result in list(pf_degree(g), pf_pagerank(g), pf_connected_components(g), as.data.frame(g))) {
      expect_identical(nrow(result), 0L)
    }
    expect_identical(summary(g)$vertices, 0)
  }
})

test_that("the edges come back as they went in", {
  edges <- as.data.frame(small_graph(weight = "cost"))
  order_of <- function(frame) do.call(order, unname(as.list(frame)))
  expect_identical(nrow(edges), 6L)
  expect_equal(
    edges[order_of(edges), ],
    setNames(small_edges[order_of(small_edges), ], c("source", "target", "weight")),
    ignore_attr = "row.names"
  )
  undirected <- as.data.frame(small_graph(directed = FALSE))
  expect_identical(nrow(undirected), 6L)
  expect_named(undirected, c("source", "target"))
})

test_that("a progress bar goes to the standard error stream and changes nothing", {
  edges <- data.frame(s = rep(1:5000, 20), t = (seq_len(1e5) * 7919L) %% 5000L)
  plain <- pf_pagerank(pf_graph(edges, "s", "t"), tolerance = 1e-14)
  shown <- capture.output(type = "message", {
    g <- pf_graph(edges, "s", "t", progress = TRUE)
    watched <- pf_pagerank(g, tolerance = 1e-14, progress = TRUE)
  })
  expect_identical(watched, plain)
  expect_match(paste(shown, collapse = ""), "100%")
})

test_that("a child process that was forked uses the graph of its parent", {
  skip_on_os("windows")
  edges <- data.frame(s = rep(1:20000, 10), t = (seq_len(2e5) * 7919L) %% 20000L)
  g <- pf_graph(edges, "s", "t")
  expected <- pf_pagerank(g, threads = 2)
  children <- parallel::mclapply(1:2, function(i) pf_pagerank(g, threads = 2), mc.cores = 2)
  expect_identical(children, list(expected, expected))
})

test_that("results do not depend on the threads, and the memory limit is kept", {
  edges <- data.frame(s = rep(1:20000, 10), t = (seq_len(2e5) * 7919L) %% 20000L)
  one <- pf_pagerank(pf_graph(edges, "s", "t", threads = 1), threads = 1)
  two <- pf_pagerank(pf_graph(edges, "s", "t", threads = 2), threads = 2)
  expect_identical(one, two)
  expect_status(pf_graph(edges, "s", "t", memory_limit = 1000), "out_of_memory", "memory")
})
