// Version and cipher would do; the group is the only thing that the two do not share.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("other-groups");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Server;
  found.subject = cure->subject;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_no_common_curve{.id = "no-common-curve", .match = match};

}  // namespace medic::diagnose
