#include "catalogue/vendors.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace medic::catalogue {
namespace {

struct VendorCase {
  std::string_view issuer;
  std::string_view name;  // empty: nobody
  std::string_view why;
};

constexpr VendorCase kCases[] = {
    {"C=KR, O=SOOSAN INT, CN=ePrism SSL", "SOOSAN INT ePrism SSL", "as quoted in issue threads"},
    {"CN=ePrism SSL", "SOOSAN INT ePrism SSL", "the common name alone"},
    {"C = KR, O = Somansa, CN = Somansa Root CA", "Somansa", "OpenSSL's spacing"},
    {"O=소만사, CN=Root", "Somansa", "the name in Hangul"},
    {"CN=모니터랩 루트 인증서", "MONITORAPP", "Hangul followed by more Hangul"},
    {"CN=ZSCALER ROOT CA, O=Zscaler Inc.", "Zscaler", "either case"},
    {"CN=Zscaler Intermediate Root CA (zscalertwo.net) (t)", "Zscaler", "an intermediate"},
    {"CN=avast! Web/Mail Shield Root, O=Avast", "Avast", "the older spelling"},
    {"CN=Norton Web/Mail Shield Root", "Norton", "the same engine under another name"},
    {"CN=ESET SSL Filter CA, O=ESET, spol. s r. o., C=SK", "ESET", "antivirus"},
    {"CN=DO_NOT_TRUST_FiddlerRoot, OU=Created by http://www.fiddler2.com", "Fiddler", "tool"},
    {"CN=FG100F0000000000, O=Fortinet, OU=Certificate Authority", "Fortinet FortiGate", "by O"},
    {"CN=Preset Widgets CA", "", "'eset' inside another word"},
    {"CN=unavastable", "", "a name inside another word"},
    {"C=US, O=DigiCert Inc, CN=DigiCert Global Root G2", "", "a public authority"},
    {"C=US, O=Cloudflare, Inc., CN=Cloudflare TLS Issuing ECC CA 1", "",
     "Cloudflare's ordinary issuer is no gateway"},
    {"C=US, O=Symantec Corporation, CN=Symantec Class 3 Secure Server CA - G4", "",
     "a former public authority"},
    {"CN=Example Root CA", "", "nobody in particular"},
    {"", "", "empty"},
};

TEST(Vendors, AreRecognisedByTheIssuerAndNobodyElseIs) {
  for (const VendorCase& c : kCases) {
    SCOPED_TRACE(std::string(c.issuer) + ": " + std::string(c.why));
    const std::optional<Vendor> vendor = recognise(c.issuer);
    EXPECT_EQ(vendor ? vendor->name : "", c.name);
  }
}

TEST(Vendors, EveryEntryHasItsOwnNameAndIsFoundByEachOfItsPatterns) {
  std::set<std::string> names;
  for (const Vendor& vendor : all_vendors()) {
    EXPECT_TRUE(names.insert(vendor.name).second) << vendor.name;
    EXPECT_FALSE(vendor.source.empty()) << vendor.name;
    for (const std::string& pattern : vendor.patterns) {
      const std::optional<Vendor> found = recognise("CN=" + pattern + " CA");
      EXPECT_EQ(found ? found->name : "", vendor.name) << pattern;
    }
  }
  EXPECT_GE(names.size(), 40U);
}

TEST(Vendors, ADocumentedOrReportedNameIsKnownForTheTwoCommonKoreanBoxes) {
  for (const std::string_view issuer : {"O=SOOSAN INT", "O=Somansa"}) {
    const std::optional<Vendor> vendor = recognise(issuer);
    EXPECT_EQ(vendor ? vendor->confidence : "", "reported") << issuer;
    EXPECT_EQ(vendor ? vendor_kind_id(vendor->kind) : "", "appliance") << issuer;
  }
}

}  // namespace
}  // namespace medic::catalogue
