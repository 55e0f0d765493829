// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel engine's three objects as system calls: what is sent, in which layout, and which numbers come
// back.
#include "afalg/engine.hpp"
#include "afalg/uapi.h"
#include "support/fake_sys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/utsname.h>

namespace {

int times_asked_for_the_release = 0;

} // namespace

/// In the place of libc's, for this program: a release of two parts, whatever kernel runs.
extern "C" int uname(struct utsname *about) noexcept {
    ++times_asked_for_the_release;
    *about = {};
    std::memcpy(about->release, "7.3", 4);
    return 0;
}

namespace {

using namespace kcapi;
using test::byte_vector;
using test::toy_cipher;
namespace uapi = afalg::uapi;

template <class T>
T word_at(const byte_vector &v, std::size_t at) {
    T value{};
    EXPECT_LE(at + sizeof value, v.size());
    if (at + sizeof value <= v.size())
        std::memcpy(&value, v.data() + at, sizeof value);
    return value;
}

class kernel_engine : public ::testing::Test {
  protected:
    kernel_engine() {
        world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true),
                                   toy_cipher("ecb(aes)", "ecb-aes-fast", 400, 16, 16, 0, true)};
    }
    std::shared_ptr<alg::transform> open(std::string_view name = "cbc(aes)") {
        auto t = engine->open(alg::kind::skcipher, name);
        EXPECT_TRUE(t);
        return t ? *t : nullptr;
    }
    std::unique_ptr<alg::operation> accept(std::string_view name = "cbc(aes)") {
        const auto t = open(name);
        EXPECT_TRUE(t->set(alg::parameter::key, key));
        auto op = t->accept();
        EXPECT_TRUE(op);
        return op ? std::move(*op) : nullptr;
    }

    test::fake_world world;
    std::unique_ptr<alg::engine> engine = afalg::make_engine();
    std::array<std::uint8_t, 16> key{1, 2, 3};
    std::array<std::uint8_t, 16> iv{9, 8, 7};
    byte_vector data = byte_vector(32, 0x41);
    byte_vector out = byte_vector(64, 0xee);
    iovec in_vector{data.data(), data.size()};
    iovec out_vector{out.data(), out.size()};
};

TEST_F(kernel_engine, says_who_it_is) { EXPECT_STREQ(engine->name(), "kernel"); }

TEST_F(kernel_engine, release_of_the_kernel_is_not_asked_for) {
    utsname about{};
    ASSERT_EQ(::uname(&about), 0);
    ASSERT_EQ(times_asked_for_the_release, 1) << "the test would see it";
    const auto op = accept();
    const alg::control header{alg::op_code::encrypt, iv, 0};
    EXPECT_EQ(*op->crypt({{&in_vector, 1}, {&out_vector, 1}, &header, alg::transfer::splice}), 32u);
    EXPECT_EQ(times_asked_for_the_release, 1);
    times_asked_for_the_release = 0;
}

TEST_F(kernel_engine, binds_by_type_and_full_name) {
    ASSERT_TRUE(open());
    ASSERT_EQ(world.count("socket"), 1u);
    EXPECT_EQ(world.all("socket")[0].flags & SOCK_SEQPACKET, SOCK_SEQPACKET);
    const byte_vector address = world.all("bind").at(0).address;
    ASSERT_EQ(address.size(), 24 + std::strlen("cbc(aes)") + 1);
    EXPECT_EQ(word_at<std::uint16_t>(address, 0), uapi::af_alg);
    EXPECT_STREQ(reinterpret_cast<const char *>(address.data() + 2), "skcipher");
    EXPECT_EQ(word_at<std::uint32_t>(address, 16), 0u);
    EXPECT_EQ(word_at<std::uint32_t>(address, 20), 0u);
    EXPECT_STREQ(reinterpret_cast<const char *>(address.data() + 24), "cbc(aes)");
}

TEST_F(kernel_engine, name_of_103_characters_reaches_the_kernel_whole) {
    const std::string longest(103, 'a');
    world.kernel.algorithms.push_back(toy_cipher(longest, "driver", 1, 16, 16, 16, true));
    ASSERT_TRUE(open(longest));
    EXPECT_EQ(world.all("bind").at(0).address.size(), 128u);
}

