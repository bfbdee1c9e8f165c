#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "base/subprocess.h"
#include "settings/document.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

using Reader = Document (*)(std::string_view, std::string_view);

std::string_view mark(ValueKind kind) {
  switch (kind) {
    case ValueKind::Plain:
      return "";
    case ValueKind::String:
      return " string";
    case ValueKind::Number:
      return " number";
    case ValueKind::Boolean:
      return " boolean";
    case ValueKind::Null:
      return " null";
    case ValueKind::Empty:
      return " empty";
    case ValueKind::Expandable:
      return " expandable";
    case ValueKind::Unknown:
      return " unknown";
    case ValueKind::Unset:
      return " unset";
  }
  return "?";
}

// "2 global/cert=/x string?" a line: line, path, value, kind, '?' when conditional; then includes
// ("3 include x [condition]") and problems ("4 !syntax").
std::string dump(const Document& document) {
  std::string out;
  for (const Entry& entry : document.entries) {
    std::string path;
    for (const std::string& key : entry.path) {
      path += (path.empty() ? "" : "/") + key;
    }
    out += fmt::format("{} {}={}{}{}\n", entry.line, path, escaped(entry.value), mark(entry.kind),
                       entry.conditional ? "?" : "");
  }
  for (const Include& include : document.includes) {
    out += fmt::format("{} include {}{}\n", include.line, include.path,
                       include.condition.empty() ? "" : " [" + include.condition + "]");
  }
  for (const Problem& problem : document.problems) {
    out += fmt::format("{} !{}\n", problem.line, problem.id);
  }
  return out;
}

struct ReaderCase {
  std::string_view why;
  Reader reader;
  std::string_view text, expected;
};

