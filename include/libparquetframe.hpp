/// libparquetframe for C++17: a header-only layer over libparquetframe.h.
///
///     namespace pf = parquetframe;
///     auto edges = pf::read_parquet("edges.parquet", {"source", "target"});
///     auto graph = pf::graph::from_edges(std::move(edges), "source", "target");
///     for (const pf::batch& batch : graph.pagerank({{"top", 10}})) {
///       auto vertex = batch.column<std::string_view>("vertex");
///       auto rank = batch.column<double>("rank");
///       for (std::size_t i = 0; i < batch.num_rows(); ++i) std::cout << vertex[i] << ' ' << rank[i] << '\n';
///     }
///
///     auto rows = pf::filter(pf::read_parquet("sales.parquet"), "price * qty > 100 AND region IN ('EU', 'US')");
///     auto totals = pf::aggregate(std::move(rows), {"sum(price * qty) AS total", "count(*) AS sales"});
///
/// - Every handle and every Arrow struct has a move-only owner; nothing is released by hand. A moved-from object may only
///   be destroyed or assigned to; a call of the library with one is an error of code PF_INVALID_ARGUMENT.
/// - What fails throws `parquetframe::error`, whose `code()` is the pf_status of the C call or of the stream's producer.
/// - What a function takes by value it consumes, as the C function does: pass it with std::move.
/// - The contract of each algorithm and operation (options, result columns, complexity, determinism) is that of the C function of the
///   same name.
/// - Threads: const member functions of `graph` and `table` may run on any number of threads at the same time; every other
///   object belongs to one thread at a time.
#ifndef LIBPARQUETFRAME_HPP
#define LIBPARQUETFRAME_HPP

#if !(__cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L))
#error "libparquetframe.hpp needs C++17"
#endif

#include "libparquetframe.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parquetframe {

// ---- Errors ---------------------------------------------------------------------------------------------------------

/// What every failure throws: a code that says what the caller can do, and a message that names the argument or file.
class error : public std::runtime_error {
 public:
  /// An error of a code; `message` is what `what()` gives.
  error(pf_status code, const std::string& message) : std::runtime_error(message), code_(code) {}

  /// The status under which the C API reports this failure; never PF_OK.
  pf_status code() const noexcept { return code_; }

  /// The name of the code without its prefix, as in "INVALID_ARGUMENT".
  std::string_view code_name() const noexcept;

 private:
  pf_status code_;
};

namespace detail {

inline constexpr std::pair<std::string_view, pf_status> code_names[] = {
    {"INVALID_ARGUMENT", PF_INVALID_ARGUMENT}, {"NOT_FOUND", PF_NOT_FOUND}, {"ALREADY_EXISTS", PF_ALREADY_EXISTS},
    {"IO", PF_IO}, {"CORRUPT", PF_CORRUPT}, {"UNSUPPORTED", PF_UNSUPPORTED}, {"OUT_OF_MEMORY", PF_OUT_OF_MEMORY},
    {"CANCELLED", PF_CANCELLED}, {"TIMEOUT", PF_TIMEOUT}, {"CONFLICT", PF_CONFLICT}, {"ARITHMETIC", PF_ARITHMETIC},
    {"TYPE", PF_TYPE}, {"INTERNAL", PF_INTERNAL},
};

/// The error in the text of a stream: "[PF_CORRUPT] message" somewhere in it; other text is an error of the producer.
inline error stream_error(std::string_view text) {
  constexpr std::string_view open = "[PF_", close = "] ";
  if (const auto start = text.find(open); start != std::string_view::npos) {
    const auto rest = text.substr(start + open.size());
    for (const auto& [name, code] : code_names) {
      if (rest.substr(0, name.size()) == name && rest.substr(name.size(), close.size()) == close) {
        return error(code, std::string(rest.substr(name.size() + close.size())));
      }
    }
  }
  return error(PF_IO, text.empty() ? "the stream failed and gave no message" : std::string(text));
}

inline void check(pf_status status) {
  if (status != PF_OK) throw error(status, pf_last_error_message());
}

/// Refuses a library whose ABI is not the one of this header, before anything else is asked of it.
inline void require_abi() {
  static const bool compatible = [] {
    const std::uint32_t library = pf_abi_version(), header = PF_ABI_VERSION;
    if (library >> 16U != header >> 16U || (library & 0xffffU) < (header & 0xffffU)) {
      const auto text = [](std::uint32_t v) { return std::to_string(v >> 16U) + "." + std::to_string(v & 0xffffU); };
      throw error(PF_UNSUPPORTED, "libparquetframe has ABI " + text(library) + ", but the program was compiled for " + text(header));
    }
    return true;
  }();
  static_cast<void>(compatible);
}

/// A string for C, which ends at the first NUL: text that holds one would be cut without a word.
inline const char* c_text(const std::string& text, const char* what) {
  if (text.find('\0') != std::string::npos) throw error(PF_INVALID_ARGUMENT, std::string(what) + " holds a NUL character");
  return text.c_str();
}

template <class T, void (*Free)(T*)>
struct freer {
  void operator()(T* handle) const noexcept { Free(handle); }
};
template <class T, void (*Free)(T*)>
using handle = std::unique_ptr<T, freer<T, Free>>;

}  // namespace detail

inline std::string_view error::code_name() const noexcept {
  for (const auto& [name, code] : detail::code_names) {
    if (code == code_) return name;
  }
  return "UNKNOWN";
}

// ---- The library ----------------------------------------------------------------------------------------------------

/// The version of the library that is loaded, as in "1.1.0-dev.0".
inline std::string version() { return pf_version_string(); }

/// Whether this build has a feature, as in "codec.zstd": see pf_has_feature.
inline bool has_feature(const std::string& name) { return pf_has_feature(name.c_str()); }

/// Receives log messages; `level` is 1 error, 2 warn, 3 info, 4 debug, 5 trace. Any thread may call it, also several at a time.
using log_function = std::function<void(int level, std::string_view message)>;

/// Sends the log messages of the whole process up to `max_level` (0 to 5) to `callback`; an empty one sends them to standard
/// error again.
///
/// When this returns, the former callback is not running and is destroyed. What `callback` throws is dropped: there is
/// nobody to tell. Thread-safe. Throws PF_INVALID_ARGUMENT for another level.
inline void set_log_callback(log_function callback, int max_level) {
  detail::require_abi();
  struct slot {
    std::mutex lock;
    std::unique_ptr<log_function> function;
  };
  // Never destroyed: a worker may log until the process ends.
  static slot* const current = new slot;
  const std::lock_guard<std::mutex> guard(current->lock);
  auto next = callback ? std::make_unique<log_function>(std::move(callback)) : nullptr;
  const pf_log_fn forward = [](void* function, std::int32_t level, const char* message) {
    try {
      (*static_cast<log_function*>(function))(level, message);
    } catch (...) {
    }
  };
  detail::check(pf_set_log_callback(next ? forward : nullptr, next.get(), max_level));
  current->function = std::move(next);
}

// ---- Owners of the Arrow structs ------------------------------------------------------------------------------------

/// Owns one struct of the Arrow C interfaces and calls its release once. Move-only.
template <class T>
class owned {
 public:
  /// Owns nothing.
  owned() noexcept : value_{} {}
  /// Takes a struct over; `raw.release` is null afterwards.
  explicit owned(T&& raw) noexcept : value_(raw) { raw.release = nullptr; }
  owned(owned&& other) noexcept : value_(other.release()) {}
  owned& operator=(owned&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = other.release();
    }
    return *this;
  }
  ~owned() { reset(); }

  /// The struct, for C functions that fill, read or consume it.
  T* get() noexcept { return &value_; }
  /// The struct, to look at.
  const T* get() const noexcept { return &value_; }
  /// The struct, to look at.
  const T* operator->() const noexcept { return &value_; }
  /// Whether there is something to release.
  explicit operator bool() const noexcept { return value_.release != nullptr; }
  /// Gives the struct up: whoever takes it calls its release.
  T release() noexcept {
    T raw = value_;
    value_.release = nullptr;
    return raw;
  }
  /// Releases the struct now.
  void reset() noexcept {
    if (value_.release != nullptr) value_.release(&value_);
  }

 private:
  T value_;
};

