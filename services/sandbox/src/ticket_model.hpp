#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::sandbox {

/// Which team a support ticket is for: multinomial naive Bayes with add-one smoothing
/// over lower-case words, trained at construction on the tickets in its source.
class ticket_model {
public:
  ticket_model();

  struct verdict {
    std::string label; ///< account, billing, shipping or technical.
    double score = 0;  ///< Its probability.
  };
  verdict classify(std::string_view ticket) const;

private:
  struct topic_words {
    std::map<std::string, double, std::less<>> words;
    double word_count = 0;
    double tickets = 0;
  };
  std::map<std::string, topic_words, std::less<>> topics_;
  double tickets_ = 0;
  std::size_t vocabulary_ = 0;
};

} // namespace lakegate::sandbox