constexpr ReaderCase kCases[] = {
    {"pip.conf: keys in lower case, a list on indented lines, full-line comments only",
     read_configparser,
     "# comment\n[global]\nCert = /etc/corp.pem ; not a comment\ntrusted-host =\n    a.example\n"
     "    b.example\n\n[install]\nno-index: yes\n",
     "3 global/cert=/etc/corp.pem ; not a comment\n4 global/trusted-host=a.example\\x0ab.example\n"
     "9 install/no-index=yes\n"},
    {"a key before the first section makes Python refuse the file", read_configparser,
     "cert = /x\n[global]\n", "1 !syntax\n"},
    {"git: sections with names, bare keys, quotes, comments, continued lines, includes",
     read_git_config,
     "[http]\n\tsslVerify = false # off\n[http \"https://a.example\"]\n\tsslCAInfo = "
     "\"C:\\\\ca;1.pem\"\n[core]\n\tbare\n[include]\n\tpath = more.inc\n"
     "[includeIf \"gitdir:~/jobs/\"]\n\tpath = work.inc\n[http]\n\tproxy = http://\\\nproxy:3128\n",
     "2 http/sslverify=false\n4 http/https://a.example/sslcainfo=C:\\ca;1.pem string\n"
     "6 core/bare= null\n8 include/path=more.inc\n10 includeif/gitdir:~/jobs//path=work.inc\n"
     "12 http/proxy=http://proxy:3128\n8 include more.inc\n"
     "10 include work.inc [gitdir:~/jobs/]\n"},
    {"php.ini and my.cnf", read_ini,
     "[curl]\ncurl.cainfo = \"C:\\php\\ca.pem\"\n;openssl.cafile=\nskip-ssl\n!includedir /etc/x\n",
     "2 curl/curl.cainfo=C:\\php\\ca.pem string\n4 curl/skip-ssl= null\n5 include /etc/x\n"},
    {"a systemd unit: several variables a line, a specifier is not known", read_unit,
     "[Service]\nEnvironment=\"SSL_CERT_FILE=/a b.pem\" X=1 \\\n  HOME=%h\nExecStart=/bin/x\n",
     "2 Service/Environment=\"SSL_CERT_FILE=/a b.pem\" X=1  HOME=%h\n"
     "2 environment/SSL_CERT_FILE=/a b.pem string\n2 environment/X=1 string\n"
     "2 environment/HOME=%h unknown\n4 Service/ExecStart=/bin/x\n"},
    {"npm: variables, a bare key, quotes", read_npmrc,
     "; c\ncafile=${HOME}/ca.pem\nstrict-ssl = false\n//r.example/:_authToken=\"x\"\noffline\n",
     "2 cafile=${HOME}/ca.pem expandable\n3 strict-ssl=false\n4 //r.example/:_authToken=x string\n"
     "5 offline=true null\n"},
    {"Yarn 1", read_yarnrc, "cafile \"/a b.pem\"\nstrict-ssl false\n\"@s:registry\" \"u\"\nlone\n",
     "1 cafile=/a b.pem string\n2 strict-ssl=false\n3 @s:registry=u string\n4 !syntax\n"},
    {"curl: every way to write an option", read_curlrc,
     "# c\n-k\n--insecure\ncacert = \"/a b.pem\"\ncapath:/x\n--proxy http://p:1 more\nuser-agent "
     "\"a\\\"b\"\n",
     "2 -k= null\n3 insecure= null\n4 cacert=/a b.pem string\n5 capath=/x\n6 proxy=http://p:1\n"
     "7 user-agent=a\"b string\n"},
    {"wget: case, dashes and underlines do not count", read_wgetrc,
     "Check-Certificate = off\nca_certificate=/x\nbroken\n",
     "1 checkcertificate=off\n2 cacertificate=/x\n3 !syntax\n"},
    {"TOML", read_toml,
     "[tool.uv]\nsystem-certs = true\nallow-insecure-host = [\"a\", \"b\"]\n[[source]]\nverify_ssl "
     "= false\n",
     "5 source/0/verify_ssl=false boolean\n3 tool/uv/allow-insecure-host/0=a string\n"
     "3 tool/uv/allow-insecure-host/1=b string\n2 tool/uv/system-certs=true boolean\n"},
    {"TOML that is none", read_toml, "a = = 1", "0 !syntax\n"},
    {"YAML: words, quotes, lists, an alias, nothing", read_yaml,
     "ssl_verify: false\nproxy_servers:\n  https: \"http://p:1\"\nchannels:\n- a\n- &x b\ny: *x\n"
     "n:\ne: {}\n",
     "1 ssl_verify=false\n3 proxy_servers/https=http://p:1 string\n5 channels/0=a\n6 channels/1=b\n"
     "7 y=b\n8 n= null\n9 e= empty\n"},
    {"YAML: an alias of a mapping and a merge are not known", read_yaml,
     "b: &b {x: 1}\nc: *b\nd:\n  <<: *b\n  y: 2\n",
     "1 b/x=1\n2 c=*b unknown\n4 d/<<=*b unknown\n5 d/y=2\n4 !unsupported\n"},
    {"YAML: a tab where none may be", read_yaml, "a:\n\tb: 1\n", "2 !syntax\n"},
    {"kubeconfig, as the client writes it", read_yaml,
     "clusters:\n- cluster:\n    certificate-authority: ca.crt\n    insecure-skip-tls-verify: "
     "true\n"
     "  name: k\n",
     "3 clusters/0/cluster/certificate-authority=ca.crt\n"
     "4 clusters/0/cluster/insecure-skip-tls-verify=true\n5 clusters/0/name=k\n"},
    {"JSON: numbers do not borrow the next line, comments are allowed", read_json,
     "{\n \"a\": 1,\n // c\n \"b\": [true,\n  2\n ], \"c\": {},\n \"d\": \"\\u00e9\\n\"\n}\n",
     "2 a=1 number\n4 b/0=true boolean\n5 b/1=2 number\n6 c= empty\n7 d=\xC3\xA9\\x0a string\n"},
    {"JSON that is cut", read_json, "{\"a\": 1,\n", "1 a=1 number\n2 !syntax\n"},
    {"a property list", read_plist,
     "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
     "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist><dict>\n<key>Env</key><dict>\n"
     "<key>SSL_CERT_FILE</key><string>/a&amp;b</string></dict>\n<key>l</key><array><true/>"
     "<integer>3</integer></array></dict></plist>\n",
     "5 Env/SSL_CERT_FILE=/a&b string\n6 l/0=true boolean\n6 l/1=3 number\n"},
    {"a property list that declares entities is refused", read_plist,
     "<!DOCTYPE plist [<!ENTITY a \"b\">]>\n<plist><string>&a;</string></plist>",
     "1 !unsupported\n"},
    {"a registry export", read_registry,
     "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Environment]\r\n"
     "\"SSL_CERT_FILE\"=\"C:\\\\corp\\\\ca.pem\"\r\n\"Path\"=hex(2):25,00,\\\r\n  "
     "41,00,25,00,00,00\r\n"
     "\"n\"=dword:00000001\r\n@=\"d\"\r\n\"gone\"=-\r\n\"b\"=hex:01,02\r\nbad\r\n",
     "4 HKEY_CURRENT_USER\\Environment/SSL_CERT_FILE=C:\\corp\\ca.pem string\n"
     "5 HKEY_CURRENT_USER\\Environment/Path=%A% expandable\n"
     "7 HKEY_CURRENT_USER\\Environment/n=0x00000001 number\n"
     "8 HKEY_CURRENT_USER\\Environment/=d string\n"
     "9 HKEY_CURRENT_USER\\Environment/gone= unset\n"
     "10 HKEY_CURRENT_USER\\Environment/b=hex:01,02 unknown\n11 !syntax\n"},
    {"not a registry export", read_registry, "[HKEY]\n\"a\"=\"b\"\n", "1 !syntax\n"},
    {"/etc/environment expands nothing", read_etc_environment,
     "# c\nPATH=\"/usr/bin\"\nexport A=$HOME/x # end\nnonsense\n",
     "2 PATH=/usr/bin string\n3 A=$HOME/x\n4 !syntax\n"},
    {"pam_env: what OVERRIDE names wins", read_pam_environment,
     "SSL_CERT_FILE DEFAULT=/a.pem\nB DEFAULT=x OVERRIDE=@{PAM_USER}\nC DEFAULT=${HOME}/c\n",
     "1 SSL_CERT_FILE=/a.pem string\n2 B=@{PAM_USER} unknown?\n3 C=${HOME}/c expandable\n"},
    {"environment.d and .env", read_environment_d, "A=\"b c\"\nexport B='$X'\nC=${A}/x\nD=$(id)\n",
     "1 A=b c string\n2 B=$X string\n3 C=${A}/x expandable\n4 D=$(id) unknown\n"},
    {"sh: export in all its forms", read_posix_shell,
     "export A=1 B='two words'\nC=3\nexport C\nD=4 make\nexport E=\"$HOME/x\"\nunset A\n"
     "set -a; F=5; set +a; G=6\nexport H=$(cat /x) I=${J:-k} K=~/ca.pem\n",
     "1 A=1\n1 B=two words string\n2 C=3\n5 E=$HOME/x expandable\n6 A= unset\n7 F=5\n"
     "8 H=$(cat /x) unknown\n8 I=${J:-k} unknown\n8 K=~/ca.pem expandable\n"},
    {"sh: what may not happen is marked", read_posix_shell,
     "if [ -f /x ]; then\n  export A=1\nfi\n[ -f /y ] && export B=2\nf() {\n export C=3\n}\n"
     "export D=4\nfor x in a; do export E=5; done\ncase $x in\n a) export F=6;;\nesac\n"
     "(export G=7)\nexport H=8\n",
     "2 A=1?\n4 B=2?\n6 C=3?\n8 D=4\n9 E=5?\n11 F=6?\n13 G=7?\n14 H=8\n"},
    {"sh: comments, here documents, continued lines and files it reads", read_posix_shell,
     "# export A=1\ncat <<EOF\nexport B=2\nEOF\nexport C=a\\\nb\n. /etc/x.sh\necho 'export D=1'\n"
     "export E='x' # end\n",
     "5 C=ab\n9 E=x string\n7 include /etc/x.sh\n"},
    {"sh: a quote that never ends is not a value", read_posix_shell, "export A=\"b\nc\n",
     "1 A=\"b\\x0ac\\x0a unknown\n"},
    {"fish", read_fish,
     "set -gx A '/a b'\nset -x B $HOME/x\nif test -f /x\n set -gx C 1\nend\nset -e D\nset E 1\n"
     "set -gx F (cat /y)\nsource /z\n",
     "1 A=/a b string\n2 B=$HOME/x expandable\n4 C=1?\n6 D= unset\n8 F=(cat /y) unknown\n"
     "9 include /z\n"},
    {"csh", read_csh,
     "setenv A /a.pem\nif ($?B) setenv C 1\nif (x) then\nsetenv D $HOME/d\nendif\nunsetenv E\n",
     "1 A=/a.pem\n2 C=1?\n4 D=$HOME/d expandable?\n6 E= unset\n"},
    {"PowerShell", read_powershell,
     "$env:SSL_CERT_FILE = 'C:\\a b.pem'\n$Env:B = \"$env:USERPROFILE\\ca.pem\"\n"
     "[Environment]::SetEnvironmentVariable('C', \"x\", 'User')\nif ($x) {\n  $env:D = 1\n}\n"
     "$env:E = Get-Content x\nRemove-Item Env:\\F\n. .\\more.ps1\n$env:G += ';x'\n",
     "1 SSL_CERT_FILE=C:\\a b.pem string\n2 B=%USERPROFILE%\\ca.pem expandable\n3 C=x string\n"
     "5 D=1 number?\n7 E=Get-Content x unknown\n8 F= unset\n10 G=;x unknown\n"
     "9 include .\\more.ps1\n"},
    {"batch files", read_batch,
     "@echo off\nset A=C:\\a b.pem\nset \"B=x\"\nsetx C \"%USERPROFILE%\\c.pem\" /M\nif defined X "
     "set "
     "D=1\nrem set E=1\nset F=\nset /p G=ask\n",
     "2 A=C:\\a b.pem\n3 B=x\n4 C=%USERPROFILE%\\c.pem expandable\n5 D=1?\n7 F= unset\n"},
};

