#include "src/dataset/identity_rows.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "coterie/error.hpp"

namespace coterie::dataset {

namespace {

constexpr std::array<std::pair<Identity::Status, std::string_view>, 4> k_statuses{{
    {Identity::Status::confirmed, "confirmed"},
    {Identity::Status::probable, "probable"},
    {Identity::Status::ambiguous, "ambiguous"},
    {Identity::Status::rejected, "rejected"},
}};

std::string_view status_text(Identity::Status status) {
  for (const auto& [value, text] : k_statuses) {
    if (value == status) return text;
  }
  throw Error(ErrorKind::bug, "an identity has a status that the dataset does not know");
}

Identity::Status status_of(std::string_view text) {
  for (const auto& [value, name] : k_statuses) {
    if (name == text) return value;
  }
  throw Error(ErrorKind::data,
              fmt::format("the dataset is damaged: identity with status '{}', one of confirmed, probable, "
                          "ambiguous, rejected expected",
                          text));
}

}  // namespace

void replace_identities(const sqlite::Connection& connection, const std::string& person,
                        const std::string& source, std::span<const Identity> identities) {
  sqlite::Statement drop(connection, "DELETE FROM identity WHERE person = ?1 AND source = ?2");
  drop.run(person, source);
  sqlite::Statement insert(
      connection,
      "INSERT OR REPLACE INTO identity (person, source, author_id, name, status, method, score, "
      "evidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  for (const Identity& identity : identities) {
    insert.run(person, source, identity.author_id, identity.name, status_text(identity.status),
               identity.method, identity.score, identity.evidence);
  }
}

void store_resolution(const sqlite::Connection& connection, const std::string& person,
                      const std::string& source, const Resolution& resolution) {
  sqlite::Statement upsert(
      connection,
      "INSERT OR REPLACE INTO resolution (person, source, digest, searched_at) VALUES (?1, ?2, ?3, ?4)");
  upsert.run(person, source, resolution.digest, resolution.searched_at);
}

std::optional<Resolution> resolution_of(const sqlite::Connection& connection, const std::string& person,
                                        const std::string& source) {
  sqlite::Statement select(connection,
                           "SELECT digest, searched_at FROM resolution WHERE person = ?1 AND source = ?2");
  select.start(person, source);
  if (!select.step()) return std::nullopt;
  return Resolution{std::string(select.text(0)), std::string(select.text(1))};
}

std::vector<Identity> all_identities(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection,
      "SELECT person, source, author_id, name, status, method, score, evidence FROM identity ORDER "
      "BY person, source, author_id");
  std::vector<Identity> identities;
  while (select.step()) {
    Identity& identity = identities.emplace_back();
    identity.person = select.text(0);
    identity.source = select.text(1);
    identity.author_id = select.text(2);
    identity.name = select.text(3);
    identity.status = status_of(select.text(4));
    identity.method = select.text(5);
    identity.score = select.real(6);
    identity.evidence = select.text(7);
  }
  return identities;
}

}  // namespace coterie::dataset
