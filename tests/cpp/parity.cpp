// Runs the parity cases (tests/parity/*.json, described in the README there) through libparquetframe.hpp. Arguments: the files.
#include <libparquetframe.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
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

template <class T>
pf::array array_of(const json& values) {
  std::vector<std::optional<T>> cells;
  for (const auto& value : values) cells.push_back(value.is_null() ? std::nullopt : std::optional<T>(value.get<T>()));
  return pf::array_from(cells);
}

pf::array ids(const json& values, const json& graph) {
  return graph.at("id_type") == "string" ? array_of<std::string>(values) : array_of<std::int64_t>(values);
}

void set(pf::options& options, const std::string& name, const json& value) {
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

pf::graph build(const json& graph) {
  std::vector<pf::named_array> columns;
  columns.push_back({"source", ids(graph.at("source"), graph)});
  columns.push_back({"target", ids(graph.at("target"), graph)});
  pf::options options;
  for (const char* name : {"directed", "num_vertices", "duplicates", "self_loops", "edge_ids"}) {
    if (graph.contains(name)) set(options, name, graph.at(name));
  }
  if (graph.contains("weight")) {
    columns.push_back({"weight", array_of<double>(graph.at("weight"))});
    options.set("weight", "weight");
  }
  auto edges = pf::stream_from_columns(std::move(columns));
  if (!graph.contains("vertices")) return pf::graph::from_edges(std::move(edges), "source", "target", options);
  return pf::graph::from_edges(std::move(edges), "source", "target", pf::stream_from_columns("vertex", ids(graph.at("vertices"), graph)), options);
}

// What a case gives to its kernel.
struct call {
  const pf::graph& graph;
  const json& the_case;
  const pf::options& options;

  bool has(const char* name) const { return the_case.contains(name); }
  // The ids of an input, which is a list or one id.
  pf::array all(const char* name) const {
    const json& given = the_case.at(name);
    return ids(given.is_array() ? given : json::array({given}), the_case.at("graph"));
  }
  pf::stream personalization() const {
    const json& jumps = the_case.at("personalization");
    return pf::stream_from_columns("vertex", ids(jumps.at("vertex"), the_case.at("graph")), "weight", array_of<double>(jumps.at("weight")));
  }
};

// Kernels without inputs, with optional sources, with sources and optional targets, and the others.
#define PLAIN(KERNEL) {#KERNEL, [](const call& c) { return c.graph.KERNEL(c.options); }}
#define FROM(KERNEL) \
  {#KERNEL, [](const call& c) { return c.has("sources") ? c.graph.KERNEL(c.all("sources"), c.options) : c.graph.KERNEL(c.options); }}
#define SEARCH(KERNEL)                                                                                             \
  {#KERNEL, [](const call& c) {                                                                                    \
     return c.has("targets") ? c.graph.KERNEL(c.all("sources"), c.all("targets"), c.options)                       \
                             : c.graph.KERNEL(c.all("sources"), c.options);                                        \
   }}

const std::map<std::string, pf::stream (*)(const call&)> kernels = {
    PLAIN(degree), PLAIN(degree_centrality), PLAIN(edges), PLAIN(topological_sort), PLAIN(find_cycle),
    PLAIN(connected_components), PLAIN(strongly_connected_components), PLAIN(condensation),
    PLAIN(triangles), PLAIN(clustering_coefficient), PLAIN(core_number),
    FROM(dfs), FROM(betweenness), FROM(closeness), SEARCH(bfs), SEARCH(shortest_path),
    {"path", [](const call& c) { return c.graph.path(c.all("source"), c.all("target"), c.options); }},
    {"neighbors", [](const call& c) { return c.graph.neighbors(c.all("vertices"), c.options); }},
    {"has_edge", [](const call& c) { return c.graph.has_edge(c.all("sources"), c.all("targets"), c.options); }},
    {"pagerank", [](const call& c) { return c.has("personalization") ? c.graph.pagerank(c.personalization(), c.options) : c.graph.pagerank(c.options); }},
};

pf::stream run(const std::string& kernel, const json& the_case) {
  const auto found = kernels.find(kernel);
  if (found == kernels.end()) throw difference("this runner knows no kernel '" + kernel + "'");
  const auto graph = build(the_case.at("graph"));
  pf::options options;
  for (const auto& [name, value] : the_case.at("options").items()) set(options, name, value);
  return found->second({graph, the_case, options});
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
    } else if (format == "b") {
      append<bool, bool>(cells, batch, column);
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

// Throws unless the rows are a cycle: every step uses an edge of its own, and no vertex comes twice.
void check_cycle(const json& cycle, const json& graph) {
  std::vector<std::pair<json, json>> edges;
  for (std::size_t i = 0; i < graph.at("source").size(); ++i) edges.emplace_back(graph.at("source")[i], graph.at("target")[i]);
  if (cycle.empty()) throw difference("there is no cycle");
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const json &from = cycle[i], &to = cycle[(i + 1) % cycle.size()];
    const auto used = std::find_if(edges.begin(), edges.end(), [&](const auto& edge) {
      return edge == std::pair(from, to) || (!graph.at("directed").get<bool>() && edge == std::pair(to, from));
    });
    if (used == edges.end() || std::count(cycle.begin(), cycle.end(), from) != 1) throw difference(cycle.dump() + " is no cycle");
    edges.erase(used);
  }
}

void check_facts(const pf::schema& schema, const json& expect, double tolerance) {
  const auto metadata = schema.metadata();
  const json facts = expect.value("metadata", json::object());
  for (const auto& [key, wanted] : facts.items()) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) throw difference("no metadata " + key);
    // A number is compared as one.
    const bool same = wanted.is_string() ? found->second == wanted.get<std::string>()
                                         : std::abs(std::stod(found->second) - wanted.get<double>()) <= tolerance;
    if (!same) throw difference(key + " is " + found->second + ", expected " + wanted.dump());
  }
}

void compare(pf::stream stream, const json& the_case) {
  const json &expect = the_case.at("expect"), &columns = expect.at("columns");
  const double tolerance = the_case.value("tolerance", 0.0);
  const auto& schema = stream.schema();
  if (schema.size() != columns.size()) throw difference("there are " + std::to_string(schema.size()) + " columns");
  check_facts(schema, expect, tolerance);
  const auto batches = stream.collect();
  std::size_t c = 0;
  for (const auto& [name, expected] : columns.items()) {
    if (schema.name(c) != name) throw difference("column " + std::to_string(c) + " is '" + std::string(schema.name(c)) + "', expected " + name);
    const auto format = schema.format(c);
    const json actual = cells_of(batches, c++, format);
    if (expect.contains("verify")) {
      if (expect.at("verify") != "cycle") throw difference("this runner cannot verify a " + expect.at("verify").dump());
      check_cycle(actual, the_case.at("graph"));
      continue;
    }
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
    compare(run(kernel, the_case), the_case);
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
