#pragma once

#include <simdjson.h>

#include <memory>
#include <span>
#include <variant>

#include "coterie/work.hpp"
#include "coterie/works_file.hpp"

namespace coterie {

/// A format that holds one JSON value per line. A new format is one file and one line in the registry.
class LineFormat {
 public:
  /// A line that belongs to the format but is no work.
  struct Header {};

  virtual ~LineFormat() = default;

  /// Reads a line; lines come in file order, because a header may speak of those below it.
  /// \throws Error{data} if the file cannot be understood from here on
  [[nodiscard]] virtual std::variant<Work, Rejected, Header> read(const simdjson::dom::element& line) = 0;
};

/// One line of the registry of formats.
struct LineFormatEntry {
  WorksFormat format;
  /// Whether the line is of this format and no other.
  bool (*recognises)(const simdjson::dom::element& line);
  std::unique_ptr<LineFormat> (*make)();
};

[[nodiscard]] std::span<const LineFormatEntry> line_formats();

[[nodiscard]] LineFormatEntry coterie_jsonl();
[[nodiscard]] LineFormatEntry openalex_jsonl();

}  // namespace coterie
