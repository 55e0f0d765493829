// SPDX-License-Identifier: BSD-3-Clause
//
// crypt on the kernel engine: one message of any length, however it lies in memory and travels, has the
// result of one message; a failure leaves the operation idle. On three kinds of kernel.
#include "unit/afalg_crypt_fixture.hpp"

#include <fcntl.h>

#include <cerrno>

namespace {

using namespace kcapi;
using test::buffer;
using test::byte_vector;
using test::elements;

class crypt : public test::crypt_fixture {};

TEST_F(crypt, message_that_fits_is_one_send_and_one_receive) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 64), 64);
    ASSERT_EQ(world.calls.size(), 2u);
    EXPECT_EQ(world.calls[0].name, "sendmsg");
    EXPECT_EQ(world.calls[0].flags, MSG_DONTWAIT) << "no MSG_MORE";
    EXPECT_FALSE(world.calls[0].control.empty());
    EXPECT_EQ(world.calls[0].size, 64u);
    EXPECT_EQ(world.calls[1].name, "recvmsg");
    EXPECT_EQ(world.calls[1].flags, MSG_DONTWAIT);
    EXPECT_EQ(world.calls[1].size, 64u);
}

TEST_F(crypt, message_as_large_as_the_buffer_is_still_one) {
    const auto op = accept("xts(aes)");
    EXPECT_EQ(run(*op, &encrypt, buffer), static_cast<long>(buffer));
    EXPECT_EQ(world.count("sendmsg"), 1u);
    EXPECT_EQ(world.count("recvmsg"), 1u);
    EXPECT_EQ(world.count("setsockopt"), 0u);
    const std::size_t asked = world.count("getsockopt");
    EXPECT_EQ(run(*op, &encrypt, buffer), static_cast<long>(buffer));
    EXPECT_EQ(world.count("getsockopt"), asked) << "the buffers are known by then";
}

TEST_F(crypt, decrypts_too) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &decrypt, 4096), 4096);
    EXPECT_EQ(run(*op, &decrypt, 1 << 20), 1 << 20);
}

TEST_F(crypt, larger_output_is_not_asked_for) {
    const auto op = accept("ctr(aes)");
    EXPECT_EQ(run(*op, &encrypt, 100, 1, 1, alg::transfer::any, 60), 100);
    EXPECT_EQ(world.all("recvmsg").at(0).size, 100u);
    EXPECT_EQ(run(*op, &encrypt, 100, 3, 9, alg::transfer::any, 60), 100);
    EXPECT_EQ(world.all("recvmsg").back().size, 100u);
}

TEST_F(crypt, smaller_output_is_einval_and_nothing_happens) {
    const auto op = accept("ctr(aes)");
    byte_vector data(32);
    const iovec in{data.data(), 32};
    const iovec out{data.data(), 31};
    EXPECT_EQ(op->crypt({{&in, 1}, {&out, 1}, &encrypt}).error().code, EINVAL);
    EXPECT_TRUE(world.calls.empty());
}

TEST_F(crypt, more_than_1024_elements_are_emsgsize_and_nothing_happens) {
    const auto op = accept("ctr(aes)");
    byte_vector data(2048);
    const auto many = elements(data, 2048, 1025, 3);
    const iovec one{data.data(), 2048};
    EXPECT_EQ(op->crypt({many, {&one, 1}, &encrypt}).error().code, EMSGSIZE);
    EXPECT_EQ(op->crypt({{&one, 1}, many, &encrypt}).error().code, EMSGSIZE);
    EXPECT_TRUE(world.calls.empty());
}

TEST_F(crypt, lengths_beyond_any_memory_are_emsgsize) {
    const auto op = accept("ctr(aes)");
    const std::array<iovec, 2> huge{iovec{key.data(), SIZE_MAX / 2}, iovec{key.data(), SIZE_MAX / 2}};
    EXPECT_EQ(op->crypt({huge, huge, &encrypt}).error().code, EMSGSIZE);
}