/// Owner of an ArrowArray.
using arrow_array = owned<ArrowArray>;
/// Owner of an ArrowSchema.
using arrow_schema = owned<ArrowSchema>;
/// Owner of an ArrowArrayStream.
using arrow_stream = owned<ArrowArrayStream>;

// ---- Columns --------------------------------------------------------------------------------------------------------

namespace detail {

template <class>
inline constexpr bool never = false;

/// The format string of the Arrow C data interface for a C++ type.
template <class T>
constexpr const char* format_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return "b";
  } else if constexpr (std::is_same_v<T, float>) {
    return "f";
  } else if constexpr (std::is_same_v<T, double>) {
    return "g";
  } else if constexpr (std::is_integral_v<T>) {
    constexpr const char* formats[2][4] = {{"C", "S", "I", "L"}, {"c", "s", "i", "l"}};
    constexpr int width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return formats[std::is_signed_v<T>][width];
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    return "U";
  } else {
    static_assert(never<T>, "a column holds bool, an integer, float, double or std::string_view");
  }
}

inline bool bit(const void* bits, std::int64_t i) noexcept {
  return (static_cast<const std::uint8_t*>(bits)[i >> 3] >> (i & 7) & 1) != 0;
}

inline bool valid(const ArrowArray& array, std::int64_t position) noexcept {
  return array.n_buffers == 0 || array.buffers[0] == nullptr || bit(array.buffers[0], position);
}

[[noreturn]] inline void wrong_type(const ArrowSchema& schema, const char* wanted) {
  const std::string name = schema.name != nullptr ? schema.name : "";
  throw error(PF_TYPE, "column '" + name + "' has the Arrow format '" + schema.format + "'" +
                           (schema.dictionary != nullptr ? " with a dictionary" : "") + ", not " + wanted);
}

/// Walks over the values of a column view, of which it keeps a copy.
template <class Column>
class value_iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = typename Column::value_type;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = value_type;

  value_iterator(const Column& column, std::size_t i) : column_(column), i_(i) {}
  value_type operator*() const { return column_[i_]; }
  value_iterator& operator++() {
    ++i_;
    return *this;
  }
  value_iterator operator++(int) {
    auto before = *this;
    ++i_;
    return before;
  }
  bool operator==(const value_iterator& other) const { return i_ == other.i_; }
  bool operator!=(const value_iterator& other) const { return i_ != other.i_; }

 private:
  Column column_;
  std::size_t i_;
};

/// What views of all types share; `Self` has `value(position)` and may refine `is_null`.
template <class Self, class T>
class column_view {
 public:
  using value_type = T;

  /// The number of rows.
  std::size_t size() const noexcept { return size_; }
  /// Whether there are no rows.
  bool empty() const noexcept { return size_ == 0; }
  /// Whether row `i` is null.
  bool is_null(std::size_t i) const noexcept { return !self().valid_at(position(i)); }
  /// The value of row `i`, T{} where it is null. Not checked against size().
  T operator[](std::size_t i) const noexcept { return is_null(i) ? T{} : self().value_at(position(i)); }
  /// The value of row `i`, nothing where it is null. Not checked against size().
  std::optional<T> get(std::size_t i) const noexcept { return is_null(i) ? std::nullopt : std::optional<T>(self().value_at(position(i))); }
  /// The values in order, T{} where they are null.
  value_iterator<Self> begin() const { return {self(), 0}; }
  /// See begin().
  value_iterator<Self> end() const { return {self(), size_}; }

 protected:
  column_view(const ArrowArray& array, std::int64_t start, std::int64_t rows)
      : array_(&array), start_(start + array.offset), size_(static_cast<std::size_t>(rows)) {}
  bool valid_at(std::int64_t at) const noexcept { return valid(*array_, at); }

  const ArrowArray* array_;
  std::int64_t start_;

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
  std::int64_t position(std::size_t i) const noexcept { return start_ + static_cast<std::int64_t>(i); }

  std::size_t size_;
};

}  // namespace detail

/// A typed view of a column of numbers or booleans. It borrows from the batch or array it was made of, which must outlive it.
///
/// T is bool, an integer type, float or double, and must be the column's own type: an int64 column is no column<double>.
template <class T>
class column : public detail::column_view<column<T>, T> {
 public:
  /// A view of `rows` rows of `array` from `start` on. Throws PF_TYPE where the array holds another type.
  column(const ArrowSchema& schema, const ArrowArray& array, std::int64_t start, std::int64_t rows)
      : detail::column_view<column<T>, T>(array, start, rows) {
    if (std::strcmp(schema.format, detail::format_of<T>()) != 0 || schema.dictionary != nullptr) {
      detail::wrong_type(schema, detail::format_of<T>());
    }
  }

  /// The values as they lie in memory, those of null rows included: data()[0] is row 0. Null when there are no rows.
  const T* data() const noexcept {
    static_assert(!std::is_same_v<T, bool>, "booleans are bits: use operator[]");
    const auto* values = static_cast<const T*>(this->array_->buffers[1]);
    return values == nullptr ? nullptr : values + this->start_;
  }

 private:
  friend class detail::column_view<column<T>, T>;
  T value_at(std::int64_t at) const noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      return detail::bit(this->array_->buffers[1], at);
    } else {
      return static_cast<const T*>(this->array_->buffers[1])[at];
    }
  }
};

/// A view of a column of strings: utf8, large utf8, utf8 view, or a dictionary of one of them. The views it gives borrow from
/// the batch or array, which must outlive them.
template <>
class column<std::string_view> : public detail::column_view<column<std::string_view>, std::string_view> {
 public:
  /// A view of `rows` rows of `array` from `start` on. Throws PF_TYPE where the array holds no strings.
  column(const ArrowSchema& schema, const ArrowArray& array, std::int64_t start, std::int64_t rows)
      : column_view(array, start, rows), strings_(&array) {
    const ArrowSchema* values = &schema;
    if (schema.dictionary != nullptr) {
      index_ = schema.format[0];
      strings_ = array.dictionary;
      values = schema.dictionary;
    }
    const std::string_view format = values->format;
    if (format != "u" && format != "U" && format != "vu") detail::wrong_type(schema, "a string (u, U or vu)");
    layout_ = format[0];
  }

 private:
  friend class detail::column_view<column<std::string_view>, std::string_view>;

  bool valid_at(std::int64_t at) const noexcept {
    return detail::valid(*array_, at) && (index_ == 0 || detail::valid(*strings_, entry(at)));
  }

  std::string_view value_at(std::int64_t at) const noexcept {
    const std::int64_t i = index_ == 0 ? at : entry(at);
    switch (layout_) {
      case 'u': return slice<std::int32_t>(i);
      case 'U': return slice<std::int64_t>(i);
      default: return view(i);
    }
  }

  /// Where the dictionary has the value of an index.
  std::int64_t entry(std::int64_t at) const noexcept {
    const void* indices = array_->buffers[1];
    const auto read = [&](auto type) {
      return strings_->offset + static_cast<std::int64_t>(static_cast<const decltype(type)*>(indices)[at]);
    };
    switch (index_) {
      case 'c': return read(std::int8_t{});
      case 'C': return read(std::uint8_t{});
      case 's': return read(std::int16_t{});
      case 'S': return read(std::uint16_t{});
      case 'i': return read(std::int32_t{});
      case 'I': return read(std::uint32_t{});
      case 'l': return read(std::int64_t{});
      default: return read(std::uint64_t{});
    }
  }

  template <class Offset>
  std::string_view slice(std::int64_t i) const noexcept {
    const auto* offsets = static_cast<const Offset*>(strings_->buffers[1]) + i;
    const auto length = static_cast<std::size_t>(offsets[1] - offsets[0]);
    return length == 0 ? std::string_view() : std::string_view(static_cast<const char*>(strings_->buffers[2]) + offsets[0], length);
  }

