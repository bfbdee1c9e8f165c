#pragma once

// The JSON fields of installed clients, in the manner of case_json.cpp: each record lists its
// fields once, and the same list writes and reads.

#include <concepts>
#include <type_traits>

#include "evidence/client_facts.h"

namespace medic::evidence {

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, BrokenSetting>
void fields(V& v, T& s) {
  v("rule", s.rule);
  v("path", s.path);
  v("trouble", s.trouble);
  v("place", s.place);
  v("fatal", s.fatal);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ClientProblem>
void fields(V& v, T& p) {
  v("cause", p.cause);
  v("subject", p.subject);
  v("rule", p.rule);
  v("place", p.place);
  v("reason", p.reason);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, TrialFacts>
void fields(V& v, T& t) {
  v("verdict", t.verdict);
  v("said", t.said);
  v("address", t.address);
  v("took_ms", t.took_ms);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ClientFacts>
void fields(V& v, T& c) {
  v("id", c.id);
  v("kind", c.kind);
  v("version", c.version);
  v("profile", c.profile);
  v("store", c.store);
  v("rule", c.rule);
  v("verifies", c.verifies);
  v("broken", c.broken);
  v("repaired_store", c.repaired_store);
  v("old_edition", c.old_edition);
  v("problems", c.problems);
  v("trial", c.trial);
}

}  // namespace medic::evidence
