// Error texts in a log, beside `ripgrep -j1 -i -F -f` with the same pieces of patterns: the same
// lines must come out, at a quarter of the processor time. Then 50, 200 and 800 signatures, and the
// cost of a byte as inputs grow, for ordinary and for hostile text. Ends with status 1 when a goal
// is missed.
//   explain_bench [MEBIBYTES=128]: of the longest input; of the log at most 64
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/subprocess.h"
#include "explain/data.h"
#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/scanner.h"

namespace {

namespace explain = medic::explain;
namespace fs = std::filesystem;

constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
constexpr std::size_t kPiece = std::size_t{256} << 10U;
constexpr int kRounds = 3;

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double cpu_of(int who, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const double before = cpu_seconds(who);
    work();
    times.push_back(cpu_seconds(who) - before);
  }
  return median(times);
}

// Half of the log is real prose and code: the language's headers, Python's library and the manuals
// of this machine, or our own sources, whose every tenth line is about failing TLS, where there is
// none of these.
std::string prose_and_code() {
  constexpr std::size_t kEnough = 24 * kMebibyte;
  std::string text;
  for (const fs::path directory :
       {"/usr/include", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/share/perl",
        "/usr/share/doc", MEDIC_SOURCE_DIR "/src", MEDIC_SOURCE_DIR "/docs"}) {
    std::error_code error;
    std::size_t here = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
      if (text.size() >= kEnough || here >= kEnough / 4) {
        break;
      }
      if (entry.is_regular_file(error) && entry.file_size(error) < kMebibyte) {
        const std::string content = medic::read_text_file(entry.path()).value_or("");
        if (content.find(char{}) != std::string::npos) {
          continue;
        }
        here += content.size();
        text += content;
      }
    }
  }
  return text;
}

void write_log(const fs::path& path, std::size_t bytes) {
  const std::string prose = prose_and_code();
  std::ofstream out(path, std::ios::binary);
  std::size_t written = 0;
  std::size_t at = 0;
  for (std::size_t line = 0; written < bytes; ++line) {
    std::string text = fmt::format(
        "2026-11-21T10:{:02}:{:02}Z INFO tls handshake with 10.0.{}.{} done, certificate of day {} "
        "ok\n",
        line / 60 % 60, line % 60, line % 256, line / 256 % 256, line % 365);
    const std::size_t end = std::min(prose.find('\n', at), prose.size() - 1) + 1;
    text += prose.substr(at, end - at);
    at = end < prose.size() ? end : 0;
    if (line % 10007 == 0) {
      text += "\ncurl: (60) SSL certificate problem: unable to get local issuer certificate\n";
    }
    out << text;
    written += text.size();
  }
}

// Lines with a gate, by the gate search alone.
std::size_t gate_lines(const explain::Matcher& matcher, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string buffer(kPiece, '\0');
  std::size_t kept = 0;
  std::size_t lines = 0;
  std::vector<std::size_t> hits;
  while (true) {
    in.read(buffer.data() + kept, static_cast<std::streamsize>(buffer.size() - kept));
    const std::size_t size = kept + static_cast<std::size_t>(in.gcount());
    const std::string_view text(buffer.data(), size);
    const std::size_t end = in.gcount() == 0 ? size : text.rfind('\n') + 1;
    hits.clear();
    matcher.gate_ends(text.substr(0, end), hits);
    std::size_t line_end = 0;
    for (const std::size_t hit : hits) {
      if (hit > line_end) {
        ++lines;
        line_end = std::min(text.find('\n', hit - 1), end);
      }
    }
    if (in.gcount() == 0) {
      return lines;
    }
    kept = size - end;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), buffer.begin());
  }
}

