#include "scan/pace.h"

#include <algorithm>

#include "target/ip_address.h"

namespace medic::scan {
namespace {

// The network of an address; a name (behind a proxy) is its own.
std::string net_of(const std::string& address) {
  const auto ip = target::parse_ip(address);
  if (!ip) {
    return address;
  }
  const auto* const first = reinterpret_cast<const char*>(ip->octets.data());
  return {first, ip->v6 ? std::size_t{6} : std::size_t{3}};
}

bool full(const std::unordered_map<std::string, std::uint32_t>& counts, const std::string& key,
          std::uint32_t most) {
  const auto at = counts.find(key);
  return most != 0 && at != counts.end() && at->second >= most;
}

void leave(std::unordered_map<std::string, std::uint32_t>& counts, const std::string& key) {
  const auto at = counts.find(key);
  if (at != counts.end() && --at->second == 0) {
    counts.erase(at);
  }
}

}  // namespace

Pace::Answer Pace::admit(const std::string& address, Instant now) {
  const std::scoped_lock lock(mutex_);
  const std::string net = rules_.per_net == 0 ? std::string() : net_of(address);
  if (full(hosts_, address, rules_.per_host) || full(nets_, net, rules_.per_net)) {
    return Answer::AddressBusy;
  }
  if (rules_.rate > 0) {
    const double since =
        filled_ == Instant{} ? 0.0 : std::chrono::duration<double>(now - filled_).count();
    // A tenth of a second's worth may come at once, and never less than one.
    tokens_ = std::min(std::max(1.0, rules_.rate / 10), tokens_ + since * rules_.rate);
    tokens_ = filled_ == Instant{} ? 1.0 : tokens_;
    filled_ = now;
    if (tokens_ < 1) {
      return Answer::RateReached;
    }
    tokens_ -= 1;
  }
  if (rules_.per_host != 0) {
    ++hosts_[address];
  }
  if (rules_.per_net != 0) {
    ++nets_[net];
  }
  return Answer::Go;
}

void Pace::release(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  if (rules_.per_host != 0) {
    leave(hosts_, address);
  }
  if (rules_.per_net != 0) {
    leave(nets_, net_of(address));
  }
}

}  // namespace medic::scan
