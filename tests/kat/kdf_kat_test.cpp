// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of key derivation through the C interface, on the engine under test. What no published file
// has, feedback mode, is compared with libcrypto's KBKDF.
#include "capi/support.hpp"
#include "kat/kdf_answers.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdio>
#include <cstdlib>

using namespace kcapi::test;

namespace {

std::string folder() {
    const char *const value = std::getenv("KCAPI_KDF_VECTORS_DIR");
    return value == nullptr ? KCAPI_KDF_VECTOR_DIR : value;
}

/// A kernel may be built without DES.
bool may_be_missing(const std::string &name) {
    return engine_under_test() == "kernel" && name == "cmac(des3_ede)";
}

/// A hash under a key; null, and a test failure unless it may be missing, where the engine does not have it.
class prf {
  public:
    prf(const std::string &name, const octets &key, bool may_be_missing = false) {
        const int r = kcapi_md_init(&handle_, name.c_str(), 0);
        if (r != 0) {
            EXPECT_TRUE(may_be_missing) << name << ": " << kcapi_ext_last_error();
            return;
        }
        EXPECT_EQ(kcapi_md_setkey(handle_, key.data(), static_cast<std::uint32_t>(key.size())), 0) << name;
    }
    ~prf() { kcapi_md_destroy(handle_); }
    prf(const prf &) = delete;
    prf &operator=(const prf &) = delete;
    [[nodiscard]] kcapi_handle *get() const { return handle_; }

  private:
    kcapi_handle *handle_ = nullptr;
};

/// Feedback mode over hmac by libcrypto, without separator and length.
octets reference_feedback(const char *digest, const octets &key, const octets &seed, const octets &fixed,
                          std::size_t size) {
    EVP_KDF *const kdf = ::EVP_KDF_fetch(nullptr, "KBKDF", nullptr);
    EVP_KDF_CTX *const context = ::EVP_KDF_CTX_new(kdf);
    int none = 0;
    const auto text = [](const char *name, const char *value) {
        return ::OSSL_PARAM_construct_utf8_string(name, const_cast<char *>(value), 0);
    };
    const auto bytes = [](const char *name, const octets &value) {
        return ::OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t *>(value.data()),
                                                   value.size());
    };
    const OSSL_PARAM parameters[] = {text(OSSL_KDF_PARAM_MODE, "FEEDBACK"),
                                     text(OSSL_KDF_PARAM_MAC, "HMAC"),
                                     text(OSSL_KDF_PARAM_DIGEST, digest),
                                     bytes(OSSL_KDF_PARAM_KEY, key),
                                     bytes(OSSL_KDF_PARAM_SEED, seed),
                                     bytes(OSSL_KDF_PARAM_SALT, fixed),
                                     ::OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_L, &none),
                                     ::OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_SEPARATOR, &none),
                                     ::OSSL_PARAM_construct_end()};
    octets out(size);
    EXPECT_EQ(::EVP_KDF_derive(context, out.data(), out.size(), parameters), 1);
    ::EVP_KDF_CTX_free(context);
    ::EVP_KDF_free(kdf);
    return out;
}

} // namespace

TEST(kdf_kat, counter_mode_of_nist) {
    const counter_answers all = read_counter_answers(folder());
    EXPECT_EQ(all.total, 4800U);
    EXPECT_EQ(all.usable.size(), 400U) << "those with a counter of 32 bits before the fixed data";
    std::size_t run = 0;
    std::size_t missing = 0;
    for (const counter_answer &a : all.usable) {
        const prf p(a.prf, a.key, may_be_missing(a.prf));
        if (p.get() == nullptr) {
            ++missing;
            continue;
        }
        octets out(a.out.size());
        EXPECT_EQ(kcapi_kdf_ctr(p.get(), a.fixed.data(), a.fixed.size(), out.data(), out.size()), 0);
        ASSERT_TRUE(out == a.out) << a.where << ' ' << a.prf;
        // A shorter key is the beginning of the longer one.
        octets less(a.out.size() / 2 + 1);
        EXPECT_EQ(kcapi_kdf_ctr(p.get(), a.fixed.data(), a.fixed.size(), less.data(), less.size()), 0);
        ASSERT_TRUE(less == slice(a.out, 0, less.size())) << a.where;
        ++run;
    }
    std::printf("[ COUNTED  ] %zu of %zu, of other layouts %zu\n", run, all.usable.size(),
                all.total - all.usable.size());
    EXPECT_EQ(run + missing, 400U);
    EXPECT_TRUE(missing == 0 || missing == 80) << "two groups of cmac(des3_ede)";
}

