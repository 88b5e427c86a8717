#include "coterie/study_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "src/core/toml_reader.hpp"

namespace coterie {
namespace {

constexpr std::array<std::pair<std::string_view, Counting>, 3> k_countings{
    {{"full", Counting::full}, {"fractional", Counting::fractional}, {"pair", Counting::pair}}};
constexpr std::array<std::pair<std::string_view, Normalisation>, 3> k_normalisations{
    {{"none", Normalisation::none},
     {"association_strength", Normalisation::association_strength},
     {"fractionalization", Normalisation::fractionalization}}};
constexpr std::array<std::pair<std::string_view, WorksOf>, 3> k_works_of{
    {{"people", WorksOf::people},
     {"coauthors", WorksOf::coauthors},
     {"institutions", WorksOf::institutions}}};

template <typename Choices, typename Value>
std::string_view name_of(const Choices& choices, Value value) {
  for (const auto& [name, choice] : choices) {
    if (choice == value) return name;
  }
  return {};
}

[[noreturn]] void refuse_choice(const TomlReader& reader, std::string_view key, const std::string& value,
                                const std::vector<std::string>& known) {
  const auto near = text::nearest(value, known);
  reader.refuse(key,
                fmt::format("unknown value '{}'{} (known: {})", value,
                            near ? fmt::format(", did you mean '{}'?", *near) : "", text::join(known, ", ")));
}

template <typename Choices>
auto choice(const TomlReader& reader, std::string_view key, const std::string& value,
            const Choices& choices) {
  std::vector<std::string> known;
  for (const auto& [name, result] : choices) {
    if (name == value) return result;
    known.emplace_back(name);
  }
  refuse_choice(reader, key, value, known);
}

void check_known(const TomlReader& reader, std::string_view key, const std::vector<std::string>& values,
                 const std::vector<std::string>& known) {
  for (const std::string& value : values) {
    if (std::find(known.begin(), known.end(), value) == known.end()) refuse_choice(reader, key, value, known);
  }
}

Window read_window(TomlReader reader) {
  const auto year = [&](std::string_view key) -> std::optional<int> {
    const auto value = reader.integer(key);
    if (!value) return std::nullopt;
    if (*value < 1000 || *value > 2999)
      reader.refuse(key, fmt::format("'{}' is no year (1000 to 2999)", *value));
    return static_cast<int>(*value);
  };
  Window window{year("from"), year("to")};
  reader.finish();
  if (window.from && window.to && *window.from > *window.to) {
    reader.refuse("from", fmt::format("the window begins in {} and ends in {}, before it begins",
                                      *window.from, *window.to));
  }
  return window;
}

void check_environment_name(const TomlReader& reader, const std::string& name) {
  const bool sound = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  // The value is not repeated: what stands here by mistake is often the key itself.
  if (!sound) reader.refuse("key_env", "is no name of an environment variable (letters, digits and '_')");
}

SourceSettings read_source(TomlReader reader, const std::filesystem::path& folder) {
  for (const std::string& key : reader.keys()) {
    if (key == "key" || key == "api_key") {
      reader.refuse(key,
                    "a key does not belong into this file; name the environment variable that holds it with "
                    "key_env, or a "
                    "file with key_file");
    }
  }
  SourceSettings settings;
  settings.base_url = reader.text("base_url").value_or("");
  while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
  if (const auto name = reader.text("key_env")) {
    check_environment_name(reader, *name);
    settings.key_env = *name;
  }
  if (const auto file = reader.text("key_file")) settings.key_file = folder / *file;
  if (const auto size = reader.integer("page_size")) {
    if (*size < 1 || *size > 2000)
      reader.refuse("page_size", fmt::format("'{}' is out of range (1 to 2000)", *size));
    settings.page_size = static_cast<int>(*size);
  }
  reader.finish();
  return settings;
}

std::map<std::string, SourceSettings> read_sources(TomlReader reader, const StudyFile& study,
                                                   const KnownNames& known) {
  std::map<std::string, SourceSettings> sources;
  for (const std::string& name : reader.keys()) {
    if (std::find(known.sources.begin(), known.sources.end(), name) == known.sources.end()) {
      const auto near = text::nearest(name, known.sources);
      reader.refuse(name, fmt::format("unknown source '{}'{} (known: {})", name,
                                      near ? fmt::format(", did you mean '{}'?", *near) : "",
                                      text::join(known.sources, ", ")));
    }
    sources.emplace(name, read_source(reader.table(name), study.folder));
  }
  return sources;
}

void read_scope(TomlReader reader, StudyFile& study) {
  if (const auto names = reader.texts("works_of")) {
    study.works_of.clear();
    for (const std::string& name : *names)
      study.works_of.push_back(choice(reader, "works_of", name, k_works_of));
    if (study.works_of.empty())
      reader.refuse("works_of", "an empty list asks for nobody's works (\"people\" at least)");
  }
  if (const auto cut = reader.integer("max_authors")) {
    if (*cut < 2 || *cut > 1000000) {
      reader.refuse("max_authors", fmt::format("'{}' is out of range (2 to 1000000 authors)", *cut));
    }
    study.max_authors = static_cast<int>(*cut);
  }
  reader.finish();
  const auto asked = [&](WorksOf what) {
    return std::find(study.works_of.begin(), study.works_of.end(), what) != study.works_of.end();
  };
  if (asked(WorksOf::coauthors) && !asked(WorksOf::people)) {
    reader.refuse("works_of",
                  "\"coauthors\" needs \"people\" beside it: they are the co-authors of the people");
  }
  if (asked(WorksOf::institutions) && study.roster.institutions.empty()) {
    reader.refuse("works_of", "\"institutions\" is asked for, but institutions.csv names none");
  }
}

void read_analysis(TomlReader reader, StudyFile& study, const KnownNames& known) {
  if (const auto name = reader.text("counting"))
    study.counting = choice(reader, "counting", *name, k_countings);
  if (const auto name = reader.text("normalisation")) {
    study.normalisation = choice(reader, "normalisation", *name, k_normalisations);
  }
  study.metrics = known.metrics;
  if (auto ids = reader.texts("metrics")) {
    check_known(reader, "metrics", *ids, known.metrics);
    study.metrics = std::move(*ids);
  }
  reader.finish();
}

void read_influence(TomlReader reader, StudyFile& study) {
  if (!reader.exists()) return;
  StudyFile::Influence influence;
  const std::vector<std::string> teams = study.roster.teams();
  if (const auto team = reader.text("team")) {
    influence.team = *team;
    check_known(reader, "team", {influence.team}, teams);
  }
  influence.compare_with = reader.texts("compare_with").value_or(std::vector<std::string>{});
  check_known(reader, "compare_with", influence.compare_with, teams);
  influence.institutions = reader.texts("institutions").value_or(std::vector<std::string>{});
  std::vector<std::string> keys;
  for (const WatchedInstitution& institution : study.roster.institutions) keys.push_back(institution.key);
  check_known(reader, "institutions", influence.institutions, keys);
  if (const auto until = reader.date("until")) influence.until = Date{until->year, until->month, until->day};
  reader.finish();
  study.influence = influence;
}

void read_answers(TomlReader reader, StudyFile& study) {
  if (const auto limit = reader.integer("limit_mb")) {
    constexpr int k_most = 1 << 20;
    if (*limit < 0 || *limit > k_most) {
      reader.refuse("limit_mb",
                    fmt::format("'{}' is out of range (0 to {} MiB; 0 keeps no answers)", *limit, k_most));
    }
    study.answers_limit_mb = static_cast<int>(*limit);
  }
  reader.finish();
}

toml::table parsed(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  const std::string bytes = read_file(path, 16U << 20);
  if (const auto bad = text::first_bad_utf8(bytes)) {
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    throw Error(ErrorKind::configuration,
                fmt::format("{}, line {}: byte 0x{:02x} is not UTF-8; save the file as UTF-8", file, line,
                            static_cast<unsigned char>(bytes[*bad])));
  }
  try {
    return toml::parse(bytes, file);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::configuration,
                fmt::format("{}, line {}: {}", file, static_cast<std::size_t>(error.source().begin.line),
                            std::string(error.description())));
  }
}

}  // namespace

