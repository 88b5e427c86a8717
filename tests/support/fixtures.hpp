#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace coterie::test {

/// A file of the recorded fixtures, nullopt where they are absent. They are looked for in $COTERIE_FIXTURES,
/// else where the build was told, else in ../shared/fixtures beside the project.
inline std::optional<std::filesystem::path> fixture(const std::string& name) {
  const char* variable = std::getenv("COTERIE_FIXTURES");
  std::filesystem::path folder =
      variable != nullptr && *variable != '\0' ? variable : COTERIE_FIXTURES_DEFAULT;
  if (folder.empty()) folder = std::filesystem::path(COTERIE_SOURCE_DIR) / ".." / "shared" / "fixtures";
  const std::filesystem::path path = folder / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

}  // namespace coterie::test

/// Binds `variable` to the path of a fixture, or skips the test with the reason.
#define COTERIE_FIXTURE(variable, name)                                                             \
  const auto variable##_found = coterie::test::fixture(name);                                       \
  if (!variable##_found) GTEST_SKIP() << "fixture absent: " << (name) << " (set COTERIE_FIXTURES)"; \
  const std::filesystem::path variable = *variable##_found
