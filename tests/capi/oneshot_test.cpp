// SPDX-License-Identifier: BSD-3-Clause
//
// One-shot encryption and decryption: any size, any access mode, in place, and the IV from call to call. The
// answers are libcrypto's for one continuous message.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <algorithm>

using namespace kcapi::test;

namespace {

using access_modes = std::vector<int>;

const access_modes &all_access_modes() {
    static const access_modes all{KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG, 77};
    static const access_modes few{KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE};
    return slow() ? few : all;
}

struct mode {
    const char *name;
    std::size_t iv_size;
    std::size_t unit; ///< a message is a multiple of it
    std::size_t shortest;
    std::size_t keys; ///< how many AES keys its key holds
};

constexpr mode chaining_modes[] = {
    {"ecb(aes)", 0, 16, 16, 1}, {"cbc(aes)", 16, 16, 16, 1}, {"ctr(aes)", 16, 1, 1, 1}};
constexpr mode other_modes[] = {{"xts(aes)", 16, 1, 16, 2}, {"cts(cbc(aes))", 16, 1, 16, 1}};

octets key_of(const mode &m, std::size_t size) {
    return pattern(size * m.keys, static_cast<std::uint32_t>(size));
}

octets iv_of(const mode &m) { return slice(iv_16(), 0, m.iv_size); }

/// Both directions, against the reference.
void check(cipher &c, const mode &m, const octets &key, std::size_t size,
           const access_modes &ways = {KCAPI_ACCESS_HEURISTIC}) {
    const octets plain = pattern(size, static_cast<std::uint32_t>(size));
    const octets expected = reference(m.name, way::encrypt, key, iv_of(m), plain);
    for (const int access : ways) {
        // Not EXPECT_EQ: nobody wants to read megabytes.
        EXPECT_TRUE(c.encrypted(plain, iv_of(m), access) == expected)
            << m.name << ", " << size << " bytes, " << access;
        EXPECT_TRUE(c.decrypted(expected, iv_of(m), access) == plain)
            << m.name << ", " << size << " bytes, " << access;
    }
}

std::vector<std::size_t> sizes_for(const mode &m, const std::vector<std::size_t> &around, std::size_t limit) {
    std::vector<std::size_t> sizes;
    for (const std::size_t a : around)
        for (const std::size_t s : {a, a + m.unit, a - m.unit, a + 3 * m.unit}) {
            if (slow() && s > a + m.unit)
                continue;
            if (s / m.unit * m.unit >= m.shortest && s <= limit)
                sizes.push_back(s / m.unit * m.unit);
        }
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

} // namespace

TEST(oneshot, all_key_sizes) {
    for (const mode *const list : {chaining_modes, other_modes})
        for (std::size_t i = 0;
             i < (list == chaining_modes ? std::size(chaining_modes) : std::size(other_modes)); ++i)
            for (const std::size_t size : {16U, 24U, 32U}) {
                const mode &m = list[i];
                if (m.keys == 2 && size == 24)
                    continue; // libcrypto has no XTS of 192 bits to compare with; tests/kat has vectors
                const octets key = key_of(m, size);
                cipher c(m.name, key);
                check(c, m, key, 64);
            }
}

TEST(oneshot, every_size_up_to_three_pages_and_a_bit) {
    for (const mode &m : chaining_modes) {
        const octets key = key_of(m, 16);
        cipher c(m.name, key);
        for (std::size_t size = m.unit; size <= 3 * 4096 + 32;
             size += m.unit * scaled(m.unit == 1 ? 7 : 1, 61))
            check(c, m, key, size);
    }
    for (const mode &m : other_modes) {
        const octets key = key_of(m, 32);
        cipher c(m.name, key);
        for (std::size_t size = m.shortest; size <= 4096 + 40; size += scaled(1, 61))
            check(c, m, key, size);
    }
}

TEST(oneshot, sizes_around_every_boundary_by_every_access_mode) {
    const std::vector<std::size_t> around =
        slow() ? std::vector<std::size_t>{8192, 65536, 131072, 212992}
               : std::vector<std::size_t>{4096, 8192, 12288, 65536, 126976, 131072, 212992, 262144};
    for (const mode &m : chaining_modes) {
        const octets key = key_of(m, 32);
        cipher c(m.name, key);
        for (const std::size_t size : sizes_for(m, around, SIZE_MAX))
            check(c, m, key, size, all_access_modes());
    }
    for (const mode &m : other_modes) {
        // The kernel engine need not take more of these than its socket buffers hold.
        const octets key = key_of(m, 16);
        cipher c(m.name, key);
        for (const std::size_t size : sizes_for(m, around, 204800))
            check(c, m, key, size, all_access_modes());
    }
}

TEST(oneshot, megabytes_are_one_continuous_message) {
    for (const mode &m : chaining_modes) {
        const octets key = key_of(m, 32);
        cipher c(m.name, key);
        for (const std::size_t size : sizes_for(m, {1048576}, SIZE_MAX))
            check(c, m, key, size);
        if (!slow())
            check(c, m, key, 5 * 1048576 + 5 * m.unit, all_access_modes());
    }
}

TEST(oneshot, in_place) {
    for (const std::size_t size :
         {std::size_t{16}, std::size_t{4096}, std::size_t{100000}, std::size_t{1048576}})
        for (const mode &m : chaining_modes)
            for (const int access : all_access_modes()) {
                const octets key = key_of(m, 16);
                const octets plain = pattern(size);
                cipher c(m.name, key);
                octets data = plain;
                ASSERT_EQ(kcapi_cipher_encrypt(c.get(), data.data(), size, iv_of(m).data(), data.data(), size,
                                               access),
                          static_cast<ssize_t>(size));
                EXPECT_TRUE(data == reference(m.name, way::encrypt, key, iv_of(m), plain))
                    << m.name << ' ' << size;
                ASSERT_EQ(kcapi_cipher_decrypt(c.get(), data.data(), size, iv_of(m).data(), data.data(), size,
                                               access),
                          static_cast<ssize_t>(size));
                EXPECT_TRUE(data == plain) << m.name << ' ' << size;
            }
}

TEST(oneshot, any_alignment) {
    const octets whole = pattern(3 * 4096);
    cipher c("cbc(aes)", key_16());
    octets out(whole.size());
    for (std::size_t offset = 0; offset < 17; ++offset)
        for (const int access : all_access_modes()) {
            ASSERT_EQ(kcapi_cipher_encrypt(c.get(), whole.data() + offset, 8208, iv_16().data(),
                                           out.data() + 16 - offset % 16, 8208, access),
                      8208);
            EXPECT_TRUE(slice(out, 16 - offset % 16, 8208) ==
                        reference("cbc(aes)", way::encrypt, key_16(), iv_16(), slice(whole, offset, 8208)));
        }
}

TEST(oneshot, input_iv_and_key_stay_as_they_are) {
    const octets in = pattern(300000);
    octets iv = iv_16();
    const octets key = key_16();
    cipher c("ctr(aes)", key);
    const octets before = in;
    (void)c.encrypted(in, iv);
    EXPECT_TRUE(in == before);
    EXPECT_EQ(iv, iv_16());
    EXPECT_EQ(key, key_16());
}

TEST(oneshot, null_iv_goes_on_from_the_message_before) {
    for (const mode &m : chaining_modes) {
        const octets key = key_of(m, 24);
        // 100 bytes of ctr use up seven whole blocks of key stream.
        const std::size_t first = 96;
        const octets plain = pattern(first + 100000);
        cipher c(m.name, key);
        const octets a = c.encrypted(slice(plain, 0, first), iv_of(m));
        const octets b = c.encrypted(slice(plain, first, 100000), {});
        EXPECT_TRUE(a + b == reference(m.name, way::encrypt, key, iv_of(m), plain)) << m.name;
        cipher d(m.name, key);
        const octets x = d.decrypted(a, iv_of(m));
        const octets y = d.decrypted(b, {});
        EXPECT_TRUE(x + y == plain) << m.name;
    }
}

TEST(oneshot, null_iv_is_zeros_at_first) {
    const octets in = pattern(64);
    for (const char *const name : {"cbc(aes)", "ctr(aes)"}) {
        cipher c(name, key_16());
        EXPECT_EQ(c.encrypted(in, {}), reference(name, way::encrypt, key_16(), octets(16), in)) << name;
    }
}

TEST(oneshot, a_partial_block_of_ctr_uses_up_its_key_stream) {
    const octets in = pattern(32);
    cipher c("ctr(aes)", key_16());
    (void)c.encrypted(slice(in, 0, 5), iv_16());
    const octets stream = reference("ctr(aes)", way::encrypt, key_16(), iv_16(), octets(32));
    octets expected = slice(in, 16, 16);
    for (std::size_t i = 0; i < 16; ++i)
        expected[i] = static_cast<std::uint8_t>(expected[i] ^ stream[16 + i]);
    EXPECT_EQ(c.encrypted(slice(in, 16, 16), {}), expected);
}

TEST(oneshot, a_given_iv_is_used_whatever_was_before) {
    const octets in = pattern(48);
    cipher c("cbc(aes)", key_16());
    const octets expected = reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(c.encrypted(in, iv_16()), expected);
    EXPECT_EQ(c.decrypted(expected, iv_16()), in);
    EXPECT_EQ(c.encrypted(in, iv_16()), expected);
}

TEST(oneshot, the_callers_iv_is_not_looked_at_after_the_call) {
    const octets in = pattern(48);
    cipher c("cbc(aes)", key_16());
    const octets expected = reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in + in);
    const auto overwrite = [](octets &iv) { std::fill(iv.begin(), iv.end(), std::uint8_t{0xee}); };
    octets iv = iv_16();
    EXPECT_EQ(c.encrypted(in, iv), slice(expected, 0, 48));
    overwrite(iv);
    EXPECT_EQ(c.encrypted(in, {}), slice(expected, 48, 48)) << "goes on from the message before";
    iv = iv_16();
    ASSERT_EQ(c.start_encrypt(iv), 0);
    overwrite(iv);
    ASSERT_EQ(c.update_last(in), 48);
    EXPECT_EQ(c.collect_all(48), slice(expected, 0, 48));
}

TEST(oneshot, ecb_does_not_look_at_an_iv) {
    const octets in = pattern(32);
    cipher c("ecb(aes)", key_16());
    const octets expected = reference("ecb(aes)", way::encrypt, key_16(), {}, in);
    EXPECT_EQ(c.encrypted(in, iv_16()), expected);
    EXPECT_EQ(c.encrypted(in, {}), expected);
}

TEST(oneshot, ctr_counts_through_the_whole_block) {
    octets iv(16, 0xff);
    iv[15] = 0xfe;
    const octets in = pattern(scaled(100000, 5000));
    cipher c("ctr(aes)", key_32());
    EXPECT_TRUE(c.encrypted(in, iv) == reference("ctr(aes)", way::encrypt, key_32(), iv, in));
    const octets next = c.encrypted(pattern(16), {});
    EXPECT_EQ(next, slice(reference("ctr(aes)", way::encrypt, key_32(), iv,
                                    octets((in.size() + 15) / 16 * 16) + pattern(16)),
                          (in.size() + 15) / 16 * 16, 16));
}
