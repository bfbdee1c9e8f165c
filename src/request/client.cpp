#include "request/client.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <utility>

#include "base/check.h"
#include "probe/connection.h"

namespace medic::request {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr milliseconds kStopCheck{100};
// Phases have limits of their own; this one only bounds what they forget.
constexpr std::chrono::hours kConnectionLife{24};
// Answers to a request that a server closed its connection on before it read it.
constexpr unsigned kMaxUnread = 3;

using OriginKey = std::pair<std::string, bool>;

// One request on its way through retries and redirects.
struct Task : Exchange {
  Outcome outcome;
  Instant began;
  milliseconds waited{};
  unsigned failed = 0;
  unsigned unread = 0;
  unsigned followed = 0;
  bool left_origin = false;
  bool over = false;
  std::unique_ptr<asio::steady_timer> pause;
};

struct Lane;

struct Link {
  std::unique_ptr<Wire> wire;
  std::shared_ptr<probe::Connection> connection;  // shared with its own pending operations
  std::optional<target::Proxy> proxy;
  Lane* lane = nullptr;
  std::size_t served = 0;
  bool over = false;
};

// The connections to one origin and what waits for them.
struct Lane {
  target::Target target;
  std::deque<Task*> waiting;
  std::deque<Link> links;  // the address of a link never changes
  bool first_origin = false;
};

struct Destination {
  std::vector<tcp::endpoint> endpoints;
  std::optional<target::Proxy> proxy;
  target::HostPort tunnel_to;
  Microseconds resolved{};
};

}  // namespace

struct Client::State final : Desk {
  explicit State(ClientOptions given) : options(std::move(given)), addresses(options.addresses) {}

  ClientOptions options;
  std::optional<probe::ClientIdentity> identity;
  probe::Addresses addresses;
  std::map<OriginKey, Lane> lanes;  // before the loop: its operations point at what is in them
  asio::io_context loop{1};
  std::vector<std::unique_ptr<Task>> tasks;
  std::size_t open_tasks = 0;

