#include "verify/host_match.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "verify/ascii.h"

namespace medic::verify {
namespace {

using profiles::CommonName;
using profiles::HostRules;

std::string_view without_final_dot(std::string_view name) {
  return name.size() > 1 && name.back() == '.' ? name.substr(0, name.size() - 1) : name;
}

std::vector<std::string_view> labels(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t dot = name.find('.');
    parts.push_back(name.substr(0, dot));
    if (dot == std::string_view::npos) {
      return parts;
    }
    name.remove_prefix(dot + 1);
  }
}

bool starts_with_ace(std::string_view text) {
  return text.size() >= 4 && equal_ignoring_case(text.substr(0, 4), "xn--");
}

enum class PartialWildcards { Refused, Allowed };

// A '*' is the whole label, or stands at its start or end where partial ones are allowed.
bool star_may_stand(std::string_view pattern, std::size_t at, bool label_start,
                    PartialWildcards partial) {
  const bool at_end = at + 1 == pattern.size() || pattern[at + 1] == '.';
  return partial == PartialWildcards::Refused ? label_start && at_end : label_start || at_end;
}

// The place of a usable '*' of X509_check_host(): in the first label, which is no A-label, at its
// start or end, with two more labels to come; npos when the pattern is to be taken literally.
std::size_t openssl_star(std::string_view pattern, PartialWildcards partial) {
  std::size_t star = std::string_view::npos;
  std::size_t dots = 0;
  bool label_start = true;
  bool after_hyphen = false;
  bool ace = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      if (star != std::string_view::npos || ace || dots > 0 ||
          !star_may_stand(pattern, i, label_start, partial)) {
        return std::string_view::npos;
      }
      star = i;
      label_start = false;
    } else if (is_letter_or_digit(c)) {
      ace = ace || (label_start && starts_with_ace(pattern.substr(i)));
      label_start = false;
      after_hyphen = false;
    } else if (c == '.') {
      if (after_hyphen || label_start) {
        return std::string_view::npos;
      }
      label_start = true;
      ace = false;
      ++dots;
    } else if (c == '-' && !label_start) {
      after_hyphen = true;
    } else {
      return std::string_view::npos;
    }
  }
  return label_start || after_hyphen || dots < 2 ? std::string_view::npos : star;
}

