#include "trust/admission.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "lab/certificate_maker.h"
#include "trust/anchors.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

using lab::KeyKind;
using lab::Recipe;

const Time kAt = *parse_time("2027-03-01T12:00:00Z");

struct AdmissionCase {
  std::string_view refused;  // id; empty: a usable root
  std::function<void(Recipe&)> change;
  KeyKind key = KeyKind::P256;
  std::string_view why;
};

TEST(Admission, OnlyAUsableRootMayBecomeOne) {
  const AdmissionCase cases[] = {
      {"", [](Recipe&) {}, KeyKind::P256, "what a CA of today makes"},
      {"", [](Recipe& r) { r.not_after = kAt; }, KeyKind::P256, "the last second still counts"},
      {"expired", [](Recipe& r) { r.not_after = kAt - std::chrono::seconds(1); }, KeyKind::P256,
       "the first second after it does not"},
      {"not-yet-valid", [](Recipe& r) { r.not_before = kAt + std::chrono::hours(1); },
       KeyKind::P256, "a clock or a CA is wrong"},
      {"no-basic-constraints", [](Recipe& r) { r.basic_constraints.reset(); }, KeyKind::P256,
       "OpenSSL would take it, Java and Go would not"},
      {"not-a-ca", [](Recipe& r) { r.basic_constraints = x509::BasicConstraints{.ca = false}; },
       KeyKind::P256, "a server's own certificate"},
      {"intermediate", [](Recipe& r) { r.issuer = lab::common_name("Somebody Else"); },
       KeyKind::P256, "its issuer is another"},
      {"key-usage", [](Recipe& r) { r.key_usage = x509::KeyUsage{.bits = x509::kCrlSign}; },
       KeyKind::P256, "it may not sign certificates"},
      {"weak-key", [](Recipe&) {}, KeyKind::Rsa1024, "1024 bits can be factored"},
      {"", [](Recipe&) {}, KeyKind::Rsa2048, "2048 bits are the least"},
  };
  for (const AdmissionCase& c : cases) {
    SCOPED_TRACE(c.why);
    Recipe recipe = lab::root_recipe("Corp Root", kAt);
    c.change(recipe);
    const lab::Identity root = lab::make_self_signed(recipe, lab::shared_keys().key(c.key, 1));
    const auto why = refusal(**x509::parse_certificate(root.der), kAt);
    EXPECT_EQ(why ? why->id : "", c.refused);
  }
}

TEST(Admission, ARootThatDidNotSignItselfIsRefused) {
  const Recipe recipe = lab::root_recipe("Corp Root", kAt);
  const lab::Identity root =
      lab::make_self_signed(recipe, lab::shared_keys().key(KeyKind::P256, 1));
  // Same names, another key: issuer and subject are equal and the signature is not its own.
  const lab::Identity forged =
      lab::make_certificate(recipe, lab::shared_keys().key(KeyKind::P256, 2), root);
  const auto why = refusal(**x509::parse_certificate(forged.der), kAt);
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(why->id, "not-its-own-signature");
}

TEST(Admission, FingerprintsAreReadAsPeopleWriteThem) {
  const std::string digits = "d7a7a0fb5d7e2731d771e9484ebcdef71d5f0c3e0a2948782bc83ee0ea699ef4";
  struct Row {
    std::string text;
    bool good;
    std::string_view why;
  };
  const Row rows[] = {
      {digits, true, "ours"},
      {"D7:A7:A0:FB:5D:7E:27:31:D7:71:E9:48:4E:BC:DE:F7:1D:5F:0C:3E:0A:29:48:78:2B:C8:3E:E0:EA:69:"
       "9E:F4",
       true, "OpenSSL's and keytool's"},
      {"sha256:" + digits, true, "with the algorithm"},
      {"SHA256 Fingerprint=" + digits, false, "words are no digits"},
      {digits.substr(1), false, "a digit is missing"},
      {digits + "0", false, "a digit too many"},
      {"zz" + digits.substr(2), false, "not hexadecimal"},
      {"d1eb23a46d17d68fd92564c2f1f1601764d8e349", false, "SHA-1, as Windows prints it"},
      {"", false, "nothing"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    const auto read = parse_fingerprint(row.text);
    EXPECT_EQ(read.has_value(), row.good);
    if (read) {
      EXPECT_EQ(hex(*read), digits);
      EXPECT_EQ(*parse_fingerprint(fingerprint_text(*read)), *read);
    }
  }
  EXPECT_NE(
      parse_fingerprint("d1eb23a46d17d68fd92564c2f1f1601764d8e349").error().what.find("SHA-1"),
      std::string::npos);
}

TEST(Admission, AFileIsTakenWholeOrNotAtAll) {
  const auto root = [](std::string_view name, int number) {
    return lab::make_self_signed(
        lab::root_recipe(name, kAt),
        lab::shared_keys().key(KeyKind::P256, static_cast<std::size_t>(number)));
  };
  const lab::Identity first = root("First Root", 1);
  const lab::Identity second = root("Second Root", 2);
  const std::string both = lab::certificate_pem(first) + lab::certificate_pem(second);
  const Sha256 one = (*x509::parse_certificate(first.der))->fingerprint;
  const Sha256 other = (*x509::parse_certificate(second.der))->fingerprint;
  const Sha256 only_one[] = {one};
  const Sha256 all[] = {one, other};
  EXPECT_EQ(admitted(as_bytes(both), "roots.pem", all, kAt)->size(), 2U);
  const auto half = admitted(as_bytes(both), "roots.pem", only_one, kAt);
  ASSERT_FALSE(half.has_value());
  EXPECT_NE(half.error().what.find("Second Root"), std::string::npos);
  EXPECT_NE(half.error().next_step.find(hex(other)), std::string::npos);
  EXPECT_FALSE(admitted(as_bytes("words"), "roots.pem", all, kAt).has_value());
  const std::string damaged = both.substr(0, both.size() - 40);
  EXPECT_FALSE(admitted(as_bytes(damaged), "roots.pem", all, kAt).has_value());
}

}  // namespace
}  // namespace medic::trust
