#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "coterie/util/text.hpp"
#include "tests/fetchers/files_support.hpp"
#include "tests/support/fixtures.hpp"

namespace coterie::test {
namespace {

const std::string k_header = "{\"coterie\":\"works\",\"version\":1,\"source\":\"made\"}\n";

std::string work_line(int number) {
  return "{\"id\":\"w" + std::to_string(number) +
         "\",\"title\":\"Title\",\"authors\":[{\"name\":\"A B\"}]}\n";
}

std::string works_text(int count) {
  std::string text = k_header;
  for (int i = 0; i < count; ++i) text += work_line(i);
  return text;
}

void expect_works(const Reading& reading, int count) {
  ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.result.rejected_count, 0U);
  EXPECT_EQ(reading.result.works, static_cast<std::uint64_t>(count));
  ASSERT_EQ(reading.works.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    EXPECT_EQ(reading.works[static_cast<std::size_t>(i)].id, "w" + std::to_string(i));
}

TEST(WorksFile, PlainAndGzipGiveTheSameInOrder) {
  const std::string text = works_text(1700);
  const Reading plain = read_text(text);
  expect_works(plain, 1700);
  EXPECT_EQ(plain.result.format, "coterie-jsonl");
  EXPECT_EQ(plain.result.bytes, text.size());
  EXPECT_EQ(plain.result.sha256, text::sha256(text));
  const std::string packed = gzipped(text);
  const Reading zipped = read_text(packed);
  expect_works(zipped, 1700);
  EXPECT_EQ(zipped.works, plain.works);
  EXPECT_EQ(zipped.result.bytes, text.size());
  EXPECT_EQ(zipped.result.sha256, text::sha256(packed));
}

TEST(WorksFile, SeveralMembersAreOneFile) {
  // The first member ends inside a line, the second is empty.
  const std::string text = works_text(40);
  const std::size_t middle = text.size() / 2 + 3;
  expect_works(read_text(gzipped(text.substr(0, middle)) + gzipped("") + gzipped(text.substr(middle))), 40);
}

TEST(WorksFile, EveryCutOfACompressedFileIsDamage) {
  const std::string packed = gzipped(works_text(30)) + gzipped(work_line(30));
  const std::size_t first_member = gzipped(works_text(30)).size();
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const Reading reading = read_text(packed.substr(0, size));
    if (size == first_member) {
      expect_works(reading, 30);
      continue;
    }
    ASSERT_TRUE(reading.error.has_value()) << size;
    EXPECT_EQ(reading.error->kind(), ErrorKind::data);
    EXPECT_TRUE(contains(reading.error->what(), "gzip")) << reading.error->what();
    if (size > first_member) {
      EXPECT_GE(reading.works.size(), 30U);
    }
  }
}

TEST(WorksFile, WorksBeforeTheDamageAreHandedOn) {
  std::string packed = gzipped(works_text(30));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);  // in the checksum at the end
  const Reading reading = read_text(packed);
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->kind(), ErrorKind::data);
  EXPECT_EQ(reading.works.size(), 30U);
}

TEST(WorksFile, BytesBehindACompressedFileAreDamage) {
  const Reading reading = read_text(gzipped(works_text(3)) + "more");
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->kind(), ErrorKind::data);
  EXPECT_EQ(reading.works.size(), 3U);
}

TEST(WorksFile, MarksEmptyLinesAndLineEndsDoNotMatter) {
  std::string text = works_text(3);
  expect_works(read_text("\xef\xbb\xbf" + text), 3);
  expect_works(read_text("\n  \n\t\n" + text + "\n\n"), 3);
  text.pop_back();
  expect_works(read_text(text), 3);
  std::string crlf;
  for (const char c : works_text(3)) {
    if (c == '\n') crlf += '\r';
    crlf += c;
  }
  expect_works(read_text(crlf), 3);
  expect_works(read_text(crlf + "\r\n\r\n\r"), 3);
}

TEST(WorksFile, LongLinesAreReadUpToTheLimit) {
  // Longer than every first buffer, and short lines around it.
  const std::string title(5000000, 'x');
  std::string text = k_header + work_line(0) + "{\"id\":\"w1\",\"title\":\"" + title + "\"}\n" + work_line(2);
  const Reading reading = read_text(gzipped(text));
  expect_works(reading, 3);
  EXPECT_EQ(reading.works[1].title, title);

  const std::string endless(std::size_t{65} << 20, 'y');
  text = k_header + work_line(0) + "{\"id\":\"" + endless + "\"}\n" + work_line(1) + endless;
  const Reading cut = read_text(text);
  ASSERT_FALSE(cut.error.has_value());
  ASSERT_EQ(cut.result.rejected_count, 2U);
  EXPECT_EQ(cut.result.rejected[0].line, 3U);
  EXPECT_TRUE(contains(cut.result.rejected[0].reason, "64 MiB"));
  EXPECT_EQ(cut.result.rejected[1].line, 5U);
  EXPECT_EQ(cut.works.size(), 2U);
  EXPECT_EQ(cut.result.bytes, text.size());
}

TEST(WorksFile, ALineThatIsNoWorkIsRejectedWithItsNumber) {
  const std::string deep(2000, '[');
  const Reading reading =
      read_text(k_header + work_line(0) + "{\"id\":\"w\n" + "\n" + "[1,2]\n" + work_line(1) + "{} {}\n" +
                deep + "\n" + "{\"id\":\"\xff\"}\n" + "{\"id\":\"\\ud800\"}\n" + "null\n" + work_line(2));
  ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.works.size(), 3U);
  std::vector<std::size_t> lines;
  for (const Rejected& rejected : reading.result.rejected) {
    lines.push_back(rejected.line);
    EXPECT_FALSE(rejected.reason.empty());
  }
  EXPECT_EQ(lines, (std::vector<std::size_t>{3, 5, 7, 8, 9, 10, 11}));
  EXPECT_EQ(reading.result.rejected_count, lines.size());
}

