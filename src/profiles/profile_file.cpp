// data/profiles/<id>.toml -> Profile: one table of keys, so that a new rule is one row here and one
// member in profile.h. A value is { value = ..., source = "..." }; one without a source is refused.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/toml.h"
#include "profiles/profile.h"
#include "profiles/profile_keys.h"

namespace medic::profiles {
namespace {

template <class Value>
struct Word {
  std::string_view text;
  Value value;
};

constexpr Word<Engine> kEngines[] = {
    {"openssl", Engine::OpenSsl}, {"go", Engine::Go},         {"gnutls", Engine::GnuTls},
    {"java", Engine::Java},       {"webpki", Engine::WebPki}, {"chromium", Engine::Chromium},
    {"nss", Engine::Nss},
};
constexpr Word<PathBuilding> kBuildings[] = {
    {"openssl-trusted-first", PathBuilding::OpenSslTrustedFirst},
    {"all-paths", PathBuilding::AllPaths},
    {"as-sent", PathBuilding::AsSent},
};
constexpr Word<CommonName> kCommonNames[] = {
    {"never", CommonName::Never},
    {"when-no-dns-san", CommonName::WhenNoDnsSan},
};
constexpr Word<HostRules> kHostRules[] = {
    {"openssl", HostRules::OpenSsl},
    {"openssl-partial-wildcards", HostRules::OpenSslPartialWildcards},
    {"curl", HostRules::Curl},
    {"node", HostRules::Node},
    {"python", HostRules::Python},
    {"go", HostRules::Go},
    {"gnutls", HostRules::GnuTls},
    {"java", HostRules::Java},
    {"webpki", HostRules::WebPki},
    {"chromium", HostRules::Chromium},
    {"nss", HostRules::Nss},
};
constexpr Word<std::uint16_t> kVersions[] = {
    {"1.0", 0x0301}, {"1.1", 0x0302}, {"1.2", 0x0303}, {"1.3", 0x0304}};

template <class Value, std::size_t N>
const Value* find_word(const Word<Value> (&words)[N], std::string_view text) {
  const auto* const at = std::find_if(std::begin(words), std::end(words),
                                      [&](const Word<Value>& word) { return word.text == text; });
  return at == std::end(words) ? nullptr : &at->value;
}

template <class Value, std::size_t N>
std::string_view word_of(const Word<Value> (&words)[N], Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) {
      return word.text;
    }
  }
  return "?";
}

// Reads one file into a profile that already holds what it inherits.
class Reader {
 public:
  Reader(const TomlTable& file, Profile& profile) : file_(file), profile_(profile) {}

  void read() {
    profile_.id = file_.string("id");
    read_texts(file_, "title", profile_.title, profile_.title_ko);
    profile_.family = file_.string("family");
    read_date();
    if (const auto mainstream = file_.optional_boolean("mainstream")) {
      profile_.mainstream = *mainstream;
    }
    read_engine();
    read_store();
    if (const TomlTable* tls = file_.table("tls")) {
      read_versions(*tls);
      read_switches(*tls, "tls", kTlsSwitches, profile_.tls);
      read_numbers(*tls, "tls", kTlsNumbers, profile_.tls);
    }
    if (const TomlTable* verify = file_.table("verify")) {
      read_word(*verify, "building", kBuildings, profile_.verify.building);
      read_word(*verify, "common_name", kCommonNames, profile_.verify.common_name);
      read_word(*verify, "host_rules", kHostRules, profile_.verify.host_rules);
      read_switches(*verify, "verify", kVerifySwitches, profile_.verify);
      read_numbers(*verify, "verify", kVerifyNumbers, profile_.verify);
    }
    if (const TomlTable* says = file_.table("says")) {
      read_says(*says);
    }
  }

 private:
  static void read_texts(const TomlTable& in, std::string_view key, std::string& english,
                         std::string& korean) {
    if (const TomlTable* texts = in.table(key)) {
      english = texts->string("en");
      korean = texts->string("ko");
    } else if (english.empty()) {
      in.report(key, "missing, expected { en = \"...\", ko = \"...\" }");
    }
  }

