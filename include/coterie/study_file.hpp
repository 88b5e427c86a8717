#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/date.hpp"
#include "coterie/roster.hpp"

namespace coterie {

/// What a work with n authors adds to the weight of each of its author pairs.
///
///     full        1
///     fractional  1/(n-1)       an author's links from one work add up to 1
///     pair        2/(n(n-1))    a work's links add up to 1
///
/// \see M. E. J. Newman (2001), Phys. Rev. E 64, 016132, doi 10.1103/PhysRevE.64.016132; A.
/// Perianes-Rodriguez,
///      L. Waltman, N. J. van Eck (2016), J. Informetrics 10(4), 1178-1195, doi 10.1016/j.joi.2016.10.006;
///      L. Leydesdorff, H. W. Park (2017), J. Informetrics 11(1), doi 10.48550/arXiv.1611.06943
enum class Counting { full, fractional, pair };

/// What is done to finished weights, in the sense of CWTS.
enum class Normalisation { none, association_strength, fractionalization };

/// Whose works are asked for.
enum class WorksOf { people, coauthors, institutions };

/// The word of study.toml: `full`, `fractional` or `pair`.
[[nodiscard]] std::string_view to_string(Counting counting);
/// The word of study.toml.
[[nodiscard]] std::string_view to_string(Normalisation normalisation);
/// The word of study.toml.
[[nodiscard]] std::string_view to_string(WorksOf works_of);

/// How one source is asked: a table `[sources.NAME]` of study.toml.
struct SourceSettings {
  std::string base_url;            ///< empty: the source's own
  std::string key_env;             ///< name of the environment variable that holds the key; empty: none
  std::filesystem::path key_file;  ///< file that holds the key; empty: none
  int page_size = 0;               ///< records per call; 0: the source's own
};

/// A study: study.toml and the CSV files beside it, read and checked.
struct StudyFile {
  std::filesystem::path folder;  ///< the study's folder
  std::string title;
  Window window;

  std::map<std::string, SourceSettings> sources;  ///< by source name; absent = not asked

  std::vector<WorksOf> works_of{WorksOf::people};
  int max_authors = 100;  ///< network measures leave out longer bylines

  Counting counting = Counting::fractional;
  Normalisation normalisation = Normalisation::none;
  std::vector<std::string> metrics;  ///< ids in the order written; the default is every metric

  struct Influence {
    std::string team;
    std::vector<std::string> compare_with;
    std::vector<std::string> institutions;
    std::optional<Date> until;
  };
  std::optional<Influence> influence;

  int answers_limit_mb = 4096;  ///< size of the kept answers, MiB; 0: none are kept

  Roster roster;

  [[nodiscard]] std::filesystem::path dataset() const { return folder / "dataset.sqlite"; }
  [[nodiscard]] std::filesystem::path answers() const { return folder / "answers.sqlite"; }
  [[nodiscard]] std::filesystem::path reports() const { return folder / "reports"; }
  [[nodiscard]] std::filesystem::path review() const { return folder / "review"; }
};

/// What the rest of the program offers, so that a study can be checked against it without knowing it.
struct KnownNames {
  std::vector<std::string> sources;
  std::vector<std::string> metrics;
};

/// Reads a study from its folder or from the path of its study.toml.
///
/// \throws Error{no_input} if study.toml or people.csv is missing
/// \throws Error{configuration} naming file, line, value and what would be right: malformed TOML, unknown key
/// or table
///         (with the nearest known one), wrong type, impossible window, unknown source, metric, team or
///         institution, a key written into the file, and all that read_roster() refuses
/// \complexity O(size of the files)
[[nodiscard]] StudyFile read_study(const std::filesystem::path& study, const KnownNames& known);

}  // namespace coterie
