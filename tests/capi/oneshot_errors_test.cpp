// SPDX-License-Identifier: BSD-3-Clause
//
// What one-shot calls refuse, by number, and that the handle works afterwards as if nothing had been.
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <climits>

using namespace kcapi::test;

namespace {

/// A handle in the middle of its life: one block was processed, so that there is a chained IV that could get
/// lost.
class oneshot_errors : public testing::TestWithParam<const char *> {
  protected:
    oneshot_errors() : cipher_(name_, key_16()) { first_ = cipher_.encrypted(slice(plain_, 0, 16), iv_16()); }

    ssize_t encrypt(const void *in, std::size_t in_len, void *out, std::size_t out_len) {
        return kcapi_cipher_encrypt(cipher_.get(), static_cast<const std::uint8_t *>(in), in_len,
                                    other_iv_.data(), static_cast<std::uint8_t *>(out), out_len,
                                    KCAPI_ACCESS_HEURISTIC);
    }
    ssize_t decrypt(const void *in, std::size_t in_len, void *out, std::size_t out_len) {
        return kcapi_cipher_decrypt(cipher_.get(), static_cast<const std::uint8_t *>(in), in_len,
                                    other_iv_.data(), static_cast<std::uint8_t *>(out), out_len,
                                    KCAPI_ACCESS_HEURISTIC);
    }
    /// The IV of the call that failed was not used either.
    void expect_nothing_happened() {
        EXPECT_EQ(first_ + cipher_.encrypted(slice(plain_, 16, 48), {}),
                  reference(name_, way::encrypt, key_16(), iv_16(), plain_));
    }
    void expect_usable() {
        EXPECT_EQ(cipher_.encrypted(plain_, iv_16()),
                  reference(name_, way::encrypt, key_16(), iv_16(), plain_));
    }

    const char *const name_ = GetParam();
    const octets plain_ = pattern(64);
    const octets other_iv_ = pattern(16, 7);
    cipher cipher_;
    octets first_;
    octets in_ = pattern(64, 9);
    octets out_ = octets(64, 0xee);
};

INSTANTIATE_TEST_SUITE_P(modes, oneshot_errors, testing::Values("cbc(aes)", "ctr(aes)"),
                         [](const auto &name) { return std::string(name.param, 3); });

} // namespace

TEST_P(oneshot_errors, output_smaller_than_input_is_einval) {
    for (const std::size_t room : {1U, 15U, 16U, 31U, 63U}) {
        EXPECT_EQ(encrypt(in_.data(), 64, out_.data(), room), -EINVAL) << room;
        EXPECT_EQ(decrypt(in_.data(), 64, out_.data(), room), -EINVAL) << room;
    }
    EXPECT_EQ(out_, octets(64, 0xee)) << "nothing is processed";
    expect_nothing_happened();
}

TEST_P(oneshot_errors, null_buffers_are_efault) {
    EXPECT_EQ(encrypt(nullptr, 16, out_.data(), 16), -EFAULT);
    EXPECT_EQ(encrypt(in_.data(), 16, nullptr, 16), -EFAULT);
    EXPECT_EQ(encrypt(nullptr, 16, nullptr, 16), -EFAULT);
    EXPECT_EQ(decrypt(nullptr, 16, out_.data(), 16), -EFAULT);
    EXPECT_EQ(decrypt(in_.data(), 16, nullptr, 16), -EFAULT);
    EXPECT_EQ(out_, octets(64, 0xee));
    expect_nothing_happened();
}

TEST_P(oneshot_errors, output_above_int_max_is_emsgsize) {
    for (const std::size_t room : {static_cast<std::size_t>(INT_MAX) + 1, SIZE_MAX}) {
        EXPECT_EQ(encrypt(in_.data(), 16, out_.data(), room), -EMSGSIZE);
        EXPECT_EQ(decrypt(in_.data(), 16, out_.data(), room), -EMSGSIZE);
        EXPECT_EQ(encrypt(in_.data(), 0, out_.data(), room), -EMSGSIZE);
    }
    EXPECT_EQ(out_, octets(64, 0xee));
    expect_nothing_happened();
}

TEST_P(oneshot_errors, input_above_int_max_is_einval_for_any_permitted_output) {
    EXPECT_EQ(encrypt(in_.data(), static_cast<std::size_t>(INT_MAX) + 1, out_.data(), INT_MAX), -EINVAL);
    EXPECT_EQ(encrypt(in_.data(), SIZE_MAX, out_.data(), 64), -EINVAL);
    EXPECT_EQ(decrypt(in_.data(), SIZE_MAX, out_.data(), 64), -EINVAL);
    expect_nothing_happened();
}

