#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "cli/cure.h"

namespace medic::cli {
namespace {

using clients::Inventory;
using clients::PartKind;
using clients::StoreRecord;
using remedy::StoreChange;

std::string real_path(const Patient& patient, const std::string& path) {
  return patient.machine.resolve(path).value_or(path);
}

bool holds_all(const trust::AnchorSetPtr& anchors, const std::vector<x509::CertificatePtr>& roots) {
  return anchors != nullptr && std::ranges::all_of(roots, [&](const x509::CertificatePtr& root) {
           return anchors->contains(root->fingerprint);
         });
}

bool holds_any(const trust::AnchorSetPtr& anchors, const std::vector<x509::CertificatePtr>& roots) {
  return anchors != nullptr && std::ranges::any_of(roots, [&](const x509::CertificatePtr& root) {
           return anchors->contains(root->fingerprint);
         });
}

// Whether there is something to do.
bool concerned(const trust::AnchorSetPtr& anchors, const Wish& wish) {
  return wish.change == StoreChange::Add ? !holds_all(anchors, wish.roots)
                                         : holds_any(anchors, wish.roots);
}

trust::AnchorSetPtr system_anchors(const Patient& patient) {
  auto anchors = trust::system_anchors(patient.machine.root());
  return anchors ? *anchors : nullptr;
}

// Which of --to it is; empty: none of them.
std::string_view store_kind(const StoreRecord& record) {
  if (record.part.path.empty() || !record.part.text.empty()) {
    return {};
  }
  switch (record.part.kind) {
    case PartKind::JavaKeystore:
      return "java";
    case PartKind::NssDatabase:
      return "nss";
    case PartKind::Bundle:
      return record.id == "system" ? "" : "bundle";
    case PartKind::HashedDirectory:
    case PartKind::PlainDirectory:
    case PartKind::Mozilla:
    case PartKind::WindowsStore:
    case PartKind::MacKeychain:
      break;
  }
  return {};
}

std::string sentence(const std::string& store, const Wish& wish, const Io& io) {
  return io.message(
      wish.change == StoreChange::Add ? "trust.lacks" : "trust.holds",
      {{"store", store == "system" ? io.message("trust.store_system") : escaped(store)},
       {"root", escaped(wish.roots.front()->subject.display(), 64)}});
}

Prepared prepared_from(Result<remedy::Plan> plan, const std::string& store, const Wish& wish,
                       const Io& io) {
  Prepared one{.plan = {},
               .key = "store|" + store,
               .sentence = sentence(store, wish, io),
               .client = {},
               .variable = {},
               .refused = {},
               .roots = wish.roots,
               .store = store};
  if (plan) {
    one.plan = *std::move(plan);
  } else {
    one.refused = std::move(plan).error();
  }
  return one;
}

bool wanted(const Wish& wish, std::string_view kind) {
  return std::ranges::find(wish.stores, kind) != wish.stores.end();
}

}  // namespace

std::vector<Prepared> prepared_stores(const Patient& patient, const Inventory& inventory,
                                      const Wish& wish, const Io& io) {
  std::vector<Prepared> all;
  remedy::StoreCase one{
      .base = case_of(patient, inventory, io), .change = wish.change, .password = wish.password};
  one.base.roots = wish.roots;
  // A file that the plan of the system changes is not changed by another one.
  std::set<std::string> planned;
  if (wanted(wish, "system")) {
    auto plan = remedy::system_store_plan(one);
    if (!plan || !plan->steps.empty()) {
      const bool holds = holds_any(system_anchors(patient), wish.roots);
      if (plan || wish.change == StoreChange::Add || holds) {
        all.push_back(prepared_from(std::move(plan), "system", wish, io));
      }
    }
    for (const Prepared& prepared : all) {
      for (const remedy::Step& step : prepared.plan.steps) {
        planned.insert(step.path);
      }
    }
  }
  for (const StoreRecord& record : inventory.stores) {
    const std::string_view kind = store_kind(record);
    if (kind.empty() || !wanted(wish, kind) || record.anchors == nullptr ||
        !concerned(record.anchors, wish) ||
        !planned.insert(real_path(patient, record.part.path)).second) {
      continue;
    }
    all.push_back(prepared_from(kind == "nss" ? remedy::nss_plan(one, record.part.path)
                                              : remedy::store_file_plan(one, record.part.path),
                                real_path(patient, record.part.path), wish, io));
  }
  return all;
}

Result<void> store_changed(const Patient& patient, const Inventory& after, const Prepared& prepared,
                           StoreChange change) {
  trust::AnchorSetPtr anchors;
  if (prepared.store == "system") {
    anchors = system_anchors(patient);
  }
  for (const StoreRecord& record : after.stores) {
    if (!record.part.path.empty() && real_path(patient, record.part.path) == prepared.store) {
      anchors = record.anchors;
    }
  }
  const bool good = change == StoreChange::Add ? holds_all(anchors, prepared.roots)
                                               : !holds_any(anchors, prepared.roots);
  return good ? Result<void>()
              : fail(ErrorKind::Data, fmt::format("what '{}' trusts is not what was planned",
                                                  escaped(prepared.store)));
}

}  // namespace medic::cli
