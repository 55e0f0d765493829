// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement through the C interface, against OpenSSL's EVP.
#include "capi/support.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <climits>
#include <cstring>

using namespace kcapi::test;

namespace {

struct curve {
    const char *name;
    const char *group;
    unsigned long id;
    std::size_t size;
};
constexpr curve curves[] = {{"ecdh-nist-p192", "prime192v1", ECC_CURVE_NIST_P192, 24},
                            {"ecdh-nist-p256", "prime256v1", ECC_CURVE_NIST_P256, 32},
                            {"ecdh-nist-p384", "secp384r1", 3, 48}};

/// A handle that is destroyed at the end; making it must succeed.
class kpp {
  public:
    explicit kpp(const char *name) {
        EXPECT_EQ(kcapi_kpp_init(&handle_, name, 0), 0) << name;
        EXPECT_STREQ(kcapi_ext_engine_name(handle_), "local");
    }
    kpp(const kpp &) = delete;
    kpp &operator=(const kpp &) = delete;
    ~kpp() { kcapi_kpp_destroy(handle_); }
    [[nodiscard]] kcapi_handle *get() const { return handle_; }

    int set_key(const octets &key) {
        return kcapi_kpp_setkey(handle_, key.empty() ? nullptr : key.data(),
                                static_cast<std::uint32_t>(key.size()));
    }
    octets public_key(std::size_t size) {
        octets out(size + 8, 0xee);
        const ssize_t n = kcapi_kpp_keygen(handle_, out.data(), out.size(), 0);
        EXPECT_EQ(n, static_cast<ssize_t>(size));
        EXPECT_EQ(out[size], 0xee);
        out.resize(size);
        return out;
    }
    ssize_t shared(const octets &peer, octets &out, std::size_t room) {
        out.assign(room, 0xee);
        const ssize_t n = kcapi_kpp_ssgen(handle_, peer.data(), peer.size(), out.data(), room, 0);
        if (n >= 0)
            out.resize(static_cast<std::size_t>(n));
        return n;
    }

  private:
    kcapi_handle *handle_ = nullptr;
};

/// A key pair of EVP, to agree with.
class partner {
  public:
    explicit partner(const curve &c) : curve_(c), key_(EVP_EC_gen(c.group)) { EXPECT_NE(key_, nullptr); }
    partner(const partner &) = delete;
    partner &operator=(const partner &) = delete;
    ~partner() { EVP_PKEY_free(key_); }

    octets public_key() const {
        octets out(1 + 2 * curve_.size);
        std::size_t n = 0;
        EXPECT_EQ(EVP_PKEY_get_octet_string_param(key_, OSSL_PKEY_PARAM_PUB_KEY, out.data(), out.size(), &n),
                  1);
        return slice(out, 1, 2 * curve_.size);
    }
    octets agree(const octets &peer) const {
        EVP_PKEY *const other = EVP_PKEY_new();
        EXPECT_EQ(EVP_PKEY_copy_parameters(other, key_), 1);
        const octets point = octets{4} + peer;
        EXPECT_EQ(EVP_PKEY_set1_encoded_public_key(other, point.data(), point.size()), 1);
        EVP_PKEY_CTX *const context = EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr);
        octets out(curve_.size);
        std::size_t n = out.size();
        EXPECT_EQ(EVP_PKEY_derive_init(context), 1);
        EXPECT_EQ(EVP_PKEY_derive_set_peer(context, other), 1);
        EXPECT_EQ(EVP_PKEY_derive(context, out.data(), &n), 1);
        EVP_PKEY_CTX_free(context);
        EVP_PKEY_free(other);
        return out;
    }

  private:
    const curve &curve_;
    EVP_PKEY *key_;
};

/// Oakley group 2 (RFC 2409): 1024 bits, generator 2; DER of PKCS #3.
const octets &dh_parameters() {
    static const octets der = [] {
        const char *const prime = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
                                  "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
                                  "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                                  "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";
        octets out{0x30, 0x81, 0x87, 0x02, 0x81, 0x81, 0x00};
        for (const char *p = prime; *p != 0; p += 2) {
            const char digits[] = {p[0], p[1], 0};
            out.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
        }
        return out + octets{0x02, 0x01, 0x02};
    }();
    return der;
}

} // namespace

