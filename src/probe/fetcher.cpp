#include "probe/fetcher.h"

#include <fmt/core.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "probe/connection.h"
#include "probe/fetch_talk.h"
#include "target/target.h"

namespace medic::probe {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kStopCheck{50};

}  // namespace

Result<HttpUrl> parse_http_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) {
    return fail(ErrorKind::Usage, fmt::format("not a plain HTTP URL: '{}'", escaped(url, 120)));
  }
  const std::string_view rest = url.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  std::string path(rest.substr(slash, rest.find('#', slash) - slash));
  const bool unsafe = path.find_first_of("\r\n \t") != std::string::npos;
  if (authority.find('@') != std::string_view::npos || unsafe) {
    return fail(ErrorKind::Usage, fmt::format("not a safe URL: '{}'", escaped(url, 120)));
  }
  MEDIC_TRY(const target::Authority split, target::split_authority(authority));
  MEDIC_TRY(const target::Host host, target::parse_host(split.host));
  HttpUrl parsed{.host = host.ascii};
  if (split.port) {
    MEDIC_TRY(parsed.port, target::parse_port(*split.port));
  }
  parsed.path = path.starts_with('/') ? path : "/" + path;
  return parsed;
}

evidence::Fetched exchange(const evidence::FetchQuestion& question, const HttpUrl& url,
                           const FetchRoute& route, const std::atomic<bool>* stop) {
  evidence::Fetched answer{.url = question.url};
  std::vector<tcp::endpoint> endpoints;
  for (const std::string& address : route.addresses) {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) {
      answer.error = "not an address: " + escaped(address, 60);
      return answer;
    }
    endpoints.emplace_back(ip, route.port);
  }
  if (endpoints.empty()) {
    answer.error = "no address";
    return answer;
  }
  FetchTalk talk(question, url, route.by);
  bool over = false;
  asio::io_context loop(1);
  const auto connection = std::make_shared<Connection>(
      loop, talk, std::move(endpoints), std::chrono::milliseconds{question.deadline_ms},
      [&over] { over = true; });
  connection->start();
  while (!over && (stop == nullptr || !stop->load())) {
    loop.run_one_for(kStopCheck);
    loop.restart();
  }
  connection->cancel();
  loop.poll();  // lets the cancelled operations release what they hold
  if (!over || !talk.problem().empty()) {
    answer.error = over ? talk.problem() : "stopped";
    return answer;
  }
  const HttpReader& reader = talk.reader();
  answer.status = reader.status();
  answer.body = reader.body();
  answer.content_type = std::string(reader.header("content-type").substr(0, 128));
  answer.location = std::string(reader.header("location").substr(0, 2048));
  answer.server = std::string(reader.header("server").substr(0, 128));
  return answer;
}

}  // namespace medic::probe
