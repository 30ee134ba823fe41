# R's own way to write expressions: formulas, calls and constants become text of the expression language of the library.

# How tightly operators hold their operands, as in the language: what binds less stands in brackets inside what binds more.
LEVELS <- c(or = 1, and = 2, not = 3, is = 4, comparison = 5, match = 6, sum = 8, product = 9, sign = 11, whole = 13)

# The most calls inside one another: nearly what the language takes, and less than what R's own stack does.
MOST_NESTED <- 200L

COMPARISONS <- c("==" = "=", "!=" = "<>", "<" = "<", "<=" = "<=", ">" = ">", ">=" = ">=")

# R's names of functions that the language calls otherwise. All others are passed on.
RENAMED <- c(
  is.nan = "is_nan", is.finite = "is_finite", is.infinite = "is_infinite", log = "ln", ceiling = "ceil", nchar = "length",
  toupper = "upper", tolower = "lower", trimws = "trim", startsWith = "starts_with", endsWith = "ends_with", paste0 = "concat",
  pmin = "least", pmax = "greatest", cumsum = "cum_sum", cumprod = "cum_product", cummin = "cum_min", cummax = "cum_max", sd = "std"
)

# Words of the language, which name functions only between quotes.
RESERVED <- c("and", "or", "not", "is", "in", "between", "like", "ilike", "rlike", "regexp", "case", "distinct", "position")

CONVERSIONS <- c(
  as.integer = "int32", as.double = "float64", as.numeric = "float64", as.character = "string", as.logical = "bool", as.Date = "date"
)

# Text, and how tightly its outermost operator binds.
piece <- function(text, level = "whole") list(text = text, level = LEVELS[[level]])

# The text, in brackets where it binds less than `level`.
held <- function(piece, level) if (piece$level >= level) piece$text else paste0("(", piece$text, ")")

quote_name <- function(name) paste0("\"", gsub("\"", "\"\"", enc2utf8(name), fixed = TRUE), "\"")

quote_string <- function(text) paste0("'", gsub("'", "''", enc2utf8(text), fixed = TRUE), "'")

# ---- constants ----

# One value as a literal.
literal <- function(x) {
  if (is.null(x)) {
    return(piece("NULL"))
  }
  if (!is.atomic(x) || length(x) != 1L) {
    stop_argument("a constant in an expression must be one value, not ", describe(x), "; several stand behind %in%")
  }
  if (is.factor(x)) x <- as.character(x)
  if (is.na(x) && !is.nan(x)) {
    return(piece("NULL"))
  }
  text <- if (inherits(x, "Date")) {
    paste0("DATE '", format(x, "%Y-%m-%d"), "'")
  } else if (inherits(x, "POSIXct")) {
    time_literal(x)
  } else if (inherits(x, "difftime")) {
    paste0("INTERVAL '", sprintf("%.6f", as.double(x, units = "secs")), " seconds'")
  } else if (is.object(x)) {
    stop_type("a constant of class ", class(x)[1L], " cannot be part of an expression")
  } else {
    switch(typeof(x),
      logical = if (x) "TRUE" else "FALSE",
      integer = format(x, scientific = FALSE),
      double = number_literal(x),
      character = quote_string(x),
      stop_type("a constant of type ", typeof(x), " cannot be part of an expression")
    )
  }
  piece(text, if (startsWith(text, "-")) "sign" else "whole")
}

# The shortest text that gives the same number again.
number_literal <- function(x) {
  if (!is.finite(x)) {
    return(paste0("CAST('", if (is.nan(x)) "NaN" else if (x > 0) "Infinity" else "-Infinity", "' AS float64)"))
  }
  if (x == trunc(x) && abs(x) <= 2^53) {
    return(sprintf("%.0f", x))
  }
  texts <- c(sprintf("%.15g", x), sprintf("%.16g", x), sprintf("%.17g", x))
  text <- texts[match(TRUE, as.double(texts) == x, nomatch = 3L)]
  if (grepl("[.e]", text)) text else paste0(text, ".0")
}

