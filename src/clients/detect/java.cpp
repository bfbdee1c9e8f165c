#include <algorithm>
#include <array>
#include <set>

#include "clients/detector.h"
#include "settings/readers.h"
#include "trust/store.h"
#include "x509/pkcs12_certificates.h"

// Every JDK and JRE of the machine. What it trusts (JSSE Reference Guide, "The Default Truststore";
// seen with 17.0.15 and 25.0.3): the system property javax.net.ssl.trustStore, which an option
// variable can set; else <java.home>/lib/security/jssecacerts if it exists; else .../cacerts. Each
// replaces the next. A path without a file is passed over in silence; a file that is no keystore
// fails every connection; a PKCS#12 store whose password nobody gives opens with no root at all.

namespace medic::clients {
namespace {

using machine::Machine;

// Where distributions, installers, SDKMAN, IDEs and Gradle put them.
constexpr auto kHomes = std::to_array<std::string_view>({
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "C:/Program Files/Java/*",
    "C:/Program Files/Eclipse Adoptium/*",
    "C:/Program Files/Microsoft/jdk*",
    "C:/Program Files/Zulu/*",
    "C:/Program Files/Amazon Corretto/*",
    "C:/Program Files/Android/Android Studio/jbr",
});
constexpr auto kHomesOfUsers = std::to_array<std::string_view>({
    "/.sdkman/candidates/java/*",
    "/.jdks/*",
    "/.gradle/jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
});

// The first of them that sets a property wins: java(1), "JDK_JAVA_OPTIONS"; the JVM reads
// JAVA_TOOL_OPTIONS first and _JAVA_OPTIONS last.
constexpr auto kOptionVariables =
    std::to_array<std::string_view>({"_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"});

// The value of the last "-Dname=value"; quotes group words with blanks.
std::optional<std::string> property_in(std::string_view options, std::string_view name) {
  std::optional<std::string> found;
  std::string word;
  char quote = '\0';
  const std::string start = "-D" + std::string(name) + "=";
  for (std::size_t i = 0; i <= options.size(); ++i) {
    const char c = i < options.size() ? options[i] : ' ';
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == '\0' && blank) {
      if (word.starts_with(start)) {
        found = word.substr(start.size());
      }
      word.clear();
    } else {
      word += c;
    }
  }
  return found;
}

struct Runtime {
  std::string home;
  std::string security;  // the directory of cacerts
  std::string version;
};

std::string release_value(const Machine& machine, const std::string& home, std::string_view key) {
  const auto text = machine.read(home + "/release");
  if (!text) {
    return {};
  }
  const settings::Document document = settings::read_environment_d(home + "/release", *text);
  const settings::Entry* const entry = document.find({key});
  return entry == nullptr ? std::string() : entry->value;
}

std::optional<Runtime> runtime_at(const Machine& machine, const std::string& path) {
  for (const std::string_view inside : {"/lib/security", "/jre/lib/security"}) {
    const std::string security = path + std::string(inside);
    if (machine.exists(security + "/cacerts") || machine.exists(security + "/jssecacerts")) {
      return Runtime{.home = path,
                     .security = security,
                     .version = release_value(machine, path, "JAVA_VERSION")};
    }
  }
  return std::nullopt;
}

std::vector<std::string> candidates(const Machine& machine) {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& pattern) {
    const std::vector<std::string> found = machine.glob(pattern);
    paths.insert(paths.end(), found.begin(), found.end());
  };
  if (const auto home = machine.variable("JAVA_HOME"); home && !home->empty()) {
    paths.push_back(machine.joined({}, *home));
  }
  for (const std::string& program : machine.programs("java")) {
    // <home>/bin/java, behind the links that alternatives make.
    if (const auto real = machine.resolve(program)) {
      paths.emplace_back(machine::parent(machine::parent(*real)));
    }
  }
  for (const std::string_view pattern : kHomes) {
    add(std::string(pattern));
  }
  for (const machine::User& user : machine.users()) {
    for (const std::string_view pattern : kHomesOfUsers) {
      add(user.home + std::string(pattern));
    }
  }
  return paths;
}

// A PKCS#12 store with encrypted certificates, and nobody says javax.net.ssl.trustStorePassword.
bool locked(const Machine& machine, const std::string& path, bool password) {
  const auto bytes = machine.read(path, trust::kMaxStoreBytes);
  if (password || !bytes || !x509::is_pkcs12(as_bytes(*bytes))) {
    return false;
  }
  const auto opened = x509::read_pkcs12_certificates(as_bytes(*bytes), {});
  return opened && opened->closed != x509::Pkcs12Certificates::Closed::No;
}

