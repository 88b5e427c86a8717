#include "src/report/matrix_market.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "src/report/line_buffer.hpp"

namespace coterie {
namespace {

// The format's description bounds lines at 1024 characters, and readers in C take longer ones for two.
constexpr std::size_t k_longest_comment = 1000;
constexpr double k_largest_exact = 9007199254740992.0;  // 2^53

bool is_integer(double value) { return std::trunc(value) == value && std::abs(value) <= k_largest_exact; }

void check(const SparseEntries& matrix) {
  if (matrix.symmetric && matrix.rows != matrix.columns) {
    throw Error(ErrorKind::bug, fmt::format("a symmetric matrix of {} x {}", matrix.rows, matrix.columns));
  }
  const SparseEntries::Entry* before = nullptr;
  for (const SparseEntries::Entry& entry : matrix.entries) {
    const bool inside = entry.row < matrix.rows && entry.column < matrix.columns;
    const bool below = !matrix.symmetric || entry.column <= entry.row;
    const bool rising = before == nullptr || before->row < entry.row ||
                        (before->row == entry.row && before->column < entry.column);
    if (!inside || !below || !rising || !std::isfinite(entry.value)) {
      throw Error(ErrorKind::bug,
                  fmt::format("matrix entry ({}, {}) = {} is outside, out of order or no number", entry.row,
                              entry.column, entry.value));
    }
    before = &entry;
  }
}

}  // namespace

std::string matrix_market_comment(std::string_view comment) {
  std::string line = text::single_spaced(comment);
  if (line.size() > k_longest_comment) {
    std::size_t end = k_longest_comment;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    line.resize(end);
  }
  return "% " + line + "\n";
}

void write_matrix_market(const SparseEntries& matrix, std::span<const std::string> comments,
                         const Sink& sink) {
  check(matrix);
  const bool integer = std::all_of(matrix.entries.begin(), matrix.entries.end(),
                                   [](const SparseEntries::Entry& entry) { return is_integer(entry.value); });
  LineBuffer out(sink);
  out << fmt::format("%%MatrixMarket matrix coordinate {} {}\n", integer ? "integer" : "real",
                     matrix.symmetric ? "symmetric" : "general");
  for (const std::string& comment : comments) out << matrix_market_comment(comment);
  out << fmt::format("{} {} {}\n", matrix.rows, matrix.columns, matrix.entries.size());
  for (const SparseEntries::Entry& entry : matrix.entries) {
    const std::string value =
        integer ? std::to_string(static_cast<std::int64_t>(entry.value)) : shortest(entry.value);
    out << fmt::format("{} {} {}\n", std::uint64_t{entry.row} + 1, std::uint64_t{entry.column} + 1, value);
  }
  out.flush();
}

void write_matrix_market(const SparseEntries& matrix, std::string_view comment, const Sink& sink) {
  std::vector<std::string> comments;
  for (std::string& line : text::split(comment, '\n')) comments.push_back(std::move(line));
  write_matrix_market(matrix, comments, sink);
}

}  // namespace coterie
