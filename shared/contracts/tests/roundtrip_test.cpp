#include <lakegate/contracts/messages.hpp>

#include "shared/contracts/tests/message_inspectors.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace lakegate {

namespace {

using testing::HasSubstr;
using testing::Not;

template <class Block, std::size_t... Is>
auto types_of(std::index_sequence<Is...>)
    -> testing::Types<typename caf::type_by_id<Block::begin + Is>::type...>;

/// Every type of a block, found by its id, so that a new message is tested at once.
template <class Block>
using all_of =
    decltype(types_of<Block>(std::make_index_sequence<Block::end - Block::begin>{}));

template <class T>
std::vector<char> serialized(T x) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  EXPECT_FALSE(sink(x));
  return bytes;
}

template <class T>
T deserialized(const std::vector<char>& bytes) {
  T x;
  caf::binary_deserializer source{nullptr, bytes};
  EXPECT_FALSE(source(x));
  EXPECT_EQ(source.remaining(), 0u);
  return x;
}

} // namespace

template <class T>
class SendingAMessage : public testing::Test {};

TYPED_TEST_SUITE_P(SendingAMessage);

TYPED_TEST_P(SendingAMessage, BringsEveryFieldAcross) {
  auto sent = test::filled<TypeParam>();

  auto received = deserialized<TypeParam>(serialized(sent));

  EXPECT_EQ(caf::deep_to_string(received), caf::deep_to_string(sent));
  EXPECT_EQ(serialized(received), serialized(sent));
}

TYPED_TEST_P(SendingAMessage, InspectsEveryField) {
  TypeParam message;
  test::field_counter count;

  EXPECT_EQ(inspect(count, message), test::field_count<TypeParam>());
}

TYPED_TEST_P(SendingAMessage, NeverPrintsAToken) {
  auto message = test::filled<TypeParam>();

  EXPECT_THAT(caf::deep_to_string(message), Not(HasSubstr(test::planted_secret)));
}

REGISTER_TYPED_TEST_SUITE_P(SendingAMessage, BringsEveryFieldAcross, InspectsEveryField,
                            NeverPrintsAToken);

INSTANTIATE_TYPED_TEST_SUITE_P(OfCore, SendingAMessage,
                               all_of<caf::id_block::lakegate_core>);
INSTANTIATE_TYPED_TEST_SUITE_P(OfAll, SendingAMessage,
                               all_of<caf::id_block::lakegate_common>);
INSTANTIATE_TYPED_TEST_SUITE_P(OfPreferences, SendingAMessage,
                               all_of<caf::id_block::lakegate_preferences>);
INSTANTIATE_TYPED_TEST_SUITE_P(OfCatalog, SendingAMessage,
                               all_of<caf::id_block::lakegate_catalog>);
INSTANTIATE_TYPED_TEST_SUITE_P(OfModelServing, SendingAMessage,
                               all_of<caf::id_block::lakegate_model_serving>);
INSTANTIATE_TYPED_TEST_SUITE_P(OfDatabricks, SendingAMessage,
                               all_of<caf::id_block::lakegate_databricks>);

TEST(SendingACommand, CarriesTheToken) {
  auto sent = test::filled<catalog::query_table>();

  auto received = deserialized<catalog::query_table>(serialized(sent));

  EXPECT_EQ(received.who.token.reveal(), test::planted_secret);
  EXPECT_EQ(received.who.time_left, sent.who.time_left);
  EXPECT_THAT(caf::deep_to_string(received), HasSubstr("<redacted>"));
}

TEST(SendingACommand, KeepsWhatIsAbsentAbsent) {
  auto received = deserialized<catalog::query_table>(serialized(catalog::query_table{}));

  EXPECT_FALSE(received.limit);
  EXPECT_FALSE(received.columns);
  EXPECT_TRUE(received.include_total);
}

TEST(SendingAnError, BringsTheFailureAcrossProcesses) {
  caf::actor_system_config config;
  add_message_types(config);
  caf::actor_system system{config};
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  auto sent = make_error(failure{errc::query_timeout, "Too slow.", R"({"a":1})", 9});

  ASSERT_FALSE(sink(sent));
  caf::error received;
  caf::binary_deserializer source{system, bytes};
  ASSERT_FALSE(source(received));

  auto back = failure_of(received);
  EXPECT_EQ(back.code, errc::query_timeout);
  EXPECT_EQ(back.message, "Too slow.");
  EXPECT_EQ(back.details, R"({"a":1})");
  EXPECT_EQ(back.retry_after, 9);
}

TEST(ReadingAnUpstreamFailure, TranslatesErrorsOfCaf) {
  using databricks::failure_in;
  using databricks::failure_kind;

  EXPECT_EQ(failure_in(caf::sec::request_timeout).kind, failure_kind::timeout);
  EXPECT_EQ(failure_in(caf::sec::request_receiver_down).kind, failure_kind::unavailable);
  EXPECT_EQ(failure_in(caf::error{}).kind, failure_kind::unavailable);
}

TEST(ReadingAnUpstreamFailure, GivesItBackWhole) {
  auto sent = test::filled<databricks::upstream_failure>();

  auto back = databricks::failure_in(databricks::make_error(sent));

  EXPECT_EQ(caf::deep_to_string(back), caf::deep_to_string(sent));
}

} // namespace lakegate
