// SPDX-License-Identifier: BSD-3-Clause
#include "preload/listing/entry.hpp"

namespace kcapi::preload {

const char *type_word(alg::kind kind) noexcept {
    switch (kind) {
    case alg::kind::skcipher:
        return "skcipher";
    case alg::kind::aead:
        return "aead";
    case alg::kind::hash:
        return "shash";
    case alg::kind::rng:
        return "rng";
    case alg::kind::akcipher:
        return "akcipher";
    case alg::kind::kpp:
        return "kpp";
    }
    return "";
}

namespace {

/// Padded public keys are made by a template of the kernel's when something in the kernel asks for one, which
/// no AF_ALG socket can.
bool is_made_for_the_kernel(const alg::properties &info) noexcept {
    const bool asymmetric = info.type == alg::kind::akcipher || info.type == alg::kind::kpp;
    return asymmetric && info.name.find('(') != std::string::npos;
}

} // namespace

std::vector<entry> entries_as_they_are(alg::engine &engine) {
    std::vector<entry> all;
    engine.list([&](const alg::properties &info) {
        if (info.state != alg::self_test::unavailable && !is_made_for_the_kernel(info))
            all.push_back({info});
    });
    return all;
}

void settle(alg::engine &engine, entry &e) {
    if (e.info.state != alg::self_test::unknown)
        return;
    // Opening by the driver's name is what runs its self test.
    const result<std::shared_ptr<alg::transform>> opened = engine.open(e.info.type, e.info.driver_name);
    if (opened)
        e.info.state = alg::self_test::passed;
    else if (opened.error().code == ELIBBAD)
        e.info.state = alg::self_test::failed;
}

std::vector<entry> entries(alg::engine &engine) {
    std::vector<entry> all = entries_as_they_are(engine);
    for (entry &e : all)
        settle(engine, e);
    return all;
}

} // namespace kcapi::preload