TEST(WorksFile, AHundredRejectedAreNamedAndAllCounted) {
  std::string text = works_text(1);
  for (int i = 0; i < 130; ++i) text += "junk\n";
  const Reading reading = read_text(text);
  EXPECT_EQ(reading.result.rejected_count, 130U);
  EXPECT_EQ(reading.result.rejected.size(), 100U);
  EXPECT_EQ(reading.result.rejected.back().line, 2U + 100U);
}

TEST(WorksFile, AnUnknownFormatNamesTheKnownOnes) {
  const std::vector<std::string> texts{"",
                                       "\n\n",
                                       "\xef\xbb\xbf",
                                       "hello\n",
                                       "<html></html>",
                                       "{\"id\":\"x\"}\n",
                                       "{\"results\":[]}",
                                       "{\"id\":\"https://openalex.org/A5023888391\"}\n",
                                       std::string(3, '\0'),
                                       "\x1f",
                                       gzipped(""),
                                       gzipped("junk")};
  for (const std::string& text : texts) {
    const Reading reading = read_text(text);
    ASSERT_TRUE(reading.error.has_value()) << text;
    EXPECT_EQ(reading.error->kind(), ErrorKind::data);
    for (const WorksFormat& format : works_formats()) {
      EXPECT_TRUE(contains(reading.error->what(), std::string(format.name))) << reading.error->what();
    }
    EXPECT_TRUE(reading.works.empty());
  }
  // A file of any length is given up early.
  std::string long_junk;
  for (int i = 0; i < 1000; ++i) long_junk += "junk\n";
  EXPECT_TRUE(read_text(long_junk + works_text(1)).error.has_value());
}

TEST(WorksFile, ADamagedFirstLineDoesNotHideTheFormat) {
  const Reading reading =
      read_text("{\"id\":\"https://openalex.org/W1\n{\"id\":\"https://openalex.org/W2\"}\n");
  ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.result.format, "openalex-jsonl");
  ASSERT_EQ(reading.works.size(), 1U);
  EXPECT_EQ(reading.works[0].id, "W2");
  ASSERT_EQ(reading.result.rejected.size(), 1U);
  EXPECT_EQ(reading.result.rejected[0].line, 1U);
}

TEST(WorksFile, MissingAndUnreadableFiles) {
  const TemporaryFolder folder;
  const Reading missing = read_path(folder / "absent");
  ASSERT_TRUE(missing.error.has_value());
  EXPECT_EQ(missing.error->kind(), ErrorKind::no_input);
  const Reading directory = read_path(folder.path());
  ASSERT_TRUE(directory.error.has_value());
  EXPECT_EQ(directory.error->kind(), ErrorKind::io);
}

TEST(WorksFile, WhatTheTakerThrowsEndsTheReading) {
  const TemporaryFolder folder;
  const auto path = folder / "works";
  std::ofstream(path) << works_text(20000);
  int calls = 0;
  const auto take = [&](std::span<const Work>) {
    if (++calls == 2) throw std::runtime_error("the disk is full");
  };
  EXPECT_THROW(read_works_file(path, take), std::runtime_error);
  EXPECT_EQ(calls, 2);
}

TEST(WorksFile, DamagedBytesAnywhereNeverCrash) {
  const std::string packed = gzipped(works_text(25));
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string bytes = packed;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    const Reading reading = read_text(bytes);
    if (reading.error) {
      EXPECT_EQ(reading.error->kind(), ErrorKind::data) << at;
    }
  }
  const std::string text = works_text(5);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string bytes = text;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x15);
    const Reading reading = read_text(bytes);
    if (reading.error) {
      EXPECT_EQ(reading.error->kind(), ErrorKind::data) << at;
    }
  }
}

std::string inflated(const std::filesystem::path& path) {
  std::string text;
  gzFile file = gzopen(path.c_str(), "rb");
  std::vector<char> block(1 << 16);
  for (int count = 0; (count = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  gzclose(file);
  return text;
}

TEST(WorksFile, RealOpenAlexWorksAreAllRead) {
  COTERIE_FIXTURE(folder, "openalex/works_2023");
  std::size_t works = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Reading reading = read_path(entry.path());
    ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
    EXPECT_EQ(reading.result.format, "openalex-jsonl");
    EXPECT_EQ(reading.result.rejected_count, 0U);
    works += reading.works.size();

    // Every entry of a byline, and nothing else, says which position it has.
    const std::string text = inflated(entry.path());
    EXPECT_EQ(reading.result.bytes, text.size());
    std::istringstream lines(text);
    std::string line;
    std::size_t number = 0;
    while (std::getline(lines, line)) {
      std::size_t authors = 0;
      const std::string mark = "\"author_position\":";
      for (std::size_t at = line.find(mark); at != std::string::npos; at = line.find(mark, at + 1)) ++authors;
      ASSERT_LT(number, reading.works.size());
      const Work& work = reading.works[number++];
      EXPECT_TRUE(contains(line, "https://openalex.org/" + work.id)) << number;
      EXPECT_EQ(work.authorships.size(), authors) << work.id;
      EXPECT_EQ(work.author_count, authors) << work.id;
    }
    EXPECT_EQ(number, reading.works.size());
  }
  EXPECT_EQ(works, 1254U);
}

}  // namespace
}  // namespace coterie::test
