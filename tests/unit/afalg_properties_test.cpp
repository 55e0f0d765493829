// SPDX-License-Identifier: BSD-3-Clause
//
// How the kernel engine learns what an algorithm is like, whoever answers, lies or is absent; and what it
// keeps.
#include "afalg/engine.hpp"
#include "afalg/state.hpp"
#include "base/log.hpp"
#include "support/fake_sys.hpp"

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <thread>

namespace {

using namespace kcapi;
using test::toy_cipher;

class properties : public ::testing::Test {
  protected:
    properties() {
        // Newest first: the newest is not the best.
        world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc(aes-slow)", 100, 16, 16, 16, true),
                                   toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true),
                                   toy_cipher("ctr(aes)", "ctr-aes-fast", 400, 1, 16, 16, true)};
    }

    result<alg::properties> open(std::string_view name, alg::kind type = alg::kind::skcipher) {
        const auto t = engine->open(type, name);
        if (!t)
            return t.error();
        return (*t)->info();
    }

    test::fake_world world;
    std::unique_ptr<alg::engine> engine = afalg::make_engine();
};

TEST_F(properties, come_from_netlink_and_the_list) {
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->name, "cbc(aes)");
    EXPECT_EQ(p->driver_name, "cbc-aes-fast");
    EXPECT_EQ(p->priority, 400);
    EXPECT_EQ(p->block_size, 16u);
    EXPECT_EQ(p->chunk_size, 16u);
    EXPECT_EQ(p->iv_size, 16u);
    EXPECT_EQ(p->min_key_size, 16u);
    EXPECT_EQ(p->max_key_size, 32u);
    EXPECT_EQ(world.count("netlink"), 1u);
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

TEST_F(properties, of_a_driver_name_have_the_official_name) {
    const auto p = open("cbc(aes-slow)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->name, "cbc(aes)");
    EXPECT_EQ(p->driver_name, "cbc(aes-slow)");
    EXPECT_EQ(p->priority, 100);
}

TEST_F(properties, are_asked_for_once_per_name) {
    ASSERT_TRUE(open("cbc(aes)"));
    ASSERT_TRUE(open("ctr(aes)"));
    EXPECT_EQ(world.count("netlink"), 2u);
    const std::size_t reads = world.count("read_file");
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(open("cbc(aes)"));
        ASSERT_TRUE(open("ctr(aes)"));
    }
    EXPECT_EQ(world.count("netlink"), 2u);
    EXPECT_EQ(world.count("read_file"), reads);
    EXPECT_EQ(world.count("socket"), 12u) << "each opens its own socket";
}

TEST_F(properties, failure_is_not_kept) {
    world.kernel.netlink_error = EPERM;
    world.proc_readable = false;
    EXPECT_FALSE(open("cbc-aes-fast"));
    world.kernel.netlink_error = 0;
    EXPECT_TRUE(open("cbc-aes-fast"));
}

TEST_F(properties, of_very_many_names_are_bounded_and_right) {
    world.kernel.algorithms.clear();
    for (int i = 0; i < 1100; ++i)
        world.kernel.algorithms.push_back(
            toy_cipher("mode" + std::to_string(i), "driver" + std::to_string(i), 1, 16, 16, 16, true));
    afalg::property_cache cache;
    afalg::kernel_probe probe;
    world.proc_crypto = "";
    for (int i = 0; i < 1100; ++i)
        ASSERT_TRUE(cache.find(alg::kind::skcipher, "mode" + std::to_string(i), probe));
    world.relax();
    ASSERT_TRUE(cache.find(alg::kind::skcipher, "mode5", probe));
    EXPECT_EQ(world.count("netlink"), 0u);
    const auto last = cache.find(alg::kind::skcipher, "mode1099", probe);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->driver_name, "driver1099");
    EXPECT_EQ(world.count("netlink"), 1u) << "what does not fit is asked again";
}

TEST_F(properties, survive_the_absence_of_netlink) {
    for (const int code : {EPROTONOSUPPORT, EAFNOSUPPORT, EPERM, EACCES, EMFILE}) {
        engine = afalg::make_engine();
        world.kernel.netlink_error = code;
        const auto p = open("cbc(aes)");
        ASSERT_TRUE(p) << code;
        EXPECT_EQ(p->driver_name, "cbc-aes-fast");
        EXPECT_EQ(p->iv_size, 16u);
        EXPECT_EQ(p->chunk_size, 16u);
    }
}

TEST_F(properties, survive_a_netlink_that_refuses_to_talk) {
    for (const char *call : {"sendmsg", "recvmsg"}) {
        engine = afalg::make_engine();
        world.relax();
        world.fail(call, ECONNREFUSED);
        const auto p = open("cbc(aes)");
        ASSERT_TRUE(p) << call;
        EXPECT_EQ(p->driver_name, "cbc-aes-fast");
    }
    engine = afalg::make_engine();
    world.relax();
    world.fail("bind", EPERM, 2);
    EXPECT_TRUE(open("cbc(aes)")) << "the second bind is netlink's";
}

