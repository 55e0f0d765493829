// SPDX-License-Identifier: BSD-3-Clause
#include "local/describe.hpp"

namespace kcapi::local {

std::optional<alg::kind> kind_of(driver_kind type) noexcept {
    switch (type) {
    case driver_kind::cipher:
    case driver_kind::hash_batch:
        return std::nullopt;
    case driver_kind::skcipher:
        return alg::kind::skcipher;
    case driver_kind::aead:
        return alg::kind::aead;
    case driver_kind::hash:
        return alg::kind::hash;
    case driver_kind::rng:
        return alg::kind::rng;
    case driver_kind::akcipher:
        return alg::kind::akcipher;
    case driver_kind::kpp:
        return alg::kind::kpp;
    }
    return std::nullopt;
}

driver_kind type_of(alg::kind kind) noexcept {
    switch (kind) {
    case alg::kind::skcipher:
        return driver_kind::skcipher;
    case alg::kind::aead:
        return driver_kind::aead;
    case alg::kind::hash:
        return driver_kind::hash;
    case alg::kind::rng:
        return driver_kind::rng;
    case alg::kind::akcipher:
        return driver_kind::akcipher;
    case alg::kind::kpp:
        return driver_kind::kpp;
    }
    return driver_kind::cipher;
}

alg::properties describe(const driver &d, alg::self_test state) {
    alg::properties p;
    p.type = kind_of(d.type).value_or(alg::kind::skcipher);
    p.name = d.name;
    p.driver_name = d.driver_name;
    p.priority = d.priority;
    p.block_size = d.sizes.block_size;
    p.chunk_size = d.sizes.chunk_size;
    p.iv_size = d.sizes.iv_size;
    p.min_key_size = d.sizes.min_key_size;
    p.max_key_size = d.sizes.max_key_size;
    p.max_tag_size = d.sizes.max_tag_size();
    p.digest_size = d.sizes.digest_size;
    p.seed_size = d.sizes.seed_size;
    p.state = state;
    return p;
}

} // namespace kcapi::local
