#include "services/model-serving/tests/killed_process.hpp"
#include "services/model-serving/tests/service_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace lakegate::model_serving {

using namespace std::chrono_literals;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Return;
using ::testing::StartsWith;

using namespace test;

std::vector<std::string> LinesOf(const std::filesystem::path& file) {
  std::vector<std::string> result;
  std::ifstream text{file};
  for (std::string line; std::getline(text, line);)
    result.push_back(line);
  return result;
}

class LoggingInferences : public ServiceTest {
protected:
  LoggingInferences() {
    UseDatabase(postgres_cluster::shared());
    ON_CALL(serving, invoke_endpoint(_))
        .WillByDefault(Return(Predicted(R"({"predictions": [1.10, 9007199254740993]})")));
  }

  std::size_t Listed(const std::string& user = "ann@example.com") {
    auto page = Ask<inference_log_page>(Logs(user));
    return page ? page->items.size() : 999;
  }
};

TEST_F(LoggingInferences, LeavesOneRowWithEverythingDigitForDigit) {
  Start();

  auto done = Ask<inference>(Invocation(R"({"a": 9007199254740993, "b":1.10})"));
  auto page = Ask<inference_log_page>(Logs());

  ASSERT_TRUE(done) << to_string(failure_of(done.error()).code);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, 1);
  ASSERT_EQ(page->items.size(), 1u);
  const auto& row = page->items[0];
  EXPECT_EQ(row.request_id, done->request_id);
  EXPECT_EQ(row.inputs.str(), R"({"a": 9007199254740993, "b":1.10})");
  EXPECT_EQ(row.predictions.str(), R"({"predictions": [1.10, 9007199254740993]})");
  EXPECT_EQ(row.status, "SUCCESS");
  EXPECT_EQ(row.completed_at, done->completed_at);
  EXPECT_EQ(row.execution_time_ms, done->execution_time_ms);
  EXPECT_EQ(Sql("SELECT user_id, endpoint_name, inputs, predictions, status, "
                "error_message IS NULL FROM lakegate.inference_logs"),
            R"(ann@example.com|fare|{"a": 9007199254740993, "b":1.10}|)"
            R"({"predictions": [1.10, 9007199254740993]}|SUCCESS|t)");
}

TEST_F(LoggingInferences, KeepsTextThatLooksLikeSyntax) {
  Start();
  auto inputs = R"({"q":"\"}',{NULL\\,\u00e9 ; DROP TABLE x --","e":"\ud83d\ude00é"})";
  auto command = Invocation(inputs, "o'brien,\"{x}\\@example.com");
  command.endpoint_name = "a\"b\\c,{d} é";

  ASSERT_TRUE(Ask<inference>(command));
  auto page = Ask<inference_log_page>(Logs("o'brien,\"{x}\\@example.com"));

  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].inputs.str(), inputs);
  EXPECT_EQ(page->items[0].endpoint_name, "a\"b\\c,{d} é");
}

TEST_F(LoggingInferences, ShowsAUserOnlyTheirOwn) {
  Start();
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}", "ann@example.com")));
  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":2}", "bob@example.com")));

  auto page = Ask<inference_log_page>(Logs("bob@example.com"));

  EXPECT_EQ(page->total, 1);
  EXPECT_EQ(page->items.at(0).inputs.str(), "{\"a\":2}");
  EXPECT_EQ(Listed(), 3u);
}

TEST_F(LoggingInferences, PagesNewestFirstWithATotalEvenPastTheEnd) {
  Start();
  for (int i = 0; i < 25; ++i)
    ASSERT_TRUE(Ask<inference>(Invocation("{\"i\":" + std::to_string(i) + "}")));
  std::string seen;
  for (int offset = 0; offset < 25; offset += 10) {
    auto logs = Logs();
    logs.limit = 10;
    logs.offset = offset;
    auto page = Ask<inference_log_page>(logs);
    EXPECT_EQ(page->total, 25);
    for (const auto& x : page->items)
      seen += std::to_string(x.id) + "\n";
  }
  auto past = Logs();
  past.offset = 100;
  auto end = Ask<inference_log_page>(past);

  EXPECT_EQ(seen, Sql("SELECT id FROM lakegate.inference_logs "
                      "ORDER BY created_at DESC, id DESC")
                      + "\n");
  EXPECT_EQ(end->total, 25);
  EXPECT_TRUE(end->items.empty());
}

