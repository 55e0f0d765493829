// SPDX-License-Identifier: BSD-3-Clause
//
// Streams in one thread: every shape of update and collect gives the result of one message.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <random>

using namespace kcapi::test;

namespace {

struct mode {
    const char *name;
    std::size_t iv_size;
    bool any_length; ///< the message need not be whole blocks
    bool chains;     ///< a message may be collected piece by piece
    std::size_t key_size;
};

std::string label(const testing::TestParamInfo<mode> &info) {
    std::string text;
    for (const char c : std::string(info.param.name))
        if (c != ')')
            text += c == '(' ? '_' : c;
    return text;
}

class stream : public testing::TestWithParam<mode> {
  protected:
    [[nodiscard]] octets expected(const octets &plain) const {
        return reference(mode_.name, way::encrypt, key_, iv_, plain);
    }

    const mode mode_ = GetParam();
    const octets key_ = pattern(mode_.key_size, 77);
    const octets iv_ = slice(iv_16(), 0, mode_.iv_size);
    cipher cipher_{mode_.name, key_};
};

using chained_stream = stream;

constexpr mode ecb{"ecb(aes)", 0, false, true, 16};
constexpr mode cbc{"cbc(aes)", 16, false, true, 32};
constexpr mode ctr{"ctr(aes)", 16, true, true, 24};
constexpr mode xts{"xts(aes)", 16, true, false, 64};
constexpr mode cts{"cts(cbc(aes))", 16, true, false, 16};

INSTANTIATE_TEST_SUITE_P(modes, stream, testing::Values(ecb, cbc, ctr, xts, cts), label);
INSTANTIATE_TEST_SUITE_P(modes, chained_stream, testing::Values(ecb, cbc, ctr), label);

constexpr std::size_t block = 16;

} // namespace

TEST_P(stream, message_given_at_the_start_or_later_or_with_the_end) {
    for (const std::size_t size :
         {std::size_t{48}, std::size_t{4096}, std::size_t{65536}, std::size_t{204800}}) {
        const octets plain = pattern(size);
        ASSERT_EQ(cipher_.start_encrypt(iv_, plain), static_cast<ssize_t>(size));
        ASSERT_EQ(cipher_.end(), 0);
        const octets encrypted = cipher_.collect_all(size, size);
        EXPECT_TRUE(encrypted == expected(plain)) << size;

        ASSERT_EQ(cipher_.start_decrypt(iv_), 0);
        ASSERT_EQ(cipher_.update(encrypted), static_cast<ssize_t>(size));
        ASSERT_EQ(cipher_.end(), 0);
        EXPECT_TRUE(cipher_.collect_all(size, size) == plain) << size;

        ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
        ASSERT_EQ(cipher_.update_last(plain), static_cast<ssize_t>(size));
        EXPECT_TRUE(cipher_.collect_all(size, size) == encrypted) << size;
    }
}

TEST_P(stream, odd_length_where_the_mode_has_it) {
    if (!mode_.any_length) {
        ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
        ASSERT_EQ(cipher_.update_last(pattern(37)), 37);
        octets out;
        EXPECT_EQ(cipher_.collect(64, out), -EINVAL) << "no length for this mode";
    }
    for (const std::size_t size : {std::size_t{17}, std::size_t{31}, std::size_t{4097}, std::size_t{99999}}) {
        const octets plain = pattern(mode_.any_length ? size : size / block * block);
        ASSERT_EQ(cipher_.start_encrypt(iv_, plain), static_cast<ssize_t>(plain.size()));
        ASSERT_EQ(cipher_.end(), 0);
        EXPECT_TRUE(cipher_.collect_all(plain.size(), plain.size()) == expected(plain)) << size;
    }
}

TEST_P(stream, collect_returns_what_there_is_though_its_buffer_is_larger) {
    const octets plain = pattern(64);
    ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 64);
    ASSERT_EQ(cipher_.end(), 0);
    octets out(1000000, 0xee);
    ASSERT_EQ(cipher_.collect(pieces(out)), 64);
    EXPECT_EQ(slice(out, 0, 64), expected(plain));
    EXPECT_TRUE(slice(out, 64, out.size() - 64) == octets(out.size() - 64, 0xee));
}

TEST_P(stream, buffers_may_be_in_pieces_on_both_sides) {
    const octets plain = pattern(1000 / block * block);
    pieces in;
    for (std::size_t at = 0, n = 1; at < plain.size(); at += n, n = n % 37 + 1)
        in.add(plain.data() + at, std::min(n, plain.size() - at));
    octets out(plain.size());
    pieces room;
    for (std::size_t at = 0, n = 5; at < out.size(); at += n, n = n % 29 + 63)
        room.add(out.data() + at, std::min(n, out.size() - at));
    ASSERT_EQ(cipher_.start_encrypt(iv_, in), static_cast<ssize_t>(plain.size()));
    ASSERT_EQ(cipher_.end(), 0);
    ASSERT_EQ(cipher_.collect(room), static_cast<ssize_t>(plain.size()));
    EXPECT_EQ(out, expected(plain));
}

