#include "disguises.h"

#include <fmt/core.h>

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace medic::explain {
namespace {

using nlohmann::json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

std::string each_line(const std::string& text,
                      const std::function<std::string(const std::string&, std::size_t)>& made) {
  std::string out;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    out += (number == 0 ? "" : "\n") + made(line, number);
    ++number;
  }
  return out;
}

std::string wrapped(const std::string& text, std::size_t columns, std::string_view end = "",
                    std::string_view begin = "") {
  return each_line(text, [&](const std::string& line, std::size_t) {
    std::string out = line.substr(0, columns);
    for (std::size_t at = columns; at < line.size(); at += columns) {
      out += fmt::format("{}\n{}{}", end, begin, line.substr(at, columns));
    }
    return out;
  });
}

std::string prefixed(const std::string& text, std::string_view prefix) {
  return each_line(
      text, [&](const std::string& line, std::size_t) { return std::string(prefix) + line; });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string packed(const json& value, bool ascii = false) {
  return value.dump(-1, ' ', ascii, json::error_handler_t::replace);
}

std::string json_line(const std::string& text) {
  return packed({{"level", "error"}, {"msg", text}});
}

// What `docker logs` keeps on disk: an object for each line.
std::string docker_json(const std::string& text) {
  return each_line(text, [](const std::string& line, std::size_t) {
    return packed(
        {{"log", line + "\n"}, {"stream", "stderr"}, {"time", "2026-11-21T10:00:00.123456789Z"}});
  });
}

std::string escaped_html(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}};
  for (const auto& [from, to] : kEntities) {
    text = replaced(std::move(text), from, to);
  }
  return text;
}

// A panel as terminal libraries draw it; lines are cut at its width.
std::string boxed(const std::string& text, std::string_view edge) {
  constexpr std::size_t kInside = 76;
  return each_line(wrapped(text, kInside), [&](const std::string& line, std::size_t) {
    return fmt::format("{} {:<{}} {}", edge, line, kInside, edge);
  });
}

std::string numbered(const std::string& text) {
  return each_line(text, [](const std::string& line, std::size_t number) {
    return fmt::format("build.log:{}:{}", number + 100, line);
  });
}

std::string typographic(std::string text) {
  bool open = true;
  std::string out;
  for (const char c : text) {
    if (c == '"') {
      out += open ? "\u201c" : "\u201d";
      open = !open;
    } else {
      out += c;
    }
  }
  return replaced(std::move(out), "n't", "n\u2019t");
}

// What Python prints for a string in a container.
std::string python_repr(const std::string& text) {
  std::string out = replaced(replaced(text, "\\", "\\\\"), "'", "\\'");
  return "['" + replaced(std::move(out), "\n", "\\n") + "']";
}

std::string framed(std::string_view before, const std::string& text, std::string_view behind) {
  return fmt::format("{}{}{}", before, text, behind);
}

Disguise prefix(std::string_view name, std::string_view text) {
  return {name, [text](const std::string& t) { return prefixed(t, text); }};
}

Disguise frame(std::string_view name, std::string_view before, std::string_view behind) {
  return {name, [before, behind](const std::string& t) { return framed(before, t, behind); }};
}

