// libparquetframe.hpp: errors and their codes, ownership, streams, options, contexts, tables, graphs.
#include "expect.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace pf = parquetframe;

namespace {

template <class T>
constexpr bool move_only = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> && std::is_nothrow_move_constructible_v<T> &&
                           std::is_nothrow_move_assignable_v<T>;
static_assert(move_only<pf::arrow_array> && move_only<pf::arrow_schema> && move_only<pf::arrow_stream>);
static_assert(move_only<pf::array> && move_only<pf::batch> && move_only<pf::stream> && move_only<pf::schema>);
static_assert(move_only<pf::options> && move_only<pf::context> && move_only<pf::cancel_token> && move_only<pf::table> && move_only<pf::graph>);

pf::stream edges() {
  return pf::stream_from_columns("source", std::vector<std::int64_t>{10, 20, 30, 30, 40, 50}, "target",
                                 std::vector<std::int64_t>{20, 30, 10, 40, 40, 10}, "weight", std::vector<double>{1, 2, 3, 4, 5, 6});
}

pf::graph small_graph() { return pf::graph::from_edges(edges(), "source", "target"); }

void errors_have_codes() {
  CHECK_THROWS(pf::read_parquet("/no/such/file.parquet"), PF_NOT_FOUND, "/no/such/file.parquet");
  CHECK_THROWS(pf::graph::from_edges(edges(), "from", "target"), PF_INVALID_ARGUMENT, "from");
  try {
    static_cast<void>(pf::read_parquet("/no/such/file.parquet"));
  } catch (const std::runtime_error& e) {
    const auto* error = dynamic_cast<const pf::error*>(&e);
    CHECK(error != nullptr && error->code_name() == "NOT_FOUND");
  }
  CHECK(pf::error(PF_INTERNAL, "x").code_name() == "INTERNAL" && std::string_view(pf::error(PF_TYPE, "x").what()) == "x");
  CHECK(pf::version() == pf_version_string() && pf::has_feature("graph") && !pf::has_feature("nothing"));
}

// A producer of two batches of one int64 column that then fails; it counts what is alive.
struct failing_producer {
  const char* error;
  int live = 0, given = 0;

  pf::stream make() {
    ArrowArrayStream raw{};
    raw.private_data = this;
    raw.get_schema = [](ArrowArrayStream*, ArrowSchema* out) {
      return give(out, nullptr);
    };
    raw.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
      auto* self = static_cast<failing_producer*>(s->private_data);
      return ++self->given > 2 ? 5 : give(nullptr, out);
    };
    raw.get_last_error = [](ArrowArrayStream* s) { return static_cast<failing_producer*>(s->private_data)->error; };
    raw.release = [](ArrowArrayStream* s) {
      --static_cast<failing_producer*>(s->private_data)->live;
      s->release = nullptr;
    };
    ++live;
    return pf::stream(std::move(raw));
  }

 private:
  static int give(ArrowSchema* schema, ArrowArray* batch) {
    auto stream = pf::stream_from_columns("n", std::vector<std::int64_t>{1, 2, 3});
    return schema != nullptr ? stream.get()->get_schema(stream.get(), schema) : stream.get()->get_next(stream.get(), batch);
  }
};

void errors_of_streams_are_decoded() {
  const std::pair<const char*, std::pair<pf_status, const char*>> cases[] = {
      {"[PF_CORRUPT] page 7", {PF_CORRUPT, "page 7"}},     {"outer: [PF_TIMEOUT] late", {PF_TIMEOUT, "late"}},
      {"[PF_INVALID_ARGUMENT] x", {PF_INVALID_ARGUMENT, "x"}}, {"[PF_NOPE] x", {PF_IO, "[PF_NOPE] x"}},
      {"plain text", {PF_IO, "plain text"}},               {"[PF_", {PF_IO, "[PF_"}},
      {nullptr, {PF_IO, ""}},
  };
  for (const auto& [text, expected] : cases) {
    failing_producer producer{text};
    std::size_t rows = 0;
    try {
      for (const auto& batch : producer.make()) rows += batch.num_rows();
      CHECK(false);
    } catch (const pf::error& e) {
      CHECK_INT(e.code(), expected.first);
      if (text != nullptr) CHECK_STR(e.what(), expected.second);
    }
    CHECK_INT(rows, 6);
    CHECK_INT(producer.live, 0);
  }
  failing_producer producer{"[PF_CONFLICT] first"};
  CHECK_THROWS(pf::table(producer.make()), PF_CONFLICT, "first");
  CHECK_INT(producer.live, 0);
}