TEST_P(oneshot_errors, zero_lengths_do_nothing_at_all) {
    EXPECT_EQ(encrypt(in_.data(), 0, out_.data(), 16), 0);
    EXPECT_EQ(encrypt(in_.data(), 16, out_.data(), 0), 0);
    EXPECT_EQ(encrypt(nullptr, 0, nullptr, 0), 0);
    EXPECT_EQ(encrypt(nullptr, 16, nullptr, 0), 0);
    EXPECT_EQ(decrypt(nullptr, 0, out_.data(), 16), 0);
    EXPECT_EQ(out_, octets(64, 0xee));
    expect_nothing_happened();
}

TEST_P(oneshot_errors, room_to_spare_is_neither_waited_for_nor_written) {
    for (const std::size_t size : {16U, 48U}) {
        octets out(size + 300000, 0xee);
        ASSERT_EQ(encrypt(in_.data(), size, out.data(), out.size()), static_cast<ssize_t>(size));
        EXPECT_EQ(slice(out, 0, size),
                  reference(name_, way::encrypt, key_16(), other_iv_, slice(in_, 0, size)));
        EXPECT_TRUE(slice(out, size, 300000) == octets(300000, 0xee));
        octets back(size + 16, 0xee);
        ASSERT_EQ(decrypt(out.data(), size, back.data(), back.size()), static_cast<ssize_t>(size));
        EXPECT_EQ(back, slice(in_, 0, size) + octets(16, 0xee));
    }
    expect_usable();
}

TEST_P(oneshot_errors, uncollected_stream_data_are_einval_and_stay) {
    const octets data = pattern(32, 3);
    ASSERT_EQ(cipher_.start_encrypt(other_iv_, data), 32);
    EXPECT_EQ(encrypt(in_.data(), 16, out_.data(), 16), -EINVAL);
    EXPECT_EQ(decrypt(in_.data(), 16, out_.data(), 16), -EINVAL);
    EXPECT_EQ(cipher_.collect_all(32), reference(name_, way::encrypt, key_16(), other_iv_, data));
    expect_usable();
}

TEST(oneshot_lengths, that_a_mode_cannot_process_are_einval) {
    struct wrong {
        const char *name;
        const octets &key;
        std::vector<std::size_t> sizes;
    };
    const wrong list[] = {{"ecb(aes)", key_16(), {1, 15, 17, 31, 65537}},
                          {"cbc(aes)", key_16(), {1, 15, 17, 31, 65537, 300001}},
                          {"xts(aes)", key_32(), {1, 15}},
                          {"cts(cbc(aes))", key_16(), {1, 15}}};
    for (const wrong &w : list)
        for (const std::size_t size : w.sizes)
            for (const int access : {KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG}) {
                cipher c(w.name, w.key);
                const octets iv = w.name == std::string("ecb(aes)") ? octets() : iv_16();
                const octets plain = pattern(64);
                const octets expected = reference(w.name, way::encrypt, w.key, iv, plain);
                octets out;
                EXPECT_EQ(c.encrypt(pattern(size), iv, out, access), -EINVAL) << w.name << ' ' << size;
                EXPECT_EQ(c.encrypted(plain, iv), expected) << w.name << ' ' << size;
                EXPECT_EQ(c.decrypt(pattern(size), iv, out, access), -EINVAL) << w.name << ' ' << size;
                EXPECT_EQ(c.decrypted(expected, iv), plain) << w.name << ' ' << size;
            }
}

TEST(oneshot_key, missing_is_enokey_and_a_key_may_come_later) {
    cipher c("cbc(aes)");
    const octets in = pattern(32);
    octets out;
    EXPECT_EQ(c.encrypt(in, iv_16(), out), -ENOKEY);
    EXPECT_EQ(c.decrypt(in, iv_16(), out), -ENOKEY);
    EXPECT_EQ(out, octets(32, 0xee));
    ASSERT_EQ(c.set_key(key_32()), 0) << "no operation was begun";
    EXPECT_EQ(c.encrypted(in, {}), reference("cbc(aes)", way::encrypt, key_32(), octets(16), in))
        << "the IV of the refused call was not used";
}
