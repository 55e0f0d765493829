// SPDX-License-Identifier: BSD-3-Clause
// Linux AIO, by number.
#include "client.hpp"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>

using namespace client;

namespace {

class aio : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(::syscall(SYS_io_setup, 64, &context_), 0); }
    void TearDown() override { EXPECT_EQ(::syscall(SYS_io_destroy, context_), 0); }

    static iocb request(int command, int fd, void *data, std::size_t size) {
        iocb r{};
        r.aio_data = 77;
        r.aio_lio_opcode = static_cast<std::uint16_t>(command);
        r.aio_fildes = static_cast<std::uint32_t>(fd);
        r.aio_buf = reinterpret_cast<std::uintptr_t>(data);
        r.aio_nbytes = size;
        return r;
    }
    long submit(std::vector<iocb *> list) {
        return told(::syscall(SYS_io_submit, context_, list.size(), list.data()));
    }
    /// The results of `count` events, in order.
    std::vector<long> results(long count) {
        std::vector<io_event> events(static_cast<std::size_t>(count));
        timespec limit{5, 0};
        EXPECT_EQ(told(::syscall(SYS_io_getevents, context_, count, count, events.data(), &limit)), count);
        std::vector<long> out;
        for (const io_event &e : events) {
            EXPECT_EQ(e.data, 77U);
            EXPECT_EQ(e.res2, 0);
            out.push_back(static_cast<long>(e.res));
        }
        last_ = events.empty() ? 0 : events.back().obj;
        return out;
    }
    using values = std::vector<long>;

    aio_context_t context_ = 0;
    std::uint64_t last_ = 0;
};

} // namespace

TEST_F(aio, reads_and_writes_complete_at_once_and_chain) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(64)), 64);
    text out(64);
    iocb one = request(IOCB_CMD_PREAD, op, out.data(), 32);
    iocb two = request(IOCB_CMD_PREAD, op, out.data() + 32, 32);
    EXPECT_EQ(submit({&one, &two}), 2);
    EXPECT_EQ(results(2), (values{32, 32}));
    EXPECT_EQ(last_, reinterpret_cast<std::uintptr_t>(&two));
    EXPECT_EQ(one.aio_fildes, static_cast<std::uint32_t>(op)) << "the request is as it was";
    EXPECT_EQ(one.aio_nbytes, 32U);
    EXPECT_EQ(one.aio_lio_opcode, IOCB_CMD_PREAD);
    const descriptor plain = cbc();
    EXPECT_EQ(send(plain, encryption(), message(64)), 64);
    EXPECT_EQ(receive(plain, 64), out);
    text in = message(64);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    iocb write = request(IOCB_CMD_PWRITE, op, in.data(), 64);
    iocb read = request(IOCB_CMD_PREAD, op, out.data(), 64);
    EXPECT_EQ(submit({&write, &read}), 2);
    EXPECT_EQ(results(2), (values{64, 64}));
}

TEST_F(aio, scattered_requests_are_served) {
    const descriptor op = hash();
    char a[] = "a";
    char bc[] = "bc";
    iovec parts[] = {{a, 1}, {bc, 2}};
    text out(32);
    iovec room[] = {{out.data(), 5}, {out.data() + 5, 27}};
    iocb write = request(IOCB_CMD_PWRITEV, op, parts, 2);
    iocb read = request(IOCB_CMD_PREADV, op, room, 2);
    EXPECT_EQ(submit({&write, &read}), 2);
    EXPECT_EQ(results(2), (values{3, 32}));
    EXPECT_EQ(hex(out), digest_of_abc);
}

