#include "src/util/temporary_name.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "coterie/error.hpp"

namespace coterie {

std::filesystem::path temporary_name(const std::filesystem::path& folder) {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number))) {
    if (errno != EINTR) {
      throw Error(ErrorKind::system,
                  fmt::format("no random numbers: {}", std::generic_category().message(errno)));
    }
  }
  return folder / fmt::format(".coterie-{:016x}.tmp", number);
}

}  // namespace coterie
