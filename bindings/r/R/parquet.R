# Parquet files: reading with conditions, writing, and what files say of themselves.

pf_read_parquet <- function(path, columns = NULL, filter = NULL, limit = NULL, row_groups = NULL, batch_size = 65536, hive = "auto",
                            schema = "first", file_path = NULL, row_number = NULL, ..., threads = NULL, memory_limit = NULL,
                            progress = FALSE) {
  filter <- condition_text(filter, parent.frame())
  options <- scan_options(
    columns = columns, filter = filter, limit = limit, row_groups = row_groups, batch_size = batch_size, hive = hive, schema = schema,
    file_path = file_path, row_number = row_number, ...
  )
  with_context(threads, memory_limit, progress = progress, run = function(context) {
    collect(parquet_stream("read", path, options, context))
  })
}

pf_count_parquet <- function(path, filter = NULL, limit = NULL, row_groups = NULL, hive = "auto", schema = "first", ...,
                             threads = NULL, memory_limit = NULL, progress = FALSE) {
  filter <- condition_text(filter, parent.frame())
  options <- scan_options(filter = filter, limit = limit, row_groups = row_groups, hive = hive, schema = schema, ...)
  with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_parquet_count, as_paths(path)[1L], new_parquet_options(path, options), context)
  })
}

pf_explain_parquet <- function(path, columns = NULL, filter = NULL, limit = NULL, row_groups = NULL, hive = "auto", schema = "first",
                               ..., threads = NULL, memory_limit = NULL) {
  filter <- condition_text(filter, parent.frame())
  options <- scan_options(
    columns = columns, filter = filter, limit = limit, row_groups = row_groups, hive = hive, schema = schema, ...
  )
  lines <- with_context(threads, memory_limit, function(context) collect(parquet_stream("explain", path, options, context)))
  structure(lines$line, class = "pf_explanation")
}

print.pf_explanation <- function(x, ...) {
  writeLines(x)
  invisible(x)
}

pf_parquet_metadata <- function(path, kind = "files", columns = NULL, aggregate = FALSE, threads = NULL, memory_limit = NULL,
                                progress = FALSE) {
  options <- list(
    kind = as_string(kind, "kind"), columns = as_strings(columns, "columns"), aggregate = as_flag(aggregate, "aggregate")
  )
  with_context(threads, memory_limit, progress = progress, run = function(context) {
    collect(parquet_stream("metadata", path, options, context))
  })
}

pf_write_parquet <- function(x, path, compression = "zstd", compression_level = NULL, row_group_size = NULL, partition_by = NULL,
                             overwrite = NULL, sorting_columns = NULL, bloom_filters = NULL, dictionary = TRUE, metadata = NULL, ...,
                             threads = NULL, memory_limit = NULL, progress = FALSE) {
  path <- as_path(path)
  options <- checked_options(WRITE_OPTIONS, list(
    compression = compression, compression_level = compression_level, row_group_size = row_group_size, partition_by = partition_by,
    overwrite = overwrite, sorting_columns = sorting_columns, bloom_filters = bloom_filters, dictionary = dictionary,
    metadata = metadata, ...
  ))
  options$metadata <- as_strings(c(options$metadata, if (is.data.frame(x)) levels_as_text(x)), "metadata")
  written <- with_context(threads, memory_limit, progress = progress, run = function(context) {
    collect(.Call(C_pfr_parquet_write, as_stream(x, "x", context = context), path, do.call(new_options, options), context))
  })
  invisible(written)
}

# ---- options ----

# Text of a condition, NULL where there is none.
condition_text <- function(filter, env) if (!is.null(filter)) expression_text(filter, "filter", env)

# Numbers, as the texts that the library takes.
as_numbers <- function(x, name) {
  if (is.null(x)) {
    return(NULL)
  }
  if (!is.numeric(x)) stop_type(name, " must be numbers, not ", class(x)[1L])
  if (anyNA(x)) stop_argument(name, " must not have NA")
  if (!is_whole(as.double(x))) stop_type(name, " must be whole numbers up to 2^53")
  structure(sprintf("%.0f", x), class = "pf_strings")
}

# c(name = "value"), as the texts that the library takes.
as_pairs <- function(separator) {
  force(separator)
  function(x, name) {
    if (is.null(x)) {
      return(NULL)
    }
    names <- names(x)
    texts <- as_strings(x, name)
    if (is.null(names) || !all(nzchar(names) & !is.na(names))) stop_argument(name, " must have a name for each value, as in c(a = \"b\")")
    structure(paste0(names, separator, unclass(texts)), class = "pf_strings")
  }
}

optional <- function(check) {
  force(check)
  function(x, name) if (!is.null(x)) check(x, name)
}

