#pragma once

#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace coterie::test {

/// A reader of RFC 4180 of its own, so that what is written is not judged by the code that belongs to it:
/// every record, comments and empty lines included.
inline std::vector<std::vector<std::string>> read_rfc4180(const std::string& text) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string cell;
  enum class State { start, plain, quoted, quote_in_quoted } state = State::start;
  const auto end_cell = [&] {
    record.push_back(cell);
    cell.clear();
    state = State::start;
  };
  for (const char c : text) {
    if (state == State::quoted) {
      if (c == '"') {
        state = State::quote_in_quoted;
      } else {
        cell += c;
      }
    } else if (c == '"' && state == State::quote_in_quoted) {
      cell += '"';
      state = State::quoted;
    } else if (c == '"' && state == State::start) {
      state = State::quoted;
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_cell();
      records.push_back(record);
      record.clear();
    } else {
      cell += c;
      state = State::plain;
    }
  }
  return records;
}

/// A Matrix Market file as its parts.
struct MatrixFile {
  std::string field;     ///< real or integer
  std::string symmetry;  ///< symmetric or general
  std::vector<std::string> comments;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::tuple<std::size_t, std::size_t, double>> entries;  ///< as printed, from 1
  bool sound = false;  ///< the banner was right, and there were as many entries as announced
};

inline MatrixFile read_matrix_market(const std::string& text) {
  MatrixFile file;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::string banner, matrix, coordinate;
  std::istringstream(line) >> banner >> matrix >> coordinate >> file.field >> file.symmetry;
  while (std::getline(lines, line) && line.starts_with('%')) file.comments.push_back(line.substr(1));
  std::size_t announced = 0;
  std::istringstream(line) >> file.rows >> file.columns >> announced;
  while (std::getline(lines, line)) {
    std::istringstream numbers(line);
    std::size_t row = 0;
    std::size_t column = 0;
    std::string value;
    numbers >> row >> column >> value;
    file.entries.emplace_back(row, column, std::stod(value));
  }
  file.sound = banner == "%%MatrixMarket" && matrix == "matrix" && coordinate == "coordinate" &&
               announced == file.entries.size();
  return file;
}

}  // namespace coterie::test
