#include "probe/starttls.h"

#include <algorithm>
#include <utility>

namespace medic::probe {
namespace {

// All replies of a dialogue are short; a server that talks on is no server of the protocol.
constexpr std::size_t kMaxPendingBytes = 65536;
constexpr std::size_t kTranscriptBytes = 1024;  // bound of evidence::StartTlsRefused
constexpr std::size_t kReasonBytes = 200;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool begins(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool is_word_character(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= line.size(); ++at) {
    const std::size_t after = at + word.size();
    if (begins(line.substr(at), word) && (at == 0 || !is_word_character(line[at - 1])) &&
        (after == line.size() || !is_word_character(line[after]))) {
      return true;
    }
  }
  return false;
}

// The next line without its end, and how many bytes it takes; 0 when it is not all here.
std::pair<std::string_view, std::size_t> next_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return {{}, 0};
  }
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return {line, end + 1};
}

bool is_reply_code(std::string_view line) {
  return line.size() >= 3 &&
         std::all_of(line.begin(), line.begin() + 3, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const StartTls* find_starttls(std::string_view id) {
  const auto all = starttls_registry();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const StartTls* p) { return p->id == id; });
  return found == all.end() ? nullptr : *found;
}

Dialogue::Dialogue(const StartTls& protocol, std::string host)
    : protocol_(&protocol), host_(std::move(host)) {
  advance();
}

void Dialogue::feed(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  transcript_.append(text.substr(0, kTranscriptBytes - transcript_.size()));
  if (state_ != State::Talking) {
    return;
  }
  buffer_.append(text);
  advance();
  if (state_ == State::Talking && buffer_.size() > kMaxPendingBytes) {
    refuse("the reply does not end");
  }
}

std::string Dialogue::take_output() {
  return std::exchange(output_, {});
}

void Dialogue::refuse(std::string reason) {
  state_ = State::Refused;
  reason.resize(std::min(reason.size(), kReasonBytes));
  reason_ = std::move(reason);
}

void Dialogue::advance() {
  while (state_ == State::Talking && next_ < protocol_->script.size()) {
    if (play(protocol_->script[next_]) == Step::NeedsBytes) {
      return;
    }
  }
  if (state_ == State::Talking && !buffer_.empty()) {
    // Bytes sent in the clear before TLS begins would be taken for protected ones by careless
    // clients (CVE-2011-0411 and its kin): no sound server sends any.
    refuse("stray bytes after the last reply");
  } else if (state_ == State::Talking) {
    state_ = State::Ready;
  }
}

Dialogue::Step Dialogue::play(const Move& move) {
  switch (move.kind) {
    case Move::Kind::Send: {
      constexpr std::string_view kHost = "{host}";
      const std::size_t at = move.text.find(kHost);
      output_ += move.text.substr(0, at);
      if (at != std::string_view::npos) {
        output_ += host_;
        output_ += move.text.substr(at + kHost.size());
      }
      ++next_;
      return Step::Again;
    }
    case Move::Kind::Reply:
      return play_reply(move);
    case Move::Kind::Lines:
      return play_lines(move);
    case Move::Kind::Message:
      return play_message(move);
  }
  return Step::NeedsBytes;
}

Dialogue::Step Dialogue::done(const Move& move, bool heard_word) {
  if (!move.word.empty() && !heard_word) {
    refuse("STARTTLS is not offered");
  }
  ++next_;
  word_heard_ = false;
  return Step::Again;
}

Dialogue::Step Dialogue::play_reply(const Move& move) {
  std::string_view rest = buffer_;
  std::string_view first;
  bool heard = false;
  while (true) {
    const auto [line, size] = next_line(rest);
    if (size == 0) {
      return Step::NeedsBytes;
    }
    rest.remove_prefix(size);
    if (first.empty()) {
      first = line;
      if (!is_reply_code(first)) {
        refuse("not a reply of the protocol: " + std::string(line));
        return Step::Again;
      }
    }
    heard = heard || (!move.word.empty() &&
                      has_word(line.substr(std::min<std::size_t>(4, line.size())), move.word));
    // RFC 959 section 4.2: lines between may have any form; the last repeats the code and a space.
    const bool last = line.starts_with(first.substr(0, 3)) && (line.size() == 3 || line[3] == ' ');
    if (first.size() <= 3 || first[3] != '-' || last) {
      break;
    }
  }
  if (!first.starts_with(move.text)) {
    refuse(std::string(first));
    return Step::Again;
  }
  buffer_.erase(0, buffer_.size() - rest.size());
  return done(move, heard);
}

Dialogue::Step Dialogue::play_lines(const Move& move) {
  while (true) {
    const auto [line, size] = next_line(buffer_);
    if (size == 0) {
      return Step::NeedsBytes;
    }
    word_heard_ = word_heard_ || (!move.word.empty() && has_word(line, move.word));
    LineVerdict verdict = LineVerdict::Refuse;
    if (move.line != nullptr) {
      verdict = move.line(line);
    } else if (begins(line, move.text)) {
      verdict = LineVerdict::Accept;
    } else if (!move.pass_over.empty() && begins(line, move.pass_over)) {
      verdict = LineVerdict::PassOver;
    }
    if (verdict == LineVerdict::Refuse) {
      refuse(std::string(line));
      return Step::Again;
    }
    buffer_.erase(0, size);
    if (verdict == LineVerdict::Accept) {
      return done(move, word_heard_);
    }
  }
}

Dialogue::Step Dialogue::play_message(const Move& move) {
  const std::size_t size = move.frame(buffer_);
  if (size == std::string_view::npos) {
    refuse("not a reply of the protocol");
    return Step::Again;
  }
  if (size == 0 || size > buffer_.size()) {
    return Step::NeedsBytes;
  }
  const std::string_view reason = move.judge(std::string_view(buffer_).substr(0, size));
  if (!reason.empty()) {
    refuse(std::string(reason));
    return Step::Again;
  }
  buffer_.erase(0, size);
  return done(move, false);
}

}  // namespace medic::probe
