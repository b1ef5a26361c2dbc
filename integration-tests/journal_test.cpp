// Story 3, the log's way into the table: what the journal keeps while the table can't be
// written, over a restart, and when there is no room for more.

#include "integration-tests/support/direct_link.hpp"
#include "integration-tests/support/served_model.hpp"

#include <lakegate/testing/temporary_folder.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

namespace lakegate::integration {

using nlohmann::json;
using testing::_;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Journal : public ServedModel {
protected:
  void SetUp() override {
    ServedModel::SetUp();
    GivenPredictions("{}");
    ASSERT_EQ(Logged(0), 0) << "the table is there";
    Sql("CREATE FUNCTION lakegate.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$");
  }

  void GivenPredictions(const std::string& body) {
    ON_CALL(Workspace().serving, invoke_endpoint(_))
        .WillByDefault([this, body](const auto&) {
          ++calls_;
          return test::reply<databricks::invocation_answer>{
              databricks::invocation_answer{json_text::trusted(body), "model-1"}};
        });
  }
  int Calls() const { return calls_; }

  /// PostgreSQL's disk is full.
  void GivenTheTableTakesNothing() {
    Sql("CREATE TRIGGER full_disk BEFORE INSERT ON lakegate.inference_logs "
        "EXECUTE FUNCTION lakegate.refuse()");
  }
  void GivenTheTableTakesRowsAgain() {
    Sql("DROP TRIGGER full_disk ON lakegate.inference_logs");
  }

  Response Invoke(const std::string& text) {
    return When(Post(path::invoke)
                    .With({{"endpoint_name", "model"}, {"inputs", {{"text", text}}}})
                    .As(user_a));
  }
  /// How many rows the log has, once these are there or ten seconds have passed.
  int Logged(int wanted) {
    auto answer = Eventually(
        Get(path::logs + "?limit=1&offset=1000").As(user_a), [&](const Response& x) {
          return x.status == 200 && x.json()["total_count"] == wanted;
        });
    return answer.status == 200 ? answer.json()["total_count"].get<int>() : -1;
  }
  Response EventuallyReady() {
    return Eventually(Get(path::endpoints).As(user_a),
                      [](const Response& x) { return x.status == 200; });
  }

  std::vector<fs::path> Segments() {
    std::vector<fs::path> result;
    for (const auto& x : fs::directory_iterator{World().journal()})
      if (x.path().extension() == ".journal")
        result.push_back(x.path());
    std::sort(result.begin(), result.end());
    return result;
  }

private:
  std::atomic<int> calls_{0};
};

namespace {

std::string ContentOf(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void Write(const fs::path& file, const std::string& content) {
  std::ofstream{file, std::ios::binary | std::ios::trunc} << content;
}

/// RFC 3720, appendix B.4, bit by bit.
std::uint32_t Crc32c(const std::string& bytes) {
  auto crc = ~0u;
  for (unsigned char byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
  }
  return ~crc;
}

std::string LittleEndian(std::uint64_t x, int bytes) {
  std::string result;
  for (int i = 0; i < bytes; ++i)
    result += static_cast<char>(x >> (8 * i) & 0xFF);
  return result;
}

/// Length, checksum, payload: intact, whatever the payload says.
std::string Frame(const std::string& payload) {
  return LittleEndian(payload.size(), 4) + LittleEndian(Crc32c(payload), 4) + payload;
}

std::string WithAWrongByte(std::string content, std::size_t place) {
  return content.replace(place, 1, 1, static_cast<char>(content[place] ^ 1));
}

/// What the frames of a file hold.
std::vector<std::string> PayloadsOf(const std::string& content) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < content.size(); at += 8 + result.back().size()) {
    std::size_t length = 0;
    for (int i = 3; i >= 0; --i)
      length = length << 8
               | static_cast<unsigned char>(content[at + static_cast<std::size_t>(i)]);
    result.push_back(content.substr(at + 8, length));
  }
  return result;
}

} // namespace