bool openssl_matches(std::string_view pattern, std::string_view host, PartialWildcards partial) {
  const std::size_t star =
      host.starts_with('.') ? std::string_view::npos : openssl_star(pattern, partial);
  if (star == std::string_view::npos) {
    return equal_ignoring_case(pattern, host);
  }
  const std::string_view prefix = pattern.substr(0, star);
  const std::string_view suffix = pattern.substr(star + 1);
  if (host.size() < prefix.size() + suffix.size() ||
      !equal_ignoring_case(prefix, host.substr(0, prefix.size())) ||
      !equal_ignoring_case(suffix, host.substr(host.size() - suffix.size()))) {
    return false;
  }
  const std::string_view covered =
      host.substr(prefix.size(), host.size() - prefix.size() - suffix.size());
  const bool whole_label = prefix.empty() && suffix.starts_with('.');
  if (whole_label ? covered.empty() : (host.size() >= 4 && starts_with_ace(covered))) {
    return false;
  }
  return covered == "*" || std::all_of(covered.begin(), covered.end(),
                                       [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// RFC 9525 section 6.3: "*." alone in the left-most label stands for one label.
bool whole_label_matches(std::string_view pattern, std::string_view host, std::size_t least_dots) {
  if (!pattern.starts_with("*.")) {
    return equal_ignoring_case(pattern, host);
  }
  const std::size_t dot = host.find('.');
  const auto dots = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '.'));
  return dots >= least_dots && dot != std::string_view::npos && dot > 0 &&
         equal_ignoring_case(pattern.substr(1), host.substr(dot));
}

// lib/vtls/hostcheck.c: too wide a pattern is compared literally.
bool curl_matches(std::string_view pattern, std::string_view host) {
  pattern = without_final_dot(pattern);
  const std::size_t first = pattern.find('.');
  if (!pattern.starts_with("*.") || first == pattern.rfind('.')) {
    return equal_ignoring_case(pattern, host);
  }
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos &&
         equal_ignoring_case(pattern.substr(first), host.substr(dot));
}

// lib/tls.js check(): one '*' anywhere in the first label, which is no A-label.
bool node_matches(std::string_view pattern, std::string_view host) {
  const auto wanted = labels(host);
  const auto parts = labels(without_final_dot(pattern));
  const bool printable =
      std::all_of(pattern.begin(), pattern.end(), [](char c) { return c >= '!'; });
  if (wanted.size() != parts.size() || !printable ||
      std::find(parts.begin(), parts.end(), "") != parts.end()) {
    return false;
  }
  for (std::size_t i = parts.size() - 1; i > 0; --i) {
    if (!equal_ignoring_case(wanted[i], parts[i])) {
      return false;
    }
  }
  const std::string_view label = parts.front();
  const std::size_t star = label.find('*');
  if (star == std::string_view::npos || lowered(label).find("xn--") != std::string::npos) {
    return equal_ignoring_case(label, wanted.front());
  }
  const std::string_view prefix = label.substr(0, star);
  const std::string_view suffix = label.substr(star + 1);
  const std::string_view covered = wanted.front();
  return suffix.find('*') == std::string_view::npos && parts.size() > 2 &&
         prefix.size() + suffix.size() <= covered.size() &&
         equal_ignoring_case(covered.substr(0, prefix.size()), prefix) &&
         equal_ignoring_case(covered.substr(covered.size() - suffix.size()), suffix);
}

// crypto/x509/verify.go matchHostnames: a lone '*' as first label, however few labels follow.
bool go_matches(std::string_view pattern, std::string_view host) {
  const auto wanted = labels(host);
  const auto parts = labels(pattern);
  if (wanted.size() != parts.size() || pattern.empty() || host.empty()) {
    return false;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool wild = i == 0 && parts[i] == "*" && parts.size() > 1 && !wanted[i].empty();
    if (!wild && !equal_ignoring_case(parts[i], wanted[i])) {
      return false;
    }
  }
  return true;
}

// HostnameChecker.matchWildCards for one label: '*' anywhere, any number of times.
bool java_label_matches(std::string_view pattern, std::string_view label) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return equal_ignoring_case(pattern, label);
  }
  bool at_beginning = true;
  const std::string text = lowered(label);
  std::string_view rest = text;
  while (star != std::string_view::npos) {
    const std::string piece = lowered(pattern.substr(0, star));
    const std::size_t at = rest.find(piece);
    if (at == std::string_view::npos || (at_beginning && at != 0)) {
      return false;
    }
    at_beginning = false;
    rest.remove_prefix(at + piece.size());
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
  }
  return rest.ends_with(lowered(pattern));
}

bool java_matches(std::string_view pattern, std::string_view host) {
  const std::size_t star = pattern.rfind('*');
  if (pattern == "*" || pattern == "*." ||
      (star != std::string_view::npos && pattern.find('.', star) == std::string_view::npos)) {
    return false;
  }
  const auto wanted = labels(host);
  const auto parts = labels(pattern);
  return wanted.size() == parts.size() &&
         std::equal(parts.begin(), parts.end(), wanted.begin(), java_label_matches);
}

bool pattern_matches(std::string_view pattern, std::string_view host, HostRules rules) {
  switch (rules) {
    case HostRules::OpenSsl:
    case HostRules::Python:
      return openssl_matches(pattern, host, PartialWildcards::Refused);
    case HostRules::OpenSslPartialWildcards:
      return openssl_matches(pattern, host, PartialWildcards::Allowed);
    case HostRules::Curl:
      return curl_matches(pattern, host);
    case HostRules::Node:
      return node_matches(pattern, host);
    case HostRules::Go:
      return go_matches(pattern, host);
    case HostRules::Java:
      return java_matches(pattern, host);
    case HostRules::GnuTls:
    case HostRules::WebPki:
    case HostRules::Chromium:
    case HostRules::Nss:
      break;
  }
  return whole_label_matches(pattern, host, 2);
}