# An instant to the microsecond, in UTC.
time_literal <- function(x) {
  micros <- round(as.double(x) * 1e6)
  seconds <- floor(micros / 1e6)
  date <- format(as.POSIXct(seconds, origin = "1970-01-01", tz = "UTC"), "%Y-%m-%d %H:%M:%S", tz = "UTC")
  paste0("TIMESTAMP '", date, sprintf(".%06.0f", micros - seconds * 1e6), "Z'")
}

describe <- function(x) {
  if (is.atomic(x)) paste(length(x), "values") else class(x)[1L]
}

# ---- calls ----

# The text of an expression; `env` is where .() looks for variables. What a call has to say of its arguments is said by an entry of
# SPECIAL. It gets their pieces, made here, so that a level of nesting takes as little of R's stack as can be; but those that have to
# see what was written (`as_written`) get the call, and a function that makes pieces.
translate <- function(e, env, depth = 0L) {
  force(env)
  if (depth > MOST_NESTED) stop_argument("the expression has more than ", MOST_NESTED, " calls inside one another")
  if (is.symbol(e)) {
    name <- as.character(e)
    if (!nzchar(name)) stop_argument("an argument in an expression is missing")
    return(piece(quote_name(name)))
  }
  if (!is.call(e)) {
    return(literal(e))
  }
  if (!is.symbol(e[[1L]])) stop_argument("only functions can be called in an expression, not ", short_deparse(e[[1L]]))
  name <- as.character(e[[1L]])
  special <- SPECIAL[[name]]
  if (is.null(special)) {
    special <- list(make = call_of(name))
  } else if (isTRUE(special$as_written)) {
    return(special$make(e, env, function(x) translate(x, env, depth + 1L)))
  }
  arguments <- if (is.null(special$arguments)) as.list(e)[-1L] else special$arguments(e)
  expected <- special$n
  if (!is.null(expected) && !length(arguments) %in% expected) stop_count(name, max(expected), length(arguments))
  pieces <- arguments
  for (i in seq_along(arguments)) pieces[[i]] <- translate(arguments[[i]], env, depth + 1L)
  special$make(pieces)
}

short_deparse <- function(e) {
  text <- deparse(e, nlines = 1L)[1L]
  if (nchar(text) > 40L) paste0(substr(text, 1L, 40L), "...") else text
}

is_call_to <- function(e, name) is.call(e) && is.symbol(e[[1L]]) && as.character(e[[1L]]) %in% name

stop_count <- function(name, expected, found) {
  stop_argument("'", name, "' takes ", counted(expected, "argument"), " in an expression, not ", found)
}

expect_count <- function(e, n) {
  if (length(e) != n + 1L) stop_count(as.character(e[[1L]]), n, length(e) - 1L)
}

# A function of the language: arguments by position, then those with names.
call_of <- function(name) {
  if (name %in% names(RENAMED)) name <- RENAMED[[name]]
  if (!grepl("^[A-Za-z_][A-Za-z0-9_]*$", name) || name == "function") stop_argument("'", name, "' cannot be part of an expression")
  written <- if (tolower(name) %in% RESERVED) quote_name(tolower(name)) else name
  function(pieces) {
    texts <- vapply(pieces, `[[`, "", "text")
    named <- names(texts)
    by_name <- if (is.null(named)) rep(FALSE, length(texts)) else nzchar(named)
    texts <- c(texts[!by_name], if (any(by_name)) paste(named[by_name], "=>", texts[by_name]))
    piece(paste0(written, "(", paste(texts, collapse = ", "), ")"))
  }
}

infix <- function(symbol, level) {
  force(symbol)
  level <- level
  # Comparisons do not chain, the others are taken from the left.
  before <- LEVELS[[level]] + (level == "comparison")
  list(n = 2L, make = function(pieces) {
    piece(paste(held(pieces[[1L]], before), symbol, held(pieces[[2L]], LEVELS[[level]] + 1)), level)
  })
}

