#include "tests/x509/made_certificate.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace medic::x509 {

KeyPointer made_key(const char* type, const char* group, int bits) {
  const std::string_view name(type);
  EVP_PKEY* key = nullptr;
  if (name == "EC") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, type, group);
  } else if (name == "RSA") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, type, static_cast<std::size_t>(bits));
  } else if (name == "RSA-PSS") {
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
    EVP_PKEY_keygen_init(context);
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits);
    EVP_PKEY_keygen(context, &key);
    EVP_PKEY_CTX_free(context);
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, type);
  }
  return {key, &EVP_PKEY_free};
}

X509Pointer unsigned_certificate(EVP_PKEY* key, std::string_view name) {
  X509Pointer certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "19700101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), "21000101000000Z");
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", V_ASN1_UTF8STRING,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

void sign_certificate(X509* certificate, EVP_PKEY* key, const char* digest, int pss_salt) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* key_context = nullptr;
  const EVP_MD* const md = *digest == '\0' ? nullptr : EVP_get_digestbyname(digest);
  EVP_DigestSignInit(context, &key_context, md, nullptr, key);
  if (pss_salt >= 0) {
    EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, pss_salt);
  }
  X509_sign_ctx(certificate, context);
  EVP_MD_CTX_free(context);
}

Bytes encoded(X509* certificate) {
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* at = der.data();
  i2d_X509(certificate, &at);
  return der;
}

std::vector<Bytes> system_roots() {
  std::vector<Bytes> roots;
  const std::filesystem::path directory("/usr/share/ca-certificates");
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    BIO* const file = BIO_new_file(path.c_str(), "r");
    if (file == nullptr) {
      continue;
    }
    const X509Pointer certificate(PEM_read_bio_X509(file, nullptr, nullptr, nullptr), &X509_free);
    BIO_free(file);
    if (certificate) {
      roots.push_back(encoded(certificate.get()));
    }
  }
  ERR_clear_error();
  return roots;
}

}  // namespace medic::x509
