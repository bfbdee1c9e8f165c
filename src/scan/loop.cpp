#include "scan/loop.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "probe/session.h"
#include "scan/fast_talk.h"
#include "scan/socket_address.h"
#include "target/ip_address.h"

namespace medic::scan {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kLookupTag = std::uint64_t{1} << 63U;
constexpr std::size_t kBufferBytes = 32768;
constexpr std::size_t kFirstWindow = 128;
constexpr milliseconds kWidenEvery{100};
constexpr milliseconds kLookupTick{100};
constexpr milliseconds kShortageRest{200};
constexpr int kLongestWaitMs = 100;
constexpr int kPaceWaitMs = 2;

// What another try may heal. A refused port or an unrecognised name stays what it is.
bool may_heal(const evidence::Outcome& outcome) {
  if (const auto* none = std::get_if<evidence::NotConnected>(&outcome)) {
    return none->reason == "timeout" || none->reason == "unreachable";
  }
  return std::holds_alternative<evidence::TimedOut>(outcome) ||
         std::holds_alternative<evidence::Closed>(outcome);
}

// The words of evidence::NotConnected.
std::string_view connect_reason(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "refused";
    case EHOSTUNREACH:
      return "unreachable";
    case ENETUNREACH:
    case EAFNOSUPPORT:
      return "no-route";
    case ETIMEDOUT:
      return "timeout";
    default:
      return "other";
  }
}

// Ours to run out of, not the peer's doing.
bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
         error == EADDRNOTAVAIL;
}

}  // namespace

struct Loop::Job {
  Visit visit;
  std::size_t left = 0;  // addresses not finished
  Instant asked{};
};

struct Loop::Attempt {
  std::shared_ptr<Job> job;  // shared by the attempts at its addresses
  std::string address;
  unsigned number = 1;
  bool libssl = false;
};

struct Loop::Slot {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  Descriptor socket;
  std::unique_ptr<probe::Conversation> talk;
  Attempt attempt;
  bool fast = false;
  bool connected = false;
  Instant deadline{};
  std::optional<Instant> patience;
  Instant armed{};
  Bytes pending;
};

Loop::Loop(Shared shared, VisitSink& sink, Descriptor epoll)
    : shared_(std::move(shared)),
      sink_(sink),
      epoll_(std::move(epoll)),
      window_(std::min(kFirstWindow, shared_.rules.max_in_flight)),
      buffer_(kBufferBytes) {}

Loop::~Loop() = default;

Result<std::unique_ptr<Loop>> Loop::open(const Shared& shared, VisitSink& sink) {
  Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.open()) {
    return fail(ErrorKind::Io, "epoll is not available", "nothing can be scanned");
  }
  std::unique_ptr<Loop> loop(new Loop(shared, sink, std::move(epoll)));
  MEDIC_TRY(loop->lookup_, Lookup::open(loop->epoll_.number(), kLookupTag, shared.rules.lookup));
  return loop;
}

void Loop::run() {
  while (!stopped()) {
    const Instant now = std::chrono::steady_clock::now();
    admit(now);
    if (jobs_ == 0 && shared_.feed.drained()) {
      return;
    }
    wait();
    timers(std::chrono::steady_clock::now());
  }
  shared_.counters.abandoned += jobs_;
  shared_.counters.in_flight -= open_;
}

