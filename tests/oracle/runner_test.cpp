// SPDX-License-Identifier: BSD-3-Clause
// The runner on a backend that sleeps on demand.
#include "oracle/backend.hpp"
#include "oracle/runner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kcapi::oracle {

namespace {

/// Receives what was sent, byte for byte; sleeps while there is nothing. A pipe is just that.
class pipe_backend : public backend {
  public:
    pipe_backend() { EXPECT_EQ(::pipe(ends_), 0); }
    ~pipe_backend() override {
        (void)::close(ends_[0]);
        (void)::close(ends_[1]);
    }

    handle open(const std::string &, const std::string &name) override {
        return name == "gone" ? -ENOENT : 1;
    }
    handle accept(handle) override { return 2; }
    void close(handle) override { ++closed; }
    long set_tag_size(handle, std::uint32_t) override { return 0; }
    long set_key(handle, std::span<const std::uint8_t> key) override { return key.empty() ? -EINVAL : 0; }
    long send(handle, const control_data &, std::span<const iovec> in, bool, bool) override {
        return ::writev(ends_[1], in.data(), static_cast<int>(in.size()));
    }
    long receive(handle, std::span<const iovec> out, bool dont_wait) override {
        if (dont_wait)
            return -EAGAIN;
        const long n = ::readv(ends_[0], out.data(), static_cast<int>(out.size()));
        return n < 0 ? -errno : n;
    }
    long set_send_buffer(handle, int) override { return 0; }
    long set_receive_buffer(handle, int) override { return 0; }
    poll_state poll(handle) override { return {true, false}; }

    int closed = 0;

  private:
    int ends_[2] = {-1, -1};
};

std::vector<std::string> results_of(const std::string &text) {
    const parse_outcome parsed = parse_script("open t skcipher x\naccept o t\n" + text, "s.script");
    EXPECT_EQ(parsed.error, "");
    pipe_backend on;
    std::vector<std::string> out;
    for (const entry &e : run_script(parsed.value, on).entries)
        out.push_back(e.result);
    EXPECT_EQ(on.closed, 2);
    out.erase(out.begin(), out.begin() + 2);
    return out;
}

using texts = std::vector<std::string>;

TEST(runner, tells_how_calls_ended) {
    EXPECT_EQ(
        results_of("poll o\nkey t none\nkey t 00\nsend o data=0102ff\nrecv o 2\nrecv o 5\nrecv o 1 nowait\n"),
        (texts{"in", "-EINVAL", "0", "3", "2 0102", "1 ff", "-EAGAIN"}));
}

TEST(runner, shortens_long_data) {
    EXPECT_EQ(results_of("send o data=M:0:65\nrecv o 65\nsend o data=fill:00:64\nrecv o 64\n"),
              (texts{"65",
                     "65 sha256:c0a0263ae1ab4e9dda9cd2ed6c44b23ee6ff75c90c640185f462fad7f24fcd6f "
                     "001f3e5d7c9bbad9f81736557493b2d1..ef0e2d4c6b8aa9c8e70625446382a1c0",
                     "64", "64 " + std::string(128, '0')}));
}

TEST(runner, goes_on_without_an_object_that_could_not_be_made) {
    const parse_outcome parsed =
        parse_script("open t skcipher gone\nkey t 00\naccept o t\nrecv o 1\nclose o\nclose t\n", "s");
    pipe_backend on;
    const transcript t = run_script(parsed.value, on);
    ASSERT_EQ(t.entries.size(), 6U);
    EXPECT_EQ(t.entries[0].result, "-ENOENT");
    for (std::size_t i = 1; i < 6; ++i)
        EXPECT_EQ(t.entries[i].result, "-EBADF");
    EXPECT_EQ(on.closed, 0);
}

TEST(runner, tells_a_sleep_from_an_answer) {
    EXPECT_EQ(results_of("alarm recv o 1\nsend o data=01\nalarm recv o 1\n"),
              (texts{"-EINTR", "1", "no sleep, 1 01"}));
}

TEST(runner, ends_a_sleep_that_nobody_expected_and_says_so) {
    EXPECT_EQ(results_of("recv o 1\n"), (texts{std::string(unexpected_sleep) + "-EINTR"}));
    EXPECT_EQ(results_of("start r recv o 1\njoin r\n"),
              (texts{"asleep", std::string(unexpected_sleep) + "-EINTR"}));
}

TEST(runner, lets_threads_sleep_and_wake) {
    EXPECT_EQ(results_of("start r recv o 4\nsend o data=0102\njoin r\n"), (texts{"asleep", "2", "2 0102"}));
    EXPECT_EQ(results_of("start r recv o 4\ninterrupt r\njoin r\n"), (texts{"asleep", "asleep", "-EINTR"}));
    EXPECT_EQ(results_of("send o data=01\nstart r recv o 4\ninterrupt r\njoin r\n"),
              (texts{"1", "finished", "finished", "1 01"}));
}

TEST(runner, sorts_the_results_of_equals) {
    EXPECT_EQ(results_of("start r recv o 1\nstart s recv o 1\nsend o data=0201\njoin r s\n"),
              (texts{"asleep", "asleep", "2", "1 01 | 1 02"}));
}

/// Writes more than it says.
class boasting_backend : public pipe_backend {
  public:
    long receive(handle, std::span<const iovec> out, bool) override {
        std::memset(out.front().iov_base, 1, out.front().iov_len);
        return static_cast<long>(out.front().iov_len) - 3;
    }
};

TEST(runner, sees_bytes_written_behind_the_count) {
    const parse_outcome parsed = parse_script("open t rng x\naccept o t\nrecv o 5\n", "s");
    boasting_backend on;
    EXPECT_EQ(run_script(parsed.value, on).entries.back().result, "2 0101 and 3 bytes beyond");
}

} // namespace

} // namespace kcapi::oracle