TEST_F(kernel_engine, longer_name_is_einval_after_the_socket_answered) {
    const auto t = engine->open(alg::kind::skcipher, std::string(104, 'a'));
    ASSERT_FALSE(t);
    EXPECT_EQ(t.error().code, EINVAL);
    EXPECT_EQ(world.count("bind"), 0u);
    world.kernel.socket_error = EAFNOSUPPORT;
    const auto u = engine->open(alg::kind::skcipher, std::string(104, 'a'));
    ASSERT_FALSE(u);
    EXPECT_EQ(u.error().code, EAFNOSUPPORT);
}

TEST_F(kernel_engine, name_with_a_zero_in_it_is_enoent) {
    const auto t = engine->open(alg::kind::skcipher, std::string_view("cbc(aes)\0x", 10));
    ASSERT_FALSE(t);
    EXPECT_EQ(t.error().code, ENOENT);
}

TEST_F(kernel_engine, errors_of_socket_and_bind_are_unchanged) {
    for (const int code : {EAFNOSUPPORT, EPERM, EACCES, EMFILE, ENFILE}) {
        world.kernel.socket_error = code;
        const auto t = engine->open(alg::kind::skcipher, "cbc(aes)");
        ASSERT_FALSE(t);
        EXPECT_EQ(t.error().code, code);
    }
    world.kernel.socket_error = 0;
    for (const int code : {ENOENT, EINVAL, EEXIST, ELOOP, ENAMETOOLONG, ELIBBAD}) {
        world.relax();
        world.fail("bind", code);
        const auto t = engine->open(alg::kind::skcipher, "cbc(aes)");
        ASSERT_FALSE(t);
        EXPECT_EQ(t.error().code, code);
        EXPECT_EQ(world.count("netlink"), 0u) << "nobody is asked about what cannot be bound";
    }
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

TEST_F(kernel_engine, key_is_an_option_and_its_errors_come_through) {
    const auto t = open();
    const auto set = t->set(alg::parameter::key, key);
    ASSERT_TRUE(set);
    EXPECT_EQ(*set, 0u);
    const auto call = world.all("setsockopt").at(0);
    EXPECT_EQ(call.flags, uapi::sol_alg);
    EXPECT_EQ(call.option, uapi::set_key);
    EXPECT_EQ(call.size, 16u);
    EXPECT_EQ(t->set(alg::parameter::key, base::bytes(key).first(5)).error().code, EINVAL);
    for (const int code : {EBUSY, ENOMEM, ENOPROTOOPT, ENOSYS}) {
        world.relax();
        world.fail("setsockopt", code);
        EXPECT_EQ(t->set(alg::parameter::key, key).error().code, code);
    }
    world.relax();
    EXPECT_EQ(t->set(alg::parameter::entropy, key).error().code, ENOPROTOOPT);
    EXPECT_EQ(world.all("setsockopt").at(0).option, uapi::set_drbg_entropy);
}

TEST_F(kernel_engine, key_longer_than_an_int_is_einval) {
    const auto t = open();
    const base::bytes endless{key.data(), std::size_t{1} << 32};
    EXPECT_EQ(t->set(alg::parameter::key, endless).error().code, EINVAL);
    EXPECT_EQ(world.count("setsockopt"), 0u);
}

TEST_F(kernel_engine, parameters_of_patched_kernels_are_refused_without_a_call) {
    const auto t = open();
    for (const auto what :
         {alg::parameter::public_key, alg::parameter::dh_parameters, alg::parameter::ecdh_curve})
        EXPECT_EQ(t->set(what, key).error().code, EOPNOTSUPP);
    EXPECT_EQ(world.count("setsockopt"), 0u) << "number 7 is another option on mainline";
}

TEST_F(kernel_engine, tag_size_is_the_length_of_the_option) {
    EXPECT_EQ(open()->set_tag_size(12).error().code, ENOPROTOOPT);
    const auto call = world.all("setsockopt").at(0);
    EXPECT_EQ(call.option, uapi::set_aead_authsize);
    EXPECT_EQ(call.size, 12u);
    EXPECT_EQ(open()->set_tag_size(0x80000000).error().code, EINVAL);
}

TEST_F(kernel_engine, operation_keeps_the_algorithm_open) {
    auto op = accept();
    EXPECT_EQ(world.kernel.open_descriptors(), 2u);
    engine.reset();
    const alg::control header{alg::op_code::encrypt, iv, 0};
    EXPECT_TRUE(op->send({&in_vector, 1}, &header, {}));
    op.reset();
    EXPECT_EQ(world.kernel.open_descriptors(), 0u);
}

TEST_F(kernel_engine, accept_passes_errors_on) {
    const auto t = open();
    world.fail("accept", EMFILE, 1, 1);
    EXPECT_EQ(t->accept().error().code, EMFILE);
    EXPECT_TRUE(t->accept());
}

TEST_F(kernel_engine, header_has_operation_iv_and_length_in_this_order) {
    const auto op = accept();
    const alg::control header{alg::op_code::encrypt, iv, 20};
    ASSERT_TRUE(op->send({&in_vector, 1}, &header, {}));
    const byte_vector c = world.all("sendmsg").back().control;
    ASSERT_EQ(c.size(), 24u + 40u + 24u);
    const std::array<int, 3> types{uapi::set_op, uapi::set_iv, uapi::set_aead_assoclen};
    const std::array<std::size_t, 3> lengths{20, 36, 20};
    const std::array<std::size_t, 3> offsets{0, 24, 64};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(word_at<std::size_t>(c, offsets[i]), lengths[i]);
        EXPECT_EQ(word_at<int>(c, offsets[i] + 8), uapi::sol_alg);
        EXPECT_EQ(word_at<int>(c, offsets[i] + 12), types[i]);
    }
    EXPECT_EQ(word_at<std::uint32_t>(c, 16), 1u);
    EXPECT_EQ(word_at<std::uint32_t>(c, 24 + 16), 16u);
    EXPECT_EQ(std::memcmp(c.data() + 24 + 20, iv.data(), 16), 0);
    EXPECT_EQ(word_at<std::uint32_t>(c, 64 + 16), 20u);
}

