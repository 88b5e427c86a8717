#pragma once

#include <span>
#include <string>
#include <string_view>

#include "coterie/writer.hpp"

namespace coterie {

/// A comment line of a Matrix Market file: one line whatever the text holds, cut where readers would take it
/// for two.
[[nodiscard]] std::string matrix_market_comment(std::string_view comment);

/// write_matrix_market() with any number of comment lines. \throws Error{bug} if an entry is outside the
/// matrix, above the diagonal of a symmetric one, out of order, repeated or not finite
void write_matrix_market(const SparseEntries& matrix, std::span<const std::string> comments,
                         const Sink& sink);

}  // namespace coterie
