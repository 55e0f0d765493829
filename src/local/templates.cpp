// SPDX-License-Identifier: BSD-3-Clause
#include "local/templates.hpp"

#include "local/tmpl_adiantum.hpp"
#include "local/tmpl_aead.hpp"
#include "local/tmpl_counter.hpp"
#include "local/tmpl_essiv.hpp"
#include "local/tmpl_feedback.hpp"
#include "local/tmpl_hash.hpp"
#include "local/tmpl_hctr2.hpp"
#include "local/tmpl_kw.hpp"
#include "local/tmpl_lrw.hpp"
#include "local/tmpl_skcipher.hpp"

namespace kcapi::local {

namespace {

constexpr part_rule any_cipher{driver_kind::cipher, ""};
constexpr part_rule any_hash{driver_kind::hash, ""};
constexpr part_rule cbc_mode{driver_kind::skcipher, "cbc"};
constexpr part_rule gcm_mode{driver_kind::aead, "gcm"};
constexpr part_rule ccm_mode{driver_kind::aead, "ccm"};
constexpr part_rule any_aead{driver_kind::aead, ""};
constexpr part_rule authenc_mode{driver_kind::aead, "authenc"};
constexpr part_rule any_skcipher{driver_kind::skcipher, ""};
constexpr part_rule ctr_mode{driver_kind::skcipher, "ctr"};

constexpr auto all_templates = std::to_array<template_record>({
    {"ecb", driver_kind::skcipher, 1, {any_cipher}, fill_ecb},
    {"cbc", driver_kind::skcipher, 1, {any_cipher}, fill_cbc},
    {"ctr", driver_kind::skcipher, 1, {any_cipher}, fill_ctr},
    {"xts", driver_kind::skcipher, 1, {any_cipher}, fill_xts},
    {"cts", driver_kind::skcipher, 1, {cbc_mode}, fill_cts},
    {"pcbc", driver_kind::skcipher, 1, {any_cipher}, fill_pcbc},
    {"cfb", driver_kind::skcipher, 1, {any_cipher}, fill_cfb},
    {"ofb", driver_kind::skcipher, 1, {any_cipher}, fill_ofb},
    {"lrw", driver_kind::skcipher, 1, {any_cipher}, fill_lrw},
    {"xctr", driver_kind::skcipher, 1, {any_cipher}, fill_xctr},
    {"rfc3686", driver_kind::skcipher, 1, {ctr_mode}, fill_rfc3686},
    {"kw", driver_kind::skcipher, 1, {any_cipher}, fill_kw},
    {"essiv", driver_kind::skcipher, 2, {cbc_mode, any_hash}, fill_essiv},
    {"hctr2", driver_kind::skcipher, 1, {any_cipher}, fill_hctr2},
    {"adiantum", driver_kind::skcipher, 2, {any_skcipher, any_cipher}, fill_adiantum},
    {"hmac", driver_kind::hash, 1, {any_hash}, fill_hmac},
    {"cmac", driver_kind::hash, 1, {any_cipher}, fill_cmac},
    {"xcbc", driver_kind::hash, 1, {any_cipher}, fill_xcbc},
    {"cbcmac", driver_kind::hash, 1, {any_cipher}, fill_cbcmac},
    {"vmac64", driver_kind::hash, 1, {any_cipher}, fill_vmac},
    {"gcm", driver_kind::aead, 1, {any_cipher}, fill_gcm},
    {"ccm", driver_kind::aead, 1, {any_cipher}, fill_ccm},
    {"rfc4106", driver_kind::aead, 1, {gcm_mode}, fill_rfc4106},
    {"rfc4309", driver_kind::aead, 1, {ccm_mode}, fill_rfc4309},
    {"rfc4543", driver_kind::aead, 1, {gcm_mode}, fill_rfc4543},
    {"authenc", driver_kind::aead, 2, {any_hash, any_skcipher}, fill_authenc},
    {"authencesn", driver_kind::aead, 2, {any_hash, any_skcipher}, fill_authencesn},
    {"krb5enc", driver_kind::aead, 2, {any_hash, any_skcipher}, fill_krb5enc},
    {"essiv", driver_kind::aead, 2, {authenc_mode, any_hash}, fill_essiv_aead},
    {"seqiv", driver_kind::aead, 1, {any_aead}, fill_seqiv},
    {"echainiv", driver_kind::aead, 1, {any_aead}, fill_echainiv},
});

} // namespace

std::span<const template_record> templates() noexcept { return all_templates; }

const template_record *find_template(std::string_view name) noexcept {
    for (const template_record &t : all_templates)
        if (t.name == name)
            return &t;
    return nullptr;
}

const template_record *find_template(std::string_view name, driver_kind type) noexcept {
    for (const template_record &t : all_templates)
        if (t.name == name && t.type == type)
            return &t;
    return find_template(name);
}

} // namespace kcapi::local
