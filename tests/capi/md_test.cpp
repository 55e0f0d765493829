// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests on the engine under test, against libcrypto.
#include "capi/differences.hpp"
#include "capi/support.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>
#include <thread>

using namespace kcapi::test;

namespace {

octets digest_of(const char *name, const octets &message) {
    octets d(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EXPECT_EQ(
        ::EVP_Digest(message.data(), message.size(), d.data(), &size, ::EVP_get_digestbyname(name), nullptr),
        1)
        << name;
    d.resize(size);
    return d;
}

octets mac_of(const char *name, const octets &key, const octets &message) {
    octets d(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    const std::uint8_t none = 0; // NULL would stand for the key of the call before
    EXPECT_NE(::HMAC(::EVP_get_digestbyname(name), key.empty() ? &none : key.data(),
                     static_cast<int>(key.size()), message.data(), message.size(), d.data(), &size),
              nullptr);
    d.resize(size);
    return d;
}

/// A handle that is destroyed at the end; making it must succeed.
class md {
  public:
    explicit md(const char *name) { EXPECT_EQ(kcapi_md_init(&handle_, name, 0), 0) << name; }
    md(const char *name, const octets &key) : md(name) {
        EXPECT_EQ(kcapi_md_setkey(handle_, key.data(), static_cast<std::uint32_t>(key.size())), 0) << name;
    }
    explicit md(const md &shared, int) { EXPECT_EQ(kcapi_handle_reinit(&handle_, shared.handle_, 0), 0); }
    md(const md &) = delete;
    md &operator=(const md &) = delete;
    ~md() { kcapi_md_destroy(handle_); }

    [[nodiscard]] kcapi_handle *get() const { return handle_; }
    ssize_t update(const octets &b) { return kcapi_md_update(handle_, b.data(), b.size()); }
    octets final(std::size_t room = 64) {
        octets out(room, 0xee);
        return cut(out, kcapi_md_final(handle_, out.data(), room));
    }
    octets digest(const octets &b, std::size_t room = 64) {
        octets out(room, 0xee);
        return cut(out, kcapi_md_digest(handle_, b.data(), b.size(), out.data(), room));
    }

  private:
    static octets cut(octets &out, ssize_t size) {
        EXPECT_GE(size, 0);
        out.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return out;
    }
    kcapi_handle *handle_ = nullptr;
};

struct algorithm {
    const char *name;
    std::uint32_t digest_size;
    std::uint32_t block_size;
};
const algorithm algorithms[] = {{"sha1", 20, 64},      {"sha224", 28, 64},    {"sha256", 32, 64},
                                {"sha384", 48, 128},   {"sha512", 64, 128},   {"sha3-224", 28, 144},
                                {"sha3-256", 32, 136}, {"sha3-384", 48, 104}, {"sha3-512", 64, 72}};

} // namespace

TEST(md, digest_of_any_length_in_one_go_and_in_pieces) {
    for (const algorithm &a : algorithms) {
        md h(a.name);
        EXPECT_STREQ(kcapi_ext_engine_name(h.get()), serving_engine());
        EXPECT_EQ(kcapi_md_digestsize(h.get()), a.digest_size) << a.name;
        EXPECT_EQ(kcapi_md_blocksize(h.get()), a.block_size) << a.name;
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64},
                                       std::size_t{1000}, std::size_t{300000}}) {
            const octets message = pattern(size);
            const octets expected = digest_of(a.name, message);
            EXPECT_EQ(h.digest(message), expected) << a.name << ' ' << size;
            EXPECT_EQ(h.update(slice(message, 0, size / 3)), 0);
            EXPECT_EQ(h.update(slice(message, size / 3, size - size / 3)), 0);
            EXPECT_EQ(h.final(), expected) << a.name << ' ' << size;
        }
        EXPECT_EQ(h.final(), digest_of(a.name, {})) << "without an update";
    }
}

TEST(md, message_larger_than_any_buffer) {
    const octets message = pattern(scaled(20U << 20, 3U << 20));
    md h("sha256");
    EXPECT_EQ(h.digest(message), digest_of("sha256", message));
    for (std::size_t at = 0; at < message.size(); at += 1U << 20)
        EXPECT_EQ(h.update(slice(message, at, std::min<std::size_t>(1U << 20, message.size() - at))), 0);
    EXPECT_EQ(h.final(), digest_of("sha256", message));
}

