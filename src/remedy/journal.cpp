#include "remedy/journal.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "base/bytes.h"
#include "base/files.h"
#include "base/json.h"
#include "x509/digest.h"

namespace medic::remedy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view kSchema = "tlsmedic.journal/1";
constexpr std::array<std::string_view, 4> kStates = {"begun", "applied", "undoing", "undone"};
constexpr std::array<std::string_view, 8> kKinds = {"create-file", "replace-file", "append-to-file",
                                                    "edit-key",    "remove-file",  "make-directory",
                                                    "make-link",   "remove-link"};

ordered_json state_json(const State& state) {
  if (const File* file = std::get_if<File>(&state)) {
    ordered_json attributes = ordered_json::array();
    for (const auto& [name, value] : file->attributes) {
      attributes.push_back(
          {{"name_base64", base64(as_bytes(name))}, {"value_base64", base64(as_bytes(value))}});
    }
    return {{"is", "file"},
            {"bytes_base64", base64(as_bytes(file->bytes))},
            {"mode", file->mode},
            {"uid", file->uid},
            {"gid", file->gid},
            {"mtime_ns", file->mtime_ns},
            {"attributes", attributes}};
  }
  if (const Link* link = std::get_if<Link>(&state)) {
    return {{"is", "link"}, {"target_base64", base64(as_bytes(link->target))}};
  }
  if (const Directory* directory = std::get_if<Directory>(&state)) {
    return {{"is", "directory"}, {"mode", directory->mode}};
  }
  return {{"is", "absent"}};
}

std::string decoded(const ordered_json& json, const char* key) {
  const auto bytes = parse_base64(json.at(key).get<std::string>());
  if (!bytes) {
    throw std::invalid_argument("not base64");  // caught by parse_entry()
  }
  return std::string(as_text(*bytes));
}

State parse_state(const ordered_json& json) {
  const auto is = json.at("is").get<std::string>();
  if (is == "file") {
    File file{.bytes = decoded(json, "bytes_base64"),
              .mode = json.at("mode").get<std::uint32_t>(),
              .uid = json.at("uid").get<std::uint32_t>(),
              .gid = json.at("gid").get<std::uint32_t>(),
              .mtime_ns = json.at("mtime_ns").get<std::int64_t>(),
              .attributes = {}};
    for (const ordered_json& one : json.at("attributes")) {
      file.attributes.emplace(decoded(one, "name_base64"), decoded(one, "value_base64"));
    }
    return file;
  }
  if (is == "link") {
    return Link{.target = decoded(json, "target_base64")};
  }
  if (is == "directory") {
    return Directory{.mode = json.at("mode").get<std::uint32_t>()};
  }
  if (is != "absent") {
    throw std::invalid_argument("unknown state");
  }
  return Absent{};
}

std::string entry_json(const Entry& entry) {
  ordered_json steps = ordered_json::array();
  for (const Step& step : entry.plan.steps) {
    steps.push_back({{"kind", step_kind_id(step.kind)},
                     {"path_base64", base64(as_bytes(step.path))},
                     {"before", state_json(step.before)},
                     {"after", state_json(step.after)}});
  }
  const ordered_json json = {{"schema", kSchema},
                             {"id", entry.id},
                             {"at", rfc3339(entry.at)},
                             {"remedy", entry.plan.remedy},
                             {"cause", entry.plan.cause},
                             {"client_base64", base64(as_bytes(entry.plan.client))},
                             {"subject_base64", base64(as_bytes(entry.plan.subject))},
                             {"steps", steps}};
  return json_text(json, 1) + "\n";
}

Result<Entry> parse_entry(const std::string& text, const std::string& path) {
  try {
    const ordered_json json = parse_json(text).value_or(ordered_json());
    if (json.at("schema") != kSchema) {
      throw std::invalid_argument("unknown schema");
    }
    Entry entry{.id = json.at("id").get<std::string>()};
    const auto at = parse_time(json.at("at").get<std::string>());
    if (!at) {
      throw std::invalid_argument("no time");
    }
    entry.at = *at;
    entry.plan.remedy = json.at("remedy").get<std::string>();
    entry.plan.cause = json.at("cause").get<std::string>();
    entry.plan.client = decoded(json, "client_base64");
    entry.plan.subject = decoded(json, "subject_base64");
    for (const ordered_json& step : json.at("steps")) {
      const auto kind = std::ranges::find(kKinds, step.at("kind").get<std::string>());
      if (kind == kKinds.end()) {
        throw std::invalid_argument("unknown step");
      }
      entry.plan.steps.push_back({.kind = static_cast<StepKind>(kind - kKinds.begin()),
                                  .path = decoded(step, "path_base64"),
                                  .before = parse_state(step.at("before")),
                                  .after = parse_state(step.at("after"))});
    }
    return entry;
  } catch (const std::exception& error) {
    return fail(ErrorKind::Data,
                fmt::format("'{}' is no entry of the journal: {}", escaped(path),
                            escaped(error.what(), 80)),
                "what it recorded cannot be undone by this program",
                "the old bytes stand in it in base64, one for each file");
  }
}

struct FileName {
  std::string id;
  EntryState state;
};

