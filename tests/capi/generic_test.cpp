// SPDX-License-Identifier: BSD-3-Clause
//
// Version, IV padding, wiping, messages, splice sizes: the functions that belong to no family.
#include "capi/child.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

using namespace kcapi::test;

namespace {

struct received_messages {
    std::vector<std::pair<int, std::string>> list;
    static void receive(void *context, int level, const char *message) {
        static_cast<received_messages *>(context)->list.emplace_back(level, message);
    }
};

/// Turns messages off and sends them nowhere special when a test ends.
class messages_test : public testing::Test {
  protected:
    ~messages_test() override {
        kcapi_set_verbosity(KCAPI_LOG_NONE);
        kcapi_ext_set_log(nullptr, nullptr);
    }
    static int fail_to_open() {
        kcapi_handle *h = nullptr;
        return kcapi_cipher_init(&h, "no-such-algorithm", 0);
    }
};

int page() { return static_cast<int>(::sysconf(_SC_PAGESIZE)); }

class splice_size_test : public testing::Test {
  protected:
    [[nodiscard]] int size() const { return kcapi_get_maxsplicesize(cipher_.get()); }
    int set(unsigned value) { return kcapi_set_maxsplicesize(cipher_.get(), value); }

    cipher cipher_{"cbc(aes)", key_16()};
};

} // namespace

TEST(version, is_that_of_the_interface_level) {
    EXPECT_EQ(kcapi_version(), 1050100U);
    char text[32] = "";
    kcapi_versionstring(text, sizeof text);
    EXPECT_STREQ(text, "libkcapi 1.5.1");
}

TEST(version, string_is_cut_to_the_buffer) {
    const std::string whole = "libkcapi 1.5.1";
    for (std::uint32_t length = 0; length <= whole.size() + 3; ++length) {
        char text[32];
        std::memset(text, '#', sizeof text);
        kcapi_versionstring(text, length);
        if (length != 0) {
            EXPECT_EQ(std::string(text), whole.substr(0, length - 1));
        }
        EXPECT_EQ(text[length], '#') << "written beyond " << length;
    }
    kcapi_versionstring(nullptr, 10);
}

TEST(pad_iv, fills_up_and_cuts_to_the_size_of_the_iv) {
    const cipher c("cbc(aes)");
    const octets given = pattern(20);
    for (const std::uint32_t length : {0U, 1U, 15U, 16U, 17U, 20U}) {
        std::uint8_t *iv = nullptr;
        std::uint32_t iv_len = 99;
        ASSERT_EQ(kcapi_pad_iv(c.get(), length == 0 ? nullptr : given.data(), length, &iv, &iv_len), 0);
        ASSERT_EQ(iv_len, 16U);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(iv) % 16, 0U);
        octets expected = slice(given, 0, std::min(length, 16U));
        expected.resize(16);
        EXPECT_EQ(octets(iv, iv + iv_len), expected) << length;
        std::free(iv);
    }
}

TEST(pad_iv, gives_something_to_free_for_a_mode_without_iv) {
    const cipher c("ecb(aes)");
    std::uint8_t *iv = nullptr;
    std::uint32_t iv_len = 99;
    ASSERT_EQ(kcapi_pad_iv(c.get(), iv_16().data(), 16, &iv, &iv_len), 0);
    EXPECT_EQ(iv_len, 0U);
    std::free(iv);
}

TEST(pad_iv, writes_outputs_on_success_only) {
    const cipher c("cbc(aes)");
    std::uint8_t mark = 0;
    std::uint8_t *iv = &mark;
    std::uint32_t iv_len = 99;
    EXPECT_EQ(kcapi_pad_iv(c.get(), nullptr, 5, &iv, &iv_len), -EFAULT);
    EXPECT_EQ(kcapi_pad_iv(nullptr, iv_16().data(), 5, &iv, &iv_len), -EINVAL);
    EXPECT_EQ(kcapi_pad_iv(c.get(), iv_16().data(), 5, nullptr, &iv_len), -EINVAL);
    EXPECT_EQ(kcapi_pad_iv(c.get(), iv_16().data(), 5, &iv, nullptr), -EINVAL);
    EXPECT_EQ(iv, &mark);
    EXPECT_EQ(iv_len, 99U);
}