TEST_F(crypt, empty_message_is_processed_and_leaves_the_operation_idle) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 0), 0);
    EXPECT_EQ(run(*op, &encrypt, 32), 32);
    EXPECT_EQ(op->crypt({{}, {}, &encrypt}).value(), 0u);
    EXPECT_EQ(run(*op, &encrypt, 32, 1, 1, alg::transfer::splice), 32);
}

TEST_F(crypt, message_without_header_continues) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 48), 48);
    EXPECT_EQ(run(*op, nullptr, 32, 1, 1, alg::transfer::any, 0, 48), 32);
    EXPECT_EQ(run(*op, &go_on, 1 << 20, 1, 1, alg::transfer::any, 0, 80), 1 << 20);
    EXPECT_EQ(run(*op, nullptr, 16, 1, 1, alg::transfer::any, 0, 80 + (1 << 20)), 16);
    EXPECT_EQ(run(*op, nullptr, 1 << 20, 1, 1, alg::transfer::any, 0, 96 + (1 << 20)), 1 << 20);
}

TEST_F(crypt, long_message_goes_in_pieces_where_the_mode_chains) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20);
    const auto sends = world.all("sendmsg");
    ASSERT_GE(sends.size(), 6u);
    EXPECT_EQ(sends[0].size, 0u);
    EXPECT_FALSE(sends[0].control.empty());
    EXPECT_TRUE(sends[0].flags & MSG_MORE) << "so that a short send cannot end the message";
    std::size_t sum = 0;
    for (std::size_t i = 1; i < sends.size(); ++i) {
        EXPECT_TRUE(sends[i].control.empty());
        EXPECT_EQ((sends[i].flags & MSG_MORE) != 0, i + 1 < sends.size());
        EXPECT_TRUE(sends[i].flags & MSG_DONTWAIT);
        EXPECT_GT(sends[i].size, i + 1 < sends.size() ? buffer - 8192 : 0) << "as large as the buffer takes";
        sum += sends[i].size;
    }
    EXPECT_EQ(sum, std::size_t{1} << 20);
    EXPECT_EQ(world.count("recvmsg"), sends.size() - 1);
}

TEST_F(crypt, long_message_of_a_mode_that_does_not_chain_has_its_buffers_raised) {
    world.kernel.may_force = true;
    for (const char *name : {"xts(aes)", "chacha20"}) {
        const auto op = accept(name);
        EXPECT_EQ(run(*op, &encrypt, 300000), 300000) << name;
        EXPECT_EQ(world.count("sendmsg"), 1u);
        EXPECT_EQ(world.count("recvmsg"), 1u);
        const std::size_t asked = world.count("getsockopt");
        EXPECT_EQ(run(*op, &encrypt, 300000), 300000) << name;
        EXPECT_EQ(world.count("getsockopt"), asked) << "the buffers stay as they are";
        EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20) << name;
        EXPECT_EQ(run(*op, &encrypt, 200000), 200000) << name;
        EXPECT_EQ(world.count("sendmsg"), 4u);
    }
}

TEST_F(crypt, unprivileged_process_gets_twice_the_buffer_and_emsgsize_beyond) {
    const auto op = accept("xts(aes)");
    EXPECT_EQ(run(*op, &encrypt, 2 * buffer), static_cast<long>(2 * buffer));
    EXPECT_EQ(run(*op, &encrypt, 2 * buffer + 1), -EMSGSIZE);
    EXPECT_EQ(world.count("sendmsg"), 1u) << "nothing of it was sent";
    EXPECT_EQ(run(*op, &encrypt, 100000), 100000);
}

TEST_F(crypt, receive_buffer_is_raised_with_the_send_buffer) {
    const auto op = accept("xts(aes)");
    ASSERT_TRUE(op->set_buffers(200000, std::nullopt));
    EXPECT_EQ(run(*op, &encrypt, 300000), 300000);
    const auto op2 = accept("xts(aes)");
    ASSERT_TRUE(op2->set_buffers(std::nullopt, 2048));
    EXPECT_EQ(run(*op2, &encrypt, 100000), 100000);
}