TEST_F(Journal, ARestartLosesNoIntactRecordHoweverAFileEnds) {
  struct row {
    std::string name;
    std::function<std::string(std::string)> damage;
    std::string left; ///< Of the records a, b and c.
  };
  const std::vector<row> rows{
      {"none", [](auto x) { return x; }, "abc"},
      {"zeros behind", [](auto x) { return x + std::string(200'000, '\0'); }, "abc"},
      {"scraps behind", [](auto x) { return x + std::string(100'000, '\0') + "xyz"; },
       "abc"},
      {"a short header behind", [](auto x) { return x + "\x01\x02"; }, "abc"},
      {"a length beyond the end", [](auto x) { return x + "\xFF\xFF\xFF\x7F____"; },
       "abc"},
      {"another version", [](auto x) { return x + Frame("\x02rest"); }, "abc"},
      {"too short a payload", [](auto x) { return x + Frame("\x01\x09"); }, "abc"},
      {"bytes behind a payload's end",
       [](auto x) { return x + Frame(PayloadsOf(x).back() + "more"); }, "abc"},
      {"the last byte is gone", [](auto x) { return x.substr(0, x.size() - 1); }, "ab"},
      {"a byte of the last record is wrong",
       [](const auto& x) { return WithAWrongByte(x, x.size() - 20); }, "ab"},
      {"a byte of the first record is wrong",
       [](const auto& x) { return WithAWrongByte(x, 20); }, ""},
      {"nothing is left", [](const auto&) { return std::string{}; }, ""},
  };
  GivenTheTableTakesNothing();
  std::vector<std::string> ids;
  for (auto text : {"a", "b", "c"})
    ids.push_back(Invoke(text).json()["request_id"]);
  World().Kill(world::service::model_serving);
  ASSERT_EQ(Segments().size(), 1u);
  const auto records = PayloadsOf(ContentOf(Segments()[0]));
  ASSERT_EQ(records.size(), 3u);
  fs::remove(Segments()[0]);
  // A file for each row, with the same records under ids of their own.
  std::string expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto number = std::to_string(10 + i);
    std::string content;
    for (std::size_t k = 0; k < records.size(); ++k) {
      auto payload = records[k];
      payload.replace(payload.find(ids[k]) + ids[k].size() - 2, 2, number);
      content += Frame(payload);
    }
    Write(World().journal() / ("00000000000000" + number + ".journal"),
          rows[i].damage(content));
    if (!rows[i].left.empty())
      expected += (expected.empty() ? "" : "\n") + number + "|" + rows[i].left;
  }
  GivenTheTableTakesRowsAgain();

  World().Start(world::service::model_serving);

  ASSERT_THAT(EventuallyReady(), HasStatus(200));
  EXPECT_EQ(Logged(28), 28);
  EXPECT_EQ(Sql("SELECT right(request_id, 2) AS number, string_agg(inputs->>'text', '' "
                "ORDER BY inputs->>'text') FROM lakegate.inference_logs GROUP BY number "
                "ORDER BY number"),
            expected);
}

TEST_F(Journal, AFileThatIsNoneOfItsOwnIsLeftAlone) {
  World().Kill(world::service::model_serving);
  for (auto name : {"notes.txt", "one.journal", "12x.journal"})
    Write(World().journal() / name, "mine");
  fs::create_directory(World().journal() / "0000000000000099.journal");

  World().Start(world::service::model_serving);
  ASSERT_THAT(EventuallyReady(), HasStatus(200));
  Invoke("after");

  EXPECT_EQ(Logged(1), 1);
  for (auto name : {"notes.txt", "one.journal", "12x.journal"})
    EXPECT_EQ(ContentOf(World().journal() / name), "mine");
}

TEST_F(Journal, ARowThatTheTableRefusesIsPutAsideAndTheOthersGetIn) {
  GivenTheTableTakesNothing();
  std::string refused;
  for (int i = 0; i < 7; ++i) {
    auto answer = Invoke(i == 4 ? "poison" : "good");
    if (i == 4)
      refused = answer.json()["request_id"];
  }
  Sql("CREATE FUNCTION lakegate.taste() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF NEW.inputs->>'text' = 'poison' THEN RAISE EXCEPTION 'bad' USING ERRCODE = "
      "'invalid_text_representation'; END IF; RETURN NEW; END $$; "
      "CREATE TRIGGER taste BEFORE INSERT ON lakegate.inference_logs FOR EACH ROW "
      "EXECUTE FUNCTION lakegate.taste()");
  GivenTheTableTakesRowsAgain();

  EXPECT_EQ(Logged(6), 6);
  AwaitMetric("lakegate_model_serving_log_rows_rejected_total 1");
  auto put_aside = json::parse(ContentOf(World().journal() / "rejected"));
  EXPECT_EQ(put_aside["request_id"], refused);
  EXPECT_EQ(put_aside["inputs"], R"({"text":"poison"})");
  EXPECT_EQ(put_aside["status"], "SUCCESS");

  // Where it can't even be put aside, it is not thrown away.
  const auto aside = World().journal() / "rejected";
  fs::remove(aside);
  fs::create_directory(aside);
  Invoke("poison");
  Invoke("good");
  EXPECT_THAT(When(Get(path::logs).As(user_a)), IsProblem(errc::database_unavailable));
  fs::remove(aside);
  EXPECT_EQ(Logged(7), 7);
  AwaitMetric("lakegate_model_serving_log_rows_rejected_total 2");
}

TEST_F(Journal, WhileTheTableIsUnusableNothingIsThrownAway) {
  Sql("ALTER TABLE lakegate.inference_logs RENAME COLUMN status TO state");

  EXPECT_THAT(Invoke("a"), HasStatus(200));
  EXPECT_THAT(When(Get(path::logs).As(user_a)), IsProblem(errc::internal_error));
  Sql("ALTER TABLE lakegate.inference_logs RENAME COLUMN state TO status");

  EXPECT_EQ(Logged(1), 1);
  EXPECT_FALSE(fs::exists(World().journal() / "rejected"));
}

TEST_F(Journal, ALogThatCannotBeReadSaysSo) {
  Sql("INSERT INTO lakegate.inference_logs (request_id, endpoint_name, user_id, inputs, "
      "status, execution_time_ms, created_at, completed_at) VALUES ('r', 'model', '"
      + user_a + "', '{\"a\":1,\"a\":2}', 'ERROR', 5, now(), now())");

  auto strange = When(Get(path::logs).As(user_a));
  Sql("ALTER TABLE lakegate.inference_logs RENAME COLUMN request_id TO hidden");
  auto broken = When(Get(path::logs).As(user_a));

  EXPECT_THAT(strange, HasStatus(200));
  EXPECT_EQ(strange.json()["logs"][0]["request_id"], "r");
  EXPECT_TRUE(strange.json()["logs"][0]["inputs"].is_null()) << "a key comes twice";
  EXPECT_THAT(broken, IsProblem(errc::internal_error));
}

TEST_F(Journal, AStopEndsWhatStillRunsAndBringsItsRowIntoTheTable) {
  std::promise<void> called;
  ON_CALL(Workspace().serving, invoke_endpoint(_)).WillByDefault([&](const auto&) {
    called.set_value();
    return test::reply<databricks::invocation_answer>{};
  });
  auto answer = std::async(std::launch::async, [this] { return Invoke("a"); });
  ASSERT_EQ(called.get_future().wait_for(std::chrono::seconds{10}),
            std::future_status::ready);

  World().StopModelServing(std::chrono::milliseconds{800});

  EXPECT_THAT(answer.get(), HasStatus(503));
  EXPECT_EQ(
      Sql("SELECT status, error_message FROM lakegate.inference_logs"),
      "ERROR|MODEL_UNAVAILABLE: The service was stopped before the model answered.");
  EXPECT_TRUE(Segments().empty());
}

TEST_F(Journal, AStopWhileTheTableIsAwayLeavesTheRowsForTheNextStart) {
  GivenTheTableTakesNothing();
  ASSERT_THAT(Invoke("a"), HasStatus(200));

  World().StopModelServing(std::chrono::milliseconds{300});

  EXPECT_EQ(Segments().size(), 1u);
  GivenTheTableTakesRowsAgain();
  World().Start(world::service::model_serving);
  ASSERT_THAT(EventuallyReady(), HasStatus(200));
  EXPECT_EQ(Logged(1), 1);
}

class SmallJournal : public Journal {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_JOURNAL_MAX_MEBIBYTES", "16"},
                         {"LAKEGATE_JOURNAL_SYNC", "always"}}};
  }
};

TEST_F(SmallJournal, WithoutRoomForItsRowNoModelIsCalled) {
  const std::string large(3'900'000, 'x');
  GivenTheTableTakesNothing();
  auto taken = 0;
  while (taken < 10 && Invoke(large).status == 200)
    ++taken;
  const auto calls = Calls();

  auto refused = Invoke(large);
  const auto calls_then = Calls();
  direct_link<model_serving::service_actor> link{
      "model-serving", World().port_of(world::service::model_serving)};
  auto status = link.Ask<service_status>(get_status{});
  GivenPredictions("{\"long\":\"" + std::string(1'500'000, 'y') + "\"}");
  auto unlogged = Invoke("small");
  GivenPredictions("{}");
  GivenTheTableTakesRowsAgain();
  auto rows = Logged(taken + 1);
  auto again = Invoke(large);

  EXPECT_EQ(taken, 4) << "of 16 MiB";
  EXPECT_THAT(refused, IsProblem(errc::database_unavailable));
  EXPECT_EQ(calls_then, calls);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->components.back().status, "down");
  EXPECT_EQ(status->components.back().detail, "The journal is full.");
  EXPECT_THAT(unlogged, IsProblem(errc::database_unavailable))
      << "a prediction is told only when it is in the log";
  EXPECT_EQ(rows, 5);
  EXPECT_EQ(Sql("SELECT status, error_message, predictions IS NULL FROM "
                "lakegate.inference_logs WHERE inputs->>'text' = 'small'"),
            "ERROR|The predictions could not be logged: the journal is full.|t");
  EXPECT_THAT(again, HasStatus(200));
  EXPECT_EQ(Logged(6), 6);
}

