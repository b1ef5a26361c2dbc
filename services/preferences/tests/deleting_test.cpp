#include "services/preferences/tests/world.hpp"

namespace lakegate::preferences {

namespace {

class DeletingAPreference : public ::testing::Test {
protected:
  world app{test::postgres_cluster::shared()};
};

} // namespace

TEST_F(DeletingAPreference, RemovesIt) {
  app.save("ada", "theme", "{}");

  EXPECT_TRUE(app.remove("ada", "theme").value);

  EXPECT_EQ(app.get("ada", "theme").code(), errc::preference_not_found);
  EXPECT_EQ(app.list("ada")->total, 0);
}

TEST_F(DeletingAPreference, TellsThatThereIsNone) {
  EXPECT_EQ(app.remove("ada", "theme").code(), errc::preference_not_found);
}

TEST_F(DeletingAPreference, WithIfMatchNeedsTheTagOfNow) {
  auto old = app.save("ada", "theme", "{}")->item.etag;
  auto now = app.save("ada", "theme", "{}")->item.etag;

  EXPECT_EQ(app.remove("ada", "theme", {{old}, false}).code(), errc::precondition_failed);
  EXPECT_TRUE(app.remove("ada", "theme", {{old, now}, false}).value);
  EXPECT_EQ(app.remove("ada", "theme", {{"*"}, false}).code(), errc::precondition_failed);
}

TEST_F(DeletingAPreference, GivesTheKeyAFreshStart) {
  auto first = app.save("ada", "theme", "{}")->item;
  app.remove("ada", "theme");

  auto second = app.save("ada", "theme", "{}");

  EXPECT_TRUE(second->created);
  EXPECT_NE(second->item.id, first.id);
  EXPECT_GE(second->item.created_at, first.created_at);
}

} // namespace lakegate::preferences