  /// A view of 16 bytes: length, then either the text itself or a prefix, the number of a buffer and an offset into it.
  std::string_view view(std::int64_t i) const noexcept {
    const char* cell = static_cast<const char*>(strings_->buffers[1]) + 16 * i;
    std::int32_t length = 0, where[2] = {0, 0};
    std::memcpy(&length, cell, sizeof length);
    if (length <= 12) return {cell + 4, static_cast<std::size_t>(length)};
    std::memcpy(where, cell + 8, sizeof where);
    return {static_cast<const char*>(strings_->buffers[2 + where[0]]) + where[1], static_cast<std::size_t>(length)};
  }

  const ArrowArray* strings_;
  char layout_ = 0;
  char index_ = 0;
};

// ---- Schemas, arrays, batches ---------------------------------------------------------------------------------------

/// The names, types and metadata of the columns of a stream.
class schema {
 public:
  /// Takes an ArrowSchema of a struct over, as get_schema of a stream gives it.
  explicit schema(arrow_schema&& raw) : raw_(std::move(raw)) {}

  /// The number of columns.
  std::size_t size() const noexcept { return static_cast<std::size_t>(raw_->n_children); }
  /// The name of column `i`. Throws PF_INVALID_ARGUMENT beyond the last.
  std::string_view name(std::size_t i) const { return text(child(i).name); }
  /// The format string of column `i`, as in "l" for int64. Throws PF_INVALID_ARGUMENT beyond the last.
  std::string_view format(std::size_t i) const { return child(i).format; }

  /// The position of the first column of a name. Throws PF_INVALID_ARGUMENT, naming the columns that exist.
  std::size_t index_of(std::string_view name) const {
    std::string known;
    for (std::size_t i = 0; i < size(); ++i) {
      if (this->name(i) == name) return i;
      known.append(i == 0 ? "" : ", ").append(this->name(i));
    }
    throw error(PF_INVALID_ARGUMENT, "no column '" + std::string(name) + "'; there are: " + known);
  }

  /// Key-value metadata, as in "parquetframe.iterations" of PageRank's result.
  std::map<std::string, std::string, std::less<>> metadata() const {
    std::map<std::string, std::string, std::less<>> pairs;
    const char* at = raw_->metadata;
    if (at == nullptr) return pairs;
    const auto number = [&at] {
      std::int32_t n = 0;
      std::memcpy(&n, at, sizeof n);
      at += sizeof n;
      return static_cast<std::size_t>(n);
    };
    const auto string = [&] {
      const std::size_t length = number();
      at += length;
      return std::string(at - length, length);
    };
    for (std::size_t left = number(); left > 0; --left) {
      std::string key = string();
      pairs.insert_or_assign(std::move(key), string());
    }
    return pairs;
  }

  /// The ArrowSchema of column `i`. Throws PF_INVALID_ARGUMENT beyond the last.
  const ArrowSchema& child(std::size_t i) const {
    if (i >= size()) throw error(PF_INVALID_ARGUMENT, "no column " + std::to_string(i) + ": there are " + std::to_string(size()));
    return *raw_->children[i];
  }
  /// The ArrowSchema of the whole.
  const ArrowSchema* get() const noexcept { return raw_.get(); }

 private:
  static std::string_view text(const char* s) noexcept { return s == nullptr ? std::string_view() : std::string_view(s); }

  arrow_schema raw_;
};

/// One array with its type: vertex ids, a buffer of the adjacency, sources of a search.
class array {
 public:
  /// Takes both structs over.
  array(arrow_array&& values, arrow_schema&& type) : values_(std::move(values)), type_(std::move(type)) {}

  /// The number of elements.
  std::size_t size() const noexcept { return static_cast<std::size_t>(values_->length); }
  /// The format string of the type, as in "l" for int64.
  std::string_view format() const noexcept { return type_->format; }
  /// A typed view of the elements; the array must outlive it. Throws PF_TYPE where they are of another type.
  template <class T>
  column<T> values() const& {
    return column<T>(*type_.get(), *values_.get(), 0, values_->length);
  }
  template <class T>
  column<T> values() const&& = delete;

  /// The ArrowArray, for C functions that read or consume it.
  ArrowArray* get() noexcept { return values_.get(); }
  /// The ArrowSchema, for C functions that read or consume it.
  ArrowSchema* get_schema() noexcept { return type_.get(); }
  /// Gives both structs up: whoever takes them calls their release.
  std::pair<ArrowArray, ArrowSchema> release() noexcept { return {values_.release(), type_.release()}; }

 private:
  arrow_array values_;
  arrow_schema type_;
};

/// Some rows of a stream: columns of equal length.
class batch {
 public:
  /// Takes the ArrowArray of a struct over, whose columns are those of `schema`.
  batch(std::shared_ptr<const parquetframe::schema> schema, arrow_array&& rows)
      : schema_(std::move(schema)), rows_(std::move(rows)) {}

  /// The number of rows.
  std::size_t num_rows() const noexcept { return static_cast<std::size_t>(rows_->length); }
  /// The number of columns.
  std::size_t num_columns() const noexcept { return schema_->size(); }
  /// Names, types and metadata of the columns.
  const parquetframe::schema& schema() const noexcept { return *schema_; }

  /// A typed view of a column; the batch must outlive it. Throws PF_INVALID_ARGUMENT for an unknown column, PF_TYPE for another type.
  template <class T>
  parquetframe::column<T> column(std::string_view name) const& {
    return column<T>(schema_->index_of(name));
  }
  /// The same by position.
  template <class T>
  parquetframe::column<T> column(std::size_t i) const& {
    const ArrowSchema& type = schema_->child(i);
    return parquetframe::column<T>(type, *rows_->children[i], rows_->offset, rows_->length);
  }
  template <class T>
  parquetframe::column<T> column(std::string_view) const&& = delete;
  template <class T>
  parquetframe::column<T> column(std::size_t) const&& = delete;

  /// The ArrowArray of all columns.
  const ArrowArray* get() const noexcept { return rows_.get(); }

 private:
  std::shared_ptr<const parquetframe::schema> schema_;
  arrow_array rows_;
};

/// An array of structs as rows, whose columns are the fields. Throws PF_TYPE for another array.
inline batch batch_of(array&& structs) {
  if (structs.get_schema()->release == nullptr || structs.format() != "+s") throw error(PF_TYPE, "the array is not of structs");
  auto [values, type] = structs.release();
  arrow_array rows(std::move(values));
  return {std::make_shared<const schema>(arrow_schema(std::move(type))), std::move(rows)};
}

// ---- Streams --------------------------------------------------------------------------------------------------------

/// A stream of record batches, read once, batch by batch: `for (const batch& b : stream)`.
class stream {
 public:
  /// Walks over the batches; `*it` is valid until `++it`.
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = batch;
    using difference_type = std::ptrdiff_t;
    using pointer = batch*;
    using reference = batch&;

    /// The end of every stream.
    iterator() = default;
    explicit iterator(stream& from) : from_(&from) { ++*this; }
    batch& operator*() { return *current_; }
    batch* operator->() { return &*current_; }
    iterator& operator++() {
      current_ = from_->next();
      if (!current_) from_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const { return from_ == other.from_; }
    bool operator!=(const iterator& other) const { return from_ != other.from_; }

   private:
    stream* from_ = nullptr;
    std::optional<batch> current_;
  };

  /// Takes a stream of any producer over.
  explicit stream(arrow_stream&& raw) : raw_(std::move(raw)) {}
  /// Takes a stream of any producer over; `raw.release` is null afterwards.
  explicit stream(ArrowArrayStream&& raw) : raw_(std::move(raw)) {}

  /// Names, types and metadata of the columns. Throws what the producer reports.
  const parquetframe::schema& schema() {
    load_schema();
    return *schema_;
  }

  /// The next batch, nothing at the end. Throws what the producer reports (PF_IO where it gives no code).
  std::optional<batch> next() {
    load_schema();
    arrow_array rows;
    check(raw_->get_next(raw_.get(), rows.get()));
    if (!rows) return std::nullopt;
    if (rows->n_children != schema_->get()->n_children) {
      throw error(PF_CORRUPT, "a batch has " + std::to_string(rows->n_children) + " columns, its schema " + std::to_string(schema_->size()));
    }
    return batch(schema_, std::move(rows));
  }

  /// Starts reading: see next().
  iterator begin() { return iterator(*this); }
  /// The end.
  iterator end() { return {}; }

