#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/token_key.hpp"

#include <caf/error.hpp>

#include <chrono>
#include <list>
#include <unordered_map>

namespace lakegate::gateway {

/// What the workspace said about a token, for a short time. Bounded: beyond its size the
/// entry that was used longest ago goes. One event loop.
class identity_cache {
public:
  using clock = std::chrono::steady_clock;

  struct entry {
    user_ptr who; ///< Null: `why` says why not.
    caf::error why;
  };

  explicit identity_cache(std::size_t capacity) : capacity_{capacity} {}

  struct finding {
    const entry* what = nullptr; ///< Valid until the next call; null unless a hit.
    cache_verdict verdict = cache_verdict::miss;
  };
  finding find(const token_key& key, clock::time_point now);
  void remember(const token_key& key, entry what, clock::time_point until);
  void forget(const token_key& key);
  std::size_t size() const noexcept { return index_.size(); }

private:
  struct node {
    token_key key;
    entry what;
    clock::time_point until;
  };
  using order = std::list<node>; ///< The most recently used one first.

  std::size_t capacity_;
  order entries_;
  std::unordered_map<token_key, order::iterator, token_key_hash> index_;
};

} // namespace lakegate::gateway
