// SPDX-License-Identifier: BSD-3-Clause
#include "capi/denial.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kcapi::test {

namespace {

constexpr auto offset_of_number = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));

/// Of the low half, which is where a small argument is.
constexpr std::uint32_t offset_of_argument(unsigned i) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + i * sizeof(std::uint64_t)) +
           (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4U : 0U);
}

class program {
  public:
    /// Refuses call `number` with `code` if each argument given has the value given; the next rule is tried
    /// if not.
    void refuse(long number, const std::vector<std::pair<unsigned, std::uint32_t>> &arguments, int code) {
        // Each test that fails jumps over what is left of its rule: two instructions per test, one to refuse.
        auto left = static_cast<std::uint8_t>(2 * arguments.size() + 1);
        load(offset_of_number);
        test(static_cast<std::uint32_t>(number), left);
        for (const auto &[i, value] : arguments) {
            left = static_cast<std::uint8_t>(left - 2);
            load(offset_of_argument(i));
            test(value, left);
        }
        answer(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code));
    }
    void install() {
        answer(SECCOMP_RET_ALLOW);
        const sock_fprog whole{static_cast<unsigned short>(code_.size()), code_.data()};
        ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        ASSERT_EQ(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole), 0);
    }

  private:
    void load(std::uint32_t offset) { code_.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}); }
    void test(std::uint32_t value, std::uint8_t skip) {
        code_.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, skip, value});
    }
    void answer(std::uint32_t what) { code_.push_back({BPF_RET | BPF_K, 0, 0, what}); }

    std::vector<sock_filter> code_;
};

void expect_refusal(long result, int code, const char *what) {
    EXPECT_EQ(result, -1) << what;
    EXPECT_EQ(errno, code) << what;
}

} // namespace

void deny(const denial &what) {
    struct rule {
        long number;
        int code;
        const char *name;
    };
    // With arguments that are all wrong they fail also where they are allowed, but with another number.
    const rule whole_calls[] = {{SYS_vmsplice, what.vmsplice, "vmsplice"},
                                {SYS_io_uring_setup, what.io_uring_setup, "io_uring_setup"},
                                {SYS_io_setup, what.io_setup, "io_setup"},
                                {SYS_sendmsg, what.sendmsg, "sendmsg"},
                                {SYS_recvmsg, what.recvmsg, "recvmsg"},
                                {SYS_getrandom, what.getrandom, "getrandom"}};
    program p;
    if (what.af_alg != 0)
        p.refuse(SYS_socket, {{0, AF_ALG}}, what.af_alg);
    if (what.crypto_netlink != 0)
        p.refuse(SYS_socket, {{0, AF_NETLINK}, {2, NETLINK_CRYPTO}}, what.crypto_netlink);
    for (const rule &r : whole_calls)
        if (r.code != 0)
            p.refuse(r.number, {}, r.code);
    p.install();
    if (what.af_alg != 0)
        expect_refusal(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), what.af_alg, "AF_ALG");
    if (what.crypto_netlink != 0)
        expect_refusal(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_CRYPTO), what.crypto_netlink,
                       "netlink");
    for (const rule &r : whole_calls)
        if (r.code != 0)
            expect_refusal(::syscall(r.number, -1, nullptr, 0, 0), r.code, r.name);
    // Only what was named is gone.
    const int other = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_GE(other, 0);
    (void)::close(other);
}

} // namespace kcapi::test
