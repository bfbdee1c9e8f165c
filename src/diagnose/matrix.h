#pragma once

// The matrix: client profiles x endpoints -> verdict. A cell says what one client would say of one
// endpoint, with every fault in the order that client meets them.

#include <cstddef>
#include <string>
#include <vector>

#include "profiles/profile.h"
#include "verify/verify.h"

namespace medic::diagnose {

enum class CellVerdict { Pass, Fail, Untested, NotApplicable };
std::string_view verdict_id(CellVerdict verdict);  // "pass", "fail", "untested", "not-applicable"

struct Cell {
  const profiles::Profile* profile = nullptr;
  std::size_t endpoint = 0;  // index into the bench's endpoints
  CellVerdict verdict = CellVerdict::Untested;
  // First: what the client reports. A handshake that does not finish is a fault too; its id is the
  // symptom's ("alert-unrecognized-name"), because the vocabulary has one word for both.
  std::vector<verify::Fault> faults;
  std::string why;    // for Untested and NotApplicable: a key of data/messages/*/diagnose.toml
  std::string store;  // id of the anchor set that was used
  // A row of an installed client: its id, the rule that chose its store, and what a trial of the
  // real one showed ("pass", "fail"; empty: none did) with its own words.
  std::string client;
  std::string rule;
  std::string observed;
  std::string said;
};

using Matrix = std::vector<Cell>;

// A fault's identity within one cell: its id, the finer rule, and the certificate it is about.
bool same_fault(const verify::Fault& a, const verify::Fault& b);
bool has_fault(const Cell& cell, std::string_view id);
// "expired", "expired,hostname-mismatch", "pass", "untested": for proofs.
std::string verdict_text(const Cell& cell);
// Whether a failure of this cell is an error (an installed or current client) or a warning (an old
// one).
inline bool counts_as_error(const Cell& cell) {
  return !cell.client.empty() || cell.profile->mainstream;
}
// "curl@/opt/bin/curl" for an installed client, else the profile's id.
inline const std::string& row_name(const Cell& cell) {
  return cell.client.empty() ? cell.profile->id : cell.client;
}
// Whether this client fails there: by its own word where it was run, else as simulated.
inline bool fails(const Cell& cell) {
  return cell.observed.empty() ? cell.verdict == CellVerdict::Fail : cell.observed == "fail";
}
// Whether a trial contradicts what was simulated.
inline bool disagrees(const Cell& cell) {
  return !cell.observed.empty() &&
         (cell.verdict == CellVerdict::Pass || cell.verdict == CellVerdict::Fail) &&
         cell.observed != verdict_id(cell.verdict);
}

}  // namespace medic::diagnose
