#pragma once

#include <lakegate/core/errors.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/serializer_impl.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

/// Messages as bytes: CAF's binary format without type names.
namespace lakegate::runtime {

template <class T>
std::string encode(caf::actor_system& system, const T& x) {
  std::string result;
  caf::serializer_impl<std::string> sink{system, result};
  // CAF's inspectors take mutable references for reading and writing alike.
  if (sink(const_cast<T&>(x)))
    throw std::logic_error{"a message of ours can't be serialized"};
  return result;
}

/// False unless `bytes` are exactly one T.
template <class T>
bool decode(caf::actor_system& system, std::string_view bytes, T& x) {
  try {
    caf::binary_deserializer source{system, bytes.data(), bytes.size()};
    return !source(x) && source.remaining() == 0;
  } catch (const std::exception&) {
    // A container that claims to be larger than memory.
    return false;
  }
}

} // namespace lakegate::runtime
