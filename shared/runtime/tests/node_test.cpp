#include "shared/runtime/tests/certificates.hpp"
#include "shared/runtime/tests/link_world.hpp"

#include <caf/event_based_actor.hpp>

#include <asio/ip/tcp.hpp>
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <optional>

namespace lakegate::runtime::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConfiguringANode, TakesLoopbackWithoutTls) {
  for (auto host : {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
    EXPECT_THAT(fault_of({.name = "x", .listen_host = host}), IsEmpty());
}

TEST(ConfiguringANode, RefusesAnythingElseWithoutTls) {
  for (auto host : {"0.0.0.0", "10.0.0.1", "::", "catalog", ""})
    EXPECT_THAT(fault_of({.name = "x", .listen_host = host}),
                HasSubstr("which is not loopback: set node.tls-certificate"));
  EXPECT_THROW(node({.name = "x", .listen_host = "0.0.0.0"}), std::runtime_error);
}

TEST(ConfiguringANode, TakesItWhenToldThatTheNetworkIsPrivate) {
  node_config config{.name = "x", .listen_host = "0.0.0.0"};
  config.insecure_private_network = true;

  EXPECT_THAT(fault_of(config), IsEmpty());
}

TEST(ConfiguringANode, WantsAllOfTlsOrNothing) {
  node_config config{.name = "x", .tls_key = "key.pem"};

  EXPECT_THAT(fault_of(config), HasSubstr("needs all of node.tls-certificate"));
}

TEST(ConfiguringANode, NamesTheFileThatIsNoCertificate) {
  Certificates ours;
  auto without_certificate = ours.Config();
  without_certificate.tls_certificate = "/nowhere.pem";
  auto with_another_key = ours.Config();
  with_another_key.tls_key = ours.Path("ca.key");
  auto without_ca = ours.Config();
  without_ca.tls_ca = ours.Path("node.key");

  EXPECT_THAT(fault_of(ours.Config()), IsEmpty());
  EXPECT_THAT(fault_of(without_certificate), HasSubstr("node.tls-certificate: /nowhere"));
  EXPECT_THAT(fault_of(with_another_key), HasSubstr("node.tls-key: "));
  EXPECT_THAT(fault_of(without_ca), HasSubstr("node.tls-ca: "));
}

TEST(ConfiguringANode, ReadsItsSettings) {
  auto table = node_settings("4242");
  std::vector<std::string> arguments{"--node.scheduler-threads=3"};
  auto values = settings::resolve(
      table, arguments,
      {{"LAKEGATE_NODE_HOST", "0.0.0.0"}, {"LAKEGATE_INSECURE_PRIVATE_NETWORK", "1"}});
  ASSERT_TRUE(values);

  auto config = read_node_config("catalog", *values);

  ASSERT_TRUE(config);
  EXPECT_EQ(config->name, "catalog");
  EXPECT_EQ(config->listen_host, "0.0.0.0");
  EXPECT_EQ(config->listen_port, 4242);
  EXPECT_EQ(config->scheduler_threads, 3u);
  EXPECT_TRUE(config->insecure_private_network);
}

TEST(ConfiguringANode, SaysWhyItsSettingsAreRefused) {
  auto table = node_settings("0");
  auto values = settings::resolve(table, {}, {{"LAKEGATE_NODE_HOST", "0.0.0.0"}});
  ASSERT_TRUE(values);

  auto config = read_node_config("catalog", *values);

  ASSERT_FALSE(config);
  EXPECT_THAT(failure_of(config.error()).message, HasSubstr("0.0.0.0"));
}

TEST(NamingANode, IsRandomSoThatContainersOfOneAddressDiffer) {
  node first{{.name = "first"}};
  node second{{.name = "second"}};
  constexpr std::size_t digits = 38; // CAF's own ids differ in the last byte.

  EXPECT_NE(to_string(first.system().node()).substr(0, digits),
            to_string(second.system().node()).substr(0, digits));
}

TEST(PublishingAnActor, SaysThatThePortIsTaken) {
  ServiceNode first;
  node second{{.name = "second", .listen_port = first.Port()}};
  auto actor = second.system().spawn(
      [](caf::event_based_actor*) -> caf::behavior { return {[](caf::unit_t) {}}; });
  auto handle = caf::actor_cast<caf::strong_actor_ptr>(actor);
  second.end_with_me(handle);

  auto port = second.publish(handle);

  ASSERT_FALSE(port);
  EXPECT_THAT(failure_of(port.error()).message, HasSubstr("the port is taken"));
}

TEST(EndingANode, DoesNotWaitForeverForAnActorThatStays) {
  auto begin = std::chrono::steady_clock::now();
  {
    node home{{.name = "home"}};
    home.system().spawn([](caf::event_based_actor* self) -> caf::behavior {
      self->set_exit_handler([](caf::exit_msg&) {});
      self->delayed_send(self, 1h, caf::unit);
      return {[](caf::unit_t) {}};
    });
  }

  auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, 4s);
  EXPECT_LT(took, 10s);
}

TEST(EndingANode, WaitsForAConnectionThatIsOnItsWay) {
  // Given a peer that accepts a connection, after the probe, and says nothing
  asio::io_context io;
  asio::ip::tcp::acceptor peer{io, {asio::ip::address_v4::loopback(), 0}};
  std::promise<void> is_dialing;
  auto end = std::async(std::launch::async, [&, port = peer.local_endpoint().port()] {
    Gateway gateway{{port}};
    is_dialing.get_future().wait_for(patience);
  });
  peer.accept();
  std::optional silent{peer.accept()};

  // When the gateway ends
  is_dialing.set_value();

  // Then it does when the connection has failed, and not before
  EXPECT_EQ(end.wait_for(300ms), std::future_status::timeout);
  silent.reset();
  EXPECT_EQ(end.wait_for(patience), std::future_status::ready);
}

TEST(JoiningNodesByTls, Works) {
  Certificates ours;
  ServiceNode service{0, {.service = "catalog"}, ours.Config()};
  Gateway gateway{{service.Port()}, {}, ours.Config()};

  ASSERT_TRUE(gateway.BecomesUp());
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  auto large = Await(gateway.Ask(RowsOf(8 * 1024 * 1024)));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->rows.size(), 8u * 1024 * 1024);
}