TEST(Settings, EverySyntaxGivesKeysValuesAndLines) {
  for (const ReaderCase& c : kCases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(dump(c.reader("f", c.text)), c.expected);
  }
}

TEST(Settings, LineEndsOfWindowsAndAByteOrderMarkChangeNothing) {
  for (const ReaderCase& c : kCases) {
    if (c.reader == read_plist || c.reader == read_registry || c.reader == read_toml) {
      continue;  // their parsers, and the first test, see to that
    }
    if (c.text.find("\\\n") != std::string_view::npos || c.text.find("EOF") != c.text.npos ||
        c.text.find("\"b\n") != c.text.npos) {
      continue;  // a carriage return behind a backslash or inside a word is what it is
    }
    SCOPED_TRACE(c.why);
    std::string text;
    for (const char ch : c.text) {
      text += ch == '\n' ? "\r\n" : std::string(1, ch);
    }
    EXPECT_EQ(dump(c.reader("f", text)), c.expected);
  }
}

TEST(Settings, Utf16IsReadWhereWindowsWritesIt) {
  std::string wide = "\xFF\xFE";
  for (const char c :
       std::string_view("Windows Registry Editor Version 5.00\r\n[K]\r\n\"a\"=\"b\"\r\n")) {
    wide += c;
    wide += '\0';
  }
  EXPECT_EQ(dump(read_registry("f", wide)), "3 K/a=b string\n");
  EXPECT_EQ(dump(read_registry("f", wide + "x")), "3 K/a=b string\n0 !encoding\n");
}

