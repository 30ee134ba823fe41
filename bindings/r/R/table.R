pf_table <- function(x, columns = NULL, batch_size = 65536, threads = NULL, memory_limit = NULL) {
  if (!is.character(x)) {
    if (!missing(batch_size)) stop_argument("batch_size is for a path, not for ", class(x)[1L])
    stream <- as_stream(x, "x", as_strings(columns, "columns"))
    return(new_table(stream, NULL))
  }
  options <- scan_options(columns = columns, batch_size = batch_size)
  with_context(threads, memory_limit, function(context) new_table(parquet_stream("read", as_paths(x, "x"), options, context), context))
}

new_table <- function(stream, context) {
  structure(.Call(C_pfr_table_from_stream, stream, context), class = "pf_table")
}

# What stands for a table, as a stream: a data.frame, a pf_table or paths of Parquet files. `columns` (NULL: all) are those to
# take; an unknown one is left to the library to report. `convert` may change the data.frame first.
as_stream <- function(x, name, columns = NULL, context = NULL, convert = identity) {
  if (is.data.frame(x)) {
    kept <- if (is.null(columns)) seq_along(x) else match(unique(unclass(columns)), names(x))
    if (anyNA(kept)) {
      stop_argument(
        name, " has no column '", unique(unclass(columns))[is.na(kept)][1L], "'; it has: ", paste(names(x), collapse = ", ")
      )
    }
    return(column_stream(convert(unclass(x)[kept]), .row_names_info(x, 2L)))
  }
  columns <- if (!is.null(columns)) as_strings(unique(unclass(columns)), "columns")
  if (inherits(x, "pf_table")) {
    return(table_stream(x, columns))
  }
  if (is.character(x)) {
    return(parquet_stream("read", as_paths(x, name), list(columns = columns), context))
  }
  stop_type(name, " must be a data.frame, a pf_table or the path of a Parquet file, not ", class(x)[1L])
}

# A list of columns as a stream; `rows` counts where there are none.
column_stream <- function(columns, rows = 0L) .Call(C_pfr_stream_from_frame, lapply(columns, arrow_ready), rows)

# Columns whose class C need not know.
arrow_ready <- function(x) {
  if (inherits(x, "AsIs")) {
    class(x) <- setdiff(class(x), "AsIs")
  }
  if (inherits(x, "POSIXlt")) {
    x <- as.POSIXct(x)
  }
  x
}

table_stream <- function(table, columns = NULL, offset = NULL, limit = NULL) {
  .Call(C_pfr_table_stream, table, new_options(columns = columns, offset = offset, limit = limit))
}

as.data.frame.pf_table <- function(x, row.names = NULL, optional = FALSE, ..., columns = NULL, offset = 0, limit = NULL) {
  frame <- collect(table_stream(
    x, as_strings(columns, "columns"), as_count(offset, "offset"), as_count(limit, "limit", optional = TRUE)
  ))
  if (!is.null(row.names)) attr(frame, "row.names") <- row.names
  frame
}

head.pf_table <- function(x, n = 6L, ...) {
  n <- unclass(as_count(n, "n"))
  as.data.frame(x, limit = if (n < 0) max(0, nrow(x) + n) else n)
}

tail.pf_table <- function(x, n = 6L, ...) {
  n <- unclass(as_count(n, "n"))
  as.data.frame(x, offset = if (n < 0) -n else max(0, nrow(x) - n))
}

# What the columns are called and of which type they are.
table_fields <- function(table, limit = NULL) .Call(C_pfr_stream_fields, table_stream(table, limit = limit))

no_rows <- structure(0, class = "pf_int64")

dim.pf_table <- function(x) {
  dim <- c(.Call(C_pfr_table_num_rows, x), length(names(x)))
  if (dim[1L] <= .Machine$integer.max) as.integer(dim) else dim
}

names.pf_table <- function(x) table_fields(x, limit = no_rows)$column

print.pf_table <- function(x, ...) {
  if (!.Call(C_pfr_alive, x)) {
    cat("<pf_table: closed>\n")
    return(invisible(x))
  }
  fields <- table_fields(x, limit = no_rows)
  size <- paste(counted(nrow(x), "row"), counted(length(fields$column), "column"), sep = ", ")
  cat("<pf_table: ", size, ">\n", sep = "")
  if (length(fields$column)) cat(paste0("  ", format(fields$column), "  ", fields$type, "\n"), sep = "")
  invisible(x)
}

summary.pf_table <- function(object, ...) as.data.frame(table_fields(object))

close.pf_table <- function(con, ...) invisible(.Call(C_pfr_close, con))

# "1 row", "1,000 rows".
counted <- function(n, noun, plural = paste0(noun, "s")) {
  paste(format(n, big.mark = ",", scientific = FALSE), if (n == 1) noun else plural)
}
