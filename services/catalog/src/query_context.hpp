#pragma once

#include "services/catalog/src/table_query.hpp"
#include "services/catalog/src/upstream_calls.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <type_traits>
#include <vector>

namespace lakegate::catalog {

/// The TABLE QUERY actor as it is inside: with its timers.
using table_query_implementation =
    table_query_actor::extend<caf::reacts_to<caf::tick_atom, std::uint64_t>>;
using table_query_self = table_query_implementation::pointer;
using table_query_calls = upstream_calls<std::remove_pointer_t<table_query_self>>;

class query_run;

/// What all queries of one actor share; outlives them.
struct query_context {
  query_context(table_query_self selfptr, table_query_dependencies with)
      : self{selfptr}, parts{std::move(with)}, calls{selfptr, parts.bounds,
                                                     parts.counters, parts.known} {}

  table_query_self self;
  table_query_dependencies parts;
  table_query_calls calls;
  std::vector<std::shared_ptr<query_run>> runs;
};

} // namespace lakegate::catalog
