#pragma once

#include <functional>
#include <memory>
#include <string>

#include "coterie/harvest.hpp"
#include "coterie/http.hpp"

namespace coterie {

/// How the sources of a study are reached: over the network, over the network with every answer kept, or from
/// kept answers without a network. What it gives must not outlive it.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Whether a source is given its key.
  [[nodiscard]] virtual bool sends_keys() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Http> http(const std::string& source) = 0;
  [[nodiscard]] virtual std::unique_ptr<Pacing> pacing(const std::string& source) = 0;
  /// Tells whether the run is to end after the page under way; may be empty.
  [[nodiscard]] virtual std::function<bool()> stopping(const std::string& source) = 0;
};

}  // namespace coterie