TEST_F(crypt, buffers_are_looked_at_again_after_they_were_set) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 100000), 100000);
    ASSERT_TRUE(op->set_buffers(8192, 8192));
    EXPECT_EQ(run(*op, &encrypt, 100000), 100000);
    EXPECT_GE(world.count("sendmsg"), 7u);
    ASSERT_TRUE(op->set_buffers(100000, 100000));
    EXPECT_EQ(run(*op, &encrypt, 64), 64);
    world.relax();
    EXPECT_EQ(run(*op, &encrypt, 100000), 100000);
    EXPECT_EQ(world.count("sendmsg"), 1u) << "a small message says nothing about the buffers";
}

TEST_F(crypt, smallest_buffers_do) {
    for (const char *name : {"cbc(aes)", "xts(aes)"})
        for (const auto how : {alg::transfer::any, alg::transfer::splice})
            for (const std::size_t outs : {1ul, 40ul}) {
                const auto op = accept(name);
                ASSERT_TRUE(op->set_buffers(1, 1));
                EXPECT_EQ(run(*op, &encrypt, 16, 1, outs, how), 16);
                EXPECT_EQ(run(*op, &encrypt, 4096, 1, outs, how), 4096);
                EXPECT_EQ(run(*op, &encrypt, 50000, 7, outs, how), 50000) << name << outs;
            }
}

TEST_F(crypt, length_without_end_of_a_mode_that_does_not_chain_is_emsgsize) {
    world.kernel.may_force = true;
    const auto op = accept("chacha20");
    const iovec huge{key.data(), std::size_t{1} << 40};
    EXPECT_EQ(op->crypt({{&huge, 1}, {&huge, 1}, &encrypt}).error().code, EMSGSIZE);
    EXPECT_EQ(world.count("sendmsg"), 0u);
}

// What real kernels differ in, each as its own world.
struct kernel_kind {
    const char *name;
    bool ends_pass_at_elements;
    bool has_gap;
    std::size_t max_receive_elements;
};

class every_shape : public crypt, public ::testing::WithParamInterface<kernel_kind> {};

TEST_P(every_shape, gives_the_result_of_one_message) {
    world.kernel.ends_pass_at_elements = GetParam().ends_pass_at_elements;
    world.kernel.has_gap = GetParam().has_gap;
    world.kernel.max_receive_elements = GetParam().max_receive_elements;
    world.kernel.may_force = true;
    for (const char *name : {"cbc(aes)", "ctr(aes)", "ecb(aes)", "xts(aes)", "chacha20"}) {
        const auto op = accept(name);
        const alg::control *header = transform->info().iv_size == 0 ? &go_on : &encrypt;
        for (const std::size_t size :
             {16ul, 4112ul, 131072ul, buffer - 4096, buffer - 16, buffer, buffer + 16, 999984ul})
            for (const std::size_t ins : {1ul, 1024ul})
                for (const std::size_t outs : {1ul, 3ul, 70ul, 1000ul, 1024ul})
                    for (const auto how : {alg::transfer::any, alg::transfer::splice})
                        ASSERT_EQ(run(*op, header, size, ins, outs, how, outs % 2 * 48),
                                  static_cast<long>(size))
                            << name << " " << size << " bytes in " << ins << ", out " << outs;
    }
    for (const std::size_t size : {1ul, 17ul, 4097ul, buffer + 1, 999999ul}) {
        const auto op = accept("ctr(aes)");
        for (const auto how : {alg::transfer::any, alg::transfer::splice})
            EXPECT_EQ(run(*op, &encrypt, size, 9, 11, how), static_cast<long>(size));
    }
    EXPECT_EQ(world.kernel.sleeps, 0);
}

INSTANTIATE_TEST_SUITE_P(on, every_shape,
                         ::testing::Values(kernel_kind{"linux_6_1", true, true, 17},
                                           kernel_kind{"linux_6_12", true, true, 0},
                                           kernel_kind{"linux_7_3", false, false, 0}),
                         [](const auto &each) { return each.param.name; });

