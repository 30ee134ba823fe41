test_that("graphs print what they are", {
  expect_snapshot({
    small_graph()
    small_graph(weight = "cost", directed = FALSE)
    pf_graph(data.frame(s = 1L, t = 1L), "s", "t")
    summary(small_graph(vertices = "z"))
    summary(pf_graph(data.frame(s = integer(), t = integer()), "s", "t"))
  })
})

test_that("tables print what they are", {
  expect_snapshot({
    pf_table(transform(small_edges, f = factor(from), day = as.Date("2024-01-01")))
    pf_table(data.frame(x = 1))
    pf_table(data.frame())
    summary(pf_table(data.frame(x = c(1, NA), s = c("a", "b"))))
  })
})
