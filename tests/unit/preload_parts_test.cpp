// SPDX-License-Identifier: BSD-3-Clause
// Parts of the shim, without its interposed functions: so the sanitizers see them too.
#include "preload/buffers.hpp"
#include "preload/control.hpp"
#include "preload/faults.hpp"
#include "preload/memory.hpp"
#include "preload/table.hpp"

#include <gtest/gtest.h>

#include <linux/if_alg.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <random>
#include <thread>

namespace kcapi::preload {

namespace {

constexpr std::size_t page = 4096;

/// Four pages: none, read-write, read-only, none.
class mixed_pages {
  public:
    mixed_pages() {
        base_ = static_cast<std::uint8_t *>(
            ::mmap(nullptr, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        (void)::mprotect(base_ + page, page, PROT_READ | PROT_WRITE);
        (void)::mprotect(base_ + 2 * page, page, PROT_READ);
        catch_faults();
    }
    ~mixed_pages() { (void)::munmap(base_, 4 * page); }
    mixed_pages(const mixed_pages &) = delete;
    mixed_pages &operator=(const mixed_pages &) = delete;
    [[nodiscard]] std::uint8_t *at(std::size_t n) const { return base_ + n; }

  private:
    std::uint8_t *base_;
};

TEST(preload_memory, both_ways_to_ask_give_the_same_answer) {
    const mixed_pages memory;
    for (const std::size_t from :
         {0UL, page - 1, page, page + 1, 2 * page - 1, 2 * page, 3 * page - 1, 3 * page})
        for (const std::size_t size : {0UL, 1UL, 100UL, page, page + 1, 2 * page, 3 * page}) {
            const std::size_t reads = from < page || from >= 3 * page ? 0 : std::min(size, 3 * page - from);
            const std::size_t writes = from < page || from >= 2 * page ? 0 : std::min(size, 2 * page - from);
            EXPECT_EQ(readable(memory.at(from), size), reads) << from << ' ' << size;
            EXPECT_EQ(readable_by_futex(memory.at(from), size), reads) << from << ' ' << size;
            EXPECT_EQ(writable(memory.at(from), size), writes) << from << ' ' << size;
            EXPECT_EQ(writable_by_futex(memory.at(from), size), writes) << from << ' ' << size;
        }
    const auto last = reinterpret_cast<void *>(UINTPTR_MAX - 10);
    EXPECT_EQ(readable(last, 100), 0U);
    EXPECT_EQ(writable(last, SIZE_MAX), 0U);
}

TEST(preload_memory, asking_changes_nothing) {
    const mixed_pages memory;
    for (std::size_t i = 0; i < page; ++i)
        memory.at(page)[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(writable(memory.at(page), page), page);
    EXPECT_EQ(writable_by_futex(memory.at(page), page), page);
    for (std::size_t i = 0; i < page; ++i)
        ASSERT_EQ(memory.at(page)[i], static_cast<std::uint8_t>(i));
}

TEST(preload_buffers, a_list_is_cut_where_memory_ends) {
    const mixed_pages memory;
    const iovec list[] = {
        {memory.at(page), 10}, {nullptr, 0}, {memory.at(3 * page - 5), 20}, {memory.at(page), 7}};
    const buffers cut(list, 4, access::read);
    EXPECT_EQ(cut.error(), 0);
    EXPECT_EQ(cut.length(), 37U);
    ASSERT_EQ(cut.list().size(), 3U);
    EXPECT_EQ(cut.list()[1].iov_len, 5U);
    EXPECT_EQ(cut.list()[2].iov_base, nullptr);
    EXPECT_EQ(cut.list()[2].iov_len, 22U);
    const buffers short_one(list, 4, access::read, 8);
    EXPECT_EQ(short_one.length(), 37U);
    EXPECT_EQ(base::total_length(short_one.list()), 8U);
    EXPECT_EQ(buffers(static_cast<const iovec *>(nullptr), 1, access::read).error(), EFAULT);
    const iovec negative{memory.at(page), SIZE_MAX};
    EXPECT_EQ(buffers(&negative, 1, access::read).error(), EINVAL);
}

TEST(preload_control, whatever_the_bytes_are_nothing_outside_them_is_read) {
    std::mt19937 random(7);
    for (int i = 0; i < 200000; ++i) {
        // On the heap at its exact size, where a sanitizer sees one byte too many.
        std::vector<std::uint8_t> bytes(random() % 64);
        for (std::uint8_t &b : bytes)
            b = random() % 3 == 0 ? static_cast<std::uint8_t>(random()) : 0;
        if (bytes.size() >= sizeof(cmsghdr) && random() % 4 != 0) {
            cmsghdr head{};
            head.cmsg_len = random() % 80;
            head.cmsg_level = random() % 2 != 0 ? SOL_ALG : 1;
            head.cmsg_type = static_cast<int>(random() % 6);
            std::memcpy(bytes.data(), &head, sizeof head);
        }
        const result<alg::control> r = parse_control(bytes);
        if (r && r->iv) {
            EXPECT_GE(r->iv->data(), bytes.data());
            EXPECT_LE(r->iv->data() + r->iv->size(), bytes.data() + bytes.size());
        }
    }
}

TEST(preload_table, finds_what_was_put_until_it_is_dropped) {
    description *const raw = description::make(role::transform);
    ASSERT_NE(raw, nullptr);
    for (const int fd : {5, 1023, 1024, 70000, 1048575}) {
        EXPECT_FALSE(table::has(fd));
        ASSERT_TRUE(raw->hold());
        EXPECT_TRUE(table::put(fd, held(raw)));
        EXPECT_TRUE(table::has(fd));
        EXPECT_EQ(table::find(fd).get(), raw);
        EXPECT_EQ(table::number_of(*raw), fd);
        EXPECT_EQ(table::drop(fd).get(), raw);
        EXPECT_FALSE(table::find(fd));
    }
    EXPECT_FALSE(table::put(1048576, held()));
    EXPECT_FALSE(table::has(-1));
    EXPECT_FALSE(table::find(1 << 30));
    raw->release();
    EXPECT_FALSE(raw->hold()) << "nobody holds it any more";
}

TEST(preload_table, survives_users_that_race_with_who_closes_and_opens) {
    constexpr int numbers = 4;
    constexpr int enough = 100000;
    std::atomic<bool> over{false};
    std::atomic<int> met{0};
    std::vector<std::thread> users;
    for (int t = 0; t < 3; ++t)
        users.emplace_back([&, t] {
            for (int i = t; !over; ++i)
                if (const held d = table::find(100 + i % numbers)) {
                    EXPECT_TRUE(d->hold());
                    d->nonblocking = !d->nonblocking;
                    d->release();
                    ++met;
                }
        });
    for (int i = 0; i < 20000 || met < enough; ++i) {
        const int fd = 100 + i % numbers;
        if (i % 3 == 0)
            (void)table::drop(fd);
        else
            ASSERT_TRUE(table::put(fd, held(description::make(role::transform))));
    }
    over = true;
    for (std::thread &t : users)
        t.join();
    table::drop_range(100, 100 + numbers);
    for (int i = 0; i < numbers; ++i)
        EXPECT_FALSE(table::has(100 + i));
}

} // namespace

} // namespace kcapi::preload