TEST_F(crypt, kernel_without_memory_for_one_pass_is_emsgsize) {
    world.kernel.may_force = true;
    world.kernel.max_pass = 900000;
    const auto op = accept("xts(aes)");
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), -EMSGSIZE);
    EXPECT_EQ(run(*op, &encrypt, 500000), 500000) << "the operation is idle again";
    const auto op2 = accept("xts(aes)");
    world.kernel.max_queue = 600000;
    EXPECT_EQ(run(*op2, &encrypt, 700000), -EMSGSIZE);
    EXPECT_EQ(run(*op2, &encrypt, 500000), 500000);
}

TEST_F(crypt, device_gets_few_pages_at_a_time_and_each_time_in_one_buffer) {
    world.kernel.algorithms[0].info.hardware = true;
    const auto op = accept("cbc(aes)");
    for (const std::size_t count : {std::size_t{1}, std::size_t{5}, std::size_t{100}}) {
        world.relax();
        EXPECT_EQ(run(*op, &encrypt, buffer, count, count), static_cast<long>(buffer));
        EXPECT_GT(world.count("recvmsg"), 3u);
        for (const test::system_call &call : world.all("recvmsg")) {
            EXPECT_LE(call.size, 16u * 4096);
            EXPECT_EQ(call.elements, 1u);
        }
    }
}

TEST_F(crypt, queue_with_less_memory_than_buffer_is_served_in_smaller_pieces) {
    world.kernel.max_queue = 50000;
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20);
}

TEST_F(crypt, short_sends_do_not_end_a_long_message) {
    for (const std::size_t size : {4096ul, 1000ul, 100000ul}) {
        const auto op = accept("cbc(aes)");
        world.shorten("sendmsg", size, 2);
        EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20) << size;
    }
}

TEST_F(crypt, short_receives_are_continued_where_the_mode_chains) {
    const auto op = accept("cbc(aes)");
    world.shorten("recvmsg", 48);
    EXPECT_EQ(run(*op, &encrypt, 4096), 4096);
    EXPECT_EQ(run(*op, &encrypt, 4096, 5, 5), 4096);
    const auto op2 = accept("xts(aes)");
    world.shorten("recvmsg", 48);
    EXPECT_EQ(run(*op2, &encrypt, 4096), -EIO) << "its second pass is another message";
    world.relax();
    EXPECT_EQ(run(*op2, &encrypt, 4096), 4096);
}

TEST_F(crypt, splice_sends_the_header_then_moves_pages) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536);
    ASSERT_EQ(world.count("sendmsg"), 1u);
    EXPECT_EQ(world.all("sendmsg")[0].size, 0u);
    EXPECT_TRUE(world.all("sendmsg")[0].flags & MSG_MORE);
    EXPECT_EQ(world.count("pipe"), 1u);
    EXPECT_EQ(world.all("set_pipe_size").at(0).size, 131072u);
    EXPECT_EQ(world.count("vmsplice"), 1u);
    ASSERT_EQ(world.count("splice"), 1u);
    EXPECT_FALSE(world.all("splice")[0].flags & SPLICE_F_MORE);
    world.relax();
    EXPECT_EQ(run(*op, &encrypt, 1 << 20, 1, 1, alg::transfer::splice), 1 << 20);
    EXPECT_EQ(world.count("pipe"), 0u) << "the pipe stays";
    const auto moves = world.all("splice");
    ASSERT_GE(moves.size(), 8u);
    for (std::size_t i = 0; i < moves.size(); ++i)
        EXPECT_EQ((moves[i].flags & SPLICE_F_MORE) != 0, i + 1 < moves.size());
    EXPECT_EQ(world.all("sendmsg").size(), 1u);
}