  void read_date() {
    const TomlValue* value = file_.value("as_of");
    if (value == nullptr || value->kind != TomlValue::Kind::Date) {
      file_.report("as_of", "expected a date: when these facts were established");
      return;
    }
    profile_.as_of = value->string;
  }

  void read_engine() {
    if (const TomlTable* engine = value_table(file_, "", "engine")) {
      const std::string text = engine->string("value");
      if (const Engine* found = find_word(kEngines, text)) {
        profile_.engine = *found;
        profile_.executed = *found == Engine::OpenSsl;
      } else {
        engine->report("value", "not an engine");
      }
    }
  }

  void read_store() {
    if (const TomlTable* store = value_table(file_, "", "store")) {
      profile_.store = store->string("value");
      if (profile_.store != "system" && profile_.store != "mozilla") {
        store->report("value", "expected \"system\" or \"mozilla\"");
      }
      read_texts(*store, "rule", profile_.store_rule, profile_.store_rule_ko);
    }
  }

  void read_versions(const TomlTable& tls) {
    if (const TomlTable* versions = value_table(tls, "tls", "versions")) {
      const std::uint16_t* const least = find_word(kVersions, versions->string("min"));
      const std::uint16_t* const most = find_word(kVersions, versions->string("max"));
      if (least == nullptr || most == nullptr || *least > *most) {
        tls.report("versions", "expected min and max of \"1.0\" to \"1.3\"");
        return;
      }
      profile_.tls.min_version = *least;
      profile_.tls.max_version = *most;
    }
  }

  template <class Value, std::size_t N>
  void read_word(const TomlTable& in, std::string_view key, const Word<Value> (&words)[N],
                 Value& to) {
    if (const TomlTable* entry = value_table(in, "verify", key)) {
      if (const Value* found = find_word(words, entry->string("value"))) {
        to = *found;
      } else {
        entry->report("value", "not one of the known words");
      }
    }
  }

  template <class Owner, std::size_t N>
  void read_switches(const TomlTable& in, std::string_view section,
                     const Key<Owner, bool> (&keys)[N], Owner& to) {
    for (const auto& key : keys) {
      if (const TomlTable* entry = value_table(in, section, key.name)) {
        to.*(key.member) = entry->boolean("value");
      }
    }
  }

  template <class Owner, std::size_t N>
  void read_numbers(const TomlTable& in, std::string_view section,
                    const Key<Owner, std::uint32_t> (&keys)[N], Owner& to) {
    for (const auto& key : keys) {
      if (const TomlTable* entry = value_table(in, section, key.name)) {
        const std::int64_t number = entry->integer("value");
        if (number < 0 || number > 100000) {
          entry->report("value", "expected 0 to 100000");
          continue;
        }
        to.*(key.member) = static_cast<std::uint32_t>(number);
      }
    }
  }

  void read_says(const TomlTable& says) {
    note_source("says", "", says.string("source"));
    for (const std::string& key : says.keys()) {
      if (key == "source") {
        continue;
      }
      const std::string text = says.string(key);
      if (key == "frame") {
        profile_.says_frame = text;
      } else {
        profile_.says[key] = text;
      }
    }
  }

  // The inline table of a value, its source noted; null when absent.
  const TomlTable* value_table(const TomlTable& in, std::string_view section,
                               std::string_view key) {
    const TomlTable* entry = in.table(key);
    if (entry == nullptr) {
      return nullptr;
    }
    if (!entry->has("source")) {
      in.report(key, "no source: say where this value is written down");
    }
    note_source(section, key, entry->optional_string("source").value_or(""));
    return entry;
  }

  void note_source(std::string_view section, std::string_view key, const std::string& source) {
    const std::string dot = section.empty() || key.empty() ? "" : ".";
    const std::string label = fmt::format("{}{}{}", section, dot, key);
    const std::string prefix = label + ": ";
    std::erase_if(profile_.sources,
                  [&](const std::string& line) { return line.starts_with(prefix); });
    profile_.sources.push_back(prefix + source);
    std::sort(profile_.sources.begin(), profile_.sources.end());
  }

  const TomlTable& file_;
  Profile& profile_;
};

using Files = std::map<std::string, std::shared_ptr<const TomlTable>, std::less<>>;

