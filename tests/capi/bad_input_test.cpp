// SPDX-License-Identifier: BSD-3-Clause
//
// Handles that are none, names that are none, and errno, which no call may change.
#include "capi/differences.hpp"
#include "capi/support.hpp"

#include <cstring>
#include <functional>

using namespace kcapi::test;

namespace {

struct named_call {
    const char *name;
    std::function<ssize_t(kcapi_handle *)> call;
};

/// Every function that takes a handle and returns a number, with arguments that are right but for the handle.
const std::vector<named_call> &calls_with_handle() {
    static octets b = pattern(16);
    static iovec v{b.data(), 16};
    static const std::vector<named_call> calls{
        {"setkey", [](kcapi_handle *h) -> ssize_t { return kcapi_cipher_setkey(h, b.data(), 16); }},
        {"encrypt",
         [](kcapi_handle *h) { return kcapi_cipher_encrypt(h, b.data(), 16, b.data(), b.data(), 16, 0); }},
        {"decrypt",
         [](kcapi_handle *h) { return kcapi_cipher_decrypt(h, b.data(), 16, b.data(), b.data(), 16, 0); }},
        {"encrypt_aio", [](kcapi_handle *h) { return kcapi_cipher_encrypt_aio(h, &v, &v, 1, b.data(), 0); }},
        {"decrypt_aio", [](kcapi_handle *h) { return kcapi_cipher_decrypt_aio(h, &v, &v, 1, b.data(), 0); }},
        {"stream_init_enc", [](kcapi_handle *h) { return kcapi_cipher_stream_init_enc(h, b.data(), &v, 1); }},
        {"stream_init_dec", [](kcapi_handle *h) { return kcapi_cipher_stream_init_dec(h, b.data(), &v, 1); }},
        {"stream_update", [](kcapi_handle *h) { return kcapi_cipher_stream_update(h, &v, 1); }},
        {"stream_update_last", [](kcapi_handle *h) { return kcapi_cipher_stream_update_last(h, &v, 1); }},
        {"stream_op", [](kcapi_handle *h) { return kcapi_cipher_stream_op(h, &v, 1); }},
        {"set_maxsplicesize", [](kcapi_handle *h) -> ssize_t { return kcapi_set_maxsplicesize(h, 4096); }},
        {"get_maxsplicesize", [](kcapi_handle *h) -> ssize_t { return kcapi_get_maxsplicesize(h); }},
        {"set_chunked_iv", [](kcapi_handle *h) -> ssize_t { return kcapi_ext_set_chunked_iv(h, 1); }},
        {"reinit",
         [](kcapi_handle *h) -> ssize_t {
             kcapi_handle *made = nullptr;
             const int r = kcapi_handle_reinit(&made, h, 0);
             EXPECT_EQ(made, nullptr);
             return r;
         }},
        {"pad_iv",
         [](kcapi_handle *h) -> ssize_t {
             std::uint8_t *iv = nullptr;
             std::uint32_t iv_len = 0;
             const int r = kcapi_pad_iv(h, b.data(), 16, &iv, &iv_len);
             EXPECT_EQ(iv, nullptr);
             return r;
         }},
    };
    return calls;
}

void expect_refused_by_all(kcapi_handle *h) {
    for (const named_call &c : calls_with_handle()) {
        errno = 4711;
        EXPECT_EQ(c.call(h), -EINVAL) << c.name;
        EXPECT_EQ(errno, 4711) << c.name;
    }
    EXPECT_EQ(kcapi_cipher_ivsize(h), 0U);
    EXPECT_EQ(kcapi_cipher_blocksize(h), 0U);
    EXPECT_EQ(kcapi_ext_engine_name(h), nullptr);
    EXPECT_EQ(kcapi_ext_driver_name(h), nullptr);
    EXPECT_EQ(kcapi_ext_algorithm_name(h), nullptr);
    kcapi_cipher_destroy(h);
}

int open_result(const std::string &name) {
    kcapi_handle *h = nullptr;
    const int r = kcapi_cipher_init(&h, name.c_str(), 0);
    EXPECT_EQ(h == nullptr, r != 0) << name;
    kcapi_cipher_destroy(h);
    return r;
}

void expect_refused(const std::string &name, int number) {
    const int r = open_result(name);
    EXPECT_EQ(refusals(number).count(r), 1U) << '"' << name << "\" gave " << r;
}

/// The local engine does not know these templates, so it cannot tell a wrong type from a name that nobody
/// has.
void expect_refused_as_of_another_type(const std::string &name) {
    const int r = open_result(name);
    EXPECT_TRUE(refusals(EINVAL).count(r) == 1 || refusals(ENOENT).count(r) == 1)
        << '"' << name << "\" gave " << r;
}

} // namespace

