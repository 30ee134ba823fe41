// Runs the parity cases (tests/parity/*.json, described in the README there) through libparquetframe.hpp. Arguments: the files.
#include <libparquetframe.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pf = parquetframe;
using json = nlohmann::ordered_json;

namespace {

// What is different from what was expected.
struct difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
pf::array array_of(const json& values) {
  std::vector<std::optional<T>> cells;
  for (const auto& value : values) cells.push_back(value.is_null() ? std::nullopt : std::optional<T>(value.get<T>()));
  return pf::array_from(cells);
}

pf::array ids(const json& values, const json& graph) {
  return graph.at("id_type") == "string" ? array_of<std::string>(values) : array_of<std::int64_t>(values);
}

pf::options options_of(const json& values) {
  pf::options options;
  for (const auto& [name, value] : values.items()) {
    if (value.is_boolean()) {
      options.set(name, value.get<bool>());
    } else if (value.is_number_integer()) {
      options.set(name, value.get<std::int64_t>());
    } else if (value.is_number_float()) {
      options.set(name, value.get<double>());
    } else {
      options.set(name, value.get<std::string>());
    }
  }
  return options;
}

pf::graph build(const json& graph) {
  std::vector<pf::named_array> columns;
  columns.push_back({"source", ids(graph.at("source"), graph)});
  columns.push_back({"target", ids(graph.at("target"), graph)});
  pf::options options{{"directed", graph.at("directed").get<bool>()}};
  if (graph.contains("weight")) {
    columns.push_back({"weight", array_of<double>(graph.at("weight"))});
    options.set("weight", "weight");
  }
  if (graph.contains("num_vertices")) options.set("num_vertices", graph.at("num_vertices").get<std::int64_t>());
  auto edges = pf::stream_from_columns(std::move(columns));
  if (!graph.contains("vertices")) return pf::graph::from_edges(std::move(edges), "source", "target", options);
  return pf::graph::from_edges(std::move(edges), "source", "target", pf::stream_from_columns("vertex", ids(graph.at("vertices"), graph)), options);
}

pf::stream run(const std::string& kernel, const json& the_case) {
  const json& graph_case = the_case.at("graph");
  const auto graph = build(graph_case);
  const auto options = options_of(the_case.at("options"));
  if (kernel == "degree") return graph.degree(options);
  if (kernel == "connected_components") return graph.connected_components(options);
  if (kernel == "bfs") return graph.bfs(ids(the_case.at("sources"), graph_case), options);
  if (kernel != "pagerank") throw difference("this runner knows no kernel '" + kernel + "'");
  if (!the_case.contains("personalization")) return graph.pagerank(options);
  const json& jumps = the_case.at("personalization");
  return graph.pagerank(pf::stream_from_columns("vertex", ids(jumps.at("vertex"), graph_case), "weight", array_of<double>(jumps.at("weight"))), options);
}

// The cells of a column as JSON, so that integers, strings and nulls compare as they stand.
template <class T, class Cell>
void append(json& cells, const pf::batch& batch, std::size_t column) {
  const auto view = batch.column<T>(column);
  for (std::size_t i = 0; i < view.size(); ++i) cells.push_back(view.is_null(i) ? json(nullptr) : json(Cell(view[i])));
}

json cells_of(const std::vector<pf::batch>& batches, std::size_t column, std::string_view format) {
  json cells = json::array();
  for (const auto& batch : batches) {
    if (format == "l") {
      append<std::int64_t, std::int64_t>(cells, batch, column);
    } else if (format == "g") {
      append<double, double>(cells, batch, column);
    } else {
      append<std::string_view, std::string>(cells, batch, column);
    }
  }
  return cells;
}

bool equal(const json& actual, const json& expected, bool floating, double tolerance) {
  if (!floating || actual.is_null() || expected.is_null()) return actual == expected;
  return std::abs(actual.get<double>() - expected.get<double>()) <= tolerance;
}

void compare(pf::stream stream, const json& expect, double tolerance) {
  const json& columns = expect.at("columns");
  const auto& schema = stream.schema();
  if (schema.size() != columns.size()) throw difference("there are " + std::to_string(schema.size()) + " columns");
  const auto metadata = schema.metadata();
  const json wanted = expect.value("metadata", json::object());
  for (const auto& [key, value] : wanted.items()) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) throw difference("no metadata " + key);
    if (found->second != value.get<std::string>()) throw difference(key + " is " + found->second + ", expected " + value.dump());
  }
  const auto batches = stream.collect();
  std::size_t c = 0;
  for (const auto& [name, expected] : columns.items()) {
    if (schema.name(c) != name) throw difference("column " + std::to_string(c) + " is '" + std::string(schema.name(c)) + "', expected " + name);
    const auto format = schema.format(c);
    const json actual = cells_of(batches, c++, format);
    if (actual.size() != expected.size()) throw difference(name + " has " + std::to_string(actual.size()) + " rows, expected " + std::to_string(expected.size()));
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (!equal(actual[i], expected[i], format == "g", tolerance)) {
        throw difference(name + "[" + std::to_string(i) + "] is " + actual[i].dump() + ", expected " + expected[i].dump());
      }
    }
  }
}

void check(const std::string& kernel, const json& the_case) {
  if (the_case.contains("expect")) {
    compare(run(kernel, the_case), the_case.at("expect"), the_case.value("tolerance", 0.0));
    return;
  }
  const json& expected = the_case.at("expect_error");
  try {
    static_cast<void>(run(kernel, the_case));
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
    const auto kernel = cases.at("kernel").get<std::string>();
    for (const auto& the_case : cases.at("cases")) {
      try {
        check(kernel, the_case);
        ++passed;
      } catch (const std::exception& e) {
        ++failed;
        std::printf("%s/%s: %s\n", kernel.c_str(), the_case.at("name").get<std::string>().c_str(), e.what());
      }
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