TEST_P(stream, pieces_without_bytes_count_for_nothing) {
    octets plain = pattern(64);
    octets out(64, 0xee);
    ASSERT_EQ(cipher_.start_encrypt(iv_, {{nullptr, 0}}), 0);
    ASSERT_EQ(cipher_.update(
                  {{nullptr, 0}, {plain.data(), 32}, {nullptr, 0}, {plain.data() + 32, 32}, {nullptr, 0}}),
              64);
    ASSERT_EQ(cipher_.update({}), 0);
    ASSERT_EQ(cipher_.update({{plain.data(), 0}}), 0);
    ASSERT_EQ(cipher_.update_last({{nullptr, 0}}), 0);
    ASSERT_EQ(cipher_.collect({{nullptr, 0}, {out.data(), 64}, {nullptr, 0}}), 64);
    EXPECT_EQ(out, expected(plain));
}

TEST_P(stream, update_copies) {
    octets plain = pattern(4096);
    octets given = plain;
    octets iv = iv_;
    ASSERT_EQ(cipher_.start_encrypt(iv), 0);
    std::fill(iv.begin(), iv.end(), std::uint8_t{0});
    ASSERT_EQ(cipher_.update(given), 4096);
    std::fill(given.begin(), given.end(), std::uint8_t{0});
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_TRUE(cipher_.collect_all(4096) == expected(plain));
}

TEST_P(stream, a_new_start_discards_what_was_not_collected) {
    const octets plain = pattern(64);
    ASSERT_EQ(cipher_.start_encrypt(iv_, pattern(100, 5)), 100);
    ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 64) << "in the middle of a message";
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain));
    ASSERT_EQ(cipher_.start_decrypt(iv_, pattern(64, 6)), 64);
    ASSERT_EQ(cipher_.end(), 0);
    ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 64) << "after the end of one";
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain));
}

TEST_P(stream, then_one_shot_then_stream) {
    const octets plain = pattern(160);
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 160);
        ASSERT_EQ(cipher_.end(), 0);
        EXPECT_EQ(cipher_.collect_all(160), expected(plain));
        EXPECT_EQ(cipher_.encrypted(plain, iv_), expected(plain));
        EXPECT_EQ(cipher_.decrypted(expected(plain), iv_), plain);
    }
}

TEST_P(chained_stream, uneven_pieces_both_ways) {
    std::mt19937 random(20260401);
    for (std::size_t round = 0; round < scaled(40, 6); ++round) {
        const std::size_t size = random() % 60000 / block * block + (mode_.any_length ? random() % block : 0);
        const octets plain = pattern(size);
        octets got;
        octets part;
        std::size_t given = 0;
        ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
        while (given < size || got.size() < size) {
            const std::size_t n = std::min<std::size_t>(random() % 5000, size - given);
            const bool last = given + n == size;
            const bool was_last = given == size;
            if (!was_last) {
                ASSERT_EQ(last ? cipher_.update_last(slice(plain, given, n))
                               : cipher_.update(slice(plain, given, n)),
                          static_cast<ssize_t>(n));
                given += n;
            }
            if (given - got.size() < block && !last)
                continue;
            const std::size_t room = block + random() % 7000;
            const ssize_t came = cipher_.collect(room, part);
            const std::size_t waits = given - got.size();
            // Whole blocks, unless it is all of an ended message.
            const std::size_t whole = std::min(waits, room) / block * block;
            ASSERT_EQ(came, static_cast<ssize_t>(given == size && room >= waits ? waits : whole));
            got = std::move(got) + part;
        }
        EXPECT_TRUE(got == expected(plain)) << "round " << round << ", " << size << " bytes";
    }
}

TEST_P(chained_stream, one_byte_at_a_time) {
    const octets plain = pattern(mode_.any_length ? 205 : 208);
    octets got;
    octets part;
    ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        ASSERT_EQ(cipher_.update({{const_cast<std::uint8_t *>(plain.data()) + i, 1}}), 1);
        if (i % block == block - 1) {
            ASSERT_EQ(cipher_.collect(4096, part), static_cast<ssize_t>(block));
            got = std::move(got) + part;
        }
    }
    ASSERT_EQ(cipher_.end(), 0);
    if (got.size() < plain.size()) {
        ASSERT_EQ(cipher_.collect(4096, part), 205 % 16);
        got = std::move(got) + part;
    }
    EXPECT_EQ(got, expected(plain));
}

