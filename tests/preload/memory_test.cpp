// SPDX-License-Identifier: BSD-3-Clause
// Pointers that lead nowhere, and handlers of the program for the signals of real faults.
#include "client.hpp"

#include <csetjmp>
#include <csignal>
#include <sys/mman.h>
#include <sys/uio.h>

using namespace client;

namespace {

/// Two pages of which the second is no memory, or may only be read.
class half_mapped {
  public:
    explicit half_mapped(int protection) {
        base_ = static_cast<std::uint8_t *>(
            ::mmap(nullptr, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        (void)::mprotect(base_ + 2 * page, page, protection);
    }
    ~half_mapped() { (void)::munmap(base_, 3 * page); }
    half_mapped(const half_mapped &) = delete;
    half_mapped &operator=(const half_mapped &) = delete;
    /// The last `n` bytes that are memory.
    [[nodiscard]] std::uint8_t *before(std::size_t n) const { return base_ + 2 * page - n; }

    static constexpr std::size_t page = 4096;

  private:
    std::uint8_t *base_;
};

void *volatile nowhere = reinterpret_cast<void *>(0x10);
void *const in_the_kernel = reinterpret_cast<void *>(0xffff800000000000);
void *const not_canonical = reinterpret_cast<void *>(0x8000000000000000);

sigjmp_buf back;
void jump(int) { siglongjmp(back, 1); }

volatile sig_atomic_t faults = 0;
void *fault_address = nullptr;
void note(int, siginfo_t *info, void *) {
    faults = faults + 1;
    fault_address = info->si_addr;
    siglongjmp(back, 1);
}

} // namespace

TEST(memory, bad_pointers_are_told_and_cost_no_data) {
    for (void *const bad :
         {static_cast<void *>(nullptr), static_cast<void *>(nowhere), in_the_kernel, not_canonical}) {
        const descriptor op = cbc();
        EXPECT_EQ(send(op, encryption(), message(16)), 16);
        EXPECT_EQ(told(::recv(op, bad, 16, 0)), -EFAULT);
        EXPECT_EQ(told(::read(op, bad, 16)), -EFAULT);
        EXPECT_EQ(hex(receive(op, 16)), "1fe8d836d5c013778ca77245d34c3951");
        EXPECT_EQ(told(::send(op, bad, 16, 0)), -EFAULT);
        EXPECT_EQ(told(::write(op, bad, 16)), -EFAULT);
        EXPECT_EQ(told(::sendmsg(op, static_cast<msghdr *>(bad), 0)), -EFAULT);
        EXPECT_EQ(told(::recvmsg(op, static_cast<msghdr *>(bad), 0)), -EFAULT);
        EXPECT_EQ(told(::writev(op, static_cast<iovec *>(bad), 1)), -EFAULT);
        EXPECT_EQ(told(::readv(op, static_cast<iovec *>(bad), 1)), -EFAULT);
    }
}

TEST(memory, a_failed_send_makes_an_empty_message) {
    const descriptor op = cbc();
    EXPECT_EQ(told(::send(op, nowhere, 16, 0)), -EFAULT);
    EXPECT_EQ(receive_count(op, 16), 0);
    EXPECT_EQ(receive_count(op, 16), -EAGAIN);
}

TEST(memory, a_send_is_taken_by_whole_pages) {
    const half_mapped memory(PROT_NONE);
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(told(::send(op, memory.before(100), 200, MSG_MORE)), -EFAULT);
    EXPECT_EQ(told(::send(op, memory.before(5000), 6000, MSG_MORE)), 4096);
    EXPECT_EQ(receive_count(op, 5000), 4096);
}

TEST(memory, room_beyond_what_there_is_need_not_be_memory) {
    for (const int protection : {PROT_NONE, PROT_READ}) {
        const half_mapped memory(protection);
        const descriptor op = cbc();
        EXPECT_EQ(send(op, encryption(), message(32)), 32);
        EXPECT_EQ(told(::recv(op, memory.before(16), 32, MSG_DONTWAIT)), -EFAULT);
        EXPECT_EQ(told(::recv(op, memory.before(32), 64, MSG_DONTWAIT)), 32);
        EXPECT_EQ(hex(text(memory.before(32), memory.before(16))), "1fe8d836d5c013778ca77245d34c3951");
    }
}

TEST(memory, a_hash_loses_its_state_by_a_fault) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a'}, MSG_MORE), 1);
    EXPECT_EQ(told(::send(op, nowhere, 2, 0)), -EFAULT);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_nothing);
    EXPECT_EQ(send(op, {'a', 'b', 'c'}), 3);
    EXPECT_EQ(told(::recv(op, nowhere, 32, 0)), -EFAULT);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_nothing);
}

