#include "settings/edit.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

namespace medic::settings {
namespace {

struct EditCase {
  std::string_view editor;
  std::string before;
  Key key;
  std::string value;  // "-": take the key away
  std::string after;  // empty: refused
  std::string_view why;
};

const EditCase kCases[] = {
    {"git-config",
     "[user]\n\tname = K\n",
     {"http", "sslCAInfo"},
     "/a.pem",
     "[user]\n\tname = K\n[http]\n\tsslCAInfo = /a.pem\n",
     "a section of its own"},
    {"git-config",
     "[http]\n\tsslVerify = false ; because\n\tproxy = x\n",
     {"http", "sslVerify"},
     "true",
     "[http]\n\tsslVerify = true ; because\n\tproxy = x\n",
     "the comment behind it stays"},
    {"git-config",
     "[HTTP]\r\n\tproxy = x\r\n",
     {"http", "sslCAInfo"},
     "/a b.pem",
     "[HTTP]\r\n\tsslCAInfo = \"/a b.pem\"\r\n\tproxy = x\r\n",
     "git's case, its quotes, the file's line ends"},
    {"git-config",
     "[http \"https://a.example\"]\n\tsslVerify = false\n",
     {"http", "sslVerify"},
     "-",
     "[http \"https://a.example\"]\n\tsslVerify = false\n",
     "another section of that name"},
    {"git-config",
     "[http]\n\tsslVerify = false\n\tsslVerify = false\n",
     {"http", "sslVerify"},
     "-",
     "[http]\n",
     "wherever it stands"},
    {"git-config",
     "",
     {"http", "sslCAInfo"},
     "/a.pem",
     "[http]\n\tsslCAInfo = /a.pem\n",
     "an empty file"},
    {"configparser",
     "[global]\n# mine\ncert = /old.pem\nindex-url = u\n",
     {"global", "cert"},
     "/new.pem",
     "[global]\n# mine\ncert = /new.pem\nindex-url = u\n",
     "in its place"},
    {"configparser",
     "[global]\ntrusted-host =\n    a\n    b\n\nindex-url = u\n",
     {"global", "trusted-host"},
     "-",
     "[global]\n\nindex-url = u\n",
     "its continued lines too"},
    {"configparser",
     "[global]\ntrusted-host =\n    a\n    # c\n    b",
     {"global", "trusted-host"},
     "-",
     "[global]\n",
     "a comment among them is a part of it"},
    {"configparser",
     "cert = x\n",
     {"global", "cert"},
     "/a.pem",
     "",
     "a file that pip itself refuses is not edited"},
    {"npmrc",
     "registry=https://r/\n//r/:_authToken=secret",
     {"", "cafile"},
     "/a.pem",
     "registry=https://r/\n//r/:_authToken=secret\ncafile=/a.pem\n",
     "the last line had no end"},
    {"npmrc",
     "strict-ssl=false\nregistry=https://r/\n",
     {"", "strict-ssl"},
     "-",
     "registry=https://r/\n",
     "the first line"},
    {"yaml",
     "channels:\n  - defaults\nssl_verify: false  # proxy\n",
     {"", "ssl_verify"},
     "/a.pem",
     "channels:\n  - defaults\nssl_verify: /a.pem  # proxy\n",
     "the comment stays"},
    {"yaml",
     "channels:\n  - defaults\n",
     {"", "ssl_verify"},
     "it's #1",
     "channels:\n  - defaults\nssl_verify: 'it''s #1'\n",
     "quoted where YAML needs it"},
    {"yaml", "channels: [a, b\n", {"", "ssl_verify"}, "/a.pem", "", "no YAML"},
    {"yaml", "ssl_verify: false\nx: 1\n", {"", "ssl_verify"}, "-", "x: 1\n", "a whole line"},
    {"posix-shell",
     "# mine\nexport A=1\n",
     {"", "NODE_EXTRA_CA_CERTS"},
     "/a'b $HOME.pem",
     "# mine\nexport A=1\nexport NODE_EXTRA_CA_CERTS='/a'\\''b $HOME.pem'\n",
     "nothing of it is expanded"},
    {"posix-shell",
     "export SSL_CERT_FILE=\"/old\"; echo hi\n",
     {"", "SSL_CERT_FILE"},
     "/new",
     "export SSL_CERT_FILE=\"/new\"; echo hi\n",
     "another command on the line stays"},
    {"posix-shell",
     "export SSL_CERT_FILE=/old; export B=2\n",
     {"", "SSL_CERT_FILE"},
     "-",
     "",
     "taking the line away would take B too"},
    {"posix-shell", "export SSL_CERT_FILE=/gone\n", {"", "SSL_CERT_FILE"}, "-", "\n", "all of it"},
    {"curlrc", "# k\n-s\n", {"", "cacert"}, "/a.pem", "# k\n-s\ncacert = \"/a.pem\"\n", "added"},
    {"wgetrc",
     "ca-certificate = /old\n",
     {"", "ca_certificate"},
     "/a.pem",
     "ca_certificate = /a.pem\n",
     "wget's other spelling is the same key"},
    {"toml",
     "[net]\ngit-fetch-with-cli = true\n[http]\nproxy = \"x\"\n",
     {"http", "cainfo"},
     "/a.pem",
     "[net]\ngit-fetch-with-cli = true\n[http]\ncainfo = \"/a.pem\"\nproxy = \"x\"\n",
     "in its section"},
    {"toml",
     "http = { proxy = \"x\" }\n",
     {"http", "cainfo"},
     "/a.pem",
     "",
     "an inline table cannot be added to by a section"},
    {"npmrc", "a=1\n", {"", "cafile"}, "x\ny", "", "a value is one line"},
};

TEST(Edit, ChangesOneKeyAndNothingElse) {
  for (const EditCase& c : kCases) {
    SCOPED_TRACE(fmt::format("{}: {}", c.editor, c.why));
    const Editor* editor = find_editor(c.editor);
    ASSERT_NE(editor, nullptr);
    const auto edited = c.value == "-" ? without_key(*editor, c.before, c.key)
                                       : with_key(*editor, c.before, c.key, c.value);
    if (c.after.empty()) {
      EXPECT_FALSE(edited.has_value()) << *edited;
      continue;
    }
    ASSERT_TRUE(edited.has_value()) << edited.error().what;
    EXPECT_EQ(*edited, c.after == "\n" ? "" : c.after);
    const auto again = c.value == "-" ? without_key(*editor, *edited, c.key)
                                      : with_key(*editor, *edited, c.key, c.value);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, *edited) << "twice is once";
  }
}

}  // namespace
}  // namespace medic::settings