void Loop::admit(Instant now) {
  // A slow start: a target list that exhausts this machine or its network shows it early.
  if (window_ < shared_.rules.max_in_flight && now - widened_ >= kWidenEvery) {
    window_ = std::min(shared_.rules.max_in_flight, window_ * 2);
    widened_ = now;
  }
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    ready_.push_back(std::move(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
  }
  take_places();
  held_back_ = false;
  for (std::size_t tries = ready_.size(); tries > 0 && open_ < window_; --tries) {
    Attempt attempt = std::move(ready_.front());
    ready_.pop_front();
    const Pace::Answer answer = shared_.pace.admit(attempt.address, now);
    if (answer == Pace::Answer::Go) {
      if (!open(std::move(attempt), now)) {
        break;
      }
      continue;
    }
    held_back_ = true;
    if (answer == Pace::Answer::RateReached) {
      ready_.push_front(std::move(attempt));
      break;
    }
    ready_.push_back(std::move(attempt));
  }
}

void Loop::take_places() {
  while (jobs_ < window_ && !(shared_.hold && shared_.hold())) {
    std::optional<Place> place = shared_.feed.take();
    if (!place) {
      return;
    }
    begin(*std::move(place));
  }
}

void Loop::begin(Place place) {
  ++jobs_;
  ++shared_.counters.started;
  auto job = std::make_shared<Job>();
  job->visit.place = std::move(place);
  job->asked = std::chrono::steady_clock::now();
  const Place& at = job->visit.place;
  if (shared_.rules.proxy) {
    resolved(job, {.addresses = {at.address.empty() ? at.host : at.address}});
  } else if (!at.address.empty()) {
    resolved(job, {.addresses = {at.address}});
  } else {
    lookup_->ask(at.host, shared_.rules.family,
                 [this, job](LookedUp found) { resolved(job, std::move(found)); });
  }
}

void Loop::resolved(const std::shared_ptr<Job>& job, LookedUp found) {
  Visit& visit = job->visit;
  if (visit.place.address.empty() && !shared_.rules.proxy) {
    visit.lookup = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - job->asked);
  }
  visit.lookup_error = std::move(found.error);
  visit.addresses = std::move(found.addresses);
  const std::size_t most = shared_.rules.addresses == Addresses::All ? visit.addresses.size() : 1;
  job->left = std::min(most, visit.addresses.size());
  if (job->left == 0) {
    finish(job);
    return;
  }
  for (std::size_t i = 0; i < job->left; ++i) {
    ready_.push_back({.job = job, .address = visit.addresses[i]});
  }
}

evidence::ProbeSpec Loop::spec_for(const Attempt& attempt) const {
  const Place& place = attempt.job->visit.place;
  evidence::ProbeSpec spec{.address = attempt.address, .port = place.port};
  const std::string& name = shared_.rules.sni.value_or(place.host);
  if (!name.empty() && !target::parse_ip(name)) {
    spec.sni = name;
  }
  spec.starttls = place.starttls;
  spec.deadline_ms = static_cast<std::uint32_t>(shared_.rules.handshake.count());
  return spec;
}

std::unique_ptr<probe::Conversation> Loop::talk_for(const Attempt& attempt, Instant now) {
  const LoopRules& rules = shared_.rules;
  const target::Proxy* const proxy = rules.proxy ? &*rules.proxy : nullptr;
  evidence::ProbeSpec spec = spec_for(attempt);
  const probe::StartTls* const starttls =
      spec.starttls.empty() ? nullptr : probe::find_starttls(spec.starttls);
  const bool tls_to_proxy = proxy != nullptr && proxy->kind == target::ProxyKind::Https;
  if (attempt.libssl || tls_to_proxy || rules.depth == Depth::Full) {
    return std::make_unique<probe::Session>(
        probe::SessionPlan{.spec = std::move(spec), .proxy = proxy, .starttls = starttls}, now);
  }
  return std::make_unique<FastTalk>(
      tools_,
      FastPlan{.spec = std::move(spec),
               .depth = rules.depth == Depth::Certificate ? tlswire::Depth::Certificate
                                                          : tlswire::Depth::Authenticated,
               .proxy = proxy,
               .starttls = starttls},
      now);
}

