test_that("degrees count loops twice and parallel edges each", {
  g <- small_graph()
  expect_identical(pf_degree(g), data.frame(vertex = c("a", "b", "c", "d"), degree = c(3, 3, 3, 3)))
  expect_identical(pf_degree(g, "out")$degree, c(2, 1, 2, 1))
  expect_identical(pf_degree(g, mode = "in")$degree, c(1, 2, 1, 2))
  expect_status(pf_degree(g, mode = "sideways"), "invalid_argument", "mode")
})

test_that("bfs gives distances and the first of the predecessors", {
  bfs <- pf_bfs(small_graph(), "a")
  expect_named(bfs, c("vertex", "distance", "predecessor", "layer"))
  expect_identical(bfs$distance, c(0, 1, 2, 3))
  expect_identical(bfs$predecessor, c(NA, "a", "b", "c"))
  expect_identical(bfs$layer, bfs$distance)
})

test_that("bfs leaves what it does not reach NA", {
  g <- small_graph()
  expect_identical(pf_bfs(g, "d")$distance, c(NA, NA, NA, 0))
  expect_identical(pf_bfs(g, "a", max_depth = 1)$distance, c(0, 1, NA, NA))
  expect_identical(pf_bfs(g, c("c", "b"))$distance, c(1, 0, 0, 1))
  expect_named(pf_bfs(g, "a", predecessors = FALSE), c("vertex", "distance", "layer"))
})

test_that("bfs refuses sources by name", {
  g <- small_graph()
  expect_status(pf_bfs(g, "nope"), "invalid_argument", "nope")
  expect_status(pf_bfs(g, character()), "invalid_argument", "source")
  expect_status(pf_bfs(g, NA_character_), "invalid_argument", "source")
  expect_status(pf_bfs(g, NULL), "type", "sources")
  expect_status(pf_bfs(g, list("a")), "type", "sources")
  expect_status(pf_bfs(g, 1:2), "type", "sources")
  expect_status(pf_bfs(g, "a", max_depth = -1), "invalid_argument", "max_depth")
  expect_status(pf_bfs(g, "a", predecessors = NA), "invalid_argument", "predecessors")
  expect_status(pf_bfs(g, "a", predecessors = "no"), "type", "predecessors")
  integers <- pf_graph(data.frame(s = 1:2, t = 2:3), "s", "t")
  expect_identical(pf_bfs(integers, 1)$distance, c(0, 1, 2))
  expect_identical(pf_bfs(integers, 1L)$predecessor, c(NA, 1L, 2L))
  expect_status(pf_bfs(integers, 1.5), "type", "sources")
  expect_status(pf_bfs(integers, "1"), "type", "sources")
})

test_that("bfs ends at its targets, and shows what it reached", {
  g <- small_graph()
  expect_identical(pf_bfs(g, "a", targets = "b")$distance, c(0, 1, NA, NA))
  reached <- pf_bfs(g, "c", targets = "d", reached_only = TRUE)
  expect_identical(reached$vertex, c("a", "c", "d"))
  expect_identical(attr(reached, "reached"), 3L)
  expect_status(pf_bfs(g, "a", targets = "nope"), "invalid_argument", "nope")
  expect_status(pf_bfs(g, "a", targets = NA_character_), "invalid_argument", "target")
  expect_status(pf_bfs(g, "a", targets = list("b")), "type", "targets")
  expect_status(pf_bfs(g, "a", reached_only = 1), "type", "reached_only")
  expect_identical(pf_bfs(g, factor("a"), targets = factor("b")), pf_bfs(g, "a", targets = "b"))
})

test_that("ranks sum to one and tell about their run", {
  ranks <- pf_pagerank(small_graph(), tolerance = 1e-12)
  expect_equal(sum(ranks$rank), 1, tolerance = 1e-12)
  expect_true(attr(ranks, "converged"))
  expect_lt(attr(ranks, "residual"), 1e-12)
  expect_type(attr(ranks, "iterations"), "integer")
})

test_that("ranks are the fixed point of their definition", {
  g <- small_graph(weight = "cost")
  jump <- c(a = 0, b = 0.25, c = 0, d = 0.75)
  ranks <- pf_pagerank(g, damping = 0.7, tolerance = 1e-14, weight = "cost", personalization = jump[jump > 0])
  index <- function(id) match(id, names(jump))
  walk <- matrix(0, 4, 4)
  for (i in seq_len(nrow(small_edges))) {
    at <- cbind(index(small_edges$from[i]), index(small_edges$to[i]))
    walk[at] <- walk[at] + small_edges$cost[i]
  }
  walk <- walk / rowSums(walk)
  expect_equal(ranks$rank, as.vector(0.7 * ranks$rank %*% walk + 0.3 * jump), tolerance = 1e-12)
})

test_that("top gives the highest ranks, highest first", {
  g <- small_graph()
  all <- pf_pagerank(g)
  top <- pf_pagerank(g, top = 2)
  expect_equal(top$rank, sort(all$rank, decreasing = TRUE)[1:2])
  expect_identical(nrow(pf_pagerank(g, top = 99)), 4L)
})

