#include "lab/scripts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace medic::lab {
namespace {

struct RequestLine {
  std::string method;
  std::string target;
};

RequestLine request_line(std::string_view head) {
  RequestLine line;
  const std::string_view first = head.substr(0, head.find_first_of("\r\n"));
  const std::size_t space = first.find(' ');
  if (space == std::string_view::npos) {
    return line;
  }
  line.method = first.substr(0, space);
  const std::string_view rest = first.substr(space + 1);
  line.target = rest.substr(0, rest.find(' '));
  return line;
}

// The first octet tells a TLS record (22) from text.
bool speaks_tls(Connection& connection) {
  const std::string first = connection.peek(1);
  return first.empty() || first[0] == '\x16';
}

std::string bad_request() {
  return http_response("400 Bad Request", "text/html", "<h1>400 Bad Request</h1>\n");
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return text;
}

void skip_body(Connection& connection, std::string_view head) {
  const std::string folded = upper(std::string(head));
  const std::string_view key = "CONTENT-LENGTH:";
  std::size_t at = folded.find(key);
  if (at == std::string::npos) {
    return;
  }
  at = folded.find_first_not_of(' ', at + key.size());
  std::size_t size = 0;
  if (at != std::string::npos) {
    std::from_chars(folded.data() + at, folded.data() + folded.size(), size);
  }
  constexpr std::size_t kMaxBody = 65536;
  connection.read_exactly(std::min(size, kMaxBody));
}

// A proxy says that it is one (RFC 9110 section 7.6.3).
std::string proxy_bad_request() {
  return http_response("400 Bad Request\r\nVia: 1.1 proxy.lab.test", "text/html",
                       "<h1>400 Bad Request</h1>\n");
}

// The head of a CONNECT request; anything else was answered with 400 and is empty.
std::string connect_target(Connection& connection) {
  if (speaks_tls(connection)) {
    connection.write(proxy_bad_request());
    connection.finish();
    return {};
  }
  const RequestLine line = request_line(connection.read_head());
  if (line.method != "CONNECT") {
    connection.write(proxy_bad_request());
    connection.finish();
    return {};
  }
  return line.target;
}

constexpr std::string_view kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";

}  // namespace

Script tls_script(TlsPlan plan, LabClock clock) {
  return [server = make_tls_server(std::move(plan), clock)](Connection& connection) {
    server->serve(connection);
  };
}

std::string http_response(std::string_view status_and_headers, std::string_view content_type,
                          std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
      status_and_headers, content_type, body.size(), body);
}

Script http_answer_script(std::string answer) {
  return [answer = std::move(answer)](Connection& connection) {
    if (speaks_tls(connection)) {
      connection.write(bad_request());
    } else {
      connection.read_head();
      connection.write(answer);
    }
    connection.finish();
  };
}

Script file_server_script(std::map<std::string, Published, std::less<>> files) {
  return [files = std::move(files)](Connection& connection) {
    const std::string head = connection.read_head();
    const RequestLine line = request_line(head);
    skip_body(connection, head);
    // OCSP by GET appends the request to the URL (RFC 6960 appendix A.1).
    const std::size_t name = line.target.find('/', 1);
    const std::size_t rest = name == std::string::npos ? name : line.target.find('/', name + 1);
    const auto file = files.find(line.target.substr(0, rest));
    connection.write(
        file == files.end()
            ? http_response("404 Not Found", "text/plain", "not found\n")
            : http_response("200 OK", file->second.content_type, as_text(file->second.body)));
    connection.finish();
  };
}

Script connect_proxy_script(const ServerHost& host, std::shared_ptr<const LabHosts> hosts) {
  return [&host, hosts = std::move(hosts)](Connection& connection) {
    const std::string target = connect_target(connection);
    if (target.empty()) {
      return;
    }
    const std::size_t colon = target.rfind(':');
    const std::string name = target.substr(0, colon);
    std::uint16_t port = 0;
    if (colon != std::string::npos) {
      std::from_chars(target.data() + colon + 1, target.data() + target.size(), port);
    }
    const auto known = hosts->find(name);
    // The lab's names and loopback only: this is no open proxy.
    const std::string address = known != hosts->end()      ? known->second
                                : name.starts_with("127.") ? name
                                                           : std::string();
    const auto onward = address.empty() || port == 0 ? nullptr : host.dial(address, port);
    if (onward == nullptr) {
      connection.write(http_response("502 Bad Gateway", "text/plain", "no such host in the lab\n"));
      connection.finish();
      return;
    }
    connection.write(kEstablished);
    relay(connection, *onward);
  };
}