TEST_F(properties, without_the_list_come_from_netlink_alone) {
    world.proc_readable = false;
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->driver_name, "cbc-aes-fast") << "by its list of all";
    EXPECT_EQ(p->priority, 400);
    EXPECT_EQ(p->chunk_size, 16u);
    const auto c = open("ctr(aes)");
    ASSERT_TRUE(c);
    EXPECT_EQ(c->block_size, 1u);
    EXPECT_EQ(c->chunk_size, 16u) << "derived";
}

TEST_F(properties, without_anybody_come_from_the_name) {
    world.proc_readable = false;
    world.kernel.netlink_error = EPROTONOSUPPORT;
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->name, "cbc(aes)");
    EXPECT_EQ(p->driver_name, "");
    EXPECT_EQ(p->block_size, 16u);
    EXPECT_EQ(p->iv_size, 16u);
}

struct log_capture {
    log_capture() {
        base::set_log_level(base::log_level::debug);
        base::set_log_sink(
            [](void *c, int level, const char *m) { static_cast<log_capture *>(c)->add(level, m); }, this);
    }
    ~log_capture() {
        base::set_log_sink(nullptr, nullptr);
        base::set_log_level(base::log_level::none);
    }
    void add(int level, const char *m) {
        if (level == static_cast<int>(base::log_level::error))
            errors.emplace_back(m);
    }
    std::vector<std::string> errors;
};

TEST_F(properties, that_nobody_knows_fail_the_open_with_the_first_error) {
    world.kernel.algorithms.push_back(toy_cipher("odd(toy)", "odd-toy", 1, 16, 16, 16, false));
    world.proc_readable = false;
    world.kernel.netlink_error = EPROTONOSUPPORT;
    const log_capture log;
    const auto p = open("odd(toy)");
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, EPROTONOSUPPORT);
    ASSERT_EQ(log.errors.size(), 1u);
    EXPECT_NE(log.errors[0].find("odd(toy)"), std::string::npos);
    EXPECT_NE(log.errors[0].find("/proc/crypto cannot be read"), std::string::npos);
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

// Each of these replies is a lie; /proc/crypto is unreadable, and the name is one that no table has.
struct lie {
    const char *what;
    int code;
    void (*tell)(test::byte_vector &);
};

class lying_netlink : public ::testing::TestWithParam<lie> {};

TEST_P(lying_netlink, is_not_believed) {
    test::fake_world world;
    world.kernel.algorithms = {toy_cipher("odd(toy)", "odd-toy", 1, 16, 16, 16, false)};
    world.proc_readable = false;
    const auto engine = afalg::make_engine();
    ASSERT_TRUE(engine->open(alg::kind::skcipher, "odd(toy)")) << "the truth is believed";
    world.kernel.tamper = GetParam().tell;
    const auto liar = afalg::make_engine();
    const auto t = liar->open(alg::kind::skcipher, "odd(toy)");
    ASSERT_FALSE(t);
    EXPECT_EQ(t.error().code, GetParam().code);
    // With somebody else to ask, the lie does no harm.
    world.proc_readable = true;
    const auto u = liar->open(alg::kind::skcipher, "odd(toy)");
    ASSERT_TRUE(u);
    EXPECT_EQ((*u)->info().block_size, 16u);
    EXPECT_EQ(world.kernel.sleeps, 0);
}

INSTANTIATE_TEST_SUITE_P(
    each, lying_netlink,
    ::testing::Values(
        lie{"sequence", EAGAIN, [](test::byte_vector &d) { d[8] ^= 0x40; }},
        lie{"truncated", EPROTO, [](test::byte_vector &d) { d.resize(d.size() - 1); }},
        lie{"truncated_attribute", EPROTO,
            [](test::byte_vector &d) {
                d.resize(std::min<std::size_t>(d.size(), 236));
                d[0] = 236;
                d[1] = 0;
            }},
        lie{"oversized", EPROTO,
            [](test::byte_vector &d) {
                d[0] = 0xff;
                d[1] = 0xff;
            }},
        lie{"datagram_larger_than_any_buffer", EPROTO, [](test::byte_vector &d) { d.resize(100000); }},
        lie{"error", ENOMEM, [](test::byte_vector &d) { d = test::error_message(ENOMEM, d[8]); }},
        lie{"acknowledgement", EPROTO, [](test::byte_vector &d) { d = test::error_message(0, d[8]); }},
        lie{"end_of_list", ENOENT, [](test::byte_vector &d) { d = test::done_message(d[8]); }},
        lie{"empty_datagram", EAGAIN, [](test::byte_vector &d) { d.clear(); }},
        lie{"another_name", EPROTO,
            [](test::byte_vector &d) {
                if (d.size() > 300) { // a report, not an error
                    d[16] = 'x';
                    d[16 + 64] = 'x';
                }
            }},
        lie{"another_type", EPROTO,
            [](test::byte_vector &d) {
                if (d.size() > 16)
                    d[4] = 0x11;
            }}),
    [](const auto &each) { return each.param.what; });

