# Runs a script that calls endless() in a child, interrupts it, and gives what the script said: as many lines as `answers`.
run_and_interrupt <- function(code, answers) {
  log <- tempfile(fileext = ".log")
  script <- tempfile(fileext = ".R")
  prelude <- c(
    sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = "")),
    "library(parquetframe)",
    sprintf("say <- function(...) cat(..., '\\n', file = %s, append = TRUE)", deparse(log)),
    "edges <- data.frame(s = rep(1:50000, 10), t = (seq_len(5e5) * 7919) %% 50000)",
    "g <- pf_graph(edges, 's', 't')",
    "endless <- function() suppressWarnings(pf_pagerank(g, tolerance = 0, max_iterations = 1e9))",
    "say(Sys.getpid())"
  )
  writeLines(c(prelude, code), script)
  on.exit(unlink(c(log, script)))
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script), wait = FALSE, stdout = FALSE, stderr = FALSE)
  lines <- function() if (file.exists(log)) trimws(readLines(log)) else character()
  wait_for <- function(n) {
    deadline <- Sys.time() + 60
    while (length(lines()) < n && Sys.time() < deadline) Sys.sleep(0.05)
  }
  wait_for(1)
  pid <- as.integer(lines()[1])
  if (is.na(pid)) stop("the child did not start")
  on.exit(tools::pskill(pid, tools::SIGKILL), add = TRUE)
  Sys.sleep(0.5)
  start <- Sys.time()
  tools::pskill(pid, tools::SIGINT)
  wait_for(1 + answers)
  list(answers = lines()[-1], seconds = as.numeric(Sys.time() - start, units = "secs"))
}

test_that("an interrupt ends a long call as a condition, and the session goes on", {
  skip_on_os("windows")
  child <- run_and_interrupt(answers = 2, c(
    "tryCatch(endless(), interrupt = function(i) say('interrupt'), error = function(e) say('error', class(e)))",
    "say(nrow(pf_degree(g)))"
  ))
  expect_identical(child$answers, c("interrupt", "50001"))
  # 20 ms between looks at the interrupt; the rest is room for a busy machine.
  expect_lt(child$seconds, 5)
})

test_that("an interrupt that nobody handles ends the script, and on.exit runs", {
  skip_on_os("windows")
  child <- run_and_interrupt(answers = 1, c(
    "f <- function() { on.exit(say('left')); tryCatch(endless(), error = function(e) say('error', class(e))) }",
    "f()",
    "say('not reached')"
  ))
  expect_identical(child$answers, "left")
})

test_that("an interrupt ends expressions over data frames and tables", {
  skip_on_os("windows")
  child <- run_and_interrupt(answers = 2, c(
    "n <- 2e6",
    "frame <- data.frame(s = as.character(seq_len(n)))",
    "endless <- function(data) for (i in 1:1000) pf_aggregate(data, 'count_distinct(regexp_replace(concat(s, s, s), \\'[0-9]+5\\', \\'x\\'))')",
    "tryCatch(endless(frame), interrupt = function(i) say('interrupt'), error = function(e) say('error', class(e)))",
    "say(pf_aggregate(frame, n = 'count(*)')$n)"
  ))
  expect_identical(child$answers, c("interrupt", "2e+06"))
  expect_lt(child$seconds, 5)
})
