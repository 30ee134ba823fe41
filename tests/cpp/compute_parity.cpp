// Runs the parity cases of expressions (tests/parity/compute_*.json, described in the README there) through libparquetframe.hpp, over
// streams and, where a call has that form, over arrays. Arguments: the files.
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

// Numbers that JSON has not are strings.
double number(const json& value) {
  if (!value.is_string()) return value.get<double>();
  const auto text = value.get<std::string>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "-0.0") return -0.0;
  return text == "Infinity" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
}

template <class T>
T cell(const json& value) {
  if constexpr (std::is_same_v<T, double>) {
    return number(value);
  } else {
    return value.get<T>();
  }
}

template <class T>
pf::array array_of(const json& values) {
  std::vector<std::optional<T>> cells;
  for (const auto& value : values) cells.push_back(value.is_null() ? std::nullopt : std::optional<T>(cell<T>(value)));
  return pf::array_from(cells);
}

pf::array column(const json& column) {
  const auto type = column.at("type").get<std::string>();
  const json& values = column.at("values");
  if (type == "int64") return array_of<std::int64_t>(values);
  if (type == "float64") return array_of<double>(values);
  if (type == "bool") return array_of<bool>(values);
  return array_of<std::string>(values);
}

pf::stream table(const json& the_case) {
  std::vector<pf::named_array> columns;
  for (const auto& c : the_case.at("table").at("columns")) columns.push_back({c.at("name").get<std::string>(), column(c)});
  return pf::stream_from_columns(std::move(columns));
}

// The table as an array of structs.
pf::array table_array(const json& the_case) {
  auto stream = table(the_case);
  pf::arrow_array rows;
  pf::arrow_schema type;
  if (stream.get()->get_schema(stream.get(), type.get()) != 0 || stream.get()->get_next(stream.get(), rows.get()) != 0) {
    throw difference("the table cannot be read");
  }
  return {std::move(rows), std::move(type)};
}

std::vector<std::string> texts(const json& list) {
  std::vector<std::string> found;
  for (const auto& text : list) found.push_back(text.get<std::string>());
  return found;
}

pf::options options(const json& the_case) {
  pf::options made;
  for (const auto& [name, value] : the_case.at("options").items()) {
    if (value.is_boolean()) {
      made.set(name, value.get<bool>());
    } else if (value.is_number_integer()) {
      made.set(name, value.get<std::int64_t>());
    } else if (value.is_number_float()) {
      made.set(name, value.get<double>());
    } else if (value.is_array()) {
      made.set(name, texts(value));
    } else {
      made.set(name, value.get<std::string>());
    }
  }
  return made;
}

// The result of a call over a stream.
std::vector<pf::batch> over_stream(const json& the_case, pf::stream input, const pf::options& options, std::optional<pf::stream>& out) {
  const auto call = the_case.at("call").get<std::string>();
  if (call == "evaluate") {
    out = pf::evaluate(std::move(input), texts(the_case.at("expressions")), options);
  } else if (call == "aggregate") {
    out = pf::aggregate(std::move(input), texts(the_case.at("expressions")), options);
  } else if (call == "filter") {
    out = pf::filter(std::move(input), the_case.at("predicate").get<std::string>(), options);
  } else if (call == "sort") {
    out = pf::sort(std::move(input), texts(the_case.at("keys")), options);
  } else if (call == "take") {
    out = pf::take(std::move(input), array_of<std::int64_t>(the_case.at("indices")), options);
  } else if (call == "unique") {
    out = pf::unique(std::move(input), options);
  } else if (call == "value_counts") {
    out = pf::value_counts(std::move(input), options);
  } else {
    throw difference("this runner knows no call '" + call + "'");
  }
  return out->collect();
}

bool has_array_form(const json& the_case) {
  const auto call = the_case.at("call").get<std::string>();
  return call == "evaluate" || call == "aggregate" || call == "filter";
}

// The same over an array.
pf::batch over_array(const json& the_case, pf::array input, const pf::options& options) {
  const auto call = the_case.at("call").get<std::string>();
  if (call == "filter") return pf::batch_of(pf::filter_array(std::move(input), the_case.at("predicate").get<std::string>(), options));
  const auto expressions = texts(the_case.at("expressions"));
  return pf::batch_of(call == "evaluate" ? pf::evaluate_array(std::move(input), expressions, options)
                                         : pf::aggregate_array(std::move(input), expressions, options));
}

