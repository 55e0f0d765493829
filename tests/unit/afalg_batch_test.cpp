// SPDX-License-Identifier: BSD-3-Clause
//
// submit on the kernel engine: each message has the outcome it would have alone, by whatever way the batch
// goes.
#include "unit/afalg_crypt_fixture.hpp"

#include <cerrno>

namespace {

using namespace kcapi;
using test::byte_vector;

/// Messages in memory, with what must come out.
struct messages {
    std::vector<byte_vector> in;
    std::vector<byte_vector> out;
    std::vector<iovec> in_list;
    std::vector<iovec> out_list;
    std::vector<alg::request> requests;

    messages(std::size_t count, std::size_t size, const alg::control *header) {
        for (std::size_t i = 0; i < count; ++i) {
            in.push_back(test::pattern(size));
            in.back()[0] = static_cast<std::uint8_t>(i);
            out.emplace_back(size + 16, 0xcc);
        }
        for (std::size_t i = 0; i < count; ++i) {
            in_list.push_back({in[i].data(), size});
            out_list.push_back({out[i].data(), size + 16});
        }
        for (std::size_t i = 0; i < count; ++i)
            requests.push_back({.in = {&in_list[i], 1}, .out = {&out_list[i], 1}, .header = header});
    }
};

enum class way { ring, queue, none };

class batch : public test::crypt_fixture, public ::testing::WithParamInterface<way> {
  protected:
    void choose() {
        if (GetParam() != way::ring)
            world.fail("io_uring_setup", EPERM);
        if (GetParam() == way::none)
            world.fail("io_setup", ENOSYS);
    }
    void expect_right(const messages &m, std::size_t i) {
        ASSERT_TRUE(m.requests[i].outcome) << i << ": " << m.requests[i].outcome.error().code;
        EXPECT_EQ(*m.requests[i].outcome, m.in[i].size());
        byte_vector expected = test::toy_crypt(true, iv, m.in[i]);
        expected.resize(m.out[i].size(), 0xcc);
        EXPECT_EQ(m.out[i], expected) << i;
    }
};

TEST_P(batch, for_a_device_shares_no_queue) {
    world.kernel.algorithms[0].info.hardware = true;
    const auto op = accept("cbc(aes)");
    choose();
    messages m(10, 1024, &encrypt);
    op->submit(m.requests);
    for (std::size_t i = 0; i < 10; ++i)
        expect_right(m, i);
    for (const test::system_call &call : world.all("sendmsg"))
        EXPECT_EQ(call.size, 1024u);
}

TEST_P(batch, of_whole_chunks_shares_a_queue) {
    const auto op = accept("cbc(aes)");
    choose();
    messages m(150, 1024, &encrypt);
    op->submit(m.requests);
    for (std::size_t i = 0; i < m.requests.size(); ++i)
        expect_right(m, i);
    // 64, 64 and 22 messages: the data of all in the first send of each, then a header for each but the
    // first.
    const auto sends = world.all("sendmsg");
    ASSERT_EQ(sends.size(), 150u);
    EXPECT_EQ(sends[0].size, 64u * 1024);
    EXPECT_EQ(sends[0].flags, MSG_DONTWAIT | MSG_MORE);
    EXPECT_EQ(sends[1].size, 0u);
    EXPECT_EQ(sends[1].control, sends[0].control);
    EXPECT_EQ(sends[63].flags, MSG_DONTWAIT) << "ends the message";
    EXPECT_EQ(sends[149].flags, MSG_DONTWAIT);
    EXPECT_EQ(world.count("recvmsg"), 150u);
    EXPECT_EQ(world.count("io_uring_enter"), GetParam() == way::ring ? 3u : 0u);
    EXPECT_EQ(world.count("io_submit") + world.count("accept"), 0u);
    EXPECT_EQ(world.kernel.sleeps, 0);
}

TEST_P(batch, of_a_shared_queue_ends_where_the_buffer_is_full) {
    const auto op = accept("cbc(aes)");
    choose();
    messages m(5, 80000, &encrypt);
    op->submit(m.requests);
    for (std::size_t i = 0; i < m.requests.size(); ++i)
        expect_right(m, i);
    for (const test::system_call &s : world.all("sendmsg"))
        EXPECT_LE(s.size, 160000u);
}

TEST_P(batch, of_a_shared_queue_whose_receive_comes_short_fails_from_there_and_no_further) {
    for (std::size_t bad = 1; bad <= 6; ++bad) {
        const auto op = accept("cbc(aes)");
        choose();
        world.shorten("recvmsg", 32, bad, 1);
        messages m(6, 64, &encrypt);
        const std::vector<byte_vector> plain = m.in;
        // In place: a message that is done twice is wrong.
        for (std::size_t i = 0; i < 6; ++i)
            m.out_list[i] = m.in_list[i];
        op->submit(m.requests);
        for (std::size_t i = 0; i < 6; ++i)
            if (m.requests[i].outcome)
                EXPECT_EQ(m.in[i], test::toy_crypt(true, iv, plain[i])) << bad << ' ' << i;
            else
                EXPECT_EQ(m.requests[i].outcome.error().code, EIO) << bad << ' ' << i;
        for (std::size_t i = 0; i + 1 < bad; ++i)
            EXPECT_TRUE(m.requests[i].outcome) << bad << ' ' << i;
        EXPECT_FALSE(m.requests[bad - 1].outcome) << bad;
        world.relax();
        messages again(6, 64, &encrypt);
        op->submit(again.requests);
        for (std::size_t i = 0; i < 6; ++i)
            expect_right(again, i);
    }
}

TEST_P(batch, in_place_stays_right_when_a_header_is_refused) {
    for (std::size_t bad = 1; bad <= 6; ++bad) {
        const auto op = accept("cbc(aes)");
        choose();
        world.fail("sendmsg", ENOMEM, bad, 1);
        messages m(6, 64, &encrypt);
        const std::vector<byte_vector> plain = m.in;
        for (std::size_t i = 0; i < 6; ++i)
            m.out_list[i] = m.in_list[i];
        op->submit(m.requests);
        for (std::size_t i = 0; i < 6; ++i)
            if (m.requests[i].outcome)
                EXPECT_EQ(m.in[i], test::toy_crypt(true, iv, plain[i])) << bad << ' ' << i;
            else
                EXPECT_EQ(m.requests[i].outcome.error().code, ENOMEM) << bad << ' ' << i;
        EXPECT_EQ(std::count_if(m.requests.begin(), m.requests.end(),
                                [](const alg::request &r) { return !r.outcome; }),
                  bad == 1 ? 0 : 1)
            << bad;
    }
}

TEST_P(batch, of_many_is_right_and_goes_the_way_that_is_there) {
    const auto op = accept("ctr(aes)");
    choose();
    messages m(150, 1000, &encrypt); // a queue would give the first only in part
    op->submit(m.requests);
    for (std::size_t i = 0; i < m.requests.size(); ++i)
        expect_right(m, i);
    EXPECT_EQ(world.count("io_uring_enter"), GetParam() == way::ring ? 3u : 0u);
    EXPECT_EQ(world.count("io_submit"), GetParam() == way::queue ? 3u : 0u);
    EXPECT_EQ(world.count("accept"), GetParam() == way::queue ? 63u : 0u);
    EXPECT_EQ(world.kernel.sleeps, 0);
}

TEST_P(batch, refusal_is_remembered) {
    const auto op = accept("ctr(aes)");
    choose();
    for (int round = 0; round < 3; ++round) {
        messages m(4, 65, &encrypt);
        op->submit(m.requests);
        for (std::size_t i = 0; i < 4; ++i)
            expect_right(m, i);
    }
    EXPECT_EQ(world.count("io_uring_setup"), 1u);
    EXPECT_EQ(world.count("io_setup"), GetParam() == way::ring ? 0u : 1u);
}

TEST_P(batch, failure_of_one_is_its_own) {
    const auto op = accept("cbc(aes)");
    choose();
    messages m(5, 64, &encrypt);
    m.in_list[1].iov_len = 17; // no whole blocks
    m.in_list[3].iov_len = 63;
    op->submit(m.requests);
    EXPECT_EQ(m.requests[1].outcome.error().code, EINVAL);
    EXPECT_EQ(m.requests[3].outcome.error().code, EINVAL);
    for (const std::size_t i : {0U, 2U, 4U})
        expect_right(m, i);
    messages again(5, 64, &encrypt);
    op->submit(again.requests);
    for (std::size_t i = 0; i < 5; ++i)
        expect_right(again, i);
}

TEST_P(batch, message_after_it_goes_on_from_the_last) {
    const auto op = accept("ctr(aes)");
    choose();
    messages m(3, 64, &encrypt);
    op->submit(m.requests);
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 64), 32);
}

