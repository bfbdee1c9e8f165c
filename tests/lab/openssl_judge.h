#pragma once

// OpenSSL's own reader and verifier, as the outside judge of what the lab makes.

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace medic::lab {

struct Judgement {
  int error = 0;  // X509_V_ERR_*; 0: accepted
  int depth = 0;
  std::string text;
};

struct JudgeOptions {
  bool strict = false;  // X509_V_FLAG_X509_STRICT
  int security_level = 2;
  std::vector<Bytes> crls;  // DER; not empty: X509_V_FLAG_CRL_CHECK
};

// `chain` leaf first; `roots_pem` may be empty; `host` a DNS name or an IP, empty: not checked.
Judgement openssl_judgement(const std::vector<Bytes>& chain, const std::string& roots_pem,
                            const std::string& host, Time at, const JudgeOptions& options = {});

// The certificates of a PEM text, DER.
std::vector<Bytes> pem_certificates(const std::string& pem);

}  // namespace medic::lab