// bplist00: {"A": "b", "L": [true]} with one-octet offsets and references.
TEST(Settings, ABinaryPropertyListIsReadToo) {
  std::string bytes = "bplist00";
  std::string offsets;
  const auto object = [&](std::string_view content) {
    offsets += static_cast<char>(bytes.size());
    bytes += content;
  };
  object(std::string_view("\xD2\x01\x02\x03\x04", 5));
  object(
      "\x51"
      "A");
  object(
      "\x51"
      "L");
  object(std::string_view("\x61\x00\xE9", 3));  // UTF-16: é
  object("\xA1\x05");
  object("\x09");
  const char table = static_cast<char>(bytes.size());
  bytes += offsets;
  bytes += std::string(6, '\0') + "\x01\x01" + std::string(7, '\0') + "\x06" +
           std::string(8, '\0') + std::string(7, '\0') + table;
  EXPECT_EQ(dump(read_plist("f", bytes)), "0 A=\xC3\xA9 string\n0 L/0=true boolean\n");
  for (std::size_t i = 8; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x80);
    read_plist("f", bad);
    read_plist("f", bytes.substr(0, i));
  }
}

TEST(Settings, ALoopInABinaryPropertyListEnds) {
  // Object 0 is a list of itself, twice.
  std::string bytes("bplist00\xA2\x00\x00\x08", 12);
  bytes += std::string(6, '\0') + "\x01\x01" + std::string(7, '\0') + "\x01" +
           std::string(8, '\0') + std::string(7, '\0') + "\x0B";
  const Document document = read_plist("f", bytes);
  EXPECT_TRUE(std::ranges::any_of(document.problems,
                                  [](const Problem& problem) { return problem.id == "limit"; }));
}