TEST_F(SmallJournal, WithoutItsDirectoryThereIsNoRoomUntilItIsBack) {
  World().Kill(world::service::model_serving);
  World().Start(world::service::model_serving);
  ASSERT_THAT(EventuallyReady(), HasStatus(200));
  fs::remove_all(World().journal());

  auto refused = Invoke("a");
  fs::create_directory(World().journal());
  auto taken = Invoke("b");

  EXPECT_THAT(refused, IsProblem(errc::database_unavailable));
  EXPECT_THAT(taken, HasStatus(200));
  EXPECT_EQ(Logged(1), 1);
}

TEST(StartingWithAJournal, SaysWhyItsDirectoryCannotBeUsed) {
  world first;
  test::temporary_folder folder;
  folder.with("file", "").with("locked/lock/any", "");
  const auto& places = folder.path();
  const std::vector<std::pair<fs::path, std::string>> rows{
      {first.journal(),
       "is in use by another process; set LAKEGATE_JOURNAL_DIR to one of"},
      {places / "file" / "below", "can't be created: Not a directory."},
      {places / "locked", "is not writable: Is a directory."},
  };

  for (const auto& [directory, words] : rows) {
    std::string said;
    try {
      world other{{.settings = {{"LAKEGATE_JOURNAL_DIR", directory.string()}}}};
    } catch (const std::runtime_error& fault) {
      said = fault.what();
    }

    EXPECT_THAT(said, HasSubstr("The journal directory " + directory.string()));
    EXPECT_THAT(said, HasSubstr(words));
  }
}

} // namespace lakegate::integration
