#pragma once

#include <lakegate/contracts/messages.hpp>

#include <caf/meta/annotation.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// What lets one test speak about every message of every contract.
namespace lakegate::test {

/// The token that `filler` puts wherever a message takes one.
inline const std::string planted_secret = "planted-secret-token";

/// An inspector that gives every field of a message, at any depth, a value of its own.
class filler {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(Ts&&... xs) {
    (visit(xs), ...);
  }

private:
  template <class T>
  void visit(T& x) {
    if constexpr (!caf::meta::is_annotation<T>::value)
      fill(x);
  }

  void fill(std::string& x) { x = "text-" + std::to_string(++count_); }
  void fill(access_token& x) { x = access_token{planted_secret}; }
  void fill(json_text& x) {
    x = json_text::trusted(R"({"n":)" + std::to_string(++count_) + ".10}");
  }
  void fill(caf::timespan& x) { x = caf::timespan{++count_}; }
  void fill(bool& x) { x = !x; }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void fill(T& x) {
    // An enum of ours has more than one value.
    x = static_cast<T>(std::is_enum_v<T> ? 1 : ++count_);
  }
  template <class T>
  void fill(caf::optional<T>& x) {
    x = T{};
    fill(*x);
  }
  template <class T>
  void fill(std::vector<T>& x) {
    x.resize(2);
    for (auto& element : x)
      fill(element);
  }
  template <class T>
  requires std::is_class_v<T>
  void fill(T& x) { inspect(*this, x); }

  int count_ = 0;
};

/// A message whose every field holds something.
template <class T>
T filled() {
  T x;
  filler fill;
  inspect(fill, x);
  return x;
}

/// An inspector that counts the fields that a message shows.
struct field_counter {
  using result_type = std::size_t;

  template <class... Ts>
  std::size_t operator()(const Ts&...) const {
    return (std::size_t{0} + ... + (caf::meta::is_annotation<Ts>::value ? 0u : 1u));
  }
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<caf::optional<T>> = true;

/// Becomes an optional only by the optional's own constructor; two ways would be
/// ambiguous.
struct anything {
  template <class T>
  requires(!is_optional<T>) operator T() const;
};

template <class T, std::size_t... Is>
constexpr bool takes(std::index_sequence<Is...>) {
  return requires {
    T{(static_cast<void>(Is), anything{})...};
  };
}

} // namespace detail

/// How many fields the aggregate `T` has: the most initializers that it takes.
template <class T, std::size_t Guess = 20>
constexpr std::size_t field_count() {
  if constexpr (Guess == 0)
    return 0;
  else if constexpr (detail::takes<T>(std::make_index_sequence<Guess>{}))
    return Guess;
  else
    return field_count<T, Guess - 1>();
}

} // namespace lakegate::test
