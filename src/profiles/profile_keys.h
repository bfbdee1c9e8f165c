#pragma once

// The rules of a profile by name: one row and one member in profile.h is a new rule, for the TOML
// files, for the packed table and for the text of `--explain` alike.

#include <cstdint>
#include <string_view>

#include "profiles/profile.h"

namespace medic::profiles {

template <class Owner, class Value>
struct Key {
  std::string_view name;
  Value Owner::* member;
};

inline constexpr Key<TlsRules, bool> kTlsSwitches[] = {
    {"sends_sni", &TlsRules::sends_sni},
    {"offers_dhe", &TlsRules::offers_dhe},
    {"offers_rsa_key_exchange", &TlsRules::offers_rsa_key_exchange},
    {"needs_secure_renegotiation", &TlsRules::needs_secure_renegotiation},
    {"post_quantum_hello", &TlsRules::post_quantum_hello},
    {"offers_sha1_signatures", &TlsRules::offers_sha1_signatures},
    {"offers_ed25519", &TlsRules::offers_ed25519},
    {"offers_p521", &TlsRules::offers_p521},
    {"offers_p521_group", &TlsRules::offers_p521_group},
    {"offers_rsa_pss_key", &TlsRules::offers_rsa_pss_key},
};
inline constexpr Key<TlsRules, std::uint32_t> kTlsNumbers[] = {
    {"min_dh_bits", &TlsRules::min_dh_bits}};

inline constexpr Key<VerifyRules, bool> kVerifySwitches[] = {
    {"partial_chain", &VerifyRules::partial_chain},
    {"strict", &VerifyRules::strict},
    {"reports_last_error", &VerifyRules::reports_last_error},
    {"anchor_dates_checked", &VerifyRules::anchor_dates_checked},
    {"anchor_constraints_checked", &VerifyRules::anchor_constraints_checked},
    {"anchor_must_be_ca", &VerifyRules::anchor_must_be_ca},
    {"anchor_without_basic_constraints", &VerifyRules::anchor_without_basic_constraints},
    {"anchor_name_constraints_checked", &VerifyRules::anchor_name_constraints_checked},
    {"matches_key_ids", &VerifyRules::matches_key_ids},
    {"self_issued_counts", &VerifyRules::self_issued_counts},
    {"handles_directory_constraints", &VerifyRules::handles_directory_constraints},
    {"refuses_empty_names", &VerifyRules::refuses_empty_names},
    {"matches_anchor_key_ids", &VerifyRules::matches_anchor_key_ids},
    {"parses_all_sent", &VerifyRules::parses_all_sent},
    {"allows_rsa_pss_keys", &VerifyRules::allows_rsa_pss_keys},
    {"server_gated_crypto", &VerifyRules::server_gated_crypto},
    {"checks_netscape_type", &VerifyRules::checks_netscape_type},
    {"pinned_leaf_checked", &VerifyRules::pinned_leaf_checked},
    {"pinned_leaf", &VerifyRules::pinned_leaf},
    {"checks_eku", &VerifyRules::checks_eku},
    {"checks_ca_eku", &VerifyRules::checks_ca_eku},
    {"checks_leaf_key_usage", &VerifyRules::checks_leaf_key_usage},
    {"checks_ca_key_usage", &VerifyRules::checks_ca_key_usage},
    {"allows_sha1", &VerifyRules::allows_sha1},
    {"allows_md5", &VerifyRules::allows_md5},
    {"allows_p521", &VerifyRules::allows_p521},
    {"allows_ed25519", &VerifyRules::allows_ed25519},
    {"requires_must_staple", &VerifyRules::requires_must_staple},
    {"checks_stapled_ocsp", &VerifyRules::checks_stapled_ocsp},
    {"fetches_missing_issuers", &VerifyRules::fetches_missing_issuers},
    {"ca_certificate_as_leaf", &VerifyRules::ca_certificate_as_leaf},
    {"negative_serial", &VerifyRules::negative_serial},
    {"reads_subject_key_id", &VerifyRules::reads_subject_key_id},
};
inline constexpr Key<VerifyRules, std::uint32_t> kVerifyNumbers[] = {
    {"min_rsa_bits", &VerifyRules::min_rsa_bits},
    {"min_ec_bits", &VerifyRules::min_ec_bits},
    {"security_level", &VerifyRules::security_level},
    {"max_validity_days", &VerifyRules::max_validity_days},
};

}  // namespace medic::profiles
