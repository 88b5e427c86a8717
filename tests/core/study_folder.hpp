#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "coterie/study_file.hpp"

namespace coterie::test {

/// A study's folder for one test, removed afterwards. It starts with a sound study.toml and people.csv.
class StudyFolder {
 public:
  StudyFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "coterie-study-XXXXXX").string();
    m_path = mkdtemp(pattern.data());
    write("study.toml", "[study]\ntitle = \"A test\"\n");
    write("people.csv", "name\nDaya Guo\n");
  }
  ~StudyFolder() { std::filesystem::remove_all(m_path); }
  StudyFolder(const StudyFolder&) = delete;
  StudyFolder& operator=(const StudyFolder&) = delete;

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(m_path / name, std::ios::binary) << bytes;
  }
  void remove(const std::string& name) const { std::filesystem::remove(m_path / name); }
  [[nodiscard]] StudyFile read() const {
    return read_study(m_path, {{"openalex", "arxiv"}, {"degree", "betweenness", "communities"}});
  }
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

}  // namespace coterie::test
