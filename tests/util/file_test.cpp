#include "coterie/util/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "coterie/error.hpp"

namespace coterie {
namespace {

namespace fs = std::filesystem;

template <typename Action>
std::optional<ErrorKind> kind_thrown(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

class FileTest : public testing::Test {
 protected:
  fs::path folder;

  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "coterie-file-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { fs::remove_all(folder); }

  /// The names in the folder, hidden ones included, sorted.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder)) result.push_back(entry.path().filename());
    std::sort(result.begin(), result.end());
    return result;
  }
  void put(const std::string& name, std::string_view content) const {
    std::ofstream(folder / name) << content;
  }
};

using Names = std::vector<std::string>;

TEST_F(FileTest, ReadGivesTheWholeFile) {
  const std::string content("a\0b\xFF\n", 5);
  put("x", content);
  EXPECT_EQ(read_file(folder / "x"), content);
  EXPECT_EQ(read_file(folder / "x", 5), content);
  put("empty", "");
  EXPECT_EQ(read_file(folder / "empty", 0), "");
  const std::string large(1000000, 'q');
  put("large", large);
  EXPECT_EQ(read_file(folder / "large"), large);
}

TEST_F(FileTest, ReadRefuses) {
  put("x", "12345");
  EXPECT_EQ(kind_thrown([&] { (void)read_file(folder / "none"); }), ErrorKind::no_input);
  EXPECT_EQ(kind_thrown([&] { (void)read_file(folder / "x" / "y"); }), ErrorKind::no_input);
  EXPECT_EQ(kind_thrown([&] { (void)read_file(folder); }), ErrorKind::io);
  EXPECT_EQ(kind_thrown([&] { (void)read_file(folder / "x", 4); }), ErrorKind::data);
}

TEST_F(FileTest, AtomicFileAppearsOnCommit) {
  put("x", "old");
  {
    AtomicFile file(folder / "x");
    file.write("new ");
    file.write(std::string(600000, 'n'));
    EXPECT_EQ(read_file(folder / "x"), "old");
    file.commit();
  }
  EXPECT_EQ(read_file(folder / "x"), "new " + std::string(600000, 'n'));
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FileTest, AtomicFileNotCommittedLeavesNothing) {
  put("x", "old");
  {
    AtomicFile file(folder / "x");
    file.write(std::string(600000, 'n'));
    EXPECT_EQ(names().size(), 2U);
  }
  EXPECT_EQ(read_file(folder / "x"), "old");
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FileTest, AtomicFileReplacesALinkAndNotWhatItPointsTo) {
  put("target", "kept");
  fs::create_symlink("target", folder / "link");
  AtomicFile file(folder / "link");
  file.write("new");
  file.commit();
  EXPECT_FALSE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "link"), "new");
  EXPECT_EQ(read_file(folder / "target"), "kept");
}

TEST_F(FileTest, AtomicFileHasTheModeOfTheUmask) {
  const mode_t before = ::umask(027);
  AtomicFile file(folder / "x");
  file.commit();
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "x").permissions(), static_cast<fs::perms>(0640));
}

TEST_F(FileTest, AtomicFileRefusesWhatIsNoFile) {
  EXPECT_EQ(kind_thrown([&] { AtomicFile file(folder); }), ErrorKind::cannot_create);
  EXPECT_EQ(kind_thrown([&] { AtomicFile file("/dev/null"); }), ErrorKind::cannot_create);
  EXPECT_EQ(kind_thrown([&] { AtomicFile file(folder / "absent" / "x"); }), ErrorKind::cannot_create);
  EXPECT_TRUE(names().empty());
}

TEST_F(FileTest, AtomicFileTellsAFailedWrite) {
  put("x", "old");
  // The limit holds for a child only, and the signal that would kill it is ignored.
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100000, 100000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto kind = kind_thrown([&] {
      AtomicFile file(folder / "x");
      file.write(std::string(200000, 'n'));
      file.commit();
    });
    ::_exit(kind == ErrorKind::io ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_file(folder / "x"), "old");
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FileTest, FoldersAreMadeWithThoseAboveThem) {
  make_folders(folder / "a" / "b" / "c");
  make_folders(folder / "a" / "b" / "c");
  make_folders(folder / "d/");
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b" / "c"));
  EXPECT_EQ(names(), (Names{"a", "d"}));
  put("file", "x");
  EXPECT_EQ(kind_thrown([&] { make_folders(folder / "file"); }), ErrorKind::cannot_create);
  EXPECT_EQ(kind_thrown([&] { make_folders(folder / "file" / "below"); }), ErrorKind::cannot_create);
}

