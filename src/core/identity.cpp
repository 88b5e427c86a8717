#include "coterie/identity.hpp"

namespace coterie {

std::string_view to_string(Identity::Status status) {
  switch (status) {
    case Identity::Status::confirmed:
      return "confirmed";
    case Identity::Status::probable:
      return "probable";
    case Identity::Status::ambiguous:
      return "ambiguous";
    case Identity::Status::rejected:
      return "rejected";
  }
  return {};
}

}  // namespace coterie
