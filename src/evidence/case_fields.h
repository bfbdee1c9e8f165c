#pragma once

// The one description of a case's JSON: every record lists its fields once, and the same list
// writes (case_json.cpp) and reads (case_reader.cpp). A visitor is called as v("name", member);
// raw() is for bytes that need not be UTF-8.

#include <concepts>
#include <string_view>
#include <type_traits>
#include <variant>

#include "evidence/case.h"
#include "evidence/client_fields.h"

namespace medic::evidence {

inline constexpr std::string_view kCaseSchema = "tlsmedic.case/1";

// Names of enumerators, in the order of their values.
template <class E>
struct EnumNames;
template <>
struct EnumNames<Offer> {
  static constexpr std::string_view names[] = {"mainstream", "everything"};
};
template <>
struct EnumNames<HelloSize> {
  static constexpr std::string_view names[] = {"classical", "post-quantum"};
};
template <>
struct EnumNames<Phase> {
  static constexpr std::string_view names[] = {"connect", "proxy", "starttls", "handshake",
                                               "after-handshake"};
};
template <>
struct EnumNames<AddressFamily> {
  static constexpr std::string_view names[] = {"any", "ipv4", "ipv6"};
};

// The alternatives of Outcome, by index.
inline constexpr std::string_view kOutcomeNames[] = {
    "completed", "alert-received", "refused-by-us", "timed-out",        "closed",
    "not-tls",   "not-connected",  "proxy-refused", "starttls-refused",
};
static_assert(std::size(kOutcomeNames) == std::variant_size_v<Outcome>);

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProbeSpec>
void fields(V& v, T& s) {
  v("address", s.address);
  v("port", s.port);
  v("sni", s.sni);
  v("min_version", s.min_version);
  v("max_version", s.max_version);
  v("offer", s.offer);
  v("hello", s.hello);
  v("starttls", s.starttls);
  v("proxy", s.proxy);
  v("client_certificate", s.client_certificate);
  v("http", s.http);
  v("deadline_ms", s.deadline_ms);
  v("repeat", s.repeat);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Alert>
void fields(V& v, T& a) {
  v("sent", a.sent);
  v("level", a.level);
  v("code", a.code);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, HttpAnswer>
void fields(V& v, T& a) {
  v("status", a.status);
  v("date", a.date);
  v.raw("location_base64", a.location);
  v.raw("server_base64", a.server);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Completed>
void fields(V&, T&) {}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, AlertReceived>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("level", o.level);
  v("code", o.code);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, RefusedByUs>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("reason", o.reason);
  v("alert_sent", o.alert_sent);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, TimedOut>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("after_ms", o.after);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Closed>
void fields(V& v, T& o) {
  v("phase", o.phase);
  v("reset", o.reset);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, NotTls>
void fields(V& v, T& o) {
  v.raw("first_bytes_base64", o.first_bytes);
  v("protocol", o.protocol);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, NotConnected>
void fields(V& v, T& o) {
  v("reason", o.reason);
  v("detail", o.detail);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProxyRefused>
void fields(V& v, T& o) {
  v("status", o.status);
  v.raw("reason_base64", o.reason);
  v.raw("body_excerpt_base64", o.body_excerpt);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, StartTlsRefused>
void fields(V& v, T& o) {
  v("reason", o.reason);
  v.raw("transcript_base64", o.transcript);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Handshake>
void fields(V& v, T& h) {
  v("spec", h.spec);
  v("peer", h.peer);
  v("outcome", h.outcome);
  v("version", h.version);
  v("cipher", h.cipher);
  v("cipher_name", h.cipher_name);
  v("group", h.group);
  v("group_bits", h.group_bits);
  v("peer_signature", h.peer_signature);
  v("secure_renegotiation", h.secure_renegotiation);
  v("chain", h.chain);
  v("ocsp_staple", h.ocsp_staple);
  v("client_certificate_requested", h.client_certificate_requested);
  v("client_ca_names", h.client_ca_names);
  v("alpn", h.alpn);
  v("alerts", h.alerts);
  v("http", h.http);
  v("client_hello_bytes", h.client_hello_bytes);
  v("bytes_sent", h.bytes_sent);
  v("bytes_received", h.bytes_received);
  v("tcp_connect_us", h.tcp_connect);
  v("proxy_ready_us", h.proxy_ready);
  v("starttls_ready_us", h.starttls_ready);
  v("first_reply_us", h.first_reply);
  v("total_us", h.total);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Resolution>
void fields(V& v, T& r) {
  v("host", r.host);
  v("family", r.family);
  v("addresses", r.addresses);
  v("error", r.error);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, FetchQuestion>
void fields(V& v, T& q) {
  v("url", q.url);
  v("purpose", q.purpose);
  v("body", q.body);
  v("content_type", q.content_type);
  v("max_bytes", q.max_bytes);
  v("deadline_ms", q.deadline_ms);
  v("allow_private", q.allow_private);
  v("address", q.address);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Fetched>
void fields(V& v, T& a) {
  v("url", a.url);
  v("status", a.status);
  v("body", a.body);
  v.raw("content_type_base64", a.content_type);
  v.raw("location_base64", a.location);
  v.raw("server_base64", a.server);
  v("error", a.error);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, FetchRecord>
void fields(V& v, T& r) {
  v("question", r.question);
  v("answer", r.answer);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, TargetFacts>
void fields(V& v, T& t) {
  v("url", t.url);
  v("host", t.host);
  v("unicode", t.unicode);
  v("is_address", t.is_address);
  v("port", t.port);
  v("starttls", t.starttls);
  v("http", t.http);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, ProxyFacts>
void fields(V& v, T& p) {
  v("id", p.id);
  v("url", p.url);
  v("source", p.source);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, StoreFacts>
void fields(V& v, T& s) {
  v("id", s.id);
  v("description", s.description);
  v("size", s.size);
  v("anchors", s.anchors);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Asked>
void fields(V& v, T& a) {
  v("sni", a.sni);
  v("family", a.family);
  v("addresses", a.addresses);
  v("profiles", a.profiles);
  v("roots", a.roots);
  v("proxy", a.proxy);
  v("client_certificate", a.client_certificate);
  v("revocation", a.revocation);
  v("deadline_ms", a.deadline_ms);
  v("fetch_private", a.fetch_private);
}

template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Case>
void fields(V& v, T& c) {
  v("program", c.program);
  v("at", c.at);
  v("target", c.target);
  v("asked", c.asked);
  v("proxies", c.proxies);
  v("resolutions", c.resolutions);
  v("handshakes", c.handshakes);
  v("fetches", c.fetches);
  v("stores", c.stores);
  v("clients", c.clients);
  v("pool", c.pool);
}

}  // namespace medic::evidence
