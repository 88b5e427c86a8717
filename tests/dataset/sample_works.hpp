#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/work.hpp"

namespace coterie::test {

/// A work in which every field differs from its default.
[[nodiscard]] Work full_work();

/// Works of three sources with bylines of 0 to 6 authors, made from the seed; ids are unique.
[[nodiscard]] std::vector<Work> random_works(std::size_t count, std::uint64_t seed);

/// A work whose authors have the given ids.
[[nodiscard]] Work work_by(const std::string& source, const std::string& id,
                           const std::vector<std::string>& author_ids);

/// A query for the works of the authors.
[[nodiscard]] Query query_for(const std::vector<std::string>& author_ids);

/// Adds the works in one import.
void import_works(Dataset& dataset, const std::vector<Work>& works);

/// What the dataset gives back, in its order.
[[nodiscard]] std::vector<Work> works_of(const Dataset& dataset);

/// By source and id, bytewise: the order the dataset promises.
[[nodiscard]] std::vector<Work> in_order(std::vector<Work> works);

}  // namespace coterie::test
