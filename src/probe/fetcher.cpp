#include "probe/fetcher.h"

#include <fmt/core.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "probe/http_reader.h"
#include "target/target.h"

namespace medic::probe {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string request_text(const evidence::FetchQuestion& question, const HttpUrl& url) {
  const std::string host =
      url.port == 80 ? (url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host)
                     : target::authority_text(url.host, url.port);
  std::string text = fmt::format(
      "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: tlsmedic\r\nAccept: */*\r\nConnection: close\r\n",
      question.body.empty() ? "GET" : "POST", url.path, host);
  if (!question.body.empty()) {
    text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", question.content_type,
                        question.body.size());
  }
  return text + "\r\n" + std::string(as_text(question.body));
}

// Runs the loop until the work is done, the deadline is over or the person asked to stop.
class Exchange {
 public:
  Exchange(const evidence::FetchQuestion& question, const HttpUrl& url)
      : socket_(loop_),
        request_(request_text(question, url)),
        reader_(HttpReader::Content::Body, question.max_bytes) {}

  // Empty: an answer is in reader(). Else why not.
  std::string run(const std::string& address, std::uint16_t port,
                  std::chrono::steady_clock::time_point until, const std::atomic<bool>* stop) {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) {
      return "not an address: " + escaped(address, 60);
    }
    socket_.async_connect({ip, port},
                          [this](const boost::system::error_code& failed) { connected(failed); });
    while (!over_ && std::chrono::steady_clock::now() < until &&
           (stop == nullptr || !stop->load())) {
      loop_.run_one_for(std::chrono::milliseconds{50});
      loop_.restart();
    }
    boost::system::error_code ignored;
    socket_.close(ignored);
    loop_.poll();
    return over_ ? problem_ : "no answer in time";
  }
  [[nodiscard]] const HttpReader& reader() const { return reader_; }
  [[nodiscard]] bool did_connect() const { return connected_; }

 private:
  void end(std::string problem) {
    if (!over_) {
      over_ = true;
      problem_ = std::move(problem);
    }
  }
  void connected(const boost::system::error_code& failed) {
    if (failed) {
      end(failed.message());
      return;
    }
    connected_ = true;
    asio::async_write(socket_, asio::buffer(request_),
                      [this](const boost::system::error_code& error, std::size_t /*count*/) {
                        if (error) {
                          end(error.message());
                        }
                      });
    read();
  }
  void read() {
    socket_.async_read_some(asio::buffer(buffer_),
                            [this](const boost::system::error_code& error, std::size_t count) {
                              if (over_) {
                                return;
                              }
                              if (error) {
                                reader_.end();
                              } else {
                                reader_.feed(ByteView(buffer_).first(count));
                              }
                              if (reader_.state() == HttpReader::State::Done) {
                                end({});
                              } else if (reader_.state() == HttpReader::State::Bad) {
                                end(reader_.problem());
                              } else if (error) {
                                end(error.message());
                              } else {
                                read();
                              }
                            });
  }

  asio::io_context loop_{1};
  tcp::socket socket_;
  std::string request_;
  HttpReader reader_;
  std::array<std::uint8_t, 16384> buffer_{};
  bool over_ = false;
  bool connected_ = false;
  std::string problem_;
};

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
                           const std::vector<std::string>& addresses,
                           const std::atomic<bool>* stop) {
  evidence::Fetched answer{.url = question.url};
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::milliseconds{question.deadline_ms};
  for (const std::string& address : addresses) {
    Exchange work(question, url);
    answer.error = work.run(address, url.port, until, stop);
    if (answer.error.empty()) {
      const HttpReader& reader = work.reader();
      answer.status = reader.status();
      answer.body = reader.body();
      answer.content_type = std::string(reader.header("content-type").substr(0, 128));
      answer.location = std::string(reader.header("location").substr(0, 2048));
      answer.server = std::string(reader.header("server").substr(0, 128));
      return answer;
    }
    if (work.did_connect()) {
      return answer;  // somebody answered, only not well: another address is another question
    }
  }
  if (addresses.empty()) {
    answer.error = "no address";
  }
  return answer;
}

}  // namespace medic::probe
