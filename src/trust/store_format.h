#pragma once

// One kind of store file. An entry is formats/<id>.cpp. PEM, DER and PKCS#7 are no entry: they are
// what is tried when no entry knows the file.

#include <span>
#include <string>
#include <string_view>

#include "trust/store.h"

namespace medic::trust {

struct StoreFormat {
  std::string_view id;
  std::string_view source;  // the document or program that defines it
  // By magic numbers: at most one entry says yes to a file.
  bool (*recognised)(ByteView bytes);
  void (*read)(ByteView bytes, const std::string& path, const StoreOptions& options, Store& store);
};

std::span<const StoreFormat* const> store_format_registry();

// Parses one certificate of a store and adds it to `list`, or says why not.
void add_certificate(Store& store, std::vector<Anchor> Store::* list, ByteView der,
                     const std::string& path, const std::string& place);

// PEM, DER and PKCS#7, and everything that claims to be one.
void read_certificate_file(ByteView bytes, const std::string& path, Store& store);

// Passwords that keystores come with: Java's tools, GlassFish, and none.
std::vector<std::string> candidate_passwords(const StoreOptions& options);

}  // namespace medic::trust