TEST_F(properties, of_another_kind_do_not_count) {
    // The cipher's name is a hash's for netlink, which knows no kinds.
    test::toy_algorithm hash;
    hash.info.type = alg::kind::hash;
    hash.info.name = "cbc(aes)";
    hash.info.driver_name = "joker";
    hash.info.block_size = 64;
    hash.info.digest_size = 32;
    world.kernel.algorithms.insert(world.kernel.algorithms.begin(), hash);
    world.proc_readable = false;
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->type, alg::kind::skcipher);
    EXPECT_EQ(p->block_size, 16u);
    EXPECT_EQ(p->digest_size, 0u);
}

TEST_F(properties, from_another_process_do_not_count) {
    world.kernel.netlink_sender = 1234;
    world.proc_readable = false;
    EXPECT_TRUE(open("cbc(aes)")) << "by the table";
    EXPECT_EQ(open("cbc(aes)")->driver_name, "");
}

TEST_F(properties, of_a_long_name_come_from_the_list) {
    const std::string name = "cbc(" + std::string(80, 'a') + ")";
    world.kernel.algorithms.push_back(toy_cipher(name, "long-driver", 7, 16, 16, 16, true));
    const auto p = open(name);
    ASSERT_TRUE(p);
    EXPECT_EQ(p->name, name);
    EXPECT_EQ(p->driver_name, "long-driver");
}

TEST_F(properties, name_the_device_where_the_kernel_gives_it_away) {
    test::toy_algorithm device = toy_cipher("cbc(aes)", "cbc-aes-chip", 3000, 16, 16, 16, true);
    device.async = device.info.hardware = true;
    world.kernel.algorithms.push_back(device);
    test::toy_algorithm sha;
    sha.info.type = alg::kind::hash;
    sha.info.name = "sha256";
    sha.info.driver_name = "sha256-lib";
    sha.info.block_size = 64;
    sha.info.digest_size = 32;
    world.kernel.algorithms.push_back(sha);
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->driver_name, "cbc-aes-chip");
    EXPECT_TRUE(p->hardware);

    // A kernel from 7.2 on keeps the device from us.
    world.kernel.obeys_mask = false;
    engine = afalg::make_engine();
    const auto q = open("cbc(aes)");
    ASSERT_TRUE(q);
    EXPECT_EQ(q->driver_name, "cbc-aes-fast");
    EXPECT_FALSE(q->hardware);
}

TEST_F(properties, only_implementation_needs_no_probing) {
    world.kernel.algorithms.back().async = true;
    const auto p = open("ctr(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->driver_name, "ctr-aes-fast");
    EXPECT_EQ(world.count("socket"), 1u);
}

TEST_F(properties, wrapped_instructions_need_no_probing) {
    test::toy_algorithm part = toy_cipher("__cbc(aes)", "__cbc-aes-fast", 400, 16, 16, 16, true);
    part.internal = true;
    world.kernel.algorithms.push_back(part);
    world.kernel.algorithms[1].async = true;
    const auto p = open("cbc(aes)");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->driver_name, "cbc-aes-fast");
    EXPECT_EQ(world.count("socket"), 1u);
}

TEST_F(properties, can_be_asked_for_by_many_threads) {
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 50; ++k)
                good += open(k % 2 == 0 ? "cbc(aes)" : "ctr(aes)").has_value();
        });
    for (std::thread &t : threads)
        t.join();
    EXPECT_EQ(good, 200);
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

class hardware : public ::testing::Test {
  protected:
    hardware() {
        test::toy_algorithm sha;
        sha.info.type = alg::kind::hash;
        sha.info.name = "sha256";
        sha.info.driver_name = "sha256-lib";
        sha.info.block_size = 64;
        sha.info.digest_size = 32;
        world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true), sha};
    }
    void add_device() {
        test::toy_algorithm device = toy_cipher("cbc(aes)", "cbc-aes-chip", 3000, 16, 16, 16, true);
        device.async = device.info.hardware = true;
        world.kernel.algorithms.insert(world.kernel.algorithms.begin(), device);
    }
    bool serves(std::string_view name = "cbc(aes)") {
        return probe.hardware_serves(alg::kind::skcipher, name);
    }

    test::fake_world world;
    afalg::kernel_probe probe;
};

