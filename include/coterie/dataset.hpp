#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coterie/harvest_store.hpp"
#include "coterie/identity.hpp"
#include "coterie/query.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// Something the dataset should hold and does not.
struct Gap {
  std::string source;
  std::string query;  ///< Query::key(), or the file of an import
  std::vector<std::string> people;
  std::string reason;
  ErrorKind kind = ErrorKind::temporary;
  std::string since;  ///< UTC timestamp
  std::optional<std::uint64_t> expected;
  std::uint64_t fetched = 0;
};

/// One query as the dataset knows it.
struct QueryState {
  std::string source;
  std::string key;
  bool lookup = false;  ///< asks for author records, not for works
  std::vector<std::string> people;
  bool complete = false;
  std::string complete_as_of;
  std::string last_run;
  std::optional<std::uint64_t> expected;
  std::uint64_t fetched = 0;
  std::uint64_t rejected = 0;
  std::uint64_t calls = 0;
  double cost = 0;
};

/// One import as the dataset knows it.
struct ImportState {
  std::string file;  ///< name without folders
  std::string sha256;
  std::string format;
  std::string at;
  std::uint64_t works = 0;
  std::uint64_t rejected = 0;
};

/// What a source has told.
struct SourceState {
  std::string source;
  std::uint64_t records = 0;
  std::uint64_t authorships = 0;
  std::uint64_t vanished = 0;              ///< records that the source does not have any more
  std::uint64_t merged = 0;                ///< records that went into others, not counted in `records`
  std::uint64_t truncated_bylines = 0;     ///< still shortened after asking singly
  std::uint64_t unknown_affiliations = 0;  ///< authorships without any affiliation
  std::string newest_fetch;
};

/// One run of the program that asked sources.
struct RunState {
  std::string command;
  std::string began;        ///< UTC timestamp
  std::string ended;        ///< empty: it is under way, or was killed
  std::optional<int> exit;  ///< exit code; nullopt as for `ended`
  std::uint64_t calls = 0;
  double cost = 0;  ///< US dollars
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t vanished = 0;
  std::uint64_t merged = 0;
  std::uint64_t gaps = 0;  ///< open at its end
};

/// What a source last told of what is left of its allowance.
struct AllowanceState {
  std::string source;
  double remaining = 0;         ///< US dollars
  std::optional<double> limit;  ///< of a day, US dollars
  std::string told_at;          ///< by the source's clock, UTC
  std::string renewed_at;       ///< UTC, or empty
};

/// An author id that the source merged into another one.
struct AuthorAlias {
  std::string source;
  std::string id;
  std::string merged_into;
};

/// How a person's identities in a source came about.
struct Resolution {
  std::string digest;       ///< of everything the decision depends on beside the source's answers
  std::string searched_at;  ///< UTC timestamp
};

/// What was taken over from another dataset.
struct CarriedOver {
  std::uint64_t works = 0;
  std::uint64_t imports = 0;  ///< lines of the log of imports
  std::uint64_t runs = 0;     ///< lines of the log of runs
};

/// Works, identities and the fetch log of a study, in one SQLite file.
///
/// Records are kept per source under (source, id) and written idempotently: the same page twice, or pages in
/// another order, give the same records. One connection writes; readers see whole pages only (WAL).
class Dataset final : public HarvestStore {
 public:
  enum class Mode { read_write, read_only };

  /// Gives the time now as UTC timestamp.
  using Clock = std::function<std::string()>;

  /// Opens or (read_write) makes the dataset and brings its schema up to date.
  /// \param now tells the times of fetches and gaps; empty: the system's clock
  /// \throws Error{no_input} if it is missing (read_only), Error{configuration} if a newer version wrote it
  /// or
  ///         (read_only) an older one, Error{data} if it is no dataset of coterie or damaged,
  ///         Error{cannot_create}, Error{temporary} if another process writes it, Error{io}
  Dataset(const std::filesystem::path& path, Mode mode, Clock now = {});
  ~Dataset() override;

  /// Whether an older version wrote the dataset, so that it has to be opened for writing once before it can
  /// be read. \throws Error as the constructor
  [[nodiscard]] static bool is_outdated(const std::filesystem::path& path);

  // What sources tell
  // ----------------------------------------------------------------------------------------------

