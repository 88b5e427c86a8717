#include <fmt/format.h>

#include "coterie/query.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

std::string_view name_of(Query::Kind kind) {
  switch (kind) {
    case Query::Kind::authors_by_id:
      return "authors by id";
    case Query::Kind::authors_by_orcid:
      return "authors by ORCID";
    case Query::Kind::authors_by_ids:
      return "authors by ids";
    case Query::Kind::authors_by_orcids:
      return "authors by ORCIDs";
    case Query::Kind::authors_by_name:
      return "authors by name";
    case Query::Kind::works_of_authors:
      return "works of authors";
    case Query::Kind::works_of_institutions:
      return "works of institutions";
    case Query::Kind::works_by_id:
      return "works by id";
  }
  return {};
}

std::string words_of(const Window& window) {
  if (window.open()) return {};
  if (!window.from) return fmt::format(" until {}", *window.to);
  if (!window.to) return fmt::format(" from {}", *window.from);
  return fmt::format(" {}-{}", *window.from, *window.to);
}

}  // namespace

bool Query::is_lookup() const {
  return kind == Kind::authors_by_id || kind == Kind::authors_by_orcid || kind == Kind::authors_by_ids ||
         kind == Kind::authors_by_orcids || kind == Kind::authors_by_name;
}

bool Query::lists_works() const {
  return kind == Kind::works_of_authors || kind == Kind::works_of_institutions;
}

std::string Query::key() const {
  constexpr std::size_t k_longest = 120;
  constexpr std::size_t k_digits = 16;
  const std::string list = text::join(values, "|");
  const std::string head = fmt::format("{}{}: ", name_of(kind), words_of(window));
  if (list.size() <= k_longest) return head + list;
  return fmt::format("{}{} of them, {}, sha256 {}", head, values.size(),
                     values.front() + " to " + values.back(), text::sha256(list).substr(0, k_digits));
}

}  // namespace coterie
