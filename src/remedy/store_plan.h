#pragma once

// Plans that put roots into stores or take them out: the system's, a keystore, an NSS database, a
// bundle. `Case::roots` are what goes in or out.

#include <string>

#include "remedy/remedy.h"

namespace medic::remedy {

enum class StoreChange { Add, Remove };

struct StoreCase {
  Case base;
  StoreChange change = StoreChange::Add;
  std::optional<std::string> password{};  // of a keystore
};

// An empty plan: it is so already. An Error of kind Usage says what stands against it: a root of
// the system's package, a layout that this program does not know.
Result<Plan> system_store_plan(const StoreCase& one);
// One file: PEM, JKS or PKCS#12; where links lead, since what is read there is what counts.
Result<Plan> store_file_plan(const StoreCase& one, const std::string& path);
// The directory of a cert9.db, by NSS's own certutil over a copy; the copy then takes its place.
Result<Plan> nss_plan(const StoreCase& one, const std::string& directory);

}  // namespace medic::remedy
