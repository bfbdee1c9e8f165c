#include "explain/explain.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "explain/client.h"
#include "explain/code_page.h"
#include "explain/fold.h"
#include "explain/grouping.h"
#include "explain/likelihood.h"
#include "explain/matcher.h"
#include "explain/mention.h"
#include "explain/signature.h"
#include "explain/squeezed.h"
#include "explain/surroundings.h"
#include "explain/symptom.h"
#include "text/messages.h"

namespace medic::explain {
namespace {

// How far from its words a failure's host and its shifts are looked for.
constexpr std::size_t kReach = 1500;
constexpr std::size_t kExcerpt = 240;
// Signatures this specific tell a reason.
constexpr int kReason = 60;

const Hit* outermost(const Group& group) {
  const Hit* best = nullptr;
  int best_layer = 0;
  const auto consider = [&](const Hit* hit) {
    if (hit->signature->client.empty()) {
      return;
    }
    const Client* client = find_client(hit->signature->client);
    const int layer = client == nullptr ? 1 : client->layer;
    if (layer > best_layer) {
      best_layer = layer;
      best = hit;
    }
  };
  consider(group.reason);
  for (const Hit* hit : group.others) {
    consider(hit);
  }
  return best;
}

std::string library_of(const Group& group) {
  if (!group.reason->signature->library.empty()) {
    return group.reason->signature->library;
  }
  for (const Hit* hit : group.others) {
    if (!hit->signature->library.empty()) {
      return hit->signature->library;
    }
  }
  return "";
}

// A host that the group's own words captured, else the nearest one that is named.
HostSeen host_of(const Group& group, const Squeezed& text) {
  const auto captured = [](const Hit& hit) {
    const auto host = hit.found.captures.find("host");
    const auto port = hit.found.captures.find("port");
    return HostSeen{.host = host == hit.found.captures.end() ? "" : host->second,
                    .port = port == hit.found.captures.end() ? "" : port->second};
  };
  if (HostSeen seen = captured(*group.reason); !seen.host.empty()) {
    return seen;
  }
  for (const Hit* hit : group.others) {
    if (HostSeen seen = captured(*hit); !seen.host.empty()) {
      return seen;
    }
  }
  return host_near(text, group.reason->found.begin, group.reason->found.end, kReach);
}

std::vector<Likely> causes_of(const Group& group, const Symptom& symptom,
                              const Surroundings& around) {
  const Signature& signature = *group.reason->signature;
  if (signature.symptom == kHiddenSymptom && signature.hides == Hides::Nothing &&
      signature.causes.empty()) {
    return {};  // nothing failed, so nothing caused it
  }
  std::vector<const Shift*> shifts;
  for (const auto& list : {&symptom.shifts, &signature.shifts}) {
    for (const Shift& shift : *list) {
      shifts.push_back(&shift);
    }
  }
  return likelihoods(signature.causes.empty() ? symptom.causes : signature.causes, shifts, around);
}

// The commands whose places are all known; one that names nothing is for when nothing is known.
std::vector<std::string> next_steps(const Symptom& symptom, const Failure& failure) {
  text::Facts facts;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) {
      facts.emplace(name, value);
    }
  };
  add("host", failure.host);
  add("port", failure.port.empty() ? "443" : failure.port);
  add("client", failure.client);
  if (const Client* client = find_client(failure.client)) {
    add("profile", client->profile);
    add("installed", client->installed);
  }
  std::vector<std::string> steps;
  for (const std::string& command : symptom.next) {
    const std::vector<std::string> places = text::placeholders(command);
    if (!steps.empty() && command.find("HOST") != std::string::npos) {
      continue;
    }
    if (std::all_of(places.begin(), places.end(),
                    [&](const std::string& place) { return facts.contains(place); })) {
      steps.push_back(text::filled(command, facts));
    }
  }
  return steps;
}

class Explainer {
 public:
  Explainer(const Squeezed& text, std::string_view raw) : text_(text), raw_(raw) {}

  SetAside set_aside(const Hit& hit, SetAside::Why why) {
    return {.why = why,
            .symptom = hit.signature->symptom,
            .line = line_of(hit.found.begin),
            .excerpt = excerpt(hit)};
  }

  Failure failure(const Group& group) {
    const Hit& reason = *group.reason;
    Failure failure;
    failure.symptom = reason.signature->symptom;
    failure.signature = reason.signature->id;
    failure.library = library_of(group);
    if (const Hit* client = outermost(group)) {
      failure.client = client->signature->client;
    }
    HostSeen seen = host_of(group, text_);
    failure.host = std::move(seen.host);
    failure.port = std::move(seen.port);
    failure.line = line_of(reason.found.begin);
    failure.excerpt = excerpt(reason);
    failure.captures = reason.found.captures;
    add_notes(failure, group);
    if (const Symptom* symptom = find_symptom(failure.symptom)) {
      failure.hides = reason.signature->hides;
      failure.failure = symptom->failure || failure.hides != Hides::Nothing;
      failure.causes = causes_of(group, *symptom, around(failure, reason));
      if (!failure.causes.empty()) {
        failure.next = next_steps(*symptom, failure);
      }
    }
    return failure;
  }

