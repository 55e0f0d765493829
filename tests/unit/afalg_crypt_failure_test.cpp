// SPDX-License-Identifier: BSD-3-Clause
//
// crypt on the kernel engine when something goes wrong: a failure leaves the operation idle, the error is the
// first one, and no message continues from a chain that is gone.
#include "unit/afalg_crypt_fixture.hpp"

#include <cerrno>

namespace {

using namespace kcapi;
using test::buffer;
using test::byte_vector;

class crypt_failure : public test::crypt_fixture {};

TEST_F(crypt_failure, short_send_of_a_whole_message_is_emsgsize_and_discards_the_operation) {
    const auto op = accept("cbc(aes)");
    world.shorten("sendmsg", 32, 1, 1);
    EXPECT_EQ(run(*op, &encrypt, 64), -EMSGSIZE);
    world.relax();
    EXPECT_EQ(run(*op, &encrypt, 64), 64);
    EXPECT_EQ(world.count("accept"), 1u);
}

TEST_F(crypt_failure, failed_pass_that_left_the_operation_idle_keeps_it) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
    EXPECT_EQ(run(*op, nullptr, 17, 1, 1, alg::transfer::any, 0, 32), -EINVAL);
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 32), 32) << "the chain is still there";
    EXPECT_EQ(world.count("accept"), 0u);
    alg::control bad{alg::op_code::encrypt, base::bytes(iv).first(5), 0};
    EXPECT_EQ(run(*op, &bad, 32), -EINVAL);
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 64), 32);
    EXPECT_EQ(world.count("accept"), 0u);
}

TEST_F(crypt_failure, pending_empty_message_is_finished_and_the_operation_kept) {
    const auto op = accept("cbc(aes)");
    ASSERT_TRUE(op->send({}, &encrypt, {}));
    const alg::control bad{alg::op_code::encrypt, base::bytes(iv).first(5), 0};
    EXPECT_EQ(run(*op, &bad, 32), -EINVAL);
    EXPECT_EQ(run(*op, nullptr, 32), 32);
    EXPECT_EQ(world.count("accept"), 0u);
}

TEST_F(crypt_failure, operation_that_is_not_idle_is_discarded) {
    const auto op = accept("cbc(aes)");
    byte_vector data(32);
    const iovec v{data.data(), 32};
    ASSERT_TRUE(op->send({&v, 1}, &encrypt, {}));
    EXPECT_EQ(run(*op, &encrypt, 32), -EINVAL);
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
    EXPECT_EQ(world.count("accept"), 1u);
}

TEST_F(crypt_failure, failure_in_the_middle_discards_the_operation_and_gives_the_first_error) {
    for (const char *call : {"sendmsg", "recvmsg"})
        for (std::size_t n = call[0] == 's' ? 2 : 1; n <= 5; ++n) {
            const auto op = accept("cbc(aes)");
            world.fail(call, EFAULT, n, 1);
            EXPECT_EQ(run(*op, &encrypt, 1 << 20), -EFAULT) << call << n;
            EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20);
            EXPECT_EQ(world.count("accept"), 1u);
            EXPECT_EQ(world.kernel.open_descriptors(), 2u);
        }
}

TEST_F(crypt_failure, lost_chain_is_not_continued_from_zeros) {
    const auto op = accept("ctr(aes)");
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(*op, nullptr, 1 << 20), -EFAULT);
    EXPECT_EQ(run(*op, nullptr, 32), -EINVAL);
    EXPECT_EQ(run(*op, &go_on, 32), -EINVAL);
    byte_vector data(32);
    const iovec v{data.data(), 32};
    EXPECT_EQ(op->send({&v, 1}, &go_on, {}).error().code, EINVAL);
    EXPECT_EQ(op->send({&v, 1}, nullptr, {}).error().code, EINVAL);
    // Whoever names the IV goes on.
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 32), 32);
    world.relax();
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), -EFAULT);
    ASSERT_TRUE(op->send({&v, 1}, &encrypt, {}));
    ASSERT_TRUE(op->receive({&v, 1}, {}));
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 32), 32);
}

TEST_F(crypt_failure, lost_chain_of_a_mode_without_iv_is_only_its_direction) {
    const auto op = accept("ecb(aes)");
    alg::control no_iv{alg::op_code::encrypt, std::nullopt, 0};
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(*op, &no_iv, 1 << 20), -EFAULT);
    EXPECT_EQ(run(*op, nullptr, 32), -EINVAL);
    EXPECT_EQ(run(*op, &no_iv, 32), 32);
}

TEST_F(crypt_failure, new_operation_that_cannot_be_accepted_is_tried_for_again) {
    const auto op = accept("cbc(aes)");
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), -EFAULT);
    world.fail("accept", EMFILE, 1, 3);
    EXPECT_EQ(run(*op, &encrypt, 32), -EMFILE);
    EXPECT_EQ(op->send({}, &encrypt, {}).error().code, EMFILE);
    EXPECT_FALSE(op->poll().writable);
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
}

TEST_F(crypt_failure, new_operation_has_the_buffers_that_were_set) {
    const auto op = accept("cbc(aes)");
    ASSERT_TRUE(op->set_buffers(4096, 8192));
    world.fail("recvmsg", EFAULT, 1, 1);
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), -EFAULT);
    world.relax();
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20);
    EXPECT_EQ(world.count("setsockopt"), 2u);
    EXPECT_GE(world.count("sendmsg"), 128u) << "pieces of 8 KiB at most";
}

} // namespace