TEST(md, keyed) {
    const octets message = pattern(1000);
    for (const char *const hash : {"sha1", "sha224", "sha256", "sha384", "sha512"})
        for (const std::size_t key_size :
             {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{200}}) {
            const octets key = pattern(key_size, 7);
            md h((std::string("hmac(") + hash + ')').c_str(), key);
            const octets expected = mac_of(hash, key, message);
            EXPECT_EQ(h.digest(message), expected) << hash << ' ' << key_size;
            EXPECT_EQ(h.update(message), 0);
            EXPECT_EQ(h.final(), expected) << "the key stays";
        }
}

TEST(md, short_room_gets_the_beginning) {
    md h("sha256");
    const octets all = digest_of("sha256", pattern(5));
    EXPECT_EQ(h.digest(pattern(5), 7), slice(all, 0, 7));
    EXPECT_EQ(h.update(pattern(5)), 0);
    EXPECT_EQ(h.final(1), slice(all, 0, 1));
    EXPECT_EQ(h.final(), digest_of("sha256", {})) << "the rest is gone";
}

TEST(md, wrong_arguments_change_nothing) {
    md h("sha256");
    octets b = pattern(32);
    ASSERT_EQ(h.update(b), 0);
    EXPECT_EQ(kcapi_md_update(h.get(), nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_md_update(h.get(), b.data(), std::size_t{1} << 31), -EMSGSIZE);
    EXPECT_EQ(kcapi_md_update(h.get(), b.data(), SIZE_MAX), -EMSGSIZE);
    EXPECT_EQ(kcapi_md_final(h.get(), nullptr, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_final(h.get(), b.data(), 0), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(h.get(), b.data(), 32, nullptr, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(h.get(), nullptr, 32, b.data(), 32), -EFAULT);
    EXPECT_EQ(h.final(), digest_of("sha256", b));
}

TEST(md, key_rules) {
    const octets key = pattern(20);
    md plain("sha256");
    EXPECT_EQ(kcapi_md_setkey(plain.get(), key.data(), 20), -ENOSYS);
    md h("hmac(sha256)");
    octets out(32);
    EXPECT_EQ(kcapi_md_update(h.get(), key.data(), 20), -ENOKEY);
    EXPECT_EQ(kcapi_md_digest(h.get(), key.data(), 20, out.data(), 32), -ENOKEY);
    EXPECT_EQ(kcapi_md_final(h.get(), out.data(), 32), -ENOKEY);
    EXPECT_EQ(kcapi_md_setkey(h.get(), nullptr, 20), -EFAULT);
    ASSERT_EQ(kcapi_md_setkey(h.get(), key.data(), 20), 0) << "it came in time";
    EXPECT_EQ(h.digest(key), mac_of("sha256", key, key));
    EXPECT_EQ(kcapi_md_setkey(h.get(), key.data(), 20), -EBUSY);
    md cmac("cmac(aes)");
    EXPECT_EQ(kcapi_md_setkey(cmac.get(), key.data(), 20), -EINVAL);
}

TEST(md, handles_of_one_key_work_in_several_threads) {
    const octets key = pattern(32);
    md first("hmac(sha256)", key);
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            md mine(first, 0);
            for (std::size_t i = 0; i < scaled(500, 30); ++i) {
                const octets message = pattern(1 + i * 37 % 5000, t);
                const octets expected = mac_of("sha256", key, message);
                EXPECT_EQ(mine.update(message), 0);
                EXPECT_EQ(mine.final(), expected);
                EXPECT_EQ(mine.digest(message), expected);
            }
        });
    for (std::thread &t : threads)
        t.join();
}

TEST(md, reinit_outlives_the_first_handle) {
    const octets key = pattern(32);
    kcapi_handle *second = nullptr;
    {
        md first("hmac(sha256)", key);
        ASSERT_EQ(first.update(pattern(10)), 0);
        ASSERT_EQ(kcapi_handle_reinit(&second, first.get(), 0), 0);
    }
    octets out(32);
    EXPECT_EQ(kcapi_md_digest(second, key.data(), 32, out.data(), 32), 32) << "the message is not shared";
    EXPECT_EQ(out, mac_of("sha256", key, key));
    kcapi_md_destroy(second);
}

TEST(md, without_a_handle) {
    using plain = ssize_t (*)(const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t);
    using keyed = ssize_t (*)(const std::uint8_t *, std::uint32_t, const std::uint8_t *, std::size_t,
                              std::uint8_t *, std::size_t);
    const struct {
        const char *name;
        plain hash;
        keyed mac;
    } table[] = {
        {"sha1", kcapi_md_sha1, kcapi_md_hmac_sha1},       {"sha224", kcapi_md_sha224, kcapi_md_hmac_sha224},
        {"sha256", kcapi_md_sha256, kcapi_md_hmac_sha256}, {"sha384", kcapi_md_sha384, kcapi_md_hmac_sha384},
        {"sha512", kcapi_md_sha512, kcapi_md_hmac_sha512}, {"sm3", kcapi_md_sm3, kcapi_md_hmac_sm3},
        {"sha3-224", kcapi_md_sha3_224, nullptr},          {"sha3-256", kcapi_md_sha3_256, nullptr},
        {"sha3-384", kcapi_md_sha3_384, nullptr},          {"sha3-512", kcapi_md_sha3_512, nullptr}};
    const octets key = pattern(40);
    const octets message = pattern(777);
    for (const auto &t : table) {
        octets out(64);
        const ssize_t n = t.hash(message.data(), message.size(), out.data(), out.size());
        // Debian's kernels are built without sm3.
        if (std::strcmp(t.name, "sm3") == 0 && std::strcmp(serving_engine(), "kernel") == 0) {
            EXPECT_EQ(n, -ENOENT);
            continue;
        }
        ASSERT_GT(n, 0) << t.name;
        out.resize(static_cast<std::size_t>(n));
        EXPECT_EQ(out, digest_of(t.name, message)) << t.name;
        if (t.mac == nullptr)
            continue;
        out.assign(out.size(), 0);
        ASSERT_EQ(t.mac(key.data(), 40, message.data(), message.size(), out.data(), out.size()), n);
        EXPECT_EQ(out, mac_of(t.name, key, message)) << t.name;
    }
}

TEST(md, unknown_names_are_refused_with_the_kernels_number) {
    auto *const untouched = reinterpret_cast<kcapi_handle *>(&errno);
    for (const char *const name : {"no-such-hash", "cbc(aes)", "hmac(no-such-hash)"}) {
        kcapi_handle *h = untouched;
        const int r = kcapi_md_init(&h, name, 0);
        EXPECT_TRUE(refusals(ENOENT).count(r) == 1 || refusals(EINVAL).count(r) == 1) << name << ' ' << r;
        EXPECT_EQ(h, untouched);
    }
    EXPECT_EQ(kcapi_md_init(nullptr, "sha256", 0), -EINVAL);
}

TEST(md, handles_of_ciphers_and_hashes_are_refused_by_one_another) {
    cipher c("cbc(aes)", key_16());
    md h("hmac(sha256)", key_16());
    octets b = pattern(64);
    iovec v{b.data(), 64};
    errno = 4711;
    EXPECT_EQ(kcapi_md_setkey(c.get(), b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_md_update(c.get(), b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_md_final(c.get(), b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(c.get(), b.data(), 16, b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_kdf_ctr(c.get(), nullptr, 0, b.data() + 60, 1), -EINVAL);
    EXPECT_EQ(kcapi_aead_encrypt(c.get(), b.data(), 16, b.data(), b.data(), 64, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_settaglen(c.get(), 16), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_update(c.get(), &v, 1), -EINVAL);
    EXPECT_EQ(kcapi_rng_generate(c.get(), b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_cipher_setkey(h.get(), b.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_cipher_encrypt(h.get(), b.data(), 16, nullptr, b.data(), 16, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_encrypt_aio(h.get(), &v, &v, 1, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_init_enc(h.get(), nullptr, &v, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_update(h.get(), &v, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_op(h.get(), &v, 1), -EINVAL);
    EXPECT_EQ(errno, 4711);
    EXPECT_EQ(kcapi_cipher_ivsize(h.get()), 0U);
    EXPECT_EQ(kcapi_md_digestsize(c.get()), 0U);
    EXPECT_EQ(kcapi_aead_blocksize(h.get()), 0U);
    EXPECT_EQ(kcapi_rng_seedsize(c.get()), 0U);
    EXPECT_EQ(b, pattern(64));
    EXPECT_EQ(h.digest(b), mac_of("sha256", key_16(), b)) << "both are unharmed";
    octets out;
    EXPECT_EQ(c.encrypt(b, iv_16(), out), 64);
}