class Rules {
 public:
  Rules(Survey& survey, Client& client) : survey_(&survey), client_(&client) {
    for (const std::string_view variable : kOptionVariables) {
      const auto options = survey.machine().variable(variable);
      password_ =
          password_ || (options && property_in(*options, "javax.net.ssl.trustStorePassword"));
    }
  }

  void run(const Runtime& runtime) {
    const Machine& machine = survey_->machine();
    for (const std::string_view variable : kOptionVariables) {
      const auto options = machine.variable(variable);
      const auto value = options ? property_in(*options, "javax.net.ssl.trustStore") : std::nullopt;
      Rule rule{.kind = RuleKind::Variable,
                .name = std::string(variable),
                .origin = {.variable = std::string(variable)}};
      // Properties that are set more than once have the value of the last variable read.
      const bool overridden = value && property_;
      property_ = property_ || value.has_value();
      if (!value || value->empty() || overridden) {
        rule.value = value.value_or(std::string());
        leave(std::move(rule), overridden);
      } else if (*value == "NONE") {
        rule.value = *value;
        rule.outcome = Outcome::Won;
        client_->trust.rule = rule.name;
        client_->trust.trace.push_back(std::move(rule));
        decided_ = true;
      } else {
        use(std::move(rule), machine.joined({}, *value));
      }
    }
    for (const std::string_view name : {"jssecacerts", "cacerts"}) {
      const std::string path = runtime.security + "/" + std::string(name);
      Rule rule{.kind = RuleKind::Bundled, .name = std::string(name)};
      if (decided_ || !machine.is_file(path)) {
        rule.value = path;
        leave(std::move(rule), machine.is_file(path));
      } else {
        use(std::move(rule), path);
      }
    }
  }

 private:
  void leave(Rule rule, bool overridden) {
    rule.outcome = overridden ? Outcome::Overridden : Outcome::NotSet;
    client_->trust.trace.push_back(std::move(rule));
  }

  void use(Rule rule, const std::string& path) {
    const Machine& machine = survey_->machine();
    const bool file = machine.is_file(path);
    decided_ = file;
    if (file && locked(machine, path, password_)) {
      rule.value = path;
      rule.outcome = Outcome::Fatal;
      client_->problems.push_back({.cause = "ca-bundle-invalid",
                                   .id = "keystore-needs-password",
                                   .subject = path,
                                   .origin = rule.origin,
                                   .facts = {{"name", rule.name}, {"path", escaped(path)}}});
      client_->trust.trace.push_back(std::move(rule));
      return;
    }
    add_part(*survey_, std::move(rule), {.kind = PartKind::JavaKeystore, .path = path},
             client_->trust, file ? Outcome::Fatal : Outcome::Broken);
  }

  Survey* survey_;
  Client* client_;
  bool password_ = false;
  bool property_ = false;  // javax.net.ssl.trustStore was set
  bool decided_ = false;   // a store was opened, or failed to
};

// The profile of the last long-term release that is not newer.
std::string profile_of(std::string_view version) {
  const std::string_view plain = version.starts_with("1.") ? version.substr(2) : version;
  int major = 0;
  for (const char c : plain) {
    if (c < '0' || c > '9') {
      break;
    }
    major = major < 1000 ? major * 10 + (c - '0') : major;
  }
  if (major == 0) {
    return {};
  }
  return major >= 21 ? "java-21" : major >= 17 ? "java-17" : major >= 11 ? "java-11" : "java-8";
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  std::set<std::string> seen;
  for (const std::string& candidate : candidates(machine)) {
    const auto real = machine.resolve(candidate);
    const auto runtime = real ? runtime_at(machine, *real) : std::nullopt;
    if (!runtime || !seen.insert(*real).second) {
      continue;
    }
    const std::string program = runtime->home + "/bin/java";
    Client client{.kind = "java",
                  .version = runtime->version,
                  .path = machine.exists(program) ? program : runtime->home,
                  .tls_library = "JSSE",
                  .profile = profile_of(runtime->version)};
    Rules(survey, client).run(*runtime);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_java{.id = "java", .detect = detect};

}  // namespace medic::clients