TEST_F(crypt, splicing_goes_on_however_many_messages_there_were) {
    const auto op = accept("cbc(aes)");
    for (std::size_t i = 1; i <= 50; ++i) {
        ASSERT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536);
        ASSERT_EQ(world.count("splice"), i);
    }
}

TEST_F(crypt, finely_scattered_message_is_copied) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 65536, 16, 1, alg::transfer::splice), 65536);
    EXPECT_EQ(world.count("splice"), 1u);
    EXPECT_EQ(run(*op, &encrypt, 65536, 17, 1, alg::transfer::splice), 65536);
    EXPECT_EQ(world.count("splice"), 1u);
}

TEST_F(crypt, any_transfer_copies) {
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 1 << 20), 1 << 20);
    EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::copy), 65536);
    EXPECT_EQ(world.count("pipe"), 0u);
}

TEST_F(crypt, pipe_that_stays_small_does) {
    world.kernel.pipe_size_error = EPERM;
    const auto op = accept("cbc(aes)");
    EXPECT_EQ(run(*op, &encrypt, 1 << 20, 3, 3, alg::transfer::splice), 1 << 20);
    EXPECT_GE(world.count("splice"), 16u);
}

TEST_F(crypt, partial_vmsplice_and_partial_splice_are_continued) {
    for (const char *call : {"vmsplice", "splice"})
        for (const std::size_t size : {1ul, 4095ul, 10000ul}) {
            const auto op = accept("cbc(aes)");
            world.shorten(call, size);
            EXPECT_EQ(run(*op, &encrypt, 30000 / 16 * 16, 2, 2, alg::transfer::splice), 30000)
                << call << size;
        }
}

TEST_F(crypt, refused_splicing_is_remembered_by_the_process) {
    for (const char *call : {"vmsplice", "splice", "pipe"})
        for (const int code : {EPERM, ENOSYS}) {
            engine = afalg::make_engine();
            const auto op = accept("cbc(aes)");
            world.fail(call, code);
            EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536) << call;
            EXPECT_EQ(world.count(call), 1u);
            EXPECT_EQ(run(*op, &encrypt, 1 << 20, 1, 1, alg::transfer::splice), 1 << 20);
            const auto other = std::move(*transform->accept());
            EXPECT_EQ(run(*other, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536);
            EXPECT_EQ(world.count(call), 1u) << call << ": not tried again";
        }
}

TEST_F(crypt, other_refusals_of_splicing_are_not_held_against_the_next_message) {
    for (const char *call : {"vmsplice", "splice", "pipe"})
        for (const int code : {EINVAL, EACCES, EMFILE, ENOMEM, EINTR}) {
            engine = afalg::make_engine();
            const auto op = accept("cbc(aes)");
            world.fail(call, code, 1, 1);
            EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536) << call << code;
            EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536) << call << code;
            EXPECT_GE(world.count("splice"), 1u);
        }
}

TEST_F(crypt, nothing_is_left_in_the_pipe_for_the_next_message) {
    const auto op = accept("cbc(aes)");
    world.shorten("splice", 4096, 1, 1);
    world.fail("splice", EINVAL, 2, 1);
    EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536);
    EXPECT_EQ(world.count("pipe"), 2u) << "a new one for what remained";
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(run(*op, &encrypt, 65536, 1, 1, alg::transfer::splice), 65536);
}

TEST_F(crypt, submit_gives_each_message_its_outcome) {
    const auto op = accept("cbc(aes)");
    byte_vector data(64);
    const iovec good{data.data(), 32};
    const iovec bad{data.data(), 17};
    std::array<alg::request, 3> batch{alg::request{{&good, 1}, {&good, 1}, &encrypt},
                                      alg::request{{&bad, 1}, {&good, 1}, &encrypt},
                                      alg::request{{&good, 1}, {&good, 1}, &encrypt}};
    op->submit(batch);
    EXPECT_EQ(batch[0].outcome.value(), 32u);
    EXPECT_EQ(batch[1].outcome.error().code, EINVAL);
    EXPECT_EQ(batch[2].outcome.value(), 32u);
}

} // namespace
