# Parquet files: reading with conditions, writing, and what files say of themselves.

pf_read_parquet <- function(path, columns = NULL, filter = NULL, limit = NULL, row_groups = NULL, batch_size = 65536,
                            hive = "auto", schema = "first", file_path = NULL, row_number = NULL, threads = NULL,
                            memory_limit = NULL, progress = FALSE) {
  text <- condition_text(filter, parent.frame())
  options <- scan_options(columns, text, limit, row_groups, batch_size, hive, schema, file_path, row_number)
  collect(parquet("read", path, options, threads, memory_limit, progress))
}

pf_count_parquet <- function(path, filter = NULL, limit = NULL, row_groups = NULL, hive = "auto", schema = "first",
                             threads = NULL, memory_limit = NULL) {
  text <- condition_text(filter, parent.frame())
  options <- scan_options(NULL, text, limit, row_groups, NULL, hive, schema, NULL, NULL, path)
  path <- first_path(path)
  with_context(threads, memory_limit, function(context) .Call(C_pfr_parquet_count, path, options, context))
}

pf_explain_parquet <- function(path, columns = NULL, filter = NULL, limit = NULL, row_groups = NULL, hive = "auto",
                               schema = "first", threads = NULL, memory_limit = NULL) {
  text <- condition_text(filter, parent.frame())
  options <- scan_options(columns, text, limit, row_groups, NULL, hive, schema, NULL, NULL, path)
  structure(collect(parquet("explain", path, options, threads, memory_limit))$line, class = "pf_explanation")
}

print.pf_explanation <- function(x, ...) {
  writeLines(x)
  invisible(x)
}

pf_parquet_metadata <- function(path, kind = "files", columns = NULL, threads = NULL, memory_limit = NULL) {
  options <- new_options(
    paths = further_paths(path), kind = as_string(kind, "kind"), columns = as_strings(columns, "columns")
  )
  collect(parquet("metadata", path, options, threads, memory_limit))
}

pf_write_parquet <- function(x, path, ..., threads = NULL, memory_limit = NULL, progress = FALSE) {
  path <- as_path(path)
  options <- write_options(list(...))
  written <- with_context(threads, memory_limit, progress = progress, run = function(context) {
    collect(.Call(C_pfr_parquet_write, as_stream(x, "x", context = context), path, options, context))
  })
  invisible(written)
}

# Text of a condition that is a string, a formula or a quoted call.
condition_text <- function(filter, env) if (!is.null(filter)) expression_text(filter, "filter", env)

scan_options <- function(columns, filter, limit, row_groups, batch_size, hive, schema, file_path, row_number, path) {
  new_options(
    paths = further_paths(path),
    columns = as_strings(columns, "columns"),
    filter = filter,
    limit = as_count(limit, "limit", optional = TRUE),
    row_groups = group_numbers(row_groups),
    batch_size = as_count(batch_size, "batch_size", optional = TRUE),
    hive = as_string(hive, "hive"),
    schema = as_string(schema, "schema"),
    file_path = as_string(file_path, "file_path", optional = TRUE),
    row_number = as_string(row_number, "row_number", optional = TRUE)
  )
}

# A stream that an operation makes of files.
parquet <- function(operation, path, options, threads, memory_limit, progress = FALSE) {
  path <- first_path(path)
  with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_parquet, operation, path, options, context)
  })
}
