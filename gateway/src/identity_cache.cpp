#include "gateway/src/identity_cache.hpp"

#include <utility>

namespace lakegate::gateway {

identity_cache::finding identity_cache::find(const token_key& key,
                                             clock::time_point now) {
  auto i = index_.find(key);
  if (i == index_.end())
    return {};
  if (i->second->until <= now) {
    entries_.erase(i->second);
    index_.erase(i);
    return {nullptr, cache_verdict::stale};
  }
  entries_.splice(entries_.begin(), entries_, i->second);
  return {&entries_.front().what, cache_verdict::hit};
}

void identity_cache::remember(const token_key& key, entry what, clock::time_point until) {
  forget(key);
  if (capacity_ == 0)
    return;
  if (entries_.size() == capacity_) {
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, std::move(what), until});
  index_.emplace(key, entries_.begin());
}

void identity_cache::forget(const token_key& key) {
  auto i = index_.find(key);
  if (i == index_.end())
    return;
  entries_.erase(i->second);
  index_.erase(i);
}

} // namespace lakegate::gateway