 private:
  static void add_notes(Failure& failure, const Group& group) {
    const auto add = [&](const Hit& hit) {
      const Note* note = &hit.signature->note;
      if (!note->english.empty() &&
          std::find(failure.notes.begin(), failure.notes.end(), note) == failure.notes.end()) {
        failure.notes.push_back(note);
      }
    };
    add(*group.reason);
    if (group.reason->signature->specificity >= kReason) {
      return;  // what a frame hides was printed after all
    }
    for (const Hit* hit : group.others) {
      add(*hit);
    }
  }

  [[nodiscard]] Surroundings around(const Failure& failure, const Hit& reason) const {
    const std::size_t begin = reason.found.begin > kReach ? reason.found.begin - kReach : 0;
    const std::string_view near =
        std::string_view(text_.chars).substr(begin, reason.found.end + kReach - begin);
    const Client* client = find_client(failure.client);
    return {.client = failure.client,
            .library = failure.library,
            .host = failure.host,
            .system = std::string(system_of(near)),
            .server_side = client != nullptr && client->server_side,
            .text = near};
  }

  // Groups come in order, so each line end is counted once.
  std::size_t line_of(std::size_t at) {
    const std::size_t raw_at = text_.from[at];
    line_ += static_cast<std::size_t>(
        std::count(raw_.begin() + static_cast<std::ptrdiff_t>(std::min(counted_, raw_at)),
                   raw_.begin() + static_cast<std::ptrdiff_t>(raw_at), '\n'));
    counted_ = std::max(counted_, raw_at);
    return line_;
  }

  // The words, and their line around them as far as there is room, from word to word.
  [[nodiscard]] std::string excerpt(const Hit& hit) const {
    std::size_t begin = hit.found.begin;
    std::size_t end = std::min(hit.found.end, begin + kExcerpt);
    while (begin > 0 && text_.gaps[begin] != Gap::Line && end - begin < kExcerpt / 2) {
      --begin;
    }
    while (begin > 0 && begin < hit.found.begin && text_.gaps[begin] == Gap::None) {
      ++begin;
    }
    while (end < text_.chars.size() && text_.gaps[end] != Gap::Line && end - begin < kExcerpt) {
      ++end;
    }
    return text_.spaced(begin, end);
  }

  const Squeezed& text_;
  std::string_view raw_;
  std::size_t line_ = 1;
  std::size_t counted_ = 0;  // offset up to which line_ holds
};

}  // namespace

void name_host(Failure& failure, std::string host, std::string port) {
  failure.host = std::move(host);
  failure.port = std::move(port);
  const Symptom* symptom = find_symptom(failure.symptom);
  if (symptom != nullptr && !failure.next.empty()) {
    failure.next = next_steps(*symptom, failure);
  }
}

std::string_view why_id(SetAside::Why why) {
  switch (why) {
    case SetAside::Why::Documentation:
      return "documentation";
    case SetAside::Why::Code:
      return "code";
    case SetAside::Why::Recovered:
      return "recovered";
  }
  return "documentation";
}

bool Explanation::found() const {
  return std::any_of(failures.begin(), failures.end(),
                     [](const Failure& failure) { return failure.failure; });
}

namespace {

struct Reading {
  std::string text;
  Squeezed letters;
  std::vector<Hit> hits;
};

Result<Reading> reading_of(const Matcher& matcher, std::string text) {
  Reading reading{.text = std::move(text), .letters = {}, .hits = {}};
  reading.letters = squeezed(reading.text);
  MEDIC_TRY(reading.hits, matcher.hits(reading.letters));
  return reading;
}

// How much the words say: translated words stand in one code page only.
int evidence(const Reading& reading) {
  int sum = 0;
  for (const Hit& hit : reading.hits) {
    sum += hit.cut ? 0 : hit.signature->specificity;
  }
  return sum;
}

// The text as it is, or read in the code page in which it says more.
Result<Reading> best_reading(const Matcher& matcher, std::string_view text) {
  MEDIC_TRY(Reading best, reading_of(matcher, std::string(text)));
  if (is_utf8(text)) {
    return best;
  }
  for (const char* code_page : code_pages()) {
    std::optional<std::string> read = read_as(code_page, text);
    if (!read) {
      continue;
    }
    MEDIC_TRY(Reading reading, reading_of(matcher, *std::move(read)));
    if (evidence(reading) > evidence(best)) {
      best = std::move(reading);
    }
  }
  return best;
}

}  // namespace

Result<Explanation> explain_text(const Matcher& matcher, std::string_view text) {
  MEDIC_TRY(const Reading reading, best_reading(matcher, text));
  const Squeezed& letters = reading.letters;
  Explanation explanation;
  explanation.bytes = text.size();
  Explainer explainer(letters, reading.text);
  for (const Group& group : grouped(reading.hits, letters)) {
    if (const auto why = mention(letters, reading.text, *group.reason)) {
      if (explanation.set_aside.size() < kMostFailures) {
        explanation.set_aside.push_back(explainer.set_aside(*group.reason, *why));
      }
      continue;
    }
    Failure failure = explainer.failure(group);
    failure.count += group.repeats;
    fold(explanation, std::move(failure));
  }
  return explanation;
}

}  // namespace medic::explain
