#include "x509/container.h"

#include <fmt/core.h>

#include <algorithm>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"

namespace medic::x509 {
namespace {

// Problems kept; a file of a million broken blocks is reported by its first ones.
constexpr std::size_t kMaxProblems = 100;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void add_problem(Certificates& out, std::string place, std::string what) {
  if (out.problems.size() < kMaxProblems) {
    out.problems.push_back({.place = std::move(place), .what = std::move(what)});
  }
}

void add_certificate(Certificates& out, ByteView der, const std::string& place) {
  Result<CertificatePtr> certificate = parse_certificate(der);
  if (certificate) {
    out.certificates.push_back(*std::move(certificate));
  } else {
    add_problem(out, place, certificate.error().what);
  }
}

void add_pkcs7(Certificates& out, ByteView der, const std::string& place) {
  const Result<std::vector<Bytes>> found = pkcs7_certificates(der);
  if (!found) {
    add_problem(out, place, found.error().what);
    return;
  }
  for (std::size_t i = 0; i < found->size(); ++i) {
    add_certificate(out, (*found)[i], fmt::format("{}, certificate {}", place, i + 1));
  }
  if (found->empty()) {
    add_problem(out, place, "a PKCS#7 structure without certificates");
  }
}

// The first DER element: an OpenSSL "TRUSTED CERTIFICATE" has auxiliary trust data after it.
ByteView first_element(ByteView der) {
  der::Failure failure;
  der::Reader reader(der, failure);
  const der::Element first = reader.element();
  return failure.failed() ? der : first.whole;
}

void add_block(Certificates& out, const PemBlock& block, const std::string& place) {
  const bool trusted = block.label == "TRUSTED CERTIFICATE";
  const bool certificate =
      trusted || block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE";
  const bool pkcs7 =
      block.label == "PKCS7" || block.label == "CMS" || block.label == "PKCS #7 SIGNED DATA";
  if (!certificate && !pkcs7) {
    return;  // keys, CRLs and parameters may stand beside certificates
  }
  if (!block.ended) {
    add_problem(out, place,
                fmt::format("the block '{}' has no END line: the file is cut, or two blocks ran "
                            "into each other",
                            escaped(block.label, 32)));
    return;
  }
  const Result<Bytes> der = decode_pem_body(block.body);
  if (!der) {
    add_problem(out, place, der.error().what);
  } else if (pkcs7) {
    add_pkcs7(out, *der, place);
  } else {
    add_certificate(out, trusted ? first_element(*der) : ByteView(*der), place);
  }
}

void read_pem(Certificates& out, std::string_view text) {
  out.format = "pem";
  const bool marked = text.starts_with(kByteOrderMark);
  PemScanner scanner(text);
  std::size_t line = 1;
  std::size_t counted = 0;
  while (const std::optional<PemBlock> block = scanner.next()) {
    line +=
        line_of(text.substr(counted), block->offset - counted) - 1;  // counted once, not per block
    counted = block->offset;
    const std::string place = fmt::format("line {}", line);
    if (!block->at_line_start) {
      const bool after_mark = marked && block->offset == kByteOrderMark.size();
      add_problem(out, place,
                  after_mark ? "a UTF-8 byte order mark stands before the first block; OpenSSL "
                               "skips that block"
                             : "the BEGIN line does not start at the beginning of its line; "
                               "OpenSSL skips that block");
    }
    add_block(out, *block, place);
  }
}

bool is_utf16(ByteView bytes) {
  if (bytes.size() < 4) {
    return false;
  }
  const bool little = bytes[0] == 0xFF && bytes[1] == 0xFE;
  const bool big = bytes[0] == 0xFE && bytes[1] == 0xFF;
  const bool unmarked = (bytes[0] == '-' && bytes[1] == 0 && bytes[2] == '-' && bytes[3] == 0) ||
                        (bytes[0] == 0 && bytes[1] == '-' && bytes[2] == 0 && bytes[3] == '-');
  return little || big || unmarked;
}

// PFX (RFC 7292 section 4): SEQUENCE { INTEGER 3, ...
bool is_pkcs12(ByteView bytes) {
  der::Failure failure;
  der::Reader reader(bytes, failure);
  der::Reader fields = reader.inside(der::kSequence);
  const ByteView version = fields.integer();
  return !failure.failed() && version.size() == 1 && version[0] == 3 &&
         fields.next_is(der::kSequence);
}

void read_der(Certificates& out, ByteView bytes) {
  if (is_pkcs7(bytes)) {
    out.format = "pkcs7";
    add_pkcs7(out, bytes, "offset 0");
    return;
  }
  if (is_pkcs12(bytes)) {
    out.format = "pkcs12";
    add_problem(out, "offset 0", "a PKCS#12 file, which is read only with its passphrase");
    return;
  }
  der::Failure failure;
  der::Reader reader(bytes, failure);
  out.format = "der";
  while (reader.ok() && !reader.at_end()) {
    const auto offset = static_cast<std::size_t>(reader.rest().data() - bytes.data());
    const der::Element one = reader.element();
    if (reader.ok()) {
      add_certificate(out, one.whole, fmt::format("offset {}", offset));
    }
  }
  if (failure.failed()) {
    add_problem(
        out, fmt::format("offset {}", static_cast<std::size_t>(failure.rest.data() - bytes.data())),
        failure.error("not DER", bytes).what);
  }
}

}  // namespace

Certificates read_certificates(ByteView bytes) {
  Certificates out;
  const std::string_view text = as_text(bytes);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    out.format = "empty";
    add_problem(out, "offset 0", "there is nothing in it");
  } else if (is_utf16(bytes)) {
    out.format = "utf-16";
    add_problem(out, "offset 0",
                "UTF-16 text (PowerShell's '>' writes it); no TLS library reads that: save it as "
                "UTF-8 or ASCII");
  } else if (bytes[0] == der::kSequence) {
    read_der(out, bytes);
  } else if (text.find("-----BEGIN ") != std::string_view::npos) {
    read_pem(out, text);
    if (out.certificates.empty() && out.problems.empty()) {
      add_problem(out, "offset 0", "PEM blocks, but none holds a certificate");
    }
  } else {
    out.format = "unknown";
    add_problem(out, "offset 0",
                fmt::format("neither PEM nor DER: '{}'", escaped(text.substr(0, 32), 32)));
  }
  return out;
}

Result<CertificatePtr> certificate_of_block(std::string_view label, std::string_view body) {
  MEDIC_TRY(const Bytes der, decode_pem_body(body));
  return parse_certificate(label.starts_with("TRUSTED") ? first_element(der) : ByteView(der));
}

std::string pem(const Certificate& certificate) {
  return pem_block("CERTIFICATE", certificate.der);
}

}  // namespace medic::x509
