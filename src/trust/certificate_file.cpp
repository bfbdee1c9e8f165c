#include <fmt/core.h>

#include <algorithm>

#include "trust/store_format.h"
#include "x509/container.h"
#include "x509/der.h"
#include "x509/oid.h"
#include "x509/pem.h"

// What each client does with a damaged file was seen on OpenSSL 3.0 (verify -CAfile, curl), Go,
// GnuTLS and rustls: one block that is not base64, not a certificate, or that runs into the next
// one makes OpenSSL refuse the whole file, where Go passes over the block.

namespace medic::trust {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view kAnyPurpose = "2.5.29.37.0";

bool holds(const std::vector<std::string>& purposes) {
  return std::any_of(purposes.begin(), purposes.end(), [](const std::string& one) {
    return one == kServerAuth || one == kAnyPurpose;
  });
}

std::vector<std::string> purposes_of(x509::der::Reader list) {
  std::vector<std::string> purposes;
  while (list.ok() && !list.at_end()) {
    purposes.push_back(x509::dotted(list.oid()));
  }
  return purposes;
}

// X509_CERT_AUX (OpenSSL crypto/x509/x_x509a.c) after the certificate: what it is trusted and what
// rejected for.
std::vector<Anchor> Store::* list_of(ByteView der) {
  x509::der::Failure failure;
  x509::der::Reader reader(der, failure);
  reader.element();
  if (!reader.ok() || reader.at_end()) {
    return &Store::anchors;
  }
  x509::der::Reader settings = reader.inside(x509::der::kSequence);
  std::vector<std::string> trusted;
  std::vector<std::string> rejected;
  const bool limited = settings.next_is(x509::der::kSequence);
  if (limited) {
    trusted = purposes_of(settings.inside(x509::der::kSequence));
  }
  if (settings.next_is(x509::der::context_constructed(0))) {
    rejected = purposes_of(settings.inside(x509::der::context_constructed(0)));
  }
  if (holds(rejected)) {
    return &Store::distrusted;
  }
  return !limited || holds(trusted) ? &Store::anchors : &Store::untrusted;
}

class PemFile {
 public:
  PemFile(std::string_view text, const std::string& path, Store& store)
      : text_(text), path_(&path), store_(&store) {}

  void read() {
    store_->format = "pem";
    x509::PemScanner scanner(text_);
    while (const std::optional<x509::PemBlock> block = scanner.next()) {
      line_ += x509::line_of(text_.substr(counted_), block->offset - counted_) - 1;
      counted_ = block->offset;
      place_ = fmt::format("line {}", line_);
      check_start(*block);
      add(*block);
    }
    if (text_.find('\r') != std::string_view::npos) {
      report("crlf", Weight::Note, {});
    }
    if (store_->anchors.empty() && store_->problems.empty()) {
      report("no-anchors", Weight::Store, {});
    }
  }

 private:
  void report(std::string_view id, Weight weight, std::string place,
              std::map<std::string, std::string, std::less<>> facts = {}) {
    store_->report({.id = std::string(id),
                    .weight = weight,
                    .place = std::move(place),
                    .facts = std::move(facts)});
  }

  void check_start(const x509::PemBlock& block) {
    if (block.at_line_start) {
      return;
    }
    const std::size_t line_start = text_.rfind('\n', block.offset) + 1;  // npos + 1 is 0
    const std::string_view before = text_.substr(line_start, block.offset - line_start);
    if (before == kByteOrderMark && line_start == 0) {
      report("byte-order-mark", Weight::Entry, place_);
    } else if (before.find("-----END ") != std::string_view::npos) {
      report("joined-blocks", Weight::Store, place_);
    } else {
      report("indented-block", Weight::Entry, place_);
    }
  }

  void add(const x509::PemBlock& block) {
    if (block.label.ends_with("PRIVATE KEY")) {
      report("private-key", Weight::Note, place_);
      return;
    }
    const bool trusted = block.label == "TRUSTED CERTIFICATE";
    if (!trusted && block.label != "CERTIFICATE" && block.label != "X509 CERTIFICATE") {
      return;  // CRLs and parameters may stand beside certificates
    }
    if (!block.ended) {
      report("cut-block", Weight::Store, place_);
      return;
    }
    const Result<Bytes> der = x509::decode_pem_body(block.body);
    if (!der) {
      report("not-base64", Weight::Store, place_, {{"reason", der.error().what}});
      return;
    }
    if (trusted) {
      report("trusted-form", Weight::Entry, place_);
      x509::der::Failure failure;
      x509::der::Reader reader(*der, failure);
      const x509::der::Element first = reader.element();
      add_certificate(*store_, list_of(*der), failure.failed() ? ByteView(*der) : first.whole,
                      *path_, place_);
      return;
    }
    const std::size_t problems = store_->problems.size();
    add_certificate(*store_, &Store::anchors, *der, *path_, place_);
    if (store_->problems.size() > problems) {
      store_->problems.back().weight = Weight::Store;
    }
  }

  std::string_view text_;
  const std::string* path_;
  Store* store_;
  std::size_t line_ = 1;     // at counted_
  std::size_t counted_ = 0;  // offset up to which line ends are counted
  std::string place_;
};

bool is_html(std::string_view text) {
  std::string start(text.substr(0, 512));
  std::transform(start.begin(), start.end(), start.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return start.find("<html") != std::string::npos || start.find("<!doctype") != std::string::npos;
}

// DER, PKCS#7, UTF-16, nothing: x509's reader knows them; here each has a name.
void read_other(ByteView bytes, const std::string& path, Store& store) {
  const x509::Certificates found = x509::read_certificates(bytes);
  store.format = found.format;
  for (const auto& certificate : found.certificates) {
    store.anchors.push_back({.certificate = certificate, .source = path});
  }
  if (found.format == "der") {
    store.report({.id = "der-not-pem", .weight = Weight::Store});
  } else if (found.format == "pkcs7") {
    store.report({.id = "pkcs7-not-pem", .weight = Weight::Store});
  } else if (found.format == "utf-16") {
    store.report({.id = "utf-16", .weight = Weight::Store});
  } else if (found.format == "empty") {
    store.report({.id = "empty", .weight = Weight::Store});
  } else if (is_html(as_text(bytes))) {
    store.format = "html";
    store.report({.id = "html", .weight = Weight::Store});
  } else if (found.format == "unknown") {
    store.report(
        {.id = "not-a-store",
         .weight = Weight::Store,
         .facts = {{"start",
                    escaped(as_text(bytes.first(std::min<std::size_t>(bytes.size(), 32))), 32)}}});
  }
}

}  // namespace

void read_certificate_file(ByteView bytes, const std::string& path, Store& store) {
  const std::string_view text = as_text(bytes);
  const bool binary = text.substr(0, 4096).find('\0') != std::string_view::npos;
  const std::size_t begin = binary ? std::string_view::npos : text.find("-----BEGIN ");
  const bool pkcs7 =
      begin != std::string_view::npos && text.substr(begin).starts_with("-----BEGIN PKCS7");
  if (begin == std::string_view::npos || pkcs7) {
    read_other(bytes, path, store);
  } else {
    PemFile(text, path, store).read();
  }
}

}  // namespace medic::trust
