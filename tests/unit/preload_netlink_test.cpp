// SPDX-License-Identifier: BSD-3-Clause
//
// The answers of NETLINK_CRYPTO: against what a kernel answered, and to requests of any shape.
#include "preload_listing_test.hpp"

#include "afalg/listing.hpp"
#include "preload/listing/netlink.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <random>

namespace {

using namespace kcapi;
using preload::algorithm_body;
using preload::datagram;
using preload::replies;
using test::listed;
using test::listed_engine;

constexpr std::uint32_t port = 4711;
constexpr std::uint32_t sequence = 77;

struct query {
    nlmsghdr head;
    algorithm_body body;
};

query ask(std::uint16_t type, std::uint16_t flags, std::string_view name, std::string_view driver = {}) {
    query q{};
    q.head = {sizeof q, type, flags, sequence, 12345};
    name.copy(q.body.name, sizeof q.body.name);
    driver.copy(q.body.driver_name, sizeof q.body.driver_name);
    return q;
}

template <class T>
datagram bytes_of(const T &value) {
    const auto *const p = reinterpret_cast<const std::uint8_t *>(&value);
    return {p, p + sizeof value};
}

datagram operator+(datagram a, const datagram &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

nlmsghdr head_of(const datagram &d) {
    nlmsghdr h{};
    EXPECT_GE(d.size(), sizeof h);
    std::memcpy(&h, d.data(), std::min(d.size(), sizeof h));
    return h;
}

/// The kernel's number in an error message; 1 if it is none.
int error_in(const datagram &d) {
    nlmsgerr e{};
    if (d.size() < sizeof(nlmsghdr) + sizeof e || head_of(d).nlmsg_type != NLMSG_ERROR)
        return 1;
    std::memcpy(&e, d.data() + sizeof(nlmsghdr), sizeof e);
    return e.error;
}

class netlink : public testing::Test {
  protected:
    static alg::properties cipher(std::string name, std::string driver, int priority) {
        alg::properties p = listed(alg::kind::skcipher, std::move(name), std::move(driver), priority);
        p.block_size = p.min_key_size = p.iv_size = 16;
        p.max_key_size = 32;
        return p;
    }

    replies send(const datagram &d) { return preload::answer(engine, d, from); }
    replies send(const query &q) { return send(bytes_of(q)); }
    /// The only answer; its error.
    int error_of(const datagram &d) {
        const replies r = send(d);
        EXPECT_EQ(r.now.size(), 1u);
        return r.now.size() == 1 ? error_in(r.now[0]) : 1;
    }
    int error_of(const query &q) { return error_of(bytes_of(q)); }
    /// The driver in the only answer, as the kernel engine reads it.
    std::string driver_in(const replies &r) {
        std::vector<afalg::record> read;
        if (r.now.size() != 1 || !r.rest_of_list.empty())
            return "not one answer";
        const result<bool> complete = afalg::parse_reply(r.now[0], sequence, read);
        return complete && *complete && read.size() == 1 ? read[0].info.driver_name : "";
    }

    listed_engine engine{{cipher("cbc(aes)", "cbc-best", 400), cipher("cbc(aes)", "cbc-other", 100),
                          listed(alg::kind::hash, "sha256", "sha256-x", 1),
                          listed(alg::kind::hash, "hmac(sha256)", "hmac(sha256-x)", 1)}};
    preload::asker from{port};
};

TEST_F(netlink, reports_are_the_kernels_to_the_byte) {
    std::ifstream in(KCAPI_REPORTS);
    std::map<std::string, datagram> recorded;
    std::string line;
    datagram *current = nullptr;
    while (std::getline(in, line)) {
        if (line.starts_with('#'))
            continue;
        if (!line.starts_with(' ')) {
            current = &recorded[line];
            continue;
        }
        ASSERT_NE(current, nullptr);
        for (std::size_t i = 4; i + 2 <= line.size(); i += 2)
            current->push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
    }
    alg::properties ctr = cipher("ctr(aes)", "ctr-aes-aesni", 400);
    ctr.block_size = 1;
    alg::properties xts = cipher("xts(aes)", "xts-aes-aesni-avx", 500);
    xts.min_key_size = 32;
    xts.max_key_size = 64;
    alg::properties gcm = listed(alg::kind::aead, "gcm(aes)", "generic-gcm-aesni-avx", 500);
    gcm.block_size = 1;
    gcm.max_tag_size = 16;
    gcm.iv_size = 12;
    alg::properties hmac = listed(alg::kind::hash, "hmac(sha256)", "hmac(sha256-avx2)", 170);
    hmac.block_size = 64;
    hmac.digest_size = 32;
    listed_engine same({ctr, xts, gcm, hmac, listed(alg::kind::rng, "stdrng", "drbg_nopr_hmac_sha512", 217),
                        listed(alg::kind::akcipher, "rsa", "rsa-generic", 100),
                        listed(alg::kind::kpp, "dh", "dh-generic", 100)});
    ASSERT_EQ(recorded.size(), 7u);
    for (auto &[name, message] : recorded) {
        SCOPED_TRACE(name);
        const replies r = preload::answer(same, bytes_of(ask(0x13, NLM_F_REQUEST, name)), from);
        ASSERT_EQ(r.now.size(), 1u);
        const nlmsghdr head = head_of(r.now[0]);
        EXPECT_EQ(head.nlmsg_len, r.now[0].size());
        EXPECT_EQ(head.nlmsg_type, 0x13);
        EXPECT_EQ(head.nlmsg_flags, 0);
        EXPECT_EQ(head.nlmsg_seq, sequence);
        EXPECT_EQ(head.nlmsg_pid, port);
        // What is the kernel's own: who owns the code, who else uses it, and that its cipher is asynchronous.
        ASSERT_GE(message.size(), sizeof(algorithm_body));
        algorithm_body body;
        std::memcpy(&body, message.data(), sizeof body);
        std::memset(body.module_name, 0, sizeof body.module_name);
        std::memcpy(body.module_name, preload::listed_module, sizeof preload::listed_module);
        body.references = 2;
        body.flags &= ~0x80u;
        std::memcpy(message.data(), &body, sizeof body);
        EXPECT_EQ(datagram(r.now[0].begin() + sizeof head, r.now[0].end()), message);
    }
}

TEST_F(netlink, a_name_finds_what_serves_it) {
    EXPECT_EQ(driver_in(send(ask(0x13, NLM_F_REQUEST, "cbc(aes)"))), "cbc-best");
    EXPECT_EQ(driver_in(send(ask(0x13, NLM_F_REQUEST, "", "cbc-other"))), "cbc-other");
    EXPECT_EQ(driver_in(send(ask(0x13, NLM_F_REQUEST, "nonsense", "cbc-other"))), "cbc-other")
        << "a driver's name alone counts";
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, "cbc-best")), -ENOENT) << "no driver by the name field";
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, "", "cbc(aes)")), -ENOENT) << "no name by the driver field";
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, "nosuch")), -ENOENT);
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, "")), -ENOENT);
}

