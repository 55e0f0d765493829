// SPDX-License-Identifier: BSD-3-Clause
// splice, vmsplice, tee and sendfile.
#include "client.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/time.h>
#include <sys/uio.h>

using namespace client;

namespace {

class splice : public testing::Test {
  protected:
    void SetUp() override {
        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        out_ = descriptor(ends[0]);
        in_ = descriptor(ends[1]);
        ASSERT_GE(::fcntl(in_, F_SETPIPE_SZ, 1 << 20), 0);
    }
    void put(std::string_view what) {
        ASSERT_EQ(told(::write(in_, what.data(), what.size())), static_cast<long>(what.size()));
    }
    long move(int to, std::size_t size, unsigned flags = 0) {
        return told(::splice(out_, nullptr, to, nullptr, size, flags));
    }
    descriptor out_;
    descriptor in_;
};

descriptor file_with(const text &data) {
    descriptor fd(::memfd_create("data", MFD_CLOEXEC));
    EXPECT_EQ(told(::write(fd, data.data(), data.size())), static_cast<long>(data.size()));
    EXPECT_EQ(::lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

text digest_of(const text &data) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, data), static_cast<long>(data.size()));
    return receive(op, 32);
}

void nothing(int) {}

/// A signal in a tenth of a second, and then each tenth, that ends a system call.
class alarm_clock {
  public:
    alarm_clock() {
        struct sigaction ends {};
        ends.sa_handler = nothing;
        (void)::sigaction(SIGALRM, &ends, &before_);
        set(100000);
    }
    ~alarm_clock() {
        set(0);
        (void)::sigaction(SIGALRM, &before_, nullptr);
    }
    alarm_clock(const alarm_clock &) = delete;
    alarm_clock &operator=(const alarm_clock &) = delete;

  private:
    static void set(suseconds_t span) {
        const itimerval t{{0, span}, {0, span}};
        (void)::setitimer(ITIMER_REAL, &t, nullptr);
    }
    struct sigaction before_ {};
};

} // namespace

TEST_F(splice, out_of_a_pipe_is_a_message) {
    const descriptor op = hash();
    put("abc");
    EXPECT_EQ(move(op, 3), 3);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
    put("abc");
    EXPECT_EQ(move(op, 100), 3) << "more asked for than there is";
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}

TEST_F(splice, with_more_to_come_goes_on) {
    const descriptor op = hash();
    put("abc");
    EXPECT_EQ(move(op, 2, SPLICE_F_MORE), 2);
    EXPECT_EQ(move(op, 1), 1);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}

TEST_F(splice, of_a_part_ends_its_message) {
    const descriptor op = hash();
    put("abcX");
    EXPECT_EQ(move(op, 3), 3);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
    char left = 0;
    EXPECT_EQ(::read(out_, &left, 1), 1);
    EXPECT_EQ(left, 'X');
}

TEST_F(splice, needs_a_pipe_and_no_offset) {
    const descriptor op = hash();
    const descriptor file = file_with(message(16));
    EXPECT_EQ(told(::splice(file, nullptr, op, nullptr, 16, 0)), -EINVAL);
    EXPECT_EQ(told(::splice(op, nullptr, file, nullptr, 16, 0)), -EINVAL);
    const descriptor other = hash();
    EXPECT_EQ(told(::splice(op, nullptr, other, nullptr, 16, 0)), -EINVAL);
    put("abc");
    off64_t at = 0;
    EXPECT_EQ(told(::splice(out_, nullptr, op, &at, 3, 0)), -EINVAL);
    EXPECT_EQ(told(::splice(out_, &at, op, nullptr, 3, 0)), -ESPIPE);
    EXPECT_EQ(told(::splice(op, &at, in_, nullptr, 3, 0)), -EINVAL);
    EXPECT_EQ(told(::splice(op, nullptr, in_, &at, 3, 0)), -ESPIPE);
    EXPECT_EQ(told(::splice(out_, nullptr, op, nullptr, 3, 0x80)), -EINVAL);
    EXPECT_EQ(told(::tee(out_, op, 3, 0)), -EINVAL);
    iovec one{&at, sizeof at};
    EXPECT_EQ(told(::vmsplice(op, &one, 1, 0)), -EBADF);
    EXPECT_EQ(move(op, 3), 3);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}

TEST_F(splice, an_empty_pipe_waits_ends_or_says_again) {
    const descriptor op = hash();
    EXPECT_EQ(move(op, 3, SPLICE_F_NONBLOCK), -EAGAIN);
    in_.close();
    EXPECT_EQ(move(op, 3), 0);
}

TEST_F(splice, to_operations_that_take_nothing_is_refused) {
    put("abc");
    const descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(move(accept(fd), 3), -ENOKEY);
    const descriptor generator = open("rng", "stdrng");
    EXPECT_EQ(set_key(generator, {}), 0);
    EXPECT_EQ(move(accept(generator), 3), -EOPNOTSUPP);
    EXPECT_EQ(move(fd, 3), -EOPNOTSUPP);
    char left[4];
    EXPECT_EQ(::read(out_, left, 4), 3) << "what was refused is still in the pipe";
}

