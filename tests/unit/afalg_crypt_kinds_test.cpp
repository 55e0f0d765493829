// SPDX-License-Identifier: BSD-3-Clause
//
// crypt on the kernel engine for aead and hash: whole messages, exact output sizes, no plaintext of a failed
// message, and never an operation that is stuck.
#include "support/fake_sys.hpp"

#include "afalg/engine.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

namespace {

using namespace kcapi;
using test::byte_vector;

constexpr std::size_t buffer = 212992;
constexpr std::size_t assoc_len = 20;
constexpr std::size_t tag_len = 16;

byte_vector pattern(std::size_t size) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(i * 31 + (i >> 8));
    return v;
}

class crypt_aead : public testing::Test {
  protected:
    crypt_aead() {
        world.kernel.algorithms = {test::toy_aead_algorithm(), test::toy_hash_algorithm()};
        transform = *engine->open(alg::kind::aead, "gcm(aes)");
        EXPECT_TRUE(transform->set(alg::parameter::key, pattern(16)));
    }
    void accept() {
        op = std::move(*transform->accept());
        world.relax();
    }
    /// Associated data, ciphertext and tag of a message.
    [[nodiscard]] byte_vector sealed(const byte_vector &message, std::size_t tag = tag_len) const {
        byte_vector s(message.begin(), message.begin() + assoc_len);
        const byte_vector text = test::toy_crypt(true, iv, base::bytes(message).subspan(assoc_len));
        s.insert(s.end(), text.begin(), text.end());
        const byte_vector t = test::toy_tag(iv, s, tag);
        s.insert(s.end(), t.begin(), t.end());
        return s;
    }
    long run(bool encrypts, const byte_vector &in, std::size_t room, alg::transfer how = alg::transfer::any) {
        out.assign(room + 1, 0xee);
        const iovec from = base::to_iovec(base::bytes(in));
        const iovec to{out.data(), room};
        const alg::control header{encrypts ? alg::op_code::encrypt : alg::op_code::decrypt, iv, assoc_len};
        const result<std::size_t> r = op->crypt({{&from, 1}, {&to, 1}, &header, how});
        EXPECT_EQ(world.kernel.sleeps, 0);
        EXPECT_EQ(out.back(), 0xee);
        out.pop_back();
        return r ? static_cast<long>(*r) : -r.error().code;
    }
    void expect_good(std::size_t size = 60) {
        const byte_vector message = pattern(size);
        EXPECT_EQ(run(true, message, size + tag_len), static_cast<long>(size + tag_len));
        EXPECT_TRUE(out == sealed(message));
        EXPECT_EQ(run(false, sealed(message), size), static_cast<long>(size));
        EXPECT_TRUE(out == message);
    }
    [[nodiscard]] bool only(std::uint8_t value) const {
        return std::all_of(out.begin(), out.end(), [value](std::uint8_t b) { return b == value; });
    }

    test::fake_world world;
    std::unique_ptr<alg::engine> engine = afalg::make_engine();
    std::shared_ptr<alg::transform> transform;
    std::unique_ptr<alg::operation> op;
    std::array<std::uint8_t, 12> iv{9, 8, 7};
    byte_vector out;
};

class crypt_hash : public testing::Test {
  protected:
    crypt_hash() {
        world.kernel.algorithms = {test::toy_hash_algorithm()};
        transform = *engine->open(alg::kind::hash, "sha256");
        op = std::move(*transform->accept());
        world.relax();
    }
    long run(base::iov_list in, std::size_t room) {
        out.assign(room, 0xee);
        const iovec to = base::to_iovec(base::mutable_bytes(out));
        const result<std::size_t> r = op->crypt({.in = in, .out = {&to, 1}});
        return r ? static_cast<long>(*r) : -r.error().code;
    }
    long run(const byte_vector &message, std::size_t room) {
        const iovec v = base::to_iovec(base::bytes(message));
        return run({&v, 1}, room);
    }
    test::fake_world world;
    std::unique_ptr<alg::engine> engine = afalg::make_engine();
    std::shared_ptr<alg::transform> transform;
    std::unique_ptr<alg::operation> op;
    byte_vector out;
};

} // namespace

TEST_F(crypt_aead, message_that_fits_is_one_send_and_one_receive_of_its_exact_output) {
    accept();
    EXPECT_EQ(run(true, pattern(60), 100), 76);
    ASSERT_EQ(world.calls.size(), 2U);
    EXPECT_EQ(world.calls[0].flags, MSG_DONTWAIT) << "no MSG_MORE";
    EXPECT_EQ(world.calls[1].size, 76U);
    expect_good();
}

