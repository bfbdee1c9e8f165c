#pragma once

// Numbers of the wire that this client knows. Sources: RFC 8446, RFC 5246, RFC 8422, IANA
// "Transport Layer Security Parameters" and "TLS ExtensionType Values".

#include <cstddef>
#include <cstdint>

namespace medic::tlswire {

inline constexpr std::uint16_t kTls12 = 0x0303;
inline constexpr std::uint16_t kTls13 = 0x0304;

enum class ContentType : std::uint8_t {
  ChangeCipherSpec = 20,
  Alert = 21,
  Handshake = 22,
  ApplicationData = 23,
};

enum class HandshakeType : std::uint8_t {
  HelloRequest = 0,
  ClientHello = 1,
  ServerHello = 2,
  NewSessionTicket = 4,
  EncryptedExtensions = 8,
  Certificate = 11,
  ServerKeyExchange = 12,
  CertificateRequest = 13,
  ServerHelloDone = 14,
  CertificateVerify = 15,
  Finished = 20,
  CertificateStatus = 22,
};

// RFC 8446 section 6. Only those that we send.
enum class AlertCode : std::uint8_t {
  CloseNotify = 0,
  UnexpectedMessage = 10,
  BadRecordMac = 20,
  RecordOverflow = 22,
  HandshakeFailure = 40,
  IllegalParameter = 47,
  DecodeError = 50,
  DecryptError = 51,
  ProtocolVersion = 70,
  MissingExtension = 109,
  UnsupportedExtension = 110,
};

enum class Extension : std::uint16_t {
  ServerName = 0,
  StatusRequest = 5,
  SupportedGroups = 10,
  EcPointFormats = 11,
  SignatureAlgorithms = 13,
  EncryptThenMac = 22,
  ExtendedMasterSecret = 23,
  SessionTicket = 35,
  SupportedVersions = 43,
  Cookie = 44,
  PskKeyExchangeModes = 45,
  KeyShare = 51,
  RenegotiationInfo = 0xFF01,
};

// Groups whose shares we can make; more are offered (hello.h).
enum class Group : std::uint16_t { P256 = 23, P384 = 24, P521 = 25, X25519 = 29 };

inline constexpr std::size_t kRecordHeaderBytes = 5;
inline constexpr std::size_t kMessageHeaderBytes = 4;
// RFC 8446 sections 5.1 and 5.2.
inline constexpr std::size_t kMaxPlainRecord = 1U << 14U;
inline constexpr std::size_t kMaxSealedRecord = kMaxPlainRecord + 256;
inline constexpr std::size_t kMaxPlainRecord12 = kMaxPlainRecord + 2048;  // RFC 5246 section 6.2.3

}  // namespace medic::tlswire
