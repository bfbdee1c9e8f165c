#include "target/proxy.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic::target {
namespace {

struct ProxyCase {
  std::string_view text;
  std::string_view shown;  // empty: an Error
  std::string_view user;
  std::string_view why;
};

constexpr ProxyCase kProxies[] = {
    {"http://proxy.corp:8080", "http://proxy.corp:8080", "", "the plain case"},
    {"proxy.corp:8080", "http://proxy.corp:8080", "", "no scheme means http"},
    {"http://proxy.corp", "http://proxy.corp:80", "", "default port 80, as Python and Go"},
    {"https://proxy.corp", "https://proxy.corp:443", "", "TLS to the proxy"},
    {"HTTP://Proxy.Corp:3128/", "http://proxy.corp:3128", "", "case and a final slash"},
    {"socks5://10.0.0.1", "socks5://10.0.0.1:1080", "", "RFC 1928 port"},
    {"socks5h://[::1]:9050", "socks5h://[::1]:9050", "", "IPv6"},
    {"socks://p", "socks5://p:1080", "", "GNOME writes socks://"},
    {"http://u:p@proxy.corp:1", "http://(credentials)@proxy.corp:1", "u",
     "credentials are not shown"},
    {"http://CORP%5Cu:p%40q@proxy.corp:1", "http://(credentials)@proxy.corp:1", "CORP\\u",
     "escapes"},
    {"http://u:p/w@x@proxy.corp:1", "http://(credentials)@proxy.corp:1", "u", "raw / and @"},
    {"u:p@proxy.corp:1", "http://(credentials)@proxy.corp:1", "u", "no scheme but credentials"},
    {"ftp://proxy.corp", "", "", "not a proxy scheme"},
    {"socks4://proxy.corp", "", "", "not supported"},
    {"", "", "", "empty"},
    {"http://", "", "", "no host"},
    {"http://proxy.corp:x", "", "", "bad port"},
};

TEST(Proxy, UrlBecomesProxy) {
  for (const ProxyCase& c : kProxies) {
    SCOPED_TRACE(fmt::format("{}: {}", c.text, c.why));
    const auto proxy = parse_proxy(c.text);
    ASSERT_EQ(proxy.has_value(), !c.shown.empty());
    if (proxy) {
      EXPECT_EQ(proxy->text(), c.shown);
      EXPECT_EQ(proxy->credentials ? proxy->credentials->user.reveal() : "", c.user);
    }
  }
}

TEST(Proxy, NoErrorAndNoTextShowsThePassword) {
  for (const std::string_view text :
       {"http://u:hunter2@", "http://u:hunter2@*:1", "ftp://u:hunter2@p", "http://u:hunter2@p:x",
        "u:hunter2://x@p", "hunter2@://p"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    const Error& e = proxy.error();
    EXPECT_EQ((e.what + e.matters + e.next_step).find("hunter2"), std::string::npos) << e.what;
  }
  EXPECT_EQ(parse_proxy("http://hunter2:hunter2@p:1")->text().find("hunter2"), std::string::npos);
}

struct EnvironmentCase {
  std::string_view target;
  Environment variables;
  std::string_view proxy;  // empty: none
  std::string_view variable;
  std::string_view bypass;
  std::string_view why;
};

TEST(Proxy, EnvironmentDecidesByTheRealRules) {
  const EnvironmentCase cases[] = {
      {"https://a.example", {}, "", "", "", "nothing set"},
      {"https://a.example",
       {{"https_proxy", "p:1"}},
       "http://p:1",
       "https_proxy",
       "",
       "lower case"},
      {"https://a.example",
       {{"HTTPS_PROXY", "p:1"}},
       "http://p:1",
       "HTTPS_PROXY",
       "",
       "upper case"},
      {"https://a.example",
       {{"https_proxy", "l:1"}, {"HTTPS_PROXY", "u:1"}},
       "http://l:1",
       "https_proxy",
       "",
       "lower before upper"},
      {"https://a.example", {{"http_proxy", "p:1"}}, "", "", "", "http_proxy is not for https"},
      {"https://a.example",
       {{"ALL_PROXY", "p:1"}},
       "http://p:1",
       "ALL_PROXY",
       "",
       "all_proxy last"},
      {"https://a.example",
       {{"all_proxy", "a:1"}, {"HTTPS_PROXY", "s:1"}},
       "http://s:1",
       "HTTPS_PROXY",
       "",
       "the scheme's own before all_proxy"},
      {"https://a.example",
       {{"https_proxy", ""}, {"HTTPS_PROXY", "u:1"}},
       "",
       "https_proxy",
       "",
       "set to nothing means no proxy"},
      {"http://a.example", {{"HTTP_PROXY", "p:1"}}, "http://p:1", "HTTP_PROXY", "", "not CGI"},
      {"http://a.example",
       {{"HTTP_PROXY", "p:1"}, {"REQUEST_METHOD", "GET"}},
       "",
       "",
       "",
       "httpoxy: a CGI header"},
      {"http://a.example",
       {{"http_proxy", "p:1"}, {"REQUEST_METHOD", "GET"}},
       "http://p:1",
       "http_proxy",
       "",
       "a header cannot set the lower-case form"},
      {"wss://a.example", {{"https_proxy", "p:1"}}, "http://p:1", "https_proxy", "", "web sockets"},
      {"https://a.example",
       {{"https_proxy", "p:1"}, {"no_proxy", "example"}},
       "",
       "https_proxy",
       "example",
       "bypassed, and by which entry"},
      {"https://a.example",
       {{"https_proxy", "p:1"}, {"no_proxy", "x"}, {"NO_PROXY", "*"}},
       "http://p:1",
       "https_proxy",
       "",
       "lower-case no_proxy hides the upper"},
  };
  for (const EnvironmentCase& c : cases) {
    SCOPED_TRACE(c.why);
    const auto choice = proxy_from_environment(*parse_target(c.target), c.variables);
    ASSERT_TRUE(choice) << choice.error().what;
    EXPECT_EQ(choice->proxy ? choice->proxy->text() : "", c.proxy);
    EXPECT_EQ(choice->variable, c.variable);
    EXPECT_EQ(choice->bypass, c.bypass);
  }
}

TEST(Proxy, BadVariableIsNamedButNotQuoted) {
  const auto choice = proxy_from_environment(*parse_target("https://a.example"),
                                             {{"HTTPS_PROXY", "http://u:hunter2@:x"}});
  ASSERT_FALSE(choice);
  EXPECT_NE(choice.error().what.find("HTTPS_PROXY"), std::string::npos);
  EXPECT_EQ(choice.error().what.find("hunter2"), std::string::npos);
}

struct NoProxyCase {
  std::string_view list;
  std::string_view target;
  bool matches;
  std::string_view why;
};

constexpr NoProxyCase kNoProxy[] = {
    {"*", "https://a.example", true, "everything"},
    {"example.com", "https://example.com", true, "exact"},
    {"example.com", "https://www.example.com", true, "a name covers its subdomains"},
    {"example.com", "https://badexample.com", false, "but only at a label border"},
    {".example.com", "https://www.example.com", true, "leading dot"},
    {".example.com", "https://example.com", true, "leading dot, itself (curl, Python)"},
    {"*.example.com", "https://www.example.com", true, "Go's wildcard"},
    {"*.example.com", "https://example.com", false, "which does not cover the name itself"},
    {"EXAMPLE.com", "https://example.com", true, "case"},
    {"example.com.", "https://example.com", true, "trailing dot"},
    {"a.test, b.test", "https://b.test", true, "comma and blank"},
    {"a.test b.test", "https://b.test", true, "blank alone, as curl"},
    {"example.com:8443", "https://example.com:8443", true, "port"},
    {"example.com:8443", "https://example.com", false, "another port"},
    {"10.0.0.0/8", "https://10.1.2.3", true, "CIDR"},
    {"10.0.0.0/8", "https://11.1.2.3", false, "outside"},
    {"10.0.0.0/33", "https://10.1.2.3", false, "no such prefix"},
    {"10.0.0.0/x", "https://10.0.0.0", false, "no number"},
    {"10.1.2.3", "https://10.1.2.3", true, "an address"},
    {"1.2.3", "https://0.1.2.3", false, "a suffix of an address is nothing"},
    {"fd00::/8", "https://[fd12::1]", true, "IPv6 CIDR"},
    {"[::1]", "https://[::1]", true, "brackets"},
    {"::1", "https://[::1]", true, "no brackets"},
    {"[::1]:8443", "https://[::1]:8443", true, "brackets and port"},
    {"[::1]:8443", "https://[::1]", false, "another port"},
    {"0::1", "https://[::1]", true, "another spelling"},
    {"localhost", "https://localhost", true, "listed"},
    {"", "https://localhost", false, "localhost is proxied unless listed (unlike Go)"},
    {"한국.kr", "https://www.한국.kr", true, "Unicode entry"},
    {",,,", "https://a.example", false, "only separators"},
    {".", "https://a.example", false, "only a dot"},
};

TEST(Proxy, NoProxyTable) {
  for (const NoProxyCase& c : kNoProxy) {
    SCOPED_TRACE(fmt::format("{} against {}: {}", c.list, c.target, c.why));
    EXPECT_EQ(!no_proxy_match(c.list, *parse_target(c.target)).empty(), c.matches);
  }
}

}  // namespace
}  // namespace medic::target
