# The text that formulas, calls and constants become.
text <- function(x, env = parent.frame()) expression_text(x, "x", env)

test_that("operators become those of the language, with as few brackets as they need", {
  cases <- list(
    "\"a\" + \"b\" * 2" = ~ a + b * 2,
    "(\"a\" + \"b\") * 2" = ~ (a + b) * 2,
    "\"a\" - (\"b\" - \"c\")" = ~ a - (b - c),
    "\"a\" - \"b\" - \"c\"" = ~ a - b - c,
    "-\"a\" / 2" = ~ -a / 2,
    "-(\"a\" / 2)" = ~ -(a / 2),
    "-(-\"a\")" = ~ - -a,
    "\"a\"" = ~ +a,
    "floor_div(\"a\", 2) + floor_mod(\"a\", 2)" = ~ a %/% 2 + a %% 2,
    "power(\"a\", 0.5)" = ~ a^0.5,
    "\"a\" = 1" = ~ a == 1,
    "\"a\" <> 1 AND \"b\" <= 2 AND \"c\" > 3" = ~ a != 1 & b <= 2 && c > 3,
    "(\"a\" OR \"b\") AND \"c\"" = ~ (a | b) & c,
    "\"a\" OR \"b\" AND \"c\"" = ~ a | b & c,
    "NOT (\"a\" AND \"b\")" = ~ !(a & b),
    "NOT \"a\" = 1" = ~ !(a == 1),
    "(\"a\" = 1) = (\"b\" = 2)" = ~ (a == 1) == (b == 2),
    "\"a\" IS NULL" = ~ is.na(a),
    "\"a\" = 1 IS NOT NULL" = ~ !is.na(a == 1),
    "\"a\" IN (1, 2)" = ~ a %in% c(1, 2),
    "\"a\" IN (1, \"b\" + 1)" = ~ a %in% c(1, b + 1),
    "\"a\" IN (1, 2, 3)" = ~ a %in% 1:3,
    "\"a\" IN ('x')" = ~ a %in% "x",
    "FALSE" = ~ a %in% c(),
    "NOT \"a\" IN ('x')" = ~ !a %in% "x",
    "(\"a\" = 1) IN (TRUE)" = ~ (a == 1) %in% TRUE,
    "\"the \"\"name\"\"\".\"field\"" = ~ `the "name"`$field
  )
  for (expected in names(cases)) expect_identical(text(cases[[expected]]), expected)
})

test_that("calls are of functions of the library", {
  cases <- list(
    "round(\"x\", digits => 2)" = ~ round(x, digits = 2),
    "round(\"x\", digits => 2)" = ~ round(digits = 2, x),
    "upper(concat(\"a\", '-', \"b\"))" = ~ toupper(paste0(a, "-", b)),
    "if(\"a\" > 1, 'x', NULL)" = ~ ifelse(yes = "x", a > 1, no = NA),
    "if(\"a\" > 1, 'x', NULL)" = ~ if (a > 1) "x",
    "if(\"a\" > 1, 'x', 'y')" = ~ if (a > 1) "x" else "y",
    "CAST(\"a\" + 1 AS int32)" = ~ as.integer(a + 1),
    "TRY_CAST(\"a\" AS decimal(10, 2))" = ~ try_cast(a, "decimal(10, 2)"),
    "\"between\"(\"a\", 1, 2)" = ~ between(a, 1, 2),
    "count(*)" = ~ n(),
    "sum(\"a\") FILTER (WHERE \"b\" > 0 OR \"c\")" = ~ where(sum(a), b > 0 | c),
    "cum_sum(\"x\") - mean(\"x\")" = ~ cumsum(x) - mean(x)
  )
  for (i in seq_along(cases)) expect_identical(text(cases[[i]]), names(cases)[i])
})

test_that("constants are literals that give the same value again", {
  expect_identical(text(~TRUE), "TRUE")
  expect_identical(text(~NA), "NULL")
  expect_identical(text(quote(f(NULL))), "f(NULL)")
  expect_identical(text(~ "it's \u00e7"), "'it''s \u00e7'")
  expect_identical(text(~1L), "1")
  expect_identical(text(~100000), "100000")
  expect_identical(text(~0.1), "0.1")
  expect_identical(text(~1e300), "1e+300")
  expect_identical(text(~1e16), "1e+16")
  expect_identical(text(bquote(.(1 / 3))), "0.3333333333333333")
  expect_identical(text(bquote(x > .(-5))), "\"x\" > -5")
  expect_identical(text(bquote(-.(-5))), "-(-5)")
  expect_identical(text(-Inf), "CAST('-Infinity' AS float64)")
  expect_identical(text(~NaN), "CAST('NaN' AS float64)")
  expect_identical(text(as.Date("2024-02-29")), "DATE '2024-02-29'")
  expect_identical(text(as.POSIXct(-0.25, origin = "1970-01-01", tz = "Asia/Tokyo")), "TIMESTAMP '1969-12-31 23:59:59.750000Z'")
  expect_identical(text(as.difftime(90, units = "mins")), "INTERVAL '5400.000000 seconds'")
  expect_identical(text(factor("x")), "'x'")
  numbers <- c(0.1, 1 / 3, 1e-300, .Machine$double.xmax, .Machine$double.eps, 2^53 + 2, 123456.789, -0.7)
  given <- vapply(numbers, function(x) pf_evaluate(data.frame(i = 1), y = x)$y, 0)
  expect_identical(given, numbers)
})