test_that("personalization may be a vector, a data frame or a table", {
  g <- small_graph()
  expected <- pf_pagerank(g, personalization = c(a = 1, d = 3))
  frame <- data.frame(weight = c(1, 3), vertex = c("a", "d"), other = 0)
  expect_identical(pf_pagerank(g, personalization = frame), expected)
  expect_identical(pf_pagerank(g, personalization = pf_table(frame)), expected)

  integers <- pf_graph(data.frame(s = 1:2, t = 2:3), "s", "t")
  expect_identical(
    pf_pagerank(integers, personalization = c(`3` = 1)),
    pf_pagerank(integers, personalization = data.frame(vertex = 3, weight = 1))
  )
  expect_status(pf_pagerank(integers, personalization = c(x = 1)), "invalid_argument", "'x'")
  expect_status(pf_pagerank(g, personalization = c(1, 2)), "invalid_argument", "personalization must have names")
  expect_status(pf_pagerank(g, personalization = c(nope = 1)), "invalid_argument", "nope")
  expect_status(pf_pagerank(g, personalization = c(a = -1)), "invalid_argument", "personalization")
  expect_status(pf_pagerank(g, personalization = c(a = NA)), "type", "personalization")
  expect_status(pf_pagerank(g, personalization = c(a = NA_real_)), "invalid_argument", "personalization")
  expect_status(pf_pagerank(g, personalization = data.frame(vertex = "a")), "invalid_argument", "weight")
})

test_that("ranks that do not converge come with a warning", {
  g <- small_graph()
  warning <- expect_warning(ranks <- pf_pagerank(g, max_iterations = 2, tolerance = 0), class = "parquetframe_not_converged")
  expect_s3_class(warning, "parquetframe_warning")
  expect_match(conditionMessage(warning), "2 iterations")
  expect_false(attr(ranks, "converged"))
  expect_identical(attr(ranks, "iterations"), 2L)
  expect_identical(nrow(ranks), 4L)
})

test_that("arguments of pagerank are checked by name", {
  g <- small_graph()
  for (damping in list(0, 1, -0.1, 1.5, Inf)) expect_status(pf_pagerank(g, damping = damping), "invalid_argument", "damping")
  expect_status(pf_pagerank(g, damping = NA_real_), "invalid_argument", "damping")
  expect_status(pf_pagerank(g, damping = "high"), "type", "damping")
  expect_status(pf_pagerank(g, damping = TRUE), "type", "damping")
  expect_status(pf_pagerank(g, damping = c(0.1, 0.2)), "invalid_argument", "damping must be one number, not 2 values")
  expect_status(pf_pagerank(g, tolerance = -1), "invalid_argument", "tolerance")
  expect_status(pf_pagerank(g, max_iterations = 0), "invalid_argument", "max_iterations")
  expect_status(pf_pagerank(g, max_iterations = 2.5), "type", "max_iterations")
  expect_status(pf_pagerank(g, max_iterations = NULL), "type", "max_iterations")
  expect_status(pf_pagerank(g, top = 0), "invalid_argument", "top")
  expect_status(pf_pagerank(g, weight = "cost"), "invalid_argument", "weight")
  expect_status(pf_pagerank(g, weight = 1), "type", "weight")
  expect_status(pf_pagerank(g, threads = -1), "invalid_argument", "threads")
  expect_status(pf_pagerank(g, threads = 1e10), "invalid_argument", "threads")
  expect_status(pf_pagerank(g, memory_limit = -1), "invalid_argument", "memory_limit")
  expect_status(pf_pagerank(g, progress = NA), "invalid_argument", "progress")
})

test_that("components are numbered by their first vertex", {
  g <- pf_graph(data.frame(s = c(5, 1), t = c(6, 2)), "s", "t", vertices = c(3, 0))
  components <- pf_connected_components(g)
  expect_equal(components$vertex, c(0, 1, 2, 3, 5, 6))
  expect_identical(components$component_id, c(0, 1, 1, 2, 3, 3))
  expect_identical(attr(components, "components"), 4L)
})

test_that("rows and columns of the adjacency hold every edge", {
  g <- small_graph(weight = "cost")
  ids <- pf_vertices(g)
  edges_of <- function(adjacency, flip) {
    from <- ids[rep(seq_along(ids), diff(adjacency$offsets))]
    to <- ids[adjacency$targets + 1L]
    sort(paste(if (flip) to else from, if (flip) from else to, adjacency$weights))
  }
  expected <- sort(paste(small_edges$from, small_edges$to, small_edges$cost))
  expect_identical(edges_of(pf_csr(g), FALSE), expected)
  expect_identical(edges_of(pf_csc(g), TRUE), expected)
  expect_type(pf_csr(g)$offsets, "integer")
  with_rows <- pf_csc(small_graph(edge_ids = TRUE), edges = TRUE)
  expect_identical(small_edges$from[with_rows$edges + 1L], ids[with_rows$targets + 1L])
  expect_type(with_rows$edges, "integer")
  expect_status(pf_csr(g, edges = TRUE), "invalid_argument", "edge_ids")
  expect_null(pf_csr(small_graph())$weights)
  undirected <- small_graph(directed = FALSE)
  expect_identical(pf_csr(undirected), pf_csc(undirected))
  expect_length(pf_csr(undirected)$targets, 2 * 6 - 1)
})
