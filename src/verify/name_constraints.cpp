#include "verify/name_constraints.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "verify/ascii.h"

namespace medic::verify {
namespace {

using x509::Certificate;
using x509::NameConstraints;

enum class Fit { Yes, No, BadName, BadConstraint };

Fit fits(bool yes) {
  return yes ? Fit::Yes : Fit::No;
}

Fit dns_fits(std::string_view name, std::string_view base) {
  if (base.empty()) {
    return Fit::Yes;
  }
  if (name.size() < base.size()) {
    return Fit::No;
  }
  const std::string_view tail = name.substr(name.size() - base.size());
  if (name.size() > base.size() && base.front() != '.' &&
      name[name.size() - base.size() - 1] != '.') {
    return Fit::No;
  }
  return fits(equal_ignoring_case(tail, base));
}

Fit email_fits(std::string_view name, std::string_view base) {
  const std::size_t name_at = name.rfind('@');
  const std::size_t base_at = base.rfind('@');
  if (name_at == std::string_view::npos) {
    return Fit::BadName;
  }
  if (base_at == std::string_view::npos && !base.empty() && base.front() == '.') {
    return fits(name.size() > base.size() &&
                equal_ignoring_case(name.substr(name.size() - base.size()), base));
  }
  std::string_view base_host = base;
  if (base_at != std::string_view::npos) {
    const std::string_view local = base.substr(0, base_at);
    // The local part is compared with its case (RFC 5280 section 7.5).
    if (!local.empty() && local != name.substr(0, name_at)) {
      return Fit::No;
    }
    base_host = base.substr(base_at + 1);
  }
  return fits(equal_ignoring_case(name.substr(name_at + 1), base_host));
}

Fit uri_fits(std::string_view name, std::string_view base) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos || name.substr(colon, 3) != "://") {
    return Fit::BadName;
  }
  std::string_view host = name.substr(colon + 3);
  std::size_t end = host.find(':');
  if (end == std::string_view::npos) {
    end = host.find('/');
  }
  host = host.substr(0, end);
  if (host.empty()) {
    return Fit::BadName;
  }
  if (!base.empty() && base.front() == '.') {
    return fits(host.size() > base.size() &&
                equal_ignoring_case(host.substr(host.size() - base.size()), base));
  }
  return fits(equal_ignoring_case(host, base));
}

Fit ip_fits(ByteView name, ByteView base) {
  if (name.size() != 4 && name.size() != 16) {
    return Fit::BadName;
  }
  if (base.size() != 8 && base.size() != 32) {
    return Fit::BadName;
  }
  if (name.size() * 2 != base.size()) {
    return Fit::No;
  }
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (((name[i] ^ base[i]) & base[name.size() + i]) != 0) {
      return Fit::No;
    }
  }
  return Fit::Yes;
}

// Canonical names are prefixes of the names below them.
Fit directory_fits(const Bytes& canonical, ByteView base_der) {
  const Result<x509::Name> base = x509::parse_name(base_der);
  if (!base) {
    return Fit::BadConstraint;
  }
  return fits(base->canonical.size() <= canonical.size() &&
              std::equal(base->canonical.begin(), base->canonical.end(), canonical.begin()));
}

// One name against the constraints of its form.
template <class Bases, class Compare>
ConstraintVerdict one_name(const Bases& permitted, const Bases& excluded, Compare compare) {
  bool inside = permitted.empty();
  for (const auto& base : permitted) {
    const Fit fit = compare(base);
    if (fit == Fit::BadName) {
      return ConstraintVerdict::UnsupportedName;
    }
    if (fit == Fit::BadConstraint) {
      return ConstraintVerdict::UnsupportedConstraint;
    }
    if (fit == Fit::Yes) {
      inside = true;
      break;
    }
  }
  if (!inside) {
    return ConstraintVerdict::NotPermitted;
  }
  for (const auto& base : excluded) {
    const Fit fit = compare(base);
    if (fit == Fit::Yes) {
      return ConstraintVerdict::Excluded;
    }
    if (fit != Fit::No) {
      return fit == Fit::BadName ? ConstraintVerdict::UnsupportedName
                                 : ConstraintVerdict::UnsupportedConstraint;
    }
  }
  return ConstraintVerdict::Allowed;
}

std::size_t count(const x509::GeneralNames& names) {
  return names.dns.size() + names.ip.size() + names.email.size() + names.uri.size() +
         names.directory.size() + names.other;
}

std::string ip_text(ByteView octets) {
  return hex(octets);
}

