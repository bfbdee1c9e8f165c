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

bool is_trace(const Squeezed& text, const Hit& a, const Hit& b) {
  const std::size_t begin = std::min(a.found.end, b.found.end);
  const std::size_t end = std::max(a.found.begin, b.found.begin);
  if (begin >= end) {
    return true;
  }
  constexpr std::array<std::string_view, 7> kTraces = {"causedby",
                                                       "duringhandlingof",
                                                       "directcauseof",
                                                       "tracebackmostrecent",
                                                       "traceback(mostrecent",
                                                       "innerexception",
                                                       "file\""};
  const std::string_view between = std::string_view(text.chars).substr(begin, end - begin);
  return std::any_of(kTraces.begin(), kTraces.end(), [&](std::string_view word) {
    return between.find(word) != std::string_view::npos;
  });
}

bool belongs(const Squeezed& text, const Hit& a, const Hit& b) {
  const std::size_t far = distance(a, b);
  return far <= kNear || (far <= kNearInTrace && is_trace(text, a, b));
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

// A reason that another one beside it explains better: nested in the same message, or overlapping.
bool outdone(const Hit& hit, const std::vector<Hit>& hits, std::size_t from, const Squeezed& text) {
  for (std::size_t i = from; i < hits.size(); ++i) {
    const Hit& other = hits[i];
    if (&other == &hit || !is_reason(other)) {
      continue;
    }
    if (other.found.begin > hit.found.end + kSameMessage) {
      return false;
    }
    const bool overlap = distance(hit, other) == 0;
    const bool same_message =
        overlap || (distance(hit, other) <= kSameMessage && !on_other_line(text, hit, other));
    if (!same_message) {
      continue;
    }
    // One print may hold several patterns of a signature: a number and its words.
    if (other.signature == hit.signature && other.pattern != hit.pattern &&
        other.found.begin < hit.found.begin) {
      return true;
    }
    if (other.signature->specificity > hit.signature->specificity) {
      return true;
    }
    // Of equals that overlap, the longer says more.
    if (overlap && other.signature->specificity == hit.signature->specificity &&
        other.found.end - other.found.begin > hit.found.end - hit.found.begin) {
      return true;
    }
  }
  return false;
}

std::vector<Group> reasons(const std::vector<Hit>& hits, const Squeezed& text) {
  std::vector<Group> groups;
  std::size_t from = 0;  // hits before it end too far away to matter
  for (const Hit& hit : hits) {
    while (hits[from].found.end + kSameMessage < hit.found.begin) {
      ++from;
    }
    if (is_reason(hit) && !outdone(hit, hits, from, text)) {
      groups.push_back({.reason = &hit, .others = {}});
    }
  }
  return groups;
}

// The group whose reason stands nearest to `hit`, or null.
Group* nearest(std::vector<Group>& groups, const Hit& hit, const Squeezed& text) {
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
  return best != nullptr && belongs(text, *best->reason, hit) ? best : nullptr;
}

// Words that only say "failed": the most specific of those that stand together is the reason.
void add_weak(std::vector<Group>& groups, const std::vector<const Hit*>& weak,
              const Squeezed& text) {
  std::vector<Group> own;
  for (const Hit* hit : weak) {
    if (own.empty() || !belongs(text, *own.back().reason, *hit)) {
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
  std::vector<Group> groups = reasons(hits, text);
  std::vector<const Hit*> weak;
  std::vector<const Hit*> frames;
  for (const Hit& hit : hits) {
    if (!has_symptom(hit)) {
      frames.push_back(&hit);
    } else if (Group* group = nearest(groups, hit, text); group != nullptr) {
      if (group->reason != &hit) {
        group->others.push_back(&hit);
      }
    } else {
      weak.push_back(&hit);
    }
  }
  add_weak(groups, weak, text);
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.reason->found.begin < b.reason->found.begin;
  });
  for (const Hit* frame : frames) {
    if (Group* group = nearest(groups, *frame, text); group != nullptr) {
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