TEST_F(crypt_aead, tag_size_that_was_set_counts) {
    ASSERT_TRUE(transform->set_tag_size(8));
    EXPECT_EQ(transform->set_tag_size(17).error().code, EINVAL);
    accept();
    EXPECT_EQ(run(true, pattern(60), 67), -EINVAL);
    EXPECT_EQ(run(true, pattern(60), 68), 68);
    EXPECT_TRUE(out == sealed(pattern(60), 8));
    EXPECT_EQ(run(false, sealed(pattern(60), 8), 60), 60);
}

TEST_F(crypt_aead, what_cannot_work_is_not_sent) {
    accept();
    EXPECT_EQ(run(true, pattern(60), 75), -EINVAL) << "a prefix would be encrypted";
    EXPECT_EQ(run(true, pattern(assoc_len - 1), 100), -EINVAL) << "the op would be stuck";
    EXPECT_EQ(run(false, pattern(assoc_len + tag_len - 1), 100), -EINVAL);
    EXPECT_EQ(run(false, pattern(76), 59), -EINVAL);
    EXPECT_TRUE(only(0xee));
    EXPECT_TRUE(world.calls.empty());
    expect_good();
}

TEST_F(crypt_aead, wrong_tag_leaves_no_plaintext_and_the_operation_usable) {
    accept();
    for (const auto how : {alg::transfer::copy, alg::transfer::splice}) {
        byte_vector wrong = sealed(pattern(60));
        wrong.back() ^= 1;
        EXPECT_EQ(run(false, wrong, 60, how), -EBADMSG);
        EXPECT_TRUE(only(0));
        expect_good();
        // Whoever was told that more follows may not be idle: splicing takes a new operation.
        EXPECT_EQ(world.count("accept"), how == alg::transfer::copy ? 0U : 1U);
    }
}

TEST_F(crypt_aead, wrong_tag_in_a_batch_leaves_no_plaintext_and_the_others_right) {
    for (const bool ring : {true, false}) {
        if (!ring)
            world.fail("io_uring_setup", EPERM);
        accept();
        const byte_vector message = pattern(60);
        std::vector<byte_vector> in(20, sealed(message));
        std::vector<byte_vector> texts(20, byte_vector(60, 0xee));
        in[7].back() ^= 1;
        std::vector<iovec> from;
        std::vector<iovec> to;
        for (std::size_t i = 0; i < in.size(); ++i) {
            from.push_back(base::to_iovec(base::bytes(in[i])));
            to.push_back(base::to_iovec(base::mutable_bytes(texts[i])));
        }
        const alg::control header{alg::op_code::decrypt, iv, assoc_len};
        std::vector<alg::request> requests;
        for (std::size_t i = 0; i < in.size(); ++i)
            requests.push_back({.in = {&from[i], 1}, .out = {&to[i], 1}, .header = &header});
        op->submit(requests);
        for (std::size_t i = 0; i < in.size(); ++i) {
            EXPECT_EQ(requests[i].outcome ? 0 : requests[i].outcome.error().code, i == 7 ? EBADMSG : 0) << i;
            EXPECT_EQ(texts[i], i == 7 ? byte_vector(60) : message) << i;
        }
        expect_good();
    }
}

TEST_F(crypt_aead, unwritable_output_is_not_wiped) {
    accept();
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(true, pattern(60), 76), -EFAULT);
    EXPECT_TRUE(only(0xee));
    world.relax();
    expect_good();
    EXPECT_EQ(world.count("accept"), 1U) << "what was queued is discarded with the operation";
}

TEST_F(crypt_aead, tag_alone_is_verified) {
    accept();
    const iovec nowhere{nullptr, 0};
    const alg::control header{alg::op_code::decrypt, iv, 0};
    byte_vector tag = test::toy_tag(iv, {}, tag_len);
    const iovec from = base::to_iovec(base::mutable_bytes(tag));
    for (const auto how : {alg::transfer::copy, alg::transfer::splice}) {
        EXPECT_EQ(op->crypt({{&from, 1}, {&nowhere, 1}, &header, how}).value(), 0U);
        tag[3] ^= 1;
        EXPECT_EQ(op->crypt({{&from, 1}, {&nowhere, 1}, &header, how}).error().code, EBADMSG);
        tag[3] ^= 1;
    }
    expect_good();
}

TEST_F(crypt_aead, longer_message_raises_the_buffers_or_is_emsgsize) {
    accept();
    expect_good(buffer - tag_len);
    EXPECT_EQ(world.count("setsockopt"), 0U);
    // The output, not the input, is what does not fit.
    expect_good(buffer - tag_len + 1);
    EXPECT_GT(world.count("setsockopt"), 0U);
    expect_good(400000);
    EXPECT_EQ(run(true, pattern(600000), 700000), -EMSGSIZE);
    EXPECT_TRUE(only(0xee));
    expect_good();
    world.kernel.may_force = true;
    expect_good(600000);
}

TEST_F(crypt_aead, message_travels_by_splice_too) {
    accept();
    const byte_vector message = pattern(65536);
    EXPECT_EQ(run(true, message, 65536 + tag_len, alg::transfer::splice), 65536 + 16);
    EXPECT_TRUE(out == sealed(message));
    EXPECT_GE(world.count("splice"), 1U);
    expect_good();
}

