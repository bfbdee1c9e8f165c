#include "explain/surroundings.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "explain/hosts.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

struct Frame {
  std::string_view before;  // squeezed words in front of a host
  int worth;                // of two, the higher is the better witness
};

// The worth of words that may be followed by prose as well as by a host.
constexpr int kProse = 6;

// How clients name the host they talked to, seen in the texts of data/signatures.
constexpr std::array<Frame, 46> kFrames = {{{"connectionpool(host='", 9},
                                            {"certificateisnotvalidfor'", 9},
                                            {"matchestargethostname'", 9},
                                            {"connectingtoupstreamhttps://", 9},
                                            {"upstream:\"https://", 9},
                                            {"cannotconnecttohost", 9},
                                            {"unabletoaccess'https://", 9},
                                            {"sslvalidationfailedforhttps://", 9},
                                            {"madetohost'", 9},
                                            {"failedtoconnectto", 6},
                                            {"connectionto", 6},
                                            {"connectto", 6},
                                            {"connectingto'ldaps://", 9},
                                            {"connectingto", 6},
                                            {"s_client-connect", 9},
                                            {"-servername", 8},
                                            {"servername:", 4},
                                            {"(sni:", 8},
                                            {"validfor", 3},
                                            {"linkremote:", 7},
                                            {"peer:", 3},
                                            {"remotehost:", 5},
                                            {"hostname:", 4},
                                            {"hostname=", 5},
                                            {"hostname'", 5},
                                            {"host:'", 5},
                                            {"host:\"", 5},
                                            {"host='", 7},
                                            {"host=\"", 7},
                                            {"host=", 4},
                                            {"tlstohost", 4},
                                            {"lookup", 4},
                                            {"dialtcp:lookup", 7},
                                            {"dialtcp", 6},
                                            {"gethttps://", 7},
                                            {"gethttp://", 5},
                                            {"posthttps://", 7},
                                            {"https://", 5},
                                            {"ldaps://", 7},
                                            {"wss://", 7},
                                            {"imaps://", 7},
                                            {"smtps://", 7},
                                            {"amqps://", 7},
                                            {"rediss://", 7},
                                            {"http://", 2},
                                            {"commonname:", 1}}};

bool is_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t host_end(const Squeezed& text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.chars.size() && is_host(text.chars[at]) && at - begin < 253 &&
         (at == begin || text.gaps[at] == Gap::None || text.gaps[at] == Gap::Wrap)) {
    ++at;
  }
  return at;
}

bool is_page(std::string_view host) {
  const std::vector<std::string>& pages = known_hosts().pages;
  return std::any_of(pages.begin(), pages.end(),
                     [&](const std::string& page) { return host.ends_with(page); });
}

// A name with a dot, an address, "localhost", or any word where the frame says that it is a host.
// What follows "connection to" may be prose ("a secure connection to it"): there a word needs its
// port.
bool plausible(std::string_view host, std::string_view port, int worth) {
  if (host.size() < 2 || host.starts_with('.') || host.starts_with('-') || is_page(host)) {
    return false;
  }
  const bool dotted = host.find('.') != std::string_view::npos;
  if (!dotted) {
    return host == "localhost" || worth > kProse || (worth == kProse && !port.empty()) ||
           (worth == 5 && host.size() >= 3);
  }
  return host.find("..") == std::string_view::npos;
}

HostSeen host_at(const Squeezed& text, std::size_t at, int worth) {
  if (worth <= kProse && at < text.chars.size() && text.chars[at] == '\'') {
    ++at;
  }
  // Credentials in a URL.
  std::size_t end = host_end(text, at);
  std::string host = text.chars.substr(at, end - at);
  while (host.ends_with('.')) {
    host.pop_back();
  }
  HostSeen seen{.host = std::move(host), .port = {}};
  const auto port_follows = [&](std::string_view between) {
    return text.chars.compare(end, between.size(), between) == 0;
  };
  for (const std::string_view between :
       {std::string_view(":"), std::string_view("',port="), std::string_view("port")}) {
    if (port_follows(between)) {
      std::size_t digit = end + between.size();
      while (digit < text.chars.size() && is_digit(text.chars[digit]) && seen.port.size() < 6) {
        seen.port += text.chars[digit++];
      }
      break;
    }
  }
  if (seen.port.size() > 5) {
    seen.port.clear();
  }
  return plausible(seen.host, seen.port, worth) ? seen : HostSeen{};
}

}  // namespace

HostSeen host_near(const Squeezed& text, std::size_t begin, std::size_t end, std::size_t reach) {
  const std::size_t from = begin > reach ? begin - reach : 0;
  const std::size_t to = std::min(text.chars.size(), end + reach);
  const std::string_view near = std::string_view(text.chars).substr(from, to - from);
  HostSeen best;
  double best_score = 0;
  for (const Frame& frame : kFrames) {
    for (std::size_t at = near.find(frame.before); at != std::string_view::npos;
         at = near.find(frame.before, at + 1)) {
      const std::size_t place = from + at + frame.before.size();
      HostSeen seen = host_at(text, place, frame.worth);
      if (seen.host.empty()) {
        continue;
      }
      const bool before = place <= end;
      const std::size_t far = before ? (begin > place ? begin - place : 0) : (place - end) * 2;
      const double score = frame.worth / (1.0 + static_cast<double>(far) / 200.0);
      if (score > best_score) {
        best_score = score;
        best = std::move(seen);
      }
    }
  }
  return best;
}

std::string_view system_of(std::string_view squeezed_text) {
  struct Sign {
    std::string_view word;
    std::string_view system;
  };
  constexpr std::array<Sign, 24> kSigns = {{{"c:\\", "windows"},
                                            {"d:\\", "windows"},
                                            {"schannel", "windows"},
                                            {"winerror", "windows"},
                                            {"connectionreseterror(10054", "windows"},
                                            {"connectionabortederror(10053", "windows"},
                                            {"appdata", "windows"},
                                            {"powershell", "windows"},
                                            {"/win-64/", "windows"},
                                            {".exe", "windows"},
                                            {"/library/frameworks/", "macos"},
                                            {"/opt/homebrew", "macos"},
                                            {"/users/", "macos"},
                                            {"darwin", "macos"},
                                            {"macos", "macos"},
                                            {"libressl", "macos"},
                                            {"securetransport", "macos"},
                                            {"/osx-", "macos"},
                                            {"/usr/lib/", "linux"},
                                            {"/home/", "linux"},
                                            {"/etc/ssl/certs", "linux"},
                                            {"/linux-64/", "linux"},
                                            {"ubuntu", "linux"},
                                            {"debian", "linux"}}};
  for (const Sign& sign : kSigns) {
    if (squeezed_text.find(sign.word) != std::string_view::npos) {
      return sign.system;
    }
  }
  return "";
}

}  // namespace medic::explain
