#pragma once

// Scripts for peers that are not (only) a TLS server: plain HTTP, proxies, greetings, and the ways
// a connection can end.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lab/server_host.h"
#include "lab/tls_server.h"

namespace medic::lab {

// TLS at once.
Script tls_script(TlsPlan plan, LabClock clock);

// An HTTP response as text, with Content-Length and Connection: close.
std::string http_response(std::string_view status_and_headers, std::string_view content_type,
                          std::string_view body);

// Reads one request head and answers it; bytes that are no request (a ClientHello) are answered
// with 400, as web servers and proxies do.
Script http_answer_script(std::string answer);

// What the lab's own little web server holds, by path: issuer certificates, CRLs, OCSP responses.
struct Published {
  std::string content_type;
  Bytes body;
};
Script file_server_script(std::map<std::string, Published, std::less<>> files);

// Where a proxy finds the lab's names. Filled before the servers start, never changed after.
using LabHosts = std::map<std::string, std::string, std::less<>>;

// A CONNECT proxy that dials on and copies octets. `hosts` may be filled until the host starts.
Script connect_proxy_script(const ServerHost& host, std::shared_ptr<const LabHosts> hosts);
// A CONNECT proxy that says 200 and is the TLS server itself.
Script intercepting_proxy_script(TlsPlan plan, LabClock clock);
// A CONNECT proxy that answers every request with this.
Script refusing_proxy_script(std::string answer);

// Passes octets to the server at once and its answer on with `interval` between two octets.
Script drip_script(const ServerHost& host, std::string address, std::uint16_t port,
                   std::chrono::milliseconds interval);

// STARTTLS servers: the plain dialogue, then TLS. A client that speaks TLS at once is shown the
// greeting only.
Script smtp_script(TlsPlan plan, LabClock clock);
Script imap_script(TlsPlan plan, LabClock clock);
Script postgres_script(TlsPlan plan, LabClock clock);

}  // namespace medic::lab