TEST_F(LoggingInferences, Filters) {
  Start();
  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}")));
  auto other = Invocation("{\"a\":2}");
  other.endpoint_name = "other";
  ASSERT_TRUE(Ask<inference>(other));
  ASSERT_EQ(Listed(), 2u);
  Sql("UPDATE lakegate.inference_logs SET created_at = '2025-01-01T00:00:00.500Z' "
      "WHERE endpoint_name = 'other'");
  auto with = [&](auto change) {
    auto logs = Logs();
    change(logs);
    return Ask<inference_log_page>(logs)->total;
  };

  EXPECT_EQ(with([](auto& x) { x.endpoint_name = "other"; }), 1);
  EXPECT_EQ(with([](auto& x) { x.status = "SUCCESS"; }), 2);
  EXPECT_EQ(with([](auto& x) { x.status = "ERROR"; }), 0);
  EXPECT_EQ(with([](auto& x) { x.since = "2025-01-01T00:00:00.501Z"; }), 1);
  EXPECT_EQ(with([](auto& x) { x.since = "2025-01-01T05:30:00.500+05:30"; }), 2);
  EXPECT_EQ(with([](auto& x) { x.until = "2025-01-01T00:00:00.500Z"; }), 0);
  EXPECT_EQ(with([](auto& x) { x.until = "2025-01-01T00:00:00.501Z"; }), 1);
}

TEST_F(LoggingInferences, RefusesABadQuestionWithEveryFault) {
  Start();
  auto bad = Logs();
  bad.limit = 1001;
  bad.offset = -1;
  bad.status = "DONE";
  bad.since = "yesterday";

  auto answer = Ask<inference_log_page>(bad);

  auto fault = failure_of(answer.error());
  EXPECT_EQ(fault.code, errc::invalid_request);
  for (auto field : {"limit", "offset", "status", "since"})
    EXPECT_NE(fault.details.find(field), std::string::npos) << field;
}

TEST_F(LoggingInferences, CutsAPageByItsBytesButNeverToNothing) {
  options.log.page_bytes = 1000;
  Start();
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(
        Ask<inference>(Invocation("{\"pad\":\"" + std::string(600, 'x') + "\"}")));

  auto page = Ask<inference_log_page>(Logs());

  EXPECT_EQ(page->total, 3);
  EXPECT_EQ(page->items.size(), 1u);
}

TEST_F(LoggingInferences, TakesATableOfAPredecessorOver) {
  Sql("CREATE SCHEMA lakegate; CREATE TABLE lakegate.inference_logs (id serial PRIMARY "
      "KEY, endpoint_name varchar(20), user_id varchar(20), inputs jsonb NOT NULL, "
      "predictions jsonb NOT NULL, status varchar(20), created_at timestamp NOT NULL); "
      "INSERT INTO lakegate.inference_logs (endpoint_name, user_id, inputs, predictions, "
      "status, created_at) VALUES ('old', 'ann@example.com', '{}', '[]', 'SUCCESS', "
      "'2024-05-06 07:08:09.123')");
  Start();
  auto command = Invocation("{\"b\":1,\"a\":2}");
  command.endpoint_name = std::string(200, 'e');

  ASSERT_TRUE(Ask<inference>(command));
  command.inputs = json_text::trusted("{\"a\":[" + [] {
    std::string bombs;
    for (int i = 0; i < 600; ++i)
      bombs += "1e131000,";
    return bombs;
  }() + "1]}");
  ASSERT_TRUE(Ask<inference>(command));

  auto page = Ask<inference_log_page>(Logs());
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 2u) << "the one that jsonb can't give back is put aside";
  EXPECT_EQ(page->items[0].inputs.str(), "{\"a\": 2, \"b\": 1}");
  EXPECT_EQ(page->items[0].endpoint_name, std::string(200, 'e'));
  EXPECT_EQ(page->items[1].endpoint_name, "old");
  EXPECT_EQ(page->items[1].created_at, "2024-05-06T07:08:09.123Z");
}

