#pragma once

#include <string>
#include <string_view>

namespace coterie {

// name_key(), is_collective() and decide_identities() stand in who_is_who.hpp, CorpusBuilder in
// corpus_builder.hpp; to_string(Identity::Status) is defined in src/core/identity.cpp.

/// A roster person and an author id of a source: how sure it is that they are one.
struct Identity {
  enum class Status {
    confirmed,  ///< the roster, an ORCID or identities.csv says so
    probable,   ///< the one candidate that fits; used, and proposed for review
    ambiguous,  ///< one of several candidates; not used before a person decides
    rejected,   ///< identities.csv says it is somebody else
  };
  std::string person;  ///< key of people.csv
  std::string source;
  std::string author_id;
  std::string name;  ///< as the source writes it
  Status status = Status::ambiguous;
  std::string method;    ///< roster, orcid, decision, search
  double score = 0;      ///< 0..1, higher fits better; 1 for confirmed
  std::string evidence;  ///< one sentence
};

/// The status as reports write it: `confirmed`, `probable`, `ambiguous` or `rejected`.
[[nodiscard]] std::string_view to_string(Identity::Status status);

}  // namespace coterie
