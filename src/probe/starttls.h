#pragma once

// STARTTLS protocols as scripts. An entry (starttls/<id>.cpp) is a list of moves; the Dialogue
// plays it over bytes in and bytes out, so that buffering, line ends, bounds and stray bytes are
// written once. Deadlines belong to whoever drives the Dialogue.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace medic::probe {

enum class LineVerdict { Accept, PassOver, Refuse };

struct Move {
  enum class Kind { Send, Reply, Lines, Message };
  Kind kind = Kind::Send;
  // Send: the text, with {host} for the name asked for. Reply: the three-digit code. Lines: how the
  // line that ends the wait begins (case does not count).
  std::string_view text;
  // Reply, Lines: a word that one of the lines must hold, else "STARTTLS is not offered".
  std::string_view word;
  // Lines: how lines begin that are passed over. Anything else is a refusal.
  std::string_view pass_over;
  // Lines, in place of the two beginnings.
  LineVerdict (*line)(std::string_view line) = nullptr;
  // Message: the size of the first whole message in `buffer`; 0: not all here yet; npos: no
  // message.
  std::size_t (*frame)(std::string_view buffer) = nullptr;
  // Message: why it is a refusal; empty: accepted.
  std::string_view (*judge)(std::string_view message) = nullptr;
};

constexpr Move send(std::string_view text) {
  return {.kind = Move::Kind::Send, .text = text};
}
// A reply in the form of RFC 5321 section 4.2 and RFC 959 section 4.2, of one line or many.
constexpr Move expect(std::string_view code) {
  return {.kind = Move::Kind::Reply, .text = code};
}
// The same, and one of its lines offers `word`.
constexpr Move expect_offer(std::string_view code, std::string_view word) {
  return {.kind = Move::Kind::Reply, .text = code, .word = word};
}
constexpr Move expect_line(std::string_view begins, std::string_view pass_over = {},
                           std::string_view word = {}) {
  return {.kind = Move::Kind::Lines, .text = begins, .word = word, .pass_over = pass_over};
}
constexpr Move expect_line(LineVerdict (*line)(std::string_view)) {
  return {.kind = Move::Kind::Lines, .line = line};
}
constexpr Move expect_message(std::size_t (*frame)(std::string_view),
                              std::string_view (*judge)(std::string_view)) {
  return {.kind = Move::Kind::Message, .frame = frame, .judge = judge};
}

struct StartTls {
  std::string_view id;
  std::string_view source;  // the document that defines it
  std::span<const std::uint16_t> ports;
  std::span<const Move> script;
};

std::span<const StartTls* const> starttls_registry();
// Null for an unknown id.
const StartTls* find_starttls(std::string_view id);

class Dialogue {
 public:
  enum class State { Talking, Ready, Refused };

  // `host` goes where a protocol names the server (XMPP).
  Dialogue(const StartTls& protocol, std::string host);

  void feed(ByteView bytes);
  std::string take_output();

  [[nodiscard]] State state() const { return state_; }
  // Of a refusal: the server's words, "STARTTLS is not offered", or what was wrong with the reply.
  [[nodiscard]] const std::string& reason() const { return reason_; }
  // What the server said, at most 1,024 bytes.
  [[nodiscard]] const std::string& transcript() const { return transcript_; }

 private:
  enum class Step { Again, NeedsBytes };

  void advance();
  void refuse(std::string reason);
  Step play(const Move& move);
  Step play_reply(const Move& move);
  Step play_lines(const Move& move);
  Step play_message(const Move& move);
  // Ends a move that got its answer; `heard_word` says whether the wanted word was among the lines.
  Step done(const Move& move, bool heard_word);

  const StartTls* protocol_;
  std::string host_;
  std::size_t next_ = 0;
  bool word_heard_ = false;
  State state_ = State::Talking;
  std::string buffer_;
  std::string output_;
  std::string transcript_;
  std::string reason_;
};

}  // namespace medic::probe