TEST_P(batch, of_messages_that_cannot_go_together_is_right) {
    const auto op = accept("cbc(aes)");
    choose();
    messages large(3, 400000, &encrypt);
    op->submit(large.requests);
    for (std::size_t i = 0; i < 3; ++i)
        expect_right(large, i);
    messages empty(2, 64, &encrypt);
    empty.in_list[0].iov_len = 0;
    op->submit(empty.requests);
    EXPECT_EQ(*empty.requests[0].outcome, 0u);
    expect_right(empty, 1);
    messages small_output(2, 64, &encrypt);
    small_output.out_list[0].iov_len = 63;
    op->submit(small_output.requests);
    EXPECT_EQ(small_output.requests[0].outcome.error().code, EINVAL);
    expect_right(small_output, 1);
    op->submit({});
}

TEST_P(batch, nth_call_fails_cleanly) {
    for (std::size_t n = 1;; ++n) {
        const auto op = accept("cbc(aes)");
        const std::size_t descriptors = world.kernel.open_descriptors();
        choose();
        world.fail_nth(n, EIO);
        messages m(3, 64, &encrypt);
        op->submit(m.requests);
        const bool failed = world.failed();
        world.relax();
        EXPECT_LE(world.kernel.open_descriptors(), descriptors + 2) << n;
        for (const alg::request &r : m.requests) {
            if (r.outcome)
                expect_right(m, static_cast<std::size_t>(&r - m.requests.data()));
            else
                EXPECT_TRUE(r.outcome.error().code == EIO || r.outcome.error().code == EINVAL) << n;
        }
        messages again(3, 64, &encrypt);
        op->submit(again.requests);
        for (std::size_t i = 0; i < 3; ++i)
            expect_right(again, i);
        EXPECT_EQ(world.kernel.sleeps, 0) << n;
        if (!failed || n > 60)
            break;
    }
}

INSTANTIATE_TEST_SUITE_P(
    ways, batch, ::testing::Values(way::ring, way::queue, way::none), [](const auto &param) {
        return std::string(param.param == way::ring ? "ring" : param.param == way::queue ? "queue" : "none");
    });

} // namespace
