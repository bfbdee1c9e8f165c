#include "explain/fold.h"

#include <utility>

#include "explain/explain.h"

namespace medic::explain {
namespace {

bool same(const Failure& a, const Failure& b) {
  return a.symptom == b.symptom && (a.host == b.host || a.host.empty() || b.host.empty());
}

}  // namespace

const Failure* fold(Explanation& explanation, Failure failure) {
  for (Failure& known : explanation.failures) {
    if (!same(known, failure)) {
      continue;
    }
    known.count += failure.count;
    if (known.host.empty() && !failure.host.empty()) {
      // The later text says more: which host, and with it what is likely.
      known.host = std::move(failure.host);
      known.port = std::move(failure.port);
      known.causes = std::move(failure.causes);
      known.next = std::move(failure.next);
    }
    return nullptr;
  }
  if (explanation.failures.size() >= kMostFailures) {
    ++explanation.more;
    return nullptr;
  }
  explanation.failures.push_back(std::move(failure));
  return &explanation.failures.back();
}

}  // namespace medic::explain
