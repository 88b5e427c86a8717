#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/table.hpp"

namespace coterie {

/// A sparse matrix as writers know it: entries row by row, columns rising within a row.
struct SparseEntries {
  struct Entry {
    std::uint32_t row;
    std::uint32_t column;
    double value;
  };
  std::size_t rows = 0;
  std::size_t columns = 0;
  bool symmetric = false;  ///< then only entries on or below the diagonal are given
  std::vector<Entry> entries;
};

/// A network as writers know it: labelled vertices with columns of values, weighted undirected links.
struct NetworkDocument {
  std::string title;
  std::vector<std::string> ids;     ///< one per vertex, unique
  std::vector<std::string> labels;  ///< one per vertex
  std::vector<Column> attributes;   ///< one value per vertex
  struct Link {
    std::uint32_t from;
    std::uint32_t to;  ///< from < to
    double weight;
  };
  std::vector<Link> links;  ///< sorted, each pair once
};

/// Takes the bytes that a writer gives, in order.
using Sink = std::function<void(std::string_view)>;

/// A format a network can be exported to.
struct WriterEntry {
  std::string_view format;  ///< csv
  std::string_view title;
  std::string_view extension;  ///< .csv
  void (*write)(const NetworkDocument& network, const Sink& sink);
};

/// Every export format.
[[nodiscard]] std::span<const WriterEntry> writers();

/// How text cells are written.
enum class CsvStyle {
  guarded,  ///< cells that a spreadsheet would run are guarded, see csv::guarded()
  raw,      ///< as they are
};

/// A table as CSV: UTF-8, RFC 4180, header of column ids, LF line ends, shortest decimal that reads back as
/// the same number, empty cells for missing numbers.
void write_csv(const Table& table, CsvStyle style, const Sink& sink);

/// A matrix in Matrix Market coordinate format: `real` (or `integer` when every value is one), `symmetric` or
/// `general`, indices from 1. \see https://math.nist.gov/MatrixMarket/formats.html
void write_matrix_market(const SparseEntries& matrix, std::string_view comment, const Sink& sink);

/// A real number as the shortest text that reads back as the same double; NaN and infinities as an empty
/// text.
[[nodiscard]] std::string shortest(double value);

}  // namespace coterie