  ~State() override {
    for (auto& [key, lane] : lanes) {
      for (Link& link : lane.links) {
        if (!link.over) {
          link.wire->retire();
          link.connection->wake();
        }
      }
    }
    loop.restart();
    loop.poll();
    for (auto& [key, lane] : lanes) {
      for (Link& link : lane.links) {
        link.connection->cancel();
      }
    }
    loop.poll();  // lets the cancelled operations release what they hold
    for (auto& [key, lane] : lanes) {
      for (Link& link : lane.links) {
        link.connection.reset();  // its socket and timers belong to the loop, which goes first
      }
    }
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;

  // Desk
  Exchange* next(Wire& wire) override;
  void finished(Exchange& exchange, Wire& wire, Instant now) override;
  void opened(Wire& wire) override;
  void ended(Wire& wire) override;

  [[nodiscard]] bool stopped() const { return options.stop != nullptr && options.stop->load(); }
  void enqueue(Task& task);
  void serve(Lane& lane);
  void open(Lane& lane);
  std::expected<Destination, Failure> destination(const target::Target& target);
  std::expected<std::vector<tcp::endpoint>, Failure> endpoints_of(const target::HostPort& place,
                                                                  FailureKind kind);
  Link& link_of(const Wire& wire);
  void prepare(Task& task);
  void fail_waiting(Lane& lane, const Failure& failure, const Link* link);
  void record(Task& task, const Link* link, Instant now);
  void conclude(Task& task);
  void retry(Task& task, milliseconds pause);
  bool redirect(Task& task);
  void finish(Task& task);
  void give_up(FailureKind kind, const std::string& detail);
};

Link& Client::State::link_of(const Wire& wire) {
  Link* found = nullptr;
  for (auto& [key, lane] : lanes) {
    for (Link& link : lane.links) {
      found = link.wire.get() == &wire ? &link : found;
    }
  }
  MEDIC_CHECK(found != nullptr);
  return *found;
}

// What goes to the wire for the place where the task is now.
void Client::State::prepare(Task& task) {
  task.answer = Answer();
  task.failure.reset();
  task.first_byte.reset();
  task.headers.clear();
  for (const Header& header : task.request->headers) {
    if (!task.left_origin || may_cross_origins(header.name)) {
      task.headers.push_back(&header);
    }
  }
}

void Client::State::enqueue(Task& task) {
  prepare(task);
  const target::Target& target = task.url.target;
  Lane& lane = lanes[{target.authority(), task.url.is_plain()}];
  lane.target = target;
  lane.first_origin = lane.first_origin || !task.left_origin;
  task.began = std::chrono::steady_clock::now();
  lane.waiting.push_back(&task);
  serve(lane);
}

void Client::State::serve(Lane& lane) {
  const Instant now = std::chrono::steady_clock::now();
  std::size_t alive = 0;
  bool undecided = false;
  bool http2 = false;
  for (Link& link : lane.links) {
    if (link.over) {
      continue;
    }
    ++alive;
    if (link.wire->is_open()) {
      http2 = http2 || link.wire->speaks_http2();
      link.wire->pull(now);
      link.connection->wake();
    } else {
      undecided = true;
    }
  }
  // The first connection tells whether more are needed: one is enough for HTTP/2.
  while (!lane.waiting.empty() && !undecided && !http2 && alive < options.connections) {
    open(lane);
    ++alive;
    undecided = alive == 1;
  }
}

std::expected<std::vector<tcp::endpoint>, Failure> Client::State::endpoints_of(
    const target::HostPort& place, FailureKind kind) {
  const evidence::Resolution found = addresses.of(place.host, place.port, options.family);
  std::vector<tcp::endpoint> endpoints;
  for (const std::string& text : found.addresses) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(text, error);
    if (!error) {
      endpoints.emplace_back(address, place.port);
    }
  }
  if (endpoints.empty()) {
    const std::string why = found.error.empty() ? "no address" : found.error;
    return std::unexpected(Failure{
        .kind = kind, .detail = fmt::format("{}: {}", place.host, escaped(why)), .unread = true});
  }
  return endpoints;
}

std::expected<Destination, Failure> Client::State::destination(const target::Target& target) {
  Destination to;
  const Instant began = std::chrono::steady_clock::now();
  target::HostPort end = target::connect_to(options.connect_to, target.host, target.port);
  if (options.proxy) {
    auto choice = options.proxy(target);
    if (!choice) {
      return std::unexpected(
          Failure{.kind = FailureKind::Proxy, .detail = choice.error().what, .unread = true});
    }
    to.proxy = std::move(choice->proxy);
  }
  target::HostPort dialled = end;
  FailureKind kind = FailureKind::Unresolved;
  if (to.proxy) {
    if (to.proxy->kind == target::ProxyKind::Socks5) {
      auto own = endpoints_of(end, FailureKind::Unresolved);
      if (!own) {
        return std::unexpected(std::move(own.error()));
      }
      end.host = own->front().address().to_string();
    }
    dialled = {.host = to.proxy->host, .port = to.proxy->port};
    kind = FailureKind::Proxy;
  }
  to.tunnel_to = std::move(end);
  auto endpoints = endpoints_of(dialled, kind);
  if (!endpoints) {
    return std::unexpected(std::move(endpoints.error()));
  }
  to.endpoints = *std::move(endpoints);
  to.resolved = std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - began);
  return to;
}

void Client::State::open(Lane& lane) {
  auto to = destination(lane.target);
  Link& link = lane.links.emplace_back();
  link.lane = &lane;
  if (!to) {
    link.over = true;
    lane.links.pop_back();
    fail_waiting(lane, to.error(), nullptr);
    return;
  }
  link.proxy = std::move(to->proxy);
  const bool ours = lane.first_origin && identity.has_value();
  link.wire = std::make_unique<Wire>(WirePlan{.target = lane.target,
                                              .proxy = link.proxy ? &*link.proxy : nullptr,
                                              .tunnel_to = to->tunnel_to,
                                              .trust = &options.trust,
                                              .clock = options.clock,
                                              .min_version = options.min_version,
                                              .max_version = options.max_version,
                                              .http = options.http,
                                              .identity = ours ? &*identity : nullptr,
                                              .key_log = options.key_log,
                                              .limits = options.limits,
                                              .answers = options.answers},
                                     *this, std::chrono::steady_clock::now() - to->resolved);
  link.wire->note_resolved(to->resolved);
  link.connection = std::make_shared<probe::Connection>(
      loop, *link.wire, std::move(to->endpoints), kConnectionLife, [&link] { link.over = true; });
  link.connection->start();
}

