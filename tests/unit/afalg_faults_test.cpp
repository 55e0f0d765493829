// SPDX-License-Identifier: BSD-3-Clause
//
// The n-th system call fails, n = 1, 2, ... until nothing is left to fail: each time the number comes back,
// no descriptor stays behind, nothing sleeps, and the next message is right.
#include "afalg/engine.hpp"
#include "support/fake_sys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <thread>

namespace {

using namespace kcapi;
using test::byte_vector;
using test::toy_cipher;

const std::array<std::uint8_t, 16> key{1, 2, 3};
const std::array<std::uint8_t, 16> iv{9, 8, 7, 6};

void populate(test::fake_world &world) {
    world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true),
                               toy_cipher("xts(aes)", "xts-aes-fast", 400, 16, 16, 16, false)};
    world.kernel.may_force = true;
}

/// One message; true if it came out right, false if it failed.
bool message(alg::operation &op, std::size_t size, std::size_t outs, alg::transfer how, int &code) {
    byte_vector in(size, 0x5a);
    byte_vector out(size);
    const iovec in_vector{in.data(), size};
    std::vector<iovec> out_list;
    for (std::size_t i = 0; i < outs; ++i)
        out_list.push_back(
            {out.data() + size / outs * i, i + 1 == outs ? size - size / outs * i : size / outs});
    const alg::control header{alg::op_code::encrypt, base::bytes(iv), 0};
    const result<std::size_t> r = op.crypt({{&in_vector, 1}, out_list, &header, how});
    if (!r) {
        code = r.error().code;
        return false;
    }
    EXPECT_EQ(*r, size);
    EXPECT_EQ(out, test::toy_crypt(true, iv, in));
    return true;
}

struct scenario {
    const char *name;
    const char *algorithm;
    std::size_t size;
    std::size_t outs;
    alg::transfer how;
};

class nth_call : public ::testing::TestWithParam<scenario> {};

TEST_P(nth_call, fails_cleanly) {
    const scenario &s = GetParam();
    bool reached = true;
    std::size_t failures = 0;
    for (std::size_t n = 1; reached; ++n) {
        ASSERT_LT(n, 500u);
        test::fake_world world;
        populate(world);
        world.kernel.ends_pass_at_elements = true;
        world.fail_nth(n, EDOM);
        {
            const auto engine = afalg::make_engine();
            const auto t = engine->open(alg::kind::skcipher, s.algorithm);
            int code = t ? 0 : t.error().code;
            if (t) {
                const auto set = (*t)->set(alg::parameter::key, key);
                code = set ? 0 : set.error().code;
                auto op = (*t)->accept();
                code = op ? code : op.error().code;
                if (set && op) {
                    for (int i = 0; i < 3; ++i) {
                        // The fault happens once: whatever it left behind, a later message must come out
                        // right.
                        const bool past = world.failed();
                        int number = 0;
                        const bool good = message(**op, s.size, s.outs, s.how, number);
                        EXPECT_TRUE(good || !past) << n << ": errno " << number;
                        EXPECT_TRUE(good || number == EDOM || number == EMSGSIZE)
                            << n << ": errno " << number;
                        code = good ? code : number;
                    }
                } else {
                    EXPECT_EQ(code, EDOM) << n;
                }
            }
            EXPECT_TRUE(code == 0 || world.failed());
            failures += code != 0;
        }
        reached = world.failed();
        EXPECT_EQ(world.kernel.open_descriptors(), 0u) << n;
        EXPECT_EQ(world.kernel.sleeps, 0) << n;
    }
    EXPECT_GE(failures, 5u);
}

INSTANTIATE_TEST_SUITE_P(of, nth_call,
                         ::testing::Values(scenario{"small", "cbc(aes)", 64, 1, alg::transfer::any},
                                           scenario{"scattered", "cbc(aes)", 212992, 100, alg::transfer::any},
                                           scenario{"pieces", "cbc(aes)", 1 << 20, 3, alg::transfer::any},
                                           scenario{"raised", "xts(aes)", 1 << 20, 1, alg::transfer::any},
                                           scenario{"spliced", "cbc(aes)", 400000, 3, alg::transfer::splice},
                                           scenario{"spliced_whole", "xts(aes)", 65536, 1,
                                                    alg::transfer::splice}),
                         [](const auto &each) { return each.param.name; });

TEST(every_call_of_a_kind, failing_for_good_ends_in_an_error_and_leaks_nothing) {
    for (const char *call : {"socket", "bind", "accept", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
                             "netlink", "read_file", "pipe", "vmsplice", "splice", "set_pipe_size"})
        for (const int code : {EMFILE, EPERM, ENOSYS, ENOMEM, EINTR, EAGAIN}) {
            test::fake_world world;
            populate(world);
            const std::string_view name = call;
            world.fail(call, code);
            const auto engine = afalg::make_engine();
            const auto t = engine->open(alg::kind::skcipher, "cbc(aes)");
            if (t) {
                const auto set = (*t)->set(alg::parameter::key, key);
                auto op = (*t)->accept();
                int number = 0;
                if (set && op) {
                    const bool good = message(**op, 400000, 2, alg::transfer::splice, number);
                    const bool dispensable = name == "netlink" || name == "read_file" || name == "pipe" ||
                                             name == "vmsplice" || name == "splice" ||
                                             name == "set_pipe_size";
                    EXPECT_EQ(good, dispensable) << call << code;
                    if (!good) {
                        EXPECT_EQ(number, code) << call;
                    }
                }
            }
            EXPECT_EQ(world.kernel.sleeps, 0);
        }
}

TEST(threads, share_a_transform_and_an_operation) {
    test::fake_world world;
    populate(world);
    const auto engine = afalg::make_engine();
    const auto t = *engine->open(alg::kind::skcipher, "cbc(aes)");
    ASSERT_TRUE(t->set(alg::parameter::key, key));
    const auto shared = std::move(*t->accept());
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            const auto own = std::move(*t->accept());
            for (int k = 0; k < 20; ++k) {
                int code = 0;
                good += message(*own, 300000, 2, k % 2 ? alg::transfer::splice : alg::transfer::any, code);
                good += message(*shared, 300000, 2, k % 2 ? alg::transfer::splice : alg::transfer::any, code);
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    EXPECT_EQ(good, 160);
    EXPECT_EQ(world.kernel.sleeps, 0);
}

} // namespace
