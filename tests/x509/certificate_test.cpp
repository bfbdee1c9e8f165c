#include "x509/certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace medic::x509 {
namespace {
TEST(Certificate, Smoke) {
  for (const auto& entry :
       std::filesystem::directory_iterator("/usr/share/ca-certificates/mozilla")) {
    FILE* f = fopen(entry.path().c_str(), "r");
    X509* x = PEM_read_X509(f, nullptr, nullptr, nullptr);
    fclose(f);
    unsigned char* der = nullptr;
    const int n = i2d_X509(x, &der);
    const auto c = parse_certificate({der, static_cast<std::size_t>(n)});
    ASSERT_TRUE(c.has_value()) << entry.path() << c.error().what;
    const unsigned char* canon = nullptr;
    (void)canon;
    OPENSSL_free(der);
    X509_free(x);
  }
}
}  // namespace
}  // namespace medic::x509