void streams_are_ranges() {
  auto stream = edges();
  CHECK(stream.schema().size() == 3 && stream.schema().name(2) == "weight" && stream.schema().format(2) == "g");
  CHECK_THROWS(stream.schema().name(3), PF_INVALID_ARGUMENT, "no column 3");
  std::size_t batches = 0;
  for (pf::batch& batch : stream) {
    ++batches;
    CHECK(batch.num_rows() == 6 && batch.num_columns() == 3 && batch.schema().index_of("target") == 1);
  }
  CHECK_INT(batches, 1);
  CHECK(!stream.next() && stream.collect().empty() && stream.begin() == stream.end());

  // A batch outlives its stream.
  std::optional<pf::batch> kept;
  {
    auto source = edges();
    kept = source.next();
  }
  CHECK(kept && kept->column<double>("weight")[5] == 6 && kept->schema().name(0) == "source");

  // A stream that went into a call, or was given up, is empty.
  auto consumed = edges();
  ArrowArrayStream raw = consumed.release();
  CHECK_THROWS(consumed.next(), PF_INVALID_ARGUMENT, "consumed");
  CHECK_THROWS(pf::table(std::move(consumed)), PF_INVALID_ARGUMENT, "released");
  CHECK_INT(pf::table(pf::stream(std::move(raw))).num_rows(), 6);
  CHECK(raw.release == nullptr);

  CHECK_THROWS(pf::stream_from_columns("a", std::vector<int>{1}, "b", std::vector<int>{1, 2}), PF_INVALID_ARGUMENT, "length");
  std::vector<pf::named_array> columns;
  columns.push_back({"a", pf::array_from(std::vector<int>{4})});
  CHECK(column<int>(pf::stream_from_columns(std::move(columns)), "a") == values<int>{4});
}

void graphs_answer() {
  const auto graph = small_graph();
  CHECK(graph.num_vertices() == 5 && graph.num_edges() == 6 && graph.is_directed() && !graph.weight());
  const auto ids = graph.vertices();
  const auto id = ids.values<std::int64_t>();
  CHECK(std::vector<std::int64_t>(id.begin(), id.end()) == std::vector<std::int64_t>{10, 20, 30, 40, 50});
  const auto targets = graph.buffer("csr.targets");
  const auto target = targets.values<std::uint32_t>();
  CHECK(std::vector<std::uint32_t>(target.begin(), target.end()) == std::vector<std::uint32_t>{1, 2, 0, 3, 3, 0});
  CHECK_THROWS(graph.buffer("csr.nothing"), PF_INVALID_ARGUMENT, "csr.nothing");

  CHECK(column<std::int64_t>(graph.degree(), "degree") == values<std::int64_t>({3, 2, 3, 3, 1}));
  CHECK(column<std::int64_t>(graph.degree({{"mode", "out"}}), "degree") == values<std::int64_t>({1, 1, 2, 1, 1}));
  CHECK(column<std::int64_t>(graph.bfs(std::vector<std::int64_t>{20}), "distance") == values<std::int64_t>({2, 0, 1, 2, std::nullopt}));
  CHECK(column<std::int64_t>(graph.bfs(std::vector<int>{20, 50}, {{"max_depth", 1}}), "predecessor") ==
        values<std::int64_t>({50, std::nullopt, 20, std::nullopt, std::nullopt}));
  CHECK(graph.bfs(std::vector<int>{20}, {{"predecessors", false}}).schema().size() == 3);
  CHECK_THROWS(graph.bfs(pf::array_from(std::vector<std::optional<int>>{20, std::nullopt})), PF_INVALID_ARGUMENT, "null");

  auto components = graph.connected_components();
  CHECK(components.schema().metadata().at("parquetframe.components") == "1");
  CHECK(column<std::int64_t>(std::move(components), "component_id") == values<std::int64_t>({0, 0, 0, 0, 0}));

  auto ranks = graph.pagerank({{"damping", 0.9}, {"tolerance", 1e-12}, {"max_iterations", 1000}});
  CHECK(ranks.schema().metadata().at("parquetframe.converged") == "true");
  double sum = 0;
  for (const auto& rank : column<double>(std::move(ranks), "rank")) sum += *rank;
  CHECK(sum > 1 - 1e-9 && sum < 1 + 1e-9);
  CHECK(column<std::int64_t>(graph.pagerank({{"top", 1}}), "vertex") == values<std::int64_t>{40});
  auto jumps = pf::stream_from_columns("vertex", std::vector<int>{50}, "weight", std::vector<int>{1});
  CHECK(column<std::int64_t>(graph.pagerank(std::move(jumps), {{"max_iterations", 1}, {"top", 1}}), "vertex").size() == 1);
}

