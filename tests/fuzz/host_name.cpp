// Name matching: the octets before the first line end are the certificate's, the rest is the host.
// The port of OpenSSL's rules is compared with OpenSSL itself.

#include "x509/host_name.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/check.h"

namespace {

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

bool openssl_says(std::string_view pattern, std::string_view host, unsigned int flags) {
  const X509Pointer certificate(X509_new(), &X509_free);
  GENERAL_NAMES* const names = GENERAL_NAMES_new();
  GENERAL_NAME* const name = GENERAL_NAME_new();
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, pattern.data(), static_cast<int>(pattern.size()));
  GENERAL_NAME_set0_value(name, GEN_DNS, text);
  sk_GENERAL_NAME_push(names, name);
  X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
  GENERAL_NAMES_free(names);
  return X509_check_host(certificate.get(), host.data(), host.size(), flags, nullptr) == 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using medic::x509::PartialWildcards;
  const std::string_view text = medic::as_text({data, size});
  const std::size_t end = text.find('\n');
  if (size > 512 || end == std::string_view::npos) {
    return 0;
  }
  const std::string_view pattern = text.substr(0, end);
  const std::string_view host = text.substr(end + 1);
  medic::x509::dns_name_matches(pattern, host);
  medic::x509::parse_ip_literal(host);
  // X509_check_host refuses a host with a zero octet and measures an empty one by itself.
  if (!host.empty() && host.find('\0') == std::string_view::npos) {
    MEDIC_CHECK(medic::x509::openssl_name_matches(pattern, host, PartialWildcards::Allowed) ==
                openssl_says(pattern, host, 0));
    MEDIC_CHECK(medic::x509::openssl_name_matches(pattern, host, PartialWildcards::Refused) ==
                openssl_says(pattern, host, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS));
  }
  return 0;
}