TEST_F(hardware, absent_costs_one_look) {
    EXPECT_FALSE(serves());
    EXPECT_FALSE(serves());
    EXPECT_FALSE(serves("ctr(aes)"));
    EXPECT_EQ(world.calls.size(), 1u);
    EXPECT_EQ(world.count("read_file"), 1u);
}

TEST_F(hardware, present_serves) {
    add_device();
    EXPECT_TRUE(serves());
    EXPECT_TRUE(serves("cbc-aes-chip"));
    EXPECT_FALSE(serves("ctr(aes)"));
    EXPECT_FALSE(probe.hardware_serves(alg::kind::hash, "cbc(aes)"));
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

TEST_F(hardware, that_does_not_say_so_itself_serves_too) {
    add_device();
    test::toy_algorithm &device = world.kernel.algorithms[0];
    device.info.hardware = false;
    device.allocates = true;
    EXPECT_TRUE(serves());
    // Without netlink nothing tells it from a wrapper.
    world.kernel.netlink_error = EPROTONOSUPPORT;
    afalg::kernel_probe blind;
    EXPECT_FALSE(blind.hardware_serves(alg::kind::skcipher, "cbc(aes)"));
}

TEST_F(hardware, present_serves_without_netlink) {
    add_device();
    world.kernel.netlink_error = EPROTONOSUPPORT;
    EXPECT_TRUE(serves());
}

TEST_F(hardware, of_lower_priority_does_not_serve) {
    add_device();
    world.kernel.algorithms[0].info.priority = 10;
    EXPECT_FALSE(serves());
    EXPECT_EQ(world.count("socket"), 0u) << "the list answers: nothing is bound for it";
}

TEST_F(hardware, is_out_of_reach_where_the_kernel_lists_it_and_does_not_bind_it) {
    add_device();
    world.kernel.obeys_mask = false;
    EXPECT_FALSE(serves());
    EXPECT_FALSE(serves("cbc-aes-chip"));
    world.kernel.netlink_error = EPROTONOSUPPORT;
    afalg::kernel_probe blind;
    EXPECT_FALSE(blind.hardware_serves(alg::kind::skcipher, "cbc(aes)"));
}

TEST_F(hardware, is_not_assumed_where_this_user_may_not_have_it) {
    add_device();
    world.kernel.algorithms[0].bindable = false;
    EXPECT_FALSE(serves());
}

TEST_F(hardware, is_not_assumed_where_the_probe_itself_is_refused) {
    // Without netlink, and with a kernel that allows ordinary users a few names only: sha256 is refused with
    // and without mask.
    add_device();
    world.kernel.netlink_error = EPROTONOSUPPORT;
    world.kernel.algorithms.back().bindable = false;
    EXPECT_FALSE(serves());
}

TEST_F(hardware, is_not_assumed_after_any_error) {
    add_device();
    world.kernel.socket_error = EPERM;
    EXPECT_FALSE(serves());
    afalg::kernel_probe blind;
    world.proc_readable = false;
    EXPECT_FALSE(blind.hardware_serves(alg::kind::skcipher, "cbc(aes)"));
}

TEST_F(hardware, probe_of_the_process_answers_too) {
    EXPECT_FALSE(afalg::hardware_serves(alg::kind::skcipher, "cbc(aes)"));
    EXPECT_FALSE(afalg::hardware_serves(alg::kind::skcipher, "cbc(aes)"));
    EXPECT_LE(world.calls.size(), 1u);
}

TEST(listing, is_the_kernels_best_first) {
    test::fake_world world;
    test::toy_algorithm internal = toy_cipher("__cbc(aes)", "__cbc-aes-fast", 400, 16, 16, 16, true);
    internal.internal = true;
    test::toy_algorithm failed = toy_cipher("xts(aes)", "xts-bad", 400, 16, 16, 16, true);
    failed.tested = false;
    world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc(aes-slow)", 100, 16, 16, 16, true), internal,
                               failed, toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true),
                               toy_cipher("ctr(aes)", "ctr-aes-fast", 400, 1, 16, 16, true)};
    for (const int netlink : {0, EPROTONOSUPPORT}) {
        world.kernel.netlink_error = netlink;
        std::vector<std::string> seen;
        afalg::make_engine()->list([&](const alg::properties &p) {
            seen.push_back(p.driver_name);
            EXPECT_EQ(p.chunk_size, 16u);
        });
        EXPECT_EQ(seen, (std::vector<std::string>{"cbc-aes-fast", "cbc(aes-slow)", "ctr-aes-fast"}));
    }
    world.proc_readable = false;
    int count = 0;
    afalg::make_engine()->list([&](const alg::properties &) { ++count; });
    EXPECT_EQ(count, 0);
}

} // namespace