bool Loop::open(Attempt attempt, Instant now) {
  const LoopRules& rules = shared_.rules;
  const SocketAddress to(rules.proxy ? rules.proxy_address : attempt.address,
                         rules.proxy ? rules.proxy->port : attempt.job->visit.place.port);
  Descriptor socket(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int made = socket.open() ? 0 : errno;
  const int dialled = made != 0                                              ? made
                      : ::connect(socket.number(), to.get(), to.size()) == 0 ? 0
                                                                             : errno;
  if (is_shortage(dialled)) {
    shared_.pace.release(attempt.address);
    ready_.push_front(std::move(attempt));
    shortage(now);
    return false;
  }
  ++shared_.counters.connections;
  ++shared_.counters.in_flight;
  ++open_;
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.push_back(std::make_unique<Slot>());
    slots_.back()->index = free_.back();
  }
  Slot& slot = *slots_[free_.back()];
  free_.pop_back();
  slot.talk = talk_for(attempt, now);
  slot.fast = dynamic_cast<FastTalk*>(slot.talk.get()) != nullptr;
  slot.attempt = std::move(attempt);
  slot.socket = std::move(socket);
  slot.connected = false;
  slot.deadline = now + rules.connect;
  slot.patience.reset();
  if (dialled != 0 && dialled != EINPROGRESS) {
    slot.talk->not_connected(std::string(connect_reason(dialled)),
                             std::system_category().message(dialled), now);
    end(slot, now);
    return true;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | std::uint32_t{EPOLLET};
  event.data.u64 = std::uint64_t{slot.generation & 0x7FFFFFFFU} << 32U | slot.index;
  epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, slot.socket.number(), &event);
  arm(slot, now);
  return true;
}

void Loop::shortage(Instant now) {
  ++shared_.counters.shortages;
  held_back_ = true;
  window_ = std::max<std::size_t>(1, open_ * 3 / 4);
  widened_ = now + kShortageRest;
}

int Loop::patience(Instant now) const {
  int wait = kLongestWaitMs;
  if (!wakes_.empty()) {
    const auto left = std::chrono::duration_cast<milliseconds>(wakes_.begin()->first - now);
    wait = std::clamp(static_cast<int>(left.count()) + 1, 0, wait);
  }
  if (held_back_ || (jobs_ < window_ && !shared_.feed.drained())) {
    wait = std::min(wait, kPaceWaitMs);
  }
  return wait;
}

void Loop::wait() {
  std::array<epoll_event, 256> events{};
  const Instant now = std::chrono::steady_clock::now();
  const int count =
      epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), patience(now));
  for (int i = 0; i < count; ++i) {
    event(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
  }
}

void Loop::event(std::uint64_t data, std::uint32_t events) {
  const bool gone = (events & (EPOLLERR | EPOLLHUP)) != 0;
  if ((data & kLookupTag) != 0) {
    lookup_->ready(static_cast<int>(data & 0x7FFFFFFFU), (events & EPOLLIN) != 0 || gone,
                   (events & EPOLLOUT) != 0);
    return;
  }
  Slot& slot = *slots_[static_cast<std::uint32_t>(data)];
  if (slot.talk == nullptr || (slot.generation & 0x7FFFFFFFU) != data >> 32U) {
    return;  // of a connection that has ended meanwhile
  }
  const Instant now = std::chrono::steady_clock::now();
  if (!slot.connected && ((events & EPOLLOUT) != 0 || gone)) {
    connected(slot, now);
  }
  if (slot.connected && !slot.talk->finished()) {
    flush(slot);
    const bool closing = gone || (events & EPOLLRDHUP) != 0;
    if ((events & EPOLLIN) != 0 || closing) {
      read(slot, closing, now);
    }
  }
  settle(slot, now);
}

void Loop::connected(Slot& slot, Instant now) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(slot.socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    error = errno;
  }
  if (error != 0) {
    slot.talk->not_connected(std::string(connect_reason(error)),
                             std::system_category().message(error), now);
    return;
  }
  slot.connected = true;
  slot.deadline = now + shared_.rules.handshake;
  slot.talk->connected(shared_.rules.proxy ? shared_.rules.proxy_address : slot.attempt.address,
                       now);
}

void Loop::read(Slot& slot, bool closing, Instant now) {
  while (!slot.talk->finished()) {
    const ssize_t got = recv(slot.socket.number(), buffer_.data(), buffer_.size(), 0);
    if (got > 0) {
      slot.talk->received(ByteView(buffer_).first(static_cast<std::size_t>(got)), now);
      flush(slot);
      if (static_cast<std::size_t>(got) < buffer_.size() && !closing) {
        return;  // all that was there: more will be another event
      }
      continue;
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && (errno == EAGAIN)) {
      return;
    }
    slot.talk->closed(got == 0 ? probe::Ending::Fin : probe::Ending::Reset, now);
  }
}

