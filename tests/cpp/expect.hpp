// The C tests' assertions, and one for exceptions.
#ifndef EXPECT_HPP
#define EXPECT_HPP

#include "../c/check.h"

#include <libparquetframe.hpp>

#include <cstdio>

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

void column_tests();

#endif
