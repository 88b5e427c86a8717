#include "src/app/beginnings.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> k_tables{"people.csv", "institutions.csv", "identities.csv",
                                                   "relations.csv"};
constexpr std::string_view k_study = "study.toml";
constexpr std::array k_statuses{Identity::Status::confirmed, Identity::Status::probable,
                                Identity::Status::ambiguous, Identity::Status::rejected};

Identity identity_of(const Json& entry) {
  Identity identity;
  identity.person = entry.at("person");
  identity.source = entry.at("source");
  identity.author_id = entry.at("author_id");
  identity.name = entry.at("name");
  const std::string status = entry.at("status");
  identity.status = *std::find_if(k_statuses.begin(), k_statuses.end() - 1,
                                  [&](Identity::Status s) { return to_string(s) == status; });
  identity.method = entry.at("method");
  identity.score = entry.at("score");
  identity.evidence = entry.at("evidence");
  return identity;
}

}  // namespace

std::string people_of(const StudyFile& study, const Dataset& dataset) {
  Json people = Json::array();
  for (const Identity& i : dataset.identities()) {
    people.push_back({{"person", i.person},
                      {"source", i.source},
                      {"author_id", i.author_id},
                      {"name", i.name},
                      {"status", to_string(i.status)},
                      {"method", i.method},
                      {"score", i.score},
                      {"evidence", i.evidence}});
  }
  Json searched = Json::array();
  for (const Person& person : study.roster.people) {
    for (const auto& [source, settings] : study.sources) {
      const std::optional<Resolution> resolution = dataset.resolution(person.key, source);
      if (!resolution) continue;
      searched.push_back({{"person", person.key},
                          {"source", source},
                          {"digest", resolution->digest},
                          {"at", resolution->searched_at}});
    }
  }
  // Line by line, so that little of it changes with one person.
  return Json{{"identities", people}, {"searched", searched}}.dump(0, ' ', false,
                                                                   Json::error_handler_t::replace);
}

void keep_beginnings(AnswerArchive& archive, const StudyFile& study, const std::filesystem::path& study_path,
                     const Dataset& dataset, std::int64_t now) {
  KeptAnswer kept;
  kept.at = now;
  kept.what = KeptAnswer::What::file;
  const auto keep_file = [&](const std::filesystem::path& path, std::string_view name) {
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) return;
    kept.url = name;
    kept.body = read_file(path);
    archive.keep(kept);
  };
  std::error_code failure;
  keep_file(std::filesystem::is_directory(study_path, failure) ? study_path / k_study : study_path, k_study);
  for (const std::string_view name : k_tables) keep_file(study.folder / name, name);
  kept.what = KeptAnswer::What::people;
  kept.url.clear();
  kept.body = people_of(study, dataset);
  archive.keep(kept);
}

std::optional<StudyFile> kept_study(const std::map<std::string, std::string>& kept,
                                    const std::filesystem::path& folder) {
  if (!kept.contains(std::string(k_study))) return std::nullopt;
  std::filesystem::create_directories(folder);
  for (const auto& [name, content] : kept) {
    const bool known = name == k_study || std::find(k_tables.begin(), k_tables.end(), name) != k_tables.end();
    if (known) std::ofstream(folder / name, std::ios::binary | std::ios::trunc) << content;
  }
  try {
    Options options;
    options.study = folder;
    return named_study(options);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::configuration && error.kind() != ErrorKind::no_input) throw;
    return std::nullopt;
  }
}

void restore_people(const std::string& kept, Dataset& dataset, RunClock& clock) {
  try {
    const Json root = Json::parse(kept);
    std::map<std::pair<std::string, std::string>, std::vector<Identity>> identities;
    for (const Json& entry : root.at("identities")) {
      Identity identity = identity_of(entry);
      identities[{identity.person, identity.source}].push_back(std::move(identity));
    }
    for (const Json& entry : root.at("searched")) {
      const std::string person = entry.at("person");
      const std::string source = entry.at("source");
      if (const auto at = parse_utc_timestamp(entry.at("at").get<std::string>())) clock.set(*at);
      dataset.store_identities(person, source, identities[{person, source}],
                               entry.at("digest").get<std::string>());
    }
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::data, std::string("the kept answers are damaged: ") + error.what());
  }
}

}  // namespace coterie
