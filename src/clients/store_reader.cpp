#include "clients/store_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "base/files.h"
#include "trust/sources.h"
#include "x509/container.h"

namespace medic::clients {
namespace {

using machine::Machine;
using machine::Trouble;

bool is_directory_kind(PartKind kind) {
  return kind == PartKind::HashedDirectory || kind == PartKind::PlainDirectory;
}

// A store that another reader must open, or the system itself.
bool readable_here(PartKind kind) {
  return kind == PartKind::Bundle || is_directory_kind(kind) || kind == PartKind::Mozilla;
}

// openssl-rehash(1): eight hexadecimal digits, a dot, a number. CRLs have an 'r' before it.
bool is_hash_link(std::string_view name) {
  constexpr std::size_t kHashDigits = 8;
  return name.size() > kHashDigits + 1 && name[kHashDigits] == '.' &&
         std::ranges::all_of(name.substr(0, kHashDigits),
                             [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
         std::ranges::all_of(name.substr(kHashDigits + 1),
                             [](unsigned char c) { return std::isdigit(c) != 0; });
}

struct Gathered {
  std::vector<trust::Anchor> anchors;
  std::vector<std::string> problems;
};

void gather(const std::string& path, const std::string& text, Gathered& into) {
  x509::Certificates found = x509::read_certificates(as_bytes(text));
  for (x509::CertificatePtr& certificate : found.certificates) {
    into.anchors.push_back({.certificate = std::move(certificate), .source = path});
  }
  for (const x509::ContainerProblem& problem : found.problems) {
    into.problems.push_back(fmt::format("{}, {}: {}", path, problem.place, problem.what));
  }
}

std::expected<trust::AnchorSetPtr, Trouble> open_bundle_part(const Machine& machine,
                                                             const std::string& path,
                                                             const std::string& id) {
  auto text = machine.read(path, kMaxFileBytes);
  if (!text) {
    return std::unexpected(text.error());
  }
  // PEM is indexed and parsed lazily; everything else is read at once.
  if (text->find('\0') == std::string::npos &&
      text->find("-----BEGIN CERTIFICATE-----") != std::string::npos) {
    return trust::open_bundle(id, path, *std::move(text));
  }
  Gathered gathered;
  gather(path, *text, gathered);
  return trust::make_listed_set(id, path, std::move(gathered.anchors),
                                std::move(gathered.problems));
}

std::expected<trust::AnchorSetPtr, Trouble> open_directory_part(const Machine& machine,
                                                                const StorePart& part,
                                                                const std::string& id) {
  const auto entries = machine.list(part.path);
  if (!entries) {
    return std::unexpected(entries.error());
  }
  const bool hashed = part.kind == PartKind::HashedDirectory;
  std::vector<std::string> names;
  for (const machine::Entry& entry : *entries) {
    if (entry.kind != machine::Kind::Directory && (!hashed || is_hash_link(entry.name))) {
      names.push_back(entry.name);
    }
  }
  if (hashed && machine.live()) {
    return trust::open_hashed_directory(id, part.path, std::move(names));
  }
  Gathered gathered;
  for (const std::string& name : names) {
    const std::string path = machine.joined(part.path, name);
    if (const auto text = machine.read(path)) {
      gather(path, *text, gathered);
    } else {
      gathered.problems.push_back(fmt::format("{}: {}", path, machine::trouble_id(text.error())));
    }
  }
  return trust::make_listed_set(id, part.path, std::move(gathered.anchors),
                                std::move(gathered.problems));
}

}  // namespace

StoreRecord read_store_part(const Machine& machine, const StorePart& part, std::string id) {
  StoreRecord record{.part = part, .id = std::move(id)};
  if (!readable_here(part.kind)) {
    record.trouble = "unsupported";
    return record;
  }
  if (part.kind == PartKind::Mozilla) {
    record.anchors = trust::mozilla_anchors();
    record.count = record.anchors->size();
    return record;
  }
  auto opened = is_directory_kind(part.kind) ? open_directory_part(machine, part, record.id)
                                             : open_bundle_part(machine, part.path, record.id);
  if (!opened) {
    record.trouble = machine::trouble_id(opened.error());
    return record;
  }
  record.anchors = *std::move(opened);
  for (const trust::Anchor& anchor : record.anchors->all()) {
    ++record.count;
    const Time issued = anchor.certificate->not_before;
    record.newest_root = record.newest_root ? std::max(*record.newest_root, issued) : issued;
  }
  if (record.count == 0) {
    record.trouble = "no-certificate";
  }
  return record;
}

}  // namespace medic::clients
