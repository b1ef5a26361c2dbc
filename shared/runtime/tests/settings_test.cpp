#include <lakegate/runtime/settings.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <stdexcept>

#include <unistd.h>

namespace lakegate::runtime {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const std::vector<setting> table{
    {"gateway.port",
     {"DATABRICKS_APP_PORT", "LAKEGATE_GATEWAY_PORT"},
     "8080",
     integer_between(0, 65535),
     "Port of the HTTP server."},
    {"gateway.host", {"LAKEGATE_GATEWAY_HOST"}, "127.0.0.1", anything(), "Its address."},
    {"gateway.deadline",
     {"LAKEGATE_DEADLINE"},
     "30s",
     duration_between(1s, 5min),
     "The longest request."},
    {"log.level",
     {"LAKEGATE_LOG_LEVEL"},
     "info",
     one_of({"debug", "info", "warn"}),
     "What is logged."},
    {"tls.on", {"LAKEGATE_TLS"}, "no", boolean(), "Whether to encrypt."},
    {"database.password", {"PGPASSWORD"}, "", {}, "The password.", true},
    {"database.pool-size", {}, "", integer_between(1, 64), "Connections."},
};

class temporary_file {
public:
  explicit temporary_file(std::string_view content) {
    char name[] = "lakegate-settings-XXXXXX";
    path_ = std::filesystem::temp_directory_path() / name;
    auto text = path_.string();
    ::close(::mkstemp(text.data()));
    path_ = text;
    std::ofstream{path_} << content;
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

caf::expected<settings> resolve(std::vector<std::string> arguments,
                                environment variables = {}) {
  return settings::resolve(table, arguments, variables);
}

std::string refusal(std::vector<std::string> arguments, environment variables = {}) {
  auto result = resolve(std::move(arguments), std::move(variables));
  return result ? "no error" : sentence_of(result.error());
}

} // namespace

TEST(ResolvingSettings, FallsBackToDefaults) {
  auto values = resolve({});

  ASSERT_TRUE(values);
  EXPECT_EQ(values->integer("gateway.port"), 8080);
  EXPECT_EQ(values->text("gateway.host"), "127.0.0.1");
  EXPECT_EQ(values->duration("gateway.deadline"), 30s);
  EXPECT_FALSE(values->flag("tls.on"));
  EXPECT_FALSE(values->is_set("gateway.port"));
}

TEST(ResolvingSettings, PrefersTheCommandLineToTheEnvironmentToTheFile) {
  temporary_file file{"[gateway]\nport = 1\nhost = from-file\n[log]\nlevel=debug\n"};

  auto values =
      resolve({"--config-file=" + file.path(), "--gateway.port=3"},
              {{"LAKEGATE_GATEWAY_PORT", "2"}, {"LAKEGATE_GATEWAY_HOST", "from-env"}});

  ASSERT_TRUE(values) << sentence_of(values.error());
  EXPECT_EQ(values->integer("gateway.port"), 3);
  EXPECT_EQ(values->text("gateway.host"), "from-env");
  EXPECT_EQ(values->text("log.level"), "debug");
  EXPECT_TRUE(values->is_set("log.level"));
}

TEST(ResolvingSettings, TakesTheFirstVariableThatIsSet) {
  auto both = resolve({}, {{"DATABRICKS_APP_PORT", "1"}, {"LAKEGATE_GATEWAY_PORT", "2"}});
  auto empty = resolve({}, {{"DATABRICKS_APP_PORT", ""}, {"LAKEGATE_GATEWAY_PORT", "2"}});

  ASSERT_TRUE(both);
  ASSERT_TRUE(empty);
  EXPECT_EQ(both->integer("gateway.port"), 1);
  EXPECT_EQ(empty->integer("gateway.port"), 2);
}

TEST(JoiningTables, KeepsTheirOrder) {
  const setting first{"a.a", {}, "", anything(), ""},
      second{"b.b", {}, "", anything(), ""};

  auto all = joined({{second}, {}, {first, second}});

  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name, "b.b");
  EXPECT_EQ(all[1].name, "a.a");
  EXPECT_EQ(all[2].name, "b.b");
}

TEST(ResolvingSettings, TakesTheFirstRowOfANameThatComesTwice) {
  std::vector<setting> joined{{"a.b", {}, "first", {}, "One."},
                              {"a.b", {}, "second", {}, "Two."}};

  auto values = settings::resolve(joined, {}, {});

  ASSERT_TRUE(values);
  EXPECT_EQ(values->text("a.b"), "first");
}

TEST(ResolvingSettings, ThrowsForANameThatIsNotInTheTable) {
  auto values = resolve({});

  ASSERT_TRUE(values);
  EXPECT_THROW(values->text("gateway.prot"), std::logic_error);
  EXPECT_THROW(values->integer("gateway.host"), std::logic_error);
}

TEST(RefusingASetting, NamesItsOriginItsValueAndItsRule) {
  EXPECT_EQ(
      refusal({}, {{"LAKEGATE_GATEWAY_PORT", "abc"}}),
      "LAKEGATE_GATEWAY_PORT is \"abc\"; it must be a whole number between 0 and 65535.");
  EXPECT_EQ(
      refusal({"--gateway.port=65536"}),
      "--gateway.port is \"65536\"; it must be a whole number between 0 and 65535.");
  EXPECT_EQ(
      refusal({"--gateway.deadline=6min"}),
      "--gateway.deadline is \"6min\"; it must be a duration between 1s and 5min, such "
      "as 250ms, 30s or 5min.");
  EXPECT_EQ(refusal({"--log.level=loud"}),
            "--log.level is \"loud\"; it must be debug, info or warn.");
  EXPECT_EQ(refusal({"--tls.on=maybe"}),
            "--tls.on is \"maybe\"; it must be true or false.");
}

TEST(RefusingASetting, KeepsItOnOneLine) {
  EXPECT_THAT(refusal({"--log.level=a\nb"}), Not(HasSubstr("\n")));
}

TEST(RefusingASetting, NeverShowsASecret) {
  std::vector<setting> secrets{
      {"database.password", {"PGPASSWORD"}, "", one_of({"good"}), "The password.", true}};

  auto values = settings::resolve(secrets, {}, {{"PGPASSWORD", "hunter2"}});

  ASSERT_FALSE(values);
  EXPECT_EQ(sentence_of(values.error()), "PGPASSWORD is not valid; it must be good.");
}

TEST(RefusingAnArgument, SaysWhichAndWhy) {
  EXPECT_EQ(refusal({"--gateway.prot=1"}),
            "--gateway.prot is not an argument of this program; see --help.");
  EXPECT_EQ(refusal({"gateway.port=1"}),
            "gateway.port is not an argument of this program; see --help.");
  EXPECT_EQ(refusal({"--gateway.port"}),
            "--gateway.port needs a value, written --gateway.port=VALUE.");
  EXPECT_THAT(refusal({"--database.password=hunter2"}),
              testing::AllOf(HasSubstr("--database.password is a secret"),
                             Not(HasSubstr("hunter2"))));
}

TEST(ReadingAConfigurationFile, TakesQuotesCommentsAndBlanks) {
  temporary_file file{
      "# comment\n; another\r\n\n [ gateway ] \n host = \"a \\\"b\\\" = c\" \r\n"
      "port=7\n[database]\npassword = p;w#d\n"};

  auto values = resolve({"--config-file=" + file.path()});

  ASSERT_TRUE(values) << sentence_of(values.error());
  EXPECT_EQ(values->text("gateway.host"), "a \"b\" = c");
  EXPECT_EQ(values->integer("gateway.port"), 7);
  EXPECT_EQ(values->text("database.password"), "p;w#d");
}

TEST(ReadingAConfigurationFile, NamesTheLineThatIsWrong) {
  auto wrong = [](std::string_view content) {
    temporary_file file{content};
    auto sentence = refusal({"--config-file=" + file.path()});
    auto at = sentence.find(file.path());
    return at == std::string::npos ? sentence
                                   : sentence.replace(at, file.path().size(), "FILE");
  };

  EXPECT_EQ(wrong("[gateway\nport=1"),
            "Line 1 of FILE is wrong: a section is written [name].");
  EXPECT_EQ(wrong("[gateway]\nport"),
            "Line 2 of FILE is wrong: a setting is written name = value.");
  EXPECT_EQ(wrong("[gateway]\nport=1\nport=2"),
            "Line 3 of FILE is wrong: gateway.port comes twice.");
  EXPECT_EQ(wrong("[gateway]\nhost=\"x"),
            "Line 2 of FILE is wrong: the quotes of host do not end with the line.");
  EXPECT_EQ(wrong("[gateway]\nprot=1"),
            "gateway.prot in FILE is not a setting of this program; see --help.");
  EXPECT_EQ(
      wrong("[gateway]\nport=x"),
      "gateway.port in FILE is \"x\"; it must be a whole number between 0 and 65535.");
}

TEST(ReadingAConfigurationFile, SaysWhyItCanNotBeRead) {
  EXPECT_EQ(refusal({"--config-file=/nonexistent/file"}),
            "The configuration file /nonexistent/file can't be read: No such file or "
            "directory.");
}

struct duration_case {
  std::string text;
  std::chrono::milliseconds value;
};

void PrintTo(const duration_case& x, std::ostream* os) {
  *os << x.text;
}

class WritingADuration : public testing::TestWithParam<duration_case> {};

TEST_P(WritingADuration, TakesAUnit) {
  auto values = resolve({"--gateway.deadline=" + GetParam().text});

  ASSERT_TRUE(values) << sentence_of(values.error());
  EXPECT_EQ(values->duration("gateway.deadline"), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Units, WritingADuration,
                         testing::Values(duration_case{"1500ms", 1500ms},
                                         duration_case{"30s", 30s},
                                         duration_case{"30", 30s},
                                         duration_case{"5min", 5min}));

TEST(RefusingADuration, TakesNoOtherForm) {
  for (std::string bad : {"", "s", "-1s", "1.5s", "1 s", "1m", "99999999999999999999s",
                          "9223372036854775807h"})
    EXPECT_THAT(refusal({"--gateway.deadline=" + bad}), HasSubstr("must be a duration"))
        << bad;
}

TEST(PrintingSettings, ShowsOriginsAndHidesSecrets) {
  auto values = resolve({"--gateway.port=1"}, {{"PGPASSWORD", "hunter2"}});

  ASSERT_TRUE(values);
  auto text = values->print();
  EXPECT_THAT(text, HasSubstr("gateway.port=1  # --gateway.port\n"));
  EXPECT_THAT(text, HasSubstr("gateway.host=127.0.0.1  # default\n"));
  EXPECT_THAT(text, HasSubstr("database.password=<redacted>  # PGPASSWORD\n"));
  EXPECT_THAT(text, HasSubstr("database.pool-size=  # default\n"));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
}

TEST(PrintingHelp, ShowsEverySettingWithItsVariables) {
  auto text = render_help("lakegate-test", "Tests.", table);

  EXPECT_THAT(text, testing::StartsWith("lakegate-test: Tests.\n"));
  EXPECT_THAT(text,
              HasSubstr("  --gateway.port=8080\n      Port of the HTTP server.\n"
                        "      Variable: DATABRICKS_APP_PORT, LAKEGATE_GATEWAY_PORT\n"));
  EXPECT_THAT(text, HasSubstr("  --database.password (secret)\n"));
}

TEST(PrintingAnEnvironmentExample, CommentsOutEveryDefault) {
  auto text = render_environment_example("lakegate-test", table);

  EXPECT_THAT(text,
              HasSubstr("\n# Port of the HTTP server. (also: LAKEGATE_GATEWAY_PORT)\n"
                        "# DATABRICKS_APP_PORT=8080\n"));
  EXPECT_THAT(text, Not(HasSubstr("pool-size")));
}

} // namespace lakegate::runtime