  /// All batches that are left.
  std::vector<batch> collect() {
    std::vector<batch> batches;
    while (auto rows = next()) batches.push_back(std::move(*rows));
    return batches;
  }

  /// The ArrowArrayStream, for C functions that consume it.
  ArrowArrayStream* get() noexcept { return raw_.get(); }
  /// Gives the struct up: whoever takes it calls its release.
  ArrowArrayStream release() noexcept { return raw_.release(); }

 private:
  void load_schema() {
    if (!raw_) throw error(PF_INVALID_ARGUMENT, "the stream was consumed before");
    if (schema_) return;
    arrow_schema loaded;
    check(raw_->get_schema(raw_.get(), loaded.get()));
    schema_ = std::make_shared<const parquetframe::schema>(std::move(loaded));
  }

  void check(int status) {
    if (status == 0) return;
    const char* text = raw_->get_last_error(raw_.get());
    throw detail::stream_error(text != nullptr ? text : std::strerror(status));
  }

  arrow_stream raw_;
  std::shared_ptr<const parquetframe::schema> schema_;
};

// ---- Arrays and streams out of C++ containers -----------------------------------------------------------------------

namespace detail {

/// Keeps the buffers of an array alive until its release.
template <class Values>
struct array_holder {
  Values values;
  std::string text;
  std::vector<std::uint8_t> validity;
  std::array<const void*, 3> buffers;
};

template <class Values>
parquetframe::array make_array(const char* format, Values&& values, std::string&& text, std::vector<std::uint8_t>&& validity,
                               std::size_t length, std::int64_t null_count, std::int64_t n_buffers) {
  using holder = array_holder<std::decay_t<Values>>;
  auto keep = std::make_unique<holder>(holder{std::forward<Values>(values), std::move(text), std::move(validity), {}});
  keep->buffers = {keep->validity.empty() ? nullptr : keep->validity.data(), keep->values.data(), keep->text.data()};
  ArrowArray raw{};
  raw.length = static_cast<std::int64_t>(length);
  raw.null_count = null_count;
  raw.n_buffers = n_buffers;
  raw.buffers = keep->buffers.data();
  raw.private_data = keep.release();
  raw.release = [](ArrowArray* a) {
    delete static_cast<holder*>(a->private_data);
    a->release = nullptr;
  };
  ArrowSchema type{};
  type.format = format;
  type.name = "";
  type.flags = ARROW_FLAG_NULLABLE;
  type.release = [](ArrowSchema* s) { s->release = nullptr; };
  return {arrow_array(std::move(raw)), arrow_schema(std::move(type))};
}

inline void set_bit(std::vector<std::uint8_t>& bits, std::size_t i) {
  bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | 1U << (i % 8));
}

/// An array of `length` values; `at(i)` is something that is false where row i is null, and dereferences to its value.
template <class T, class At>
parquetframe::array array_of(std::size_t length, At at) {
  std::vector<std::uint8_t> validity((length + 7) / 8);
  std::int64_t nulls = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (at(i)) {
      set_bit(validity, i);
    } else {
      ++nulls;
    }
  }
  if (nulls == 0) validity.clear();
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<std::uint8_t> bits((length + 7) / 8);
    for (std::size_t i = 0; i < length; ++i) {
      if (at(i) && *at(i)) set_bit(bits, i);
    }
    return make_array("b", std::move(bits), {}, std::move(validity), length, nulls, 2);
  } else if constexpr (std::is_arithmetic_v<T>) {
    std::vector<T> values(length);
    for (std::size_t i = 0; i < length; ++i) {
      if (at(i)) values[i] = *at(i);
    }
    return make_array(format_of<T>(), std::move(values), {}, std::move(validity), length, nulls, 2);
  } else {
    std::vector<std::int64_t> offsets{0};
    offsets.reserve(length + 1);
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
      if (at(i)) text += std::string_view(*at(i));
      offsets.push_back(static_cast<std::int64_t>(text.size()));
    }
    return make_array("U", std::move(offsets), std::move(text), std::move(validity), length, nulls, 3);
  }
}

}  // namespace detail

/// An array without nulls out of numbers, booleans or strings (large utf8). A vector of numbers is taken over without a copy:
/// pass it with std::move.
template <class T>
array array_from(std::vector<T> values) {
  const std::size_t length = values.size();
  if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
    return detail::make_array(detail::format_of<T>(), std::move(values), {}, {}, length, 0, 2);
  } else if constexpr (std::is_same_v<T, bool>) {
    return detail::array_of<T>(length, [&](std::size_t i) { return std::optional<bool>(values[i]); });
  } else {
    return detail::array_of<T>(length, [&](std::size_t i) { return &values[i]; });
  }
}

/// The same where an element may be null.
template <class T>
array array_from(const std::vector<std::optional<T>>& values) {
  return detail::array_of<T>(values.size(), [&](std::size_t i) -> const std::optional<T>& { return values[i]; });
}

/// A column on its way into a stream.
struct named_array {
  /// The name of the column.
  std::string name;
  /// Its values.
  array values;
};

/// A stream of one batch out of columns of equal length, without a copy. Throws PF_INVALID_ARGUMENT where lengths differ.
inline stream stream_from_columns(std::vector<named_array> columns) {
  detail::require_abi();
  std::vector<const char*> names;
  for (const auto& column : columns) names.push_back(detail::c_text(column.name, "the name of a column"));
  std::vector<ArrowArray> arrays;
  std::vector<ArrowSchema> types;
  arrays.reserve(columns.size());
  types.reserve(columns.size());
  for (auto& column : columns) {
    auto [values, type] = column.values.release();
    arrays.push_back(values);
    types.push_back(type);
  }
  arrow_stream out;
  detail::check(pf_stream_from_arrays(columns.size(), names.data(), arrays.data(), types.data(), out.get()));
  return stream(std::move(out));
}

namespace detail {

inline array to_array(array&& values) { return std::move(values); }
template <class T>
array to_array(std::vector<T> values) {
  return array_from(std::move(values));
}

inline void add_columns(std::vector<named_array>&) {}
template <class Values, class... Rest>
void add_columns(std::vector<named_array>& columns, std::string name, Values&& values, Rest&&... rest) {
  columns.push_back({std::move(name), to_array(std::forward<Values>(values))});
  add_columns(columns, std::forward<Rest>(rest)...);
}

}  // namespace detail

/// The same out of names and values in turn, each values an `array` or a vector:
/// `stream_from_columns("source", std::vector<int>{0, 1}, "target", std::vector<int>{1, 2})`.
template <class Values, class... Rest>
stream stream_from_columns(std::string name, Values&& values, Rest&&... rest) {
  std::vector<named_array> columns;
  detail::add_columns(columns, std::move(name), std::forward<Values>(values), std::forward<Rest>(rest)...);
  return stream_from_columns(std::move(columns));
}

// ---- Parameters of calls --------------------------------------------------------------------------------------------

/// The value of an option: a truth value, an integer, a number, a text or a list of texts.
class option_value {
 public:
  option_value(bool value) : value_(value) {}
  /// An integer. Throws PF_INVALID_ARGUMENT where it does not fit an int64.
  template <class Int, std::enable_if_t<std::is_integral_v<Int> && !std::is_same_v<Int, bool>, int> = 0>
  option_value(Int value) : value_(static_cast<std::int64_t>(value)) {
    if constexpr (std::is_unsigned_v<Int> && sizeof(Int) == sizeof(std::int64_t)) {
      if (value > static_cast<Int>(std::numeric_limits<std::int64_t>::max())) {
        throw error(PF_INVALID_ARGUMENT, "an option cannot be " + std::to_string(value) + ": it does not fit an int64");
      }
    }
  }
  option_value(double value) : value_(value) {}
  option_value(const char* value) : value_(std::string(value)) {}
  option_value(std::string value) : value_(std::move(value)) {}
  option_value(std::vector<std::string> values) : value_(std::move(values)) {}
  option_value(std::initializer_list<std::string> values) : value_(std::vector<std::string>(values)) {}

 private:
  friend class options;
  std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>> value_;
};

