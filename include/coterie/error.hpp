#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace coterie {

/// Why the program cannot go on; each kind is one exit code of sysexits.h, so the value is what main()
/// returns.
enum class ErrorKind : int {
  usage = 64,          ///< the command line
  data = 65,           ///< an answer or a file that cannot be understood
  no_input = 66,       ///< an input file is missing
  unavailable = 69,    ///< a source refuses for good
  bug = 70,            ///< a mistake in coterie
  system = 71,         ///< the operating system, out of memory included
  cannot_create = 73,  ///< an output file or folder cannot be made
  io = 74,             ///< reading or writing failed, a full disk included
  temporary = 75,      ///< try again later: lock held, allowance used up, network, partial result kept
  key_rejected = 77,   ///< a source does not accept the key
  configuration = 78,  ///< the study's files, or a dataset written by a newer version
};

/// The one exception of the project. Its message says what is wrong, the offending value in quotes, and what
/// would be right; it has no final dot, no colour and no secret.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}

  [[nodiscard]] ErrorKind kind() const { return m_kind; }

  /// The same error with the place put before it: `people.csv, line 12: ...`.
  [[nodiscard]] Error within(std::string_view place) const {
    return {m_kind, std::string(place) + ": " + what()};
  }

 private:
  ErrorKind m_kind;
};

/// The process exit code of an error, 64 to 78.
[[nodiscard]] constexpr int exit_code(ErrorKind kind) { return static_cast<int>(kind); }

}  // namespace coterie
