#pragma once

// OpenSSL's own verifier over one question: certificates are parsed once, then asked for any number
// of profiles. Never on a hot path.

#include <memory>
#include <utility>
#include <vector>

#include "verify/verify.h"

namespace medic::verify {

class OpensslReference {
 public:
  // Keeps a reference to `question`.
  explicit OpensslReference(const Question& question);
  ~OpensslReference();
  OpensslReference(const OpensslReference&) = delete;
  OpensslReference& operator=(const OpensslReference&) = delete;
  OpensslReference(OpensslReference&&) = delete;
  OpensslReference& operator=(OpensslReference&&) = delete;

  // What a client with this profile reports; the profile of the question is not looked at.
  [[nodiscard]] ReferenceVerdict verdict(const profiles::Profile& profile) const;
  // (X509_V_ERR_*, depth) of every error, going on after each: the order of OpenSSL's checks.
  [[nodiscard]] std::vector<std::pair<int, int>> errors(const profiles::Profile& profile) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
  const Question& question_;
};

}  // namespace medic::verify
