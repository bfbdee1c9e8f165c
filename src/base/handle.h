#pragma once

// Owners of what C libraries allocate: freed by the function that the library names for it.

#include <memory>

namespace medic {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, FreedBy<Free>>;

}  // namespace medic