TEST_F(netlink, type_and_mask_choose) {
    query q = ask(0x13, NLM_F_REQUEST, "sha256");
    q.body.type = 0xe;
    q.body.mask = 0xf;
    EXPECT_EQ(driver_in(send(q)), "sha256-x");
    q.body.type = 5;
    EXPECT_EQ(error_of(q), -ENOENT);
    q.body.mask = 0;
    EXPECT_EQ(driver_in(send(q)), "sha256-x");
    q.body.type = q.body.mask = 0x2000;
    EXPECT_EQ(error_of(q), -ENOENT) << "nothing here is internal";
    q.body.type = 0x40e;
    q.body.mask = 0xffffffff;
    EXPECT_EQ(driver_in(send(q)), "sha256-x");
    query hmac = ask(0x13, NLM_F_REQUEST, "hmac(sha256)");
    hmac.body.type = hmac.body.mask = 0x800;
    EXPECT_EQ(driver_in(send(hmac)), "hmac(sha256-x)") << "made by a template";
}

TEST_F(netlink, a_driver_of_the_kernel_is_the_one_that_stands_for_it) {
    engine.alias = "sha256-generic";
    const replies r = send(ask(0x13, NLM_F_REQUEST, "", "sha256-generic"));
    std::vector<afalg::record> read;
    ASSERT_EQ(r.now.size(), 1u);
    ASSERT_TRUE(afalg::parse_reply(r.now[0], sequence, read));
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].info.name, "cbc(aes)") << "whatever the engine opens";
    EXPECT_EQ(read[0].info.driver_name, "sha256-generic");
    engine.alias = "cbc(aes-generic)";
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, "", "cbc(aes-generic)")), -ENOENT)
        << "a question builds nothing";
}

