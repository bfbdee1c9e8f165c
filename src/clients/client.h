#pragma once

// One installed TLS client with its effective trust: which store it would use if it were started
// now, and by which rule. Facts of files and variables; nothing here ran the client.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "text/messages.h"

namespace medic::clients {

// Where a setting stands. A variable has no file unless the start-up file that sets it is known.
struct Origin {
  std::string file;      // of the inspected system; empty: none
  int line = 0;          // from 1; 0: not known, or the whole file
  std::string variable;  // "SSL_CERT_FILE"; empty: none
};
// "/etc/pip.conf:3", "SSL_CERT_FILE", "SSL_CERT_FILE (/etc/environment:2)"; empty for none.
std::string origin_text(const Origin& origin);

// What kind of thing a rule reads. The id is the tail of a sentence clients.rule-<id>.
enum class RuleKind {
  Variable,     // an environment variable
  Setting,      // a key of a configuration file
  Option,       // of the command line, where a configuration holds one ("--cert" in .curlrc)
  CompiledIn,   // a path or list that is part of the program
  Bundled,      // a file that comes with the package (certifi, a JDK's cacerts)
  SystemStore,  // what the operating system trusts, by whatever the client asks for it
  Policy,       // an administrator's (browsers)
};
std::string_view rule_kind_id(RuleKind kind);

// What became of a rule. The id is the tail of a sentence clients.outcome-<id>.
enum class Outcome {
  Won,         // this is where trust comes from
  Added,       // used besides the one that won
  NotSet,      // nothing there: the next rule is asked
  Overridden,  // it names something, but an earlier rule decides
  Ignored,     // set, and this client does not read it
  Chose,       // names no store itself, and says which of the next rules are asked
  Broken,      // set, and what it names cannot be used; the next rule is asked
  Fatal,       // the same, and the client gives up
};
std::string_view outcome_id(Outcome outcome);

struct Rule {
  RuleKind kind = RuleKind::CompiledIn;
  std::string name;   // "SSL_CERT_FILE", "global.cert", "certifi", "OPENSSLDIR/cert.pem"
  std::string value;  // the path or value found; empty: none
  Origin origin;
  Outcome outcome = Outcome::NotSet;
  std::string trouble;  // why it is Broken or Fatal: as StoreRecord::trouble
};

// How the anchors of a part are stored.
enum class PartKind {
  Bundle,           // PEM (or DER) file
  HashedDirectory,  // "<hash>.<n>" links, as OpenSSL looks them up
  PlainDirectory,   // every file of it (Go, GnuTLS)
  Mozilla,          // a Mozilla list inside the program itself: ours stands for it
  JavaKeystore,     // JKS, JCEKS or PKCS#12
  NssDatabase,      // the directory of cert9.db
  WindowsStore,     // the registry's ROOT and CA
  MacKeychain,
};
std::string_view part_kind_id(PartKind kind);

// What a store is for, as the client means it.
enum class Purpose {
  PublicServers,  // the web: a list without the public roots is a list that somebody replaced
  OwnServers,     // the CA of one database, registry or cluster: public roots have no place there
};
std::string_view purpose_id(Purpose purpose);

struct StorePart {
  PartKind kind = PartKind::Bundle;
  std::string path;  // empty: inside the program or the system
  Purpose purpose = Purpose::PublicServers;
  // The certificates themselves, PEM, where a setting holds them; `path` then says which setting.
  std::string text;
};

struct EffectiveTrust {
  // What the client reads, all of it together. Empty: it trusts nothing, or `unknown` says why we
  // cannot tell.
  std::vector<StorePart> parts;
  std::string rule;         // name of the rule that won: "SSL_CERT_FILE", "certifi"
  std::vector<Rule> trace;  // every rule considered, in the client's own order
  // False: the client verifies nothing (switched off, or never did).
  bool verifies = true;
  std::string unknown;  // a key of data/messages/*/clients.toml; empty: known
  // Filled by the survey from the parts:
  std::string store;  // id of the anchor set: "system", "mozilla", "file:/path", "+" between parts
  std::optional<std::size_t> anchors;  // none: a part cannot be opened by this program
  std::optional<Time> newest_root;     // the latest notBefore among the anchors
};

// Something wrong that was seen without running the client. Its sentence is
// clients.problem-<id>, filled with `facts` (and {file}, {line}, {variable}, {subject}).
struct Problem {
  std::string cause;    // a cause's id: "ca-path-broken"
  std::string id;       // "variable-path-absent"
  std::string subject;  // the path, variable or package it is about
  Origin origin;
  text::Facts facts;
};

// Which servers a client is about.
struct Reach {
  std::string protocol;  // "postgres", "mysql"; empty: HTTPS
  std::string host;      // "registry.example:5000": no other is asked with this trust; empty: any
};

struct Client {
  // Detectors fill these ...
  std::string kind;     // what --client takes: "curl", "pip", "requests", "python"
  std::string version;  // empty: not known
  std::string path;     // the file that was found: /usr/bin/curl, .../site-packages/requests
  std::string runtime;  // the interpreter that runs it (python, node, java); empty: `path` itself
  std::string tls_library;  // "OpenSSL 3.0.15", "GnuTLS 3.7.9", "rustls"; empty: not known
  std::string profile;      // id of the profile that says how it decides; empty: none fits
  EffectiveTrust trust;
  Reach reach;
  std::string policy;  // a key of clients.toml about versions, levels, strictness; empty: none
  std::vector<Problem> problems;
  // Options that its configuration adds to every call ("-k" in .curlrc) are problems, not fields.

  // ... and the survey this one: the kind when it is the only one, else kind@host or kind@path.
  std::string id;
};

}  // namespace medic::clients
