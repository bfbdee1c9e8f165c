#include "explain/grouping.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "explain/matcher.h"
#include "explain/signature.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

// Words this specific give a reason; weaker ones only say that something failed.
constexpr int kReason = 60;
// Characters without blanks between words of one failure: a few lines.
constexpr std::size_t kNear = 700;
// The same across the frames of a stack trace or a chained exception.
constexpr std::size_t kNearInTrace = 6000;
// The same where a weak word and its reason come from one library: it prints a whole session.
constexpr std::size_t kNearInSession = 3000;
// Words of one message: nested exceptions print the outer and the inner reason side by side.
constexpr std::size_t kSameMessage = 250;

bool has_symptom(const Hit& hit) {
  return !hit.signature->symptom.empty();
}

std::size_t distance(const Hit& a, const Hit& b) {
  const Hit& first = a.found.begin <= b.found.begin ? a : b;
  const Hit& second = &first == &a ? b : a;
  return second.found.begin > first.found.end ? second.found.begin - first.found.end : 0;
}

// Where a text says that one exception led to another: the beginnings of such words, in order.
class Traces {
 public:
  explicit Traces(const Squeezed& text) {
    constexpr std::array<std::string_view, 7> kWords = {"causedby",
                                                        "duringhandlingof",
                                                        "directcauseof",
                                                        "tracebackmostrecent",
                                                        "traceback(mostrecent",
                                                        "innerexception",
                                                        "file\""};
    for (const std::string_view word : kWords) {
      for (std::size_t at = text.chars.find(word); at != std::string::npos;
           at = text.chars.find(word, at + word.size())) {
        begins_.push_back(at);
      }
    }
    std::sort(begins_.begin(), begins_.end());
  }

  // Whether such words stand between the two, or nothing does.
  [[nodiscard]] bool between(const Hit& a, const Hit& b) const {
    const std::size_t begin = std::min(a.found.end, b.found.end);
    const std::size_t end = std::max(a.found.begin, b.found.begin);
    if (begin >= end) {
      return true;
    }
    const auto word = std::lower_bound(begins_.begin(), begins_.end(), begin);
    return word != begins_.end() && *word < end;
  }

 private:
  std::vector<std::size_t> begins_;
};

// One of the two only says "failed", and both are words of one library.
bool is_one_session(const Hit& a, const Hit& b) {
  return !a.signature->library.empty() && a.signature->library == b.signature->library &&
         std::min(a.signature->specificity, b.signature->specificity) < kReason;
}

bool belongs(const Traces& traces, const Hit& a, const Hit& b) {
  const std::size_t far = distance(a, b);
  return far <= kNear || (far <= kNearInSession && is_one_session(a, b)) ||
         (far <= kNearInTrace && traces.between(a, b));
}

// Whether a line ended between the two.
bool on_other_line(const Squeezed& text, const Hit& a, const Hit& b) {
  const std::size_t begin = std::min(a.found.begin, b.found.begin);
  const std::size_t end = std::max(a.found.begin, b.found.begin);
  return std::any_of(text.gaps.begin() + static_cast<std::ptrdiff_t>(begin + 1),
                     text.gaps.begin() + static_cast<std::ptrdiff_t>(std::max(begin + 1, end + 1)),
                     [](Gap gap) { return gap == Gap::Line; });
}

bool is_reason(const Hit& hit) {
  return has_symptom(hit) && hit.signature->specificity >= kReason && !hit.cut;
}

// The outer exception of a chain, printed behind the inner one, may say more: whose proxy it is.
bool says_more_in_chain(const Hit& other, const Hit& hit, const Traces& traces) {
  return other.signature->specificity > hit.signature->specificity &&
         other.found.begin > hit.found.end && traces.between(hit, other);
}