TEST_F(netlink, an_untested_driver_is_tested_when_it_is_asked_for) {
    alg::properties bad = cipher("cbc(aes)", "bad", 9);
    alg::properties good = cipher("cbc(aes)", "good", 8);
    bad.state = good.state = alg::self_test::unknown;
    listed_engine e({bad, good});
    e.broken = "bad";
    EXPECT_EQ(driver_in(preload::answer(e, bytes_of(ask(0x13, NLM_F_REQUEST, "cbc(aes)")), from)), "good");
    const replies r = preload::answer(e, bytes_of(ask(0x13, NLM_F_REQUEST, "", "bad")), from);
    std::vector<afalg::record> read;
    ASSERT_EQ(r.now.size(), 1u);
    ASSERT_TRUE(afalg::parse_reply(r.now[0], sequence, read));
    ASSERT_EQ(read.size(), 1u);
    EXPECT_FALSE(read[0].tested);
}

TEST_F(netlink, the_list_has_everything_and_ends) {
    for (const std::uint16_t flags : std::to_array<std::uint16_t>({0x301, 0x305, 0x101, 0x201})) {
        const replies r = send(ask(0x13, flags, ""));
        ASSERT_EQ(r.now.size(), 1u);
        ASSERT_EQ(r.rest_of_list.size(), 1u);
        std::vector<afalg::record> read;
        const result<bool> part = afalg::parse_reply(r.now[0], sequence, read);
        ASSERT_TRUE(part);
        EXPECT_FALSE(*part);
        EXPECT_EQ(read.size(), 4u);
        EXPECT_EQ(head_of(r.now[0]).nlmsg_flags, NLM_F_MULTI);
        const datagram &end = r.rest_of_list[0];
        const nlmsghdr head = head_of(end);
        EXPECT_EQ(end.size(), 20u);
        EXPECT_EQ(head.nlmsg_len, 20u);
        EXPECT_EQ(head.nlmsg_type, NLMSG_DONE);
        EXPECT_EQ(head.nlmsg_flags, NLM_F_MULTI);
        EXPECT_EQ(head.nlmsg_seq, sequence);
        EXPECT_EQ(head.nlmsg_pid, port);
    }
    const nlmsghdr bare{sizeof(nlmsghdr), 0x13, 0x301, sequence, 0};
    EXPECT_EQ(send(bytes_of(bare)).rest_of_list.size(), 1u) << "a list needs no body";
}

TEST_F(netlink, a_long_list_comes_in_datagrams_that_a_reader_can_take) {
    std::vector<alg::properties> many;
    for (int i = 0; i < 500; ++i)
        many.push_back(cipher("n" + std::to_string(i), "d" + std::to_string(i), i));
    listed_engine e(many);
    const replies r = preload::answer(e, bytes_of(ask(0x13, 0x301, "")), from);
    std::vector<afalg::record> read;
    ASSERT_EQ(r.now.size(), 1u);
    ASSERT_EQ(r.rest_of_list.size(), 3u);
    EXPECT_FALSE(*afalg::parse_reply(r.now[0], sequence, read));
    EXPECT_FALSE(*afalg::parse_reply(r.rest_of_list[0], sequence, read));
    EXPECT_FALSE(*afalg::parse_reply(r.rest_of_list[1], sequence, read));
    EXPECT_TRUE(*afalg::parse_reply(r.rest_of_list[2], sequence, read));
    EXPECT_EQ(read.size(), 500u);
    EXPECT_LE(r.now[0].size(), 65535u);
    EXPECT_LE(r.rest_of_list[0].size(), 65535u);
}

