#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coterie/work.hpp"

namespace coterie {

/// An Atom feed of arXiv.
struct ArxivFeed {
  std::uint64_t total = 0;    ///< results the query has
  std::uint64_t start = 0;    ///< number of the first entry
  std::uint64_t entries = 0;  ///< entries sent, rejected ones included
  std::vector<Work> works;
  std::vector<Rejected> rejected;
  std::string error;  ///< what arXiv objects to; empty when it does not
};

/// Reads a feed. Control characters are taken out, written as such or as character references; elements are
/// known by namespace and local name.
///
/// \throws Error{data} if the text is not one whole feed: not UTF-8, with a document type, more or less than
/// one root,
///         anything behind it, an element not closed, no `totalResults`
/// \complexity O(length)
[[nodiscard]] ArxivFeed read_arxiv_feed(const std::string& body);

}  // namespace coterie