TEST(JoiningNodesByTls, RefusesAPlainPeer) {
  Certificates ours;
  ServiceNode service{0, {.service = "catalog"}, ours.Config()};
  Gateway plain{{service.Port()}};
  Gateway gateway{{service.Port()}, {}, ours.Config()};

  EXPECT_TRUE(gateway.BecomesUp());
  EXPECT_FALSE(plain.BecomesUp(500ms));
  EXPECT_EQ(MetricOf(service.Registry(), "lakegate_unbatcher_links"), 1);
}

TEST(JoiningNodesByTls, RefusesAPeerOfAnotherCa) {
  Certificates ours;
  Certificates theirs;
  ServiceNode service{0, {.service = "catalog"}, ours.Config()};
  Gateway foreign{{service.Port()}, {}, theirs.Config()};
  Gateway gateway{{service.Port()}, {}, ours.Config()};

  EXPECT_TRUE(gateway.BecomesUp());
  EXPECT_FALSE(foreign.BecomesUp(500ms));
  EXPECT_EQ(MetricOf(service.Registry(), "lakegate_unbatcher_links"), 1);
}

TEST(JoiningNodesByTls, RefusesAPlainService) {
  Certificates ours;
  ServiceNode service;
  Gateway gateway{{service.Port()}, {}, ours.Config()};

  EXPECT_FALSE(gateway.BecomesUp(500ms));
}

TEST(JoiningNodesByTls, ConnectsAgain) {
  Certificates ours;
  auto service = std::make_unique<ServiceNode>(0, unbatcher_config{.service = "catalog"},
                                               ours.Config());
  auto port = service->Port();
  Gateway gateway{{port}, {}, ours.Config()};
  ASSERT_TRUE(gateway.BecomesUp());

  service.reset();
  ASSERT_TRUE(Eventually([&] { return !gateway.IsUp(); }));
  service = std::make_unique<ServiceNode>(port, unbatcher_config{.service = "catalog"},
                                          ours.Config());

  EXPECT_TRUE(gateway.BecomesUp(2s));
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
}

TEST(JoiningNodesByTls, KeepsTheOthersWhenOnePeerIsLost) {
  Certificates ours;
  const unbatcher_config named{.service = "catalog"};
  std::optional<ServiceNode> first{std::in_place, 0, named, ours.Config()};
  ServiceNode second{0, named, ours.Config()};
  Gateway gateway{{first->Port(), second.Port()}, {}, ours.Config()};
  ASSERT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 2; }));
  std::atomic<int> lost = 0;
  gateway.OnLoop([&](Gateway::link& link) {
    for (int i = 0; i < 20; ++i)
      link.submit(catalog::list_table_names{}, 60s, [&](auto) { ++lost; });
  });
  ASSERT_TRUE(Eventually(
      [&] { return first->Memory().waiting == 10 && second.Memory().waiting == 10; }));

  first.reset();

  EXPECT_TRUE(Eventually([&] { return lost == 10; }));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  EXPECT_EQ(lost, 10);
}

} // namespace
} // namespace lakegate::runtime::test
