#include "tlswire/key_shares.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/handle.h"
#include "x509/openssl.h"

namespace medic::tlswire {
namespace {

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

const char* curve_of(Group group) {
  switch (group) {
    case Group::P256:
      return "P-256";
    case Group::P384:
      return "P-384";
    case Group::P521:
      return "P-521";
    case Group::X25519:
      break;
  }
  return nullptr;
}

KeyHandle fresh_key(Group group) {
  const char* const curve = curve_of(group);
  EVP_PKEY* const key = curve == nullptr
                            ? EVP_PKEY_Q_keygen(x509::own_context(), nullptr, "X25519")
                            : EVP_PKEY_Q_keygen(x509::own_context(), nullptr, "EC", curve);
  MEDIC_CHECK(key != nullptr);
  return KeyHandle(key);
}

Bytes public_share(EVP_PKEY* key) {
  unsigned char* octets = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &octets);
  MEDIC_CHECK(size > 0);
  const Bytes share(octets, octets + size);
  OPENSSL_free(octets);
  return share;
}

}  // namespace

struct KeyShares::Slot {
  Group group = Group::X25519;
  KeyHandle own;
  // The peer's key is written into this one each time: making a new key object costs more than the
  // exchange's own arithmetic does on short curves.
  KeyHandle peer;
  KeyContext context;
  Bytes share;
};

KeyShares::KeyShares() = default;
KeyShares::~KeyShares() = default;

KeyShares::Slot& KeyShares::slot(Group group) {
  for (const auto& known : slots_) {
    if (known->group == group) {
      return *known;
    }
  }
  const x509::ErrorMark mark;
  auto made = std::make_unique<Slot>();
  made->group = group;
  made->own = fresh_key(group);
  made->peer = fresh_key(group);
  made->context.reset(EVP_PKEY_CTX_new_from_pkey(x509::own_context(), made->own.get(), nullptr));
  MEDIC_CHECK(made->context != nullptr && EVP_PKEY_derive_init(made->context.get()) == 1);
  made->share = public_share(made->own.get());
  slots_.push_back(std::move(made));
  return *slots_.back();
}

const Bytes& KeyShares::share(Group group) {
  return slot(group).share;
}

std::optional<Bytes> KeyShares::agreed(Group group, ByteView peer_share) {
  const Slot& own = slot(group);
  const x509::ErrorMark mark;
  // All shares of a group are of one length (RFC 8446 section 4.2.8.2: points are not compressed).
  if (peer_share.size() != own.share.size() ||
      EVP_PKEY_set1_encoded_public_key(own.peer.get(), peer_share.data(), peer_share.size()) != 1) {
    return std::nullopt;
  }
  // Reading a point has checked that it is on the curve; these curves have no other subgroup, and
  // X25519 needs no check. So none is asked for: on P-256 it costs more than the exchange.
  if (EVP_PKEY_derive_set_peer_ex(own.context.get(), own.peer.get(), 0) != 1) {
    return std::nullopt;
  }
  std::size_t size = 0;
  if (EVP_PKEY_derive(own.context.get(), nullptr, &size) != 1) {
    return std::nullopt;
  }
  Bytes secret(size);
  if (EVP_PKEY_derive(own.context.get(), secret.data(), &size) != 1) {
    return std::nullopt;
  }
  secret.resize(size);
  return secret;
}

}  // namespace medic::tlswire
