#pragma once

#include <string>
#include <vector>

#include "coterie/corpus.hpp"
#include "src/identity/records.hpp"

namespace coterie {

/// The records of one work, the one that tells title, year and byline first.
using WorkRecords = std::vector<const Record*>;

/// Every identifier of a record as scheme:value: its own, its DOI and its arXiv id.
[[nodiscard]] std::vector<std::string> identifiers(const Record& record, const StringPool& texts);

/// Records that share an identifier, directly or through a third, are one work. Within a work the order is
/// openalex, arxiv, other sources by name, then by id. \return works in no particular order \complexity
/// O(records log records)
[[nodiscard]] std::vector<WorkRecords> group_works(const Records& records);

/// The work without its byline: key, ids, sources, and title, year, date, venue and type of the first record;
/// what it leaves open the next ones fill, a date only if it is of the same year.
[[nodiscard]] CorpusWork merged_work(const WorkRecords& work, const StringPool& texts);

}  // namespace coterie