TEST_F(crypt_aead, failure_at_any_call_leaves_the_next_message_well) {
    for (std::size_t n = 1; n <= 6; ++n) {
        accept();
        world.fail_nth(n, ENOBUFS);
        const long r = run(true, pattern(300000), 300016);
        EXPECT_TRUE(r == -ENOBUFS || r == 300016 || r == -EMSGSIZE) << n << ' ' << r;
        world.relax();
        expect_good();
    }
}

TEST_F(crypt_hash, digest_is_one_send_and_one_receive) {
    ASSERT_EQ(run(pattern(100), 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, pattern(100), 32));
    ASSERT_EQ(world.calls.size(), 2U);
    EXPECT_EQ(world.calls[0].flags, MSG_DONTWAIT) << "no MSG_MORE";
    ASSERT_EQ(run(pattern(1000000), 32), 32) << "no buffer limits it";
    EXPECT_EQ(out, test::toy_tag({}, pattern(1000000), 32));
    EXPECT_EQ(world.calls.size(), 4U);
}

TEST_F(crypt_hash, shorter_room_gets_the_beginning_and_larger_room_the_digest) {
    const byte_vector digest = test::toy_tag({}, pattern(10), 32);
    ASSERT_EQ(run(pattern(10), 5), 5);
    EXPECT_EQ(out, byte_vector(digest.begin(), digest.begin() + 5));
    ASSERT_EQ(run(pattern(10), 100), 32);
    EXPECT_EQ(byte_vector(out.begin(), out.begin() + 32), digest);
    EXPECT_EQ(run(byte_vector(), 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, {}, 32));
}

TEST_F(crypt_hash, list_is_one_message) {
    byte_vector m = pattern(100);
    const std::array<iovec, 3> list{iovec{m.data(), 1}, iovec{nullptr, 0}, iovec{m.data() + 1, 99}};
    ASSERT_EQ(run(list, 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, m, 32));
    const std::vector<iovec> many(1025, iovec{m.data(), 1});
    EXPECT_EQ(run(many, 32), -EMSGSIZE);
}

/// An operation that was used and is kept; its transform is gone.
class kept_operation : public crypt_hash {
  protected:
    kept_operation() {
        EXPECT_EQ(run(pattern(10), 32), 32);
        transform.reset();
        const std::size_t before = world.kernel.open_descriptors();
        EXPECT_TRUE(op->keep());
        EXPECT_EQ(world.kernel.open_descriptors(), before - 1) << "one is enough";
        descriptor = world.all("sendmsg").front().fd;
        world.relax();
    }
    int descriptor = -1;
};

TEST_F(kept_operation, goes_on) {
    EXPECT_TRUE(op->is_as_kept());
    EXPECT_EQ(run(pattern(100), 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, pattern(100), 32));
    EXPECT_TRUE(op->keep());
    EXPECT_EQ(world.count("fstat"), 1U) << "once for each time it is looked at";
    op.reset();
    EXPECT_EQ(world.kernel.open_descriptors(), 0U);
}

TEST_F(kept_operation, leaves_a_descriptor_alone_that_is_not_its_own_any_more) {
    world.kernel.replace(descriptor);
    EXPECT_FALSE(op->is_as_kept());
    op.reset();
    EXPECT_TRUE(world.kernel.is_open(descriptor));
}

TEST_F(kept_operation, notices_that_its_descriptor_was_closed) {
    world.kernel.close(descriptor);
    EXPECT_FALSE(op->is_as_kept());
    op.reset();
    EXPECT_EQ(world.count("sendmsg"), 0U);
}

TEST_F(kept_operation, is_not_for_a_forked_child_which_closes_its_copy) {
    ++world.process;
    EXPECT_FALSE(op->is_as_kept());
    op.reset();
    EXPECT_FALSE(world.kernel.is_open(descriptor));
}

TEST_F(crypt_hash, operation_whose_transform_is_in_use_is_not_kept) {
    EXPECT_EQ(run(pattern(10), 32), 32);
    EXPECT_FALSE(op->keep());
    transform.reset();
    world.fail("fstat", EACCES);
    EXPECT_FALSE(op->keep());
}

TEST_F(crypt_hash, part_that_was_taken_is_no_message) {
    world.shorten("sendmsg", 50, 1, 1);
    EXPECT_EQ(run(pattern(100), 32), -EIO);
    world.relax();
    EXPECT_EQ(run(pattern(100), 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, pattern(100), 32));
    world.fail("recvmsg", ENOMEM, 1, 1);
    EXPECT_EQ(run(pattern(100), 32), -ENOMEM);
    EXPECT_EQ(run(pattern(99), 32), 32);
    EXPECT_EQ(out, test::toy_tag({}, pattern(99), 32));
}
