// Expressions and operations on columns through libparquetframe.hpp.
#include "expect.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pf = parquetframe;

namespace {

using ints = values<std::int64_t>;
using doubles = values<double>;

pf::stream sales() {
  std::vector<pf::named_array> columns;
  columns.push_back({"price", pf::array_from(std::vector<double>{2.5, 10, 0.5, 10})});
  columns.push_back({"qty", pf::array_from(std::vector<std::optional<std::int64_t>>{4, std::nullopt, 7, 1})});
  columns.push_back({"region", pf::array_from(std::vector<std::string>{"EU", "US", "EU", "AP"})});
  return pf::stream_from_columns(std::move(columns));
}

std::vector<std::string> strings(pf::stream stream, const char* name) {
  std::vector<std::string> found;
  for (const pf::batch& batch : stream) {
    for (const auto text : batch.column<std::string_view>(name)) found.emplace_back(text);
  }
  return found;
}

void streams_go_through() {
  CHECK(column<double>(pf::evaluate(sales(), {"price * qty AS total"}), "total") == doubles({10.0, std::nullopt, 3.5, 10.0}));
  auto out = pf::evaluate(sales(), {"qty", "qty + 1", "upper(region) AS \"the region\""}, {{"overflow", "null"}});
  CHECK(out.schema().size() == 3 && out.schema().name(1) == "qty + 1" && out.schema().name(2) == "the region");
  CHECK(out.schema().format(0) == "l");

  CHECK(column<std::int64_t>(pf::filter(sales(), "region = 'EU' AND qty > 4"), "qty") == ints{7});
  auto chosen = pf::filter(sales(), "price > 1", {{"columns", {"region", "price"}}});
  CHECK(chosen.schema().size() == 2 && chosen.schema().name(0) == "region");
  CHECK(column<double>(std::move(chosen), "price") == doubles({2.5, 10.0, 10.0}));

  auto totals = pf::aggregate(sales(), {"sum(qty) AS n", "count(*) AS rows"}, {{"where", "region <> 'AP'"}});
  CHECK(column<std::int64_t>(std::move(totals), "n") == ints{11});
  CHECK(column<std::int64_t>(pf::aggregate(sales(), {"count(*)"}), "count(*)") == ints{4});

  CHECK(strings(pf::sort(sales(), {"price DESC", "region"}), "region") == std::vector<std::string>({"AP", "US", "EU", "EU"}));
  CHECK(column<std::uint64_t>(pf::sort(sales(), {"qty NULLS FIRST"}, {{"limit", 2}, {"result", "index"}}), "index") ==
        values<std::uint64_t>({1, 3}));

  CHECK(column<double>(pf::take(sales(), std::vector<int>{2, 0}), "price") == doubles({0.5, 2.5}));
  auto indices = pf::array_from(std::vector<std::optional<std::int64_t>>{3, std::nullopt});
  CHECK(column<double>(pf::take(sales(), std::move(indices)), "price") == doubles({10.0, std::nullopt}));

  CHECK(strings(pf::unique(sales(), {{"columns", {"region"}}}), "region") == std::vector<std::string>({"EU", "US", "AP"}));
  CHECK(column<std::int64_t>(pf::value_counts(sales(), {{"columns", {"region"}}}), "count") == ints({2, 1, 1}));

  // One into the other.
  auto rest = pf::sort(pf::evaluate(pf::filter(sales(), "qty IS NOT NULL"), {"price * qty AS total", "region"}), {"total", "region"});
  CHECK(strings(std::move(rest), "region") == std::vector<std::string>({"EU", "AP", "EU"}));
}

void arrays_go_through() {
  const std::vector<std::int64_t> numbers{3, -1, 4, -1, 5};
  const auto squares = pf::batch_of(pf::evaluate_array(pf::array_from(numbers), {"value * value AS square", "value < 0 AS negative"}));
  CHECK(squares.num_rows() == 5 && squares.num_columns() == 2);
  CHECK(squares.column<std::int64_t>("square")[2] == 16 && squares.column<bool>("negative")[1]);

  const auto positive = pf::filter_array(pf::array_from(numbers), "value > 0");
  const auto left = positive.values<std::int64_t>();
  CHECK(std::vector<std::int64_t>(left.begin(), left.end()) == std::vector<std::int64_t>({3, 4, 5}));

  const auto facts = pf::batch_of(pf::aggregate_array(pf::array_from(numbers), {"sum(value) AS total", "mean(value) AS average"}, {{"where", "value > 0"}}));
  CHECK(facts.num_rows() == 1 && facts.column<std::int64_t>(0)[0] == 12 && facts.column<double>("average")[0] == 4.0);

  CHECK_THROWS(pf::batch_of(pf::array_from(numbers)), PF_TYPE, "structs");
  CHECK_THROWS(pf::evaluate_array(pf::array_from(numbers), {"price"}), PF_INVALID_ARGUMENT, "unknown column 'price'");
  CHECK_THROWS(pf::filter_array(pf::array_from(numbers), "value"), PF_TYPE, "boolean");
  CHECK_THROWS(pf::aggregate_array(pf::array_from(std::vector<std::int64_t>(2, std::numeric_limits<std::int64_t>::max())), {"sum(value)"}),
               PF_ARITHMETIC, "");
  auto gone = pf::array_from(numbers);
  const auto taken = std::move(gone);
  CHECK_THROWS(pf::filter_array(std::move(gone), "value > 0"), PF_INVALID_ARGUMENT, "array");  // NOLINT: what a moved-from array does is promised
}

void the_language_is_described() {
  auto input = sales();
  const auto output = pf::evaluate_schema(input.schema(), {"price / 2 AS half", "region", "count(*)"});
  CHECK(output.size() == 3 && output.name(0) == "half" && output.format(0) == "g" && output.format(2) == "l");
  CHECK(column<double>(std::move(input), "price").size() == 4);
  auto again = sales();
  CHECK_THROWS(pf::evaluate_schema(again.schema(), {"prize"}), PF_INVALID_ARGUMENT, "nearest: price");

  bool found = false;
  for (const pf::batch& batch : pf::functions()) {
    for (const auto name : batch.column<std::string_view>("function")) found = found || name == "cum_sum";
  }
  CHECK(found);
}

void failures_are_thrown() {
  CHECK_THROWS(pf::evaluate(sales(), {"price *"}), PF_INVALID_ARGUMENT, "line 1, column 8");
  CHECK_THROWS(pf::evaluate(sales(), {}), PF_INVALID_ARGUMENT, "at least one");
  CHECK_THROWS(pf::evaluate(sales(), {"price + region"}), PF_TYPE, "line 1, column 7");
  CHECK_THROWS(pf::evaluate(sales(), {std::string("price\0", 6)}), PF_INVALID_ARGUMENT, "NUL");
  CHECK_THROWS(pf::filter(sales(), std::string("TRUE\0", 5)), PF_INVALID_ARGUMENT, "NUL");
  CHECK_THROWS(pf::filter(sales(), "price > 0", {{"where", "TRUE"}}), PF_INVALID_ARGUMENT, "where");
  CHECK_THROWS(pf::aggregate(sales(), {"price"}), PF_INVALID_ARGUMENT, "inside an aggregate");
  CHECK_THROWS(pf::sort(sales(), {"price"}, {{"limit", -1}}), PF_INVALID_ARGUMENT, "limit");
  CHECK_THROWS(pf::take(sales(), std::vector<int>{4}), PF_INVALID_ARGUMENT, "4");
  CHECK_THROWS(pf::take(sales(), std::vector<double>{0}), PF_TYPE, "indices");
  CHECK_THROWS(pf::unique(sales(), {{"columns", {"colour"}}}), PF_INVALID_ARGUMENT, "colour");
  auto used = sales();
  const auto kept = std::move(used);
  CHECK_THROWS(pf::value_counts(std::move(used)), PF_INVALID_ARGUMENT, "input");  // NOLINT: what a moved-from stream does is promised

  // What only rows show comes out of the stream.
  auto out = pf::evaluate(sales(), {"qty // (qty - 7) AS q"});
  CHECK_THROWS(out.collect(), PF_ARITHMETIC, "");
  CHECK(column<std::int64_t>(pf::evaluate(sales(), {"qty // (qty - 7) AS q"}, {{"overflow", "null"}}), "q")[2] == std::nullopt);
}

struct my_exception {
  int number;
};

void contexts_are_asked() {
  const std::int64_t rows = 400000;
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < rows; ++i) texts.push_back(std::to_string(i * 7919 % rows));
  pf::context context;
  context.set_progress([](double) -> bool { throw my_exception{42}; });
  int caught = 0;
  try {
    // Long enough to be asked for its progress.
    for (int i = 0; i < 200 && caught == 0; ++i) {
      static_cast<void>(pf::evaluate_array(pf::array_from(texts), {"regexp_replace(value, '([0-9])+', 'x')", "rank(value)"}, {}, context));
    }
  } catch (const my_exception& e) {
    caught = e.number;
  }
  CHECK_INT(caught, 42);

  pf::context stopped;
  const pf::cancel_token token;
  stopped.set_cancel_token(token).set_threads(2);
  auto out = pf::filter(sales(), "price > 0", {}, stopped);
  token.cancel();
  CHECK_THROWS(out.collect(), PF_CANCELLED, "cancel");
  CHECK_THROWS(pf::sort(sales(), {"price"}, {}, stopped), PF_CANCELLED, "cancel");
}

}  // namespace

void compute_tests() {
  streams_go_through();
  arrays_go_through();
  the_language_is_described();
  failures_are_thrown();
  contexts_are_asked();
}