TEST(memset_secure, sets_just_the_bytes_it_is_told) {
    for (const int value : {0, 0xab}) {
        octets bytes(40, 0x11);
        kcapi_memset_secure(bytes.data() + 4, value, 32);
        octets expected(40, 0x11);
        std::fill(expected.begin() + 4, expected.begin() + 36, static_cast<std::uint8_t>(value));
        EXPECT_EQ(bytes, expected);
    }
    octets bytes(4, 0x11);
    kcapi_memset_secure(bytes.data(), 0, 0);
    EXPECT_EQ(bytes, octets(4, 0x11));
    kcapi_memset_secure(nullptr, 0, 10);
}

TEST_F(messages_test, there_are_none_unless_asked_for) {
    captured_stderr captured;
    EXPECT_LT(fail_to_open(), 0);
    EXPECT_EQ(captured.text(), "");
}

TEST_F(messages_test, an_error_is_one_line_on_stderr_that_says_what_to_do) {
    captured_stderr captured;
    kcapi_set_verbosity(KCAPI_LOG_ERR);
    EXPECT_LT(fail_to_open(), 0);
    const std::string text = captured.text();
    EXPECT_EQ(text.rfind("libkcapi - Error: ", 0), 0U) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_EQ(text.back(), '\n');
    EXPECT_NE(text.find("no-such-algorithm"), std::string::npos) << text;
    EXPECT_NE(text.find("KCAPI_ENGINE"), std::string::npos) << text;
}

TEST_F(messages_test, go_to_the_callers_function_with_its_context_and_not_to_stderr) {
    received_messages received;
    captured_stderr captured;
    kcapi_ext_set_log(received_messages::receive, &received);
    EXPECT_LT(fail_to_open(), 0);
    EXPECT_TRUE(received.list.empty()) << "the level is NONE";
    kcapi_set_verbosity(KCAPI_LOG_ERR);
    EXPECT_LT(fail_to_open(), 0);
    ASSERT_EQ(received.list.size(), 1U);
    EXPECT_EQ(received.list[0].first, KCAPI_LOG_ERR);
    EXPECT_EQ(received.list[0].second.find('\n'), std::string::npos);
    EXPECT_EQ(captured.text(), "");
    kcapi_ext_set_log(nullptr, nullptr);
    EXPECT_LT(fail_to_open(), 0);
    EXPECT_EQ(received.list.size(), 1U);
    EXPECT_NE(captured.text(), "");
}

TEST_F(messages_test, receiver_and_context_stay_together_when_they_change_under_others) {
    struct receiver {
        std::atomic<int> own = 0;
        std::atomic<int> foreign = 0;
    };
    static receiver even;
    static receiver odd;
    const auto to_even = [](void *context, int, const char *) {
        ++(context == &even ? even.own : even.foreign);
    };
    const auto to_odd = [](void *context, int, const char *) { ++(context == &odd ? odd.own : odd.foreign); };
    kcapi_ext_set_log(to_even, &even);
    std::atomic<bool> stop = false;
    std::thread failing([&] {
        while (!stop)
            (void)fail_to_open();
    });
    for (int i = 0; i < 20000 || even.own == 0 || odd.own == 0; ++i) {
        kcapi_ext_set_log(to_odd, &odd);
        kcapi_set_verbosity(KCAPI_LOG_DEBUG);
        kcapi_ext_set_log(to_even, &even);
        kcapi_set_verbosity(KCAPI_LOG_ERR);
    }
    stop = true;
    failing.join();
    EXPECT_EQ(even.foreign + odd.foreign, 0);
}