# How each option is checked. Values and defaults are the library's.
SCAN_OPTIONS <- list(
  columns = as_strings, filter = optional(as_string), limit = optional(as_count), row_groups = as_numbers,
  batch_size = optional(as_count), hive = as_string, schema = as_string, file_path = optional(as_string),
  row_number = optional(as_string), partition_types = as_pairs("="), dictionaries = optional(as_string),
  string_views = optional(as_flag), int96 = optional(as_string), use_statistics = optional(as_flag), use_dictionaries = optional(as_flag),
  use_bloom_filters = optional(as_flag), use_page_index = optional(as_flag)
)

WRITE_OPTIONS <- list(
  compression = as_string, compression_level = optional(as_count), column_compression = as_pairs(":"),
  row_group_size = optional(as_count), row_group_bytes = optional(as_count), data_page_size = optional(as_count),
  data_page_rows = optional(as_count), data_page_version = optional(as_string), dictionary = as_flag,
  dictionary_columns = as_strings, dictionary_page_size = optional(as_count), column_encoding = as_pairs(":"),
  statistics = optional(as_string), statistics_length = optional(as_count), page_index = optional(as_flag),
  bloom_filters = as_strings, bloom_filter_fpp = optional(as_number), bloom_filter_ndv = optional(as_count),
  sorting_columns = as_strings, check_sorted = optional(as_flag), metadata = as_pairs("="), store_schema = optional(as_flag),
  compliant_names = optional(as_flag), partition_by = as_strings, max_partitions = optional(as_count),
  max_rows_per_file = optional(as_count), overwrite = optional(as_string), sync = optional(as_flag)
)

# The values, checked as the table says; an option that it has not is an error.
checked_options <- function(table, values) {
  names <- names(values)
  unknown <- names[!names %in% names(table)]
  if (length(unknown)) {
    what <- if (nzchar(unknown[1L])) paste0("the option '", unknown[1L], "' is unknown") else "an option has no name"
    stop_argument(what, "; options are: ", paste(names(table), collapse = ", "))
  }
  twice <- names[duplicated(names)]
  if (length(twice)) stop_argument("the option '", twice[1L], "' is given twice")
  checked <- lapply(names, function(name) table[[name]](values[[name]], name))
  names(checked) <- names
  checked
}

scan_options <- function(...) checked_options(SCAN_OPTIONS, list(...))

# ---- factors ----

# In Parquet, a dictionary has the values that occur, in the order in which they do. Levels that this would not give are in the
# metadata of the file: a level a line, under a key that names the column.
LEVELS_KEY <- "r.levels."

# "\n" and "=" end texts there.
escape <- function(x) {
  for (i in seq_along(ESCAPES)) x <- gsub(names(ESCAPES)[i], ESCAPES[[i]], x, fixed = TRUE)
  x
}

unescape <- function(x) {
  for (i in rev(seq_along(ESCAPES))) x <- gsub(ESCAPES[[i]], names(ESCAPES)[i], x, fixed = TRUE)
  x
}

ESCAPES <- c("%" = "%25", "=" = "%3D", "\n" = "%0A")

# "key=value" for each factor whose levels would not come back.
levels_as_text <- function(frame) {
  texts <- lapply(names(frame), function(name) {
    x <- frame[[name]]
    if (!is.factor(x) || identical(unique(as.integer(x[!is.na(x)])), seq_along(levels(x)))) {
      return(NULL)
    }
    paste0(LEVELS_KEY, escape(enc2utf8(name)), "=", paste0(escape(enc2utf8(levels(x))), "\n", collapse = ""))
  })
  unlist(texts)
}

# A data.frame with the levels that the metadata of its files say.
restore_levels <- function(frame, metadata) {
  for (entry in names(metadata)[startsWith(names(metadata), LEVELS_KEY)]) {
    name <- unescape(substring(entry, nchar(LEVELS_KEY) + 1L))
    x <- frame[[name]]
    if (!is.factor(x)) next
    present <- levels(x)[sort(unique(as.integer(x)))]
    levels <- unique(c(unescape(strsplit(metadata[[entry]], "\n", fixed = TRUE)[[1L]]), present))
    frame[[name]] <- structure(match(levels(x), levels)[as.integer(x)], levels = levels, class = class(x))
  }
  frame
}

# ---- paths ----

as_paths <- function(x, name = "path") {
  paths <- as_strings(if (is.null(x)) character() else x, name)
  if (!length(paths)) stop_argument(name, " must be one string or more, not none")
  path.expand(unclass(paths))
}

# The options of a call, with the paths after the first.
new_parquet_options <- function(path, options) {
  further <- as_paths(path)[-1L]
  do.call(new_options, c(options, list(paths = if (length(further)) as_strings(further, "path"))))
}

# A stream that an operation makes of files.
parquet_stream <- function(operation, path, options, context) {
  .Call(C_pfr_parquet, operation, as_paths(path)[1L], new_parquet_options(path, options), context)
}