TEST_F(netlink, one_list_at_a_time) {
    const replies twice = send(bytes_of(ask(0x13, 0x301, "")) + bytes_of(ask(0x13, 0x301, "")));
    ASSERT_EQ(twice.now.size(), 2u);
    EXPECT_EQ(error_in(twice.now[1]), -EBUSY);
    from.is_listing = true;
    EXPECT_EQ(error_of(ask(0x13, 0x301, "")), -EBUSY);
    EXPECT_EQ(driver_in(send(ask(0x13, NLM_F_REQUEST, "sha256"))), "sha256-x");
}

TEST_F(netlink, an_empty_list_is_only_its_end) {
    listed_engine none({});
    const replies r = preload::answer(none, bytes_of(ask(0x13, 0x301, "")), from);
    EXPECT_TRUE(r.now.empty());
    EXPECT_EQ(r.rest_of_list.size(), 1u);
}

TEST_F(netlink, several_requests_in_one_datagram_are_all_answered) {
    const replies r = send(bytes_of(ask(0x13, 0x301, "")) + bytes_of(ask(0x13, NLM_F_REQUEST, "nosuch")) +
                           bytes_of(ask(0x13, NLM_F_REQUEST, "sha256")));
    ASSERT_EQ(r.now.size(), 3u);
    EXPECT_EQ(error_in(r.now[1]), -ENOENT);
    EXPECT_EQ(head_of(r.now[2]).nlmsg_type, 0x13);
    EXPECT_EQ(r.rest_of_list.size(), 1u) << "the list ends behind the others";
}

TEST_F(netlink, what_is_not_a_request_is_passed_over) {
    for (const std::uint16_t type : std::to_array<std::uint16_t>({0x0, 0x1, 0xf, 0x10, 0x13, 0x16})) {
        const bool is_request = type < 0x10;
        const std::uint16_t request = is_request ? NLM_F_REQUEST : 0;
        EXPECT_TRUE(send(ask(type, request, "sha256")).now.empty()) << type;
        EXPECT_EQ(error_of(ask(type, static_cast<std::uint16_t>(request | NLM_F_ACK), "sha256")), 0) << type;
    }
}

TEST_F(netlink, acknowledgement_follows_the_answer) {
    const replies r = send(ask(0x13, NLM_F_REQUEST | NLM_F_ACK, "sha256"));
    ASSERT_EQ(r.now.size(), 2u);
    EXPECT_EQ(head_of(r.now[0]).nlmsg_type, 0x13);
    EXPECT_EQ(r.now[1].size(), 36u);
    EXPECT_EQ(error_in(r.now[1]), 0);
    EXPECT_EQ(head_of(r.now[1]).nlmsg_flags, 0x100);
}

TEST_F(netlink, an_error_brings_the_request_back) {
    const query q = ask(0x13, NLM_F_REQUEST, "nosuch");
    const replies r = send(q);
    ASSERT_EQ(r.now.size(), 1u);
    const datagram &d = r.now[0];
    EXPECT_EQ(d.size(), 36u + 208u);
    EXPECT_EQ(head_of(d).nlmsg_len, 244u);
    EXPECT_EQ(head_of(d).nlmsg_flags, 0);
    EXPECT_EQ(head_of(d).nlmsg_pid, port);
    EXPECT_EQ(datagram(d.begin() + 20, d.end()), bytes_of(q));
    from.bare_errors = true;
    const replies bare = send(q);
    ASSERT_EQ(bare.now.size(), 1u);
    EXPECT_EQ(bare.now[0].size(), 36u);
    EXPECT_EQ(head_of(bare.now[0]).nlmsg_flags, 0x100);
    EXPECT_EQ(error_in(bare.now[0]), -ENOENT);
}

TEST_F(netlink, nobody_changes_the_list) {
    for (const std::uint16_t type : std::to_array<std::uint16_t>({0x10, 0x11, 0x12, 0x14}))
        EXPECT_EQ(error_of(ask(type, NLM_F_REQUEST, "sha256")), -EPERM) << type;
    EXPECT_EQ(error_of(ask(0x15, NLM_F_REQUEST, "sha256")), -524);
    EXPECT_EQ(error_of(ask(0x16, NLM_F_REQUEST, "sha256")), -EINVAL);
    EXPECT_EQ(error_of(ask(0xffff, NLM_F_REQUEST, "sha256")), -EINVAL);
}