test_that("variables are inserted with .()", {
  least <- 3
  regions <- c("EU", NA, "it's")
  expect_identical(text(~ qty > .(least)), "\"qty\" > 3")
  expect_identical(text(~ qty > .(least + 1)), "\"qty\" > 4")
  expect_identical(text(~ region %in% .(regions)), "\"region\" IN ('EU', NULL, 'it''s')")
  expect_identical(text(~ region %in% .(factor(c("a", "b")))), "\"region\" IN ('a', 'b')")
  expect_identical(text(quote(qty > .(least))), "\"qty\" > 3")
  # A formula knows where it was written.
  f <- local({
    least <- 4
    ~ qty > .(least)
  })
  expect_identical(text(f), "\"qty\" > 4")
})

test_that("a chain of AND is flat, and nesting ends with an error of the package", {
  chain <- Reduce(function(a, b) call("&", a, b), rep(list(quote(x > 1)), 2000))
  expect_identical(lengths(strsplit(text(chain), " AND ")), 2000L)
  deep <- Reduce(function(a, b) call("+", a, 1), seq_len(1000), quote(x))
  expect_status(text(deep), "invalid_argument", "calls inside one another")
  nested <- Reduce(function(a, b) call("(", a), seq_len(1000), quote(x))
  expect_status(text(nested), "invalid_argument", "calls inside one another")
})

test_that("what is no expression is refused by name", {
  expect_status(text(y ~ x), "invalid_argument", "one-sided")
  expect_status(text(~ x[1]), "invalid_argument", "'['")
  expect_status(text(~ base::sum(x)), "invalid_argument", "base::sum")
  expect_status(text(~ function(x) x), "invalid_argument", "'function'")
  expect_status(text(~ (~x)), "invalid_argument", "'~'")
  expect_status(text(~ is.na(x, y)), "invalid_argument", "'is.na' takes 1 argument")
  expect_status(text(~ ifelse(x, 1)), "invalid_argument", "'ifelse' takes 3 arguments")
  expect_status(text(~ x %in% y), "invalid_argument", "behind %in%")
  expect_status(text(~ x > .(1:2)), "invalid_argument", "2 values")
  expect_status(text(~ .(list(1))), "invalid_argument", "one value")
  expect_status(text(~ .(1i)), "type", "complex")
  expect_status(text(~ .(numeric_version("1.2"))), "invalid_argument", "one value")
  expect_status(text(~ cast(x, int64)), "type", "the type that cast takes")
  expect_status(text(~ f(x)$y), "invalid_argument", "only columns have fields")
  expect_status(text(~ f(x, )), "invalid_argument", "missing")
  expect_status(text(list(1)), "type", "x must be a string, a formula or a quoted call")
  expect_status(text(NULL), "type", "x must be")
  expect_status(text(c("a", "b")), "invalid_argument", "one string")
  expect_status(text(NA_character_), "invalid_argument", "NA")
})

test_that("keys have directions", {
  key <- function(x) key_text(x, "x", environment())
  expect_identical(key(~price), "\"price\"")
  expect_identical(key(~ desc(price)), "\"price\" DESC")
  expect_identical(key(quote(nulls_first(desc(price + 1)))), "\"price\" + 1 DESC NULLS FIRST")
  expect_identical(key(quote(desc(nulls_first(price)))), "\"price\" DESC NULLS FIRST")
  expect_identical(key(~ asc(price)), "\"price\"")
  expect_identical(key("price DESC"), "price DESC")
  expect_status(key(a ~ b), "invalid_argument", "one-sided")
})

test_that("names become those of columns", {
  texts <- function(...) expression_texts(list(...), environment())
  expect_identical(texts(total = ~ a * b, "c AS d", c("e", "f")), c("\"a\" * \"b\" AS \"total\"", "c AS d", "e", "f"))
  expect_identical(texts(`a "b"` = "x"), "x AS \"a \"\"b\"\"\"")
  expect_identical(texts(expression(a, b + 1)), c("\"a\"", "\"b\" + 1"))
  expect_identical(texts(one = 1), "1 AS \"one\"")
  expect_identical(texts(), character())
  expect_status(texts(x = c("a", "b")), "invalid_argument", "'x' must be one string")
  expect_status(texts("a", mean), "type", "expression 2")
})