bool is_openssl(HostRules rules) {
  return rules == HostRules::OpenSsl || rules == HostRules::OpenSslPartialWildcards ||
         rules == HostRules::Python;
}

NameVerdict common_name_verdict(const x509::Certificate& certificate, std::string_view host,
                                HostRules rules, CommonName common_name) {
  if (common_name == CommonName::Never) {
    return NameVerdict::NoSan;
  }
  const bool found =
      std::any_of(certificate.subject.attributes.begin(), certificate.subject.attributes.end(),
                  [&](const x509::Attribute& attribute) {
                    return attribute.type == "CN" && pattern_matches(attribute.value, host, rules);
                  });
  return found ? NameVerdict::Match : NameVerdict::Mismatch;
}

NameVerdict address_verdict(const x509::Certificate& certificate, const Bytes& address,
                            std::string_view text, HostRules rules, CommonName common_name) {
  const auto& names = certificate.subject_alt_names;
  if (names && std::find(names->ip.begin(), names->ip.end(), address) != names->ip.end()) {
    return NameVerdict::Match;
  }
  const bool none = !names || (names->ip.empty() && names->dns.empty());
  if (rules == HostRules::Curl && none) {
    return common_name_verdict(certificate, text, rules, common_name);
  }
  return none ? NameVerdict::NoSan : NameVerdict::Mismatch;
}

}  // namespace

Bytes ip_octets(std::string_view name) {
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') {
    name = name.substr(1, name.size() - 2);
  }
  const std::string text(name);
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.begin() + 4};
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.end()};
  }
  return {};
}

NameVerdict match_name(const x509::Certificate& certificate, std::string_view name, HostRules rules,
                       CommonName common_name) {
  if (const Bytes address = ip_octets(name); !address.empty()) {
    return address_verdict(certificate, address, name, rules, common_name);
  }
  // OpenSSL and GnuTLS compare the name as it was given.
  const bool as_given = is_openssl(rules) || rules == HostRules::GnuTls;
  const std::string_view host = as_given ? name : without_final_dot(name);
  const auto& names = certificate.subject_alt_names;
  if (names && !names->dns.empty()) {
    const bool found = std::any_of(
        names->dns.begin(), names->dns.end(),
        [&](const std::string& pattern) { return pattern_matches(pattern, host, rules); });
    return found ? NameVerdict::Match : NameVerdict::Mismatch;
  }
  // curl looks at the common name only when there is no address either, GnuTLS when there is no
  // name of any kind.
  if ((rules == HostRules::Curl && names && !names->ip.empty()) ||
      (rules == HostRules::GnuTls && names && !names->empty())) {
    return NameVerdict::Mismatch;
  }
  return common_name_verdict(certificate, host, rules, common_name);
}

std::vector<std::string> presented_names(const x509::Certificate& certificate) {
  std::vector<std::string> names;
  if (certificate.subject_alt_names) {
    names = certificate.subject_alt_names->dns;
    for (const Bytes& address : certificate.subject_alt_names->ip) {
      std::array<char, INET6_ADDRSTRLEN> text{};
      const int family = address.size() == 4 ? AF_INET : AF_INET6;
      if ((address.size() == 4 || address.size() == 16) &&
          inet_ntop(family, address.data(), text.data(), text.size()) != nullptr) {
        names.emplace_back(text.data());
      }
    }
  }
  if (names.empty()) {
    if (std::string common = certificate.subject.first("CN"); !common.empty()) {
      names.push_back(std::move(common));
    }
  }
  return names;
}

}  // namespace medic::verify