/// The parameters of a call that have defaults, by name: `{{"damping", 0.9}, {"top", 10}}`.
///
/// Names, types and defaults are those of the C function's documentation and of `kernels()`. The call that uses them throws
/// PF_INVALID_ARGUMENT for a name it does not know, PF_TYPE for a value of another type.
class options {
 public:
  /// A name and its value.
  struct entry {
    std::string name;
    option_value value;
  };

  /// Nothing set: the defaults.
  options() = default;
  /// Sets every entry, in order.
  options(std::initializer_list<entry> entries) {
    for (const auto& [name, value] : entries) set(name, value);
  }

  /// Sets an option; the last value of a name counts. Throws PF_INVALID_ARGUMENT for text that is not UTF-8 or holds a NUL.
  options& set(const std::string& name, const option_value& value) {
    if (!handle_) {
      detail::require_abi();
      handle_.reset(pf_options_new());
    }
    const char* key = detail::c_text(name, "the name of an option");
    detail::check(std::visit([&](const auto& v) { return put(key, v); }, value.value_));
    return *this;
  }

  /// The handle, NULL while nothing is set.
  const pf_options* get() const noexcept { return handle_.get(); }

 private:
  pf_status put(const char* name, bool value) { return pf_options_set_bool(handle_.get(), name, value); }
  pf_status put(const char* name, std::int64_t value) { return pf_options_set_i64(handle_.get(), name, value); }
  pf_status put(const char* name, double value) { return pf_options_set_f64(handle_.get(), name, value); }
  pf_status put(const char* name, const std::string& value) {
    return pf_options_set_str(handle_.get(), name, detail::c_text(value, name));
  }
  pf_status put(const char* name, const std::vector<std::string>& values) {
    std::vector<const char*> texts;
    for (const auto& value : values) texts.push_back(detail::c_text(value, name));
    return pf_options_set_str_list(handle_.get(), name, texts.data(), texts.size());
  }

  detail::handle<pf_options, pf_options_free> handle_;
};

/// A flag that stops calls from another thread. All its functions are thread-safe.
class cancel_token {
 public:
  cancel_token() : handle_((detail::require_abi(), pf_cancel_token_new())) {}

  /// Asks every call that was given the token to end soon with PF_CANCELLED; it stays asked. Async-signal-safe.
  void cancel() const noexcept { pf_cancel_token_cancel(handle_.get()); }
  /// The handle.
  const pf_cancel_token* get() const noexcept { return handle_.get(); }

 private:
  detail::handle<pf_cancel_token, pf_cancel_token_free> handle_;
};

/// Threads, memory limit, cancellation and progress of calls. One that was not changed is the library's defaults and costs nothing.
class context {
 public:
  /// Sees progress on the thread that made the call, about every 20 ms: `fraction` is 0 to 1, negative while unknown. Return
  /// true to go on, false to end the call with PF_CANCELLED. What it throws ends the call and comes out of it.
  using progress_function = std::function<bool(double fraction)>;

  /// The defaults.
  context() = default;

  /// Sets the number of threads; 0 means the default. Throws PF_INVALID_ARGUMENT for a negative number.
  context& set_threads(std::int32_t threads) {
    detail::check(pf_context_set_threads(make(), threads));
    return *this;
  }
  /// Sets the most bytes of data that the calls may hold at one time; 0 means no limit. Starts the peak anew.
  context& set_memory_limit(std::uint64_t bytes) {
    detail::check(pf_context_set_memory_limit(make(), bytes));
    return *this;
  }
  /// Lets `token` stop the calls; the token may be destroyed at any time.
  context& set_cancel_token(const cancel_token& token) {
    detail::check(pf_context_set_cancel_token(make(), token.get()));
    return *this;
  }
  /// Sets the function that sees the progress of calls and may end them; an empty one for none.
  context& set_progress(progress_function callback) {
    auto next = std::make_unique<watcher>();
    next->callback = std::move(callback);
    const pf_progress_fn forward = [](void* data, double fraction) noexcept {
      auto* self = static_cast<watcher*>(data);
      try {
        return self->callback(fraction);
      } catch (...) {
        self->failure = std::current_exception();
        return false;
      }
    };
    detail::check(pf_context_set_progress(make(), next->callback ? forward : nullptr, next.get()));
    watcher_ = std::move(next);
    return *this;
  }
  /// Leaves log messages above `level` (0 to 5) of calls out. Throws PF_INVALID_ARGUMENT for another level.
  context& set_log_level(std::int32_t level) {
    detail::check(pf_context_set_log_level(make(), level));
    return *this;
  }

  /// The number of threads of calls.
  std::int32_t threads() const noexcept { return pf_context_threads(handle_.get()); }
  /// The most bytes that calls have held for data at one time; 0 for unchanged defaults, which keep no count.
  std::uint64_t memory_peak() const noexcept { return pf_context_memory_peak(handle_.get()); }

  /// The handle, NULL while nothing is set.
  const pf_context* get() const noexcept { return handle_.get(); }

  /// Throws what the progress callback threw during a C call with this context, else the failure of the call.
  void check(pf_status status) const {
    if (watcher_ && watcher_->failure) std::rethrow_exception(std::exchange(watcher_->failure, nullptr));
    detail::check(status);
  }

 private:
  struct watcher {
    progress_function callback;
    std::exception_ptr failure;
  };

  pf_context* make() {
    if (!handle_) {
      detail::require_abi();
      handle_.reset(pf_context_new());
    }
    return handle_.get();
  }

  std::unique_ptr<watcher> watcher_;
  detail::handle<pf_context, pf_context_free> handle_;
};

namespace detail {

template <class Call>
stream stream_of(const context& context, Call call) {
  require_abi();
  arrow_stream out;
  context.check(call(out.get()));
  return stream(std::move(out));
}

template <class Call>
array array_of_call(const context& context, Call call) {
  arrow_array values;
  arrow_schema type;
  context.check(call(values.get(), type.get()));
  return {std::move(values), std::move(type)};
}

}  // namespace detail

// ---- Files and tables -----------------------------------------------------------------------------------------------

/// Opens a Parquet file, a folder of them, or a glob as a stream.
///
/// Options: "columns", "filter" (a condition: only rows for which it is true come, and what cannot hold such rows is not read),
/// "limit", "row_groups", "schema", "hive" and others: see pf_parquet_read.
inline stream read_parquet(const std::string& path, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_parquet_read(detail::c_text(path, "path"), options.get(), context.get(), out);
  });
}

/// The same with columns by name, as in `read_parquet(path, {"source", "target"})`; `{}` is all of them.
inline stream read_parquet(const std::string& path, std::initializer_list<const char*> columns, const context& context = {}) {
  if (columns.size() == 0) return read_parquet(path, options{}, context);
  return read_parquet(path, options{{"columns", std::vector<std::string>(columns.begin(), columns.end())}}, context);
}

/// The same with a vector of names: all that is in it, so an empty one gives rows without columns.
///
/// A template, so that `{{"filter", "a > 1"}}` is never taken for one.
template <class Names, std::enable_if_t<std::is_same_v<std::decay_t<Names>, std::vector<std::string>>, int> = 0>
stream read_parquet(const std::string& path, Names&& columns, const context& context = {}) {
  return read_parquet(path, options{{"columns", std::vector<std::string>(std::forward<Names>(columns))}}, context);
}

/// The columns that `read_parquet` would give: see pf_parquet_schema.
inline schema parquet_schema(const std::string& path, const options& options = {}, const context& context = {}) {
  detail::require_abi();
  arrow_schema out;
  context.check(pf_parquet_schema(detail::c_text(path, "path"), options.get(), context.get(), out.get()));
  return schema(std::move(out));
}

/// The number of rows that `read_parquet` would give, of which only the columns of the filter are decoded: see pf_parquet_count.
inline std::uint64_t count_parquet(const std::string& path, const options& options = {}, const context& context = {}) {
  detail::require_abi();
  std::uint64_t rows = 0;
  context.check(pf_parquet_count(detail::c_text(path, "path"), options.get(), context.get(), &rows));
  return rows;
}

/// How `read_parquet` would read, line by line (column "line"), with what is left out and why: see pf_parquet_explain.
inline stream explain_parquet(const std::string& path, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_parquet_explain(detail::c_text(path, "path"), options.get(), context.get(), out);
  });
}

