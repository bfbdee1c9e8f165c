#include "audit/plaintext.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/python_tree.h"

namespace medic::audit {
namespace {

constexpr int kMaxDepth = 200;

template <class Visit>
void walk(const PythonTree& tree, std::uint32_t node, int depth, const Visit& visit) {
  if (depth > kMaxDepth) {
    return;
  }
  visit(node);
  for (std::uint32_t at = tree.first(node); at != 0; at = tree.next(at)) {
    walk(tree, at, depth + 1, visit);
  }
}

bool asks_network(std::string_view name) {
  constexpr std::array<std::string_view, 14> kNames = {
      "get",   "post",    "put",     "patch",       "delete",         "head", "request",
      "fetch", "urlopen", "connect", "urlretrieve", "HTTPConnection", "send", "options"};
  return std::ranges::find(kNames, name) != kNames.end() ||
         name.find("request") != std::string_view::npos ||
         name.find("fetch") != std::string_view::npos ||
         name.find("download") != std::string_view::npos;
}

std::string_view callee_name(const PythonTree& tree, std::uint32_t call) {
  return tree[tree.first(call)].name;
}

bool has_string(const PythonTree& tree, std::uint32_t node, std::string_view part) {
  bool found = false;
  walk(tree, node, 0, [&](std::uint32_t at) {
    found = found || (tree[at].kind == NodeKind::String &&
                      tree.text(at).find(part) != std::string_view::npos);
  });
  return found;
}

bool tries_network(const PythonTree& tree, std::uint32_t block) {
  bool found = false;
  walk(tree, block, 0, [&](std::uint32_t at) {
    found = found || (tree[at].kind == NodeKind::Call && asks_network(callee_name(tree, at)));
  });
  return found;
}

bool names_https_failure(std::string_view type) {
  return type.find("SSL") != std::string_view::npos ||
         type.find("ssl.") != std::string_view::npos ||
         type.find("Certificate") != std::string_view::npos;
}

// url.replace("https://", "http://"), re.sub("^https", "http", url), _replace(scheme="http")
bool replaces_scheme(const PythonTree& tree, std::uint32_t call) {
  const std::string_view name = callee_name(tree, call);
  const auto value = [&](int index) {
    const std::uint32_t at = tree.child(call, index);
    return at != 0 && tree[at].kind == NodeKind::String ? python_string_value(tree.text(at))
                                                        : std::string();
  };
  if (name == "replace" || name == "sub") {
    return value(1).find("https") != std::string::npos && value(2).starts_with("http") &&
           !value(2).starts_with("https");
  }
  if (name == "_replace") {
    for (std::uint32_t at = tree.next(tree.first(call)); at != 0; at = tree.next(at)) {
      if (tree[at].kind == NodeKind::Keyword && tree[at].name == "scheme" &&
          tree[tree.first(at)].kind == NodeKind::String) {
        return python_string_value(tree.text(tree.first(at))) == "http";
      }
    }
  }
  return false;
}

}  // namespace

bool is_plain_url(std::string_view text) {
  if (!text.starts_with("http://")) {
    return false;
  }
  text.remove_prefix(7);
  constexpr std::array<std::string_view, 8> kHere = {
      "localhost",  "127.",    "[::1]", "0.0.0.0", "169.254.", "host.docker.internal",
      "www.w3.org", "schemas."};
  return std::ranges::none_of(kHere, [&](std::string_view host) { return text.starts_with(host); });
}

std::vector<std::uint32_t> plaintext_fallbacks(const PythonTree& tree, std::uint32_t node) {
  std::vector<std::uint32_t> found;
  const std::uint32_t body = tree.first(node);
  const bool https = has_string(tree, body, "https");
  if (!tries_network(tree, body)) {
    return found;
  }
  for (std::uint32_t at = tree.next(body); at != 0; at = tree.next(at)) {
    if (tree[at].kind != NodeKind::Handler) {
      continue;
    }
    const bool failure = https || names_https_failure(tree.text(tree.first(at)));
    const bool asks = tries_network(tree, tree.child(at, 1));
    walk(tree, tree.child(at, 1), 0, [&](std::uint32_t part) {
      const bool replaces = tree[part].kind == NodeKind::Call && replaces_scheme(tree, part);
      const bool plain = failure && asks && tree[part].kind == NodeKind::String &&
                         is_plain_url(python_string_value(tree.text(part)));
      if (replaces || plain) {
        found.push_back(part);
      }
    });
  }
  return found;
}

}  // namespace medic::audit
