pf_read_parquet <- function(path, columns = NULL, batch_size = 65536, threads = NULL, memory_limit = NULL) {
  options <- parquet_options(columns, batch_size)
  path <- as_path(path)
  collect(with_context(threads, memory_limit, function(context) parquet_stream(path, options, context)))
}

parquet_options <- function(columns, batch_size) {
  new_options(
    columns = as_strings(columns, "columns"),
    batch_size = as_count(batch_size, "batch_size")
  )
}

parquet_stream <- function(path, options, context) .Call(C_pfr_parquet_read, path, options, context)