void files_become_graphs(const std::string& path) {
  const auto of_file = pf::graph::from_parquet(path, "package", "depends_on", {{"duplicates", "first"}});
  const auto of_rows = pf::graph::from_edges(pf::read_parquet(path), "package", "depends_on", {{"duplicates", "first"}});
  CHECK(of_file.num_vertices() > 1000 && of_file.num_edges() == of_rows.num_edges());
  CHECK(column<std::int64_t>(of_file.degree(), "degree") == column<std::int64_t>(of_rows.degree(), "degree"));
  const auto more = pf::graph::from_parquet(path, "package", "depends_on", pf::stream_from_columns("id", std::vector<std::string>{"no such package"}));
  CHECK_INT(more.num_vertices(), of_file.num_vertices() + 1);
  CHECK_THROWS(pf::graph::from_parquet(path, "package", "nothing"), PF_INVALID_ARGUMENT, "nothing");
  CHECK_THROWS(pf::graph::from_parquet("/no/such.parquet", "source", "target"), PF_NOT_FOUND, "/no/such.parquet");
}

using ints = values<std::int64_t>;

void paths_are_found() {
  const auto graph = pf::graph::from_edges(edges(), "source", "target", {{"weight", "weight"}});
  // A target ends the search: what is farther away stays null.
  const std::vector<int> sources{20}, targets{30};
  CHECK(column<std::int64_t>(graph.bfs(sources, targets), "distance") == ints({std::nullopt, 0, 1, std::nullopt, std::nullopt}));
  CHECK(column<std::int64_t>(graph.bfs(sources, targets, {{"reached_only", true}}), "vertex") == ints({20, 30}));
  CHECK(column<std::int64_t>(graph.bfs(pf::array_from(sources), {{"max_depth", 1}, {"reached_only", true}}), "vertex") == ints({20, 30}));
  CHECK_THROWS(graph.bfs(sources, std::vector<int>{7}), PF_INVALID_ARGUMENT, "7");

  auto search = graph.dfs(std::vector<int>{50}, {{"reached_only", true}});
  CHECK(search.schema().metadata().at("parquetframe.trees") == "1");
  CHECK(column<std::int64_t>(std::move(search), "discovery_time") == ints({1, 2, 3, 4, 0}));
  CHECK(column<std::int64_t>(graph.dfs({{"forest", true}}), "component_id") == ints({0, 0, 0, 0, 1}));
  CHECK_THROWS(graph.topological_sort(), PF_INVALID_ARGUMENT, "cycle");
  CHECK(column<std::int64_t>(graph.find_cycle(), "vertex").size() == 3 || column<std::int64_t>(graph.find_cycle(), "vertex") == ints{40});

  const pf::options weighted{{"weight", "weight"}};
  auto shortest = graph.shortest_path(sources, {{"weight", "weight"}, {"method", "dijkstra"}});
  CHECK(shortest.schema().metadata().at("parquetframe.method") == "dijkstra");
  CHECK(column<double>(std::move(shortest), "distance") == values<double>({5.0, 0.0, 2.0, 6.0, std::nullopt}));
  CHECK(column<double>(graph.shortest_path(sources, std::vector<int>{30}, weighted), "distance").size() == 5);
  CHECK(column<std::int64_t>(graph.path(50, 40), "vertex") == ints({50, 10, 20, 30, 40}));
  CHECK(column<double>(graph.path(pf::array_from(sources), pf::array_from(targets), weighted), "distance") == values<double>({0.0, 2.0}));
  CHECK(column<std::int64_t>(graph.path(10, 50), "vertex").empty());
  CHECK_THROWS(graph.path(std::string("10"), "20"), PF_TYPE, "source");
}

