// SPDX-License-Identifier: BSD-3-Clause
//
// What the digests without a handle keep from one call to the next, and what programs do to descriptors that
// they do not know of: none of it may show.
#include "capi/child.hpp"
#include "capi/support.hpp"

#include <openssl/evp.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

using namespace kcapi::test;

namespace {

using digest_call = ssize_t (*)(const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t);

struct hash_call {
    digest_call call;
    const EVP_MD *(*reference)();
};
constexpr hash_call hashes[] = {{kcapi_md_sha1, EVP_sha1},        {kcapi_md_sha224, EVP_sha224},
                                {kcapi_md_sha256, EVP_sha256},    {kcapi_md_sha384, EVP_sha384},
                                {kcapi_md_sha512, EVP_sha512},    {kcapi_md_sha3_256, EVP_sha3_256},
                                {kcapi_md_sha3_512, EVP_sha3_512}};

octets reference_digest(const hash_call &h, const octets &message) {
    octets out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EXPECT_EQ(EVP_Digest(message.data(), message.size(), out.data(), &size, h.reference(), nullptr), 1);
    out.resize(size);
    return out;
}

octets digest(const hash_call &h, const octets &message) {
    octets out(EVP_MAX_MD_SIZE);
    const ssize_t n = h.call(message.data(), message.size(), out.data(), out.size());
    EXPECT_GT(n, 0);
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
}

void all_are_right(std::size_t size) {
    for (const hash_call &h : hashes)
        EXPECT_EQ(digest(h, pattern(size)), reference_digest(h, pattern(size))) << size;
}

constexpr int highest = 64;

/// The program's watch over descriptors looks at each test alone: so what may stay is opened before the
/// first.
class all_kept final : public testing::Environment {
  public:
    void SetUp() override {
        octets out(64);
        for (const digest_call call :
             {kcapi_md_sha1, kcapi_md_sha224, kcapi_md_sha256, kcapi_md_sha384, kcapi_md_sha512, kcapi_md_sm3,
              kcapi_md_sha3_224, kcapi_md_sha3_256, kcapi_md_sha3_384, kcapi_md_sha3_512})
            (void)call(out.data(), 1, out.data(), out.size());
    }
};

[[maybe_unused]] const testing::Environment *const registered =
    testing::AddGlobalTestEnvironment(new all_kept);

} // namespace

TEST(kept_hashes, are_right_at_every_length_and_in_any_order) {
    for (const std::size_t size : {0UL, 1UL, 64UL, 4096UL, 4097UL, 300000UL, 3UL})
        all_are_right(size);
    octets part(5);
    ASSERT_EQ(kcapi_md_sha256(pattern(9).data(), 9, part.data(), part.size()), 5);
    const octets whole = reference_digest(hashes[2], pattern(9));
    EXPECT_EQ(part, octets(whole.begin(), whole.begin() + 5));
}

TEST(kept_hashes, are_no_more_than_one_descriptor_each) {
    EXPECT_TRUE(passes_in_child([] {
        const std::size_t inherited = open_descriptors();
        all_are_right(10);
        const std::size_t after = open_descriptors();
        EXPECT_LE(after, inherited) << "the child closed what it inherited";
        for (int i = 0; i < 300; ++i)
            all_are_right(10);
        EXPECT_EQ(open_descriptors(), after);
    }));
}

TEST(kept_hashes, wrong_calls_change_nothing) {
    all_are_right(10);
    octets out(32);
    EXPECT_EQ(kcapi_md_sha256(nullptr, 1, out.data(), 32), -EFAULT);
    EXPECT_EQ(kcapi_md_sha256(out.data(), 1, nullptr, 32), -EINVAL);
    EXPECT_EQ(kcapi_md_sha256(out.data(), 1, out.data(), 0), -EINVAL);
    all_are_right(10);
}

/// As a daemon does: closes all it finds. What it opens then gets the numbers that the library had.
TEST(kept_hashes, never_touch_what_was_opened_under_their_numbers) {
    EXPECT_TRUE(passes_in_child([] {
        all_are_right(10);
        for (int fd = STDERR_FILENO + 1; fd < highest; ++fd)
            (void)::close(fd);
        // Sockets take what is sent to them, and give what another wrote.
        std::vector<int> peers;
        std::vector<int> strangers;
        int pair[2];
        while (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pair[1] < highest) {
            strangers.push_back(pair[0]);
            peers.push_back(pair[1]);
        }
        ASSERT_GT(strangers.size(), 10U);
        for (const std::vector<int> *const side : {&strangers, &peers})
            for (const int fd : *side)
                ASSERT_EQ(::send(fd, "stranger", 8, 0), 8);
        for (int i = 0; i < 3; ++i)
            all_are_right(10);
        for (const std::vector<int> *const side : {&strangers, &peers})
            for (const int fd : *side) {
                char text[64];
                ASSERT_EQ(::recv(fd, text, sizeof text, MSG_DONTWAIT), 8) << fd;
                EXPECT_EQ(std::string(text, 8), "stranger");
                EXPECT_LT(::recv(fd, text, sizeof text, MSG_DONTWAIT), 0) << "it was closed or written to";
                EXPECT_EQ(errno, EAGAIN);
            }
    }));
}

TEST(kept_hashes, are_not_shared_with_a_forked_child) {
    all_are_right(10);
    // Both at once: an operation in common would mix their messages.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    for (std::size_t i = 0; i < scaled(500, 20); ++i)
        all_are_right(child == 0 ? 100 + i % 5 : i % 5);
    if (child == 0)
        ::_exit(testing::Test::HasFailure() ? 1 : 0);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(kept_hashes, serve_threads_at_once) {
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            for (std::size_t i = 0; i < scaled(200, 20); ++i)
                all_are_right(t * 1000 + i % 7);
        });
    for (std::thread &t : threads)
        t.join();
}
