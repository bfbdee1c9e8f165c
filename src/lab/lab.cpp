#include "lab/lab.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>

#include "lab/fault_context.h"

namespace medic::lab {
namespace {

class RunningLab final : public Lab {
 public:
  [[nodiscard]] const std::vector<Site>& sites() const override { return sites_; }

  [[nodiscard]] const Site* site(std::string_view id) const override {
    const auto at =
        std::find_if(sites_.begin(), sites_.end(), [&](const Site& site) { return site.id == id; });
    return at == sites_.end() ? nullptr : &*at;
  }

  [[nodiscard]] const TlsPlan* plan(std::string_view id) const override {
    const auto at = plans_.find(id);
    return at == plans_.end() ? nullptr : &at->second;
  }

  [[nodiscard]] const std::vector<LabName>& names() const override { return names_; }
  [[nodiscard]] std::size_t connections(std::uint16_t port) const override {
    return servers_.accepted(port);
  }
  [[nodiscard]] std::string proxy_url() const override { return proxy_url_; }

  Result<void> start(const std::vector<const LabFault*>& faults, Time at) {
    FaultContext context(at, servers_);
    auto opened = context.open_shared_servers();
    if (!opened) {
      return opened;
    }
    for (const LabFault* fault : faults) {
      context.begin(*fault);
      fault->start(context);
      if (auto problem = context.take_problem()) {
        return std::unexpected(
            std::move(*problem).within(fmt::format("starting lab fault '{}'", fault->id)));
      }
    }
    names_ = context.names();
    proxy_url_ = context.proxy_url();
    sites_ = context.take_sites();
    plans_ = context.take_plans();
    closed_ports_ = context.take_closed_ports();
    return servers_.start();
  }

 private:
  std::vector<Site> sites_;
  std::map<std::string, TlsPlan, std::less<>> plans_;
  std::vector<ClosedPort> closed_ports_;
  std::vector<LabName> names_;
  std::string proxy_url_;
  ServerHost servers_;  // last: its threads stop before anything else goes
};

std::string known_ids() {
  std::string ids;
  for (const LabFault* fault : fault_registry()) {
    ids += ids.empty() ? "" : ", ";
    ids += fault->id;
  }
  return ids;
}

}  // namespace

std::string_view expectation_id(Expectation expectation) {
  switch (expectation) {
    case Expectation::MustRefuse:
      return "must-refuse";
    case Expectation::ShouldAccept:
      return "should-accept";
    case Expectation::Depends:
      return "depends";
  }
  return {};
}

std::string Site::url() const {
  return fmt::format("https://{}:{}/", host, port);
}

const LabFault* find_fault(std::string_view id) {
  for (const LabFault* fault : fault_registry()) {
    if (fault->id == id) {
      return fault;
    }
  }
  return nullptr;
}

Result<std::unique_ptr<Lab>> start_lab(std::span<const std::string> faults, Time at) {
  std::vector<const LabFault*> wanted;
  for (const std::string& id : faults) {
    const LabFault* fault = find_fault(id);
    if (fault == nullptr) {
      return fail(ErrorKind::Usage, fmt::format("the lab has no fault '{}'", escaped(id, 64)),
                  "the lab has these: " + known_ids(), "tlsmedic lab list");
    }
    wanted.push_back(fault);
  }
  if (wanted.empty()) {
    wanted.assign(fault_registry().begin(), fault_registry().end());
  }
  auto lab = std::make_unique<RunningLab>();
  auto started = lab->start(wanted, at);
  if (!started) {
    return std::unexpected(std::move(started).error());
  }
  return lab;
}

}  // namespace medic::lab
