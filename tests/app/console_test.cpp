#include "src/app/console.hpp"

#include <gtest/gtest.h>

#include "coterie/util/file.hpp"
#include "src/app/redactor.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie {
namespace {

constexpr const char* k_key = R"(ca/n+ar"y=5\f)";

TEST(Redactor, EveryWayOfWritingASecret) {
  Redactor redactor;
  redactor.hide(k_key);
  for (const char* written :
       {R"(ca/n+ar"y=5\f)", "ca%2Fn%2Bar%22y%3D5%5Cf", "ca%2fn%2bar%22y%3d5%5cf", "ca/n+ar%22y%3D5%5Cf",
        R"(ca\/n+ar\"y=5\\f)", R"(ca/n+ar\u0022y=5\u005cf)", "%63%61%2F%6E%2B%61%72%22%79%3D%35%5C%66"}) {
    EXPECT_EQ(redactor.redacted(std::string("a ") + written + " b " + written), "a (key) b (key)") << written;
  }
}

TEST(Redactor, OtherTextsStayAsTheyAre) {
  Redactor redactor;
  const std::string text = "ca%2Fn \\ % %2 \\u00 100% \xff";
  EXPECT_EQ(redactor.redacted(text), text);
  redactor.hide("");
  redactor.hide("abc");  // would blot out every text
  EXPECT_EQ(redactor.redacted("abc" + text), "abc" + text);
  redactor.hide(k_key);
  EXPECT_EQ(redactor.redacted(text), text);
  EXPECT_EQ(redactor.redacted(""), "");
}

TEST(Redactor, LongerSecretsFirst) {
  Redactor redactor;
  redactor.hide("1234");
  redactor.hide("12345678");
  redactor.hide("1234");
  EXPECT_EQ(redactor.redacted("12345678 1234 123"), "(key) (key) 123");
}

TEST(Logfmt, Values) {
  EXPECT_EQ(logfmt_value("plain-1.5:x"), "plain-1.5:x");
  EXPECT_EQ(logfmt_value(""), "\"\"");
  EXPECT_EQ(logfmt_value("two words"), "\"two words\"");
  EXPECT_EQ(logfmt_value("a=\"b\\\""), R"("a=\"b\\\"")");
  const std::string value = logfmt_value("x\nts=now \x1b]52;c \u009b \u202e \x7f");
  for (const char* bad : {"\n", "\x1b", "\u009b", "\u202e", "\x7f"})
    EXPECT_EQ(value.find(bad), std::string::npos) << value;
}

TEST(Console, TakesSecretsOutOfAllThatIsPrintedOrLogged) {
  const test::TemporaryFolder folder;
  Options options;
  options.log_file = folder / "log";
  options.verbose = true;
  options.progress = "always";
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  {
    Console console(options);
    console.hide(k_key);
    const std::string text = std::string("the key ") + k_key;
    console.result(text);
    console.note(text);
    console.detail(text);
    console.warn(text);
    console.error(text);
    console.event("seen", {{"text", text}, {"src", "openalex"}, {"empty", ""}});
    console.progress(text, 1, 2);
    console.progress_done();
    console.flush();
  }
  const std::string out = testing::internal::GetCapturedStdout();
  const std::string err = testing::internal::GetCapturedStderr();
  EXPECT_EQ(out, "the key (key)\n");
  EXPECT_EQ(err,
            "the key (key)\nthe key (key)\ncoterie: the key (key)\ncoterie: the key (key)\n"
            "the key (key): 1 of 2\n");
  const std::string log = read_file(folder / "log");
  EXPECT_EQ(log.find("ca/n"), std::string::npos) << log;
  EXPECT_NE(log.find(" src=openalex event=seen text=\"the key (key)\"\n"), std::string::npos) << log;
}

TEST(Options, TimeCountsFromTheStartOfTheRun) {
  Options options;
  EXPECT_EQ(options.deadline(), std::nullopt);
  options.max_time = "2m";
  EXPECT_EQ(options.deadline(), options.started + std::chrono::minutes(2));
  options.check_time_left("nothing");
  options.started -= std::chrono::minutes(3);
  EXPECT_THROW(options.check_time_left("nothing"), std::exception);
}

}  // namespace
}  // namespace coterie