Script intercepting_proxy_script(TlsPlan plan, LabClock clock) {
  return [server = make_tls_server(std::move(plan), clock)](Connection& connection) {
    if (!connect_target(connection).empty()) {
      connection.write(kEstablished);
      server->serve(connection);
    }
  };
}

Script refusing_proxy_script(std::string answer) {
  return [answer = std::move(answer)](Connection& connection) {
    if (speaks_tls(connection)) {
      connection.write(bad_request());
    } else {
      connection.read_head();
      connection.write(answer);
    }
    connection.finish();
  };
}

Script drip_script(const ServerHost& host, std::string address, std::uint16_t port,
                   std::chrono::milliseconds interval) {
  return [&host, address = std::move(address), port, interval](Connection& connection) {
    const auto onward = host.dial(address, port);
    if (onward == nullptr) {
      return;
    }
    onward->write(connection.read_record());
    // By the clock and not by pauses, so that a busy machine catches up and takes no longer.
    const auto began = std::chrono::steady_clock::now();
    for (int sent = 1;; ++sent) {
      const std::string octet = onward->read_some(1);
      if (octet.empty() || !connection.write(octet)) {
        return;
      }
      const auto ahead = began + sent * interval - std::chrono::steady_clock::now();
      const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(ahead);
      if (rest.count() > 0 && !connection.pause(rest)) {
        return;
      }
    }
  };
}

Script smtp_script(TlsPlan plan, LabClock clock) {
  return [server = make_tls_server(std::move(plan), clock)](Connection& connection) {
    connection.write("220 mail.lab.test ESMTP tlsmedic lab\r\n");
    while (true) {
      const std::string command = upper(connection.read_line());
      if (command.starts_with("EHLO")) {
        connection.write("250-mail.lab.test\r\n250-SIZE 1000000\r\n250 STARTTLS\r\n");
      } else if (command.starts_with("HELO") || command.starts_with("NOOP")) {
        connection.write("250 mail.lab.test\r\n");
      } else if (command.starts_with("STARTTLS")) {
        connection.write("220 2.0.0 Ready to start TLS\r\n");
        server->serve(connection);
        return;
      } else if (command.starts_with("QUIT") || command.empty()) {
        connection.write("221 2.0.0 Bye\r\n");
        break;
      } else {
        connection.write("500 5.5.1 Command unrecognized\r\n");
        break;  // Postfix too hangs up on what is no SMTP
      }
    }
    connection.finish();
  };
}

Script imap_script(TlsPlan plan, LabClock clock) {
  return [server = make_tls_server(std::move(plan), clock)](Connection& connection) {
    connection.write("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] tlsmedic lab ready\r\n");
    while (true) {
      const std::string command = connection.read_line();
      const std::string tag = command.substr(0, command.find(' '));
      const std::string folded = upper(command);
      if (folded.find(" CAPABILITY") != std::string::npos) {
        connection.write("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag +
                         " OK completed\r\n");
      } else if (folded.find(" STARTTLS") != std::string::npos) {
        connection.write(tag + " OK Begin TLS negotiation now\r\n");
        server->serve(connection);
        return;
      } else {
        connection.write("* BYE\r\n");
        break;
      }
    }
    connection.finish();
  };
}

Script postgres_script(TlsPlan plan, LabClock clock) {
  return [server = make_tls_server(std::move(plan), clock)](Connection& connection) {
    // PostgreSQL protocol 3, SSLRequest: length 8, code 80877103. The server speaks second.
    static constexpr std::string_view kSslRequest("\x00\x00\x00\x08\x04\xD2\x16\x2F", 8);
    if (connection.read_exactly(kSslRequest.size()) == kSslRequest) {
      connection.write("S");
      server->serve(connection);
      return;
    }
    // ErrorResponse: what PostgreSQL says to a length that it does not believe. Each field ends
    // with a zero octet, all of them with one more; the length counts itself.
    const std::string fields =
        fmt::format("SFATAL{0}VFATAL{0}C08P01{0}Minvalid length of startup packet{0}{0}", '\0');
    const std::string length{'\0', '\0', '\0', static_cast<char>(fields.size() + 4)};
    connection.write("E" + length + fields);
    connection.finish();
  };
}

}  // namespace medic::lab
