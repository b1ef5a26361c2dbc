#include <lakegate/core/json_text.hpp>
#include <lakegate/core/json_view.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace lakegate {

namespace {

constexpr std::array<std::string_view, 6> seeds{
    R"({"a":[1,-2.50e+3,true,false,null],"b":{"c":"x\u00e9\ud83d\ude00\"\\"},"":[]})",
    R"([[[]],{},{"k":{"k":{"k":0}}},"",0,-0,1E-1])",
    "{\"caf\xC3\xA9\" : \"\xF0\x9F\x98\x80\" , \"x\":\t[ 1 ,\n2 ] }",
    R"("\/\b\f\n\r\t\u0041\uFFFF")",
    "-12345678901234567890.0987654321e-10",
    R"({"k1":0,"k2":0,"k3":0,"k4":0,"k5":0,"k6":0,"k7":0,"k8":0,"k9":0})"};

/// Changes, inserts, removes or doubles a byte at one to three places.
std::string mutated(std::string text, std::mt19937& random) {
  constexpr std::string_view alphabet =
      "{}[]\",:\\u0129aefltnrD8d.+-E \n\x01\x80\xC3\xED\xF0\xFF";
  for (auto changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
    auto at = random() % text.size();
    auto letter = alphabet[random() % alphabet.size()];
    switch (random() % 4) {
    case 0:
      text[at] = letter;
      break;
    case 1:
      text.insert(at, 1, letter);
      break;
    case 2:
      text.erase(at, 1);
      break;
    default:
      text.insert(at, 1, text[at]);
    }
  }
  return text;
}

/// Whether we refuse what the RFC allows, knowingly.
bool is_stricter_rule(const std::string& reason) {
  return reason.find("comes twice") != std::string::npos
         || reason == "\\u0000 is not allowed"
         || reason == "the text begins with a byte order mark";
}

/// Nothing where the other parser stops at a number that no double can hold.
std::optional<bool> another_parser_accepts(const std::string& text) {
  try {
    return !nlohmann::json::parse(text).is_discarded();
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::parse_error&) {
    return false;
  }
}

/// Reads every value in every way; returns their number.
std::size_t visit(json_view view) {
  std::size_t count = 1;
  view.string();
  view.number();
  view.integer();
  view.each_member([&](const std::string& key, json_view member) {
    EXPECT_EQ(view[key].raw(), member.raw());
    count += visit(member);
    return true;
  });
  view.each_element([&](json_view element) {
    count += visit(element);
    return true;
  });
  return count;
}

std::size_t count_values(const nlohmann::json& x) {
  std::size_t count = 1;
  if (x.is_structured())
    for (const auto& child : x)
      count += count_values(child);
  return count;
}

} // namespace

TEST(ValidatingMutatedText, AgreesWithAnotherParser) {
  std::mt19937 random{20261122};
  std::size_t accepted = 0;

  for (int i = 0; i < 60'000; ++i) {
    auto text = mutated(std::string{seeds[random() % seeds.size()]}, random);
    auto reason = find_json_fault(text).reason;

    auto verdict = another_parser_accepts(text);
    if (!verdict || is_stricter_rule(reason))
      continue;

    ASSERT_EQ(reason.empty(), *verdict) << reason << ": " << text;
    accepted += *verdict;
  }

  EXPECT_GT(accepted, 1000u);
}

TEST(ViewingMutatedText, SeesTheValuesThatAnotherParserSees) {
  std::mt19937 random{42};

  for (int i = 0; i < 20'000; ++i) {
    auto text = mutated(std::string{seeds[random() % seeds.size()]}, random);
    if (!find_json_fault(text).reason.empty())
      continue;
    // The other parser refuses numbers that no double can hold.
    auto other = nlohmann::json::parse(text, nullptr, false);
    if (other.is_discarded())
      continue;

    ASSERT_EQ(visit(json_view::of_validated(text)), count_values(other)) << text;
  }
}

} // namespace lakegate
