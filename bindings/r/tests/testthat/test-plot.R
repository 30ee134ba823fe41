# What is drawn on a device that keeps nothing.
drawn <- function(...) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  plot(...)
}

test_that("degrees are counted for the plot", {
  g <- small_graph(vertices = c("y", "z"))
  expect_identical(drawn(g, type = "degree"), data.frame(degree = c(0, 3), vertices = c(2L, 4L)))
  expect_identical(drawn(g, type = "degree", mode = "out", log = "")$degree, c(0, 1, 2))
  expect_identical(drawn(g, type = "degree", main = "Mine", col = "red")$vertices, c(2L, 4L))
  empty <- pf_graph(data.frame(s = integer(), t = integer()), "s", "t")
  expect_identical(nrow(drawn(empty)), 0L)
  expect_false(withVisible(drawn(g, type = "degree"))$visible)
})

test_that("large graphs are not drawn as networks unless asked", {
  large <- pf_graph(data.frame(s = 1:99, t = 2:100), "s", "t")
  expect_s3_class(drawn(large), "data.frame")
})

test_that("a network is drawn by igraph, or the package is asked for", {
  g <- small_graph(weight = "cost")
  if (requireNamespace("igraph", quietly = TRUE)) {
    network <- drawn(g)
    expect_s3_class(network, "igraph")
    expect_equal(igraph::vcount(network), 4)
    expect_identical(igraph::E(network)$weight, as.data.frame(g)$weight)
  } else {
    expect_status(drawn(g, type = "network"), "unsupported", "igraph")
    expect_s3_class(drawn(g), "data.frame")
  }
})

test_that("arguments of the plot are checked", {
  expect_status(drawn(small_graph(), type = "tree"), "invalid_argument", "type must be")
  expect_status(drawn(small_graph(), type = 1), "type", "type")
  expect_status(drawn(small_graph(), type = "degree", mode = "both"), "invalid_argument", "mode")
})
