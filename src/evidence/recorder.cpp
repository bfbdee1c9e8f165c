#include "evidence/recorder.h"

#include <algorithm>
#include <utility>

namespace medic::evidence {
namespace {

const Resolution* kept_resolution(const Case& c, const std::string& host, AddressFamily family) {
  const auto at = std::ranges::find_if(
      c.resolutions, [&](const Resolution& r) { return r.host == host && r.family == family; });
  return at == c.resolutions.end() ? nullptr : &*at;
}

const Handshake* kept_handshake(const Case& c, const ProbeSpec& spec) {
  const auto at =
      std::ranges::find_if(c.handshakes, [&](const Handshake& h) { return h.spec == spec; });
  return at == c.handshakes.end() ? nullptr : &*at;
}

const Fetched* kept_fetch(const Case& c, const FetchQuestion& question) {
  const auto at = std::ranges::find_if(c.fetches, [&](const FetchRecord& record) {
    return record.question.url == question.url && record.question.body == question.body &&
           record.question.address == question.address;
  });
  return at == c.fetches.end() ? nullptr : &at->answer;
}

}  // namespace

Resolution Recorder::resolve(const std::string& host, AddressFamily family) {
  if (const Resolution* kept = kept_resolution(case_, host, family)) {
    return *kept;
  }
  case_.resolutions.push_back(world_.resolve(host, family));
  return case_.resolutions.back();
}

std::vector<std::optional<Handshake>> Recorder::handshakes(std::span<const ProbeSpec> specs) {
  std::vector<std::optional<Handshake>> answers(specs.size());
  std::vector<ProbeSpec> missing;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (const Handshake* kept = kept_handshake(case_, specs[i])) {
      answers[i] = *kept;
    } else {
      missing.push_back(specs[i]);
      places.push_back(i);
    }
  }
  if (missing.empty()) {
    return answers;
  }
  std::vector<std::optional<Handshake>> fresh = world_.handshakes(missing);
  for (std::size_t i = 0; i < fresh.size() && i < places.size(); ++i) {
    std::optional<Handshake>& answer = fresh[i];
    if (answer.has_value()) {
      case_.handshakes.push_back(answer.value());
    }
    answers[places[i]] = std::move(answer);
  }
  return answers;
}

Fetched Recorder::fetch(const FetchQuestion& question) {
  if (const Fetched* kept = kept_fetch(case_, question)) {
    return *kept;
  }
  case_.fetches.push_back({.question = question, .answer = world_.fetch(question)});
  return case_.fetches.back().answer;
}

Resolution Replay::resolve(const std::string& host, AddressFamily family) {
  if (const Resolution* kept = kept_resolution(case_, host, family)) {
    return *kept;
  }
  return {.host = host, .family = family, .error = "not in the case file", .answered = false};
}

std::vector<std::optional<Handshake>> Replay::handshakes(std::span<const ProbeSpec> specs) {
  std::vector<std::optional<Handshake>> answers;
  answers.reserve(specs.size());
  for (const ProbeSpec& spec : specs) {
    const Handshake* kept = kept_handshake(case_, spec);
    answers.push_back(kept != nullptr ? std::optional(*kept) : std::nullopt);
  }
  return answers;
}

Fetched Replay::fetch(const FetchQuestion& question) {
  if (const Fetched* kept = kept_fetch(case_, question)) {
    return *kept;
  }
  return {.url = question.url, .error = "not in the case file", .answered = false};
}

}  // namespace medic::evidence
