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
    std::vector<std::uint8_t> of_others;
    for (int step = 0; step < 3000; ++step) {
        std::vector<std::uint8_t> data(random() % 9000);
        for (std::uint8_t &b : data)
            b = next++;
        if (model.empty() && !data.empty() && step % 2 == 0) {
            of_others = data;
            q.lend(of_others);
            ASSERT_TRUE(q.is_lent());
            ASSERT_EQ(q.front(), of_others.data());
            model.insert(model.end(), data.begin(), data.end());
        } else if (model.size() < 300000) {
            push(q, data);
            ASSERT_FALSE(q.is_lent() && !data.empty());
            model.insert(model.end(), data.begin(), data.end());
        }
        if (random() % 8 == 0) {
            ASSERT_TRUE(q.keep());
            ASSERT_FALSE(q.is_lent());
            of_others.assign(of_others.size(), 0xee);
        }
        const std::size_t n = random() % 3 == 0 ? model.size() : random() % (model.size() + 1);
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

TEST(byte_queue_test, what_is_lent_is_changed_only_in_a_copy) {
    const std::vector<std::uint8_t> lent{1, 2, 3, 4, 5};
    byte_queue q;
    q.lend(lent);
    EXPECT_EQ(q.page_offset(), 5U);
    q.consume(1);
    std::uint8_t *const own = *q.own_front(3);
    EXPECT_EQ(std::vector<std::uint8_t>(own, own + 3), (std::vector<std::uint8_t>{2, 3, 4}));
    std::fill_n(own, 3, std::uint8_t{9});
    EXPECT_EQ(q.front(), lent.data() + 1);
    q.consume(3);
    push(q, {6});
    EXPECT_EQ(std::vector<std::uint8_t>(q.front(), q.front() + 2), (std::vector<std::uint8_t>{5, 6}));
    q.consume(2);
    EXPECT_FALSE(q.is_lent());
    push(q, {7});
    EXPECT_EQ(*q.front(), 7);
}