// Resolves `id` after its parent; `open` holds the ids on the way, to refuse a circle.
const Profile* resolved(const std::string& id, const Files& files, std::set<std::string>& open,
                        std::map<std::string, Profile>& done) {
  if (const auto at = done.find(id); at != done.end()) {
    return &at->second;
  }
  const auto file = files.find(id);
  if (file == files.end() || !open.insert(id).second) {
    return nullptr;
  }
  const TomlTable& table = *file->second;
  Profile profile;
  if (const auto parent = table.optional_string("inherits")) {
    const Profile* inherited = resolved(*parent, files, open, done);
    if (inherited == nullptr) {
      table.report("inherits", fmt::format("no profile '{}', or a circle", *parent));
    } else {
      profile = *inherited;
      profile.title.clear();
      profile.title_ko.clear();
    }
  } else {
    for (const std::string_view key : {"engine", "store", "tls", "verify"}) {
      if (!table.has(key)) {
        table.report(key, "missing: a profile that inherits nothing must say it");
      }
    }
  }
  Reader(table, profile).read();
  if (profile.id != id) {
    table.report("id", fmt::format("the file is called '{}'", id));
  }
  open.erase(id);
  return &done.emplace(id, std::move(profile)).first->second;
}

std::string stem(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return std::string(name.substr(0, name.rfind(".toml")));
}

}  // namespace

Result<std::vector<Profile>> parse_profiles(std::span<const EmbeddedFile> files) {
  Files tables;
  std::vector<std::string> problems;
  for (const EmbeddedFile& file : files) {
    auto table = parse_toml(as_text(file.bytes), file.path);
    if (!table) {
      problems.push_back(table.error().what);
      continue;
    }
    tables.emplace(stem(file.path), *std::move(table));
  }
  std::map<std::string, Profile> done;
  for (const auto& [id, table] : tables) {
    std::set<std::string> open;
    resolved(id, tables, open, done);
  }
  for (const auto& [id, table] : tables) {
    const auto found = table->problems();
    problems.insert(problems.end(), found.begin(), found.end());
  }
  if (!problems.empty()) {
    std::string all;
    for (const std::string& problem : problems) {
      all += (all.empty() ? "" : "\n") + problem;
    }
    return fail(ErrorKind::Data, all);
  }
  std::vector<Profile> profiles;
  profiles.reserve(done.size());
  for (auto& [id, profile] : done) {
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

std::string resolved_text(const Profile& profile) {
  std::string out;
  const auto line = [&out](std::string_view key, const auto& value) {
    out += fmt::format("{} = {}\n", key, value);
  };
  line("id", profile.id);
  line("title", profile.title);
  line("title_ko", profile.title_ko);
  line("family", profile.family);
  line("engine", word_of(kEngines, profile.engine));
  line("executed", profile.executed);
  line("as_of", profile.as_of);
  line("mainstream", profile.mainstream);
  line("store", profile.store);
  line("store_rule", profile.store_rule);
  line("store_rule_ko", profile.store_rule_ko);
  line("tls.min_version", word_of(kVersions, profile.tls.min_version));
  line("tls.max_version", word_of(kVersions, profile.tls.max_version));
  for (const auto& key : kTlsSwitches) {
    line(fmt::format("tls.{}", key.name), profile.tls.*(key.member));
  }
  for (const auto& key : kTlsNumbers) {
    line(fmt::format("tls.{}", key.name), profile.tls.*(key.member));
  }
  line("verify.building", word_of(kBuildings, profile.verify.building));
  line("verify.common_name", word_of(kCommonNames, profile.verify.common_name));
  line("verify.host_rules", word_of(kHostRules, profile.verify.host_rules));
  for (const auto& key : kVerifySwitches) {
    line(fmt::format("verify.{}", key.name), profile.verify.*(key.member));
  }
  for (const auto& key : kVerifyNumbers) {
    line(fmt::format("verify.{}", key.name), profile.verify.*(key.member));
  }
  line("says.frame", profile.says_frame);
  for (const auto& [fault, text] : profile.says) {
    line(fmt::format("says.{}", fault), text);
  }
  for (const std::string& source : profile.sources) {
    line("source", source);
  }
  return out;
}

}  // namespace medic::profiles
