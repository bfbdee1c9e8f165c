#include "explain/data.h"

#include <gtest/gtest.h>

#include "explain/check.h"

namespace medic::explain {
namespace {

// Every signature's [[match]] and [[no_match]] lines, every id that is named.
TEST(ExplainData, IsSoundAndEverySignatureKnowsItsOwnLines) {
  for (const std::string& problem : data_problems(data_files())) {
    ADD_FAILURE() << problem;
  }
}

}  // namespace
}  // namespace medic::explain
