#pragma once

#include <simdjson.h>

#include <string_view>
#include <variant>

#include "coterie/work.hpp"

namespace coterie {

/// One OpenAlex work object as a work: an entry of an API answer or a line of a snapshot, in the shapes
/// of 2023 (`host_venue`, `raw_affiliation_string`, no lineage), of 2025 (`grants`) and of 2026
/// (`awards`, `funders`).
///
/// Ids are kept in their short form. An author id that is null or stands for nobody gives an authorship
/// without author, its printed name kept. Institutions without an id are left out: they are printed
/// texts that OpenAlex could not place. Funding is one entry per award, then one per funder without an
/// award. Keys that are absent, null or unknown are no error. Where the byline is shortened and its
/// length not told, Work::author_count is the number of authorships sent.
///
/// \return Rejected if the record is no object, has no work id, or holds a byline that is not a list of
///        objects
/// \complexity O(size of the record); one pass over its keys
[[nodiscard]] std::variant<Work, Rejected> openalex_work(const simdjson::dom::element& record);

/// Whether OpenAlex gives that author id to authors it does not know ("null author") or no longer knows
/// ("Deleted Author").
[[nodiscard]] bool openalex_nobody(std::string_view author_id);

/// One OpenAlex author object as an author record.
/// \return Rejected if it is no object or has no author id
[[nodiscard]] std::variant<AuthorRecord, Rejected> openalex_author(const simdjson::dom::element& record);

}  // namespace coterie
