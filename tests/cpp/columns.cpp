// Typed views of columns: every type, nulls, offsets, dictionaries, views of strings, and types that do not fit.
#include "expect.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pf = parquetframe;

namespace {

template <class T>
void a_number_type_comes_back(const char* format) {
  const std::vector<T> values{T{0}, T{1}, std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max()};
  auto array = pf::array_from(values);
  CHECK(array.format() == format);
  const auto view = array.template values<T>();
  CHECK(std::vector<T>(view.begin(), view.end()) == values);
  CHECK(view.data()[3] == values[3]);
  CHECK(!view.is_null(2) && view.get(2) == values[2]);

  auto with_null = pf::array_from(std::vector<std::optional<T>>{T{7}, std::nullopt, T{9}});
  const auto nulls = with_null.template values<T>();
  CHECK(nulls.size() == 3 && !nulls.empty());
  CHECK(nulls[0] == T{7} && nulls.is_null(1) && nulls[1] == T{0} && !nulls.get(1) && nulls.get(2) == T{9});
  CHECK_INT(with_null.get()->null_count, 1);
}

void every_type_comes_back() {
  a_number_type_comes_back<std::int8_t>("c");
  a_number_type_comes_back<std::uint8_t>("C");
  a_number_type_comes_back<std::int16_t>("s");
  a_number_type_comes_back<std::uint16_t>("S");
  a_number_type_comes_back<std::int32_t>("i");
  a_number_type_comes_back<std::uint32_t>("I");
  a_number_type_comes_back<std::int64_t>("l");
  a_number_type_comes_back<std::uint64_t>("L");
  a_number_type_comes_back<long>(sizeof(long) == 8 ? "l" : "i");
  a_number_type_comes_back<long long>("l");
  a_number_type_comes_back<float>("f");
  a_number_type_comes_back<double>("g");

  std::vector<bool> truths;
  for (int i = 0; i < 21; ++i) truths.push_back(i % 3 == 0);
  const auto bits = pf::array_from(truths);
  const auto view = bits.values<bool>();
  CHECK(std::vector<bool>(view.begin(), view.end()) == truths);

  const auto text = pf::array_from(std::vector<std::optional<std::string>>{"", std::nullopt, "zażółć", std::string("a\0b", 3)});
  const auto strings = text.values<std::string_view>();
  CHECK(strings[0].empty() && !strings.is_null(0));
  CHECK(strings.is_null(1) && strings[1].empty() && !strings.get(1));
  CHECK(strings[2] == "zażółć" && strings[3] == std::string_view("a\0b", 3));

  CHECK(pf::array_from(std::vector<double>{}).size() == 0);
  CHECK(pf::array_from(std::vector<std::string>{}).size() == 0);
}

void a_vector_is_taken_over_without_a_copy() {
  std::vector<std::int64_t> values(1000);
  const auto* data = values.data();
  const auto array = pf::array_from(std::move(values));
  CHECK(array.values<std::int64_t>().data() == data);
}

void a_type_that_does_not_fit_is_refused() {
  const auto numbers = pf::array_from(std::vector<std::int64_t>{1});
  CHECK_THROWS(numbers.values<double>(), PF_TYPE, "'l'");
  CHECK_THROWS(numbers.values<std::uint64_t>(), PF_TYPE, "not L");
  CHECK_THROWS(numbers.values<bool>(), PF_TYPE, "not b");
  CHECK_THROWS(numbers.values<std::string_view>(), PF_TYPE, "string");
  const auto text = pf::array_from(std::vector<std::string>{"a"});
  CHECK_THROWS(text.values<std::int64_t>(), PF_TYPE, "'U'");

  auto stream = pf::stream_from_columns("id", std::vector<int>{1, 2}, "name", std::vector<std::string>{"a", "b"});
  for (const auto& batch : stream) {
    CHECK_THROWS(batch.column<double>("id"), PF_TYPE, "'id'");
    CHECK_THROWS(batch.column<int>("nothing"), PF_INVALID_ARGUMENT, "there are: id, name");
    CHECK_THROWS(batch.column<int>(2), PF_INVALID_ARGUMENT, "no column 2");
    CHECK(batch.column<int>(0)[1] == 2 && batch.column<std::string_view>("name")[1] == "b");
  }
}

void offsets_are_kept() {
  pf::table table(pf::stream_from_columns("number", std::vector<std::optional<double>>{1.5, std::nullopt, 3.5, 4.5, std::nullopt}, "text",
                                          std::vector<std::optional<std::string>>{"a", "bb", std::nullopt, "dddd", "e"}, "truth",
                                          std::vector<bool>{true, false, false, true, true}));
  std::size_t rows = 0;
  for (const auto& batch : table.read({{"offset", 1}, {"limit", 3}})) {
    const auto number = batch.column<double>("number");
    const auto text = batch.column<std::string_view>("text");
    const auto truth = batch.column<bool>("truth");
    rows += batch.num_rows();
    CHECK(number.is_null(0) && number.get(1) == 3.5 && number[2] == 4.5 && number.data()[1] == 3.5);
    CHECK(text[0] == "bb" && text.is_null(1) && text[2] == "dddd");
    CHECK(!truth[0] && !truth[1] && truth[2]);
  }
  CHECK_INT(rows, 3);

  // The offset of the struct itself is the rows' too.
  auto batches = table.read().collect();
  const_cast<ArrowArray*>(batches.at(0).get())->offset = 2;
  const_cast<ArrowArray*>(batches.at(0).get())->length = 2;
  CHECK(batches.at(0).column<double>("number")[0] == 3.5 && batches.at(0).column<std::string_view>("text")[1] == "dddd");
}

// Arrays made by hand of memory that is not theirs.
ArrowSchema type_of(const char* format, ArrowSchema* dictionary = nullptr) {
  ArrowSchema schema{};
  schema.format = format;
  schema.name = "hand-made";
  schema.dictionary = dictionary;
  return schema;
}

ArrowArray array_of(std::int64_t length, std::vector<const void*>& buffers, std::int64_t offset = 0, ArrowArray* dictionary = nullptr) {
  ArrowArray array{};
  array.length = length;
  array.offset = offset;
  array.n_buffers = static_cast<std::int64_t>(buffers.size());
  array.buffers = buffers.data();
  array.dictionary = dictionary;
  return array;
}

void strings_have_three_layouts() {
  const char* text = "bashlibc6perl";
  const std::array<std::int32_t, 5> offsets{0, 4, 4, 9, 13};
  const std::uint8_t validity = 0b1101;
  std::vector<const void*> buffers{&validity, offsets.data(), text};
  const auto utf8 = array_of(3, buffers, 1);
  const pf::column<std::string_view> column(type_of("u"), utf8, 0, 3);
  CHECK(column.is_null(0) && column[1] == "libc6" && column[2] == "perl");

  struct cell {
    std::int32_t length;
    char text[4];
    std::int32_t where[2];
  };
  const std::string long_text = "--a text of more than twelve bytes";
  cell cells[2] = {{12, {'t', 'w', 'e', 'l'}, {0, 0}}, {static_cast<std::int32_t>(long_text.size()) - 2, {'a', ' ', 't', 'e'}, {1, 2}}};
  std::memcpy(cells[0].text, "twelve bytes", 12);
  const std::array<std::int64_t, 2> sizes{0, static_cast<std::int64_t>(long_text.size())};
  std::vector<const void*> view_buffers{nullptr, cells, "", long_text.data(), sizes.data()};
  const auto views = array_of(2, view_buffers);
  const pf::column<std::string_view> seen(type_of("vu"), views, 0, 2);
  CHECK(seen[0] == "twelve bytes" && seen[1] == "a text of more than twelve bytes");
}

template <class Index>
void a_dictionary_is_read_through(const char* format) {
  const std::array<std::int64_t, 5> offsets{0, 1, 5, 10, 14};
  const std::uint8_t values_valid = 0b1110, valid = 0b10111;
  std::vector<const void*> value_buffers{&values_valid, offsets.data(), "?bashlibc6perl"};
  auto values = array_of(3, value_buffers, 1);  // bash, libc6, perl
  const std::array<Index, 5> indices{2, 0, 1, 0, 2};
  std::vector<const void*> buffers{&valid, indices.data()};
  const auto array = array_of(5, buffers, 0, &values);
  ArrowSchema value_type = type_of("U");
  const auto type = type_of(format, &value_type);
  const pf::column<std::string_view> column(type, array, 1, 4);
  CHECK(column[0] == "bash" && column[1] == "libc6" && column.is_null(2) && column[3] == "perl");
  CHECK_THROWS(pf::column<Index>(type, array, 0, 5), PF_TYPE, "dictionary");

  // A null of the dictionary is a null.
  values.offset = 0;
  CHECK(column.is_null(0) && column[1] == "bash");
  value_type.format = "l";
  CHECK_THROWS(pf::column<std::string_view>(type, array, 0, 5), PF_TYPE, "string");
}

}  // namespace

void column_tests() {
  every_type_comes_back();
  a_vector_is_taken_over_without_a_copy();
  a_type_that_does_not_fit_is_refused();
  offsets_are_kept();
  strings_have_three_layouts();
  a_dictionary_is_read_through<std::int8_t>("c");
  a_dictionary_is_read_through<std::uint8_t>("C");
  a_dictionary_is_read_through<std::int16_t>("s");
  a_dictionary_is_read_through<std::uint16_t>("S");
  a_dictionary_is_read_through<std::int32_t>("i");
  a_dictionary_is_read_through<std::uint32_t>("I");
  a_dictionary_is_read_through<std::int64_t>("l");
  a_dictionary_is_read_through<std::uint64_t>("L");
}
