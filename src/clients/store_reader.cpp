#include "clients/store_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "clients/store_problems.h"
#include "trust/hashed_directory.h"
#include "trust/sources.h"
#include "x509/container.h"

namespace medic::clients {
namespace {

using machine::Machine;
using machine::Trouble;

// A store of the running system itself, which no file here holds.
bool readable_here(const StorePart& part) {
  return part.kind != PartKind::MacKeychain &&
         (part.kind != PartKind::WindowsStore || !part.path.empty());
}

// A bundle, its certificates and the links to them lie in one directory: each counts once.
struct Gathered {
  std::vector<trust::Anchor> anchors;
  std::vector<std::string> problems;
  std::set<std::string> files;  // by where their links lead
  std::set<Sha256> certificates;
};

void gather(const std::string& path, const std::string& text, Gathered& into) {
  x509::Certificates found = x509::read_certificates(as_bytes(text));
  for (x509::CertificatePtr& certificate : found.certificates) {
    if (into.certificates.insert(certificate->fingerprint).second) {
      into.anchors.push_back({.certificate = std::move(certificate), .source = path});
    }
  }
  for (const x509::ContainerProblem& problem : found.problems) {
    into.problems.push_back(fmt::format("{}, {}: {}", path, problem.place, problem.what));
  }
}

struct Opened {
  trust::AnchorSetPtr anchors;
  trust::Store store;  // the same, with what is wrong with it
};

Opened listed(const StorePart& part, const std::string& id, trust::Store store) {
  return {.anchors = trust::make_listed_set(id, part.path, store.anchors, {}),
          .store = std::move(store)};
}

std::expected<Opened, Trouble> open_file_part(const Machine& machine, const StorePart& part,
                                              const std::string& id) {
  const std::string path = part.kind == PartKind::NssDatabase && !part.path.ends_with(".db")
                               ? machine.joined(part.path, "cert9.db")
                               : part.path;
  auto text = part.text.empty() ? machine.read(path, trust::kMaxStoreBytes)
                                : machine::Seen<std::string>(part.text);
  if (!text) {
    return std::unexpected(text.error());
  }
  trust::Store store = trust::read_store(as_bytes(*text), path);
  if (store.format != "pem" || part.kind != PartKind::Bundle) {
    return listed(part, id, std::move(store));
  }
  // Kept as text: verifying parses only the subjects that it asks for.
  return Opened{.anchors = trust::open_bundle(id, path, *std::move(text)),
                .store = std::move(store)};
}

trust::DirectoryFile directory_file(
    const Machine& machine, const std::string& directory, const machine::Entry& entry,
    std::map<std::string, std::shared_ptr<const std::string>>& read) {
  using State = trust::DirectoryFile::State;
  const std::string path = machine.joined(directory, entry.name);
  trust::DirectoryFile file{.name = entry.name, .link = entry.link};
  if (entry.link) {
    file.target = machine.link_target(path).value_or(std::string());
  }
  const auto real = machine.resolve(path);
  if (!real) {
    file.state = real.error() == Trouble::Unreadable ? State::Unreadable : State::Dangling;
    return file;
  }
  file.real = *real;
  const auto known = read.find(*real);
  if (known != read.end()) {
    file.text = known->second;
  } else if (auto text = machine.read(*real)) {
    file.text = std::make_shared<const std::string>(*std::move(text));
    read.emplace(*real, file.text);
  } else {
    file.state = text.error() == Trouble::Unreadable ? State::Unreadable : State::Other;
  }
  return file;
}

std::expected<Opened, Trouble> open_hashed_part(const Machine& machine, const StorePart& part,
                                                const std::string& id) {
  const auto entries = machine.list(part.path);
  if (!entries) {
    return std::unexpected(entries.error());
  }
  std::vector<trust::DirectoryFile> files;
  std::map<std::string, std::shared_ptr<const std::string>> read;
  for (const machine::Entry& entry : *entries) {
    if (entry.kind != machine::Kind::Directory) {
      files.push_back(directory_file(machine, part.path, entry, read));
    }
  }
  return listed(part, id, trust::read_hashed_directory(files, part.path));
}

// Every file is read: GnuTLS, Go and .NET ask for no hash.
std::expected<Opened, Trouble> open_plain_part(const Machine& machine, const StorePart& part,
                                               const std::string& id) {
  const auto entries = machine.list(part.path);
  if (!entries) {
    return std::unexpected(entries.error());
  }
  Gathered gathered;
  for (const machine::Entry& entry : *entries) {
    if (entry.kind == machine::Kind::Directory) {
      continue;
    }
    const std::string path = machine.joined(part.path, entry.name);
    if (!gathered.files.insert(machine.resolve(path).value_or(path)).second) {
      continue;
    }
    if (const auto text = machine.read(path)) {
      gather(path, *text, gathered);
    } else {
      gathered.problems.push_back(fmt::format("{}: {}", path, machine::trouble_id(text.error())));
    }
  }
  trust::Store store{.format = "plain-directory", .anchors = gathered.anchors};
  return Opened{.anchors = trust::make_listed_set(id, part.path, std::move(gathered.anchors),
                                                  std::move(gathered.problems)),
                .store = std::move(store)};
}

std::expected<Opened, Trouble> open_part(const Machine& machine, const StorePart& part,
                                         const std::string& id) {
  if (part.kind == PartKind::HashedDirectory) {
    return open_hashed_part(machine, part, id);
  }
  return part.kind == PartKind::PlainDirectory ? open_plain_part(machine, part, id)
                                               : open_file_part(machine, part, id);
}

}  // namespace

StoreRecord read_store_part(const Machine& machine, const StorePart& part, std::string id,
                            std::optional<Time> at) {
  StoreRecord record{.part = part, .id = std::move(id)};
  if (!readable_here(part)) {
    record.trouble = "unsupported";
    return record;
  }
  if (part.kind == PartKind::Mozilla) {
    record.anchors = trust::mozilla_anchors();
    record.count = record.anchors->size();
    return record;
  }
  auto opened = open_part(machine, part, record.id);
  if (!opened) {
    record.trouble = machine::trouble_id(opened.error());
    return record;
  }
  record.anchors = std::move(opened->anchors);
  for (const trust::Anchor& anchor : record.anchors->all()) {
    ++record.count;
    const Time issued = anchor.certificate->not_before;
    record.newest_root = record.newest_root ? std::max(*record.newest_root, issued) : issued;
  }
  if (record.count == 0) {
    record.trouble = "no-certificate";
  }
  add_store_problems(opened->store, at, record);
  return record;
}

}  // namespace medic::clients
