#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <memory>

namespace lakegate::preferences {

/// What this service counts beside the statements, which shared/postgres measures.
class metrics {
public:
  explicit metrics(std::shared_ptr<prometheus::Registry> registry);

  void row_skipped() { skipped_.Increment(); }
  void preference_created() { created_.Increment(); }
  void preference_replaced() { replaced_.Increment(); }
  void preference_deleted() { deleted_.Increment(); }
  void save_refused() { refused_.Increment(); }

private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Counter& skipped_;
  prometheus::Counter& created_;
  prometheus::Counter& replaced_;
  prometheus::Counter& deleted_;
  prometheus::Counter& refused_;
};

} // namespace lakegate::preferences
