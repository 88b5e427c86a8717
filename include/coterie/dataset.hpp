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
  std::uint64_t truncated_bylines = 0;     ///< still shortened after asking singly
  std::uint64_t unknown_affiliations = 0;  ///< authorships without any affiliation
  std::string newest_fetch;
};

/// Works, identities and the fetch log of a study, in one SQLite file; the only class that knows SQL.
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

  // What sources tell
  // ----------------------------------------------------------------------------------------------

  [[nodiscard]] QueryProgress progress(const Query& query) override;
  void restart(const Query& query) override;
  std::uint64_t store(const Query& query, const WorkPage& page) override;
  void finish(const Query& query, const HarvestOutcome& outcome) override;

  /// Forgets the cursors of every unfinished query, so that the next harvest starts each from its first page.
  void forget_cursors();

  /// Drops cursors and gaps of the source's queries other than the planned ones (lookups of people aside):
  /// what a study no longer asks is no gap.
  void retire_queries(const std::string& source, std::span<const std::string> planned);

  /// Adds the works of a file in one transaction that is committed by `end_import`; a work already told by
  /// the same source under the same id is replaced.
  void begin_import();
  void add(std::span<const Work> works, const std::string& fetched_at);
  void end_import(const ImportState& import);

  /// Replaces the identities found for a person in a source.
  void store_identities(const std::string& person, const std::string& source,
                        std::span<const Identity> identities);

  // What the study reads
  // ----------------------------------------------------------------------------------------------

  /// Every record, ordered by source and id, one at a time.
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

  /// SHA-256 over everything that analysis reads (works and identities, not the fetch log), in a fixed order;
  /// two datasets with equal content have equal fingerprints, however they came about.
  [[nodiscard]] std::string fingerprint() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