bool beside_ripgrep(const explain::Matcher& matcher, std::span<const medic::EmbeddedFile> files,
                    const fs::path& directory, const fs::path& log, double mebibytes) {
  std::string gates;
  for (const std::string& gate : explain::gates(files)) {
    gates += gate + "\n";
  }
  std::ofstream(directory / "gates") << gates;
  std::size_t ours = 0;
  const double our_cpu = cpu_of(RUSAGE_SELF, [&] { ours = gate_lines(matcher, log); });
  std::string said;
  const double their_cpu = cpu_of(RUSAGE_CHILDREN, [&] {
    const auto done = medic::run_process({.argv = {"rg", "-j1", "-i", "-F", "-a", "-c", "-f",
                                                   (directory / "gates").string(), log.string()},
                                          .environment = {},
                                          .directory = {},
                                          .input = {},
                                          .deadline = std::chrono::minutes(5)});
    said = done ? done->out : "";
  });
  if (said.empty()) {
    fmt::print("{:4} signatures: {:6.0f} MiB/s; ripgrep is not installed\n", files.size(),
               mebibytes / our_cpu);
    return true;
  }
  const std::size_t theirs = std::stoul(said);
  fmt::print(
      "{:4} signatures: {:6.0f} MiB/s, ripgrep {:6.0f} MiB/s: {:.1f} times; {} and {} lines\n",
      files.size(), mebibytes / our_cpu, mebibytes / their_cpu, their_cpu / our_cpu, ours, theirs);
  return ours == theirs && their_cpu / our_cpu >= 4;
}

// Nanoseconds a byte for the whole reading of `bytes` of `pattern` repeated.
double cost_of(const explain::Matcher& matcher, std::string_view pattern, std::size_t bytes) {
  std::string piece;
  while (piece.size() < kPiece) {
    piece += pattern;
  }
  const double before = cpu_seconds(RUSAGE_SELF);
  explain::Scanner scanner(matcher);
  for (std::size_t fed = 0; fed < bytes; fed += piece.size()) {
    if (!scanner.feed(piece)) {
      std::exit(1);
    }
  }
  if (!scanner.finish()) {
    std::exit(1);
  }
  return (cpu_seconds(RUSAGE_SELF) - before) * 1e9 / static_cast<double>(bytes);
}

bool is_flat(const explain::Matcher& matcher, std::string_view name, std::string_view pattern,
             std::size_t mebibytes) {
  const double small = cost_of(matcher, pattern, mebibytes * kMebibyte / 4);
  const double large = cost_of(matcher, pattern, mebibytes * kMebibyte);
  fmt::print("{:28} {:8.2f} ns a byte for {} MiB, {:8.2f} for {} MiB\n", name, small, mebibytes / 4,
             large, mebibytes);
  return large < small * 1.5 + 0.3;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  const std::size_t mebibytes = argc > 1 ? std::stoul(arguments[1]) : 128;
  const auto start = std::chrono::steady_clock::now();
  const auto matcher = explain::Matcher::builtin();
  const std::chrono::duration<double, std::milli> opened = std::chrono::steady_clock::now() - start;
  const auto directory = medic::TemporaryDirectory::make();
  if (!matcher || !directory) {
    return 1;
  }
  fmt::print("opened in {:.2f} ms\n", opened.count());
  bool good = opened.count() < 10;
  const fs::path log = directory->path() / "log";
  const std::size_t log_mebibytes =
      std::min<std::size_t>(mebibytes, 64);  // ripgrep reads 4 MiB/s of it
  write_log(log, log_mebibytes * kMebibyte);
  const auto all = explain::signature_files();
  for (const std::size_t count :
       {std::size_t{50}, std::size_t{200}, std::size_t{800}, all.size()}) {
    const auto files = all.first(std::min(count, all.size()));
    const auto some = explain::Matcher::compiled(files);
    good =
        some &&
        beside_ripgrep(*some, files, directory->path(), log, static_cast<double>(log_mebibytes)) &&
        good;
  }
  good = is_flat(*matcher, "ordinary lines", "GET /tls/certificate 200 handshake\n", mebibytes) &&
         good;
  const std::size_t few = std::max<std::size_t>(4, mebibytes / 4);
  good = is_flat(*matcher, "the same failure on each line", "certificate verify failed\n", few) &&
         good;
  good = is_flat(*matcher, "one line without an end", "curl: (60) ", few) && good;
  good = is_flat(*matcher, "backslashes", "\\\\\\\\\\\\\\\\certificate verify failed", few) && good;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("at most {} KiB resident\n", usage.ru_maxrss);
  return good ? 0 : 1;
}
