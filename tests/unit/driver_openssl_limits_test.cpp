// SPDX-License-Identifier: BSD-3-Clause
//
// The drivers over libcrypto where the library has limits that a driver must not have (message lengths, key
// halves), and as a good neighbour: memory it may not touch, threads, the program's error queue, use during
// exit.
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/module.hpp"
#include "support/driver_under_test.hpp"
#include "support/guard.hpp"
#include "support/repeated_mapping.hpp"

#include <gtest/gtest.h>

#include <openssl/err.h>

#include <cerrno>
#include <string>
#include <thread>
#include <unistd.h>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

constexpr direction both[] = {direction::encrypt, direction::decrypt};
constexpr std::size_t mebibyte = std::size_t{1} << 20;

const local::driver &driver_for(const char *algorithm) {
    return find_driver(*kcapi_driver_module_openssl(), algorithm);
}

/// XTS without the provider's service for it: single blocks all the way.
keyed_driver xts_by_own_path(const byte_vector &key) {
    static const openssl::suite without = [] {
        openssl::suite copy = openssl::ordinary_suite();
        copy.xts = {};
        return copy;
    }();
    return keyed_driver(
        [](base::bytes k, std::unique_ptr<local::skcipher_key> &out) {
            return openssl::make_xts(without, k, out);
        },
        key);
}

/// Encrypts in its destructor, after all that was registered for exit since it was made: so after what
/// libcrypto would register when it is first used, which is below.
class exit_check {
  public:
    exit_check() = default;
    exit_check(const exit_check &) = delete;
    exit_check &operator=(const exit_check &) = delete;
    ~exit_check() {
        if (driver_ != nullptr && !(old_one_works() && new_one_works())) {
            static constexpr char text[] = "a driver failed during exit\n";
            (void)!::write(STDERR_FILENO, text, sizeof text - 1);
            ::_exit(1);
        }
    }

    void prepare() {
        driver_ = std::make_unique<keyed_driver>(driver_for("cbc(aes)"), pattern_key(32));
        expected_ = driver_->message(direction::encrypt, pattern_iv(), pattern_message(256));
    }

  private:
    bool old_one_works() {
        return driver_->message(direction::encrypt, pattern_iv(), pattern_message(256)) == expected_;
    }
    static bool new_one_works() {
        keyed_driver fresh(driver_for("ctr(aes)"), pattern_key(16));
        return fresh.message(direction::encrypt, pattern_iv(), pattern_message(4096)).size() == 4096;
    }

    std::unique_ptr<keyed_driver> driver_;
    byte_vector expected_;
};

unsigned long raise_an_error() {
    ERR_raise(ERR_LIB_USER, 77);
    return ERR_peek_last_error();
}

/// Whether the queue holds this error only, and no mark.
bool is_alone(unsigned long code) {
    return ERR_peek_error() == code && ERR_peek_last_error() == code && ERR_clear_last_mark() == 0;
}

/// Looks for all ciphers, approved ones too (of which there may be none, and libcrypto says so). That happens
/// once per process, so it is tried before there is a test.
bool looking_for_ciphers_leaves_the_queue() {
    const unsigned long mine = raise_an_error();
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        (void)d.available(d, true);
        (void)d.available(d, false);
    }
    const bool left = is_alone(mine);
    ERR_clear_error();
    return left;
}

exit_check at_exit;
const local::module *const first_use = kcapi_driver_module_openssl();
const bool found_as_left = looking_for_ciphers_leaves_the_queue();

} // namespace

TEST(driver_openssl_limits, contexts_work_while_the_program_exits) {
    ASSERT_EQ(first_use, kcapi_driver_module_openssl());
    at_exit.prepare(); // the verdict is the exit status of the whole program
}

