#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "coterie/explain.hpp"
#include "coterie/who_is_who.hpp"
#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_max_paths = 10;
constexpr std::size_t k_works_shown = 12;

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_option("A", options.first, "person, team, institution or author: key or name")
      ->required()
      ->type_name("");
  app.add_option("B", options.second, "the other one")->required()->type_name("");
  add_json_option(app, options);
}

std::string_view kind_name(Party::Kind kind) {
  switch (kind) {
    case Party::Kind::person:
      return "person";
    case Party::Kind::author:
      return "author";
    case Party::Kind::team:
      return "team";
    case Party::Kind::institution:
      return "institution";
  }
  return {};
}

Json party_json(const Party& party) {
  return {{"kind", kind_name(party.kind)},
          {"key", party.key},
          {"name", party.name},
          {"authors", party.authors.size()}};
}

Json work_json(const Study& study, Index index) {
  const CorpusWork& work = study.corpus.works[index];
  return {{"key", work.key},
          {"year", work.year},
          {"title", work.title},
          {"venue", work.venue},
          {"authors", work.author_count}};
}

Json works_json(const Study& study, std::span<const Index> works) {
  Json list = Json::array();
  for (const Index work : works) list.push_back(work_json(study, work));
  return list;
}

void print_json(const Study& study, const Explanation& e, Console& console) {
  const auto author = [&](Index index) -> Json {
    return {{"key", study.corpus.authors[index].key}, {"name", study.corpus.authors[index].name}};
  };
  Json out{{"from", party_json(e.from)}, {"to", party_json(e.to)}, {"shared", Json::array()}};
  for (const Index shared : e.shared_authors) out["shared"].push_back(author(shared));
  out["joint_works"] = works_json(study, e.joint_works);
  out["distance"] = e.distance ? Json(*e.distance) : Json(nullptr);
  out["path_count"] = e.path_count;
  out["paths"] = Json::array();
  for (const Explanation::Path& path : e.paths) {
    Json steps = Json::array();
    for (const Explanation::Step& step : path) {
      steps.push_back(
          {{"from", author(step.from)}, {"to", author(step.to)}, {"works", works_json(study, step.works)}});
    }
    out["paths"].push_back(std::move(steps));
  }
  console.raw(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_works(const Study& study, std::span<const Index> works, std::string_view indent,
                 Console& console) {
  for (std::size_t i = 0; i < std::min(works.size(), k_works_shown); ++i) {
    const CorpusWork& work = study.corpus.works[works[i]];
    console.result(fmt::format("{}{}  {}  ({}, {} authors)", indent,
                               work.year == 0 ? "    " : std::to_string(work.year), work.title, work.key,
                               work.author_count));
  }
  if (works.size() > k_works_shown)
    console.result(fmt::format("{}and {} more", indent, works.size() - k_works_shown));
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

void print_text(const Study& study, const Explanation& e, Console& console) {
  const auto name = [&](Index index) { return study.corpus.authors[index].name; };
  console.result(fmt::format("{} ({}, {}) and {} ({}, {})", e.from.name, kind_name(e.from.kind),
                             counted(e.from.authors.size(), "author", "authors"), e.to.name,
                             kind_name(e.to.kind), counted(e.to.authors.size(), "author", "authors")));
  if (!e.shared_authors.empty()) {
    std::string names;
    for (std::size_t i = 0; i < std::min(e.shared_authors.size(), k_works_shown); ++i) {
      names += (i == 0 ? "" : ", ") + name(e.shared_authors[i]);
    }
    console.result(fmt::format("belong to both: {} ({})", e.shared_authors.size(), names));
  }
  console.result(counted(e.joint_works.size(), "joint work", "joint works"));
  print_works(study, e.joint_works, "  ", console);
  if (!e.distance) {
    console.result("no path of co-authors joins them in this dataset");
    return;
  }
  if (*e.distance < 2) return;
  console.result(
      fmt::format("distance {}: {}{}", *e.distance, counted(e.path_count, "shortest path", "shortest paths"),
                  e.path_count > e.paths.size() ? fmt::format(", the first {}", e.paths.size()) : ""));
  for (const Explanation::Path& path : e.paths) {
    std::string chain = name(path.front().from);
    for (const Explanation::Step& step : path) chain += " - " + name(step.to);
    console.result("  " + chain);
    for (const Explanation::Step& step : path) {
      console.result(fmt::format("    {} - {}: {}", name(step.from), name(step.to),
                                 counted(step.works.size(), "work", "works")));
      print_works(study, step.works, "      ", console);
    }
  }
}

int run(const Options& options, Console& console) {
  const StudyFile study_file = named_study(options);
  const auto study = load_study(study_file, stored_dataset(study_file));
  const Party from = find_party(*study, options.first, name_key);
  const Party to = find_party(*study, options.second, name_key);
  const Explanation explanation = explain(*study, from, to, k_max_paths);
  if (options.json) {
    print_json(*study, explanation, console);
  } else {
    print_text(*study, explanation, console);
  }
  return 0;
}

}  // namespace

Command explain_command() {
  return {"explain", "how two people, teams or institutions are tied, with the works",
          "coterie explain my-study 'Daya Guo' 'Ming Zhou'", setup, run};
}

}  // namespace coterie
