// What the URLs in a certificate answer: issuers (DER, PEM, PKCS#7), an OCSP response, a CRL. The
// certificate comes first, after its length in two octets; every URL gives the rest.

#include "verify/issuer_fetch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "verify/revocation.h"
#include "x509/certificate.h"

namespace {

class OneAnswer final : public medic::evidence::World {
 public:
  explicit OneAnswer(medic::ByteView body) : body_(body.begin(), body.end()) {}

  medic::evidence::Resolution resolve(const std::string& host,
                                      medic::evidence::AddressFamily family) override {
    return {.host = host, .family = family};
  }
  std::vector<std::optional<medic::evidence::Handshake>> handshakes(
      std::span<const medic::evidence::ProbeSpec> specs) override {
    return std::vector<std::optional<medic::evidence::Handshake>>(specs.size());
  }
  medic::evidence::Fetched fetch(const medic::evidence::FetchQuestion& question) override {
    ++asked;
    MEDIC_CHECK(question.url.starts_with("http://"));
    MEDIC_CHECK(!question.allow_private);
    return {.url = question.url, .status = 200, .body = body_};
  }

  std::size_t asked = 0;

 private:
  medic::Bytes body_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  const medic::ByteView bytes(data + 2, size - 2);
  const std::size_t length =
      std::min<std::size_t>(static_cast<std::size_t>(data[0]) << 8U | data[1], bytes.size());
  const auto certificate = medic::x509::parse_certificate(bytes.first(length));
  if (!certificate) {
    return 0;
  }
  const medic::Time at{std::chrono::seconds{1'790'000'000}};
  const medic::verify::FetchLimits limits;
  OneAnswer world(bytes.subspan(length));
  const auto issuers = medic::verify::fetch_issuers(world, {*certificate}, limits);
  MEDIC_CHECK(issuers.certificates.size() <= (medic::verify::kMaxIssuerSteps + 1) *
                                                 medic::verify::kMaxIssuersPerAnswer * limits.urls);
  const medic::x509::Certificate& issuer =
      issuers.certificates.empty() ? **certificate : *issuers.certificates.front();
  static_cast<void>(medic::verify::fetch_ocsp(world, **certificate, issuer, at, limits));
  std::vector<std::string> problems;
  static_cast<void>(medic::verify::fetch_crls(world, **certificate, limits, problems));
  MEDIC_CHECK(world.asked <= 40);
  return 0;
}
