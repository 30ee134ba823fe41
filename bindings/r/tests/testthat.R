library(testthat)
library(parquetframe)

test_check("parquetframe")