TEST_P(chained_stream, buffers_that_are_no_multiple_of_a_block_get_whole_blocks) {
    const octets plain = pattern(512);
    octets part;
    octets got;
    ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 512);
    for (const std::size_t room : {17U, 31U, 33U, 100U}) {
        ASSERT_EQ(cipher_.collect(room, part), static_cast<ssize_t>(room / block * block)) << room;
        got = std::move(got) + part;
    }
    ASSERT_EQ(cipher_.end(), 0);
    for (const std::size_t room : {17U, 47U, 100U}) {
        ASSERT_EQ(cipher_.collect(room, part), static_cast<ssize_t>(room / block * block))
            << "ended, " << room;
        got = std::move(got) + part;
    }
    const std::size_t rest = 512 - got.size();
    got = std::move(got) + cipher_.collect_all(rest);
    EXPECT_EQ(got, expected(plain));
}

TEST_P(chained_stream, a_partial_block_stays_until_it_is_whole_or_the_message_ends) {
    const octets plain = pattern(mode_.any_length ? 37 : 48);
    octets part;
    ASSERT_EQ(cipher_.start_encrypt(iv_, slice(plain, 0, 20)), 20);
    ASSERT_EQ(cipher_.collect(64, part), 16);
    octets got = part;
    ASSERT_EQ(cipher_.update(slice(plain, 20, 13)), 13);
    ASSERT_EQ(cipher_.collect(64, part), 16);
    got = std::move(got) + part;
    ASSERT_EQ(cipher_.update_last(slice(plain, 33, plain.size() - 33)),
              static_cast<ssize_t>(plain.size() - 33));
    ASSERT_EQ(cipher_.collect(64, part), static_cast<ssize_t>(plain.size() - 32));
    EXPECT_EQ(std::move(got) + part, expected(plain));
}

TEST_P(chained_stream, goes_on_after_its_end_with_the_iv_it_left) {
    const octets plain = pattern(96);
    ASSERT_EQ(cipher_.start_encrypt(iv_, slice(plain, 0, 32)), 32);
    ASSERT_EQ(cipher_.end(), 0);
    octets got = cipher_.collect_all(32);
    ASSERT_EQ(cipher_.update(slice(plain, 32, 16)), 16) << "a new message, without a start";
    ASSERT_EQ(cipher_.update_last(slice(plain, 48, 16)), 16);
    got = std::move(got) + cipher_.collect_all(32);
    ASSERT_EQ(cipher_.start_encrypt({}, slice(plain, 64, 16)), 16) << "a start without IV";
    ASSERT_EQ(cipher_.end(), 0);
    got = std::move(got) + cipher_.collect_all(16);
    got = std::move(got) + cipher_.encrypted(slice(plain, 80, 16), {});
    EXPECT_EQ(got, expected(plain)) << "one-shot too";
}

TEST_P(chained_stream, a_start_without_iv_goes_on_from_one_shot) {
    const octets plain = pattern(64);
    octets got = cipher_.encrypted(slice(plain, 0, 32), iv_);
    ASSERT_EQ(cipher_.start_encrypt({}, slice(plain, 32, 32)), 32);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(std::move(got) + cipher_.collect_all(32), expected(plain));
}

TEST_P(chained_stream, ends_without_data) {
    octets out;
    ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect(64, out), 0);
    const octets plain = pattern(32);
    ASSERT_EQ(cipher_.start_encrypt(iv_, plain), 32);
    ASSERT_EQ(cipher_.collect(64, out), 32);
    ASSERT_EQ(cipher_.end(), 0) << "all was collected before the end came";
    octets rest;
    EXPECT_EQ(cipher_.collect(64, rest), 0);
    EXPECT_EQ(out, expected(plain));
    EXPECT_EQ(cipher_.encrypted(plain, iv_), expected(plain));
}

TEST_P(chained_stream, an_update_without_any_start_decrypts_from_zeros) {
    const octets in = pattern(32);
    ASSERT_EQ(cipher_.update_last(in), 32);
    EXPECT_EQ(cipher_.collect_all(32), reference(mode_.name, way::decrypt, key_, octets(iv_.size()), in));
}

TEST_P(chained_stream, takes_as_much_as_the_buffer_holds_without_anybody_collecting) {
    const std::size_t size = stream_capacity();
    const octets plain = pattern(size);
    ASSERT_EQ(cipher_.start_encrypt(iv_), 0);
    ASSERT_EQ(cipher_.update(plain), static_cast<ssize_t>(size));
    ASSERT_EQ(cipher_.end(), 0) << "an end without data never sleeps";
    octets out;
    ASSERT_EQ(cipher_.collect(size + 5, out), static_cast<ssize_t>(size));
    EXPECT_TRUE(out == expected(plain));
}