TEST_F(messages_test, function_that_was_taken_back_is_not_called_any_more) {
    // Slow enough to be found inside when the function was taken back, which must wait for it.
    struct counter {
        std::atomic<bool> wanted{false};
        std::atomic<int> received{0};
        std::atomic<int> unwanted{0};
        static void receive(void *context, int, const char *) {
            auto *const own = static_cast<counter *>(context);
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            ++own->received;
            own->unwanted += own->wanted ? 0 : 1;
        }
    } messages;
    std::atomic<bool> done = false;
    const cipher c("cbc(aes)", key_16());
    std::thread other([&] {
        while (!done)
            EXPECT_EQ(kcapi_set_maxsplicesize(c.get(), 0x80000001U), -EINVAL);
    });
    captured_stderr captured;
    for (int i = 0; i < 200 || (messages.received == 0 && i < 20000); ++i) {
        messages.wanted = true;
        kcapi_ext_set_log(counter::receive, &messages);
        kcapi_set_verbosity(KCAPI_LOG_DEBUG);
        std::this_thread::sleep_for(std::chrono::microseconds(300));
        kcapi_set_verbosity(KCAPI_LOG_NONE);
        kcapi_ext_set_log(nullptr, nullptr);
        messages.wanted = false;
    }
    done = true;
    other.join();
    EXPECT_GT(messages.received, 0);
    EXPECT_EQ(messages.unwanted, 0);
}

TEST_F(messages_test, never_hold_a_key_at_any_level) {
    received_messages received;
    kcapi_ext_set_log(received_messages::receive, &received);
    kcapi_set_verbosity(KCAPI_LOG_DEBUG);
    {
        cipher c("cbc(aes)", octets(16, 0x4b));
        (void)c.encrypted(octets(32, 0x50), octets(16, 0x49));
        EXPECT_LT(c.set_key(octets(5, 0x4b)), 0);
    }
    for (const auto &[level, text] : received.list)
        for (const char *const secret : {"KKKK", "PPPP", "IIII", "4b4b", "5050", "4B4B"})
            EXPECT_EQ(text.find(secret), std::string::npos) << text;
}

TEST_F(splice_size_test, is_32_pages_less_one_at_first_and_asking_changes_nothing) {
    EXPECT_EQ(size(), 131072 - page());
    EXPECT_EQ(size(), 131072 - page());
}

TEST_F(splice_size_test, is_rounded_up_to_a_power_of_two_of_pages) {
    const auto p = static_cast<unsigned>(page());
    ASSERT_EQ(set(p + 1), 0);
    EXPECT_EQ(size(), page());
    ASSERT_EQ(set(5 * p), 0);
    EXPECT_EQ(size(), 7 * page());
    ASSERT_EQ(set(16 * p), 0);
    EXPECT_EQ(size(), 15 * page());
    for (const unsigned least : {0U, 1U, p}) {
        ASSERT_EQ(set(least), 0);
        EXPECT_EQ(size(), page()) << "of one page nothing is taken off";
    }
}

TEST_F(splice_size_test, does_not_limit_a_message) {
    ASSERT_EQ(set(1), 0);
    const octets in = pattern(300000 / 16 * 16);
    EXPECT_EQ(cipher_.encrypted(in, iv_16(), KCAPI_ACCESS_VMSPLICE),
              reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in));
}

TEST_F(splice_size_test, stays_after_an_impossible_one) {
    ASSERT_EQ(set(65536), 0);
    EXPECT_EQ(set(0x80000001U), -EINVAL);
    EXPECT_EQ(size(), 65536 - page());
    {
        const no_more_descriptors limit;
        EXPECT_EQ(set(8192), -EMFILE);
    }
    EXPECT_EQ(size(), 65536 - page());
}

TEST_F(splice_size_test, impossible_one_is_told_in_words) {
    received_messages received;
    kcapi_ext_set_log(received_messages::receive, &received);
    kcapi_set_verbosity(KCAPI_LOG_WARN);
    EXPECT_EQ(set(0x80000001U), -EINVAL);
    kcapi_set_verbosity(KCAPI_LOG_NONE);
    kcapi_ext_set_log(nullptr, nullptr);
    ASSERT_FALSE(received.list.empty());
    EXPECT_NE(received.list[0].second.find(std::strerror(EINVAL)), std::string::npos)
        << received.list[0].second;
}

TEST_F(splice_size_test, above_the_systems_limit_needs_a_capability) {
    unsigned limit = 0;
    std::ifstream("/proc/sys/fs/pipe-max-size") >> limit;
    ASSERT_GT(limit, 0U);
    EXPECT_TRUE(passes_in_child([&] {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
        ASSERT_EQ(::syscall(SYS_capset, &header, none), 0);
        EXPECT_EQ(set(2 * limit), -EPERM);
        EXPECT_EQ(size(), 131072 - page());
    }));
}