TEST_F(netlink, lengths_that_lie_are_not_believed) {
    datagram d = bytes_of(ask(0x13, NLM_F_REQUEST, "sha256"));
    const auto with_length = [&](std::uint32_t length) {
        std::memcpy(d.data(), &length, sizeof length);
        return send(d);
    };
    for (const std::uint32_t wrong : {0u, 1u, 15u, 225u, 300u, 0x7fffffffu, 0xfffffffcu, 0xffffffffu})
        EXPECT_TRUE(with_length(wrong).now.empty()) << wrong;
    for (const std::uint32_t shorter : {16u, 17u, 100u, 223u}) {
        const replies r = with_length(shorter);
        ASSERT_GE(r.now.size(), 1u) << shorter;
        EXPECT_EQ(error_in(r.now[0]), -EINVAL) << shorter;
        EXPECT_EQ(head_of(r.now[0]).nlmsg_len, 36u + shorter - 16u) << shorter;
    }
    for (std::size_t n = 0; n < d.size(); ++n)
        EXPECT_TRUE(send(datagram(n)).now.empty()) << n;
}

TEST_F(netlink, texts_without_an_end_are_refused) {
    query q = ask(0x13, NLM_F_REQUEST, "sha256");
    std::memset(q.body.module_name, 'a', sizeof q.body.module_name);
    EXPECT_EQ(driver_in(send(q)), "sha256-x") << "nobody reads the module";
    std::memset(q.body.driver_name, 'a', sizeof q.body.driver_name);
    EXPECT_EQ(error_of(q), -EINVAL);
    q = ask(0x13, NLM_F_REQUEST, std::string(64, 'a'));
    EXPECT_EQ(error_of(q), -EINVAL);
    EXPECT_EQ(error_of(ask(0x13, NLM_F_REQUEST, std::string(63, 'a'))), -ENOENT);
}

TEST_F(netlink, of_the_attributes_only_a_short_priority_is_an_error) {
    struct attributed {
        query q;
        std::uint16_t length;
        std::uint16_t type;
        std::uint32_t value;
    };
    attributed a{ask(0x13, NLM_F_REQUEST, "sha256"), 8, 1, 5};
    a.q.head.nlmsg_len = sizeof a;
    const auto with = [&](std::uint16_t length, std::uint16_t type) {
        a.length = length;
        a.type = type;
        return bytes_of(a);
    };
    EXPECT_EQ(driver_in(send(with(8, 1))), "sha256-x");
    EXPECT_EQ(error_of(with(6, 1)), -ERANGE);
    EXPECT_EQ(driver_in(send(with(200, 1))), "sha256-x");
    EXPECT_EQ(driver_in(send(with(2, 1))), "sha256-x");
    EXPECT_EQ(driver_in(send(with(8, 77))), "sha256-x");
    EXPECT_EQ(driver_in(send(with(4, 3))), "sha256-x");
}

TEST_F(netlink, noise_is_survived_and_answered_with_whole_messages) {
    std::mt19937 random(20260721);
    const datagram base = bytes_of(ask(0x13, NLM_F_REQUEST, "cbc(aes)")) + bytes_of(ask(0x13, 0x301, "")) +
                          bytes_of(ask(0x10, NLM_F_REQUEST | NLM_F_ACK, "x"));
    std::size_t answered = 0;
    for (int round = 0; round < 20000; ++round) {
        datagram d = base;
        d.resize(random() % (base.size() + 1));
        for (auto i = random() % 6; i > 0 && !d.empty(); --i)
            d[random() % d.size()] = static_cast<std::uint8_t>(random());
        for (const replies r = send(d); const datagram &one : r.now) {
            ASSERT_GE(one.size(), sizeof(nlmsghdr));
            ASSERT_LE(head_of(one).nlmsg_len, one.size());
            ++answered;
        }
    }
    EXPECT_GT(answered, 10000u);
}

} // namespace
