#include "x509/host_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace medic::x509 {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_letter_or_digit(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
}

bool starts_with_a_label(std::string_view text) {
  return text.size() >= 4 && equal_ignoring_case(text.substr(0, 4), "xn--");
}

// One walk of valid_star() in OpenSSL's crypto/x509/v3_utl.c: where the one legal wildcard stands.
class StarSearch {
 public:
  StarSearch(std::string_view pattern, PartialWildcards partial)
      : pattern_(pattern), partial_(partial) {}

  std::optional<std::size_t> position() {
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      if (!step(i)) {
        return std::nullopt;
      }
    }
    if (label_starts_ || after_hyphen_ || dots_ < 2) {
      return std::nullopt;
    }
    return star_;
  }

 private:
  bool step(std::size_t i) {
    const char c = pattern_[i];
    if (c == '*') {
      return star(i);
    }
    if (c == '.') {
      if (label_starts_ || after_hyphen_) {
        return false;
      }
      label_starts_ = true;
      in_a_label_ = false;
      ++dots_;
      return true;
    }
    if (c == '-') {
      after_hyphen_ = true;
      return !label_starts_;
    }
    if (!is_letter_or_digit(c)) {
      return false;
    }
    in_a_label_ = in_a_label_ || (label_starts_ && starts_with_a_label(pattern_.substr(i)));
    label_starts_ = false;
    after_hyphen_ = false;
    return true;
  }

  bool star(std::size_t i) {
    const bool at_end = i + 1 == pattern_.size() || pattern_[i + 1] == '.';
    if (star_ || in_a_label_ || dots_ > 0 || (!label_starts_ && !at_end)) {
      return false;
    }
    if (partial_ == PartialWildcards::Refused && !(label_starts_ && at_end)) {
      return false;
    }
    star_ = i;
    label_starts_ = false;
    return true;
  }

  std::string_view pattern_;
  PartialWildcards partial_;
  std::optional<std::size_t> star_;
  bool label_starts_ = true;
  bool in_a_label_ = false;
  bool after_hyphen_ = false;
  int dots_ = 0;
};

// wildcard_match() of the same file, with default flags.
bool openssl_wildcard_matches(std::string_view prefix, std::string_view suffix,
                              std::string_view host) {
  if (host.size() < prefix.size() + suffix.size() ||
      !equal_ignoring_case(prefix, host.substr(0, prefix.size())) ||
      !equal_ignoring_case(suffix, host.substr(host.size() - suffix.size()))) {
    return false;
  }
  const std::string_view covered =
      host.substr(prefix.size(), host.size() - prefix.size() - suffix.size());
  const bool whole_label = prefix.empty() && suffix.starts_with('.');
  if (whole_label && covered.empty()) {
    return false;
  }
  // An A-label never matches a partial wildcard, wherever in it the wildcard begins (seen
  // in 3.0.22).
  if (!whole_label && starts_with_a_label(host)) {
    return false;
  }
  return covered == "*" || std::all_of(covered.begin(), covered.end(),
                                       [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// Matching of a name below ".example.com", as X509_check_host takes such a host.
bool ends_with_domain(std::string_view pattern, std::string_view domain) {
  if (pattern.size() < domain.size()) {
    return false;
  }
  return equal_ignoring_case(pattern.substr(pattern.size() - domain.size()), domain) &&
         pattern.find('\0') == std::string_view::npos;
}

NameMatch match_ip(const Certificate& certificate, const Bytes& address) {
  if (!certificate.subject_alt_names) {
    return NameMatch::None;
  }
  const std::vector<Bytes>& listed = certificate.subject_alt_names->ip;
  return std::find(listed.begin(), listed.end(), address) != listed.end() ? NameMatch::AltName
                                                                          : NameMatch::None;
}

}  // namespace

bool dns_name_matches(std::string_view pattern, std::string_view host) {
  if (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  if (pattern.empty() || host.empty() || host.starts_with('.') ||
      pattern.find('\0') != std::string_view::npos) {
    return false;
  }
  if (!pattern.starts_with("*.")) {
    return pattern.find('*') == std::string_view::npos ? equal_ignoring_case(pattern, host) : false;
  }
  const std::string_view parent = pattern.substr(1);  // ".example.com"
  if (parent.find('.', 1) == std::string_view::npos || parent.find('*') != std::string_view::npos ||
      parent.find("..") != std::string_view::npos || parent.ends_with('.')) {
    return false;
  }
  const std::size_t label = host.find('.');
  return label != std::string_view::npos && label > 0 &&
         equal_ignoring_case(host.substr(label), parent);
}

bool openssl_name_matches(std::string_view pattern, std::string_view host,
                          PartialWildcards partial) {
  if (host.size() > 1 && host.starts_with('.')) {
    return ends_with_domain(pattern, host);
  }
  const std::optional<std::size_t> star = StarSearch(pattern, partial).position();
  if (!star) {
    return pattern.find('\0') == std::string_view::npos && equal_ignoring_case(pattern, host);
  }
  return openssl_wildcard_matches(pattern.substr(0, *star), pattern.substr(*star + 1), host);
}

std::optional<Bytes> parse_ip_literal(std::string_view text) {
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  Bytes address(16);
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) {
    return address;
  }
  address.resize(4);
  if (inet_pton(AF_INET, terminated.c_str(), address.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

std::string ip_text(const Bytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  if ((address.size() != 4 && address.size() != 16) ||
      inet_ntop(family, address.data(), text.data(), text.size()) == nullptr) {
    return hex(address);
  }
  return text.data();
}

PresentedNames presented_names(const Certificate& certificate) {
  PresentedNames names;
  if (certificate.subject_alt_names) {
    names.dns = certificate.subject_alt_names->dns;
    for (const Bytes& address : certificate.subject_alt_names->ip) {
      names.ip.push_back(ip_text(address));
    }
  }
  for (const Attribute& attribute : certificate.subject.attributes) {
    if (attribute.type == "CN") {
      names.common_names.push_back(attribute.value);
    }
  }
  return names;
}

NameMatch match_host(const Certificate& certificate, std::string_view host,
                     const NameRules& rules) {
  if (const std::optional<Bytes> address = parse_ip_literal(host)) {
    return match_ip(certificate, *address);
  }
  const auto matches = [&](std::string_view pattern) {
    return rules.openssl ? openssl_name_matches(pattern, host, rules.partial)
                         : dns_name_matches(pattern, host);
  };
  if (certificate.subject_alt_names && !certificate.subject_alt_names->dns.empty()) {
    const std::vector<std::string>& listed = certificate.subject_alt_names->dns;
    return std::any_of(listed.begin(), listed.end(), matches) ? NameMatch::AltName
                                                              : NameMatch::None;
  }
  if (rules.common_name) {
    for (const Attribute& attribute : certificate.subject.attributes) {
      if (attribute.type == "CN" && matches(attribute.value)) {
        return NameMatch::CommonName;
      }
    }
  }
  return NameMatch::None;
}

}  // namespace medic::x509