/// What the footers of files say, without reading their data. Options: "kind" ("files", "schema", "row_groups", "columns",
/// "statistics", "pages", "key_value"), "columns": see pf_parquet_metadata.
inline stream parquet_metadata(const std::string& path, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_parquet_metadata(detail::c_text(path, "path"), options.get(), context.get(), out);
  });
}

/// Writes rows to a Parquet file, or to a folder of them, which is there whole or not at all. Gives a row per file: "path", "rows",
/// "bytes", "row_groups". Options: "compression", "row_group_size", "partition_by", "bloom_filters" and others: see pf_parquet_write.
inline stream write_parquet(stream rows, const std::string& path, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_parquet_write(rows.get(), detail::c_text(path, "path"), options.get(), context.get(), out);
  });
}

/// Streams the table of kernels with their options and result columns: see pf_kernels.
inline stream kernels() {
  return detail::stream_of(context(), [](ArrowArrayStream* out) { return pf_kernels(out); });
}

/// Record batches in memory, which can be streamed out any number of times without a copy. Immutable.
class table {
 public:
  /// Reads a stream to its end. Throws what its producer reports.
  explicit table(stream rows, const context& context = {}) {
    detail::require_abi();
    pf_table* made = nullptr;
    const pf_status status = pf_table_from_stream(rows.get(), context.get(), &made);
    handle_.reset(made);
    context.check(status);
  }

  /// The number of rows.
  std::uint64_t num_rows() const noexcept { return pf_table_num_rows(handle_.get()); }
  /// The number of columns.
  std::uint64_t num_columns() const noexcept { return pf_table_num_columns(handle_.get()); }
  /// Streams the rows; the stream outlives the table. Options: "columns", "offset", "limit": see pf_table_stream.
  stream read(const options& options = {}) const {
    return detail::stream_of(context(), [&](ArrowArrayStream* out) { return pf_table_stream(handle_.get(), options.get(), out); });
  }
  /// The handle.
  const pf_table* get() const noexcept { return handle_.get(); }

 private:
  detail::handle<pf_table, pf_table_free> handle_;
};

// ---- Expressions and operations on columns --------------------------------------------------------------------------

namespace detail {

/// A list of texts for C. What it points to are the strings that it was made of.
inline std::vector<const char*> c_texts(const std::vector<std::string>& texts, const char* what) {
  std::vector<const char*> list;
  list.reserve(texts.size());
  for (const auto& text : texts) list.push_back(c_text(text, what));
  return list;
}

}  // namespace detail

/// The columns that `expressions` give, a row for every row of `input`: "price * qty AS total", "lower(name)".
///
/// docs/expressions.md has the language, `functions()` its functions. Rows come as they are asked for: what only they show (overflow,
/// a cast that fails) is thrown by the stream. Options: "overflow" ("error", "null", "wrap"), "nan" ("keep", "null"). Throws
/// PF_INVALID_ARGUMENT, with line and column, for a syntax error or an unknown name, PF_TYPE: see pf_compute_evaluate.
inline stream evaluate(stream input, const std::vector<std::string>& expressions, const options& options = {}, const context& context = {}) {
  const auto texts = detail::c_texts(expressions, "an expression");
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_evaluate(input.get(), texts.data(), texts.size(), options.get(), context.get(), out);
  });
}

/// The rows of `input` for which `predicate` is true, in their order. Options: "columns" (those that come back), "overflow", "nan":
/// see pf_compute_filter.
inline stream filter(stream input, const std::string& predicate, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_filter(input.get(), detail::c_text(predicate, "predicate"), options.get(), context.get(), out);
  });
}

/// One row of aggregates over all rows of `input`: "sum(price * qty) AS total", "count(*)". Options: "where" (a condition: only the
/// rows for which it is true count), "overflow", "nan": see pf_compute_aggregate.
inline stream aggregate(stream input, const std::vector<std::string>& expressions, const options& options = {}, const context& context = {}) {
  const auto texts = detail::c_texts(expressions, "an expression");
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_aggregate(input.get(), texts.data(), texts.size(), options.get(), context.get(), out);
  });
}

/// The rows of `input` in the order of `keys`, of which the first counts most: "price DESC", "lower(name) NULLS FIRST". Equal rows keep
/// their order. Options: "limit", "result" ("rows", or "index": their positions), "overflow", "nan": see pf_compute_sort.
inline stream sort(stream input, const std::vector<std::string>& keys, const options& options = {}, const context& context = {}) {
  const auto texts = detail::c_texts(keys, "a key");
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_sort(input.get(), texts.data(), texts.size(), options.get(), context.get(), out);
  });
}

/// The rows of `input` at `indices`, integers from 0, in the order of these; a null gives a row of nulls. Throws PF_INVALID_ARGUMENT
/// for a position that is not there: see pf_compute_take.
inline stream take(stream input, array indices, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_take(input.get(), indices.get(), indices.get_schema(), options.get(), context.get(), out);
  });
}
/// The same from positions in a vector.
template <class Index>
stream take(stream input, std::vector<Index> indices, const options& options = {}, const context& context = {}) {
  return take(std::move(input), array_from(std::move(indices)), options, context);
}

/// The rows of `input` that differ, each once, in the order in which they first appear. Options: "columns" (those that count and come
/// back): see pf_compute_unique.
inline stream unique(stream input, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_unique(input.get(), options.get(), context.get(), out);
  });
}

/// The rows of `input` that differ, and how often each appears (column "count"), the most frequent first. Options: "columns", "sort",
/// "limit": see pf_compute_value_counts.
inline stream value_counts(stream input, const options& options = {}, const context& context = {}) {
  return detail::stream_of(context, [&](ArrowArrayStream* out) {
    return pf_compute_value_counts(input.get(), options.get(), context.get(), out);
  });
}

/// As `evaluate` over an array in memory, to an array of structs with a field for every expression: see `batch_of`.
///
/// An array of structs is a table with a column for every field; any other is a table with one column, "value" where its schema has no
/// name for it. The progress function of the context is asked meanwhile: see pf_compute_evaluate_array.
inline array evaluate_array(array values, const std::vector<std::string>& expressions, const options& options = {},
                            const context& context = {}) {
  detail::require_abi();
  const auto texts = detail::c_texts(expressions, "an expression");
  return detail::array_of_call(context, [&](ArrowArray* out, ArrowSchema* type) {
    return pf_compute_evaluate_array(values.get(), values.get_schema(), texts.data(), texts.size(), options.get(), context.get(), out, type);
  });
}

/// The elements of an array for which `predicate` is true, an array of the same type; its name in the predicate is "value" where its
/// schema has none: `filter_array(values, "value > 0")`. As `filter` otherwise: see pf_compute_filter_array.
inline array filter_array(array values, const std::string& predicate, const options& options = {}, const context& context = {}) {
  detail::require_abi();
  return detail::array_of_call(context, [&](ArrowArray* out, ArrowSchema* type) {
    return pf_compute_filter_array(values.get(), values.get_schema(), detail::c_text(predicate, "predicate"), options.get(), context.get(),
                                   out, type);
  });
}

/// As `aggregate` over an array in memory, to an array of one struct: see `evaluate_array` and pf_compute_aggregate_array.
inline array aggregate_array(array values, const std::vector<std::string>& expressions, const options& options = {},
                             const context& context = {}) {
  detail::require_abi();
  const auto texts = detail::c_texts(expressions, "an expression");
  return detail::array_of_call(context, [&](ArrowArray* out, ArrowSchema* type) {
    return pf_compute_aggregate_array(values.get(), values.get_schema(), texts.data(), texts.size(), options.get(), context.get(), out, type);
  });
}

/// The columns that `evaluate` would give for rows of the schema `input`, without rows: see pf_compute_schema.
inline schema evaluate_schema(const schema& input, const std::vector<std::string>& expressions, const options& options = {}) {
  detail::require_abi();
  const auto texts = detail::c_texts(expressions, "an expression");
  arrow_schema out;
  detail::check(pf_compute_schema(input.get(), texts.data(), texts.size(), options.get(), out.get()));
  return schema(std::move(out));
}