TEST_F(FileTest, AtomicFolderAppearsWhole) {
  {
    AtomicFolder made(folder / "report");
    fs::create_directory(made.path() / "matrix");
    std::ofstream(made.path() / "matrix" / "a") << "1";
    EXPECT_FALSE(fs::exists(folder / "report"));
    made.publish();
  }
  EXPECT_EQ(read_file(folder / "report" / "matrix" / "a"), "1");
  EXPECT_EQ(names(), Names{"report"});
}

TEST_F(FileTest, AtomicFolderNotPublishedLeavesNothing) {
  {
    AtomicFolder made(folder / "report");
    std::ofstream(made.path() / "a") << "1";
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(FileTest, AtomicFolderTakesNoNameThatIsTaken) {
  fs::create_directory(folder / "empty");
  put("file", "x");
  for (const char* name : {"empty", "file"}) {
    AtomicFolder made(folder / name);
    EXPECT_EQ(kind_thrown([&] { made.publish(); }), ErrorKind::cannot_create) << name;
  }
  EXPECT_EQ(names(), (Names{"empty", "file"}));
  EXPECT_EQ(kind_thrown([&] { AtomicFolder made(folder / "absent" / "x"); }), ErrorKind::cannot_create);
}

TEST_F(FileTest, WhatKilledProcessesLeftIsRemoved) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicFile file(folder / "file");
    AtomicFolder made(folder / "made");
    std::ofstream(made.path() / "a") << "1";
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  put(".coterie-notours.tmp", "x");
  {
    // What a living process is about to finish stays.
    const AtomicFile other(folder / "x");
    EXPECT_EQ(names().size(), 4U);
  }
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(names().size(), 3U);
  AtomicFile next(folder / "x");
  next.commit();
  EXPECT_EQ(names(), (Names{".coterie-notours.tmp", "x"}));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FileTest, AFolderLockedBySomebodyElseIsWrittenTo) {
  const int locked = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(locked, LOCK_EX | LOCK_NB), 0);
  AtomicFile file(folder / "x");
  file.commit();
  AtomicFolder made(folder / "made");
  made.publish();
  replace_link(folder / "link", "made");
  EXPECT_EQ(names(), (Names{"link", "made", "x"}));
  ::close(locked);
}

TEST_F(FileTest, ReplaceLinkPointsAnew) {
  replace_link(folder / "latest", "one");
  EXPECT_EQ(fs::read_symlink(folder / "latest"), "one");
  replace_link(folder / "latest", "two");
  EXPECT_EQ(fs::read_symlink(folder / "latest"), "two");
  EXPECT_EQ(names(), Names{"latest"});
}

TEST_F(FileTest, ReplaceLinkSparesWhatIsNoLink) {
  put("file", "x");
  fs::create_directory(folder / "kept");
  EXPECT_EQ(kind_thrown([&] { replace_link(folder / "file", "one"); }), ErrorKind::cannot_create);
  EXPECT_EQ(kind_thrown([&] { replace_link(folder / "kept", "one"); }), ErrorKind::cannot_create);
  EXPECT_EQ(names(), (Names{"file", "kept"}));
}

TEST_F(FileTest, LockFileIsHeldOnce) {
  {
    const LockFile lock(folder / "lock");
    EXPECT_EQ(kind_thrown([&] { LockFile second(folder / "lock"); }), ErrorKind::temporary);
  }
  EXPECT_EQ(kind_thrown([&] { LockFile again(folder / "lock"); }), std::nullopt);
  EXPECT_EQ(kind_thrown([&] { LockFile none(folder / "absent" / "lock"); }), ErrorKind::cannot_create);
}

TEST_F(FileTest, LockFileIsFreeWhenItsHolderIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const LockFile lock(folder / "lock");
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  EXPECT_EQ(kind_thrown([&] { LockFile second(folder / "lock"); }), ErrorKind::temporary);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(kind_thrown([&] { LockFile third(folder / "lock"); }), std::nullopt);
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace coterie