TEST(bad_handle, null_is_einval_in_every_function) { expect_refused_by_all(nullptr); }

TEST(bad_handle, garbage_is_einval_in_every_function) {
    for (const std::uint8_t value : octets{0x00, 0xff, 0x6b}) {
        alignas(64) static std::uint8_t garbage[4096];
        std::memset(garbage, value, sizeof garbage);
        expect_refused_by_all(reinterpret_cast<kcapi_handle *>(garbage));
        for (const std::uint8_t b : garbage)
            ASSERT_EQ(b, value) << "destroy wrote into it";
    }
}

TEST(bad_init, null_arguments_are_einval) {
    kcapi_handle *h = nullptr;
    EXPECT_EQ(kcapi_cipher_init(nullptr, "cbc(aes)", 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_init(&h, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_init(nullptr, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(nullptr, "skcipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(&h, "skcipher", nullptr, 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(h, nullptr);
}

TEST(bad_init, handle_is_written_on_success_only) {
    auto *const untouched = reinterpret_cast<kcapi_handle *>(&errno);
    kcapi_handle *h = untouched;
    EXPECT_LT(kcapi_cipher_init(&h, "no-such-cipher", 0), 0);
    EXPECT_EQ(h, untouched);
}

TEST(bad_init, any_flags_are_accepted) {
    for (const std::uint32_t flags :
         {0U, static_cast<std::uint32_t>(KCAPI_INIT_AIO), 0xfffffffeU, 0xffffffffU}) {
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_cipher_init(&h, "cbc(aes)", flags), 0) << flags;
        kcapi_cipher_destroy(h);
    }
}

TEST(bad_name, unknown_ones_are_enoent) {
    std::vector<const char *> names{"no-such-cipher", "cbc(no-such-cipher)", "no-such-mode(aes)", "cbc(aes",
                                    " cbc(aes)"};
    if (!slow()) // each look-up starts modprobe in a guest
        names.insert(names.end(), {"cbc(", "cbc()", "cbc", "(aes)", ")", "(", ",", "cbc( aes)", "cbc (aes)",
                                   "CBC(AES)", "Cbc(aes)", "cbc(,aes)", "cbc(aes,)", "\x01",
                                   "cbc(a\xc3\xa9s)", "sha256", "cbc(sha256)", "cts(aes)"});
    for (const char *const name : names)
        expect_refused(name, ENOENT);
}

TEST(bad_name, of_a_bare_block_cipher_is_enoent) {
    expect_refused("aes", ENOENT);
    expect_refused("aes-openssl", ENOENT);
    expect_refused("aes-generic", ENOENT);
}

TEST(bad_name, of_a_mode_over_a_mode_has_the_kernels_number) {
    std::vector<const char *> refused{"cbc(ctr(aes))", "cts(ctr(aes))"};
    std::vector<const char *> circular{"cbc(ecb(aes))", "cbc(cbc(aes))"};
    if (!slow()) {
        refused.insert(refused.end(), {"cbc(xts(aes))", "cbc(cts(cbc(aes)))", "ecb(ecb(aes))",
                                       "ecb(cbc(aes))", "ctr(ecb(aes))", "ctr(cbc(aes))", "xts(cbc(aes))",
                                       "xts(ctr(aes))", "cts(ecb(aes))", "cts(xts(aes))"});
        circular.insert(circular.end(), {"cbc(cbc(cbc(aes)))", "cbc(cbc(ecb(aes)))"});
    }
    for (const char *const name : refused)
        expect_refused(name, EINVAL);
    for (const char *const name : circular)
        expect_refused(name, ELOOP);
}

TEST(bad_name, of_another_type_is_refused) {
    expect_refused_as_of_another_type("gcm(aes)");
    expect_refused_as_of_another_type("hmac(sha256)");
}

TEST(bad_name, that_only_begins_like_one_is_eexist) {
    std::vector<const char *> names{"cbc(aes)x", "cbc(aes,aes)"};
    if (!slow())
        names.insert(names.end(), {"cbc(aes))", "cbc(aes) ", "cbc(aes)(", "cbc(aes)\n", "cbc(aes),ctr(aes)"});
    for (const char *const name : names)
        expect_refused(name, EEXIST);
}

TEST(bad_name, long_ones_are_looked_up_up_to_103_characters) {
    for (const std::size_t length :
         slow() ? std::vector<std::size_t>{64, 103} : std::vector<std::size_t>{62, 63, 64, 65, 102, 103})
        expect_refused(std::string(length, 'a'), ENOENT);
    for (const std::size_t length : {104U, 105U, 127U, 128U, 200U, 100000U})
        expect_refused(std::string(length, 'a'), EINVAL);
    expect_refused("cbc(" + std::string(200, 'a') + ')', EINVAL);
    // The original cut at 63 characters: what begins like a name of that length must not become it.
    std::string deep = "aes";
    while (deep.size() + 5 <= 103)
        deep = "cbc(" + deep + ')';
    EXPECT_LT(open_result(deep), 0);
    EXPECT_LT(open_result(std::string(100, '(')), 0);
}

TEST(bad_name, empty_is_enoent) { expect_refused("", ENOENT); }

TEST(bad_name, the_library_works_after_many) {
    for (std::size_t i = 0; i < scaled(3000, 5); ++i)
        EXPECT_LT(open_result("no-such-" + std::to_string(i)), 0);
    EXPECT_EQ(open_result("cbc(aes)"), 0);
}

TEST(errno_of_the_caller, is_left_as_it_was_by_success_too) {
    const auto expect_kept = [](const char *name, ssize_t r) {
        EXPECT_EQ(errno, 4711) << name;
        EXPECT_GE(r, 0) << name;
        errno = 4711;
    };
    errno = 4711;
    kcapi_handle *h = nullptr;
    expect_kept("init", kcapi_cipher_init(&h, "cbc(aes)", 0));
    for (const named_call &c : calls_with_handle())
        if (std::string(c.name) != "reinit" && std::string(c.name) != "pad_iv" &&
            std::string(c.name).rfind("stream_", 0) != 0)
            expect_kept(c.name, c.call(h));
    for (const char *const name : {"stream_init_enc", "stream_update", "stream_update_last", "stream_op"})
        for (const named_call &c : calls_with_handle())
            if (std::string(c.name) == name)
                expect_kept(c.name, c.call(h));
    kcapi_handle *second = nullptr;
    expect_kept("reinit", kcapi_handle_reinit(&second, h, 0));
    kcapi_cipher_destroy(second);
    expect_kept("destroy", 0);
    kcapi_cipher_destroy(h);
    expect_kept("destroy of the last", 0);
    EXPECT_LT(kcapi_cipher_init(&h, "no-such-cipher", 0), 0);
    expect_kept("init that fails", 0);
    octets b = pattern(16);
    expect_kept("convenience", kcapi_cipher_enc_aes_cbc(b.data(), 16, b.data(), 16, b.data(), b.data(), 16));
}