std::string_view to_string(Counting counting) { return name_of(k_countings, counting); }
std::string_view to_string(Normalisation normalisation) { return name_of(k_normalisations, normalisation); }
std::string_view to_string(WorksOf works_of) { return name_of(k_works_of, works_of); }

StudyFile read_study(const std::filesystem::path& study_path, const KnownNames& known) {
  const std::filesystem::path path =
      std::filesystem::is_directory(study_path) ? study_path / "study.toml" : study_path;
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::no_input,
                fmt::format("there is no study at '{}': {} is missing ('coterie init {}' makes one)",
                            study_path.string(), path.string(), study_path.string()));
  }
  StudyFile study;
  study.folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const toml::table root = parsed(path);
  TomlReader reader(path.filename().string(), &root, "");
  TomlReader about = reader.table("study");
  study.title = about.text("title").value_or("");
  study.window = read_window(about.table("window"));
  about.finish();
  TomlReader sources = reader.table("sources");
  TomlReader scope = reader.table("scope");
  TomlReader analysis = reader.table("analysis");
  TomlReader influence = reader.table("influence");
  TomlReader answers = reader.table("answers");
  reader.finish();
  study.sources = read_sources(sources, study, known);
  study.roster = read_roster(study.folder);
  read_scope(scope, study);
  read_analysis(analysis, study, known);
  read_influence(influence, study);
  read_answers(answers, study);
  return study;
}

}  // namespace coterie
