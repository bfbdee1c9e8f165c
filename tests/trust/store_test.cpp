#include "trust/store.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "text/messages.h"
#include "trust/hashed_directory.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

std::string data(const std::string& name) {
  return MEDIC_SOURCE_DIR "/tests/trust/data/" + name;
}

x509::CertificatePtr root(std::size_t index) {
  return mozilla_anchors()->all()[index].certificate;
}

Store read_text(std::string_view text) {
  return read_store(as_bytes(text), "bundle.pem");
}

std::string problems_of(const Store& store) {
  std::string text;
  for (const StoreProblem& problem : store.problems) {
    text += fmt::format("{}{}@{}", text.empty() ? "" : " ", problem.id, problem.place);
    const std::string sentence =
        text::message(text::Language::Korean, "store." + problem.id, problem.facts);
    EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
    EXPECT_FALSE(sentence.starts_with('[')) << sentence;
  }
  return text;
}

std::string utf16(std::string_view text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) {
    out += c;
    out += '\0';
  }
  return out;
}

struct FileCase {
  std::string file;
  std::string format;
  std::size_t anchors, untrusted, distrusted;
  std::string problems;
  std::string why;
};

TEST(Stores, MadeByTheRealToolsHoldWhatTheToolsPutThere) {
  const std::vector<FileCase> cases = {
      {"two.jks", "jks", 2, 0, 0, "", "trusted entries, integrity under 'changeit'"},
      {"secret.jceks", "jceks", 0, 0, 0, "keystore-secret-key@alias zkey",
       "nothing after a secret key can be read: here it comes first"},
      {"other-password.jks", "jks", 1, 0, 0, "keystore-digest@",
       "Java reads a JKS without its password; only its integrity is open"},
      {"key.jks", "jks", 0, 1, 0, "no-anchors@", "the chain beside a key is not trusted"},
      {"java.p12", "pkcs12", 1, 0, 0, "", "encrypted under 'changeit', marked by Java"},
      {"no-password.p12", "pkcs12", 1, 0, 0, "", "a JDK's cacerts since 18"},
      {"openssl.p12", "pkcs12", 0, 1, 0, "pkcs12-without-trust@",
       "Java finds no trusted certificate in what OpenSSL exports"},
      {"other-password.p12", "pkcs12", 0, 0, 0, "keystore-password@", "untested, not empty"},
      {"rc2.p12", "pkcs12", 0, 0, 0, "keystore-old-cipher@", "Java 8's cipher"},
      {"cert9.db", "nss", 1, 1, 1, "root-without-trust@nickname none", "C,, and ,, and p,,"},
  };
  for (const FileCase& one : cases) {
    SCOPED_TRACE(one.file + ": " + one.why);
    const auto bytes = read_file(data(one.file));
    ASSERT_TRUE(bytes.has_value());
    const Store store = read_store(*bytes, one.file);
    EXPECT_EQ(store.format, one.format);
    EXPECT_EQ(store.anchors.size(), one.anchors);
    EXPECT_EQ(store.untrusted.size(), one.untrusted);
    EXPECT_EQ(store.distrusted.size(), one.distrusted);
    EXPECT_EQ(problems_of(store), one.problems);
  }
}

TEST(Stores, TheRightPasswordOpensAKeystore) {
  for (const std::string name : {"other-password.jks", "other-password.p12"}) {
    const auto bytes = read_file(data(name));
    ASSERT_TRUE(bytes.has_value());
    const Store store = read_store(*bytes, name, {.password = "corporate"});
    EXPECT_EQ(store.anchors.size(), 1U) << name;
    EXPECT_EQ(problems_of(store), "") << name;
  }
}

TEST(Stores, AChangedKeystoreFailsItsIntegrity) {
  auto bytes = read_file(data("two.jks"));
  ASSERT_TRUE(bytes.has_value());
  (*bytes)[24] ^= 1U;  // in the first alias
  EXPECT_EQ(problems_of(read_store(*bytes, "two.jks")), "keystore-digest@");
}

struct TextCase {
  std::string text;
  std::size_t anchors;
  std::string problems;
  std::string why;
};