TEST_F(splice, of_pages_is_as_good_as_a_send) {
    const descriptor op = cbc();
    const text data = message(65536);
    iovec one{const_cast<std::uint8_t *>(data.data()), data.size()};
    EXPECT_EQ(told(::vmsplice(in_, &one, 1, 0)), 65536);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(move(op, 65536), 65536);
    const descriptor sent = cbc();
    EXPECT_EQ(send(sent, encryption(), data), 65536);
    EXPECT_EQ(receive(op, 65536), receive(sent, 65536));
}

TEST_F(splice, into_a_full_queue_stops) {
    const descriptor op = cbc(SOCK_NONBLOCK);
    const text data = message(400000);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(told(::write(in_, data.data(), data.size())), 400000);
    EXPECT_EQ(move(op, 400000), 212992);
    EXPECT_EQ(move(op, 400000), -EAGAIN);
    EXPECT_EQ(receive_count(op, 400000), 212992);
    EXPECT_EQ(move(op, 400000), 400000 - 212992);
    EXPECT_EQ(receive_count(op, 400000), 400000 - 212992);
}

TEST_F(splice, from_an_operation_is_a_receive) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(4096)), 4096);
    EXPECT_EQ(told(::splice(op, nullptr, in_, nullptr, 4096, 0)), 4096);
    text got(4096);
    EXPECT_EQ(told(::read(out_, got.data(), got.size())), 4096);
    const descriptor plain = cbc();
    EXPECT_EQ(send(plain, encryption(), message(4096)), 4096);
    EXPECT_EQ(receive(plain, 4096), got);
    const descriptor digest = hash();
    EXPECT_EQ(send(digest, {'a', 'b', 'c'}), 3);
    EXPECT_EQ(told(::splice(digest, nullptr, in_, nullptr, 100, 0)), 32);
    got.resize(32);
    EXPECT_EQ(told(::read(out_, got.data(), 32)), 32);
    EXPECT_EQ(hex(got), digest_of_abc);
}

TEST_F(splice, from_an_empty_operation_sleeps_until_a_signal) {
    const descriptor op = cbc();
    const alarm_clock clock;
    EXPECT_EQ(told(::splice(op, nullptr, in_, nullptr, 16, SPLICE_F_NONBLOCK)), -EINTR);
}

TEST(sendfile, sends_a_message_each_time) {
    const text data = message(300000);
    const descriptor file = file_with(data);
    const descriptor op = hash();
    EXPECT_EQ(told(::sendfile(op, file, nullptr, 300000)), 300000);
    EXPECT_EQ(receive(op, 32), digest_of(data));
    EXPECT_EQ(::lseek(file, 0, SEEK_CUR), 300000);
    off_t at = 100000;
    EXPECT_EQ(told(::sendfile(op, file, &at, 100000)), 100000);
    EXPECT_EQ(told(::sendfile(op, file, &at, 100000)), 100000);
    EXPECT_EQ(at, 300000);
    EXPECT_EQ(receive(op, 32), digest_of(text(data.begin() + 200000, data.end())));
    EXPECT_EQ(::lseek(file, 0, SEEK_CUR), 300000);
}

TEST(sendfile, past_the_end_of_the_file_leaves_the_message_open) {
    const descriptor file = file_with(message(48));
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(told(::sendfile(op, file, nullptr, 1000)), 48);
    EXPECT_EQ(send(op, message(16)), 16);
    EXPECT_EQ(receive_count(op, 100), 64);
}

TEST(sendfile, stops_at_a_full_queue) {
    const descriptor file = file_with(message(300000));
    const descriptor op = cbc(SOCK_NONBLOCK);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(told(::sendfile(op, file, nullptr, 300000)), 212992);
    EXPECT_EQ(told(::sendfile(op, file, nullptr, 300000 - 212992)), -EAGAIN);
    EXPECT_EQ(::lseek(file, 0, SEEK_CUR), 212992);
    EXPECT_EQ(receive_count(op, 300000), 212992);
    EXPECT_EQ(told(::sendfile(op, file, nullptr, 300000 - 212992)), 300000 - 212992);
    EXPECT_EQ(receive_count(op, 300000), 300000 - 212992);
}

TEST(sendfile, wants_a_file_on_the_other_side) {
    const descriptor op = hash();
    const descriptor other = hash();
    const descriptor file = file_with(message(16));
    EXPECT_EQ(told(::sendfile(op, other, nullptr, 16)), -EINVAL);
    EXPECT_EQ(told(::sendfile(file, op, nullptr, 16)), -EINVAL);
    EXPECT_EQ(told(::sendfile(op, -1, nullptr, 16)), -EBADF);
    EXPECT_EQ(told(::copy_file_range(op, nullptr, file, nullptr, 16, 0)), -EINVAL);
}
