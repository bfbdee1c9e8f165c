#include "cli/explain_answer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/nearest.h"
#include "base/terminal.h"
#include "catalogue/cause.h"
#include "explain/client.h"
#include "explain/library.h"
#include "explain/symptom.h"

namespace medic::cli {
namespace {

using explain::Failure;
using explain::Hides;
using nlohmann::ordered_json;

constexpr std::size_t kShownCauses = 4;

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

// Two decimals: more would look like knowledge.
double rounded(double likelihood) {
  return std::round(likelihood * 100) / 100;
}

std::string note_in(const explain::Note& note, const Io& io) {
  return io.language == text::Language::Korean ? note.korean : note.english;
}

ordered_json cause_json(const explain::Likely& likely) {
  const catalogue::Cause* cause = catalogue::find_cause(likely.cause);
  return {{"id", likely.cause},
          {"party", cause == nullptr ? "either" : catalogue::party_id(cause->party)},
          {"likelihood", rounded(likely.likelihood)},
          {"certain", likely.certain}};
}

ordered_json hides_id(Hides hides) {
  if (hides == Hides::Nothing) {
    return nullptr;
  }
  return hides == Hides::Reason ? "reason" : "whether";
}

ordered_json json_of(const Failure& failure, const Io& io) {
  ordered_json causes = ordered_json::array();
  for (const explain::Likely& likely : failure.causes) {
    causes.push_back(cause_json(likely));
  }
  ordered_json notes = ordered_json::array();
  for (const explain::Note* note : failure.notes) {
    notes.push_back(note_in(*note, io));
  }
  const explain::Symptom* symptom = explain::find_symptom(failure.symptom);
  return {{"symptom", failure.symptom},
          {"failure", failure.failure},
          {"hides", hides_id(failure.hides)},
          {"signature", failure.signature},
          {"client", or_null(failure.client)},
          {"library", or_null(failure.library)},
          {"host", or_null(failure.host)},
          {"port",
           failure.port.empty() ? ordered_json(nullptr) : ordered_json(std::stoi(failure.port))},
          {"line", failure.line},
          {"count", failure.count},
          {"excerpt", escaped(failure.excerpt, 400)},
          {"causes", std::move(causes)},
          {"question", symptom == nullptr ? "" : symptom->text(io.language).decide},
          {"next", failure.next},
          {"notes", std::move(notes)}};
}

class Page {
 public:
  explicit Page(const Io& io) : io_(io) {}

  void add(const Failure& failure) {
    head(failure);
    const explain::Symptom* symptom = explain::find_symptom(failure.symptom);
    if (failure.hides != Hides::Nothing) {
      paragraph(io_.message(failure.hides == Hides::Reason ? "explain.hidden_means"
                                                           : "explain.perhaps_means"));
    } else if (symptom != nullptr) {
      paragraph(symptom->text(io_.language).means);
    }
    for (const explain::Note* note : failure.notes) {
      paragraph(note_in(*note, io_));
    }
    causes(failure);
    if (symptom != nullptr && failure.failure && failure.causes.size() > 1) {
      labelled("explain.decide", symptom->text(io_.language).decide);
    }
    for (const std::string& command : failure.next) {
      labelled("explain.next", command);
      break;  // one next command; the others are in the JSON
    }
  }

  [[nodiscard]] std::string text() const { return text_; }

 private:
  [[nodiscard]] std::string painted_by(std::string_view text, Paint paint) const {
    return painted(text, paint, io_.color ? Color::On : Color::Off);
  }

  [[nodiscard]] std::string subtitle(const Failure& failure) const {
    return failure.hides == Hides::Nothing
               ? catalogue::symptom_title(failure.symptom, io_.language)
               : io_.message(failure.hides == Hides::Reason ? "explain.hidden" : "explain.perhaps");
  }

  void head(const Failure& failure) {
    std::string_view key = failure.failure ? "explain.failure" : "explain.no_failure";
    if (failure.hides == Hides::Whether) {
      key = "explain.perhaps_failure";
    }
    const std::string title = io_.message(key, {{"symptom", failure.symptom}});
    text_ += painted_by(title, failure.failure ? Paint::Red : Paint::Yellow) + "\n";
    text_ += fmt::format("  {}\n", wrapped(subtitle(failure), width(), 2));
    if (!failure.client.empty() || !failure.library.empty()) {
      labelled("explain.printed_by", printed_by(failure));
    }
    if (!failure.host.empty()) {
      labelled("explain.host",
               escaped(failure.port.empty() ? failure.host : failure.host + ":" + failure.port));
    }
    labelled("explain.where", io_.message(failure.count == 1 ? "explain.line" : "explain.lines",
                                          {{"line", std::to_string(failure.line)},
                                           {"count", std::to_string(failure.count)}}));
    labelled("explain.text", escaped(failure.excerpt, 300));
  }