Exchange* Client::State::next(Wire& wire) {
  Link& link = link_of(wire);
  if (link.lane->waiting.empty()) {
    return nullptr;
  }
  Task& task = *link.lane->waiting.front();
  link.lane->waiting.pop_front();
  if (link.served++ > 0) {
    task.began = std::chrono::steady_clock::now();
  }
  return &task;
}

// Adds what the attempt was to the outcome.
void Client::State::record(Task& task, const Link* link, Instant now) {
  Attempt attempt{.url = task.url.target.url(),
                  .method = task.method,
                  .status = task.failure ? 0 : task.answer.status,
                  .failure = task.failure,
                  .waited = std::exchange(task.waited, milliseconds{0})};
  Instant began = task.began;
  if (link != nullptr) {
    attempt.peer = link->wire->peer();
    attempt.reused = link->served > 1;
    if (!attempt.reused) {
      attempt.timings = link->wire->timings();
      began = link->wire->start();
    }
  }
  const auto since = [&](Instant at) {
    return std::chrono::duration_cast<Microseconds>(at - began);
  };
  if (task.first_byte) {
    attempt.timings.first_byte = since(*task.first_byte);
  }
  attempt.timings.total = since(now);
  if (options.watch) {
    options.watch(attempt);
  }
  task.outcome.attempts.push_back(std::move(attempt));
}

void Client::State::finished(Exchange& exchange, Wire& wire, Instant now) {
  Task& task = static_cast<Task&>(exchange);  // next() gives no other
  record(task, &link_of(wire), now);
  asio::post(loop, [this, &task] { conclude(task); });
}

void Client::State::opened(Wire& wire) {
  Lane& lane = *link_of(wire).lane;
  asio::post(loop, [this, &lane] { serve(lane); });
}

void Client::State::ended(Wire& wire) {
  Link& link = link_of(wire);
  link.over = true;
  Lane& lane = *link.lane;
  const bool others = std::ranges::any_of(lane.links, [](const Link& one) { return !one.over; });
  if (!others && wire.failure() && link.served == 0) {
    fail_waiting(lane, *wire.failure(), &link);
  } else {
    asio::post(loop, [this, &lane] { serve(lane); });
  }
}

void Client::State::fail_waiting(Lane& lane, const Failure& failure, const Link* link) {
  for (Task* const task : std::exchange(lane.waiting, {})) {
    task->failure = failure;
    record(*task, link, std::chrono::steady_clock::now());
    asio::post(loop, [this, task] { conclude(*task); });
  }
}

void Client::State::conclude(Task& task) {
  if (task.over) {
    return;
  }
  const std::optional<Failure>& failure = task.failure;
  // A kept connection may be closed at the very moment it is used: not the server's answer.
  if (failure && failure->kind == FailureKind::Closed && failure->unread &&
      task.outcome.attempts.back().reused && is_idempotent(task.method) &&
      task.unread++ < kMaxUnread) {
    enqueue(task);
    return;
  }
  const std::optional<Answer> answer =
      failure ? std::nullopt
              : std::optional(Answer{.status = task.answer.status, .headers = task.answer.headers});
  const auto pause =
      pause_before_retry(options.retry, task.method, failure, answer, task.failed,
                         options.random ? options.random() : 1.0, options.clock->now());
  if (pause) {
    ++task.failed;
    retry(task, *pause);
  } else if (failure || !redirect(task)) {
    finish(task);
  }
}