class Checker {
 public:
  Checker(const Certificate& certificate, const NameConstraints& constraints)
      : certificate_(certificate), constraints_(constraints) {}

  ConstraintResult run() {
    const Certificate& c = certificate_;
    if (!c.subject.empty() && (!directory(c.subject) || !subject_emails())) {
      return result_;
    }
    if (c.subject_alt_names) {
      alternative_names(*c.subject_alt_names);
    }
    return result_;
  }

  bool dns(const std::string& name) {
    return note(one_name(constraints_.permitted.dns, constraints_.excluded.dns,
                         [&](const std::string& base) { return dns_fits(name, base); }),
                name);
  }

  [[nodiscard]] const ConstraintResult& result() const { return result_; }

 private:
  bool note(ConstraintVerdict verdict, std::string name) {
    if (verdict == ConstraintVerdict::Allowed) {
      return true;
    }
    result_ = {verdict, std::move(name)};
    return false;
  }

  bool directory(const x509::Name& name) {
    return note(one_name(constraints_.permitted.directory, constraints_.excluded.directory,
                         [&](const Bytes& base) { return directory_fits(name.canonical, base); }),
                name.text());
  }

  bool email(const std::string& name) {
    return note(one_name(constraints_.permitted.email, constraints_.excluded.email,
                         [&](const std::string& base) { return email_fits(name, base); }),
                name);
  }

  bool subject_emails() {
    return std::all_of(
        certificate_.subject.attributes.begin(), certificate_.subject.attributes.end(),
        [&](const x509::Attribute& a) { return a.type != "emailAddress" || email(a.value); });
  }

  // In the order of the forms, not of the extension: which name is blamed may differ from OpenSSL,
  // never whether one is.
  void alternative_names(const x509::GeneralNames& names) {
    for (const std::string& name : names.dns) {
      if (!dns(name)) {
        return;
      }
    }
    for (const std::string& name : names.email) {
      if (!email(name)) {
        return;
      }
    }
    for (const std::string& name : names.uri) {
      if (!note(one_name(constraints_.permitted.uri, constraints_.excluded.uri,
                         [&](const std::string& base) { return uri_fits(name, base); }),
                name)) {
        return;
      }
    }
    for (const Bytes& name : names.ip) {
      if (!note(one_name(constraints_.permitted.ip, constraints_.excluded.ip,
                         [&](const Bytes& base) { return ip_fits(name, base); }),
                ip_text(name))) {
        return;
      }
    }
    for (const Bytes& der : names.directory) {
      const Result<x509::Name> name = x509::parse_name(der);
      if (name && !directory(*name)) {
        return;
      }
    }
    if (names.other > 0 && (constraints_.permitted.other > 0 || constraints_.excluded.other > 0)) {
      note(ConstraintVerdict::UnsupportedConstraint, "otherName");
    }
  }

  const Certificate& certificate_;
  const NameConstraints& constraints_;
  ConstraintResult result_;
};

// OpenSSL's cn2dnsid(): at least two labels of letters, digits, '_' and inner hyphens.
bool looks_like_dns(std::string_view name) {
  bool dotted = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_letter_or_digit(c) || c == '_') {
      continue;
    }
    if (i == 0 || i + 1 == name.size()) {
      return false;
    }
    if (c == '-') {
      continue;
    }
    if (c != '.' || name[i + 1] == '.' || name[i - 1] == '-' || name[i + 1] == '-') {
      return false;
    }
    dotted = true;
  }
  return dotted;
}

}  // namespace

ConstraintResult check_constraints(const Certificate& certificate,
                                   const NameConstraints& constraints) {
  const std::uint64_t names =
      certificate.subject.attributes.size() +
      (certificate.subject_alt_names ? count(*certificate.subject_alt_names) : 0);
  const std::uint64_t bases = count(constraints.permitted) + count(constraints.excluded);
  if (names > 0 && bases > kMaxConstraintWork / names) {
    return {ConstraintVerdict::TooMuchWork, {}};
  }
  return Checker(certificate, constraints).run();
}

ConstraintResult check_common_name_constraints(const Certificate& certificate,
                                               const NameConstraints& constraints) {
  Checker checker(certificate, constraints);
  for (const x509::Attribute& attribute : certificate.subject.attributes) {
    if (attribute.type != "CN") {
      continue;
    }
    if (attribute.value.find('\0') != std::string::npos) {
      return {ConstraintVerdict::UnsupportedName, attribute.value};
    }
    if (looks_like_dns(attribute.value) && !checker.dns(attribute.value)) {
      break;
    }
  }
  return checker.result();
}

}  // namespace medic::verify
