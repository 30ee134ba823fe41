# A graph with a cycle, a tail, a loop and a pair of parallel edges.
small_edges <- data.frame(
  from = c("a", "b", "c", "c", "d", "a"),
  to = c("b", "c", "a", "d", "d", "b"),
  cost = c(1, 0.5, 2, 1, 1, 3)
)

small_graph <- function(...) pf_graph(small_edges, "from", "to", ...)

fixture <- function(name) test_path("data", name)

example_edges <- function() system.file("extdata", "edges.parquet", package = "parquetframe", mustWork = TRUE)

# A vector to Arrow and back through the library.
round_trip <- function(x) as.data.frame(pf_table(data.frame(x = I(x))))$x

expect_status <- function(object, status, message) {
  error <- expect_error(object, class = paste0("parquetframe_", status))
  expect_s3_class(error, "parquetframe_error")
  expect_match(conditionMessage(error), message, fixed = TRUE)
  invisible(error)
}