std::vector<Disguise> made() {
  std::vector<Disguise> all = {
      {"as printed", [](const std::string& t) { return t; }},
      {"wrapped at 57", [](const std::string& t) { return wrapped(t, 57); }},
      {"wrapped at 80", [](const std::string& t) { return wrapped(t, 80); }},
      {"wrapped at 120", [](const std::string& t) { return wrapped(t, 120); }},
      {"wrapped with a backslash", [](const std::string& t) { return wrapped(t, 79, "\\"); }},
      {"wrapped and indented", [](const std::string& t) { return wrapped(t, 100, "", "    "); }},
      {"wrapped and quoted", [](const std::string& t) { return prefixed(wrapped(t, 72), "> "); }},
      {"in a box", [](const std::string& t) { return boxed(t, "│"); }},
      {"in JSON", json_line},
      {"in JSON twice", [](const std::string& t) { return json_line(json_line(t)); }},
      {"in JSON thrice", [](const std::string& t) { return json_line(json_line(json_line(t))); }},
      {"in ASCII JSON", [](const std::string& t) { return packed({{"e", t}}, true); }},
      {"JSON for each line", docker_json},
      {"in HTML", [](const std::string& t) { return "<pre>" + escaped_html(t) + "</pre>"; }},
      {"in HTML with breaks",
       [](const std::string& t) { return replaced(escaped_html(t), "\n", "<br/>\n"); }},
      {"in a test report",
       [](const std::string& t) {
         return fmt::format("<failure message=\"{}\"><![CDATA[{}]]></failure>", escaped_html(t), t);
       }},
      {"in CSV", [](const std::string& t) { return "1,\"" + replaced(t, "\"", "\"\"") + "\",2"; }},
      {"in logfmt",
       [](const std::string& t) {
         return "level=error msg=" + json(t).dump(-1, ' ', false, json::error_handler_t::replace);
       }},
      {"as Python writes it", python_repr},
      {"Windows line ends", [](const std::string& t) { return replaced(t, "\n", "\r\n"); }},
      {"literal line ends", [](const std::string& t) { return replaced(t, "\n", "\\n"); }},
      {"line ends of rsyslog", [](const std::string& t) { return replaced(t, "\n", "#012"); }},
      {"on one line", [](const std::string& t) { return replaced(t, "\n", " "); }},
      {"hard blanks", [](const std::string& t) { return replaced(t, " ", "\u00a0"); }},
      {"typographic quotes", typographic},
      {"found by grep", numbered},
      {"as a list of failures",
       [](const std::string& t) { return "  1) fetches\n" + prefixed(t, "     "); }},
      {"in a fence", [](const std::string& t) { return "```\n" + prefixed(t, "   ") + "\n```\n"; }},
      {"coloured", [](const std::string& t) { return prefixed(t, "\x1b[31m") + "\x1b[0m"; }}};
  const std::vector<Disguise> prefixes = {
      prefix("quoted", "> "),
      prefix("quoted twice", "> > "),
      prefix("diff", "-"),
      prefix("comment", "# "),
      prefix("tab", "\t"),
      prefix("docker compose", "web_1  | 2026-11-21T10:00:00.123Z "),
      prefix("journal", "Nov 21 10:00:00 host app[4242]: "),
      prefix("GitHub Actions", "2026-11-21T10:00:00.1234567Z "),
      prefix("GitHub Actions, a job", "build\tInstall\t2026-11-21T10:00:00.1234567Z "),
      prefix("GitLab", "\x1b[0;m2026-11-21T10:00:00.123456Z 00O "),
      prefix("Jenkins", "[2026-11-21T10:00:00.123Z] "),
      prefix("BuildKit", "#12 3.456 "),
      prefix("BuildKit, folded", " => => # "),
      prefix("Python logging", "2026-11-21 10:00:00,123 - app.net - ERROR - "),
      prefix("Spring", "2026-11-21 10:00:00.123  WARN 1 --- [nio-8080-exec-1] o.s.w.Template : "),
      prefix("klog", "E1121 10:00:00.123456       1 reflector.go:147] "),
      prefix("kubetail", "[app-5d9c7b-x2x4q app] "),
      prefix("Heroku", "2026-11-21T10:00:00.123456+00:00 app[web.1]: ")};
  const std::vector<Disguise> frames = {
      frame("Korean", "작업이 실패했습니다. 아래 오류를 확인하세요:\n",
            "\n다시 시도하시겠습니까?\n"),
      frame("Japanese", "エラーが発生しました:\n", "\nもう一度お試しください\n"),
      frame("Chinese", "执行时报错，错误信息如下：“", "”，请问怎么解决？"),
      frame("Portuguese", "Ocorreu um erro ao instalar o pacote: ", "\nAlguém pode ajudar?"),
      frame("Spanish", "Al ejecutarlo me sale este error:\n", "\n¿Alguna idea?"),
      frame("French", "J'obtiens l'erreur suivante : ", "\nMerci d'avance."),
      frame("German", "Folgende Fehlermeldung erscheint:\n", "\nWas kann ich tun?"),
      frame("Russian", "При установке возникает ошибка:\n", "\nКак исправить?"),
      frame("Korean in CP949",
            "\xc0\xdb\xbe\xf7\xc0\xcc \xbd\xc7\xc6\xd0\xc7\xdf: ", "\n\xb4\xd9\xbd\xc3"),
      frame("Chinese in GBK", "\xb4\xed\xce\xf3\xd0\xc5\xcf\xa2: ", "\n\xc7\xf3\xd6\xfa"),
      frame("Russian in CP1251", "\xce\xf8\xe8\xe1\xea\xe0: ", ""),
      frame("PowerShell", "PS C:\\Users\\김> cmd\n", "\nPS C:\\Users\\김>"),
      frame("cmd", "C:\\Users\\사용자>run.bat\n", ""),
      frame("behind a progress bar", " 45%|████▌     | 12/27 [00:03<00:04,  3.6it/s]\r", ""),
      frame("among other lines", "Step 3/9 : RUN make\n ---> Running in 0f1e2d3c\n",
            "\nmake: *** [all] Error 1\n"),
      frame("in backticks", "I get `", "` when I run it"),
      frame("Ansible", "fatal: [host1]: FAILED! => {\"msg\": \"", "\"}"),
      frame("byte order mark", "\xef\xbb\xbf", "")};
  all.insert(all.end(), prefixes.begin(), prefixes.end());
  all.insert(all.end(), frames.begin(), frames.end());
  return all;
}

}  // namespace

const std::vector<Disguise>& disguises() {
  static const std::vector<Disguise> all = made();
  return all;
}

}  // namespace medic::explain
