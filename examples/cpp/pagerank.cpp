// Ranks the packages of a Parquet file of dependencies: the ten highest, the number of components, and how many packages
// "bash" reaches.
//
//     c++ -std=c++17 pagerank.cpp $(pkg-config --cflags --libs libparquetframe) -o pagerank
//     ./pagerank debian-bookworm-dependencies.parquet
#include <libparquetframe.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace pf = parquetframe;

static void print_top_ten(const pf::graph& graph) {
  int i = 0;
  for (const pf::batch& batch : graph.pagerank({{"top", 10}})) {
    const auto vertex = batch.column<std::string_view>("vertex");
    const auto rank = batch.column<double>("rank");
    for (std::size_t row = 0; row < batch.num_rows(); ++row) {
      std::printf("%2d  %-20s %.10f\n", ++i, std::string(vertex[row]).c_str(), rank[row]);
    }
  }
}

static void print_reach(const pf::graph& graph, const std::string& package) {
  std::int64_t reached = -1;  // itself does not count
  for (const pf::batch& batch : graph.bfs(std::vector<std::string>{package})) {
    const auto distance = batch.column<std::int64_t>("distance");
    for (std::size_t row = 0; row < distance.size(); ++row) reached += distance.is_null(row) ? 0 : 1;
  }
  std::printf("%s reaches %lld packages\n", package.c_str(), static_cast<long long>(reached));
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FILE.parquet\n", argv[0]);
    return 2;
  }
  try {
    const auto graph = pf::graph::from_edges(pf::read_parquet(argv[1], {"package", "depends_on"}), "package", "depends_on");
    std::printf("%llu packages, %llu dependencies\n", static_cast<unsigned long long>(graph.num_vertices()),
                static_cast<unsigned long long>(graph.num_edges()));
    print_top_ten(graph);
    std::printf("%s components\n", graph.connected_components().schema().metadata().at("parquetframe.components").c_str());
    print_reach(graph, "bash");
    return 0;
  } catch (const pf::error& e) {
    std::fprintf(stderr, "%s (%s)\n", e.what(), std::string(e.code_name()).c_str());
    return 1;
  }
}
