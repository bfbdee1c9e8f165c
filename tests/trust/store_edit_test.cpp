#include "trust/store_edit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "lab/certificate_maker.h"
#include "trust/merged_bundle.h"
#include "trust/store.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

const Time kAt = *parse_time("2026-11-21T12:00:00Z");

x509::CertificatePtr made_root(std::string_view name, std::size_t key) {
  const lab::Identity root = lab::make_self_signed(lab::root_recipe(name, kAt),
                                                   lab::shared_keys().key(lab::KeyKind::P256, key));
  return *x509::parse_certificate(root.der);
}

const x509::CertificatePtr kCorp = made_root("Corp Root", 1);
const x509::CertificatePtr kOther = made_root("Other Root", 2);

MergedRoots both() {
  return {.roots = {{.certificate = kOther, .sources = {}}}, .left_out = {}};
}

std::string text_of(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

bool trusts(const std::string& bytes, const x509::Certificate& root, const std::string& password) {
  const Store store = read_store(as_bytes(bytes), "x", {.password = password});
  return std::ranges::any_of(store.anchors, [&](const Anchor& anchor) {
    return anchor.certificate->fingerprint == root.fingerprint;
  });
}

struct StoreRow {
  std::string name;
  std::string bytes;
  std::string password;
  bool exact;  // taking the root out again gives the very bytes
  std::string why;
};

std::vector<StoreRow> stores() {
  const std::string pem = x509::pem(*kOther);
  std::string crlf;
  for (const char c : pem) {
    crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  return {
      {"pem", pem, "", true, "the usual bundle"},
      {"commented", "# mine\n\n# Other\n" + pem + "\n# end\n", "", true, "comments stay"},
      {"crlf", crlf, "", true, "written on Windows"},
      {"no line end", pem.substr(0, pem.size() - 1), "", false, "the last line gets its end"},
      {"empty", "", "", true, "an empty bundle begins with its first root"},
      {"jks", text_of(jks_of(both(), "changeit", kAt)), "", true, "Java up to 8"},
      {"jks of its own password", text_of(jks_of(both(), "secret1", kAt)), "secret1", true,
       "the password is the person's"},
      {"p12", text_of(*pkcs12_of(both(), "changeit")), "", false, "a salt makes it new each time"},
  };
}

TEST(StoreEdit, PutsARootInAndTakesItOutAgain) {
  for (const StoreRow& row : stores()) {
    SCOPED_TRACE(row.name + ": " + row.why);
    const EditOptions options{.at = kAt, .password = row.password};
    const auto with = with_root(row.bytes, *kCorp, options);
    ASSERT_TRUE(with) << with.error().what;
    EXPECT_TRUE(trusts(*with, *kCorp, row.password));
    EXPECT_EQ(trusts(*with, *kOther, row.password), trusts(row.bytes, *kOther, row.password));
    EXPECT_EQ(*with_root(*with, *kCorp, options), *with) << "twice is once";
    const auto without = without_root(*with, kCorp->fingerprint, options);
    ASSERT_TRUE(without) << without.error().what;
    EXPECT_FALSE(trusts(*without, *kCorp, row.password));
    EXPECT_EQ(trusts(*without, *kOther, row.password), trusts(row.bytes, *kOther, row.password));
    if (row.exact) {
      EXPECT_EQ(*without, row.bytes);
    }
    EXPECT_EQ(*without_root(row.bytes, kCorp->fingerprint, options), row.bytes)
        << "what is not there is not taken out";
  }
}

TEST(StoreEdit, TakesTheCommentAboveARootWithIt) {
  const std::string other = "# Other Root\n# its fingerprint\n" + x509::pem(*kOther);
  const std::string bundle = other + "\n# Corp Root\n" + x509::pem(*kCorp) + "\n# a note\n";
  EXPECT_EQ(*without_root(bundle, kCorp->fingerprint, {.at = kAt}), other + "\n\n# a note\n");
  EXPECT_EQ(*without_root(x509::pem(*kCorp) + bundle, kCorp->fingerprint, {.at = kAt}),
            other + "\n\n# a note\n")
      << "every copy of it";
}

TEST(StoreEdit, RefusesWhatItWouldBreak) {
  std::string cut = text_of(jks_of(both(), "changeit", kAt));
  cut.resize(cut.size() / 2);
  const struct {
    std::string bytes;
    std::string why;
  } rows[] = {
      {text_of(jks_of(both(), "secret1", kAt)), "a keystore whose password is not known"},
      {text_of(*pkcs12_of(both(), "secret1")), "the same, PKCS#12"},
      {cut, "a keystore that is cut"},
      {"not a store at all\n", "a text"},
      {x509::pem(*kOther) + "-----BEGIN CERTIFICATE-----\nMIIB", "what is appended is not read"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    const auto with = with_root(row.bytes, *kCorp, {.at = kAt});
    ASSERT_FALSE(with && trusts(*with, *kCorp, ""));
    EXPECT_EQ(with.error().kind, ErrorKind::Usage);
  }
}

}  // namespace
}  // namespace medic::trust