void vertices_are_measured() {
  const auto graph = small_graph();
  const std::vector<int> one{10};
  CHECK(column<double>(graph.degree_centrality({{"mode", "out"}}), "degree_centrality") == values<double>({0.25, 0.25, 0.5, 0.25, 0.25}));
  CHECK(column<std::int64_t>(graph.triangles(), "triangles") == ints({1, 1, 1, 0, 0}));
  CHECK(column<double>(graph.clustering_coefficient(), "clustering_coefficient")[1] == 1.0);
  CHECK(column<std::int64_t>(graph.core_number(), "core_number") == ints({2, 2, 2, 1, 1}));
  CHECK(column<double>(graph.betweenness({{"normalized", false}}), "betweenness") == values<double>({4.0, 4.0, 4.0, 0.0, 0.0}));
  CHECK(column<double>(graph.betweenness(one), "betweenness").size() == 5);
  CHECK(column<double>(graph.closeness(), "closeness").size() == 5);
  CHECK(column<std::int64_t>(graph.closeness(one, {{"mode", "out"}}), "vertex") == ints{10});

  auto strong = graph.strongly_connected_components();
  CHECK(strong.schema().metadata().at("parquetframe.components") == "3");
  CHECK(column<std::int64_t>(std::move(strong), "component_id") == ints({0, 0, 0, 1, 2}));
  CHECK(column<std::int64_t>(graph.condensation(), "target") == ints({1, 0}));
}

void edges_come_back() {
  const auto graph = pf::graph::from_edges(edges(), "source", "target", {{"weight", "weight"}, {"edge_ids", true}});
  CHECK(column<double>(graph.edges(), "weight") == values<double>({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}));
  CHECK(column<std::int64_t>(graph.neighbors(std::vector<int>{30, 10}), "neighbor") == ints({10, 40, 20}));
  CHECK(column<std::int64_t>(graph.neighbors(pf::array_from(std::vector<int>{10}), {{"mode", "in"}}), "edge") == ints({2, 5}));
  const std::vector<int> sources{10, 20}, targets{20, 10};
  CHECK(column<bool>(graph.has_edge(sources, targets), "has_edge") == values<bool>({true, false}));
  CHECK(column<bool>(graph.has_edge(pf::array_from(sources), pf::array_from(targets)), "has_edge").size() == 2);

  CHECK(column<std::int64_t>(graph.transpose().edges(), "source") == ints({10, 10, 20, 30, 40, 40}));
  const auto both = graph.undirected();
  CHECK(!both.is_directed() && both.num_edges() == 6 && graph.is_directed());
  const auto part = graph.subgraph(std::vector<int>{10, 20, 50});
  CHECK(part.num_vertices() == 3 && part.num_edges() == 2);
  CHECK_THROWS(graph.subgraph(std::vector<int>{99}), PF_INVALID_ARGUMENT, "99");
  const auto light = graph.filter_edges(pf::array_from(std::vector<bool>{true, true, false, false, false, true}));
  CHECK(light.num_vertices() == 5 && light.num_edges() == 3);
  CHECK_THROWS(graph.filter_edges(pf::array_from(std::vector<bool>{true})), PF_INVALID_ARGUMENT, "keep");
  CHECK_THROWS(small_graph().filter_edges(pf::array_from(std::vector<bool>(6, true))), PF_INVALID_ARGUMENT, "edge_ids");
}

