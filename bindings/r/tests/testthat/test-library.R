test_that("the library tells its versions", {
  expect_match(pf_version(), "^[0-9]+\\.[0-9]+\\.[0-9]+")
  expect_named(pf_abi_version(), c("major", "minor"))
  expect_identical(pf_has_feature(c("parquet", "graph", "nope", NA)), c(TRUE, TRUE, FALSE, FALSE))
  expect_status(pf_has_feature(1), "type", "name")
})

test_that("the version is that of the library", {
  # 1.1.0-dev.0 there is 1.1.0.9000 here.
  numbers <- sub("-.*", "", pf_version())
  expect_match(as.character(packageVersion("parquetframe")), numbers, fixed = TRUE)
})

test_that("every kernel has a function with all its options and defaults", {
  kernels <- pf_kernels()
  expect_named(kernels, c("family", "kernel", "item", "name", "type", "default", "doc"))
  functions <- list(
    table_stream = getFromNamespace("as.data.frame.pf_table", "parquetframe"),
    parquet_read = pf_read_parquet,
    parquet_write = pf_write_parquet,
    graph_from_edges = pf_graph
  )
  # What these take by `...`, and the paths after the first, which are `path`. NULL leaves the default to the library.
  further <- list(
    parquet_read = c(names(getFromNamespace("SCAN_OPTIONS", "parquetframe")), "paths"),
    parquet_write = names(getFromNamespace("WRITE_OPTIONS", "parquetframe")),
    parquet_metadata = "paths"
  )
  for (kernel in unique(kernels$kernel)) {
    options <- kernels[kernels$kernel == kernel & kernels$item == "option", ]
    f <- functions[[kernel]]
    if (is.null(f)) f <- get(paste0("pf_", kernel), asNamespace("parquetframe"))
    expect_identical(setdiff(options$name, c(names(formals(f)), further[[kernel]])), character(), info = kernel)
    expect_true(all(further[[kernel]] %in% options$name), info = kernel)
    for (i in which(!is.na(options$default))) {
      ours <- formals(f)[[options$name[i]]]
      if (is.null(ours) && options$name[i] %in% further[[kernel]]) next
      theirs <- options$default[i]
      same <- if (is.numeric(ours)) ours == as.numeric(theirs) else identical(tolower(ours), theirs)
      expect_true(same, info = paste(kernel, options$name[i]))
    }
  }
})

test_that("results have the columns that the registry names", {
  kernels <- pf_kernels()
  columns <- function(kernel) kernels$name[kernels$kernel == kernel & kernels$item == "column"]
  g <- small_graph()
  expect_named(pf_degree(g), columns("degree"))
  expect_named(pf_bfs(g, "a"), columns("bfs"))
  expect_named(pf_pagerank(g), columns("pagerank"))
  expect_named(pf_connected_components(g), columns("connected_components"))
})