  [[nodiscard]] QueryProgress progress(const Query& query) override;
  void restart(const Query& query) override;
  StoredPage store(const Query& query, const WorkPage& page, const std::string& began) override;
  [[nodiscard]] bool holds_whole(const Work& shortened) override;
  [[nodiscard]] std::vector<std::string> unlisted(const Query& query) override;
  void store_single(const std::string& id, const Work& work) override;
  void mark_vanished(const std::string& source, const std::string& id) override;
  void finish(const Query& query, const HarvestOutcome& outcome) override;

  /// A pass asks a source every question of a study once. One that was cut short is gone on with: questions
  /// that were answered since it began need not be asked again in it.
  /// \return when the open pass began, UTC; empty if there is none
  [[nodiscard]] std::string open_pass(const std::string& source) const;
  void begin_pass(const std::string& source);
  void end_pass(const std::string& source);

  /// Forgets the cursors of every unfinished query, so that the next harvest starts each from its first page.
  void forget_cursors();

  /// Forgets the source's queries other than the planned ones, of those for works or of the lookups of
  /// people, with their cursors and gaps: what a study no longer asks is no gap. Records stay.
  enum class Asked { works, people };
  void retire_queries(const std::string& source, std::span<const std::string> planned,
                      Asked asked = Asked::works);

  /// Adds the works of a file in one transaction that is committed by `end_import`; a work already told by
  /// the same source under the same id is replaced.
  void begin_import();
  void add(std::span<const Work> works, const std::string& fetched_at);
  void end_import(const ImportState& import);

  /// Replaces the identities found for a person in a source.
  /// \param digest of what the decision depends on, see Resolution
  void store_identities(const std::string& person, const std::string& source,
                        std::span<const Identity> identities, const std::string& digest);

  /// Notes that the source gives another author in the place of this one.
  void store_alias(const AuthorAlias& alias);

  /// Notes what is left of a source's allowance.
  void store_allowance(const AllowanceState& state);

  /// Notes that a run began. \return its number
  std::int64_t begin_run(const std::string& command);
  /// Notes what the run came to; its command and times are not read.
  void end_run(std::int64_t run, const RunState& state);

  /// Takes over from another dataset what this one lacks or has in an older state: records (told later there,
  /// or not told here), people's identities, queries with their cursors and gaps, the logs of imports and
  /// runs. \throws Error as the constructor
  CarriedOver carry_over(const std::filesystem::path& other);

  /// Puts the dataset at `from`, which nobody has open, in the place of the one at `target`, in one step:
  /// whoever reads there sees the old one or the new one, and so does whoever comes after a crash.
  /// \throws Error{temporary} if another process writes there, Error{io}, Error{cannot_create}
  static void replace(const std::filesystem::path& target, const std::filesystem::path& from);

  // What the study reads
  // ----------------------------------------------------------------------------------------------

  /// Every record, ordered by source and id, one at a time. Records that went into others are left out, and
  /// author ids that did are given as what they went into.
  /// \complexity O(rows) time, memory of one work
  void for_each_work(const std::function<void(const Work&)>& take) const;

  /// Ids of the source's authors that stand on a work together with one of the given author ids, themselves
  /// left out, sorted.
  [[nodiscard]] std::vector<std::string> coauthor_ids(const std::string& source,
                                                      std::span<const std::string> author_ids) const;

  [[nodiscard]] std::vector<Identity> identities() const;  ///< ordered by person, source, author id
  [[nodiscard]] std::vector<Gap> gaps() const;             ///< open ones, ordered by source and query
  [[nodiscard]] std::vector<QueryState> queries() const;   ///< ordered by source and key
  [[nodiscard]] std::vector<ImportState> imports() const;  ///< ordered by time
  [[nodiscard]] std::vector<SourceState> sources() const;  ///< ordered by name
  [[nodiscard]] std::vector<RunState> newest_runs(std::size_t count) const;  ///< newest first
  [[nodiscard]] std::vector<AllowanceState> allowances() const;              ///< ordered by source
  /// nullopt if the person was never searched for in the source.
  [[nodiscard]] std::optional<Resolution> resolution(const std::string& person,
                                                     const std::string& source) const;

  /// SHA-256 over everything that analysis reads (works and identities, not the fetch log), in a fixed order;
  /// two datasets with equal content have equal fingerprints, however they came about.
  [[nodiscard]] std::string fingerprint() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