// Of two in one message.
bool says_more_in_message(const Hit& other, const Hit& hit, const Squeezed& text) {
  const bool overlap = distance(hit, other) == 0;
  if (!overlap && (distance(hit, other) > kSameMessage || on_other_line(text, hit, other))) {
    return false;
  }
  // One print may hold several patterns of a signature: a number and its words.
  if (other.signature == hit.signature && other.pattern != hit.pattern &&
      other.found.begin < hit.found.begin) {
    return true;
  }
  if (other.signature->specificity != hit.signature->specificity) {
    return other.signature->specificity > hit.signature->specificity;
  }
  // Of equals that overlap, the longer says more.
  return overlap && other.found.end - other.found.begin > hit.found.end - hit.found.begin;
}

// A reason that another one beside it explains better.
bool outdone(const Hit& hit, const std::vector<Hit>& hits, std::size_t from, const Squeezed& text,
             const Traces& traces) {
  for (std::size_t i = from; i < hits.size(); ++i) {
    const Hit& other = hits[i];
    if (other.found.begin > hit.found.end + kNearInTrace) {
      return false;
    }
    if (&other != &hit && is_reason(other) &&
        (says_more_in_chain(other, hit, traces) || says_more_in_message(other, hit, text))) {
      return true;
    }
  }
  return false;
}

std::vector<Group> reasons(const std::vector<Hit>& hits, const Squeezed& text,
                           const Traces& traces) {
  std::vector<Group> groups;
  std::size_t from = 0;  // hits before it end too far away to matter
  for (const Hit& hit : hits) {
    while (hits[from].found.end + kSameMessage < hit.found.begin) {
      ++from;
    }
    if (is_reason(hit) && !outdone(hit, hits, from, text, traces)) {
      groups.push_back({.reason = &hit, .others = {}});
    }
  }
  return groups;
}

// The group whose reason stands nearest to `hit`, or null.
Group* nearest(std::vector<Group>& groups, const Hit& hit, const Traces& traces) {
  const auto after = std::lower_bound(
      groups.begin(), groups.end(), hit.found.begin,
      [](const Group& group, std::size_t begin) { return group.reason->found.begin < begin; });
  Group* best = nullptr;
  if (after != groups.begin()) {
    best = &*(after - 1);
  }
  if (after != groups.end() &&
      (best == nullptr || distance(*after->reason, hit) < distance(*best->reason, hit))) {
    best = &*after;
  }
  return best != nullptr && belongs(traces, *best->reason, hit) ? best : nullptr;
}

// Words that only say "failed": the most specific of those that stand together is the reason.
void add_weak(std::vector<Group>& groups, const std::vector<const Hit*>& weak,
              const Traces& traces) {
  std::vector<Group> own;
  for (const Hit* hit : weak) {
    if (own.empty() || !belongs(traces, *own.back().reason, *hit)) {
      own.push_back({.reason = hit, .others = {}});
      continue;
    }
    Group& group = own.back();
    const bool better = hit->signature->specificity > group.reason->signature->specificity;
    group.others.push_back(better ? group.reason : hit);
    group.reason = better ? hit : group.reason;
  }
  groups.insert(groups.end(), own.begin(), own.end());
}

}  // namespace

std::vector<Group> grouped(const std::vector<Hit>& hits, const Squeezed& text) {
  if (hits.empty()) {
    return {};
  }
  const Traces traces(text);
  std::vector<Group> groups = reasons(hits, text, traces);
  std::vector<const Hit*> weak;
  std::vector<const Hit*> frames;
  for (const Hit& hit : hits) {
    if (!has_symptom(hit)) {
      frames.push_back(&hit);
    } else if (Group* group = nearest(groups, hit, traces); group != nullptr) {
      if (group->reason != &hit) {
        group->others.push_back(&hit);
      }
    } else {
      weak.push_back(&hit);
    }
  }
  add_weak(groups, weak, traces);
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.reason->found.begin < b.reason->found.begin;
  });
  for (const Hit* frame : frames) {
    if (Group* group = nearest(groups, *frame, traces); group != nullptr) {
      group->others.push_back(frame);
    }
  }
  for (Group& group : groups) {
    const Hit& reason = *group.reason;
    group.repeats = static_cast<std::size_t>(
        std::count_if(group.others.begin(), group.others.end(), [&](const Hit* hit) {
          return hit->signature == reason.signature && hit->pattern == reason.pattern;
        }));
  }
  return groups;
}

}  // namespace medic::explain
