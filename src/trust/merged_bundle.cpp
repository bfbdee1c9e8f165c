#include "trust/merged_bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "trust/admission.h"
#include "trust/dating.h"
#include "trust/hashed_directory.h"
#include "trust/jks.h"
#include "x509/container.h"
#include "x509/pkcs12_writer.h"

namespace medic::trust {
namespace {

// A comment must not end early, carry escape sequences into somebody's terminal, or hold what a
// lenient reader takes for the beginning of a block.
std::string comment(std::string_view text) {
  std::string line = escaped(text, 120);
  for (std::size_t at = 0; (at = line.find("--", at)) != std::string::npos;) {
    line.replace(at, 2, "- -");
  }
  return line;
}

// Why a certificate that the public list of today does not have is not copied. A store of the
// system decides for itself what it trusts, also an intermediate or a server's own certificate;
// only what no client can use, or should, stays out.
std::string why_not(const x509::Certificate& certificate, Time at) {
  if (is_public_root(certificate.fingerprint)) {
    return "withdrawn";
  }
  const auto why = refusal(certificate, at);
  const bool left = why && (why->id == "expired" || why->id == "distrusted");
  return left ? why->id : std::string();
}

void add_source(MergedRoot& root, const std::string& label) {
  if (std::ranges::find(root.sources, label) == root.sources.end()) {
    root.sources.push_back(label);
  }
}

}  // namespace

MergedRoots merged_roots(std::span<const RootSource> sources, Time at) {
  MergedRoots merged;
  std::map<Sha256, std::size_t> place;
  for (const RootSource& source : sources) {
    const bool public_list = &source == &sources.front();
    for (const Anchor& anchor : source.anchors) {
      const Sha256& fingerprint = anchor.certificate->fingerprint;
      if (const auto known = place.find(fingerprint); known != place.end()) {
        add_source(merged.roots[known->second], source.label);
        continue;
      }
      std::string reason = public_list ? std::string() : why_not(*anchor.certificate, at);
      if (!reason.empty()) {
        merged.left_out.push_back({.certificate = anchor.certificate,
                                   .source = source.label,
                                   .reason = std::move(reason)});
        continue;
      }
      place.emplace(fingerprint, merged.roots.size());
      merged.roots.push_back({.certificate = anchor.certificate, .sources = {source.label}});
    }
  }
  return merged;
}

std::string commented_pem(const MergedRoots& merged, const std::string& title) {
  std::string text = fmt::format("# {}\n# {} certificates\n", comment(title), merged.roots.size());
  for (const MergedRoot& root : merged.roots) {
    std::string from;
    for (const std::string& source : root.sources) {
      from += (from.empty() ? "" : ", ") + comment(source);
    }
    text += fmt::format("\n# {}\n# SHA-256 {}\n# valid until {}; from {}\n",
                        comment(root.certificate->subject.display()),
                        fingerprint_text(root.certificate->fingerprint),
                        iso_date(root.certificate->not_after), from);
    text += x509::pem(*root.certificate);
  }
  return text;
}

std::vector<HashedFile> hashed_files(const MergedRoots& merged) {
  std::map<std::uint32_t, int> taken;
  std::vector<HashedFile> files;
  for (const MergedRoot& root : merged.roots) {
    const std::uint32_t hash = name_hash(root.certificate->subject.canonical);
    files.push_back({.name = fmt::format("{:08x}.{}", hash, taken[hash]++),
                     .pem = x509::pem(*root.certificate)});
  }
  return files;
}

std::string alias_of(const x509::Certificate& certificate) {
  std::string alias;
  for (const char c : certificate.subject.display()) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80 && std::isalnum(octet) != 0) {
      alias.push_back(static_cast<char>(std::tolower(octet)));
    } else if (!alias.empty() && alias.back() != '-') {
      alias.push_back('-');
    }
  }
  constexpr std::size_t kNameOctets = 40;
  constexpr std::size_t kDigits = 12;  // of the fingerprint: names repeat, these do not
  alias.resize(std::min(alias.size(), kNameOctets));
  return fmt::format("{}{}{}", alias, alias.empty() || alias.ends_with('-') ? "" : "-",
                     hex(certificate.fingerprint).substr(0, kDigits));
}

Bytes jks_of(const MergedRoots& merged, std::string_view password, Time at) {
  constexpr std::uint32_t kVersion = 2;
  Bytes file;
  append_u32(file, kJksMagic);
  append_u32(file, kVersion);
  append_u32(file, merged.roots.size());
  for (const MergedRoot& root : merged.roots) {
    const Bytes entry =
        jks_trusted_entry(*root.certificate, alias_of(*root.certificate), kVersion, at);
    file.insert(file.end(), entry.begin(), entry.end());
  }
  const x509::Sha1 digest = jks_digest(file, password);
  file.insert(file.end(), digest.begin(), digest.end());
  return file;
}

Result<Bytes> pkcs12_of(const MergedRoots& merged, std::string_view password) {
  std::vector<x509::NamedCertificate> named;
  named.reserve(merged.roots.size());
  for (const MergedRoot& root : merged.roots) {
    named.push_back({.alias = alias_of(*root.certificate), .certificate = root.certificate});
  }
  return x509::pkcs12_trust_store(named, password);
}

}  // namespace medic::trust
