#pragma once

#include <lakegate/contracts/caller.hpp>

#include <caf/detail/type_list.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>

#include <string>
#include <type_traits>
#include <vector>

/// Reads the interface of a service, `caf::typed_actor<…>`, at compile time.
namespace lakegate::runtime {

namespace detail {

template <class... Signatures>
struct signature_set : std::type_identity<Signatures>... {};

template <class List>
struct signature_set_of;
template <class... Signatures>
struct signature_set_of<caf::detail::type_list<Signatures...>> {
  using type = signature_set<Signatures...>;
};

template <class Command, class Result>
std::type_identity<Result>
find_result(const std::type_identity<
            caf::typed_mpi<caf::detail::type_list<Command>, caf::output_tuple<Result>>>&);

template <class Signature>
struct signature_parts;
template <class Command, class Result>
struct signature_parts<
    caf::typed_mpi<caf::detail::type_list<Command>, caf::output_tuple<Result>>> {
  using command = Command;
  using result = Result; ///< void: reacts_to.
};

} // namespace detail

/// The contract takes this command.
template <class Contract, class Command>
concept takes = requires(
    const typename detail::signature_set_of<typename Contract::signatures>::type& all) {
  detail::find_result<Command>(all);
};

/// What the contract answers to a command; void for `reacts_to`.
template <class Contract, class Command>
using result_of = typename decltype(detail::find_result<Command>(
    std::declval<const typename detail::signature_set_of<
        typename Contract::signatures>::type&>()))::type;

/// Calls `f.template operator()<Command, Result>()` for each signature, in order.
template <class Contract, class F>
void for_each_signature(F f) {
  [&]<class... Signatures>(caf::detail::type_list<Signatures...>) {
    (f.template operator()<typename detail::signature_parts<Signatures>::command,
                           typename detail::signature_parts<Signatures>::result>(),
     ...);
  }(typename Contract::signatures{});
}

/// Commands that carry a `caller who`.
template <class Command>
concept on_behalf = requires(Command& x) {
  { x.who } -> std::same_as<caller&>;
};

template <class Command>
std::uint64_t call_id_of(const Command& x) {
  if constexpr (on_behalf<Command>)
    return x.who.call_id;
  else
    return 0;
}

/// What the command's time is measured with; null: nothing.
template <class Command>
meter_ptr meter_of(const Command& x) {
  if constexpr (on_behalf<Command>)
    return x.who.meter;
  else
    return nullptr;
}

/// The names of all commands of the contract.
template <class Contract>
std::vector<std::string> command_names() {
  std::vector<std::string> result;
  for_each_signature<Contract>([&]<class Command, class Result>() {
    result.emplace_back(caf::type_name<Command>::value);
  });
  return result;
}

} // namespace lakegate::runtime