TEST(Settings, DepthAndSizeAreBounded) {
  const std::string deep = std::string(100'000, '[');
  for (const Reader reader : {read_json, read_yaml}) {
    const Document document = reader("f", deep);
    ASSERT_EQ(document.problems.size(), 1U);
    EXPECT_EQ(document.problems[0].id, "limit");
  }
  std::string many;
  for (int i = 0; i < 60'000; ++i) {
    many += "a=1\n";
  }
  const Document document = read_npmrc("f", many);
  EXPECT_EQ(document.entries.size(), 50'000U);
  EXPECT_EQ(document.problems.size(), 1U);
}

// The shell is the judge: what it would pass on to a program, if no value depends on anything.
TEST(Settings, TheShellExportsWhatIsReadFromItsFile) {
  const std::string text =
      "A=1; export A B='x  y'\nexport C=\"a\\\"b\\$\"d\\ e # F=1\nexport F=a\\\nb;G=2 H=3\nexport "
      "G\nI=4 true\nunset A\nset -a\nJ=5\nset +a\nK=6\ncat >/dev/null <<X\nexport L=7\nX\nexport "
      "M=n'o'\"p\"\n";
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory);
  ASSERT_TRUE(write_file(directory->path() / "profile", text));
  const auto run = run_process({.argv = {"env", "-i", "sh", "-c", ". ./profile; /usr/bin/env"},
                                .directory = directory->path()});
  if (!run || run->exit_status != 0) {
    GTEST_SKIP() << "Skipped: no env and sh here";
  }
  std::map<std::string, std::string> ours;
  for (const Entry& entry : read_posix_shell("profile", text).entries) {
    EXPECT_FALSE(entry.conditional) << entry.path[0];
    if (entry.kind == ValueKind::Unset) {
      ours.erase(entry.path[0]);
    } else {
      ours[entry.path[0]] = entry.value;
    }
  }
  std::map<std::string, std::string> theirs;
  for (const Entry& entry : read_environment_d("env", run->out).entries) {
    if (entry.path[0].size() == 1 && entry.path[0] != "_") {
      theirs[entry.path[0]] = entry.value;
    }
  }
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(ours.size(), 6U);
}

TEST(Settings, GitListsWhatIsReadFromItsFile) {
  const std::string text =
      "[http]\n\tsslVerify = false # off\n\tsslCAInfo = \"a b;c\" d\n[http "
      "\"https://X.example/\"]\n\tproxy = \"a\\\"b\\\\c\"\n[Core]\n\tbare\n[a.B]\n\tc = x \\\n  "
      "y\n";
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory);
  ASSERT_TRUE(write_file(directory->path() / "config", text));
  const auto run = run_process(
      {.argv = {"git", "config", "--list", "-z", "-f", "config"}, .directory = directory->path()});
  if (!run || run->exit_status != 0) {
    GTEST_SKIP() << "Skipped: git is not installed";
  }
  std::string ours;
  for (const Entry& entry : read_git_config("config", text).entries) {
    for (std::size_t i = 0; i < entry.path.size(); ++i) {
      ours += (i > 0 ? "." : "") + entry.path[i];
    }
    ours += (entry.kind == ValueKind::Null ? "" : "\n" + entry.value) + '\0';
  }
  EXPECT_EQ(escaped(ours, 4096), escaped(run->out, 4096));
}

TEST(Settings, OfTwoEntriesTheLaterCounts) {
  const Document document = read_npmrc("f", "cafile=/a\ncafile=/b\n");
  const Entry* entry = document.find({"cafile"});
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->value, "/b");
  EXPECT_EQ(document.find({"CAFILE"}), nullptr);
}

}  // namespace
}  // namespace medic::settings
