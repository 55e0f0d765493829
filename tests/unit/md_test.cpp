// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests through the C functions, over hashes of libcrypto that fail when they are told to, and then
// forget the message as the kernel's do.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>
#include <climits>
#include <string>
#include <vector>

using kcapi::test::plan;
using byte_string = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t beyond_int = static_cast<std::size_t>(INT_MAX) + 1;

byte_string reference(const char *name, const byte_string &message) {
    byte_string d(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EXPECT_EQ(
        ::EVP_Digest(message.data(), message.size(), d.data(), &size, ::EVP_get_digestbyname(name), nullptr),
        1)
        << name;
    d.resize(size);
    return d;
}

byte_string reference(const char *name, const byte_string &key, const byte_string &message) {
    byte_string d(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EXPECT_NE(::HMAC(::EVP_get_digestbyname(name), key.data(), static_cast<int>(key.size()), message.data(),
                     message.size(), d.data(), &size),
              nullptr);
    d.resize(size);
    return d;
}

class md_test : public testing::Test {
  protected:
    md_test() {
        plan.reset();
        EXPECT_EQ(kcapi_md_init(&handle_, "sha256", 0), 0);
    }
    ~md_test() override { kcapi_md_destroy(handle_); }
    long update(const byte_string &b) { return kcapi_md_update(handle_, b.data(), b.size()); }
    long final(std::size_t room = 32) {
        out_.assign(room, 0xee);
        return kcapi_md_final(handle_, out_.data(), room);
    }
    long digest(const byte_string &b, std::size_t room = 32) {
        out_.assign(room, 0xee);
        return kcapi_md_digest(handle_, b.data(), b.size(), out_.data(), room);
    }

    kcapi_handle *handle_ = nullptr;
    const byte_string abc_{'a', 'b', 'c'};
    const byte_string abcabc_{'a', 'b', 'c', 'a', 'b', 'c'};
    byte_string out_;
};

} // namespace

TEST_F(md_test, message_in_pieces_and_in_one_go) {
    ASSERT_EQ(update(abc_), 0);
    ASSERT_EQ(update({}), 0);
    ASSERT_EQ(update(abc_), 0);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", abcabc_));
    ASSERT_EQ(digest(abc_), 32);
    EXPECT_EQ(out_, reference("sha256", abc_));
    ASSERT_EQ(final(), 32) << "nothing was begun since";
    EXPECT_EQ(out_, reference("sha256", {}));
    ASSERT_EQ(digest({}), 32);
    EXPECT_EQ(out_, reference("sha256", {}));
    EXPECT_EQ(kcapi_md_digest(handle_, nullptr, 0, out_.data(), 32), 32);
}

TEST_F(md_test, nothing_is_sent_that_is_not_needed) {
    ASSERT_EQ(digest(abc_), 32);
    EXPECT_EQ(plan.calls, 1) << "one message in one go";
    ASSERT_EQ(update(abc_), 0);
    ASSERT_EQ(update({}), 0);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(plan.calls, 3) << "data, digest";
}

TEST_F(md_test, digest_ends_a_message_that_was_begun) {
    ASSERT_EQ(update(abc_), 0);
    ASSERT_EQ(digest(abc_), 32);
    EXPECT_EQ(out_, reference("sha256", abcabc_));
    ASSERT_EQ(digest(abc_), 32);
    EXPECT_EQ(out_, reference("sha256", abc_));
}

TEST_F(md_test, short_buffer_gets_the_beginning_and_long_one_the_digest) {
    const byte_string all = reference("sha256", abc_);
    ASSERT_EQ(digest(abc_, 5), 5);
    EXPECT_EQ(out_, byte_string(all.begin(), all.begin() + 5));
    ASSERT_EQ(update(abc_), 0);
    ASSERT_EQ(final(31), 31);
    EXPECT_EQ(out_, byte_string(all.begin(), all.begin() + 31));
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", {})) << "the rest is gone";
    ASSERT_EQ(digest(abc_, 40), 32);
    EXPECT_EQ(byte_string(out_.begin(), out_.begin() + 32), all);
    EXPECT_EQ(byte_string(out_.begin() + 32, out_.end()), byte_string(8, 0xee));
    EXPECT_EQ(kcapi_md_digest(handle_, abc_.data(), 3, out_.data(), SIZE_MAX), 32);
}

TEST_F(md_test, arguments_are_checked_before_anything_is_sent) {
    ASSERT_EQ(update(abc_), 0);
    const int calls = plan.calls;
    std::uint8_t b[32] = {};
    EXPECT_EQ(kcapi_md_update(handle_, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_md_update(handle_, b, beyond_int), -EMSGSIZE);
    EXPECT_EQ(kcapi_md_update(handle_, b, SIZE_MAX), -EMSGSIZE);
    EXPECT_EQ(kcapi_md_update(nullptr, b, 1), -EINVAL);
    EXPECT_EQ(kcapi_md_final(handle_, nullptr, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_final(handle_, b, 0), -EINVAL);
    EXPECT_EQ(kcapi_md_final(nullptr, b, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(handle_, b, beyond_int, nullptr, 0), -EMSGSIZE);
    EXPECT_EQ(kcapi_md_digest(handle_, nullptr, 1, nullptr, 0), -EFAULT);
    EXPECT_EQ(kcapi_md_digest(handle_, b, 1, nullptr, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(handle_, b, 1, b, 0), -EINVAL);
    EXPECT_EQ(kcapi_md_digest(nullptr, b, 1, b, 32), -EINVAL);
    EXPECT_EQ(plan.calls, calls);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", abc_)) << "the message is what it was";
}

TEST_F(md_test, message_that_an_update_failed_on_has_no_digest) {
    ASSERT_EQ(update(abc_), 0);
    plan.fail_call = plan.calls + 1;
    EXPECT_EQ(update(abc_), -EIO) << "-errno, not -1";
    EXPECT_EQ(update(abc_), -EIO) << "what comes now would be the whole message";
    EXPECT_EQ(final(), -EIO);
    EXPECT_EQ(out_, byte_string(32, 0xee));
    ASSERT_EQ(digest(abc_), 32) << "the next one is well";
    EXPECT_EQ(out_, reference("sha256", abc_));
    ASSERT_EQ(update(abc_), 0);
    plan.fail_call = plan.calls + 1;
    EXPECT_EQ(digest(abc_), -EIO);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", {}));
}

TEST_F(md_test, update_that_failed_before_the_message_may_be_repeated) {
    plan.fail_call = 1;
    EXPECT_EQ(update(abc_), -EIO);
    EXPECT_EQ(update(abc_), 0);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", abc_));
}

TEST_F(md_test, key) {
    const byte_string key{1, 2, 3};
    EXPECT_EQ(kcapi_md_setkey(handle_, key.data(), 3), -ENOSYS);
    kcapi_md_destroy(handle_);
    ASSERT_EQ(kcapi_md_init(&handle_, "hmac(sha256)", 0), 0);
    EXPECT_EQ(update(abc_), -ENOKEY);
    EXPECT_EQ(update({}), -ENOKEY);
    EXPECT_EQ(final(), -ENOKEY);
    EXPECT_EQ(digest(abc_), -ENOKEY);
    EXPECT_EQ(kcapi_md_setkey(handle_, nullptr, 1), -EFAULT);
}

TEST_F(md_test, keyed_handles_share_the_key_and_not_the_message) {
    const byte_string key{1, 2, 3};
    kcapi_md_destroy(handle_);
    ASSERT_EQ(kcapi_md_init(&handle_, "hmac(sha256)", 0), 0);
    ASSERT_EQ(kcapi_md_setkey(handle_, key.data(), 3), 0);
    kcapi_handle *second = nullptr;
    ASSERT_EQ(kcapi_handle_reinit(&second, handle_, 0), 0);
    ASSERT_EQ(update(abc_), 0);
    std::uint8_t b[32];
    ASSERT_EQ(kcapi_md_digest(second, nullptr, 0, b, 32), 32);
    EXPECT_EQ(byte_string(b, b + 32), reference("sha256", key, {}));
    EXPECT_EQ(kcapi_md_setkey(second, key.data(), 3), -EBUSY);
    kcapi_md_destroy(second);
    ASSERT_EQ(final(), 32);
    EXPECT_EQ(out_, reference("sha256", key, abc_));
}

TEST_F(md_test, sizes) {
    EXPECT_EQ(kcapi_md_digestsize(handle_), 32U);
    EXPECT_EQ(kcapi_md_blocksize(handle_), 64U);
    EXPECT_EQ(kcapi_md_digestsize(nullptr), 0U);
    EXPECT_EQ(kcapi_md_blocksize(nullptr), 0U);
}

TEST_F(md_test, without_a_handle) {
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
        {"sha3-384", kcapi_md_sha3_384, nullptr},          {"sha3-512", kcapi_md_sha3_512, nullptr},
    };
    const byte_string key(100, 0x21);
    for (const auto &t : table) {
        const byte_string expected = reference(t.name, abc_);
        const auto size = static_cast<long>(expected.size());
        byte_string out(expected.size());
        ASSERT_EQ(t.hash(abc_.data(), 3, out.data(), out.size()), size) << t.name;
        EXPECT_EQ(out, expected) << t.name;
        out.assign(100, 0xee);
        ASSERT_EQ(t.hash(nullptr, 0, out.data(), 100), size) << t.name;
        ASSERT_EQ(t.hash(abc_.data(), 3, out.data(), 7), 7) << t.name;
        plan.reset();
        EXPECT_EQ(t.hash(abc_.data(), beyond_int, nullptr, 0), -EMSGSIZE) << t.name;
        EXPECT_EQ(t.hash(nullptr, 3, nullptr, 0), -EFAULT) << t.name;
        EXPECT_EQ(t.hash(abc_.data(), 3, nullptr, 20), -EINVAL) << t.name;
        EXPECT_EQ(t.hash(abc_.data(), 3, out.data(), 0), -EINVAL) << t.name;
        EXPECT_EQ(plan.opens, 0) << t.name;
        plan.fail_call = 1;
        EXPECT_EQ(t.hash(abc_.data(), 3, out.data(), 20), -EIO) << t.name;
        if (t.mac == nullptr)
            continue;
        out.resize(expected.size());
        ASSERT_EQ(t.mac(key.data(), 100, abc_.data(), 3, out.data(), out.size()), size) << t.name;
        EXPECT_EQ(out, reference(t.name, key, abc_)) << t.name;
        EXPECT_EQ(t.mac(nullptr, 1, abc_.data(), 3, out.data(), out.size()), -EFAULT) << t.name;
        EXPECT_EQ(t.mac(nullptr, 0, abc_.data(), 3, out.data(), out.size()), size) << "a key of no bytes";
    }
}
