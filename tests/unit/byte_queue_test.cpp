// SPDX-License-Identifier: BSD-3-Clause
#include "local/byte_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

using kcapi::base::iov_cursor;
using kcapi::local::byte_queue;

namespace {

void push(byte_queue &q, const std::vector<std::uint8_t> &data) {
    const iovec v = kcapi::base::to_iovec(kcapi::base::bytes(data));
    iov_cursor from({&v, 1});
    ASSERT_TRUE(q.append(from, data.size()));
}

} // namespace

TEST(byte_queue_test, behaves_like_a_deque_under_random_use) {
    std::mt19937 random(1);
    byte_queue q;
    std::deque<std::uint8_t> model;
    std::uint8_t next = 0;
    for (int step = 0; step < 3000; ++step) {
        std::vector<std::uint8_t> data(random() % 9000);
        for (std::uint8_t &b : data)
            b = next++;
        if (model.size() < 300000) {
            push(q, data);
            model.insert(model.end(), data.begin(), data.end());
        }
        const std::size_t n = model.empty() ? 0 : random() % (model.size() + 1);
        ASSERT_TRUE(std::equal(q.front(), q.front() + n, model.begin())) << step;
        q.consume(n);
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(n));
        ASSERT_EQ(q.size(), model.size());
    }
}

TEST(byte_queue_test, page_offset_counts_from_where_it_was_last_empty) {
    byte_queue q;
    push(q, std::vector<std::uint8_t>(5000));
    EXPECT_EQ(q.page_offset(), 904U);
    q.consume(4999);
    EXPECT_EQ(q.page_offset(), 904U);
    push(q, std::vector<std::uint8_t>(10));
    EXPECT_EQ(q.page_offset(), 914U);
    q.consume(11);
    EXPECT_EQ(q.page_offset(), 0U);
}

TEST(byte_queue_test, consumed_bytes_stay_readable_until_the_next_append) {
    byte_queue q;
    push(q, {1, 2, 3, 4});
    const std::uint8_t *const data = q.front();
    q.consume(4);
    EXPECT_EQ(data[3], 4);
    q.trim();
    EXPECT_TRUE(q.empty());
}
