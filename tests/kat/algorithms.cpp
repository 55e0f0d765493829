// SPDX-License-Identifier: BSD-3-Clause
#include "kat/algorithms.hpp"

#include <initializer_list>

namespace kcapi::test {

namespace {

using names = std::vector<const char *>;

/// With those of the modules that this build has besides libcrypto's.
names with(names all, [[maybe_unused]] std::initializer_list<const char *> gcrypt,
           [[maybe_unused]] std::initializer_list<const char *> ipsecmb = {}) {
#ifdef KCAPI_TEST_GCRYPT
    all.insert(all.end(), gcrypt);
#endif
#ifdef KCAPI_TEST_IPSECMB
    all.insert(all.end(), ipsecmb);
#endif
    return all;
}

} // namespace

const std::vector<algorithm> &aes_algorithms() {
    static const std::vector<algorithm> all{
        {"ecb(aes)",
         true,
         {"ecb-aes-openssl", "ecb(aes-openssl)"},
         {"ecb-aes-aesni", "ecb(aes-generic)", "ecb-aes-lib"}},
        {"cbc(aes)",
         true,
         with({"cbc-aes-openssl", "cbc(aes-openssl)"}, {"cbc-aes-gcrypt"}, {"cbc-aes-ipsecmb"}),
         {"cbc-aes-aesni", "cbc(aes-generic)", "cbc(ecb(aes-generic))", "cbc-aes-lib"}},
        {"ctr(aes)",
         true,
         with({"ctr-aes-openssl", "ctr(aes-openssl)"}, {"ctr-aes-gcrypt"}, {"ctr-aes-ipsecmb"}),
         {"ctr-aes-aesni", "ctr-aes-aesni-avx", "ctr-aes-vaes-avx512", "ctr(aes-generic)", "ctr-aes-lib"}},
        {"xts(aes)",
         false,
         with({"xts-aes-openssl", "xts(aes-openssl)"}, {"xts-aes-gcrypt"}),
         {"xts-aes-aesni", "xts-aes-aesni-avx", "xts-aes-vaes-avx2", "xts(ecb(aes-generic))", "xts-aes-lib"}},
        {"cts(cbc(aes))",
         false,
         {"cts-cbc-aes-openssl", "cts(cbc-aes-openssl)", "cts(cbc(aes-openssl))"},
         {"cts-cbc-aes-aesni", "cts(cbc-aes-aesni)", "cts(cbc(aes-generic))", "cts-cbc-aes-lib"}}};
    return all;
}

const std::vector<algorithm> &more_algorithms() {
    static const std::vector<algorithm> all{
        {"pcbc(aes)", true, {"pcbc(aes-openssl)"}, {}},
        {"cfb(aes)", true, {"cfb(aes-openssl)"}, {}},
        {"ofb(aes)", true, {"ofb(aes-openssl)"}, {}},
        {"lrw(aes)", true, {"lrw(aes-openssl)"}, {}},
        {"xctr(aes)", false, {"xctr(aes-openssl)"}, {"xctr-aes-aesni"}},
        {"rfc3686(ctr(aes))", false, {"rfc3686(ctr-aes-openssl)", "rfc3686(ctr(aes-openssl))"}, {}},
        {"kw(aes)", false, {"kw(aes-openssl)"}, {}},
        {"hctr2(aes)", false, {"hctr2(aes-openssl)"}, {}},
        {"adiantum(xchacha12,aes)", false, {"adiantum(xchacha12-portable,aes-openssl)"}, {}},
        {"adiantum(xchacha20,aes)",
         false,
         {"adiantum(xchacha20-openssl,aes-openssl)", "adiantum(xchacha20-portable,aes-openssl)"},
         {}},
        {"chacha20",
         false,
         {"chacha20-openssl", "chacha20-portable"},
         {"chacha20-generic", "chacha20-simd", "chacha20-lib"}},
        {"xchacha20",
         false,
         {"xchacha20-openssl", "xchacha20-portable"},
         {"xchacha20-generic", "xchacha20-simd", "xchacha20-lib"}},
        {"xchacha12",
         false,
         {"xchacha12-portable"},
         {"xchacha12-generic", "xchacha12-simd", "xchacha12-lib"}},
        {"ecb(cipher_null)",
         true,
         {"ecb-cipher_null-portable", "ecb(cipher_null-portable)"},
         {"ecb-cipher_null"}},
        {"ecb(des)", true, {"ecb-des-openssl", "ecb(des-openssl)"}, {"ecb(des-generic)"}},
        {"ecb(des3_ede)", true, {"ecb-des3_ede-openssl", "ecb(des3_ede-openssl)"}, {"ecb(des3_ede-generic)"}},
        {"ecb(blowfish)", true, {"ecb-blowfish-openssl", "ecb(blowfish-openssl)"}, {"ecb(blowfish-generic)"}},
        {"ecb(cast5)", true, {"ecb-cast5-openssl", "ecb(cast5-openssl)"}, {"ecb(cast5-generic)"}},
        {"ecb(camellia)", true, {"ecb-camellia-openssl", "ecb(camellia-openssl)"}, {"ecb(camellia-generic)"}},
        {"ecb(aria)", true, {"ecb-aria-openssl", "ecb(aria-openssl)"}, {"ecb(aria-generic)"}},
        {"ecb(sm4)", true, {"ecb-sm4-openssl", "ecb(sm4-openssl)"}, {"ecb(sm4-generic)"}},
        {"ecb(seed)", true, {"ecb-seed-openssl", "ecb(seed-openssl)"}, {"ecb(seed-generic)"}},
        {"cbc(des)", true, {"cbc-des-openssl", "cbc(des-openssl)"}, {"cbc(des-generic)"}},
        {"cbc(des3_ede)", true, {"cbc-des3_ede-openssl", "cbc(des3_ede-openssl)"}, {"cbc(des3_ede-generic)"}},
        {"cbc(blowfish)", true, {"cbc-blowfish-openssl", "cbc(blowfish-openssl)"}, {"cbc(blowfish-generic)"}},
        {"cbc(cast5)", true, {"cbc-cast5-openssl", "cbc(cast5-openssl)"}, {"cbc(cast5-generic)"}},
        {"cbc(camellia)", true, {"cbc-camellia-openssl", "cbc(camellia-openssl)"}, {"cbc(camellia-generic)"}},
        {"cbc(aria)", true, {"cbc-aria-openssl", "cbc(aria-openssl)"}, {}},
        {"cbc(sm4)", true, {"cbc-sm4-openssl", "cbc(sm4-openssl)"}, {}},
        {"cbc(seed)", true, {"cbc-seed-openssl", "cbc(seed-openssl)"}, {}},
        {"ctr(aria)", true, {"ctr-aria-openssl", "ctr(aria-openssl)"}, {}},
        {"ctr(sm4)", true, {"ctr-sm4-openssl", "ctr(sm4-openssl)"}, {}},
        {"ctr(des3_ede)", true, {"ctr(des3_ede-openssl)"}, {}},
        {"ctr(blowfish)", true, {"ctr(blowfish-openssl)"}, {}},
        {"ctr(camellia)", true, {"ctr-camellia-openssl", "ctr(camellia-openssl)"}, {}},
        {"cts(cbc(des))", false, {"cts(cbc-des-openssl)", "cts(cbc(des-openssl))"}, {}},
        {"xts(camellia)", false, {"xts(camellia-openssl)"}, {}},
        {"lrw(camellia)", true, {"lrw(camellia-openssl)"}, {}},
        {"ecb(serpent)", true, {"ecb(serpent-gcrypt)"}, {"ecb(serpent-generic)"}},
        {"cbc(serpent)", true, {"cbc(serpent-gcrypt)"}, {"cbc(serpent-generic)"}},
        {"ctr(serpent)", true, {"ctr(serpent-gcrypt)"}, {}},
        {"xts(serpent)", false, {"xts(serpent-gcrypt)"}, {}},
        {"lrw(serpent)", true, {"lrw(serpent-gcrypt)"}, {}},
        {"ecb(twofish)", true, {"ecb(twofish-portable)"}, {"ecb(twofish-generic)"}},
        {"cbc(twofish)", true, {"cbc(twofish-portable)"}, {"cbc(twofish-generic)"}},
        {"xts(twofish)", false, {"xts(twofish-portable)"}, {}},
        {"lrw(twofish)", true, {"lrw(twofish-portable)"}, {}},
        {"ecb(fcrypt)", true, {"ecb(fcrypt-portable)"}, {"ecb(fcrypt-generic)"}},
        {"pcbc(fcrypt)", true, {"pcbc(fcrypt-portable)"}, {"pcbc(fcrypt-generic)"}},
        {"ecb(cast6)", true, {"ecb(cast6-portable)"}, {"ecb(cast6-generic)"}},
        {"cbc(cast6)", true, {"cbc(cast6-portable)"}, {"cbc(cast6-generic)"}},
        {"xts(cast6)", false, {"xts(cast6-portable)"}, {}},
        {"essiv(cbc(aes),sha256)",
         false,
         {"essiv(cbc-aes-openssl,sha256-openssl)"},
         {"essiv-cbc-aes-sha256-aesni"}}};
    return all;
}

} // namespace kcapi::test