TEST(Stores, ADamagedBundleIsNamedByItsLineAndItsReason) {
  const std::string a = x509::pem(*root(0));
  const std::string b = x509::pem(*root(1));
  std::string crlf = a;
  for (std::size_t at = 0; (at = crlf.find('\n', at)) != std::string::npos; at += 2) {
    crlf.insert(at, 1, '\r');
  }
  std::string garbled = b;
  garbled[80] = '!';
  const auto lines = static_cast<std::size_t>(std::count(a.begin(), a.end(), '\n'));
  const std::string second = fmt::format("line {}", lines + 1);
  const std::vector<TextCase> cases = {
      {a + b, 2, "", "a healthy bundle"},
      {"\xEF\xBB\xBF" + a + b, 2, "byte-order-mark@line 1", "Windows editors put it there"},
      {crlf, 1, "crlf@", "harmless, and worth saying once"},
      {a.substr(0, a.size() - 1) + b, 2, fmt::format("joined-blocks@line {}", lines),
       "cat of a file without its last line end"},
      {a.substr(0, 400) + "\n" + b, 1, "cut-block@line 1", "a download that stopped"},
      {a + b.substr(0, 400), 1, "cut-block@" + second, "the same at the end"},
      {"  " + a, 1, "indented-block@line 1", "pasted out of a YAML file"},
      {utf16(a), 0, "utf-16@", "PowerShell's '>'"},
      {"", 0, "empty@", "touch ca.pem"},
      {"<!DOCTYPE html><html><body>Sign in</body></html>", 0, "html@", "a proxy's login page"},
      {"ca certificate goes here", 0, "not-a-store@", "a placeholder"},
      {std::string(as_text(root(0)->der)), 1, "der-not-pem@", "the right file in the wrong form"},
      {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + a, 1,
       "private-key@line 1", "a key that everybody may read"},
  };
  for (const TextCase& one : cases) {
    SCOPED_TRACE(one.why);
    const Store store = read_text(one.text);
    EXPECT_EQ(store.anchors.size(), one.anchors);
    EXPECT_EQ(problems_of(store), one.problems);
  }
  EXPECT_TRUE(read_text(a + garbled).has("not-base64"));
  EXPECT_TRUE(read_text(a + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
                  .has("not-a-certificate"));
}

TEST(Stores, OpensslsTrustSettingsAreObeyed) {
  // X509_CERT_AUX: SEQUENCE { SEQUENCE { trusted OIDs }, [0] { rejected OIDs } }
  const Bytes server = {0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
  const Bytes mail = {0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04};
  struct Case {
    std::uint8_t tag;
    Bytes purpose;
    std::size_t anchors, untrusted, distrusted;
    std::string_view why;
  };
  const std::vector<Case> cases = {{0x30, server, 1, 0, 0, "trusted for servers"},
                                   {0x30, mail, 0, 1, 0, "trusted for mail only"},
                                   {0xA0, server, 0, 0, 1, "rejected for servers"},
                                   {0xA0, mail, 1, 0, 0, "rejected for mail only"}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.why);
    Bytes der = root(0)->der;
    const auto octets = static_cast<std::uint8_t>(one.purpose.size());
    der.insert(der.end(), {0x30, static_cast<std::uint8_t>(octets + 2), one.tag, octets});
    der.insert(der.end(), one.purpose.begin(), one.purpose.end());
    const Store store = read_text("-----BEGIN TRUSTED CERTIFICATE-----\n" + base64(der) +
                                  "\n-----END TRUSTED CERTIFICATE-----\n");
    EXPECT_EQ(store.anchors.size(), one.anchors);
    EXPECT_EQ(store.untrusted.size(), one.untrusted);
    EXPECT_EQ(store.distrusted.size(), one.distrusted);
    EXPECT_TRUE(store.has("trusted-form"));
  }
}

TEST(Stores, P11KitFilesSayWhatIsTrustedAndWhatIsRefused) {
  const std::string pem = x509::pem(*root(0));
  const std::string object =
      "# comment\n[p11-kit-object-v1]\nclass: x-certificate-extension\n\n"
      "[p11-kit-object-v1]\nlabel: \"X\"\n";
  const Store trusted = read_text(object + "trusted: true\n" + pem);
  EXPECT_EQ(trusted.format, "p11-kit");
  ASSERT_EQ(trusted.anchors.size(), 1U);
  EXPECT_EQ(trusted.anchors[0].place, "line 8");
  EXPECT_EQ(read_text(object + "x-distrusted: true\ntrusted: false\n" + pem).distrusted.size(), 1U);
  EXPECT_EQ(read_text(object + "trusted: false\n" + pem).untrusted.size(), 1U);
}

std::string registry_key(std::string_view store, const Bytes& blob) {
  std::string digits;
  for (std::size_t i = 0; i < blob.size(); ++i) {
    digits += fmt::format("{}{:02x}", i == 0 ? "" : ",", blob[i]);
    if (i % 25 == 24) {
      digits += ",\\\r\n  ";
      digits.erase(digits.size() - 6, 0);
    }
  }
  return fmt::format(
      "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\{}\\"
      "Certificates\\0563B8630D62D75ABBC8AB1E4BDFB5A899B24D43]\r\n\"Blob\"=hex:{}\r\n",
      store, digits);
}

Bytes property(std::uint8_t id, ByteView value) {
  Bytes out = {id, 0, 0, 0, 1, 0, 0, 0};
  for (const unsigned shift : {0U, 8U, 16U, 24U}) {
    out.push_back(static_cast<std::uint8_t>(value.size() >> shift));
  }
  out.insert(out.end(), value.begin(), value.end());
  return out;
}

TEST(Stores, ARegistryExportGivesRootsAndWhatIsDisallowed) {
  Bytes blob = property(3, Bytes(20, 0xAB));
  const Bytes certificate = property(32, root(0)->der);
  blob.insert(blob.end(), certificate.begin(), certificate.end());
  const std::string text = "Windows Registry Editor Version 5.00\r\n\r\n" +
                           registry_key("ROOT", blob) + registry_key("Disallowed", blob) +
                           registry_key("CA", blob) + registry_key("ROOT", property(3, {}));
  for (const std::string& bytes : {text, utf16(text)}) {
    const Store store = read_text(bytes);
    EXPECT_EQ(store.format, "windows-registry");
    ASSERT_EQ(store.anchors.size(), 1U);
    EXPECT_EQ(store.anchors[0].place, "line 4");
    EXPECT_EQ(store.untrusted.size(), 1U) << "the CA store holds intermediates";
    EXPECT_EQ(store.distrusted.size(), 1U);
    EXPECT_TRUE(store.has("registry-blob"));
  }
}

TEST(Stores, AnchorsAreCheckedAgainstTheTimeAndEachOther) {
  const std::string pem = x509::pem(*root(0));
  Store store = read_text(pem + pem);
  check_anchors(store, root(0)->not_after + std::chrono::seconds(1));
  EXPECT_TRUE(store.has("anchor-expired"));
  EXPECT_TRUE(store.has("duplicate"));
  Store early = read_text(pem);
  check_anchors(early, root(0)->not_before - std::chrono::seconds(1));
  EXPECT_EQ(problems_of(early), "anchor-not-yet-valid@line 1");
  Store healthy = read_text(pem);
  check_anchors(healthy, root(0)->not_after);
  EXPECT_EQ(problems_of(healthy), "");
  problems_of(store);
}

DirectoryFile file_of(std::string name, const std::string& text) {
  return {.name = name, .real = name, .text = std::make_shared<const std::string>(text)};
}

std::string link_name(std::size_t index, unsigned number) {
  return fmt::format("{:08x}.{}", name_hash(root(index)->subject.canonical), number);
}

TEST(HashedDirectories, NamesAreOpenssls) {
  // openssl x509 -hash of ISRG Root X1
  const auto bytes = read_file(data("two.jks"));
  ASSERT_TRUE(bytes.has_value());
  bool found = false;
  for (const Anchor& anchor : read_store(*bytes, "two.jks").anchors) {
    found = found || name_hash(anchor.certificate->subject.canonical) == 0x4042bcee;
  }
  EXPECT_TRUE(found);
  EXPECT_TRUE(parse_hash_name("4042bcee.0").has_value());
  EXPECT_TRUE(parse_hash_name("4042bcee.r12")->crl);
  for (const std::string_view name : {"4042bcee", "4042bcee.", "4042BCEE.0", "4042bcex.0",
                                      "4042bcee.0x", "4042bcee.99999999999", "ca.pem"}) {
    EXPECT_FALSE(parse_hash_name(name).has_value()) << name;
  }
}

TEST(HashedDirectories, OnlyWhatOpensslFindsIsAnAnchor) {
  const std::string a = x509::pem(*root(0));
  const std::string b = x509::pem(*root(1));
  const DirectoryFile dangling{.name = link_name(0, 0),
                               .link = true,
                               .target = "gone.pem",
                               .state = DirectoryFile::State::Dangling};
  struct Case {
    std::vector<DirectoryFile> files;
    std::size_t anchors, untrusted;
    std::string problems;
    std::string_view why;
  };
  const std::vector<Case> cases = {
      {{file_of(link_name(0, 0), a), file_of("a.pem", a)}, 1, 0, "", "as rehash leaves it"},
      {{file_of(link_name(0, 0), a), file_of("b.pem", b)},
       1,
       1,
       "hash-missing@b.pem",
       "copied there, rehash forgotten"},
      {{file_of("a.pem", a), file_of("b.pem", b)}, 0, 2, "no-hash-links@", "rehash never ran"},
      {{file_of(link_name(0, 1), a)}, 0, 0, "hash-gap@" + link_name(0, 1), "1 without 0"},
      {{dangling, file_of(link_name(0, 1), a)},
       1,
       0,
       "link-dangling@" + link_name(0, 0),
       "a dangling 0 does not hide 1"},
      {{file_of(link_name(0, 0), b)}, 0, 0, "hash-wrong@" + link_name(0, 0), "another's hash"},
      {{file_of(link_name(0, 0), b + a)}, 1, 0, "", "a file of several under one's hash"},
      {{file_of(link_name(0, 0), std::string(as_text(root(0)->der)))},
       0,
       0,
       "hash-file-not-pem@" + link_name(0, 0),
       "DER is passed over"},
      {{file_of("README", "words")}, 0, 0, "no-anchors@", "a directory without a store"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.why);
    const Store store = read_hashed_directory(one.files, "/etc/ssl/certs");
    EXPECT_EQ(store.anchors.size(), one.anchors);
    EXPECT_EQ(store.untrusted.size(), one.untrusted);
    EXPECT_EQ(problems_of(store), one.problems);
  }
}

}  // namespace
}  // namespace medic::trust