// "20261121T184500Z-1.applied.json"
std::optional<FileName> parse_file_name(std::string_view name) {
  constexpr std::string_view kEnding = ".json";
  if (!name.ends_with(kEnding)) {
    return std::nullopt;
  }
  name.remove_suffix(kEnding.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) {
    return std::nullopt;
  }
  const auto state = std::ranges::find(kStates, name.substr(dot + 1));
  if (state == kStates.end()) {
    return std::nullopt;
  }
  return FileName{.id = std::string(name.substr(0, dot)),
                  .state = static_cast<EntryState>(state - kStates.begin())};
}

std::string file_of(const std::string& directory, const std::string& id, EntryState state) {
  return fmt::format("{}/{}.{}.json", directory, id, entry_state_id(state));
}

void flush_directory(const std::string& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) {
    static_cast<void>(::fsync(opened.number()));
  }
}

Result<std::string> fresh_id(const std::string& directory, Time at) {
  const std::string stem = fmt::format("{:%Y%m%dT%H%M%SZ}", at);
  constexpr int kMost = 10000;  // in one second
  for (int number = 1; number < kMost; ++number) {
    std::string id = fmt::format("{}-{:04}", stem, number);
    std::error_code ignored;
    const bool taken = std::ranges::any_of(kStates, [&](std::string_view state) {
      return fs::exists(fmt::format("{}/{}.{}.json", directory, id, state), ignored);
    });
    if (!taken) {
      return id;
    }
  }
  return fail(ErrorKind::Limit, "too many changes in one second");
}

}  // namespace

std::string_view step_kind_id(StepKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::string_view entry_state_id(EntryState state) {
  return kStates.at(static_cast<std::size_t>(state));
}

Result<std::string> journal_directory(const Environment& environment, const std::string& root) {
  const std::string_view state = variable(environment, "XDG_STATE_HOME");
  const std::string_view home = variable(environment, "HOME");
  std::string base = "/var/lib/tlsmedic";
  if (::geteuid() != 0 || !state.empty()) {
    if (state.empty() && home.empty()) {
      return fail(ErrorKind::Usage, "neither XDG_STATE_HOME nor HOME is set",
                  "without a journal nothing could be undone, so nothing is changed");
    }
    base = state.empty() ? fmt::format("{}/.local/state/tlsmedic", home)
                         : fmt::format("{}/tlsmedic", state);
  }
  if (root.empty()) {
    return base + "/journal";
  }
  std::error_code failed;
  const std::string whole = fs::canonical(root, failed).string();
  if (failed) {
    return fail(ErrorKind::Usage,
                fmt::format("cannot open '{}': {}", escaped(root), failed.message()));
  }
  constexpr std::size_t kDigits = 16;
  return fmt::format("{}/trees/{}", base, hex(x509::sha256(as_bytes(whole))).substr(0, kDigits));
}

Result<Journal> Journal::open(const std::string& directory) {
  std::error_code failed;
  const bool made = fs::create_directories(directory, failed);
  if (failed) {
    return fail(ErrorKind::Io,
                fmt::format("cannot make '{}': {}", escaped(directory), failed.message()),
                "without a journal nothing could be undone, so nothing is changed");
  }
  if (made) {
    // Old bytes of configuration files may hold passwords.
    fs::permissions(directory, fs::perms::owner_all, failed);
  }
  const std::string path = directory + "/lock";
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.open()) {
    return fail(
        ErrorKind::Io,
        fmt::format("cannot open '{}': {}", escaped(path), std::generic_category().message(errno)),
        "without a journal nothing could be undone, so nothing is changed");
  }
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::Io, "another tlsmedic is changing this machine",
                "two at once could undo each other's work", "wait until it has ended");
  }
  return Journal(directory, std::move(lock));
}

Result<std::vector<Entry>> Journal::read(const std::string& directory) {
  std::vector<Entry> entries;
  std::error_code failed;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto name = parse_file_name(at->path().filename().string());
    if (!name) {
      continue;
    }
    MEDIC_TRY(const std::string text, read_text_file(at->path(), std::size_t{256} << 20U));
    MEDIC_TRY(Entry entry, parse_entry(text, at->path().string()));
    entry.id = name->id;
    entry.state = name->state;
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &Entry::id);
  return entries;
}

Result<Entry> Journal::begin(const Plan& plan, Time at) {
  Entry entry{.id = {}, .state = EntryState::Begun, .at = at, .plan = plan};
  MEDIC_TRY(entry.id, fresh_id(directory_, at));
  if (auto written = write_file(file_of(directory_, entry.id, EntryState::Begun), entry_json(entry),
                                FileAccess::Private);
      !written) {
    return std::unexpected(std::move(written).error().within("the journal"));
  }
  return entry;
}

Result<void> Journal::set_state(Entry& entry, EntryState state) {
  const std::string from = file_of(directory_, entry.id, entry.state);
  const std::string to = file_of(directory_, entry.id, state);
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return fail(ErrorKind::Io, fmt::format("cannot rename '{}': {}", escaped(from),
                                           std::generic_category().message(errno)));
  }
  flush_directory(directory_);
  entry.state = state;
  return {};
}

}  // namespace medic::remedy
