// Runs the parity cases of expressions and operations on rows (tests/parity/compute_*.json, described in the README there)
// through libparquetframe.hpp. Arguments: the files.
#include <libparquetframe.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pf = parquetframe;
using json = nlohmann::ordered_json;

namespace {

// What is different from what was expected.
struct difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A number, or the text of one that JSON has not.
double number(const json& cell) {
  if (!cell.is_string()) return cell.get<double>();
  const auto text = cell.get<std::string>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  if (text == "-0.0") return -0.0;
  throw difference("the number " + text);
}

template <class T, class Value>
pf::array array_of(const json& cells, Value value) {
  std::vector<std::optional<T>> values;
  for (const auto& cell : cells) values.push_back(cell.is_null() ? std::nullopt : std::optional<T>(value(cell)));
  return pf::array_from(values);
}

template <class T>
pf::array array_of(const json& cells) {
  return array_of<T>(cells, [](const json& cell) { return cell.get<T>(); });
}

pf::stream table(const json& the_case) {
  std::vector<pf::named_array> columns;
  for (const auto& column : the_case.at("table").at("columns")) {
    const auto type = column.at("type").get<std::string>();
    const json& cells = column.at("values");
    columns.push_back({column.at("name").get<std::string>(), type == "int64"     ? array_of<std::int64_t>(cells)
                                                             : type == "float64" ? array_of<double>(cells, number)
                                                             : type == "bool"    ? array_of<bool>(cells)
                                                                                 : array_of<std::string>(cells)});
  }
  return pf::stream_from_columns(std::move(columns));
}

pf::options options(const json& the_case) {
  pf::options options;
  for (const auto& [name, value] : the_case.at("options").items()) {
    if (value.is_boolean()) {
      options.set(name, value.get<bool>());
    } else if (value.is_number_integer()) {
      options.set(name, value.get<std::int64_t>());
    } else if (value.is_array()) {
      options.set(name, value.get<std::vector<std::string>>());
    } else {
      options.set(name, value.get<std::string>());
    }
  }
  return options;
}

pf::stream run(const json& the_case) {
  const auto call = the_case.at("call").get<std::string>();
  const auto texts = [&](const char* name) { return the_case.at(name).get<std::vector<std::string>>(); };
  const auto given = options(the_case);
  if (call == "evaluate") return pf::evaluate(table(the_case), texts("expressions"), given);
  if (call == "filter") return pf::filter(table(the_case), the_case.at("predicate").get<std::string>(), given);
  if (call == "aggregate") return pf::aggregate(table(the_case), texts("expressions"), given);
  if (call == "sort") return pf::sort(table(the_case), texts("keys"), given);
  if (call == "take") return pf::take(table(the_case), array_of<std::int64_t>(the_case.at("indices")), given);
  if (call == "unique") return pf::unique(table(the_case), given);
  if (call == "value_counts") return pf::value_counts(table(the_case), given);
  throw difference("this runner knows no call '" + call + "'");
}

// Equal to a share of the number; at no tolerance the sign of zero counts too. All NaN are equal.
bool same_number(double actual, double expected, double tolerance) {
  if (std::isnan(actual) || std::isnan(expected)) return std::isnan(actual) && std::isnan(expected);
  if (tolerance == 0 || std::isinf(actual) || std::isinf(expected)) {
    return actual == expected && std::signbit(actual) == std::signbit(expected);
  }
  return std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

// Compares the rows of a column with what was expected, from row `from` on.
template <class T, class Same>
void compare_rows(const pf::batch& batch, std::size_t column, const json& expected, std::size_t from, Same same) {
  const auto view = batch.column<T>(column);
  for (std::size_t i = 0; i < view.size() && from + i < expected.size(); ++i) {
    const json& want = expected[from + i];
    if (view.is_null(i) ? want.is_null() : !want.is_null() && same(view[i], want)) continue;
    std::string shown = "null";
    if (!view.is_null(i)) {
      if constexpr (std::is_arithmetic_v<T>) {
        shown = std::to_string(view[i]);
      } else {
        shown = std::string(view[i]);
      }
    }
    throw difference("row " + std::to_string(from + i) + " is " + shown + ", expected " + want.dump());
  }
}

void compare_column(const std::vector<pf::batch>& batches, std::size_t column, std::string_view format, const json& expected, double tolerance) {
  const auto type = expected.at("type").get<std::string>();
  const std::string_view formats = type == "int64" ? "l" : type == "uint64" ? "L" : type == "float64" ? "g" : type == "bool" ? "b" : "u U vu";
  if (formats.find(format) == std::string_view::npos) throw difference("the type is " + std::string(format) + ", expected " + type);
  const json& values = expected.at("values");
  std::size_t rows = 0;
  for (const auto& batch : batches) {
    if (type == "int64") {
      compare_rows<std::int64_t>(batch, column, values, rows, [](auto a, const json& b) { return a == b.get<std::int64_t>(); });
    } else if (type == "uint64") {
      compare_rows<std::uint64_t>(batch, column, values, rows, [](auto a, const json& b) { return a == b.get<std::uint64_t>(); });
    } else if (type == "float64") {
      compare_rows<double>(batch, column, values, rows, [&](auto a, const json& b) { return same_number(a, number(b), tolerance); });
    } else if (type == "bool") {
      compare_rows<bool>(batch, column, values, rows, [](auto a, const json& b) { return a == b.get<bool>(); });
    } else {
      compare_rows<std::string_view>(batch, column, values, rows, [](auto a, const json& b) { return a == b.get<std::string>(); });
    }
    rows += batch.num_rows();
  }
  if (rows != values.size()) throw difference("there are " + std::to_string(rows) + " rows, expected " + std::to_string(values.size()));
}

void compare(pf::stream stream, const json& the_case) {
  const json& columns = the_case.at("expect").at("columns");
  const auto& schema = stream.schema();
  if (schema.size() != columns.size()) throw difference("there are " + std::to_string(schema.size()) + " columns");
  const auto batches = stream.collect();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto name = columns[c].at("name").get<std::string>();
    if (schema.name(c) != name) throw difference("column " + std::to_string(c) + " is '" + std::string(schema.name(c)) + "', expected " + name);
    try {
      compare_column(batches, c, schema.format(c), columns[c], the_case.at("tolerance").get<double>());
    } catch (const difference& e) {
      const bool computed = the_case.contains("expressions");
      throw difference((computed ? the_case.at("expressions")[c].get<std::string>() : name) + ": " + e.what());
    }
  }
}

void check(const json& the_case) {
  if (the_case.contains("expect")) {
    compare(run(the_case), the_case);
    return;
  }
  const json& expected = the_case.at("expect_error");
  try {
    // What only rows show is thrown by the stream.
    static_cast<void>(run(the_case).collect());
  } catch (const pf::error& e) {
    const std::string message = e.what();
    if (e.code_name() != expected.at("code").get<std::string>() || message.find(expected.at("message_contains").get<std::string>()) == std::string::npos) {
      throw difference("failed with " + std::string(e.code_name()) + " \"" + message + "\", expected " + expected.dump());
    }
    return;
  }
  throw difference("did not fail, expected " + expected.dump());
}

}  // namespace

int main(int argc, char** argv) {
  int passed = 0, failed = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i]);
    const json cases = json::parse(file);
    const auto family = cases.at("family").get<std::string>();
    for (const auto& the_case : cases.at("cases")) {
      try {
        check(the_case);
        ++passed;
      } catch (const std::exception& e) {
        ++failed;
        std::printf("%s/%s: %s\n", family.c_str(), the_case.at("name").get<std::string>().c_str(), e.what());
      }
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
