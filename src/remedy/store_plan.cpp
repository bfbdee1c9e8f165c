#include "remedy/store_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "remedy/system_layout.h"
#include "trust/dating.h"
#include "trust/hashed_directory.h"
#include "trust/merged_bundle.h"
#include "trust/store_edit.h"
#include "x509/container.h"

namespace medic::remedy {
namespace {

Plan empty_plan(const StoreCase& one) {
  const bool add = one.change == StoreChange::Add;
  return {.remedy = add ? "trust-private-root" : "remove-private-root",
          .cause = add ? "private-ca-not-trusted" : "",
          .client = {},
          .subject = one.base.roots.front()->subject.display(),
          .steps = {},
          .asks = {},
          .variables = {}};
}

// What the plan has made of a place so far, else what is there.
Result<State> state_of(const Case& one, const Plan& plan, const std::string& path) {
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    if (step->path == path) {
      return step->after;
    }
  }
  return one.tree.look(path);
}

Result<void> edit_file(const StoreCase& one, const std::string& path, Plan& plan) {
  const std::string real = one.base.machine.resolve(path).value_or(path);
  MEDIC_TRY(const State before, one.base.tree.look(real));
  const File* const file = std::get_if<File>(&before);
  if (file == nullptr) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no file", escaped(real)));
  }
  const trust::EditOptions options{.at = one.base.at, .password = one.password};
  std::string bytes = file->bytes;
  for (const x509::CertificatePtr& root : one.base.roots) {
    auto edited = one.change == StoreChange::Add
                      ? trust::with_root(bytes, *root, options)
                      : trust::without_root(bytes, root->fingerprint, options);
    if (!edited) {
      return std::unexpected(std::move(edited).error().within(escaped(real)));
    }
    bytes = *std::move(edited);
  }
  if (bytes == file->bytes) {
    return {};
  }
  return add_file(one.base, plan,
                  one.change == StoreChange::Add ? StepKind::AppendToFile : StepKind::ReplaceFile,
                  real, std::move(bytes));
}

class SystemPlan {
 public:
  SystemPlan(const StoreCase& one, const SystemLayout& layout)
      : case_(one), layout_(layout), plan_(empty_plan(one)) {}