void graphs_are_built_of_everything() {
  const auto weighted = pf::graph::from_edges(edges(), "source", "target", {{"weight", "weight"}, {"directed", false}});
  CHECK(weighted.weight() == "weight" && !weighted.is_directed() && weighted.num_edges() == 6);
  CHECK(weighted.buffer("csr.weights").format() == "g");
  CHECK_THROWS(weighted.pagerank({{"weight", "other"}}), PF_INVALID_ARGUMENT, "other");

  auto vertices = pf::stream_from_columns("id", std::vector<std::string>{"z", "a"});
  const auto named = pf::graph::from_edges(pf::stream_from_columns("s", std::vector<std::string>{"b", "a"}, "t", std::vector<std::string>{"a", "c"}),
                                           "s", "t", std::move(vertices));
  CHECK(column<std::string_view>(named.degree(), "vertex").size() == 4);
  const auto ids = named.vertices();
  const auto id = ids.values<std::string_view>();
  CHECK(id[0] == "z" && id[1] == "a" && id[2] == "b" && id[3] == "c");
  CHECK(column<std::int64_t>(named.bfs(std::vector<std::string>{"b"}), "distance") == values<std::int64_t>({std::nullopt, 1, 0, 2}));

  auto positions = pf::stream_from_columns("source", std::vector<int>{0}, "target", std::vector<int>{3});
  CHECK(pf::graph::from_edges(std::move(positions), "source", "target", {{"num_vertices", 6U}}).num_vertices() == 6);

  auto graph = small_graph();
  const auto other = std::move(graph);
  CHECK_INT(other.num_vertices(), 5);
  CHECK_THROWS(graph.degree(), PF_INVALID_ARGUMENT, "graph");  // NOLINT: what a moved-from graph does is promised
}

void options_keep_types() {
  const auto graph = small_graph();
  CHECK_THROWS(graph.pagerank({{"damping", "0.85"}}), PF_TYPE, "damping");
  CHECK_THROWS(graph.pagerank({{"max_iterations", 1.0}}), PF_TYPE, "max_iterations");
  CHECK_THROWS(graph.pagerank({{"alpha", 0.5}}), PF_INVALID_ARGUMENT, "alpha");
  CHECK_THROWS(graph.bfs(std::vector<int>{10}, {{"predecessors", 1}}), PF_TYPE, "predecessors");
  CHECK_THROWS((pf::options{{"top", std::numeric_limits<std::uint64_t>::max()}}), PF_INVALID_ARGUMENT, "int64");
  CHECK_THROWS((pf::options{{std::string("a\0b", 3), 1}}), PF_INVALID_ARGUMENT, "NUL");
  CHECK_THROWS((pf::options{{"mode", std::string("out\0", 4)}}), PF_INVALID_ARGUMENT, "NUL");
  CHECK_THROWS((pf::options{{"mode", "\xff"}}), PF_INVALID_ARGUMENT, "UTF-8");
  pf::options options;
  CHECK(options.get() == nullptr);
  options.set("mode", "in").set("mode", std::string("out"));
  CHECK(column<std::int64_t>(graph.degree(options), "degree") == values<std::int64_t>({1, 1, 2, 1, 1}));
  CHECK(column<std::int64_t>(graph.degree(options), "degree").size() == 5);
}