TEST(memory, a_read_only_output_is_refused_and_stays) {
    const half_mapped memory(PROT_READ);
    const descriptor op = hash();
    EXPECT_EQ(told(::recv(op, memory.before(0), 32, 0)), -EFAULT);
    EXPECT_EQ(*memory.before(0), 0);
}

TEST(memory, the_programs_own_handler_gets_the_programs_own_faults) {
    const descriptor op = cbc();
    struct sigaction mine {};
    struct sigaction before {};
    mine.sa_sigaction = note;
    mine.sa_flags = SA_SIGINFO;
    ASSERT_EQ(::sigaction(SIGSEGV, &mine, &before), 0);
    EXPECT_EQ(before.sa_handler, SIG_DFL);
    faults = 0;
    EXPECT_EQ(told(::send(op, nowhere, 16, 0)), -EFAULT);
    EXPECT_EQ(faults, 0);
    if (sigsetjmp(back, 1) == 0)
        *static_cast<volatile char *>(static_cast<void *>(nowhere)) = 1;
    EXPECT_EQ(faults, 1);
    EXPECT_EQ(fault_address, static_cast<void *>(nowhere));
    EXPECT_EQ(told(::recv(op, nowhere, 16, 0)), 0) << "an empty message has come of the failed send";
    struct sigaction now {};
    ASSERT_EQ(::sigaction(SIGSEGV, &before, &now), 0);
    EXPECT_EQ(now.sa_sigaction, note);
    EXPECT_EQ(told(::send(op, nowhere, 16, 0)), -EFAULT);
}

TEST(memory, handlers_set_by_signal_and_used_up_work_as_ever) {
    const descriptor op = cbc();
    EXPECT_EQ(::signal(SIGSEGV, jump), SIG_DFL);
    EXPECT_EQ(told(::send(op, nowhere, 16, 0)), -EFAULT);
    volatile int jumps = 0;
    if (sigsetjmp(back, 1) == 0)
        (void)*static_cast<volatile char *>(static_cast<void *>(nowhere));
    else
        jumps = jumps + 1;
    EXPECT_EQ(jumps, 1);
    EXPECT_EQ(::signal(SIGSEGV, SIG_DFL), jump);
    struct sigaction once {};
    once.sa_handler = jump;
    once.sa_flags = static_cast<int>(SA_RESETHAND);
    ASSERT_EQ(::sigaction(SIGSEGV, &once, nullptr), 0);
    if (sigsetjmp(back, 1) == 0)
        (void)*static_cast<volatile char *>(static_cast<void *>(nowhere));
    struct sigaction left {};
    ASSERT_EQ(::sigaction(SIGSEGV, nullptr, &left), 0);
    EXPECT_EQ(left.sa_handler, SIG_DFL);
}

TEST(memory, a_fault_of_the_program_still_ends_it) {
    const descriptor op = cbc();
    EXPECT_EQ(in_child([&] {
                  (void)*static_cast<volatile char *>(static_cast<void *>(nowhere));
                  return true;
              }),
              255);
}

TEST(memory, a_thread_with_all_signals_blocked_is_told_too) {
    const descriptor op = cbc();
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &all, &before), 0);
    const long r = told(::send(op, nowhere, 16, 0));
    ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
    EXPECT_EQ(r, -EFAULT);
}
