# Expressions and operations on the columns of tables.

pf_evaluate <- function(data, ..., overflow = "error", nan = "keep", threads = NULL, memory_limit = NULL, progress = FALSE) {
  texts <- expression_texts(list(...), parent.frame())
  compute("evaluate", data, texts, list(), overflow, nan, threads, memory_limit, progress)
}

pf_filter <- function(data, predicate, columns = NULL, overflow = "error", nan = "keep", threads = NULL, memory_limit = NULL,
                      progress = FALSE) {
  text <- expression_text(predicate, "predicate", parent.frame())
  options <- list(columns = as_strings(columns, "columns"))
  compute("filter", data, text, options, overflow, nan, threads, memory_limit, progress)
}

pf_aggregate <- function(data, ..., where = NULL, overflow = "error", nan = "keep", threads = NULL, memory_limit = NULL,
                         progress = FALSE) {
  env <- parent.frame()
  texts <- expression_texts(list(...), env)
  options <- list(where = if (!is.null(where)) expression_text(where, "where", env))
  compute("aggregate", data, texts, options, overflow, nan, threads, memory_limit, progress)
}

pf_sort <- function(data, ..., limit = NULL, result = "rows", overflow = "error", nan = "keep", threads = NULL,
                    memory_limit = NULL, progress = FALSE) {
  texts <- expression_texts(list(...), parent.frame(), key_text, named = FALSE)
  options <- list(limit = as_count(limit, "limit", optional = TRUE), result = as_string(result, "result"))
  sorted <- compute("sort", data, texts, options, overflow, nan, threads, memory_limit, progress)
  if (result == "index") sorted$index <- sorted$index + 1
  sorted
}

pf_unique <- function(data, columns = NULL, result = "rows", threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- list(columns = as_strings(columns, "columns"), result = as_string(result, "result"))
  found <- compute("unique", data, character(), options, NULL, NULL, threads, memory_limit, progress)
  if (result == "index") found$index <- found$index + 1
  found
}

pf_value_counts <- function(data, columns = NULL, sort = TRUE, limit = NULL, threads = NULL, memory_limit = NULL, progress = FALSE) {
  options <- list(
    columns = as_strings(columns, "columns"),
    sort = as_flag(sort, "sort"),
    limit = as_count(limit, "limit", optional = TRUE)
  )
  compute("value_counts", data, character(), options, NULL, NULL, threads, memory_limit, progress)
}

pf_take <- function(data, indices, threads = NULL, memory_limit = NULL, progress = FALSE) {
  if (is.character(data)) data <- pf_table(data, threads = threads, memory_limit = memory_limit)
  if (!is.data.frame(data) && !inherits(data, "pf_table")) as_stream(data, "data")
  collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_compute_take, as_stream(data, "data"), positions(indices, nrow(data)), context)
  }))
}

pf_functions <- function() collect(.Call(C_pfr_compute_functions))

pf_schema <- function(data, ..., overflow = "error", nan = "keep") {
  texts <- expression_texts(list(...), parent.frame())
  options <- new_options(overflow = as_string(overflow, "overflow"), nan = as_string(nan, "nan"))
  fields <- .Call(C_pfr_stream_fields, .Call(C_pfr_compute_schema, as_stream(data, "data"), texts, options))
  as.data.frame(fields[c("column", "type")], stringsAsFactors = FALSE)
}

# Runs an operation on a table and gives its result as a data.frame.
compute <- function(operation, data, texts, options, overflow, nan, threads, memory_limit, progress) {
  if (!is.null(overflow)) options$overflow <- as_string(overflow, "overflow")
  if (!is.null(nan)) options$nan <- as_string(nan, "nan")
  options <- do.call(new_options, options)
  with_context(threads, memory_limit, progress = progress, run = function(context) {
    run <- function(whole) .Call(C_pfr_compute, operation, as_stream(data, "data", context = context), texts, whole, options, context)
    # Rows that are one batch in memory are worked on beside R's thread, which sees interrupts meanwhile.
    in_memory <- operation %in% c("evaluate", "filter", "aggregate") && (is.data.frame(data) || inherits(data, "pf_table"))
    result <- if (in_memory) run(TRUE)
    collect(if (is.null(result)) run(FALSE) else result)
  })
}

# Positions of rows, which begin at 1, as those of the library, which begin at 0.
positions <- function(indices, rows) {
  if (!is.numeric(indices) || is.object(indices)) stop_type("indices must be numbers of rows, not ", class(indices)[1L])
  given <- indices[!is.na(indices)]
  if (any(is.nan(indices)) || !is_whole(given)) stop_type("indices must hold whole numbers")
  outside <- given < 1 | given > rows
  if (any(outside)) {
    stop_argument("indices has ", format(given[outside][1L], scientific = FALSE), ", but the rows are 1 to ", format(rows, scientific = FALSE))
  }
  structure(as.double(indices) - 1, class = "pf_int64")
}
