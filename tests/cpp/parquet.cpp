// Parquet files through libparquetframe.hpp: written, read with conditions, counted, explained and described.

#include "expect.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace pf = parquetframe;
namespace fs = std::filesystem;

// A folder that goes with its contents.
class scratch {
 public:
  scratch() {
    std::string name = (fs::temp_directory_path() / "parquetframe-cpp-XXXXXX").string();
    CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { fs::remove_all(path_); }

  std::string operator/(const char* name) const { return (path_ / name).string(); }
  // The files below it, hidden ones too.
  std::size_t files() const {
    std::size_t found = 0;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) found += entry.is_regular_file();
    return found;
  }

 private:
  fs::path path_;
};

pf::stream sales() {
  return pf::stream_from_columns("id", std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}, "price",
                                 std::vector<std::optional<double>>{1.5, std::nullopt, 3.0, 4.0, 5.0, 6.5}, "region",
                                 std::vector<std::string>{"EU", "US", "EU", "AP", "EU", "US"});
}

using ints = values<std::int64_t>;

void rows_come_back() {
  const scratch folder;
  const std::string path = folder / "sales.parquet";
  std::uint64_t rows = 0;
  for (const pf::batch& batch : pf::write_parquet(sales(), path, {{"compression", "zstd(3)"}, {"row_group_size", 4}})) {
    CHECK(batch.column<std::string_view>("path")[0] == path);
    CHECK_INT(batch.column<std::uint64_t>("bytes")[0], fs::file_size(path));
    CHECK_INT(batch.column<std::uint64_t>("row_groups")[0], 2);
    rows += batch.column<std::uint64_t>("rows")[0];
  }
  CHECK_INT(rows, 6);
  CHECK(column<std::int64_t>(pf::read_parquet(path), "id") == ints({1, 2, 3, 4, 5, 6}));
  CHECK(column<double>(pf::read_parquet(path, {"price"}), "price") == values<double>({1.5, std::nullopt, 3.0, 4.0, 5.0, 6.5}));
  CHECK_INT(folder.files(), 1);

  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"filter", "price > 2 AND region = 'EU'"}}), "id") == ints({3, 5}));
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"filter", "price IS NULL"}, {"columns", std::vector<std::string>{"id"}}}), "id") == ints({2}));
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"limit", 3}}), "id") == ints({1, 2, 3}));
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"row_groups", {"1"}}}), "id") == ints({5, 6}));
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"filter", "id > 4"}, {"row_number", "row"}}), "row") == ints({4, 5}));
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"paths", std::vector<std::string>{path}}}), "id").size() == 12);

  // Columns by name, in braces and in a vector; braces of pairs are options, empty ones nothing.
  const std::vector<std::string> names{"region", "id"};
  CHECK(pf::read_parquet(path, {"region", "id"}).schema().name(0) == "region");
  CHECK(pf::read_parquet(path, names).schema().name(0) == "region");
  CHECK(pf::read_parquet(path, std::vector<std::string>{}).schema().size() == 0);
  CHECK(pf::read_parquet(path, {}).schema().size() == 3 && pf::read_parquet(path, {}, pf::context()).schema().size() == 3);
  CHECK(column<std::int64_t>(pf::read_parquet(path, {{"filter", "id = 1"}, {"hive", "off"}}), "id") == ints({1}));

  // What was read is written: a stream goes from file to file.
  const std::string copy = folder / "copy.parquet";
  CHECK(column<std::uint64_t>(pf::write_parquet(pf::read_parquet(path, {{"filter", "region <> 'EU'"}}), copy), "rows") == values<std::uint64_t>({3}));
  CHECK(column<std::int64_t>(pf::read_parquet(copy), "id") == ints({2, 4, 6}));
}

void files_are_looked_into() {
  const scratch folder;
  const std::string path = folder / "sales.parquet";
  pf::write_parquet(sales(), path, {{"row_group_size", 4}, {"metadata", std::vector<std::string>{"origin=a test"}}});

  const pf::schema schema = pf::parquet_schema(path);
  CHECK(schema.size() == 3 && schema.name(0) == "id" && schema.format(0) == "l" && schema.name(2) == "region");
  const pf::schema chosen = pf::parquet_schema(path, {{"columns", {"price", "row"}}, {"row_number", "row"}});
  CHECK(chosen.size() == 2 && chosen.name(0) == "price" && chosen.name(1) == "row");

  CHECK_INT(pf::count_parquet(path), 6);
  CHECK_INT(pf::count_parquet(path, {{"filter", "region = 'EU'"}}), 3);
  CHECK_INT(pf::count_parquet(path, {{"filter", "id > 100"}}), 0);
  CHECK_INT(pf::count_parquet(path, {{"row_groups", {"1"}}, {"limit", 1}}), 1);

  bool told = false;
  for (const pf::batch& batch : pf::explain_parquet(path, {{"filter", "id > 5"}})) {
    for (const auto line : batch.column<std::string_view>("line")) told = told || line.find("id > 5") != std::string_view::npos;
  }
  CHECK(told);

  CHECK(column<std::int64_t>(pf::parquet_metadata(path), "num_rows") == ints({6}));
  CHECK(column<std::int64_t>(pf::parquet_metadata(path, {{"kind", "row_groups"}}), "num_rows") == ints({4, 2}));
  CHECK(column<std::int64_t>(pf::parquet_metadata(path, {{"kind", "statistics"}}), "id.max") == ints({4, 6}));
  CHECK(column<std::int64_t>(pf::parquet_metadata(path, {{"kind", "columns"}, {"columns", std::vector<std::string>{"price"}}}), "null_count") == ints({1, 0}));
  bool found = false;
  for (const pf::batch& batch : pf::parquet_metadata(path, {{"kind", "key_value"}})) {
    const auto keys = batch.column<std::string_view>("key"), texts = batch.column<std::string_view>("value");
    for (std::size_t i = 0; i < batch.num_rows(); ++i) found = found || (keys[i] == "origin" && texts[i] == "a test");
  }
  CHECK(found);
}

