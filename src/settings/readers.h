#pragma once

// One reader a syntax. `file` is kept for messages; `text` is the file's content. A file that
// cannot be read at all is a Document without entries and with a problem.

#include <string_view>

#include "settings/document.h"

namespace medic::settings {

// Python's configparser, as pip reads pip.conf: keys in lower case, values continued on indented
// lines, no comments behind values. Also gcloud's properties, ~/.aws/config, .pypirc. A key before
// the first section is a syntax problem, and Python refuses the whole file.
Document read_configparser(std::string_view file, std::string_view text);
// git-config(1): {section, key} or {section, subsection, key}; section and key in lower case.
// include.path and includeIf.<condition>.path become includes as well as entries.
Document read_git_config(std::string_view file, std::string_view text);
// php.ini, my.cnf, odbc.ini: sections, key = value, comments with '#' or ';', quotes taken away;
// a key without '=' is Null.
Document read_ini(std::string_view file, std::string_view text);
// systemd.syntax(7): {section, key}; Environment= lines also as {"environment", NAME}.
Document read_unit(std::string_view file, std::string_view text);

// npm's: key = value, ${NAME} makes a value Expandable, key[] appends. Keys keep their case.
Document read_npmrc(std::string_view file, std::string_view text);
// Yarn 1: key "value", one a line.
Document read_yarnrc(std::string_view file, std::string_view text);
// curl(1) --config: the long option without dashes; a switch is Null. "-k" stays {"-k"}.
Document read_curlrc(std::string_view file, std::string_view text);
// wget: command = value; commands in lower case without '-' and '_', as wget compares them.
Document read_wgetrc(std::string_view file, std::string_view text);

Document read_toml(std::string_view file, std::string_view text);
// YAML 1.1. Anchors and aliases of scalars are followed; those of collections, and merge keys, are
// Unknown. Of several documents all are read, one after the other.
Document read_yaml(std::string_view file, std::string_view text);
// Comments are allowed (settings of editors have them).
Document read_json(std::string_view file, std::string_view text);
// Apple property lists, XML or binary.
Document read_plist(std::string_view file, std::string_view bytes);
// Windows registry exports, UTF-16 or not: {"HKEY_CURRENT_USER\\Environment", "SSL_CERT_FILE"}; the
// default value of a key is {key, ""}.
Document read_registry(std::string_view file, std::string_view bytes);

// /etc/environment: pam_env(8) takes NAME=value, quotes, and no expansion.
Document read_etc_environment(std::string_view file, std::string_view text);
// ~/.pam_environment and /etc/security/pam_env.conf: NAME DEFAULT=value OVERRIDE=value.
Document read_pam_environment(std::string_view file, std::string_view text);
// environment.d(5) and .env files: NAME=value, quotes, $NAME.
Document read_environment_d(std::string_view file, std::string_view text);

// Start-up files of shells: what they would put into the environment of programs. Entries are
// {NAME}. Files that they source are includes.
Document read_posix_shell(std::string_view file, std::string_view text);  // sh, bash, zsh
Document read_fish(std::string_view file, std::string_view text);
Document read_csh(std::string_view file, std::string_view text);
Document read_powershell(std::string_view file, std::string_view text);
Document read_batch(std::string_view file, std::string_view text);  // cmd: set, setx

}  // namespace medic::settings