TEST_F(LoggingInferences, ReplaysWhatAKilledProcessLeftExactlyOnce) {
  auto reported = AppendUntilKilled(place.config, 200);
  auto copy = place.config.directory.string() + "-copy";
  std::filesystem::copy(place.config.directory, copy);
  auto count = "SELECT count(*) >= " + std::to_string(reported)
               + ", count(*) = count(DISTINCT request_id) FROM lakegate.inference_logs";
  Start();
  EXPECT_EQ(Eventually(count, "t|t"), "t|t");
  auto rows = Sql("SELECT count(*) FROM lakegate.inference_logs");
  Stop();
  EXPECT_TRUE(place.Files().empty());

  options.journal.directory = copy;
  Start();
  EXPECT_EQ(Listed("nobody@example.com"), 0u) << "flushes first";

  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.inference_logs"), rows);
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path{copy} / "rejected"));
}

TEST_F(LoggingInferences, PutsARowThatTheTableRefusesAside) {
  {
    auto j = place.Open();
    for (int i = 0; i < 20; ++i) {
      auto x = Record("r" + std::to_string(i));
      if (i == 7 || i == 8)
        x.inputs = "{not json";
      Write(*j, x);
    }
  }
  Start();

  EXPECT_EQ(Eventually("SELECT count(*) FROM lakegate.inference_logs", "18"), "18");
  ASSERT_EQ(Listed(), 18u);
  Stop();

  EXPECT_THAT(LinesOf(place.config.directory / "rejected"),
              ElementsAre(StartsWith("{\"request_id\":\"r7\","),
                          StartsWith("{\"request_id\":\"r8\",")));
  EXPECT_TRUE(place.Files().empty());
}

TEST_F(LoggingInferences, KeepsARefusedRowUntilItCanBePutAside) {
  {
    auto j = place.Open();
    auto refused = Record("r1");
    refused.inputs = "{not json";
    Write(*j, refused);
    Write(*j, Record("r2"));
  }
  const auto aside = place.config.directory / "rejected";
  std::filesystem::create_symlink("/dev/full", aside);
  Start();
  EXPECT_EQ(CodeOf<inference_log_page>(Logs()), errc::database_unavailable);
  EXPECT_FALSE(place.Files().empty());

  std::filesystem::remove(aside);

  EXPECT_EQ(Eventually("SELECT request_id FROM lakegate.inference_logs", "r2"), "r2");
  Stop();
  EXPECT_THAT(LinesOf(aside), ElementsAre(StartsWith("{\"request_id\":\"r1\",")));
  EXPECT_TRUE(place.Files().empty());
}

TEST_F(LoggingInferences, KeepsRowsWhileTheTableIsUnusable) {
  Start();
  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}")));
  ASSERT_EQ(Listed(), 1u);
  Sql("ALTER TABLE lakegate.inference_logs RENAME COLUMN status TO state");

  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":2}")));
  EXPECT_NE(CodeOf<inference_log_page>(Logs()), errc::none);
  Sql("ALTER TABLE lakegate.inference_logs RENAME COLUMN state TO status");

  EXPECT_EQ(Eventually("SELECT count(*) FROM lakegate.inference_logs", "2"), "2");
  EXPECT_FALSE(std::filesystem::exists(place.config.directory / "rejected"));
}

TEST_F(LoggingInferences, LeavesNothingBehindWhenItStops) {
  Start();
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}")));

  Stop();

  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.inference_logs"), "10");
  EXPECT_TRUE(place.Files().empty());
}

} // namespace lakegate::model_serving
