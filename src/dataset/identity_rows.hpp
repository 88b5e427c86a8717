#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/identity.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Puts the identities in place of those stored for the person in the source; to be called inside a
/// transaction.
void replace_identities(const sqlite::Connection& connection, const std::string& person,
                        const std::string& source, std::span<const Identity> identities);

/// How the person's identities in the source came about; to be called inside a transaction.
void store_resolution(const sqlite::Connection& connection, const std::string& person,
                      const std::string& source, const Resolution& resolution);
[[nodiscard]] std::optional<Resolution> resolution_of(const sqlite::Connection& connection,
                                                      const std::string& person, const std::string& source);

/// Every identity, ordered by person, source, author id.
[[nodiscard]] std::vector<Identity> all_identities(const sqlite::Connection& connection);

}  // namespace coterie::dataset
