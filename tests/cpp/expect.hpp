// The C tests' assertions, and one for exceptions.
#ifndef EXPECT_HPP
#define EXPECT_HPP

#include "../c/check.h"

#include <libparquetframe.hpp>

#include <cstdio>
#include <optional>
#include <vector>

// An expression throws parquetframe::error of a code, whose message contains a text.
#define CHECK_THROWS(expression, status, part) \
  expect_throw([&] { static_cast<void>(expression); }, status, part, #expression, __FILE__, __LINE__)

template <class Run>
void expect_throw(Run run, pf_status status, const char* part, const char* text, const char* file, int line) {
  try {
    run();
  } catch (const parquetframe::error& e) {
    check_int(e.code(), status, text, file, line);
    check_contains(e.what(), part, text, file, line);
    return;
  }
  check_true(false, text, file, line);
}

// The values of a column, nothing where they are null.
template <class T>
using values = std::vector<std::optional<T>>;

// A column of all rows of a stream. Strings borrow from batches that are gone: look at their number only.
template <class T>
values<T> column(parquetframe::stream stream, const char* name) {
  values<T> found;
  for (const parquetframe::batch& batch : stream) {
    const auto view = batch.column<T>(name);
    for (std::size_t i = 0; i < view.size(); ++i) found.push_back(view.get(i));
  }
  return found;
}

void column_tests();
void compute_tests();
void parquet_tests();

#endif