TEST_F(aio, errors_are_results) {
    const descriptor op = cbc();
    text out(64);
    EXPECT_EQ(send(op, encryption(), message(17)), 17);
    iocb read = request(IOCB_CMD_PREAD, op, out.data(), 32);
    EXPECT_EQ(submit({&read}), 1);
    EXPECT_EQ(results(1), values{-EINVAL});
    EXPECT_EQ(last_, reinterpret_cast<std::uintptr_t>(&read));
    read.aio_rw_flags = RWF_NOWAIT;
    EXPECT_EQ(submit({&read}), 1);
    EXPECT_EQ(results(1), values{-EAGAIN});
    read.aio_rw_flags = 0;
    read.aio_offset = 1;
    EXPECT_EQ(submit({&read}), 1);
    EXPECT_EQ(results(1), values{-ESPIPE});
    iocb bad = request(IOCB_CMD_PWRITE, op, reinterpret_cast<void *>(0x10), 32);
    EXPECT_EQ(submit({&bad}), 1);
    EXPECT_EQ(results(1), values{-EFAULT});
    iocb sync = request(IOCB_CMD_FSYNC, op, nullptr, 0);
    EXPECT_EQ(submit({&sync}), -EINVAL);
}

TEST_F(aio, a_context_mixes_ours_and_files) {
    const descriptor file(::memfd_create("data", 0));
    const text data = message(100);
    ASSERT_EQ(told(::write(file, data.data(), data.size())), 100);
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a', 'b', 'c'}), 3);
    text from_file(100);
    text from_op(32);
    iocb one = request(IOCB_CMD_PREAD, file, from_file.data(), 100);
    iocb two = request(IOCB_CMD_PREAD, op, from_op.data(), 32);
    iocb three = request(IOCB_CMD_PREAD, file, from_file.data(), 50);
    EXPECT_EQ(submit({&one, &two, &three}), 3);
    std::vector<long> got = results(3);
    std::sort(got.begin(), got.end());
    EXPECT_EQ(got, (values{32, 50, 100}));
    EXPECT_EQ(hex(from_op), digest_of_abc);
    EXPECT_EQ(from_file, data);
}

TEST_F(aio, an_eventfd_counts_completions) {
    const descriptor count(::eventfd(0, EFD_NONBLOCK));
    const descriptor op = hash();
    text out(32);
    iocb one = request(IOCB_CMD_PREAD, op, out.data(), 32);
    one.aio_flags = IOCB_FLAG_RESFD;
    one.aio_resfd = static_cast<std::uint32_t>(count);
    iocb two = one;
    EXPECT_EQ(submit({&one, &two}), 2);
    std::uint64_t n = 0;
    EXPECT_EQ(::read(count, &n, sizeof n), static_cast<ssize_t>(sizeof n));
    EXPECT_EQ(n, 2U);
    EXPECT_EQ(results(2), (values{32, 32}));
    EXPECT_EQ(hex(out), digest_of_nothing);
}

TEST_F(aio, a_read_of_an_empty_operation_waits_in_io_submit) {
    const descriptor op = cbc();
    text out(32);
    iocb read = request(IOCB_CMD_PREAD, op, out.data(), 32);
    std::thread sender([&] {
        ::usleep(100000);
        EXPECT_EQ(send(op, encryption(), message(32)), 32);
    });
    EXPECT_EQ(submit({&read}), 1);
    EXPECT_EQ(results(1), values{32});
    sender.join();
}

TEST_F(aio, readiness_can_be_asked_for) {
    const descriptor op = cbc();
    iocb ask = request(IOCB_CMD_POLL, op, nullptr, 0);
    ask.aio_buf = POLLIN;
    EXPECT_EQ(submit({&ask}), 1);
    EXPECT_EQ(results(1), values{POLLIN});
}

TEST_F(aio, bad_lists_are_refused) {
    iocb *bad = reinterpret_cast<iocb *>(0x10);
    EXPECT_EQ(told(::syscall(SYS_io_submit, context_, 1, 0x10)), -EFAULT);
    EXPECT_EQ(submit({bad}), -EFAULT);
    EXPECT_EQ(submit({}), 0);
    EXPECT_EQ(told(::syscall(SYS_io_submit, context_, -1L, nullptr)), -EINVAL);
}
