#include "clients/store_problems.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace medic::clients {
namespace {

// A bundle of thousands of bad blocks is told by its first ones.
constexpr std::size_t kMaxProblems = 12;
constexpr std::size_t kMaxNames = 6;

// One young root of a small CA is missing from every stable distribution; a report that cries then
// is not read when it matters.
constexpr std::size_t kManyRoots = 3;

std::string names_of(const std::vector<trust::PublicRoot>& roots) {
  std::string names;
  for (std::size_t i = 0; i < std::min(roots.size(), kMaxNames); ++i) {
    names += (i == 0 ? "" : ", ") + roots[i].name;
  }
  return roots.size() > kMaxNames ? fmt::format("{}, … ({})", names, roots.size()) : names;
}

bool matters(const std::vector<trust::PublicRoot>& lacks) {
  return lacks.size() >= kManyRoots ||
         std::ranges::any_of(lacks, [](const trust::PublicRoot& root) {
           return root.operated_by == "Let's Encrypt" || root.operated_by == "Amazon" ||
                  root.operated_by == "Google";
         });
}

void add(StoreRecord& record, std::string cause, std::string id, text::Facts facts) {
  record.problems.push_back({.cause = std::move(cause),
                             .id = "store-" + std::move(id),
                             .subject = record.part.path,
                             .origin = {.file = record.part.path},
                             .facts = std::move(facts)});
}

void add_local_problems(const trust::Store& store, const std::vector<std::size_t>& places, Time at,
                        StoreRecord& record) {
  constexpr std::pair<std::string_view, std::string_view> kCauses[] = {
      {"anchor-expired", "expired-root"},
      {"anchor-not-yet-valid", "not-yet-valid-certificate"},
      {"anchor-is-intermediate", "private-ca-not-trusted"}};
  trust::Store local;
  for (const std::size_t place : places) {
    local.anchors.push_back(store.anchors[place]);
  }
  trust::check_anchors(local, at);
  for (const trust::StoreProblem& problem : local.problems) {
    const auto* const known =
        std::ranges::find_if(kCauses, [&](const auto& one) { return one.first == problem.id; });
    if (known != std::end(kCauses) && record.problems.size() < kMaxProblems) {
      text::Facts facts(problem.facts.begin(), problem.facts.end());
      facts.emplace("place", problem.place);
      add(record, std::string(known->second), problem.id, std::move(facts));
    }
  }
}

}  // namespace

void add_store_problems(const trust::Store& store, std::optional<Time> at, StoreRecord& record) {
  for (const trust::StoreProblem& problem : store.problems) {
    if (problem.weight != trust::Weight::Note && record.problems.size() < kMaxProblems) {
      text::Facts facts(problem.facts.begin(), problem.facts.end());
      facts.emplace("place", problem.place);
      add(record, "ca-bundle-invalid", problem.id, std::move(facts));
    }
  }
  const trust::Dating& dating = record.dating.emplace(trust::date_anchors(store.anchors));
  for (const std::size_t place : dating.local) {
    if (record.local.size() < kMaxNames) {
      record.local.push_back(store.anchors[place].certificate->subject.display());
    }
  }
  if (at) {
    add_local_problems(store, dating.local, *at, record);
  }
}

void add_age_problem(StoreRecord& record) {
  if (!record.dating || (!record.used_by.empty() && !record.stands_for_the_web)) {
    return;
  }
  const trust::Dating& dating = *record.dating;
  if (dating.replaced()) {
    if (record.stands_for_the_web) {
      add(record, "stale-ca-bundle", "replaced",
          {{"public", std::to_string(dating.public_roots)},
           {"local", std::to_string(dating.local.size())}});
    }
  } else if (dating.match != trust::Dating::Match::None &&
             dating.match != trust::Dating::Match::Partial && matters(dating.lacks)) {
    add(record, "stale-ca-bundle", "stale",
        {{"edition", dating.edition}, {"names", names_of(dating.lacks)}});
  }
}

void add_permission_problem(const machine::Machine& machine, StoreRecord& record) {
  // Read by everybody, and written by root.
  constexpr std::array<std::string_view, 4> kSystemDirectories = {"/etc/", "/usr/", "/var/lib/",
                                                                  "/opt/"};
  constexpr std::uint32_t kOthersRead = 04;
  constexpr std::uint32_t kOthersEnter = 05;
  const std::string& path = record.part.path;
  const bool of_system = std::ranges::any_of(
      kSystemDirectories, [&](std::string_view start) { return path.starts_with(start); });
  const auto status = machine.status(path);
  if (!of_system || !status || machine.family() == machine::Family::Windows ||
      record.part.purpose == Purpose::OwnServers) {
    return;
  }
  const std::uint32_t wanted =
      status->kind == machine::Kind::Directory ? kOthersEnter : kOthersRead;
  if ((status->mode & wanted) != wanted) {
    add(record, "ca-path-broken", "owner-only", {});
  }
}

}  // namespace medic::clients
