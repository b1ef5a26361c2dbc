#include <lakegate/testing/deterministic_system.hpp>
#include <lakegate/testing/mock_databricks.hpp>

namespace lakegate::test {

using testing::_;
using testing::Return;

TEST(MockingAWorkspace, AnswersFailsOrKeepsSilentAsTold) {
  testing::StrictMock<mock_identity> mock;
  deterministic_system world;
  auto identity = world.own(spawn_mock(world.system(), mock));
  databricks::workspace_user ann;
  ann.user_name = "ann@example.com";
  databricks::upstream_failure refused;
  refused.kind = databricks::failure_kind::token_invalid;
  EXPECT_CALL(mock, get_current_user(_))
      .WillOnce(Return(ann))
      .WillOnce(Return(fails<databricks::workspace_user>(refused)))
      .WillOnce(Return(std::nullopt));

  auto ask = [&] {
    return world.ask<databricks::workspace_user>(identity,
                                                 databricks::get_current_user{});
  };
  auto first = ask();
  world.settle();
  auto second = ask();
  world.settle();
  auto third = ask();
  world.settle();

  EXPECT_EQ(first->user_name, "ann@example.com");
  EXPECT_TRUE(second.failed());
  EXPECT_FALSE(third.arrived());
}

} // namespace lakegate::test
