#include "tests/tlswire/scripted_server.h"

#include "base/byte_reader.h"
#include "base/check.h"
#include "lab/key.h"
#include "tlswire/byte_writer.h"

namespace medic::tlswire {
namespace {

const Time kAt = *parse_time("2026-06-01T12:00:00Z");
constexpr std::uint16_t kSuite13 = 0x1301;
constexpr std::uint16_t kSuite12 = 0xC02B;  // ECDHE-ECDSA-AES128-GCM-SHA256
constexpr std::uint16_t kEcdsaP256 = 0x0403;

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void extension(ByteWriter& out, Extension type, ByteView data) {
  out.u16(static_cast<std::uint16_t>(type));
  out.vector(2, [&] { out.bytes(data); });
}

}  // namespace

Bytes handshake_message(HandshakeType type, ByteView body) {
  Bytes message;
  ByteWriter out(message);
  out.u8(static_cast<std::uint8_t>(type));
  out.vector(3, [&] { out.bytes(body); });
  return message;
}

const lab::Identity& ScriptedServer::issuer() {
  static const lab::Identity made = lab::make_self_signed(
      lab::root_recipe("Scripted Root", kAt), lab::shared_keys().key(lab::KeyKind::P256, 20));
  return made;
}

const lab::Identity& ScriptedServer::leaf() {
  static const lab::Identity made =
      lab::make_certificate(lab::leaf_recipe("scripted.test", kAt),
                            lab::shared_keys().key(lab::KeyKind::P256, 21), issuer());
  return made;
}

ScriptedServer::ScriptedServer(ByteView hello_record, std::uint16_t version)
    : version_(version), random_(32, 0x5A) {
  hear(hello_record.subspan(kRecordHeaderBytes));
}

void ScriptedServer::hear(ByteView hello) {
  note(hello);
  ByteReader in(hello.subspan(kMessageHeaderBytes));
  in.u16();
  const ByteView random = in.take(32);
  client_random_.assign(random.begin(), random.end());
  const ByteView session_id = in.vector(1);
  session_id_.assign(session_id.begin(), session_id.end());
  in.vector(2);
  in.vector(1);
  ByteReader extensions(in.vector(2));
  while (!extensions.empty()) {
    const std::uint16_t type = extensions.u16();
    const ByteView data = extensions.vector(2);
    if (type == static_cast<std::uint16_t>(Extension::KeyShare)) {
      ByteReader list(data);
      ByteReader shares(list.vector(2));
      shares.u16();
      const ByteView share = shares.vector(2);
      client_share_.assign(share.begin(), share.end());
    }
  }
}

void ScriptedServer::hear_second_hello(ByteView record) {
  hear(record.subspan(kRecordHeaderBytes));
}

void ScriptedServer::note(ByteView message) {
  transcript_.insert(transcript_.end(), message.begin(), message.end());
}

Bytes ScriptedServer::server_hello() {
  Bytes body;
  ByteWriter out(body);
  out.u16(kTls12);
  out.bytes(random_);
  out.vector(1, [&] { out.bytes(version_ == kTls13 ? ByteView(session_id_) : ByteView()); });
  out.u16(version_ == kTls13 ? kSuite13 : kSuite12);
  out.u8(0);
  out.vector(2, [&] {
    if (version_ != kTls13) {
      extension(out, Extension::RenegotiationInfo, Bytes{0});
      extension(out, Extension::StatusRequest, {});
      return;
    }
    extension(out, Extension::SupportedVersions, Bytes{3, 4});
    const Bytes& share = tools_.shares.share(Group::X25519);
    extension(out, Extension::KeyShare, joined({Bytes{0, 29, 0, 32}, share}));
  });
  return handshake_message(HandshakeType::ServerHello, body);
}

Bytes ScriptedServer::retry_request(std::uint16_t group) {
  Bytes body;
  ByteWriter out(body);
  out.u16(kTls12);
  // RFC 8446 section 4.1.3.
  out.bytes(*parse_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"));
  out.vector(1, [&] { out.bytes(session_id_); });
  out.u16(kSuite13);
  out.u8(0);
  out.vector(2, [&] {
    extension(out, Extension::SupportedVersions, Bytes{3, 4});
    extension(out, Extension::KeyShare,
              Bytes{static_cast<std::uint8_t>(group >> 8U), static_cast<std::uint8_t>(group)});
  });
  return handshake_message(HandshakeType::ServerHello, body);
}

Bytes ScriptedServer::encrypted_extensions() {
  return handshake_message(HandshakeType::EncryptedExtensions, Bytes{0, 0});
}

Bytes ScriptedServer::certificate_request() {
  const Bytes schemes{0, 13, 0, 4, 0, 2, 4, 3};  // signature_algorithms, as RFC 8446 demands
  if (version_ == kTls13) {
    return handshake_message(HandshakeType::CertificateRequest, joined({Bytes{0, 0, 8}, schemes}));
  }
  return handshake_message(HandshakeType::CertificateRequest, Bytes{1, 64, 0, 2, 4, 3, 0, 0});
}

Bytes ScriptedServer::certificate() {
  Bytes body;
  ByteWriter out(body);
  if (version_ == kTls13) {
    out.u8(0);
  }
  out.vector(3, [&] {
    for (const lab::Identity* one : {&leaf(), &issuer()}) {
      out.vector(3, [&] { out.bytes(one->der); });
      if (version_ == kTls13) {
        out.u16(0);
      }
    }
  });
  return handshake_message(HandshakeType::Certificate, body);
}

Bytes ScriptedServer::certificate_verify() {
  const Hash hashed = tools_.protection.hash(Suite::Aes128GcmSha256, {transcript_});
  const Bytes content = joined(
      {Bytes(64, ' '), as_bytes("TLS 1.3, server CertificateVerify"), Bytes{0}, hashed.view()});
  Bytes signature = lab::signature_of(content, leaf().key, lab::Hash::Sha256);
  if (spoil_signature) {
    signature = lab::signature_of(transcript_, leaf().key, lab::Hash::Sha256);
  }
  Bytes body;
  ByteWriter out(body);
  out.u16(kEcdsaP256);
  out.vector(2, [&] { out.bytes(signature); });
  return handshake_message(HandshakeType::CertificateVerify, body);
}

Bytes ScriptedServer::key_exchange() {
  const Bytes parameters = joined({Bytes{3, 0, 29, 32}, tools_.shares.share(Group::X25519)});
  const Bytes content =
      joined({client_random_, spoil_signature ? client_random_ : random_, parameters});
  const Bytes signature = lab::signature_of(content, leaf().key, lab::Hash::Sha256);
  Bytes body = parameters;
  ByteWriter out(body);
  out.u16(kEcdsaP256);
  out.vector(2, [&] { out.bytes(signature); });
  return handshake_message(HandshakeType::ServerKeyExchange, body);
}

Bytes ScriptedServer::hello_done() {
  return handshake_message(HandshakeType::ServerHelloDone, {});
}

Bytes ScriptedServer::certificate_status() {
  return handshake_message(HandshakeType::CertificateStatus, Bytes{1, 0, 0, 2, 0x30, 0});
}

Bytes ScriptedServer::named(const std::string& name) {
  if (name == "HelloRequest") {
    return handshake_message(HandshakeType::HelloRequest, {});
  }
  if (name == "ClientHello") {
    return handshake_message(HandshakeType::ClientHello, Bytes(64, 3));
  }
  if (name == "ServerHello") {
    return server_hello();
  }
  if (name == "NewSessionTicket") {
    return handshake_message(HandshakeType::NewSessionTicket, Bytes(32, 0));
  }
  if (name == "EncryptedExtensions") {
    return encrypted_extensions();
  }
  if (name == "CertificateRequest") {
    return certificate_request();
  }
  if (name == "Certificate") {
    return certificate();
  }
  if (name == "CertificateVerify") {
    return certificate_verify();
  }
  if (name == "ServerKeyExchange") {
    return key_exchange();
  }
  if (name == "ServerHelloDone") {
    return hello_done();
  }
  if (name == "CertificateStatus") {
    return certificate_status();
  }
  if (name == "Finished") {
    return handshake_message(HandshakeType::Finished, Bytes(32, 7));
  }
  MEDIC_CHECK(name == "Unassigned");
  return handshake_message(static_cast<HandshakeType>(99), Bytes(4, 0));
}

Bytes ScriptedServer::plain_record(ContentType type, ByteView body) {
  Bytes wire;
  ByteWriter out(wire);
  out.u8(static_cast<std::uint8_t>(type));
  out.u16(kTls12);
  out.vector(2, [&] { out.bytes(body); });
  return wire;
}

Bytes ScriptedServer::record(ContentType type, ByteView body) {
  return keys_ ? tools_.protection.seal(Suite::Aes128GcmSha256, keys_->server, type, body)
               : plain_record(type, body);
}

Bytes ScriptedServer::say(ByteView message) {
  const Bytes wire = record(ContentType::Handshake, message);
  note(message);
  if (version_ == kTls13 && !keys_ &&
      message[0] == static_cast<std::uint8_t>(HandshakeType::ServerHello)) {
    const auto secret = tools_.shares.agreed(Group::X25519, client_share_);
    if (secret) {
      keys_ = tools_.protection.handshake_keys(
          Suite::Aes128GcmSha256, *secret,
          tools_.protection.hash(Suite::Aes128GcmSha256, {transcript_}));
    }
  }
  return wire;
}

Bytes ScriptedServer::say_coalesced(const std::vector<Bytes>& messages) {
  Bytes all;
  for (const Bytes& message : messages) {
    all.insert(all.end(), message.begin(), message.end());
  }
  const Bytes wire = record(ContentType::Handshake, all);
  note(all);
  return wire;
}

Bytes ScriptedServer::say_split(ByteView message, std::size_t piece) {
  Bytes wire;
  for (ByteView rest = message; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
    const Bytes one = record(ContentType::Handshake, rest.first(std::min(piece, rest.size())));
    wire.insert(wire.end(), one.begin(), one.end());
  }
  note(message);
  return wire;
}

}  // namespace medic::tlswire
