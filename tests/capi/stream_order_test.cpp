// SPDX-License-Identifier: BSD-3-Clause
//
// Several writers and several readers on one stream at once. Each block of plaintext says which update it
// belongs to; the key stream of ctr says where in the message each piece of output stood. So the message can
// be put together again, and with it the order in which the updates went in.
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <random>
#include <thread>

using namespace kcapi::test;

namespace {

constexpr std::size_t block = 16;

/// What a block of plaintext holds.
struct mark {
    std::uint32_t magic;
    std::uint16_t writer;
    std::uint16_t update;
    std::uint32_t index; ///< of the block in its update
    std::uint32_t count; ///< blocks in the update
};
static_assert(sizeof(mark) == block);

constexpr std::uint32_t magic = 0x6b636170;

octets marked_update(std::size_t writer, std::size_t update, std::size_t blocks) {
    octets bytes(blocks * block);
    for (std::size_t i = 0; i < blocks; ++i) {
        const mark m{magic, static_cast<std::uint16_t>(writer), static_cast<std::uint16_t>(update),
                     static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(blocks)};
        std::memcpy(bytes.data() + i * block, &m, block);
    }
    return bytes;
}

mark plain_block(const octets &encrypted, std::size_t at, const octets &key_stream, std::size_t position) {
    std::uint8_t bytes[block];
    for (std::size_t i = 0; i < block; ++i)
        bytes[i] = static_cast<std::uint8_t>(encrypted[at + i] ^ key_stream[position * block + i]);
    mark m{};
    std::memcpy(&m, bytes, block);
    return m;
}

/// Where in the message a piece of output stood, in blocks; by what its first block must decrypt to.
std::size_t position_of(const octets &piece, const std::multimap<std::uint32_t, std::size_t> &starts,
                        const octets &key_stream, std::size_t total) {
    std::uint32_t first = 0;
    std::memcpy(&first, piece.data(), sizeof first);
    const auto [from, to] = starts.equal_range(first ^ magic);
    for (auto candidate = from; candidate != to; ++candidate) {
        const std::size_t at = candidate->second;
        if (at + piece.size() / block > total)
            continue;
        const mark m = plain_block(piece, 0, key_stream, at);
        if (m.magic == magic && m.index < m.count && m.count <= total)
            return at;
    }
    return total;
}

} // namespace

TEST(stream_order, updates_stay_together_and_in_order_and_nothing_is_lost) {
    constexpr std::size_t writers = 3;
    constexpr std::size_t readers = 3;
    const std::size_t updates = scaled(60, 8);
    cipher c("ctr(aes)", key_16());
    ASSERT_EQ(c.start_encrypt(iv_16()), 0);

    // Sizes are fixed before, so that the readers can know how much there is. Some exceed the stream's
    // buffer.
    std::mt19937 random(20260612);
    std::vector<std::vector<std::size_t>> sizes(writers);
    std::size_t total = 0;
    for (std::vector<std::size_t> &list : sizes)
        for (std::size_t i = 0; i < updates; ++i) {
            list.push_back(1 + (random() % 8 == 0 ? random() % 20000 : random() % 900));
            total += list.back();
        }

    std::vector<std::thread> threads;
    for (std::size_t w = 0; w < writers; ++w)
        threads.emplace_back([&, w] {
            for (std::size_t u = 0; u < updates; ++u) {
                const octets data = marked_update(w, u, sizes[w][u]);
                EXPECT_EQ(c.update(data), static_cast<ssize_t>(data.size()));
            }
        });
    std::mutex mutex;
    std::vector<octets> pieces_of_output;
    std::atomic<std::size_t> collected{0};
    std::atomic<std::size_t> left{0};
    for (std::size_t r = 0; r < readers; ++r)
        threads.emplace_back([&, r] {
            octets part;
            for (;;) {
                const ssize_t n = c.collect(1000 + 40000 * r, part);
                ASSERT_GE(n, 0);
                if (n == 0)
                    break;
                const std::lock_guard lock(mutex);
                pieces_of_output.push_back(part);
                collected += part.size();
            }
            ++left;
        });
    while (collected < total * block)
        std::this_thread::yield();
    // An ended message without data goes to one reader, and is its sign to leave.
    for (std::size_t r = 0; r < readers; ++r) {
        ASSERT_EQ(c.end(), 0);
        while (left <= r)
            std::this_thread::yield();
    }
    for (std::thread &t : threads)
        t.join();

    const octets key_stream = reference("ctr(aes)", way::encrypt, key_16(), iv_16(), octets(total * block));
    std::multimap<std::uint32_t, std::size_t> starts;
    for (std::size_t i = 0; i < total; ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, key_stream.data() + i * block, sizeof word);
        starts.emplace(word, i);
    }
    std::vector<mark> message(total);
    std::vector<bool> seen(total, false);
    for (const octets &piece : pieces_of_output) {
        ASSERT_EQ(piece.size() % block, 0U);
        const std::size_t at = position_of(piece, starts, key_stream, total);
        ASSERT_LT(at, total) << "a piece that belongs nowhere";
        for (std::size_t i = 0; i < piece.size() / block; ++i) {
            ASSERT_FALSE(seen[at + i]) << "block " << at + i << " came twice";
            seen[at + i] = true;
            message[at + i] = plain_block(piece, i * block, key_stream, at + i);
        }
    }
    std::vector<std::size_t> next_update(writers, 0);
    for (std::size_t i = 0; i < total;) {
        const mark first = message[i];
        ASSERT_EQ(first.magic, magic) << "block " << i;
        ASSERT_LT(first.writer, writers);
        ASSERT_EQ(first.update, next_update[first.writer]++) << "writer " << first.writer;
        ASSERT_EQ(first.count, sizes[first.writer][first.update]);
        for (std::size_t j = 0; j < first.count; ++j) {
            const mark m = message[i + j];
            ASSERT_TRUE(m.magic == magic && m.writer == first.writer && m.update == first.update &&
                        m.index == j)
                << "update " << first.update << " of writer " << first.writer << " is torn at block " << j;
        }
        i += first.count;
    }
}