  Result<Plan> run() {
    const machine::Machine& machine = case_.base.machine;
    for (const x509::CertificatePtr& root : case_.base.roots) {
      auto done = case_.change == StoreChange::Add ? add(*root) : remove(*root);
      if (!done) {
        return std::unexpected(std::move(done).error());
      }
    }
    for (const std::string_view path : {layout_.bundle, layout_.keystore}) {
      if (machine.is_file(path)) {
        if (auto done = edit_file(case_, std::string(path), plan_); !done) {
          return std::unexpected(std::move(done).error());
        }
      }
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::string real(std::string_view path) const {
    return case_.base.machine.resolve(path).value_or(std::string(path));
  }
  void step(StepKind kind, std::string path, State before, State after) {
    plan_.steps.push_back({.kind = kind,
                           .path = std::move(path),
                           .before = std::move(before),
                           .after = std::move(after)});
  }

  // The only certificate of a file; null: it holds something else.
  [[nodiscard]] x509::CertificatePtr only_certificate(const std::string& path) const {
    constexpr std::size_t kMost = std::size_t{64} << 10U;  // of one certificate with text around it
    const auto text = case_.base.machine.read(path, kMost);
    if (!text) {
      return nullptr;
    }
    x509::Certificates found = x509::read_certificates(as_bytes(*text));
    return found.certificates.size() == 1 ? found.certificates.front() : nullptr;
  }
  [[nodiscard]] bool is(const std::string& path, const x509::Certificate& root) const {
    const x509::CertificatePtr found = only_certificate(path);
    return found != nullptr && found->fingerprint == root.fingerprint;
  }
  [[nodiscard]] std::vector<std::string> anchors_of(const x509::Certificate& root) const {
    std::vector<std::string> found;
    for (const std::string_view pattern : {"/*", "/*/*"}) {
      for (const std::string& path :
           case_.base.machine.glob(std::string(layout_.anchors) + std::string(pattern))) {
        if (case_.base.machine.is_file(path) && is(path, root)) {
          found.push_back(path);
        }
      }
    }
    return found;
  }

  Result<void> add(const x509::Certificate& root) {
    if (!anchors_of(root).empty()) {
      return {};
    }
    const std::string stem = trust::alias_of(root);
    const std::string anchor = fmt::format("{}/{}{}", real(layout_.anchors), stem, layout_.ending);
    if (auto done = add_file(case_.base, plan_, StepKind::CreateFile, anchor, x509::pem(root));
        !done) {
      return done;
    }
    return case_.base.machine.is_directory(layout_.directory) ? add_links(root, stem, anchor)
                                                              : Result<void>();
  }

  Result<void> add_links(const x509::Certificate& root, const std::string& stem,
                         const std::string& anchor) {
    const std::string directory = real(layout_.directory);
    const std::string name = fmt::format("{}{}.pem", layout_.link_prefix, stem);
    const std::string path = directory + "/" + name;
    if (layout_.directory_of_links) {
      MEDIC_TRY(State before, state_of(case_.base, plan_, path));
      step(StepKind::MakeLink, path, std::move(before), Link{.target = anchor});
    } else if (auto done = add_file(case_.base, plan_, StepKind::CreateFile, path, x509::pem(root));
               !done) {
      return done;
    }
    constexpr int kMostOfOneName = 64;
    for (int number = 0; number < kMostOfOneName; ++number) {
      const std::string link =
          fmt::format("{}/{:08x}.{}", directory, trust::name_hash(root.subject.canonical), number);
      MEDIC_TRY(State before, state_of(case_.base, plan_, link));
      if (std::holds_alternative<Absent>(before)) {
        step(StepKind::MakeLink, link, std::move(before), Link{.target = name});
        return {};
      }
    }
    return fail(ErrorKind::Limit, "too many roots of one name");
  }

  Result<void> remove(const x509::Certificate& root) {
    const std::vector<std::string> anchors = anchors_of(root);
    if (anchors.empty() && trust::is_public_root(root.fingerprint)) {
      return fail(ErrorKind::Usage,
                  fmt::format("'{}' comes with the system's package of public roots",
                              escaped(root.subject.display(), 64)),
                  "what is taken out here would come back with its next update",
                  std::string(layout_.removing_packaged));
    }
    if (case_.base.machine.is_directory(layout_.directory)) {
      if (auto done = remove_links(root); !done) {
        return done;
      }
    }
    for (const std::string& anchor : anchors) {
      MEDIC_TRY(State before, state_of(case_.base, plan_, real(anchor)));
      step(StepKind::RemoveFile, real(anchor), std::move(before), Absent{});
    }
    return {};
  }

  Result<void> remove_one(const std::string& path) {
    MEDIC_TRY(State before, state_of(case_.base, plan_, path));
    const bool link = std::holds_alternative<Link>(before);
    step(link ? StepKind::RemoveLink : StepKind::RemoveFile, path, std::move(before), Absent{});
    return {};
  }

  Result<void> remove_links(const x509::Certificate& root) {
    const std::string directory = real(layout_.directory);
    const auto entries = case_.base.machine.list(directory);
    const std::uint32_t hash = trust::name_hash(root.subject.canonical);
    std::map<std::uint32_t, std::string> numbered;
    if (!entries) {
      return {};
    }
    for (const machine::Entry& entry : *entries) {
      const std::string path = directory + "/" + entry.name;
      const auto name = trust::parse_hash_name(entry.name);
      if (name && name->hash == hash && !name->crl) {
        numbered[name->number] = path;
      } else if (entry.kind != machine::Kind::Directory && is(path, root)) {
        if (auto done = remove_one(path); !done) {
          return done;
        }
      }
    }
    return close_ranks(root, numbered);
  }

  // OpenSSL stops at the first number that is not there: those behind move up.
  Result<void> close_ranks(const x509::Certificate& root,
                           const std::map<std::uint32_t, std::string>& numbered) {
    std::vector<State> staying;
    for (const auto& [number, path] : numbered) {
      if (!is(path, root)) {
        MEDIC_TRY(State state, state_of(case_.base, plan_, path));
        staying.push_back(std::move(state));
      }
    }
    if (staying.size() == numbered.size()) {
      return {};
    }
    std::size_t at = 0;
    for (const auto& [number, path] : numbered) {
      if (at >= staying.size()) {
        if (auto done = remove_one(path); !done) {
          return done;
        }
        continue;
      }
      MEDIC_TRY(State before, state_of(case_.base, plan_, path));
      if (before != staying[at]) {
        step(StepKind::MakeLink, path, std::move(before), staying[at]);
      }
      ++at;
    }
    return {};
  }

  const StoreCase& case_;
  const SystemLayout& layout_;
  Plan plan_;
};

}  // namespace

Result<Plan> system_store_plan(const StoreCase& one) {
  const SystemLayout* const layout = system_layout(one.base.machine);
  if (layout == nullptr) {
    return fail(ErrorKind::Usage, "this system keeps its roots in a way that is not known here",
                "nothing is written where nobody would read it",
                "install the package ca-certificates, or give the root to clients: --clients NAME");
  }
  return SystemPlan(one, *layout).run();
}

Result<Plan> store_file_plan(const StoreCase& one, const std::string& path) {
  Plan plan = empty_plan(one);
  if (auto done = edit_file(one, path, plan); !done) {
    return std::unexpected(std::move(done).error());
  }
  return plan;
}

}  // namespace medic::remedy
