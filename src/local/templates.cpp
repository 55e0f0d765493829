// SPDX-License-Identifier: BSD-3-Clause
#include "local/templates.hpp"

#include "local/tmpl_hash.hpp"
#include "local/tmpl_skcipher.hpp"

namespace kcapi::local {

namespace {

constexpr part_rule any_cipher{driver_kind::cipher, ""};
constexpr part_rule any_hash{driver_kind::hash, ""};
constexpr part_rule cbc_mode{driver_kind::skcipher, "cbc"};

constexpr auto all_templates = std::to_array<template_record>({
    {"ecb", driver_kind::skcipher, 1, {any_cipher}, fill_ecb},
    {"cbc", driver_kind::skcipher, 1, {any_cipher}, fill_cbc},
    {"ctr", driver_kind::skcipher, 1, {any_cipher}, fill_ctr},
    {"xts", driver_kind::skcipher, 1, {any_cipher}, fill_xts},
    {"cts", driver_kind::skcipher, 1, {cbc_mode}, fill_cts},
    {"hmac", driver_kind::hash, 1, {any_hash}, fill_hmac},
    {"cmac", driver_kind::hash, 1, {any_cipher}, fill_cmac},
});

} // namespace

std::span<const template_record> templates() noexcept { return all_templates; }

const template_record *find_template(std::string_view name) noexcept {
    for (const template_record &t : all_templates)
        if (t.name == name)
            return &t;
    return nullptr;
}

} // namespace kcapi::local