TEST(kdf_kat, feedback_mode_is_that_of_libcrypto) {
    struct {
        const char *name;
        const char *digest;
        std::size_t size;
    } const hashes[] = {{"hmac(sha1)", "SHA1", 20},
                        {"hmac(sha224)", "SHA2-224", 28},
                        {"hmac(sha256)", "SHA2-256", 32},
                        {"hmac(sha384)", "SHA2-384", 48},
                        {"hmac(sha512)", "SHA2-512", 64}};
    std::size_t run = 0;
    for (const auto &h : hashes)
        for (const std::size_t fixed_size : {1U, 60U})
            for (const std::size_t size : {std::size_t{1}, h.size, h.size + 1, 5 * h.size - 1}) {
                const octets key = pattern(h.size, 7);
                const octets seed = pattern(h.size, 8);
                const octets fixed = pattern(fixed_size, 9);
                const prf p(h.name, key);
                const octets src = seed + fixed;
                octets out(size);
                EXPECT_EQ(kcapi_kdf_fb(p.get(), src.data(), src.size(), out.data(), size), 0) << h.name;
                ASSERT_TRUE(out == reference_feedback(h.digest, key, seed, fixed, size))
                    << h.name << ' ' << size;
                ++run;
            }
    EXPECT_EQ(run, 40U);
}

TEST(kdf_kat, double_pipeline_mode_is_made_of_its_steps) {
    std::size_t run = 0;
    for (const char *const name : {"hmac(sha1)", "hmac(sha256)", "hmac(sha384)", "hmac(sha512)", "cmac(aes)"})
        for (const std::size_t fixed_size : {0U, 1U, 16U, 60U}) {
            const octets key = pattern(32, 7);
            const octets fixed = pattern(fixed_size, 9);
            const prf p(name, key);
            const prf steps(name, key);
            octets a = fixed_size == 0 ? octets(kcapi_md_digestsize(p.get())) : fixed;
            octets expected;
            const auto mac = [&](const octets &message) {
                octets d(kcapi_md_digestsize(steps.get()));
                EXPECT_EQ(kcapi_md_digest(steps.get(), message.data(), message.size(), d.data(), d.size()),
                          static_cast<ssize_t>(d.size()));
                return d;
            };
            for (std::uint8_t i = 1; i <= 4; ++i) {
                a = mac(a);
                expected = expected + mac(a + octets{0, 0, 0, i} + fixed);
            }
            for (const std::size_t size : {std::size_t{1}, expected.size() / 4, expected.size() - 1}) {
                octets out(size);
                EXPECT_EQ(kcapi_kdf_dpi(p.get(), fixed.data(), fixed.size(), out.data(), size), 0) << name;
                ASSERT_TRUE(out == slice(expected, 0, size)) << name << ' ' << size;
                ++run;
            }
        }
    EXPECT_EQ(run, 60U);
}

TEST(kdf_kat, hkdf_of_rfc_5869) {
    const std::vector<hkdf_answer> all = read_hkdf_answers(folder());
    EXPECT_EQ(all.size(), 8U);
    for (const hkdf_answer &a : all) {
        SCOPED_TRACE(a.where);
        const std::string hmac = "hmac(" + a.hash + ')';
        octets out(a.out.size());
        const octets zero(1); // a pointer for an empty salt
        const std::uint8_t *const salt = a.salt.empty() ? zero.data() : a.salt.data();
        const auto derive = [&](const std::uint8_t *with_salt) {
            out.assign(a.out.size(), 0xee);
            return kcapi_hkdf(hmac.c_str(), a.material.data(), a.material.size(), with_salt,
                              static_cast<std::uint32_t>(a.salt.size()), a.info.data(), a.info.size(),
                              out.data(), out.size());
        };
        EXPECT_EQ(derive(salt), 0) << kcapi_ext_last_error();
        EXPECT_EQ(hex(out), hex(a.out));
        if (a.salt.empty()) {
            EXPECT_EQ(derive(nullptr), 0);
            EXPECT_EQ(hex(out), hex(a.out)) << "no salt";
        }
        if (a.extracted.empty())
            continue;
        const prf p(hmac, a.salt);
        octets extracted(a.extracted.size());
        EXPECT_EQ(kcapi_md_digest(p.get(), a.material.data(), a.material.size(), extracted.data(),
                                  extracted.size()),
                  static_cast<ssize_t>(extracted.size()));
        EXPECT_EQ(hex(extracted), hex(a.extracted));
    }
}

TEST(kdf_kat, pbkdf2_of_rfcs) {
    // On the kernel engine an iteration is two system calls.
    const std::uint32_t most = engine_under_test() == "kernel" ? 4096 : 16777216;
    const std::vector<pbkdf_answer> all = read_pbkdf_answers(folder());
    EXPECT_EQ(all.size(), 11U);
    std::size_t run = 0;
    for (const pbkdf_answer &a : all) {
        if (a.iterations > most)
            continue;
        octets out(a.out.size(), 0xee);
        EXPECT_EQ(kcapi_pbkdf(a.hash.c_str(), reinterpret_cast<const std::uint8_t *>(a.password.data()),
                              static_cast<std::uint32_t>(a.password.size()),
                              reinterpret_cast<const std::uint8_t *>(a.salt.data()), a.salt.size(),
                              a.iterations, out.data(), out.size()),
                  0)
            << a.where << ": " << kcapi_ext_last_error();
        EXPECT_EQ(hex(out), hex(a.out)) << a.where;
        ++run;
    }
    std::printf("[ COUNTED  ] %zu of %zu\n", run, all.size());
    EXPECT_EQ(run, engine_under_test() == "kernel" ? 9U : 11U);
}
