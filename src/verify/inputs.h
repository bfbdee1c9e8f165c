#pragma once

// What an engine gets (the certificates as facts, the store as a cached view) and what it gives
// back.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "verify/signature_cache.h"
#include "verify/verify.h"

namespace medic::verify {

// A trust store seen through the cache: each subject is looked up once.
class StoreView {
 public:
  struct Entry {
    const CertificateFacts* facts = nullptr;
    std::string source;
  };

  StoreView(const trust::AnchorSet* anchors, SignatureCache& cache)
      : anchors_(anchors), cache_(cache) {}

  // Anchors whose subject has this name; in the order of the store.
  const std::vector<Entry>& by_subject(std::uint32_t name_id, const Bytes& canonical);
  // The anchor that is this very certificate, or null.
  const Entry* same(const CertificateFacts& certificate);

 private:
  const trust::AnchorSet* anchors_;
  SignatureCache& cache_;
  std::unordered_map<std::uint32_t, std::vector<Entry>> found_;
};

struct Inputs {
  const Question* question = nullptr;
  const profiles::Profile* profile = nullptr;
  SignatureCache* cache = nullptr;
  StoreView* store = nullptr;
  std::vector<const CertificateFacts*> sent;   // leaf first, as sent
  std::vector<const CertificateFacts*> extra;  // issuers known from elsewhere
  std::int64_t at = 0;                         // Unix seconds
};

// A broken rule before it is put into words. Both texts are literals.
struct Found {
  std::string_view id;      // of the public vocabulary
  std::string_view detail;  // key of data/messages/*/fault.toml without "fault."
  int depth = 0;
  const CertificateFacts* certificate = nullptr;
  int openssl_error = 0;
  std::string fact;  // what the sentence names beside the certificate; foreign text, not escaped
};

struct FoundPath {
  std::vector<const CertificateFacts*> chain;
  bool anchored = false;
  std::string anchor_source;
  bool aborted = false;  // OpenSSL gave up without asking its callback: the last fault says why
  std::vector<Found> faults;  // in the order the engine meets them
};

}  // namespace medic::verify
