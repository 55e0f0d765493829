// SPDX-License-Identifier: BSD-3-Clause
#include "local/templates.hpp"

#include "local/tmpl_skcipher.hpp"

namespace kcapi::local {

namespace {

constexpr std::array<template_record, 5> all_templates{{
    {"ecb", driver_kind::skcipher, driver_kind::cipher, "", fill_ecb},
    {"cbc", driver_kind::skcipher, driver_kind::cipher, "", fill_cbc},
    {"ctr", driver_kind::skcipher, driver_kind::cipher, "", fill_ctr},
    {"xts", driver_kind::skcipher, driver_kind::cipher, "", fill_xts},
    {"cts", driver_kind::skcipher, driver_kind::skcipher, "cbc", fill_cts},
}};

} // namespace

std::span<const template_record> templates() noexcept { return all_templates; }

const template_record *find_template(std::string_view name) noexcept {
    for (const template_record &t : all_templates)
        if (t.name == name)
            return &t;
    return nullptr;
}

} // namespace kcapi::local