TEST(driver_openssl_limits, xts_above_16_mib_is_one_message) {
    const byte_vector key = pattern_key(64);
    keyed_driver driver(driver_for("xts(aes)"), key);
    keyed_driver own = xts_by_own_path(key);
    const std::size_t limit = 16 * mebibyte;
    for (const std::size_t n : {limit, limit + 1, limit + 15, limit + 16, limit + 17, 2 * limit + 5}) {
        SCOPED_TRACE(n);
        const byte_vector in = pattern_message(n);
        const byte_vector out = driver.message(direction::encrypt, pattern_iv(), in);
        ASSERT_TRUE(own.message(direction::encrypt, pattern_iv(), in) == out);
        ASSERT_EQ(own.pass(direction::encrypt, pattern_message(32)),
                  driver.pass(direction::encrypt, pattern_message(32)));
        if (n == limit + 1 || n == 2 * limit + 5) {
            ASSERT_TRUE(xts_by_blocks(direction::encrypt, key, pattern_iv(), in) == out);
        }
        ASSERT_TRUE(driver.message(direction::decrypt, pattern_iv(), out) == in);
        const byte_vector next = driver.pass(direction::decrypt, pattern_message(32));
        ASSERT_TRUE(own.message(direction::decrypt, pattern_iv(), out) == in);
        ASSERT_EQ(own.pass(direction::decrypt, pattern_message(32)), next);
    }
}

TEST(driver_openssl_limits, xts_above_16_mib_works_in_place) {
    const byte_vector key = pattern_key(32);
    keyed_driver driver(driver_for("xts(aes)"), key);
    const byte_vector in = pattern_message(16 * mebibyte + 33);
    byte_vector data = in;
    driver.set_iv(pattern_iv());
    ASSERT_EQ(0, driver.pass(direction::encrypt, data.data(), data.data(), data.size()));
    EXPECT_TRUE(xts_by_blocks(direction::encrypt, key, pattern_iv(), in) == data);
    driver.set_iv(pattern_iv());
    ASSERT_EQ(0, driver.pass(direction::decrypt, data.data(), data.data(), data.size()));
    EXPECT_TRUE(in == data);
}

TEST(driver_openssl_limits, xts_takes_equal_halves_and_aes_192_at_every_length) {
    for (const std::size_t key_size : {32U, 48U, 64U}) {
        byte_vector key = pattern_key(key_size);
        if (key_size != 48)
            std::copy_n(key.begin(), key_size / 2, key.begin() + static_cast<std::ptrdiff_t>(key_size / 2));
        keyed_driver driver(driver_for("xts(aes)"), key);
        for (std::size_t n = 16; n < 1100; n = n < 200 ? n + 1 : n + 37)
            for (const direction d : both) {
                const byte_vector in = pattern_message(n);
                ASSERT_EQ(xts_by_blocks(d, key, pattern_iv(), in), driver.message(d, pattern_iv(), in)) << n;
            }
    }
}

TEST(driver_openssl_limits, lengths_above_what_an_int_holds_work) {
    const std::size_t length = 2048 * mebibyte + 64;
    const repeated_mapping in(mebibyte, 2049);
    const repeated_mapping out(mebibyte, 2049);
    const byte_vector pattern = pattern_message(mebibyte);
    std::copy(pattern.begin(), pattern.end(), in.data());
    const byte_vector key = pattern_key(16);

    keyed_driver ctr(driver_for("ctr(aes)"), key);
    ctr.set_iv(pattern_iv());
    ASSERT_EQ(0, ctr.pass(direction::encrypt, in.data(), out.data(), length));
    // The last 64 bytes, by a message that starts at their counter.
    byte_vector iv = pattern_iv();
    std::uint64_t low = 0;
    for (std::size_t i = 8; i < 16; ++i)
        low = low << 8 | iv[i];
    low += 2048 * mebibyte / 16;
    for (std::size_t i = 16; i-- > 8; low >>= 8)
        iv[i] = static_cast<std::uint8_t>(low);
    EXPECT_EQ(by_evp("ctr(aes)", direction::encrypt, key, iv, base::bytes(pattern).first(64)),
              byte_vector(out.data(), out.data() + 64));

    keyed_driver ecb(driver_for("ecb(aes)"), key);
    ASSERT_EQ(0, ecb.pass(direction::encrypt, in.data(), out.data(), length));
    EXPECT_TRUE(by_single_blocks(direction::encrypt, key, pattern) ==
                byte_vector(out.data(), out.data() + mebibyte));

    // An IV of zeros is where a fresh context stands; from any other the driver touches the first block again
    // at the end, and here that is the last one too.
    keyed_driver cbc(driver_for("cbc(aes)"), key);
    cbc.set_iv(byte_vector(16));
    ASSERT_EQ(0, cbc.pass(direction::decrypt, in.data(), out.data(), length));
    EXPECT_EQ(by_evp("cbc(aes)", direction::decrypt, key, base::bytes(pattern).last(16),
                     base::bytes(pattern).first(64)),
              byte_vector(out.data(), out.data() + 64));
}