signed <- function(symbol) {
  both <- infix(symbol, "sum")$make
  list(n = 1:2, make = function(pieces) {
    if (length(pieces) == 2L) {
      return(both(pieces))
    }
    if (symbol == "+") pieces[[1L]] else piece(paste0("-", held(pieces[[1L]], LEVELS[["sign"]] + 1)), "sign")
  })
}

# AND and OR: a chain of one operator is one level, however long it is.
chain <- function(word, level, heads) {
  force(word)
  level <- level
  force(heads)
  list(
    arguments = function(e) {
      operands <- list()
      while (is_call_to(e, heads)) {
        expect_count(e, 2L)
        operands[[length(operands) + 1L]] <- e[[3L]]
        e <- e[[2L]]
      }
      operands[[length(operands) + 1L]] <- e
      rev(operands)
    },
    make = function(pieces) {
      texts <- vapply(pieces, held, "", LEVELS[[level]] + 1)
      piece(paste(texts, collapse = paste0(" ", word, " ")), level)
    }
  )
}

postfix <- function(text) {
  force(text)
  function(pieces) piece(paste(held(pieces[[1L]], LEVELS[["is"]]), text), "is")
}

negation <- function(e, env, again) {
  expect_count(e, 1L)
  operand <- e[[2L]]
  if (is_call_to(operand, "is.na")) {
    expect_count(operand, 1L)
    return(postfix("IS NOT NULL")(list(again(operand[[2L]]))))
  }
  piece(paste("NOT", held(again(operand), LEVELS[["not"]])), "not")
}

in_values <- function(e, env, again) {
  expect_count(e, 2L)
  values <- e[[3L]]
  while (is_call_to(values, "(")) values <- values[[2L]]
  if (is_call_to(values, "c")) {
    items <- lapply(as.list(values)[-1L], again)
  } else {
    if (is_call_to(values, ".")) {
      values <- inserted(values, env)
    } else if (is.call(values) && !length(all.vars(values))) {
      values <- eval(values, baseenv())
    }
    if (!is.atomic(values)) stop_argument("behind %in% must stand values, as in c(1, 2) or .(variable), not ", short_deparse(values))
    items <- lapply(seq_along(values), function(i) literal(values[i]))
  }
  if (!length(items)) {
    return(piece("FALSE"))
  }
  texts <- vapply(items, `[[`, "", "text")
  piece(paste0(held(again(e[[2L]]), LEVELS[["match"]]), " IN (", paste(texts, collapse = ", "), ")"), "match")
}

# The value of .(x).
inserted <- function(e, env) {
  expect_count(e, 1L)
  eval(e[[2L]], env)
}

ifelse_arguments <- function(e) {
  expect_count(e, 3L)
  as.list(match.call(function(test, yes, no) NULL, e))[-1L]
}

conversion <- function(word, to = NULL) {
  force(word)
  force(to)
  function(e, env, again) {
    expect_count(e, if (is.null(to)) 2L else 1L)
    type <- if (is.null(to)) as_string(e[[3L]], paste("the type that", as.character(e[[1L]]), "takes")) else to
    piece(paste0(word, "(", again(e[[2L]])$text, " AS ", type, ")"))
  }
}

field <- function(e, env, again) {
  if (!is.symbol(e[[2L]]) && !is_call_to(e[[2L]], "$")) stop_argument("only columns have fields, not ", short_deparse(e[[2L]]))
  piece(paste0(again(e[[2L]])$text, ".", quote_name(as.character(e[[3L]]))))
}

as_written <- function(make) list(as_written = TRUE, make = make)

