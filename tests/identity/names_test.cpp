#include <gtest/gtest.h>

#include "coterie/who_is_who.hpp"

namespace coterie {
namespace {

TEST(NameKey, OrderCaseAndMarksDoNotMatter) {
  for (const char* name : {"Guo, Daya", "Daya GUO", "daya guo", " Daya  Guo ", "Dàyǎ Guō", "Daya-Guo"}) {
    EXPECT_EQ(name_key(name), "daya guo") << name;
  }
  EXPECT_EQ(name_key("Z. F. Wu"), "f wu z");
  EXPECT_EQ(name_key("郭达雅"), "郭达雅");
}

TEST(NameKey, DifferentNamesHaveDifferentKeys) {
  EXPECT_NE(name_key("Yu Wu"), name_key("Yue Wu"));
  EXPECT_NE(name_key("Wei Wang"), name_key("Weiwang"));
  EXPECT_NE(name_key("Wei Wei Wang"), name_key("Wei Wang"));
}

TEST(NameKey, WithoutLettersItIsEmpty) {
  for (const char* name : {"", " ", "-", "12 34", "\xFF", "…"}) EXPECT_EQ(name_key(name), "") << name;
  EXPECT_EQ(name_key("R2 D2"), "d2 r2");
}

TEST(IsCollective, KnowsCollectives) {
  for (const char* name : {"DeepSeek-AI", "Qwen", "Qwen Team", "et al", "et al.", "AL, E", "Et Al.",
                           "The ATLAS Collaboration", "Human Genome Consortium", "Gemma team", "Zhipu-AI",
                           "Working Group", "Steering Committee", "", "—", "1234", "and others"}) {
    EXPECT_TRUE(is_collective(name)) << name;
  }
}

TEST(IsCollective, LeavesPeopleAlone) {
  for (const char* name : {"Team Lee", "Group, A. B.", "Daya Guo", "Guo Xiao-Ai", "Ai Ai", "Ali Qwenson",
                           "Al Edwards", "Weizhu AI", "Sai", "Et Alson", "A"}) {
    EXPECT_FALSE(is_collective(name)) << name;
  }
}

}  // namespace
}  // namespace coterie