void Loop::flush(Slot& slot) {
  const Bytes more = slot.talk->take_output();
  slot.pending.insert(slot.pending.end(), more.begin(), more.end());
  while (!slot.pending.empty()) {
    const ssize_t sent =
        send(slot.socket.number(), slot.pending.data(), slot.pending.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;  // the rest when there is room; a lost connection shows when it is read
    }
    slot.pending.erase(slot.pending.begin(), slot.pending.begin() + sent);
  }
}

void Loop::settle(Slot& slot, Instant now) {
  if (slot.talk->finished()) {
    if (slot.connected) {
      flush(slot);
    }
    end(slot, now);
    return;
  }
  const auto patience = slot.talk->patience();
  slot.patience = patience ? std::optional(now + *patience) : std::nullopt;
  arm(slot, now);
}

void Loop::arm(Slot& slot, Instant /*now*/) {
  const Instant at = slot.patience ? std::min(*slot.patience, slot.deadline) : slot.deadline;
  if (at == slot.armed) {
    return;
  }
  if (slot.armed != Instant{}) {
    wakes_.erase({slot.armed, slot.index});
  }
  wakes_.insert({at, slot.index});
  slot.armed = at;
}

void Loop::timers(Instant now) {
  while (!wakes_.empty() && wakes_.begin()->first <= now) {
    Slot& slot = *slots_[wakes_.begin()->second];
    if (slot.deadline <= now) {
      slot.talk->expired(now);
    } else {
      slot.talk->patience_ended(now);
    }
    wakes_.erase({slot.armed, slot.index});
    slot.armed = {};
    settle(slot, now);
  }
  if (now - ticked_ >= kLookupTick) {
    ticked_ = now;
    lookup_->tick();
  }
}

void Loop::end(Slot& slot, Instant now) {
  if (slot.armed != Instant{}) {
    wakes_.erase({slot.armed, slot.index});
    slot.armed = {};
  }
  slot.socket.close();
  slot.pending = {};
  shared_.pace.release(slot.attempt.address);
  --shared_.counters.in_flight;
  --open_;
  ++slot.generation;
  free_.push_back(slot.index);
  const std::unique_ptr<probe::Conversation> talk = std::move(slot.talk);
  Attempt attempt = std::move(slot.attempt);
  if (slot.fast) {
    auto& fast = dynamic_cast<FastTalk&>(*talk);
    keep(std::move(attempt), fast.take_seen(), fast.needs_libssl(), now);
    return;
  }
  Seen seen{.handshake = dynamic_cast<probe::Session&>(*talk).take_result(),
            .by_libssl = true,
            .finished = true};
  for (const Bytes& der : seen.handshake.chain) {
    if (auto certificate = tools_.issuers.read(der)) {
      seen.chain.push_back(*std::move(certificate));
    }
  }
  seen.finished = std::holds_alternative<evidence::Completed>(seen.handshake.outcome);
  keep(std::move(attempt), std::move(seen), false, now);
}

void Loop::keep(Attempt attempt, Seen seen, bool needs_libssl, Instant now) {
  if (needs_libssl) {
    ++shared_.counters.left_to_libssl;
    attempt.libssl = true;
    ready_.push_front(std::move(attempt));
    return;
  }
  if (may_heal(seen.handshake.outcome) && attempt.number <= shared_.rules.retries) {
    ++shared_.counters.retried;
    ++attempt.number;
    attempt.libssl = false;
    // Between half a second and one and a half, so that what failed together does not come back
    // together (xorshift64).
    jitter_ ^= jitter_ << 13U;
    jitter_ ^= jitter_ >> 7U;
    jitter_ ^= jitter_ << 17U;
    delayed_.emplace(now + milliseconds(500 + jitter_ % 1000), std::move(attempt));
    return;
  }
  seen.attempts = attempt.number;
  const std::shared_ptr<Job> job = std::move(attempt.job);
  job->visit.seen.push_back(std::move(seen));
  if (--job->left == 0) {
    finish(job);
  }
}

void Loop::finish(const std::shared_ptr<Job>& job) {
  --jobs_;
  sink_.visited(std::move(job->visit));
  ++shared_.counters.finished;
}

}  // namespace medic::scan
