#include "trust/store_edit.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "trust/admission.h"
#include "trust/cursor.h"
#include "trust/jks.h"
#include "trust/merged_bundle.h"
#include "trust/store_format.h"
#include "x509/container.h"
#include "x509/digest.h"
#include "x509/pem.h"
#include "x509/pkcs12_certificates.h"
#include "x509/pkcs12_writer.h"

namespace medic::trust {
namespace {

std::unexpected<Error> cannot(std::string_view reason) {
  return fail(ErrorKind::Usage, fmt::format("this store cannot be changed: {}", reason),
              "nothing is written that would be less than what is there");
}

bool is_jks(ByteView bytes) {
  const std::uint32_t magic = Cursor(bytes).u32();
  return magic == kJksMagic || magic == kJceksMagic;
}

// A file without a block is no bundle: an empty one is, and starts with its first root.
bool is_pem(const std::string& bytes) {
  return bytes.find_first_not_of(" \t\r\n") == std::string::npos ||
         x509::PemScanner(bytes).next().has_value();
}

Result<std::string> pem_with(const std::string& bytes, const x509::Certificate& root) {
  x509::PemScanner scanner(bytes);
  while (const auto block = scanner.next()) {
    if (!block->ended) {  // OpenSSL stops there and never sees what follows
      return cannot(fmt::format("the block at line {} of it has no end",
                                x509::line_of(bytes, block->offset)));
    }
  }
  std::string text = bytes;
  const bool crlf = text.find("\r\n") != std::string::npos;
  if (!text.empty() && !text.ends_with('\n')) {
    text += crlf ? "\r\n" : "\n";
  }
  return text + x509::pem(root);
}

// Where the line of END that belongs to this block ends.
std::size_t end_of(const std::string& text, const x509::PemBlock& block) {
  const std::size_t body_end =
      static_cast<std::size_t>(block.body.data() - text.data()) + block.body.size();
  const std::size_t newline = text.find('\n', body_end);
  return newline == std::string::npos ? text.size() : newline + 1;
}

// Comments right above a block that name its certificate belong to it.
std::size_t comments_of(const std::string& text, std::size_t block, std::size_t after) {
  std::size_t begin = block;
  while (begin > after) {
    const std::size_t before = begin - 1;  // the newline of the line above
    const std::size_t start = text.rfind('\n', before == 0 ? 0 : before - 1);
    const std::size_t line = start == std::string::npos || start + 1 < after ? after : start + 1;
    if (line >= before || text[line] != '#') {
      break;
    }
    begin = line;
  }
  return begin;
}

std::size_t begin_of(const std::string& text, std::size_t block, std::size_t after,
                     const x509::Certificate& certificate) {
  const std::size_t begin = comments_of(text, block, after);
  const std::string_view comments = std::string_view(text).substr(begin, block - begin);
  const bool named =
      comments.find(certificate.subject.display()) != std::string_view::npos ||
      comments.find(fingerprint_text(certificate.fingerprint)) != std::string_view::npos;
  return named ? begin : block;
}

Result<std::string> pem_without(const std::string& bytes, const Sha256& fingerprint) {
  x509::PemScanner scanner(bytes);
  std::string rest;
  std::size_t kept = 0;   // everything before is in `rest` or left out
  std::size_t after = 0;  // behind the block before
  while (const auto block = scanner.next()) {
    const std::size_t end = end_of(bytes, *block);
    const auto certificate = x509::certificate_of_block(block->label, block->body);
    if (block->ended && certificate && (*certificate)->fingerprint == fingerprint) {
      rest += bytes.substr(kept, begin_of(bytes, block->offset, after, **certificate) - kept);
      kept = end;
    }
    after = end;
  }
  return rest + bytes.substr(kept);
}

struct OpenPkcs12 {
  x509::Pkcs12Certificates content;
  std::optional<std::string> password;  // none: it has no integrity
};

Result<OpenPkcs12> opened_pkcs12(ByteView bytes, const EditOptions& options) {
  for (const std::string& password : candidate_passwords({.password = options.password})) {
    MEDIC_TRY(x509::Pkcs12Certificates content, x509::read_pkcs12_certificates(bytes, password));
    const bool open = content.closed == x509::Pkcs12Certificates::Closed::No;
    if (open && !content.has_integrity) {
      return OpenPkcs12{.content = std::move(content), .password = std::nullopt};
    }
    if (open && content.integrity_checked) {
      return OpenPkcs12{.content = std::move(content), .password = password};
    }
  }
  return cannot("its password is none of those that keystores come with");
}

Result<std::vector<x509::NamedCertificate>> entries_of(const x509::Pkcs12Certificates& content) {
  if (content.others > 0) {
    return cannot("it holds keys besides certificates");
  }
  std::vector<x509::NamedCertificate> entries;
  for (const x509::Pkcs12Certificate& one : content.certificates) {
    if (!one.trusted_by_java) {
      return cannot("it holds certificates that Java does not trust");
    }
    MEDIC_TRY(x509::CertificatePtr certificate, x509::parse_certificate(one.der));
    const bool ascii =
        std::ranges::all_of(one.alias, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii) {
      return cannot("an alias in it is not ASCII");
    }
    entries.push_back({.alias = one.alias, .certificate = std::move(certificate)});
  }
  return entries;
}

Result<std::string> written(std::span<const x509::NamedCertificate> entries,
                            const std::optional<std::string>& password) {
  MEDIC_TRY(const Bytes bytes, password ? x509::pkcs12_trust_store(entries, *password)
                                        : x509::pkcs12_without_integrity(entries));
  return std::string(as_text(bytes));
}

Result<std::string> pkcs12_with(const std::string& bytes, const x509::Certificate& root,
                                const EditOptions& options) {
  MEDIC_TRY(const OpenPkcs12 open, opened_pkcs12(as_bytes(bytes), options));
  MEDIC_TRY(std::vector<x509::NamedCertificate> entries, entries_of(open.content));
  MEDIC_TRY(x509::CertificatePtr added, x509::parse_certificate(root.der));
  entries.push_back({.alias = alias_of(root), .certificate = std::move(added)});
  return written(entries, open.password);
}

Result<std::string> pkcs12_without(const std::string& bytes, const Sha256& fingerprint,
                                   const EditOptions& options) {
  MEDIC_TRY(const OpenPkcs12 open, opened_pkcs12(as_bytes(bytes), options));
  MEDIC_TRY(std::vector<x509::NamedCertificate> entries, entries_of(open.content));
  std::erase_if(entries, [&](const x509::NamedCertificate& one) {
    return one.certificate->fingerprint == fingerprint;
  });
  return written(entries, open.password);
}

bool holds(const std::string& bytes, const Sha256& fingerprint, const EditOptions& options) {
  const Store store = read_store(as_bytes(bytes), {}, {.password = options.password});
  return std::ranges::any_of(store.anchors, [&](const Anchor& anchor) {
    return anchor.certificate->fingerprint == fingerprint;
  });
}

constexpr std::string_view kUnknown = "it is of a kind that this program only reads";

}  // namespace

Result<std::string> with_root(const std::string& bytes, const x509::Certificate& root,
                              const EditOptions& options) {
  if (holds(bytes, root.fingerprint, options)) {
    return bytes;
  }
  Result<std::string> edited = is_jks(as_bytes(bytes)) ? jks_with(bytes, root, options)
                               : x509::is_pkcs12(as_bytes(bytes))
                                   ? pkcs12_with(bytes, root, options)
                               : is_pem(bytes) ? pem_with(bytes, root)
                                               : cannot(kUnknown);
  if (edited && !holds(*edited, root.fingerprint, options)) {
    return cannot("what stands at its end hides a new root from its readers");
  }
  return edited;
}

Result<std::string> without_root(const std::string& bytes, const Sha256& fingerprint,
                                 const EditOptions& options) {
  if (!holds(bytes, fingerprint, options)) {
    return bytes;
  }
  Result<std::string> edited = is_jks(as_bytes(bytes)) ? jks_without(bytes, fingerprint, options)
                               : x509::is_pkcs12(as_bytes(bytes))
                                   ? pkcs12_without(bytes, fingerprint, options)
                               : is_pem(bytes) ? pem_without(bytes, fingerprint)
                                               : cannot(kUnknown);
  if (edited && holds(*edited, fingerprint, options)) {
    return cannot("the root stands in it in a way that this program does not write");
  }
  return edited;
}

}  // namespace medic::trust