# What is not written as a call of a function of the language under its own name.
SPECIAL <- c(
  lapply(COMPARISONS, infix, "comparison"),
  lapply(c("+" = "+", "-" = "-"), signed),
  lapply(c("*" = "*", "/" = "/"), infix, "product"),
  lapply(c("^" = "power", "%%" = "floor_mod", "%/%" = "floor_div"), function(name) list(make = call_of(name))),
  lapply(c("&" = "AND", "&&" = "AND"), chain, "and", c("&", "&&")),
  lapply(c("|" = "OR", "||" = "OR"), chain, "or", c("|", "||")),
  lapply(CONVERSIONS, function(type) as_written(conversion("CAST", type))),
  list(
    "(" = list(n = 1L, make = function(pieces) pieces[[1L]]),
    "!" = as_written(negation),
    "is.na" = list(n = 1L, make = postfix("IS NULL")),
    "%in%" = as_written(in_values),
    "$" = as_written(field),
    "ifelse" = list(arguments = ifelse_arguments, make = function(pieces) call_of("if")(unname(pieces))),
    "if" = list(n = 2:3, make = function(pieces) call_of("if")(if (length(pieces) == 2L) c(pieces, list(piece("NULL"))) else pieces)),
    "cast" = as_written(conversion("CAST")),
    "try_cast" = as_written(conversion("TRY_CAST")),
    "where" = list(n = 2L, make = function(pieces) {
      piece(paste0(held(pieces[[1L]], LEVELS[["whole"]]), " FILTER (WHERE ", pieces[[2L]]$text, ")"))
    }),
    "n" = list(n = 0L, make = function(pieces) piece("count(*)")),
    "." = as_written(function(e, env, again) literal(inserted(e, env)))
  )
)

# ---- arguments of functions ----

# The expression of a formula, a call or a constant, as text.
expression_text <- function(x, name, env) {
  if (inherits(x, "formula")) {
    if (length(x) != 2L) stop_argument(name, " must be a one-sided formula, as in ~ price * qty")
    return(translate(x[[2L]], environment(x) %||% env)$text)
  }
  if (is.language(x) && !is.expression(x)) {
    return(translate(x, env)$text)
  }
  if (is.character(x)) {
    return(enc2utf8(as_string(x, name)))
  }
  if (!is.atomic(x) || is.null(x)) {
    stop_type(name, " must be a string, a formula or a quoted call, not ", class(x)[1L])
  }
  literal(x)$text
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# A key to sort by: desc(x), nulls_first(x), or an expression.
key_text <- function(x, name, env) {
  if (!is.language(x)) {
    return(expression_text(x, name, env))
  }
  if (inherits(x, "formula")) {
    if (length(x) != 2L) stop_argument(name, " must be a one-sided formula, as in ~ desc(price)")
    env <- environment(x) %||% env
    x <- x[[2L]]
  }
  after <- c(desc = "", nulls_first = "")
  words <- c(desc = " DESC", asc = "", nulls_first = " NULLS FIRST", nulls_last = "")
  while (is.call(x) && is.symbol(x[[1L]]) && as.character(x[[1L]]) %in% names(words) && length(x) == 2L) {
    word <- as.character(x[[1L]])
    after[[if (word %in% c("desc", "asc")) "desc" else "nulls_first"]] <- words[[word]]
    x <- x[[2L]]
  }
  paste0(translate(x, env)$text, after[["desc"]], after[["nulls_first"]])
}

# The expressions in `...` as texts. A name becomes that of the column.
expression_texts <- function(expressions, env, convert = expression_text, named = TRUE) {
  names <- names(expressions) %||% rep("", length(expressions))
  texts <- lapply(seq_along(expressions), function(i) {
    x <- expressions[[i]]
    label <- if (nzchar(names[i])) paste0("'", names[i], "'") else paste("expression", i)
    if (is.expression(x) || (is.character(x) && length(x) != 1L && !nzchar(names[i]))) {
      return(vapply(as.list(x), convert, "", label, env))
    }
    text <- convert(x, label, env)
    if (!nzchar(names[i])) {
      return(text)
    }
    if (!named) stop_argument("a key has no name, but ", label, " was given")
    paste(text, "AS", quote_name(names[i]))
  })
  as.character(unlist(texts))
}
