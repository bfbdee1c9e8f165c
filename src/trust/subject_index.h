#pragma once

// From a canonical subject to the positions in a store that have it, in the order of the store.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace medic::trust {

class SubjectIndex {
 public:
  void add(Bytes canonical, std::size_t position) {
    rows_.emplace_back(std::move(canonical), position);
  }
  // Once, after the last add().
  void sort() { std::sort(rows_.begin(), rows_.end()); }

  [[nodiscard]] std::vector<std::size_t> find(const Bytes& canonical) const {
    std::vector<std::size_t> positions;
    auto row = std::lower_bound(rows_.begin(), rows_.end(), Row(canonical, 0));
    for (; row != rows_.end() && row->first == canonical; ++row) {
      positions.push_back(row->second);
    }
    return positions;
  }

 private:
  using Row = std::pair<Bytes, std::size_t>;
  std::vector<Row> rows_;
};

}  // namespace medic::trust
