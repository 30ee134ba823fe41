# Checks of arguments, each naming the argument, and the values in the form that C expects. Ranges are checked by the library, so that all
# languages report them alike.

# Whether an argument that may be left out was.
absent <- function(x, optional) is.null(x) && optional

check_one <- function(x, name, what) {
  if (length(x) != 1L || is.na(x)) {
    stop_argument(name, " must be one ", what, ", not ", if (length(x) == 1L) "NA" else paste(length(x), "values"))
  }
}

as_string <- function(x, name, optional = FALSE) {
  if (absent(x, optional)) {
    return(NULL)
  }
  if (!is.character(x)) stop_type(name, " must be a string, not ", class(x)[1L])
  check_one(x, name, "string")
  as.vector(x)
}

as_strings <- function(x, name) {
  if (is.null(x)) {
    return(NULL)
  }
  if (!is.character(x)) stop_type(name, " must be a character vector, not ", class(x)[1L])
  if (anyNA(x)) stop_argument(name, " must not have NA")
  structure(as.vector(x), class = "pf_strings")
}

as_flag <- function(x, name) {
  if (!is.logical(x)) stop_type(name, " must be TRUE or FALSE, not ", class(x)[1L])
  check_one(x, name, "TRUE or FALSE")
  as.vector(x)
}

as_number <- function(x, name, optional = FALSE) {
  if (absent(x, optional)) {
    return(NULL)
  }
  if (!is.numeric(x)) stop_type(name, " must be a number, not ", class(x)[1L])
  check_one(x, name, "number")
  as.double(x)
}

# A whole number. Doubles of class "pf_int64" become 64-bit integers in C.
as_count <- function(x, name, optional = FALSE) {
  x <- as_number(x, name, optional)
  if (is.null(x)) {
    return(NULL)
  }
  if (!is_whole(x)) stop_type(name, " must be a whole number up to 2^53, not ", format(x))
  structure(x, class = "pf_int64")
}

as_path <- function(x, name = "path") path.expand(as_string(x, name))

is_whole <- function(x) all(is.finite(x) & x == trunc(x) & abs(x) <= 2^53, na.rm = FALSE)

# Vertex ids in a form that the library takes: R's numbers are doubles, so whole ones are 64-bit integers.
as_ids <- function(x, name) {
  if (is.double(x) && !is.object(x)) {
    if (!is_whole(x[!is.na(x) | is.nan(x)])) {
      stop_type(name, " must hold whole numbers up to 2^53 or strings as vertex ids")
    }
    return(structure(as.vector(x), class = "pf_int64"))
  }
  x
}

# Ids of vertices of a graph, which an argument is.
as_vertices <- function(x, name, optional = FALSE) {
  if (absent(x, optional)) {
    return(NULL)
  }
  if (!is.atomic(x) || is.null(x)) stop_type(name, " must be a vector of vertex ids, not ", class(x)[1L])
  as_ids(if (is.factor(x)) as.character(x) else x, name)
}

# One id.
as_vertex <- function(x, name) {
  x <- as_vertices(x, name)
  check_one(x, name, "vertex id")
  x
}

new_options <- function(...) .Call(C_pfr_options_new, list(...))

# Runs `run(context)` with a pf_context made of the arguments that every long call has.
with_context <- function(threads, memory_limit, run, progress = FALSE) {
  threads <- unclass(as_count(threads, "threads", optional = TRUE))
  memory_limit <- unclass(as_count(memory_limit, "memory_limit", optional = TRUE))
  show <- NULL
  if (as_flag(progress, "progress")) {
    bar <- txtProgressBar(style = 3L, file = stderr())
    on.exit(close(bar))
    show <- function(fraction) setTxtProgressBar(bar, fraction)
  }
  result <- run(.Call(C_pfr_context_new, threads, memory_limit, show))
  if (!is.null(show)) show(1)
  result
}