/// Streams the table of the functions and operators of the expression language: see pf_compute_functions.
inline stream functions() {
  return detail::stream_of(context(), [](ArrowArrayStream* out) { return pf_compute_functions(out); });
}

// ---- Graphs ---------------------------------------------------------------------------------------------------------

/// A graph: vertex ids and their adjacency. Immutable. Results come with the user's ids, a row per vertex in vertex order.
class graph {
 public:
  /// Builds a graph from a stream of edges, a row each, whose ends are in the columns `source` and `target`.
  ///
  /// Ids are integers or strings. Options: "weight", "directed", "num_vertices", "duplicates", "self_loops", "edge_ids". Throws
  /// PF_INVALID_ARGUMENT (an unknown column, a null id …), PF_TYPE, or what the stream reports: see pf_graph_from_edges.
  static graph from_edges(stream edges, const std::string& source, const std::string& target, const options& options = {},
                          const context& context = {}) {
    return build(edges, source, target, nullptr, options, context);
  }
  /// The same with more vertices: the ids in the first column of `vertices`.
  static graph from_edges(stream edges, const std::string& source, const std::string& target, stream vertices,
                          const options& options = {}, const context& context = {}) {
    return build(edges, source, target, vertices.get(), options, context);
  }
  /// Builds a graph from a Parquet file, a folder of them, or a glob, of which only the columns that it needs are read.
  ///
  /// Options and failures as `from_edges`, and those of `read_parquet`: see pf_graph_from_parquet.
  static graph from_parquet(const std::string& path, const std::string& source, const std::string& target, const options& options = {},
                            const context& context = {}) {
    return read(path, source, target, nullptr, options, context);
  }
  /// The same with more vertices: the ids in the first column of `vertices`.
  static graph from_parquet(const std::string& path, const std::string& source, const std::string& target, stream vertices,
                            const options& options = {}, const context& context = {}) {
    return read(path, source, target, vertices.get(), options, context);
  }

  /// The number of vertices.
  std::uint64_t num_vertices() const noexcept { return pf_graph_num_vertices(handle_.get()); }
  /// The number of edges that went in; an undirected edge counts once.
  std::uint64_t num_edges() const noexcept { return pf_graph_num_edges(handle_.get()); }
  /// Whether the graph is directed.
  bool is_directed() const noexcept { return pf_graph_is_directed(handle_.get()); }
  /// The name of the weight column, nothing for an unweighted graph.
  std::optional<std::string> weight() const {
    const char* name = pf_graph_weight(handle_.get());
    return name == nullptr ? std::nullopt : std::optional<std::string>(name);
  }

  /// The vertex ids in vertex order.
  array vertices(const context& context = {}) const {
    return detail::array_of_call(context, [&](ArrowArray* values, ArrowSchema* type) {
      return pf_graph_vertices(handle_.get(), context.get(), values, type);
    });
  }
  /// A buffer of the adjacency without a copy, as in "csr.offsets": see pf_graph_buffer. It outlives the graph.
  array buffer(const std::string& name, const context& context = {}) const {
    return detail::array_of_call(context, [&](ArrowArray* values, ArrowSchema* type) {
      return pf_graph_buffer(handle_.get(), detail::c_text(name, "name"), context.get(), values, type);
    });
  }

  /// The graph with every edge turned round; an undirected one stays as it is.
  graph transpose(const context& context = {}) const {
    return made(context, [&](pf_graph** out) { return pf_graph_transpose(handle_.get(), context.get(), out); });
  }
  /// The graph in which every edge goes both ways.
  graph undirected(const context& context = {}) const {
    return made(context, [&](pf_graph** out) { return pf_graph_undirected(handle_.get(), context.get(), out); });
  }
  /// The graph of these vertices and of the edges between them. Throws PF_INVALID_ARGUMENT for an id that is no vertex.
  graph subgraph(array vertices, const context& context = {}) const {
    return made(context, [&](pf_graph** out) {
      return pf_graph_subgraph(handle_.get(), vertices.get(), vertices.get_schema(), context.get(), out);
    });
  }
  /// The same from ids in a vector.
  template <class Id>
  graph subgraph(std::vector<Id> vertices, const context& context = {}) const {
    return subgraph(array_from(std::move(vertices)), context);
  }
  /// The graph of all vertices and of the edges whose input row `keep`, an array of booleans, says to keep. The graph must have been
  /// built with the option "edge_ids".
  graph filter_edges(array keep, const context& context = {}) const {
    return made(context, [&](pf_graph** out) {
      return pf_graph_filter_edges(handle_.get(), keep.get(), keep.get_schema(), context.get(), out);
    });
  }