void folders_are_written() {
  const scratch folder;
  const std::string parts = folder / "parts";
  const pf::options by_region{{"partition_by", std::vector<std::string>{"region"}}};
  CHECK(column<std::uint64_t>(pf::write_parquet(sales(), parts, by_region), "rows").size() == 3);
  CHECK(fs::exists(parts + "/region=EU"));
  CHECK_INT(pf::count_parquet(parts, {{"filter", "region = 'EU'"}}), 3);
  CHECK_THROWS(pf::write_parquet(sales(), parts, by_region), PF_ALREADY_EXISTS, "parts");
  CHECK_INT(folder.files(), 3);
}

void failures_are_thrown() {
  const scratch folder;
  const std::string path = folder / "sales.parquet", missing = folder / "missing.parquet";
  CHECK_THROWS(pf::write_parquet(sales(), path, {{"compression", "zip"}}), PF_INVALID_ARGUMENT, "unknown codec 'zip'");
  CHECK_THROWS(pf::write_parquet(sales(), path, {{"row_group_size", "4"}}), PF_TYPE, "row_group_size");
  CHECK_THROWS(pf::write_parquet(sales(), path, {{"speed", 1}}), PF_INVALID_ARGUMENT, "speed");
  CHECK_THROWS(pf::write_parquet(sales(), folder / "no/such/x.parquet"), PF_NOT_FOUND, "no/such");
  CHECK_THROWS(pf::write_parquet(sales(), ""), PF_INVALID_ARGUMENT, "path");
  CHECK_THROWS(pf::write_parquet(sales(), std::string("a\0b", 3)), PF_INVALID_ARGUMENT, "NUL");
  CHECK_THROWS(pf::write_parquet(pf::evaluate(sales(), {"id / 0"}), path), PF_ARITHMETIC, "");
  auto rows = sales();
  const pf::stream moved = std::move(rows);
  CHECK_THROWS(pf::write_parquet(std::move(rows), path), PF_INVALID_ARGUMENT, "input");  // NOLINT: what a moved-from stream does is promised
  CHECK_INT(folder.files(), 0);

  pf::write_parquet(sales(), path);
  CHECK_THROWS(pf::write_parquet(sales(), path, {{"overwrite", "error"}}), PF_ALREADY_EXISTS, "sales.parquet");
  const pf::options wrong{{"filter", "nope > 1"}};
  CHECK_THROWS(pf::read_parquet(path, wrong), PF_INVALID_ARGUMENT, "unknown column 'nope'");
  CHECK_THROWS(pf::count_parquet(path, wrong), PF_INVALID_ARGUMENT, "unknown column 'nope'");
  CHECK_THROWS(pf::explain_parquet(path, wrong), PF_INVALID_ARGUMENT, "unknown column 'nope'");
  CHECK_THROWS(pf::parquet_schema(path, wrong), PF_INVALID_ARGUMENT, "unknown column 'nope'");
  CHECK_THROWS(pf::read_parquet(path, {{"filter", "price + 1"}}), PF_TYPE, "boolean");
  CHECK_THROWS(pf::read_parquet(path, {{"row_groups", {"7"}}}).collect(), PF_INVALID_ARGUMENT, "no row group 7");
  CHECK_THROWS(pf::parquet_metadata(path, {{"kind", "all"}}), PF_INVALID_ARGUMENT, "kind 'all'");
  CHECK_THROWS(pf::read_parquet(missing), PF_NOT_FOUND, "missing.parquet");
  CHECK_THROWS(pf::count_parquet(missing), PF_NOT_FOUND, "missing.parquet");
  CHECK_THROWS(pf::explain_parquet(missing), PF_NOT_FOUND, "missing.parquet");
  CHECK_THROWS(pf::parquet_schema(missing), PF_NOT_FOUND, "missing.parquet");
  CHECK_THROWS(pf::parquet_metadata(missing), PF_NOT_FOUND, "missing.parquet");
  std::ofstream(path) << "not Parquet";
  CHECK_THROWS(pf::read_parquet(path), PF_CORRUPT, "sales.parquet");
  CHECK_THROWS(pf::count_parquet(path), PF_CORRUPT, "sales.parquet");
  CHECK_THROWS(pf::parquet_metadata(path), PF_CORRUPT, "sales.parquet");
}

void a_token_ends_a_call() {
  const scratch folder;
  const std::string path = folder / "sales.parquet";
  pf::write_parquet(sales(), path);
  pf::context context;
  const pf::cancel_token token;
  context.set_cancel_token(token);
  auto rows = pf::read_parquet(path, pf::options{}, context);
  token.cancel();
  CHECK_THROWS(rows.collect(), PF_CANCELLED, "cancel");
  CHECK_THROWS(pf::write_parquet(sales(), path, {}, context), PF_CANCELLED, "cancel");
  CHECK_THROWS(pf::count_parquet(path, {{"filter", "id > 1"}}, context), PF_CANCELLED, "cancel");
  CHECK_INT(pf::count_parquet(path), 6);
  CHECK_INT(folder.files(), 1);
}

}  // namespace

void parquet_tests() {
  rows_come_back();
  files_are_looked_into();
  folders_are_written();
  failures_are_thrown();
  a_token_ends_a_call();
}
