// SPDX-License-Identifier: BSD-3-Clause
//
// A handle across fork, and nothing across exec.
#include "capi/child.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <cstdlib>

using namespace kcapi::test;

namespace {

octets expected(const octets &plain) { return reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain); }

} // namespace

TEST(fork_of_a_user, child_uses_the_handle_for_one_shot_messages) {
    const octets plain = pattern(100000 / 16 * 16);
    cipher c("cbc(aes)", key_16());
    (void)c.encrypted(plain, iv_16());
    EXPECT_TRUE(passes_in_child([&] {
        EXPECT_TRUE(c.encrypted(plain, iv_16()) == expected(plain));
        EXPECT_TRUE(c.decrypted(expected(plain), iv_16()) == plain);
    }));
    EXPECT_TRUE(c.encrypted(plain, iv_16()) == expected(plain));
}

TEST(fork_of_a_user, destroy_in_the_child_does_not_disturb_the_parent) {
    const octets plain = pattern(64);
    cipher c("cbc(aes)", key_16());
    ASSERT_EQ(c.start_encrypt(iv_16(), plain), 64);
    EXPECT_TRUE(passes_in_child([&] { kcapi_cipher_destroy(c.get()); }));
    ASSERT_EQ(c.end(), 0);
    EXPECT_EQ(c.collect_all(64), expected(plain));
    EXPECT_EQ(c.encrypted(plain, iv_16()), expected(plain));
}

TEST(fork_of_a_user, child_makes_handles_of_its_own) {
    const octets plain = pattern(64);
    const cipher c("cbc(aes)", key_16());
    EXPECT_TRUE(passes_in_child([&] {
        cipher own("cbc(aes)", key_16());
        EXPECT_EQ(own.encrypted(plain, iv_16()), expected(plain));
        cipher shared(c, 0);
        EXPECT_EQ(shared.encrypted(plain, iv_16()), expected(plain));
    }));
}

TEST(exec_of_a_user, would_inherit_no_descriptor_of_the_library) {
    std::vector<bool> before(4096, false);
    const auto each_descriptor = [](auto &&visit) {
        DIR *const d = ::opendir("/proc/self/fd");
        ASSERT_NE(d, nullptr);
        const int own = ::dirfd(d);
        while (const dirent *const e = ::readdir(d)) {
            const int fd = std::atoi(e->d_name);
            if (e->d_name[0] != '.' && fd != own && fd < 4096)
                visit(fd);
        }
        (void)::closedir(d);
    };
    each_descriptor([&](int fd) { before[static_cast<std::size_t>(fd)] = true; });
    cipher c("cbc(aes)", key_16());
    (void)c.encrypted(pattern(65536), iv_16(), KCAPI_ACCESS_VMSPLICE);
    ASSERT_EQ(c.start_encrypt(iv_16(), pattern(64)), 64);
    ASSERT_EQ(c.update(pattern(64)), 64);
    each_descriptor([&](int fd) {
        if (!before[static_cast<std::size_t>(fd)]) {
            EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << fd;
        }
    });
}