TEST_F(kernel_engine, header_leaves_out_what_is_not_given) {
    const auto op = accept();
    alg::control header{alg::op_code::encrypt, std::nullopt, 0};
    ASSERT_TRUE(op->send({}, &header, {.more = true}));
    EXPECT_EQ(world.all("sendmsg").back().control.size(), 24u);
    ASSERT_TRUE(op->send({&in_vector, 1}, nullptr, {.more = true}));
    EXPECT_EQ(world.all("sendmsg").back().control.size(), 0u);
}

TEST_F(kernel_engine, long_iv_reaches_the_kernel_and_an_absurd_one_does_not) {
    const auto op = accept();
    const byte_vector longer(300, 1);
    alg::control header{alg::op_code::encrypt, base::bytes(longer), 0};
    EXPECT_EQ(op->send({&in_vector, 1}, &header, {}).error().code, EINVAL);
    EXPECT_EQ(world.all("sendmsg").back().control.size(), 24u + 16u + 304u);
    const std::size_t before = world.count("sendmsg");
    const byte_vector absurd(5000, 1);
    header.iv = base::bytes(absurd);
    EXPECT_EQ(op->send({&in_vector, 1}, &header, {}).error().code, EINVAL);
    EXPECT_EQ(world.count("sendmsg"), before);
}

TEST_F(kernel_engine, send_and_receive_are_one_call_each_with_their_flags) {
    const auto op = accept();
    const alg::control header{alg::op_code::encrypt, iv, 0};
    struct {
        alg::call_flags flags;
        int expected;
    } const cases[] = {{{.more = true}, MSG_MORE},
                       {{.more = true, .dont_wait = true}, MSG_MORE | MSG_DONTWAIT},
                       {{.dont_wait = true}, MSG_DONTWAIT}};
    for (const auto &c : cases) {
        world.relax();
        const auto sent = op->send({&in_vector, 1}, &header, c.flags);
        ASSERT_TRUE(sent);
        EXPECT_EQ(*sent, 32u);
        ASSERT_EQ(world.calls.size(), 1u);
        EXPECT_EQ(world.calls[0].flags, c.expected);
    }
    world.relax();
    const iovec exact{out.data(), 64};
    const auto got = op->receive({&exact, 1}, {});
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, 64u);
    ASSERT_EQ(world.calls.size(), 1u);
    EXPECT_EQ(world.calls[0].flags, 0);
    EXPECT_EQ(op->receive({&exact, 1}, {.more = true, .dont_wait = true}).value(), 32u);
    EXPECT_EQ(world.calls.back().flags, MSG_DONTWAIT);
    EXPECT_EQ(op->receive({&exact, 1}, {.dont_wait = true}).error().code, EAGAIN);
}

