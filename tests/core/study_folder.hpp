#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "coterie/study_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {

/// A study's folder for one test, removed afterwards. It starts with a sound study.toml and people.csv.
class StudyFolder {
 public:
  StudyFolder() {
    write("study.toml", "[study]\ntitle = \"A test\"\n");
    write("people.csv", "name\nDaya Guo\n");
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(m_folder / name, std::ios::binary) << bytes;
  }
  void remove(const std::string& name) const { std::filesystem::remove(m_folder / name); }
  [[nodiscard]] StudyFile read() const {
    return read_study(m_folder.path(), {{"openalex", "arxiv"}, {"degree", "betweenness", "communities"}});
  }
  [[nodiscard]] const std::filesystem::path& path() const { return m_folder.path(); }

 private:
  TemporaryFolder m_folder;
};

}  // namespace coterie::test
