#include "services/sandbox/src/ticket_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace lakegate::sandbox {

namespace {

struct labelled_ticket {
  std::string_view label;
  std::string_view text;
};

constexpr std::array<labelled_ticket, 32> tickets{{
    {"billing", "I was charged twice on my credit card this month"},
    {"billing", "Please send me an invoice for the last payment"},
    {"billing", "My refund has not arrived yet"},
    {"billing", "The price on the bill is wrong"},
    {"billing", "How do I change the payment method of my subscription"},
    {"billing", "The discount code was not applied to my invoice"},
    {"billing", "Cancel my subscription and refund the charge"},
    {"billing", "Why is there a tax on my receipt"},
    {"technical", "The app crashes when I open the settings page"},
    {"technical", "I get an error 500 when saving a report"},
    {"technical", "The page is very slow and does not load"},
    {"technical", "Export to CSV fails with an error message"},
    {"technical", "The API returns a timeout for large requests"},
    {"technical", "After the update the screen stays blank"},
    {"technical", "There is a bug in the search, results are missing"},
    {"technical", "The connection to the server drops all the time"},
    {"account", "I forgot my password and can not log in"},
    {"account", "Please reset my password"},
    {"account", "How can I change my email address"},
    {"account", "Delete my account and all of my data"},
    {"account", "My login is locked after too many attempts"},
    {"account", "I want to add a user to our team account"},
    {"account", "The two factor code is not accepted at login"},
    {"account", "Change the name on my profile"},
    {"shipping", "My package has not been delivered"},
    {"shipping", "Where is my order, the tracking number does not work"},
    {"shipping", "The parcel arrived damaged"},
    {"shipping", "Please change the delivery address of my order"},
    {"shipping", "The courier left the package with a neighbour"},
    {"shipping", "Delivery is late, when will my order ship"},
    {"shipping", "I received the wrong item in my package"},
    {"shipping", "How long does shipping to Norway take"},
}};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> result;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto c = i < text.size() ? text[i] : ' ';
    const auto lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool letter = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')
                        || static_cast<unsigned char>(lower) >= 0x80;
    if (letter)
      word += lower;
    else if (!word.empty())
      result.push_back(std::exchange(word, {}));
  }
  return result;
}

} // namespace

ticket_model::ticket_model() {
  std::set<std::string> vocabulary;
  for (const auto& ticket : tickets) {
    auto& topic = topics_[std::string{ticket.label}];
    topic.tickets += 1;
    tickets_ += 1;
    for (const auto& word : words_of(ticket.text)) {
      topic.words[word] += 1;
      topic.word_count += 1;
      vocabulary.insert(word);
    }
  }
  vocabulary_ = vocabulary.size();
}

ticket_model::verdict ticket_model::classify(std::string_view ticket) const {
  std::vector<std::pair<std::string, double>> logs;
  for (const auto& [label, topic] : topics_) {
    auto log = std::log(topic.tickets / tickets_);
    for (const auto& word : words_of(ticket)) {
      const auto found = topic.words.find(word);
      const auto count = found == topic.words.end() ? 0.0 : found->second;
      log +=
          std::log((count + 1) / (topic.word_count + static_cast<double>(vocabulary_)));
    }
    logs.emplace_back(label, log);
  }
  const auto best =
      std::max_element(logs.begin(), logs.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  double total = 0;
  for (const auto& [label, log] : logs)
    total += std::exp(log - best->second);
  return {best->first, 1 / total};
}

} // namespace lakegate::sandbox