void tables_are_read_again() {
  const pf::table table(edges());
  CHECK(table.num_rows() == 6 && table.num_columns() == 3);
  CHECK(column<double>(table.read({{"columns", {"weight"}}, {"offset", 4}}), "weight") == values<double>({5.0, 6.0}));
  CHECK(table.read({{"columns", std::vector<std::string>{"target", "source"}}}).schema().name(0) == "target");
  CHECK(column<double>(table.read(), "weight").size() == 6);
  CHECK_THROWS(table.read({{"columns", {"a", "b"}}}), PF_INVALID_ARGUMENT, "a");
  bool listed = false;
  for (const auto& batch : pf::kernels()) {
    for (const auto name : batch.column<std::string_view>("kernel")) listed = listed || name == "pagerank";
  }
  CHECK(listed);
}

const pf::options& endless() {
  static const pf::options options{{"tolerance", 0.0}, {"max_iterations", 1000000000}};
  return options;
}

struct my_exception {
  int number;
};

void progress_may_stop_and_throw() {
  const auto graph = small_graph();
  const auto caller = std::this_thread::get_id();
  int calls = 0;
  pf::context context;
  context.set_progress([&](double) {
    CHECK(std::this_thread::get_id() == caller);
    return ++calls < 3;
  });
  CHECK_THROWS(graph.pagerank(endless(), context), PF_CANCELLED, "cancelled");
  CHECK_INT(calls, 3);

  // What is thrown comes out of the call, not across the boundary, and the context can be used again.
  pf::context moved = std::move(context);
  moved.set_progress([](double) -> bool { throw my_exception{42}; });
  int caught = 0;
  try {
    static_cast<void>(graph.pagerank(endless(), moved));
  } catch (const my_exception& e) {
    caught = e.number;
  }
  CHECK_INT(caught, 42);
  CHECK(column<double>(graph.pagerank({}, moved), "rank").size() == 5);
  moved.set_progress({}).set_threads(3).set_memory_limit(1 << 20).set_log_level(5);
  CHECK(column<double>(graph.pagerank({}, moved), "rank").size() == 5);
  CHECK(moved.threads() == 3 && moved.memory_peak() > 0);
  CHECK_THROWS(moved.set_threads(-1), PF_INVALID_ARGUMENT, "threads");
  CHECK_THROWS(moved.set_log_level(9), PF_INVALID_ARGUMENT, "level");
}

void a_token_stops_from_another_thread() {
  const auto graph = small_graph();
  pf::context context;
  std::optional<pf::cancel_token> token(std::in_place);
  context.set_cancel_token(*token);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    token->cancel();
  });
  CHECK_THROWS(graph.pagerank(endless(), context), PF_CANCELLED, "cancelled");
  other.join();
  token.reset();
  CHECK_THROWS(graph.degree({}, context), PF_CANCELLED, "cancelled");
}

void log_messages_arrive() {
  const auto graph = small_graph();
  std::atomic<int> messages{0};
  std::string last;
  pf::set_log_callback(
      [&](int level, std::string_view message) {
        messages += level == 4;
        last = message;
      },
      4);
  static_cast<void>(graph.degree());
  CHECK(messages >= 1);
  CHECK_CONTAINS(last.c_str(), "pf_graph_degree");
  CHECK_THROWS(pf::set_log_callback([](int, std::string_view) {}, 7), PF_INVALID_ARGUMENT, "level");
  const int before = messages;
  static_cast<void>(graph.degree());
  CHECK(messages > before);  // what was refused did not replace anything
  pf::set_log_callback([](int, std::string_view) { throw my_exception{1}; }, 5);
  static_cast<void>(graph.degree());
  pf::set_log_callback({}, 0);
  const int after = messages;
  static_cast<void>(graph.degree());
  CHECK_INT(messages, after);
}

}  // namespace

// Argument: a Parquet file of edges from `package` to `depends_on`.
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  errors_have_codes();
  errors_of_streams_are_decoded();
  streams_are_ranges();
  graphs_answer();
  paths_are_found();
  vertices_are_measured();
  edges_come_back();
  files_become_graphs(argv[1]);
  graphs_are_built_of_everything();
  options_keep_types();
  tables_are_read_again();
  progress_may_stop_and_throw();
  a_token_stops_from_another_thread();
  log_messages_arrive();
  column_tests();
  compute_tests();
  parquet_tests();
  return check_summary();
}
