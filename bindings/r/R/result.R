# From the streams of the library to R.

# All rows of a stream as a data.frame. Facts about the run, which are schema metadata "parquetframe.*", become attributes.
collect <- function(stream) {
  frame <- .Call(C_pfr_stream_collect, stream)
  metadata <- attr(frame, "metadata")
  warn_rounded(names(frame)[attr(frame, "rounded")])
  attr(frame, "metadata") <- attr(frame, "rounded") <- NULL
  frame <- restore_levels(frame, metadata)
  facts <- metadata[startsWith(names(metadata), "parquetframe.")]
  for (key in names(facts)) {
    attr(frame, sub("parquetframe.", "", key, fixed = TRUE)) <- fact(facts[[key]])
  }
  frame
}

# "true" as TRUE, "12" as 12L, "1e-9" as a double.
fact <- function(text) {
  switch(text, true = TRUE, false = FALSE, type.convert(text, as.is = TRUE))
}

# A vector that C made of an array.
take <- function(x, name) {
  if (isTRUE(attr(x, "rounded"))) warn_rounded(name)
  attr(x, "rounded") <- NULL
  x
}

warn_rounded <- function(columns) {
  if (length(columns)) {
    warn(
      "precision", "integers that R cannot hold exactly (beyond 2^53, or -2^31 in 32 bits) in ",
      paste0("'", columns, "'", collapse = ", ")
    )
  }
}

# The levels of a factor with those of one more batch, and the code of each of the batch's values. Called from C (arrow_out.c).
merge_levels <- function(levels, values) {
  levels <- unique(c(levels, values[!is.na(values)]))
  list(levels, match(values, levels))
}