TEST(driver_openssl_limits, no_byte_beyond_the_buffers_is_touched) {
    for (const char *const algorithm : {"ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"}) {
        const bool is_xts = algorithm == std::string_view("xts(aes)");
        const byte_vector key = pattern_key(is_xts ? 64 : 32);
        keyed_driver driver(driver_for(algorithm), key);
        const bool any_length = driver_for(algorithm).sizes.block_size == 1 || is_xts || algorithm[2] == 's';
        for (std::size_t n = 16; n <= 1072; n = n < 96 ? n + 1 : n + 61) {
            if (!any_length && n % 16 != 0)
                continue;
            const byte_vector message = pattern_message(n);
            const byte_vector iv = algorithm == std::string_view("ecb(aes)") ? byte_vector() : pattern_iv();
            const byte_vector expected = by_evp(algorithm, direction::encrypt, key, iv, message);
            for (const guard_side side : {guard_side::start, guard_side::end}) {
                const guarded_buffer in(n, side);
                const guarded_buffer out(n, side);
                std::copy(message.begin(), message.end(), in.data());
                driver.set_iv(iv);
                ASSERT_EQ(0, driver.pass(direction::encrypt, in.data(), out.data(), n));
                ASSERT_EQ(expected, byte_vector(out.data(), out.data() + n)) << algorithm << ' ' << n;
                driver.set_iv(iv);
                ASSERT_EQ(0, driver.pass(direction::decrypt, out.data(), out.data(), n));
                ASSERT_EQ(message, byte_vector(out.data(), out.data() + n)) << algorithm << ' ' << n;
            }
        }
    }
}

TEST(driver_openssl_limits, contexts_of_one_key_work_in_two_threads_at_once) {
    for (const char *const algorithm : {"ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"}) {
        const local::driver &d = driver_for(algorithm);
        const byte_vector key_bytes = pattern_key(d.sizes.max_key_size);
        std::unique_ptr<local::skcipher_key> key;
        ASSERT_EQ(0, d.make_skcipher(d, key_bytes, key));
        std::array<int, 2> wrong{};
        const auto work = [&](std::size_t index) {
            const std::unique_ptr<local::skcipher_context> context = key->open();
            for (std::size_t i = 0; i < 300; ++i) {
                const byte_vector in = pattern_message(16 * (1 + (i * 7 + index) % 40));
                byte_vector iv = pattern_iv();
                iv[0] = static_cast<std::uint8_t>(i);
                byte_vector out(in.size());
                local::chain c;
                c.set(iv);
                const int code = context->crypt(direction::encrypt, c, in.data(), out.data(), in.size());
                const base::bytes reference_iv = d.sizes.iv_size == 0 ? base::bytes() : base::bytes(iv);
                if (code != 0 || out != by_evp(algorithm, direction::encrypt, key_bytes, reference_iv, in))
                    ++wrong[index];
            }
        };
        std::thread first(work, 0U);
        std::thread second(work, 1U);
        first.join();
        second.join();
        EXPECT_EQ(0, wrong[0]) << algorithm;
        EXPECT_EQ(0, wrong[1]) << algorithm;
    }
}

TEST(driver_openssl_limits, the_programs_error_queue_is_left_as_found) {
    EXPECT_TRUE(found_as_left);
    ERR_clear_error();
    const unsigned long mine = raise_an_error();
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (d.make_skcipher == nullptr)
            continue;
        std::unique_ptr<local::skcipher_key> key;
        EXPECT_EQ(EINVAL, d.make_skcipher(d, pattern_key(57), key));
        keyed_driver driver(d, byte_vector(d.sizes.max_key_size, 0x11));
        driver.set_iv(pattern_iv());
        // Only modes of AES have a path for messages that long.
        const bool is_aes = std::string_view(d.name).find("aes") != std::string_view::npos;
        (void)driver.pass(direction::encrypt, pattern_message((is_aes ? 16 * mebibyte : 0) + 16));
    }
    EXPECT_TRUE(is_alone(mine));
    ERR_clear_error();
}
