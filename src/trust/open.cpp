#include <fmt/core.h>

#include <filesystem>

#include "base/files.h"
#include "trust/anchors.h"
#include "trust/sources.h"
#include "x509/container.h"

namespace medic::trust {

Result<AnchorSetPtr> open_file(std::string id, const std::string& path) {
  MEDIC_TRY(std::string text, read_text_file(path));
  // PEM with nothing before its first block is by far the most common; everything else is read at
  // once.
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool looks_binary = text.find('\0') != std::string::npos;
  if (begin != std::string::npos && !looks_binary &&
      text.find("-----BEGIN CERTIFICATE-----") != std::string::npos) {
    return open_bundle(std::move(id), path, std::move(text));
  }
  const x509::Certificates found = x509::read_certificates(as_bytes(text));
  std::vector<Anchor> anchors;
  std::vector<std::string> problems;
  anchors.reserve(found.certificates.size());
  problems.reserve(found.problems.size());
  for (const auto& certificate : found.certificates) {
    anchors.push_back({.certificate = certificate, .source = path});
  }
  for (const auto& problem : found.problems) {
    problems.push_back(fmt::format("{}, {}: {}", path, problem.place, problem.what));
  }
  std::string description = fmt::format("{} ({} certificates)", path, anchors.size());
  return make_listed_set(std::move(id), std::move(description), std::move(anchors),
                         std::move(problems));
}

Result<AnchorSetPtr> read_anchors(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? open_directory("file:" + path, path)
                                                      : open_file("file:" + path, path);
}

Result<AnchorSetPtr> open_anchors(const std::string& spec) {
  if (spec == "mozilla") {
    return mozilla_anchors();
  }
  return spec == "system" ? system_anchors() : read_anchors(spec);
}

}  // namespace medic::trust
