#include "clients/client.h"

#include <fmt/core.h>

namespace medic::clients {

std::string origin_text(const Origin& origin) {
  std::string place = origin.file;
  if (!place.empty() && origin.line > 0) {
    place += fmt::format(":{}", origin.line);
  }
  if (origin.variable.empty()) {
    return place;
  }
  return place.empty() ? origin.variable : fmt::format("{} ({})", origin.variable, place);
}

std::string_view rule_kind_id(RuleKind kind) {
  switch (kind) {
    case RuleKind::Variable:
      return "variable";
    case RuleKind::Setting:
      return "setting";
    case RuleKind::Option:
      return "option";
    case RuleKind::CompiledIn:
      return "compiled-in";
    case RuleKind::Bundled:
      return "bundled";
    case RuleKind::SystemStore:
      return "system-store";
    case RuleKind::Policy:
      return "policy";
  }
  return "compiled-in";
}

std::string_view outcome_id(Outcome outcome) {
  switch (outcome) {
    case Outcome::Won:
      return "won";
    case Outcome::Added:
      return "added";
    case Outcome::NotSet:
      return "not-set";
    case Outcome::Overridden:
      return "overridden";
    case Outcome::Ignored:
      return "ignored";
    case Outcome::Chose:
      return "chose";
    case Outcome::Broken:
      return "broken";
    case Outcome::Fatal:
      return "fatal";
  }
  return "not-set";
}

std::string_view part_kind_id(PartKind kind) {
  switch (kind) {
    case PartKind::Bundle:
      return "bundle";
    case PartKind::HashedDirectory:
      return "hashed-directory";
    case PartKind::PlainDirectory:
      return "plain-directory";
    case PartKind::Mozilla:
      return "mozilla";
    case PartKind::JavaKeystore:
      return "java-keystore";
    case PartKind::NssDatabase:
      return "nss-database";
    case PartKind::WindowsStore:
      return "windows-store";
    case PartKind::MacKeychain:
      return "mac-keychain";
  }
  return "bundle";
}

std::string_view purpose_id(Purpose purpose) {
  return purpose == Purpose::OwnServers ? "own-servers" : "public-servers";
}

}  // namespace medic::clients
