# Classed conditions. The classes are those of the library's status codes: parquetframe_invalid_argument,
# parquetframe_not_found ... with the parent parquetframe_error.

# The outermost call of a function of this package: what the user wrote.
user_call <- function() {
  for (i in seq_len(sys.nframe())) {
    if (identical(environment(sys.function(i)), topenv())) {
      return(sys.call(i))
    }
  }
  NULL
}

# Also called from C (errors.c).
stop_status <- function(name, message) {
  class <- c(paste0("parquetframe_", tolower(name)), "parquetframe_error", "error", "condition")
  stop(structure(class = class, list(message = message, call = user_call())))
}

stop_argument <- function(...) stop_status("INVALID_ARGUMENT", paste0(...))

stop_type <- function(...) stop_status("TYPE", paste0(...))

warn <- function(class, ...) {
  class <- c(paste0("parquetframe_", class), "parquetframe_warning", "warning", "condition")
  warning(structure(class = class, list(message = paste0(...), call = user_call())))
}

# Called from C after a call that the user interrupted: the progress callback had to catch the interrupt, because it ran below
# frames of the library. Now it does what R's own does.
signal_interrupt <- function(...) {
  signalCondition(structure(class = c("interrupt", "condition"), list(message = "interrupted", call = NULL)))
  invokeRestart("abort")
}
