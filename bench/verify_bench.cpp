// The matrix of one chain: 2 certificates, 30 profiles, 5 stores. Beside OpenSSL with everything
// shared: parsed certificates and stores, one X509_verify_cert a cell. Prints one line a method;
// the goals are in the arguments of check() and end the program with status 1.

#include <fmt/core.h>
#include <openssl/err.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <vector>

#include "lab/certificate_maker.h"
#include "trust/anchors.h"
#include "verify/openssl_handles.h"
#include "verify/signature_cache.h"
#include "verify/verify.h"

namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only
using medic::Time;
using medic::lab::Identity;
using medic::lab::KeyKind;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kProfiles = 30;
constexpr std::size_t kStores = 5;
constexpr std::size_t kRootsPerStore = 146;
const Time kAt{std::chrono::seconds(1800000000)};

double median_us(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

struct Bench {
  Identity root = medic::lab::make_self_signed(medic::lab::root_recipe("Root", kAt),
                                               medic::lab::shared_keys().key(KeyKind::P256, 4));
  Identity ca = medic::lab::make_certificate(medic::lab::intermediate_recipe("CA", kAt),
                                             medic::lab::shared_keys().key(KeyKind::P256, 1), root);
  std::vector<medic::trust::AnchorSetPtr> stores;
  std::vector<const medic::trust::AnchorSet*> store_views;
  std::vector<medic::profiles::Profile> rows;  // 30 rules, each another, so that none is shared
  std::vector<const medic::profiles::Profile*> profiles;

  Bench() {
    std::vector<medic::trust::Anchor> anchors;
    for (std::size_t i = 0; i + 1 < kRootsPerStore; ++i) {
      const Identity other =
          medic::lab::make_self_signed(medic::lab::root_recipe(fmt::format("Other {}", i), kAt),
                                       medic::lab::shared_keys().key(KeyKind::P256, 5));
      anchors.push_back({*medic::x509::parse_certificate(other.der), "bench"});
    }
    anchors.push_back({*medic::x509::parse_certificate(root.der), "bench"});
    for (std::size_t s = 0; s < kStores; ++s) {
      stores.push_back(medic::trust::make_anchor_set(fmt::format("store {}", s), "", anchors));
      store_views.push_back(stores.back().get());
    }
    const auto& known = medic::profiles::all_profiles();
    for (std::size_t p = 0; p < kProfiles; ++p) {
      rows.push_back(known[p % known.size()]);
      // Any value that changes no verdict makes the rules another.
      rows.back().verify.max_validity_days = static_cast<std::uint32_t>(10000 + p);
    }
    for (const auto& row : rows) {
      profiles.push_back(&row);
    }
  }

  [[nodiscard]] Identity leaf() const {
    return medic::lab::make_certificate(medic::lab::leaf_recipe("www.bench.test", kAt),
                                        medic::lab::shared_keys().key(KeyKind::P256, 0), ca);
  }
  [[nodiscard]] medic::verify::Question question(const medic::Bytes& leaf_der) const {
    return {.chain = {*medic::x509::parse_certificate(leaf_der),
                      *medic::x509::parse_certificate(ca.der)},
            .name = "www.bench.test",
            .at = kAt};
  }
};

// OpenSSL, everything shared: what performance.md calls "stores and parsed certs shared".
double openssl_matrix_us(const Bench& bench, const medic::Bytes& leaf_der) {
  using namespace medic::verify;  // NOLINT(google-build-using-namespace): handles only
  const StorePtr store(X509_STORE_new());
  const X509Ptr root = parsed_certificate(bench.root.der);
  const X509Ptr leaf = parsed_certificate(leaf_der);
  X509Ptr ca = parsed_certificate(bench.ca.der);
  const StackPtr sent(sk_X509_new_null());
  X509_STORE_add_cert(store.get(), root.get());
  sk_X509_push(sent.get(), ca.release());
  return median_us(15, [&] {
    for (std::size_t i = 0; i < kProfiles * kStores; ++i) {
      const StoreContextPtr context(X509_STORE_CTX_new());
      X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), sent.get());
      X509_STORE_CTX_set_default(context.get(), "ssl_server");
      X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
      X509_VERIFY_PARAM_set_time(param, kAt.time_since_epoch().count());
      X509_VERIFY_PARAM_set1_host(param, "www.bench.test", 0);
      if (X509_verify_cert(context.get()) != 1) {
        fmt::print("OpenSSL refuses the chain: {}\n", X509_STORE_CTX_get_error(context.get()));
        std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
      }
    }
  });
}

bool check(bool met, std::string_view goal) {
  fmt::print("  goal {}: {}\n", goal, met ? "met" : "MISSED");
  return met;
}

}  // namespace

int main() {
  const Bench bench;
  const medic::Bytes leaf_der = bench.leaf().der;
  const auto cache = medic::verify::make_signature_cache();
  auto question = bench.question(leaf_der);
  question.cache = cache.get();
  std::size_t passed = 0;
  const auto matrix = [&](const medic::verify::Question& asked) {
    for (const auto& cell : medic::verify::judge_all(asked, bench.profiles, bench.store_views)) {
      passed += cell->pass ? 1U : 0U;
    }
  };
  matrix(question);
  fmt::print("{} of {} cells pass\n", passed, kProfiles * kStores);
  const double seen_us = median_us(101, [&] { matrix(question); });

  // New leaves under known issuers: parse, one signature, 150 verdicts.
  std::vector<medic::Bytes> fresh;
  for (int i = 0; i < 101; ++i) {
    fresh.push_back(bench.leaf().der);
  }
  std::size_t next = 0;
  const double new_us = median_us(101, [&] {
    auto asked = bench.question(fresh[next++]);
    asked.cache = cache.get();
    matrix(asked);
  });
  const auto issuer = *medic::x509::parse_certificate(bench.ca.der);
  const auto child = *medic::x509::parse_certificate(leaf_der);
  const medic::x509::VerifyingKey key(issuer->public_key);
  const double signature_us =
      median_us(101, [&] { static_cast<void>(medic::x509::check_signature(*child, key)); });
  const double openssl_us = openssl_matrix_us(bench, leaf_der);

  constexpr double kCells = kProfiles * kStores;
  fmt::print("seen chain:  {:9.1f} us a matrix, {:6.2f} us a verdict\n", seen_us, seen_us / kCells);
  fmt::print("new leaf:    {:9.1f} us a matrix, of it one signature check {:.1f} us\n", new_us,
             signature_us);
  fmt::print("OpenSSL:     {:9.1f} us a matrix, {:6.2f} us a verdict\n", openssl_us,
             openssl_us / kCells);
  fmt::print("OpenSSL / seen {:.0f}x, OpenSSL / new {:.0f}x\n", openssl_us / seen_us,
             openssl_us / new_us);
  const bool fast = check(new_us <= signature_us + 100, "new chain: one signature check + 0.1 ms");
  const bool ratio = check(openssl_us >= 50 * new_us, "50x OpenSSL for the matrix");
  return fast && ratio ? 0 : 1;
}