  /// Counts the edges of every vertex: columns "vertex", "degree". Options: "mode" ("out", "in", "all").
  stream degree(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_degree, options, context);
  }
  /// The degrees over the number of other vertices: columns "vertex", "degree_centrality". Options: "mode" ("out", "in", "all").
  stream degree_centrality(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_degree_centrality, options, context);
  }
  /// All edges, by source and target in vertex order: columns "source", "target", the weights under the name of their column, and
  /// "edge", the input row, where the graph keeps it. An undirected edge comes once.
  stream edges(const options& options = {}, const context& context = {}) const { return run(pf_graph_edges, options, context); }
  /// The neighbours of each of `vertices` in turn: columns "vertex", "neighbor", "weight" and "edge" where the graph has them.
  /// Options: "mode" ("out", "in", "all").
  stream neighbors(array vertices, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_neighbors, std::move(vertices), options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream neighbors(std::vector<Id> vertices, const options& options = {}, const context& context = {}) const {
    return neighbors(array_from(std::move(vertices)), options, context);
  }
  /// Whether there is an edge from each of `sources` to the one of `targets` at the same place: columns "source", "target",
  /// "has_edge" (bool).
  stream has_edge(array sources, array targets, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_has_edge, std::move(sources), &targets, options, context);
  }
  /// The same from ids in vectors.
  template <class Source, class Target>
  stream has_edge(std::vector<Source> sources, std::vector<Target> targets, const options& options = {}, const context& context = {}) const {
    return has_edge(array_from(std::move(sources)), array_from(std::move(targets)), options, context);
  }

  /// Breadth-first search from `sources`: columns "vertex", "distance", "predecessor", "layer"; null where not reached. Options:
  /// "max_depth", "predecessors", "reached_only". Metadata "parquetframe.reached".
  stream bfs(array sources, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_bfs, std::move(sources), nullptr, options, context);
  }
  /// The same until all of `targets` are reached: what is farther away than they are stays null.
  stream bfs(array sources, array targets, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_bfs, std::move(sources), &targets, options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream bfs(std::vector<Id> sources, const options& options = {}, const context& context = {}) const {
    return bfs(array_from(std::move(sources)), options, context);
  }
  template <class Source, class Target>
  stream bfs(std::vector<Source> sources, std::vector<Target> targets, const options& options = {}, const context& context = {}) const {
    return bfs(array_from(std::move(sources)), array_from(std::move(targets)), options, context);
  }

  /// Depth-first search with the options alone, as in `{{"forest", true}}`: columns "vertex", "predecessor", "discovery_time",
  /// "finish_time", "component_id"; null where not reached. Options: "max_depth", "forest", "reached_only". Metadata
  /// "parquetframe.trees".
  stream dfs(const options& options = {}, const context& context = {}) const { return run(pf_graph_dfs, options, context); }
  /// The same from each of `sources` in turn.
  stream dfs(array sources, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_dfs, std::move(sources), options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream dfs(std::vector<Id> sources, const options& options = {}, const context& context = {}) const {
    return dfs(array_from(std::move(sources)), options, context);
  }

  /// Sorts the vertices so that every edge goes forward: columns "vertex", "layer", by layer. Metadata "parquetframe.layers".
  /// Throws PF_INVALID_ARGUMENT, which shows a cycle, where there is one.
  stream topological_sort(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_topological_sort, options, context);
  }
  /// One cycle: the column "vertex" in its order, the first not repeated; no rows where there is none. Metadata
  /// "parquetframe.acyclic".
  stream find_cycle(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_find_cycle, options, context);
  }

  /// Shortest paths from `sources`: columns "vertex", "distance", "predecessor"; null where not reached. Options: "weight" (none:
  /// every edge is 1), "method" ("auto", "dijkstra", "delta_stepping", "bellman_ford"), "delta", "predecessors", "reached_only".
  /// Metadata "parquetframe.method", "parquetframe.reached". Throws PF_INVALID_ARGUMENT, which shows it, for a negative cycle.
  stream shortest_path(array sources, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_shortest_path, std::move(sources), nullptr, options, context);
  }
  /// The same until all of `targets` are reached: what is farther away than they are stays null.
  stream shortest_path(array sources, array targets, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_shortest_path, std::move(sources), &targets, options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream shortest_path(std::vector<Id> sources, const options& options = {}, const context& context = {}) const {
    return shortest_path(array_from(std::move(sources)), options, context);
  }
  template <class Source, class Target>
  stream shortest_path(std::vector<Source> sources, std::vector<Target> targets, const options& options = {},
                       const context& context = {}) const {
    return shortest_path(array_from(std::move(sources)), array_from(std::move(targets)), options, context);
  }
  /// The shortest path from one vertex to another, each an array of one id: columns "vertex", "distance" (from the source), a row per
  /// vertex of the path; no rows where there is none. Options: "weight", "method". Metadata "parquetframe.found".
  stream path(array source, array target, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_path, std::move(source), &target, options, context);
  }
  /// The same between ids: integers or strings.
  template <class Id, std::enable_if_t<std::is_integral_v<Id>, int> = 0>
  stream path(Id source, Id target, const options& options = {}, const context& context = {}) const {
    return path(array_from(std::vector<Id>{source}), array_from(std::vector<Id>{target}), options, context);
  }
  stream path(std::string source, std::string target, const options& options = {}, const context& context = {}) const {
    return path(array_from(std::vector<std::string>{std::move(source)}), array_from(std::vector<std::string>{std::move(target)}), options,
                context);
  }

  /// PageRank: columns "vertex", "rank"; metadata "parquetframe.iterations", "parquetframe.converged", "parquetframe.residual".
  /// Options: "damping", "tolerance", "max_iterations", "weight", "top".
  stream pagerank(const options& options = {}, const context& context = {}) const {
    return ranks(nullptr, options, context);
  }
  /// The same with jumps to the vertices of `personalization` (columns "vertex", "weight") in proportion to their weight.
  stream pagerank(stream personalization, const options& options = {}, const context& context = {}) const {
    return ranks(personalization.get(), options, context);
  }

  /// Betweenness by Brandes' method: columns "vertex", "betweenness". Options: "weight", "samples", "seed", "normalized". Metadata
  /// "parquetframe.sources".
  stream betweenness(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_betweenness, options, context);
  }
  /// The same of the paths from `sources` alone.
  stream betweenness(array sources, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_betweenness, std::move(sources), options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream betweenness(std::vector<Id> sources, const options& options = {}, const context& context = {}) const {
    return betweenness(array_from(std::move(sources)), options, context);
  }
  /// Closeness: columns "vertex", "closeness". Options: "weight", "mode" ("in", "out"), "wf_improved".
  stream closeness(const options& options = {}, const context& context = {}) const { return run(pf_graph_closeness, options, context); }
  /// The same of `sources` alone.
  stream closeness(array sources, const options& options = {}, const context& context = {}) const {
    return run(pf_graph_closeness, std::move(sources), options, context);
  }
  /// The same from ids in a vector.
  template <class Id>
  stream closeness(std::vector<Id> sources, const options& options = {}, const context& context = {}) const {
    return closeness(array_from(std::move(sources)), options, context);
  }

  /// Weakly connected components: columns "vertex", "component_id"; metadata "parquetframe.components".
  stream connected_components(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_connected_components, options, context);
  }
  /// Strongly connected components: columns "vertex", "component_id"; metadata "parquetframe.components".
  stream strongly_connected_components(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_strongly_connected_components, options, context);
  }
  /// The acyclic graph of the strongly connected components: columns "source", "target" (their ids), "edges" (how many of the graph);
  /// metadata "parquetframe.components".
  stream condensation(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_condensation, options, context);
  }

  /// Counts the triangles at every vertex, without directions, loops and parallel edges: columns "vertex", "triangles"; metadata
  /// "parquetframe.triangles", their number.
  stream triangles(const options& options = {}, const context& context = {}) const { return run(pf_graph_triangles, options, context); }
  /// Local clustering coefficients, without directions, loops and parallel edges: columns "vertex", "clustering_coefficient"; metadata
  /// "parquetframe.average", "parquetframe.transitivity".
  stream clustering_coefficient(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_clustering_coefficient, options, context);
  }
  /// Core numbers, without directions, loops and parallel edges: columns "vertex", "core_number"; metadata
  /// "parquetframe.degeneracy".
  stream core_number(const options& options = {}, const context& context = {}) const {
    return run(pf_graph_core_number, options, context);
  }

  /// The handle.
  const pf_graph* get() const noexcept { return handle_.get(); }

 private:
  explicit graph(pf_graph* handle) noexcept : handle_(handle) {}

  static graph build(stream& edges, const std::string& source, const std::string& target, ArrowArrayStream* vertices,
                     const options& options, const context& context) {
    detail::require_abi();
    const char* from = detail::c_text(source, "source");
    const char* to = detail::c_text(target, "target");
    return made(context, [&](pf_graph** out) {
      return pf_graph_from_edges(edges.get(), from, to, vertices, options.get(), context.get(), out);
    });
  }

  static graph read(const std::string& path, const std::string& source, const std::string& target, ArrowArrayStream* vertices,
                    const options& options, const context& context) {
    detail::require_abi();
    const char* file = detail::c_text(path, "path");
    const char* from = detail::c_text(source, "source");
    const char* to = detail::c_text(target, "target");
    return made(context, [&](pf_graph** out) {
      return pf_graph_from_parquet(file, from, to, vertices, options.get(), context.get(), out);
    });
  }

  template <class Call>
  static graph made(const context& context, Call call) {
    pf_graph* handle = nullptr;
    const pf_status status = call(&handle);
    graph result(handle);
    context.check(status);
    return result;
  }

  // The shapes of kernels: without ids, with ids, with ids and others that may be missing.
  using plain_kernel = pf_status(const pf_graph*, const pf_options*, const pf_context*, ArrowArrayStream*);
  using ids_kernel = pf_status(const pf_graph*, ArrowArray*, ArrowSchema*, const pf_options*, const pf_context*, ArrowArrayStream*);
  using two_ids_kernel = pf_status(const pf_graph*, ArrowArray*, ArrowSchema*, ArrowArray*, ArrowSchema*, const pf_options*,
                                   const pf_context*, ArrowArrayStream*);

  stream run(plain_kernel* kernel, const options& options, const context& context) const {
    return detail::stream_of(context, [&](ArrowArrayStream* out) { return kernel(handle_.get(), options.get(), context.get(), out); });
  }
  stream run(ids_kernel* kernel, const options& options, const context& context) const {
    return detail::stream_of(
        context, [&](ArrowArrayStream* out) { return kernel(handle_.get(), nullptr, nullptr, options.get(), context.get(), out); });
  }
  stream run(ids_kernel* kernel, array ids, const options& options, const context& context) const {
    return detail::stream_of(context, [&](ArrowArrayStream* out) {
      return kernel(handle_.get(), ids.get(), ids.get_schema(), options.get(), context.get(), out);
    });
  }
  stream run(two_ids_kernel* kernel, array ids, array* others, const options& options, const context& context) const {
    return detail::stream_of(context, [&](ArrowArrayStream* out) {
      return kernel(handle_.get(), ids.get(), ids.get_schema(), others != nullptr ? others->get() : nullptr,
                    others != nullptr ? others->get_schema() : nullptr, options.get(), context.get(), out);
    });
  }

  stream ranks(ArrowArrayStream* personalization, const options& options, const context& context) const {
    return detail::stream_of(context, [&](ArrowArrayStream* out) {
      return pf_graph_pagerank(handle_.get(), personalization, options.get(), context.get(), out);
    });
  }

  detail::handle<pf_graph, pf_graph_free> handle_;
};

}  // namespace parquetframe

#endif  // LIBPARQUETFRAME_HPP
