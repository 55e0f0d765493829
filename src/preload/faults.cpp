// SPDX-License-Identifier: BSD-3-Clause
#include "preload/faults.hpp"

#include "preload/memory.hpp"
#include "preload/next.hpp"

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#ifdef KCAPI_FAULTS_BY_SIGNAL

// The first instruction of each function is the touch, and the only one that can fault.
asm(R"(
    .pushsection .text
    .balign 16
    .hidden kcapi_preload_touch_reads
    .hidden kcapi_preload_touch_writes
    .hidden kcapi_preload_touch_failed
    .globl kcapi_preload_touch_reads
    .globl kcapi_preload_touch_writes
    .globl kcapi_preload_touch_failed
    .type kcapi_preload_touch_reads, @function
    .type kcapi_preload_touch_writes, @function
    .type kcapi_preload_touch_failed, @function
kcapi_preload_touch_reads:
    .cfi_startproc
    movb (%rdi), %al
    movl $1, %eax
    ret
    .cfi_endproc
    .size kcapi_preload_touch_reads, . - kcapi_preload_touch_reads
kcapi_preload_touch_writes:
    .cfi_startproc
    lock orb $0, (%rdi)
    movl $1, %eax
    ret
    .cfi_endproc
    .size kcapi_preload_touch_writes, . - kcapi_preload_touch_writes
kcapi_preload_touch_failed:
    .cfi_startproc
    xorl %eax, %eax
    ret
    .cfi_endproc
    .size kcapi_preload_touch_failed, . - kcapi_preload_touch_failed
    .popsection
)");

extern "C" [[gnu::visibility("hidden")]] int kcapi_preload_touch_failed();

#endif

namespace kcapi::preload {

namespace {

constexpr int caught[] = {SIGSEGV, SIGBUS};

/// What the program wants done. Written seldom, by whoever calls sigaction(); read by the handler, which
/// cannot wait, so there are two copies and a number that says which is in force.
class program_action {
  public:
    [[nodiscard]] struct sigaction get() const noexcept {
        return copies_[in_force_.load(std::memory_order_acquire)];
    }
    void set(const struct sigaction &to) noexcept {
        const unsigned other = 1 - in_force_.load(std::memory_order_relaxed);
        copies_[other] = to;
        in_force_.store(other, std::memory_order_release);
    }

  private:
    struct sigaction copies_[2]{};
    std::atomic<unsigned> in_force_{0};
};

program_action actions[2];
std::atomic<bool> in_place{false};

int index_of(int number) noexcept { return number == SIGSEGV ? 0 : 1; }

[[maybe_unused]] bool answers_touch(void *context) noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    greg_t &instruction = static_cast<ucontext_t *>(context)->uc_mcontext.gregs[REG_RIP];
    if (instruction != reinterpret_cast<greg_t>(&kcapi_preload_touch_reads) &&
        instruction != reinterpret_cast<greg_t>(&kcapi_preload_touch_writes))
        return false;
    instruction = reinterpret_cast<greg_t>(&kcapi_preload_touch_failed);
    return true;
#else
    (void)context;
    return false;
#endif
}

void handle(int number, siginfo_t *info, void *context) noexcept;

/// How the kernel shall have it: our handler, with the program's mask and flags, so that the kernel does what
/// they say.
struct sigaction as_installed(const struct sigaction &wanted) noexcept {
    struct sigaction a = wanted;
    a.sa_sigaction = handle;
    // A handler that is gone after one signal would take ours with it.
    a.sa_flags = (wanted.sa_flags & ~static_cast<int>(SA_RESETHAND)) | SA_SIGINFO;
    if (wanted.sa_handler == SIG_DFL || wanted.sa_handler == SIG_IGN)
        a.sa_flags |= SA_RESTART | SA_ONSTACK;
    a.sa_mask = without_faults(wanted.sa_mask);
    return a;
}

void die_of(int number, const siginfo_t &info) noexcept {
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    (void)next::sigaction(number, &plain, nullptr);
    // A fault happens again when the instruction does; what was sent has to be sent again.
    if (info.si_code <= 0)
        (void)next::raw(SYS_tgkill, next::raw(SYS_getpid), next::raw(SYS_gettid), number);
}

void handle(int number, siginfo_t *info, void *context) noexcept {
    const int saved_errno = errno;
    if (answers_touch(context))
        return;
    const struct sigaction wanted = actions[index_of(number)].get();
    if ((wanted.sa_flags & static_cast<int>(SA_RESETHAND)) != 0) {
        struct sigaction plain {};
        plain.sa_handler = SIG_DFL;
        actions[index_of(number)].set(plain);
    }
    errno = saved_errno;
    if ((wanted.sa_flags & SA_SIGINFO) != 0)
        wanted.sa_sigaction(number, info, context);
    else if (wanted.sa_handler == SIG_DFL || (wanted.sa_handler == SIG_IGN && info->si_code > 0))
        die_of(number, *info);
    else if (wanted.sa_handler != SIG_IGN)
        wanted.sa_handler(number);
}

} // namespace

void catch_faults() noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    if (in_place.exchange(true))
        return;
    for (const int number : caught) {
        struct sigaction wanted {};
        if (next::sigaction(number, nullptr, &wanted) != 0)
            continue;
        actions[index_of(number)].set(wanted);
        const struct sigaction ours = as_installed(wanted);
        (void)next::sigaction(number, &ours, nullptr);
    }
#endif
}

bool catches_faults() noexcept { return in_place.load(std::memory_order_relaxed); }

bool keeps_action(int number) noexcept { return (number == SIGSEGV || number == SIGBUS) && catches_faults(); }

int exchange_action(int number, const struct sigaction *now, struct sigaction *before) noexcept {
    const struct sigaction old = actions[index_of(number)].get();
    if (now != nullptr) {
        const struct sigaction wanted = *now;
        const struct sigaction ours = as_installed(wanted);
        if (next::sigaction(number, &ours, nullptr) != 0)
            return -1;
        actions[index_of(number)].set(wanted);
    }
    if (before != nullptr)
        *before = old;
    return 0;
}

sigset_t without_faults(const sigset_t &set) noexcept {
    sigset_t rest = set;
    for (const int number : caught)
        (void)::sigdelset(&rest, number);
    return rest;
}

} // namespace kcapi::preload