void Client::State::retry(Task& task, milliseconds pause) {
  task.waited = pause;
  task.pause = std::make_unique<asio::steady_timer>(loop, pause);
  task.pause->async_wait([this, &task](const boost::system::error_code& error) {
    if (!error && !task.over) {
      enqueue(task);
    }
  });
}

bool Client::State::redirect(Task& task) {
  auto place = next_place(options.redirects, task.url, task.method, task.body != nullptr,
                          task.answer, task.followed);
  if (!place) {
    task.failure = Failure{.kind = FailureKind::Redirect, .detail = place.error().what};
    return false;
  }
  if (!*place) {
    return false;
  }
  ++task.followed;
  NextPlace& next = **place;
  task.method = std::move(next.method);
  task.url = std::move(next.url);
  task.body = next.with_body ? task.body : nullptr;
  task.left_origin = task.left_origin || !next.same_origin;
  enqueue(task);
  return true;
}

void Client::State::finish(Task& task) {
  task.over = true;
  --open_tasks;
  task.outcome.failure = task.failure;
  // A redirect that is not followed is an answer too: it says where.
  if (!task.failure || task.failure->kind == FailureKind::Redirect) {
    task.outcome.answer = std::move(task.answer);
  }
  task.outcome.url = task.url;
}

// Ends everything that is still open.
void Client::State::give_up(FailureKind kind, const std::string& detail) {
  const Instant now = std::chrono::steady_clock::now();
  for (auto& [key, lane] : lanes) {
    lane.waiting.clear();
    for (Link& link : lane.links) {
      if (!link.over && !link.wire->is_idle()) {
        link.connection->cancel();
        link.over = true;
      }
    }
  }
  for (const std::unique_ptr<Task>& task : tasks) {
    if (task->over) {
      continue;
    }
    if (!task->failure || task->pause == nullptr) {
      task->failure = Failure{.kind = kind, .detail = detail};
      record(*task, nullptr, now);
    }
    finish(*task);
  }
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::make(ClientOptions options) {
  MEDIC_CHECK(options.clock != nullptr && options.trust.anchors != nullptr &&
              options.trust.profile != nullptr);
  options.addresses.limits.patience = options.limits.resolve;
  options.addresses.limits.stop = options.stop;
  auto state = std::make_unique<State>(std::move(options));
  if (const auto& given = state->options.identity) {
    std::vector<Bytes> chain;
    for (const x509::CertificatePtr& certificate : given->chain) {
      chain.push_back(certificate->der);
    }
    MEDIC_TRY(state->identity, probe::parse_identity(chain, given->key.view()));
  }
  return std::unique_ptr<Client>(new Client(std::move(state)));
}

std::vector<Outcome> Client::send(std::span<const Request> requests) {
  State& state = *state_;
  state.tasks.clear();
  state.loop.restart();
  state.loop.poll();  // what happened to kept connections meanwhile
  state.open_tasks = requests.size();
  for (const Request& request : requests) {
    auto task = std::make_unique<Task>();
    task->request = &request;
    task->method = request.method;
    task->url = request.url;
    task->body = request.body.empty() ? nullptr : &request.body;
    state.tasks.push_back(std::move(task));
  }
  for (const std::unique_ptr<Task>& task : state.tasks) {
    state.enqueue(*task);
  }
  const Instant end = std::chrono::steady_clock::now() + state.options.limits.total;
  while (state.open_tasks > 0) {
    const Instant now = std::chrono::steady_clock::now();
    if (state.stopped()) {
      state.give_up(FailureKind::Stopped, {});
    } else if (now >= end) {
      state.give_up(FailureKind::Timeout, "the whole request");
    } else {
      state.loop.restart();
      state.loop.run_one_for(std::min(kStopCheck, std::chrono::ceil<milliseconds>(end - now)));
    }
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(state.tasks.size());
  for (const std::unique_ptr<Task>& task : state.tasks) {
    outcomes.push_back(std::move(task->outcome));
  }
  return outcomes;
}

}  // namespace medic::request