TEST(kpp, curves_agree_with_openssl) {
    for (const curve &c : curves) {
        const partner other(c);
        kpp named(c.name);
        EXPECT_EQ(named.set_key({}), static_cast<int>(2 * c.size)) << "generates one";
        kpp numbered("ecdh");
        EXPECT_EQ(numbered.set_key({}), -EINVAL) << "before there is a curve";
        EXPECT_EQ(kcapi_kpp_ecdh_setcurve(numbered.get(), c.id), static_cast<int>(2 * c.size));
        EXPECT_EQ(numbered.set_key(octets(c.size, 0x21)), static_cast<int>(2 * c.size));
        for (kpp *const own : {&named, &numbered}) {
            octets secret;
            ASSERT_EQ(own->shared(other.public_key(), secret, 100), static_cast<ssize_t>(c.size)) << c.name;
            EXPECT_EQ(secret, other.agree(own->public_key(2 * c.size))) << c.name;
            EXPECT_EQ(own->shared(other.public_key(), secret, c.size), static_cast<ssize_t>(c.size));
            EXPECT_EQ(own->shared(other.public_key(), secret, c.size - 1), -EINVAL);
            EXPECT_EQ(secret, octets(c.size - 1, 0xee));
            octets wrong = other.public_key();
            wrong[3] ^= 1;
            EXPECT_EQ(own->shared(wrong, secret, 100), -EINVAL) << "not on the curve";
            EXPECT_EQ(own->shared(octets(2 * c.size), secret, 100), -EINVAL);
        }
    }
}

TEST(kpp, dh_agrees_with_itself_and_checks_the_range) {
    kpp one("dh");
    kpp two("dh");
    const octets &parameters = dh_parameters();
    for (kpp *const h : {&one, &two}) {
        EXPECT_EQ(h->set_key({}), -EINVAL) << "before the parameters";
        ASSERT_EQ(kcapi_kpp_dh_setparam_pkcs3(h->get(), parameters.data(),
                                              static_cast<std::uint32_t>(parameters.size())),
                  128);
    }
    EXPECT_EQ(one.set_key({}), 128);
    EXPECT_EQ(two.set_key(octets{1, 2, 3, 4, 5}), 128);
    octets first;
    octets second;
    ASSERT_EQ(one.shared(two.public_key(128), first, 128), 128);
    ASSERT_EQ(two.shared(one.public_key(128), second, 128), 128);
    EXPECT_EQ(first, second);
    EXPECT_EQ(one.shared({0}, first, 128), -EINVAL);
    EXPECT_EQ(one.shared({1}, first, 128), -EINVAL);
    octets last = slice(parameters, 7, 128);
    last.back() ^= 1;
    EXPECT_EQ(one.shared(last, first, 128), -EINVAL) << "p - 1";
    EXPECT_EQ(one.shared(octets(129, 1), first, 128), -EINVAL);
}

TEST(kpp, what_belongs_to_another_algorithm_is_enoprotoopt) {
    kpp dh("dh");
    EXPECT_EQ(kcapi_kpp_ecdh_setcurve(dh.get(), ECC_CURVE_NIST_P256), -ENOPROTOOPT);
    kpp ecdh("ecdh-nist-p256");
    EXPECT_EQ(kcapi_kpp_dh_setparam_pkcs3(ecdh.get(), dh_parameters().data(), 1), -ENOPROTOOPT);
    EXPECT_EQ(kcapi_kpp_ecdh_setcurve(ecdh.get(), ECC_CURVE_NIST_P256), 64);
    EXPECT_EQ(kcapi_kpp_ecdh_setcurve(ecdh.get(), ECC_CURVE_NIST_P192), -EINVAL);
    kpp any("ecdh");
    for (const unsigned long id : {0UL, 4UL, 256UL, ULONG_MAX})
        EXPECT_EQ(kcapi_kpp_ecdh_setcurve(any.get(), id), -EINVAL) << id;
}

TEST(kpp, key_is_needed_and_fixed_by_the_first_operation) {
    kpp h("ecdh-nist-p256");
    std::uint8_t out[64];
    EXPECT_EQ(kcapi_kpp_keygen(h.get(), out, sizeof out, 0), -ENOKEY);
    EXPECT_EQ(h.set_key(octets(33, 1)), -EINVAL);
    ASSERT_EQ(h.set_key(octets{7}), 64);
    const octets seven = h.public_key(64);
    EXPECT_EQ(h.set_key({}), -EBUSY);
    EXPECT_EQ(kcapi_kpp_ecdh_setcurve(h.get(), ECC_CURVE_NIST_P256), -EBUSY);
    EXPECT_EQ(h.public_key(64), seven);
    kcapi_handle *second = nullptr;
    ASSERT_EQ(kcapi_handle_reinit(&second, h.get(), 0), 0);
    EXPECT_EQ(kcapi_kpp_keygen(second, out, sizeof out, 0), 64);
    EXPECT_EQ(octets(out, out + 64), seven) << "shares the key";
    kcapi_kpp_destroy(second);
}

