// SPDX-License-Identifier: BSD-3-Clause
//
// The aio calls by each way that the kernel engine has for many messages: io_uring, Linux AIO, one by one. A
// filter takes the better ways away, and another one what the way meant does not need, so that no other can
// have served. Where the kernel has no such algorithm the local engine does the same, which needs
// none of it.
#include "capi/child.hpp"
#include "capi/denial.hpp"
#include "capi/differences.hpp"
#include "capi/environment.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <openssl/evp.h>

#include <algorithm>

using namespace kcapi::test;

namespace {

/// Two full batches of the library and a part of one, none of them a single message.
constexpr std::size_t count = 150;
/// In the second batch, with messages before and after it.
constexpr std::size_t bad = 100;
constexpr std::size_t assoc_len = 20;
constexpr std::size_t tag_len = 16;

struct way_of_batches {
    const char *name;
    denial first; ///< before the library's first look
    denial then;  ///< what messages that succeed do without
};

class batch_ways : public testing::TestWithParam<way_of_batches> {};

INSTANTIATE_TEST_SUITE_P(
    with, batch_ways,
    testing::Values(way_of_batches{"io_uring", {}, {.io_setup = EPERM, .sendmsg = EPERM, .recvmsg = EPERM}},
                    way_of_batches{"linux_aio", {.io_uring_setup = EPERM}, {.recvmsg = EPERM}},
                    way_of_batches{
                        "linux_aio_as_io_uring_is_unknown", {.io_uring_setup = ENOSYS}, {.recvmsg = EPERM}},
                    way_of_batches{"neither", {.io_uring_setup = EPERM, .io_setup = EPERM}, {}}),
    [](const auto &w) { return std::string(w.param.name); });

/// Messages of a call: what goes in and room for what comes out, each in a buffer of its own.
struct messages {
    std::vector<octets> in;
    std::vector<octets> out;

    void add(octets message, std::size_t output) {
        in.push_back(std::move(message));
        out.emplace_back(output, std::uint8_t{0xee});
    }
    [[nodiscard]] pieces inputs() const { return lists(in); }
    [[nodiscard]] pieces outputs() const { return lists(out); }
    [[nodiscard]] ssize_t output_size() const {
        ssize_t sum = 0;
        for (const octets &o : out)
            sum += static_cast<ssize_t>(o.size());
        return sum;
    }

  private:
    static pieces lists(const std::vector<octets> &buffers) {
        pieces p;
        for (const octets &b : buffers)
            p.add(b.data(), b.size());
        return p;
    }
};

octets message_number(std::size_t i, std::size_t least) {
    return pattern(least + 16 * (i % 40), static_cast<std::uint32_t>(i));
}

/// AES-128-GCM by libcrypto: associated data, ciphertext and tag.
octets sealed(const octets &message) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free);
    octets out = message;
    out.resize(message.size() + tag_len);
    int n = 0;
    const auto plain = static_cast<int>(message.size() - assoc_len);
    EXPECT_EQ(EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key_16().data(), iv_16().data()),
              1);
    EXPECT_EQ(EVP_EncryptUpdate(context.get(), nullptr, &n, message.data(), static_cast<int>(assoc_len)), 1);
    EXPECT_EQ(EVP_EncryptUpdate(context.get(), out.data() + assoc_len, &n, message.data() + assoc_len, plain),
              1);
    EXPECT_EQ(EVP_EncryptFinal_ex(context.get(), out.data() + message.size(), &n), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_len),
                                  out.data() + message.size()),
              1);
    return out;
}

octets encrypted(const octets &plain) {
    return reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain);
}

/// The child's part that is the same for all: the filter, the engine, and that it serves.
void prepare(const way_of_batches &w, const char *type, const char *name) {
    // What libcrypto fetches lazily it fetches here.
    (void)encrypted(octets(16));
    (void)sealed(octets(assoc_len + 1));
    deny(w.first);
    set_environment("KCAPI_ENGINE", kernel_refusal(type, name) ? "local" : "kernel");
}

class aead_handle {
  public:
    aead_handle() {
        EXPECT_EQ(kcapi_aead_init(&handle_, "gcm(aes)", 0), 0);
        EXPECT_STREQ(kcapi_ext_engine_name(handle_), kernel_refusal("aead", "gcm(aes)") ? "local" : "kernel");
        EXPECT_EQ(kcapi_aead_settaglen(handle_, tag_len), 0);
        EXPECT_EQ(kcapi_aead_setkey(handle_, key_16().data(), 16), 0);
        kcapi_aead_setassoclen(handle_, assoc_len);
    }
    aead_handle(const aead_handle &) = delete;
    aead_handle &operator=(const aead_handle &) = delete;
    ~aead_handle() { kcapi_aead_destroy(handle_); }

    ssize_t encrypt(const messages &m) const {
        return kcapi_aead_encrypt_aio(handle_, m.inputs().data(), m.outputs().data(), m.in.size(),
                                      iv_16().data(), KCAPI_ACCESS_HEURISTIC);
    }
    ssize_t decrypt(const messages &m) const {
        return kcapi_aead_decrypt_aio(handle_, m.inputs().data(), m.outputs().data(), m.in.size(),
                                      iv_16().data(), KCAPI_ACCESS_HEURISTIC);
    }