  std::string printed_by(const Failure& failure) const {
    const explain::Client* client = explain::find_client(failure.client);
    const std::string name = client == nullptr ? failure.client : client->name;
    const std::string library = explain::library_name(failure.library);
    if (name.empty() || library.empty()) {
      return name + library;
    }
    return io_.message("explain.client_over_library", {{"client", name}, {"library", library}});
  }

  void causes(const Failure& failure) {
    if (failure.causes.empty()) {
      return;
    }
    text_ += fmt::format("  {}\n",
                         io_.message(failure.causes.front().certain ? "explain.cause_certain"
                                                                    : "explain.causes_possible"));
    for (std::size_t i = 0; i < std::min(failure.causes.size(), kShownCauses); ++i) {
      const explain::Likely& likely = failure.causes[i];
      const catalogue::Cause* cause = catalogue::find_cause(likely.cause);
      const std::string title = cause == nullptr ? likely.cause : cause->text(io_.language).title;
      const std::string_view party =
          cause == nullptr ? "either" : catalogue::party_id(cause->party);
      text_ += fmt::format("    {:>3.0f} %  {} ({})\n", rounded(likely.likelihood) * 100,
                           painted_by(likely.cause, Paint::Bold),
                           io_.message(fmt::format("explain.party_{}", party)));
      text_ += fmt::format("           {}\n", wrapped(title, width(), 11));
    }
  }

  void labelled(std::string_view key, const std::string& value) {
    const std::string label = io_.message(key);
    const std::string start = padded(label, 14);
    text_ += fmt::format("  {}{}\n", painted_by(start, Paint::Dim), wrapped(value, width(), 16));
  }

  void paragraph(const std::string& value) {
    text_ += fmt::format("  {}\n", wrapped(value, width(), 2));
  }

  [[nodiscard]] std::size_t width() const {
    return static_cast<std::size_t>(std::max(io_.width, 40)) - 2;
  }

  const Io& io_;
  std::string text_;
};

}  // namespace

std::string explanation_json(const explain::Explanation& explanation, const Io& io,
                             const std::string& live) {
  ordered_json matches = ordered_json::array();
  for (const Failure& failure : explanation.failures) {
    matches.push_back(json_of(failure, io));
  }
  ordered_json aside = ordered_json::array();
  for (const explain::SetAside& mention : explanation.set_aside) {
    aside.push_back({{"why", explain::why_id(mention.why)},
                     {"symptom", mention.symptom},
                     {"line", mention.line},
                     {"excerpt", escaped(mention.excerpt, 400)}});
  }
  ordered_json answer = {{"schema", "tlsmedic.explain/1"},
                         {"matches", std::move(matches)},
                         {"set_aside", std::move(aside)},
                         {"more", explanation.more},
                         {"bytes", explanation.bytes}};
  if (!live.empty()) {
    answer["diagnosis"] = parse_json(live).value_or(ordered_json());
  }
  return json_text(answer) + "\n";
}

std::string explanation_text(const explain::Explanation& explanation, const Io& io) {
  if (explanation.failures.empty()) {
    const std::string_view key =
        explanation.set_aside.empty() ? "explain.nothing" : "explain.only_mentions";
    return wrapped(io.message(key, {{"count", std::to_string(explanation.set_aside.size())}}),
                   static_cast<std::size_t>(std::max(io.width, 40)), 0) +
           "\n";
  }
  std::string all;
  for (const Failure& failure : explanation.failures) {
    all += (all.empty() ? "" : "\n") + failure_text(failure, io);
  }
  if (explanation.more != 0) {
    all += "\n" + io.message("explain.more", {{"count", std::to_string(explanation.more)}}) + "\n";
  }
  return all;
}

std::string failure_json(const Failure& failure, const Io& io) {
  return json_text(json_of(failure, io), kOneLine) + "\n";
}

std::string failure_text(const Failure& failure, const Io& io) {
  Page page(io);
  page.add(failure);
  return page.text();
}

}  // namespace medic::cli