TEST_F(kernel_engine, interruption_is_reported) {
    const auto op = accept();
    world.fail("sendmsg", EINTR, 1, 1);
    world.fail("recvmsg", EINTR, 1, 1);
    EXPECT_EQ(op->send({&in_vector, 1}, nullptr, {}).error().code, EINTR);
    EXPECT_EQ(op->receive({&out_vector, 1}, {}).error().code, EINTR);
}

TEST_F(kernel_engine, more_than_1024_elements_are_emsgsize) {
    const auto op = accept();
    const std::vector<iovec> many(1025, iovec{data.data(), 0});
    EXPECT_EQ(op->send(many, nullptr, {}).error().code, EMSGSIZE);
    EXPECT_EQ(op->receive(many, {}).error().code, EMSGSIZE);
    EXPECT_EQ(op->send(base::iov_list(many).first(1024), nullptr, {}).value(), 0u);
}

TEST_F(kernel_engine, operation_without_key_is_enokey_until_there_is_one) {
    const auto t = open();
    const auto op = t->accept();
    ASSERT_TRUE(op);
    const alg::control header{alg::op_code::encrypt, iv, 0};
    EXPECT_EQ((*op)->send({&in_vector, 1}, &header, {}).error().code, ENOKEY);
    EXPECT_EQ((*op)->receive({&out_vector, 1}, {}).error().code, ENOKEY);
    const alg::request message{{&in_vector, 1}, {&out_vector, 1}, &header};
    EXPECT_EQ((*op)->crypt(message).error().code, ENOKEY);
    ASSERT_TRUE(t->set(alg::parameter::key, key));
    // Nothing had been lost: a message without IV starts from zeros, as on a new operation.
    const alg::control no_iv{alg::op_code::encrypt, std::nullopt, 0};
    EXPECT_EQ((*op)->crypt({{&in_vector, 1}, {&out_vector, 1}, &no_iv}).value(), 32u);
}

TEST_F(kernel_engine, poll_tells_levels) {
    const auto op = accept();
    EXPECT_TRUE(op->poll().readable);
    EXPECT_TRUE(op->poll().writable);
    const alg::control header{alg::op_code::encrypt, iv, 0};
    ASSERT_TRUE(op->send({}, &header, {.more = true}));
    EXPECT_FALSE(op->poll().readable);
    byte_vector much(212992);
    const iovec v{much.data(), much.size()};
    ASSERT_TRUE(op->send({&v, 1}, nullptr, {.more = true}));
    EXPECT_TRUE(op->poll().readable);
    EXPECT_FALSE(op->poll().writable);
    world.fail("poll", EINVAL);
    EXPECT_FALSE(op->poll().readable);
}

TEST_F(kernel_engine, buffers_are_socket_options) {
    const auto op = accept();
    world.relax();
    ASSERT_TRUE(op->set_buffers(8192, 4096));
    const auto calls = world.all("setsockopt");
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_EQ(calls[0].flags, SOL_SOCKET);
    EXPECT_EQ(calls[0].option, SO_SNDBUF);
    EXPECT_EQ(calls[1].option, SO_RCVBUF);
    world.fail("setsockopt", EPERM);
    EXPECT_EQ(op->set_buffers(1, std::nullopt).error().code, EPERM);
    EXPECT_EQ(op->set_buffers(std::nullopt, 1).error().code, EPERM);
    EXPECT_TRUE(op->set_buffers(std::nullopt, std::nullopt));
}

TEST_F(kernel_engine, cipher_does_not_clone) { EXPECT_EQ(accept()->clone().error().code, EOPNOTSUPP); }

} // namespace