  private:
    kcapi_handle *handle_ = nullptr;
};

ssize_t encrypt(const cipher &c, const messages &m) {
    return kcapi_cipher_encrypt_aio(c.get(), m.inputs().data(), m.outputs().data(), m.in.size(),
                                    iv_16().data(), KCAPI_ACCESS_HEURISTIC);
}

ssize_t decrypt(const cipher &c, const messages &m) {
    return kcapi_cipher_decrypt_aio(c.get(), m.inputs().data(), m.outputs().data(), m.in.size(),
                                    iv_16().data(), KCAPI_ACCESS_HEURISTIC);
}

} // namespace

TEST_P(batch_ways, cipher_messages_are_those_of_one_by_one) {
    EXPECT_TRUE(passes_in_child([] {
        prepare(GetParam(), "skcipher", "cbc(aes)");
        messages plain;
        messages back;
        for (std::size_t i = 0; i < count; ++i)
            plain.add(message_number(i, 16), message_number(i, 16).size());
        for (const octets &p : plain.in)
            back.add(encrypted(p), p.size());
        cipher c("cbc(aes)", key_16());
        EXPECT_STREQ(kcapi_ext_engine_name(c.get()), kernel_refusal() ? "local" : "kernel");
        deny(GetParam().then);
        EXPECT_EQ(encrypt(c, plain), plain.output_size());
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_TRUE(plain.out[i] == back.in[i]) << i;
        EXPECT_EQ(decrypt(c, back), back.output_size());
        EXPECT_TRUE(back.out == plain.in);
    }));
}

TEST_P(batch_ways, aead_messages_are_those_of_one_by_one) {
    EXPECT_TRUE(passes_in_child([] {
        prepare(GetParam(), "aead", "gcm(aes)");
        messages plain;
        messages back;
        for (std::size_t i = 0; i < count; ++i)
            plain.add(message_number(i, assoc_len + 1), message_number(i, assoc_len + 1).size() + tag_len);
        for (const octets &p : plain.in)
            back.add(sealed(p), p.size());
        const aead_handle gcm;
        deny(GetParam().then);
        EXPECT_EQ(gcm.encrypt(plain), plain.output_size());
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_TRUE(plain.out[i] == back.in[i]) << i;
        EXPECT_EQ(gcm.decrypt(back), back.output_size());
        EXPECT_TRUE(back.out == plain.in);
    }));
}

TEST_P(batch_ways, a_cipher_message_of_wrong_length_leaves_the_others_right) {
    EXPECT_TRUE(passes_in_child([] {
        prepare(GetParam(), "skcipher", "cbc(aes)");
        messages m;
        for (std::size_t i = 0; i < count; ++i) {
            const octets plain = i == bad ? pattern(17) : message_number(i, 16);
            m.add(plain, plain.size());
        }
        const cipher c("cbc(aes)", key_16());
        for (int round = 0; round < 2; ++round) {
            for (octets &o : m.out)
                o.assign(o.size(), 0xee);
            EXPECT_EQ(encrypt(c, m), -EINVAL);
            for (std::size_t i = 0; i < count; ++i)
                EXPECT_TRUE(i == bad || m.out[i] == encrypted(m.in[i])) << i;
        }
        m.in[bad] = message_number(bad, 16);
        m.out[bad].assign(m.in[bad].size(), 0xee);
        EXPECT_EQ(encrypt(c, m), m.output_size());
        EXPECT_EQ(m.out[bad], encrypted(m.in[bad]));
        EXPECT_EQ(m.out[count - 1], encrypted(m.in[count - 1]));
    }));
}

TEST_P(batch_ways, an_aead_message_with_a_wrong_tag_leaves_the_others_right) {
    EXPECT_TRUE(passes_in_child([] {
        prepare(GetParam(), "aead", "gcm(aes)");
        messages m;
        for (std::size_t i = 0; i < count; ++i) {
            const octets plain = message_number(i, assoc_len + 1);
            m.add(sealed(plain), plain.size());
        }
        const octets right = m.in[bad];
        m.in[bad].back() ^= 1;
        const aead_handle gcm;
        for (int round = 0; round < 2; ++round) {
            for (octets &o : m.out)
                o.assign(o.size(), 0xee);
            EXPECT_EQ(gcm.decrypt(m), -EBADMSG);
            for (std::size_t i = 0; i < count; ++i)
                EXPECT_EQ(m.out[i], i == bad ? octets(m.out[i].size()) : message_number(i, assoc_len + 1))
                    << i;
        }
        m.in[bad] = right;
        EXPECT_EQ(gcm.decrypt(m), m.output_size());
        EXPECT_EQ(m.out[bad], message_number(bad, assoc_len + 1));
        EXPECT_EQ(m.out[count - 1], message_number(count - 1, assoc_len + 1));
    }));
}