// A share of the number; without a tolerance the sign of zero counts. All NaN are equal.
bool equal(double got, double want, double tolerance) {
  if (std::isnan(got) || std::isnan(want)) return std::isnan(got) && std::isnan(want);
  if (tolerance == 0 || std::isinf(got) || std::isinf(want)) return got == want && std::signbit(got) == std::signbit(want);
  return std::abs(got - want) <= tolerance * std::max(1.0, std::abs(want));
}

template <class T, class Equal>
void compare_cells(const std::vector<pf::batch>& batches, std::size_t c, const json& wanted, Equal same) {
  std::size_t row = 0;
  for (const auto& batch : batches) {
    const auto view = batch.column<T>(c);
    for (std::size_t i = 0; i < view.size(); ++i, ++row) {
      if (row >= wanted.size()) throw difference("there are more than " + std::to_string(wanted.size()) + " rows");
      const bool right = view.is_null(i) || wanted[row].is_null() ? view.is_null(i) && wanted[row].is_null() : same(view[i], wanted[row]);
      if (!right) throw difference("column " + std::to_string(c) + ", row " + std::to_string(row) + " is not " + wanted[row].dump());
    }
  }
  if (row != wanted.size()) throw difference("there are " + std::to_string(row) + " rows, expected " + std::to_string(wanted.size()));
}

void compare(const pf::schema& schema, const std::vector<pf::batch>& batches, const json& the_case) {
  const json& columns = the_case.at("expect").at("columns");
  const double tolerance = the_case.value("tolerance", 0.0);
  if (schema.size() != columns.size()) throw difference("there are " + std::to_string(schema.size()) + " columns");
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto name = columns[c].at("name").get<std::string>(), type = columns[c].at("type").get<std::string>();
    const json& wanted = columns[c].at("values");
    if (schema.name(c) != name) throw difference("column " + std::to_string(c) + " is '" + std::string(schema.name(c)) + "', expected " + name);
    const auto exact = [](auto got, const json& want) { return got == want.get<decltype(got)>(); };
    if (type == "int64") {
      compare_cells<std::int64_t>(batches, c, wanted, exact);
    } else if (type == "uint64") {
      compare_cells<std::uint64_t>(batches, c, wanted, exact);
    } else if (type == "bool") {
      compare_cells<bool>(batches, c, wanted, exact);
    } else if (type == "float64") {
      compare_cells<double>(batches, c, wanted, [&](double got, const json& want) { return equal(got, number(want), tolerance); });
    } else {
      compare_cells<std::string_view>(batches, c, wanted, [](std::string_view got, const json& want) { return got == want.get<std::string>(); });
    }
  }
}

template <class Run>
void check(const json& the_case, Run run) {
  if (the_case.contains("expect")) return run();
  const json& expected = the_case.at("expect_error");
  try {
    run();
  } catch (const pf::error& e) {
    const std::string message = e.what();
    if (e.code_name() != expected.at("code").get<std::string>() || message.find(expected.at("message_contains").get<std::string>()) == std::string::npos) {
      throw difference("failed with " + std::string(e.code_name()) + " \"" + message + "\", expected " + expected.dump());
    }
    return;
  }
  throw difference("did not fail, expected " + expected.dump());
}

void check_stream(const json& the_case) {
  check(the_case, [&] {
    std::optional<pf::stream> out;
    const auto batches = over_stream(the_case, table(the_case), options(the_case), out);
    if (the_case.contains("expect")) compare(out->schema(), batches, the_case);
  });
}

void check_array(const json& the_case) {
  check(the_case, [&] {
    std::vector<pf::batch> batches;
    batches.push_back(over_array(the_case, table_array(the_case), options(the_case)));
    if (the_case.contains("expect")) compare(batches[0].schema(), batches, the_case);
  });
}

}  // namespace

int main(int argc, char** argv) {
  int passed = 0, failed = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i]);
    const json cases = json::parse(file);
    const auto family = cases.at("family").get<std::string>();
    for (const auto& the_case : cases.at("cases")) {
      for (const bool as_array : {false, true}) {
        if (as_array && !has_array_form(the_case)) continue;
        try {
          (as_array ? check_array : check_stream)(the_case);
          ++passed;
        } catch (const std::exception& e) {
          ++failed;
          std::printf("%s/%s%s: %s\n", family.c_str(), the_case.at("name").get<std::string>().c_str(), as_array ? " (array)" : "", e.what());
        }
      }
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