TEST(kpp, aio_needs_no_input_for_keys_and_processes_every_message) {
    kpp h("ecdh-nist-p256");
    ASSERT_EQ(h.set_key({}), 64);
    const octets own = h.public_key(64);
    std::vector<octets> keys(5, octets(64));
    pieces out;
    for (octets &k : keys)
        out.add(k.data(), k.size());
    ASSERT_EQ(kcapi_kpp_keygen_aio(h.get(), out.data(), out.size(), 0), 5 * 64);
    for (const octets &k : keys)
        EXPECT_EQ(k, own);

    const partner a(curves[1]);
    const partner b(curves[1]);
    const octets peers[] = {a.public_key(), octets(64, 1), b.public_key()};
    pieces in;
    for (const octets &p : peers)
        in.add(p.data(), p.size());
    std::vector<octets> secrets(3, octets(32));
    pieces room;
    for (octets &s : secrets)
        room.add(s.data(), s.size());
    EXPECT_EQ(kcapi_kpp_ssgen_aio(h.get(), in.data(), room.data(), 3, 0), -EINVAL);
    EXPECT_EQ(secrets[0], a.agree(own));
    EXPECT_EQ(secrets[1], octets(32));
    EXPECT_EQ(secrets[2], b.agree(own)) << "the one behind the failure";
    EXPECT_EQ(kcapi_kpp_ssgen_aio(h.get(), in.data(), room.data(), 1, 0), 32);
    EXPECT_EQ(kcapi_kpp_keygen_aio(h.get(), nullptr, 0, 0), 0);
    EXPECT_EQ(kcapi_kpp_keygen_aio(h.get(), nullptr, 1, 0), -EINVAL);
    EXPECT_EQ(kcapi_kpp_ssgen_aio(h.get(), nullptr, room.data(), 1, 0), -EINVAL);
    pieces much{{secrets[0].data(), INT_MAX}, {secrets[0].data(), 1}};
    EXPECT_EQ(kcapi_kpp_keygen_aio(h.get(), much.data(), 2, 0), -EOVERFLOW);
    EXPECT_EQ(kcapi_kpp_ssgen_aio(h.get(), in.data(), much.data(), 2, 0), -EOVERFLOW);
}

TEST(kpp, bad_arguments_and_handles_of_other_families) {
    kpp h("ecdh-nist-p256");
    ASSERT_EQ(h.set_key({}), 64);
    std::uint8_t bytes[64] = {};
    EXPECT_EQ(kcapi_kpp_keygen(h.get(), nullptr, 64, 0), -EFAULT);
    EXPECT_EQ(kcapi_kpp_keygen(h.get(), bytes, 0, 0), -EINVAL);
    EXPECT_EQ(kcapi_kpp_keygen(h.get(), bytes, std::size_t{INT_MAX} + 1, 0), -EMSGSIZE);
    EXPECT_EQ(kcapi_kpp_ssgen(h.get(), nullptr, 64, bytes, 32, 0), -EFAULT);
    EXPECT_EQ(kcapi_kpp_ssgen(h.get(), bytes, 64, nullptr, 32, 0), -EFAULT);
    EXPECT_EQ(kcapi_kpp_ssgen(h.get(), bytes, 0, bytes, 32, 0), -EINVAL);
    EXPECT_EQ(kcapi_kpp_ssgen(h.get(), bytes, 64, bytes, SIZE_MAX, 0), -EMSGSIZE);
    EXPECT_EQ(kcapi_kpp_setkey(h.get(), nullptr, 4), -EFAULT);
    EXPECT_EQ(kcapi_kpp_dh_setparam_pkcs3(h.get(), nullptr, 4), -EFAULT);
    const cipher other("cbc(aes)", key_16());
    iovec v{bytes, 64};
    for (kcapi_handle *const bad : {static_cast<kcapi_handle *>(nullptr), other.get()}) {
        EXPECT_EQ(kcapi_kpp_setkey(bad, nullptr, 0), -EINVAL);
        EXPECT_EQ(kcapi_kpp_ecdh_setcurve(bad, 1), -EINVAL);
        EXPECT_EQ(kcapi_kpp_dh_setparam_pkcs3(bad, bytes, 1), -EINVAL);
        EXPECT_EQ(kcapi_kpp_keygen(bad, bytes, 64, 0), -EINVAL);
        EXPECT_EQ(kcapi_kpp_ssgen(bad, bytes, 64, bytes, 32, 0), -EINVAL);
        EXPECT_EQ(kcapi_kpp_keygen_aio(bad, &v, 1, 0), -EINVAL);
        EXPECT_EQ(kcapi_kpp_ssgen_aio(bad, &v, &v, 1, 0), -EINVAL);
    }
    kcapi_kpp_destroy(nullptr);
    kcapi_handle *handle = nullptr;
    EXPECT_EQ(kcapi_kpp_init(nullptr, "dh", 0), -EINVAL);
    EXPECT_EQ(kcapi_kpp_init(&handle, nullptr, 0), -EINVAL);
    EXPECT_LT(kcapi_kpp_init(&handle, "ecdh-nist-p521", 0), 0);
    EXPECT_EQ(handle, nullptr);
}
