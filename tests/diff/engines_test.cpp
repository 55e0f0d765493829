// SPDX-License-Identifier: BSD-3-Clause
// Random call sequences on two implementations side by side: every return value, error, byte and poll level
// has to agree. On any machine the local engine's two ways to a mode, the library's own and the template over
// the bare cipher; in a guest the kernel and the local engine.
#include "diff/hash_generator.hpp"
#include "diff/search.hpp"

#include "afalg/engine.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "oracle/runner.hpp"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <charconv>
#include <cstdio>
#include <random>

namespace kcapi::diff {

namespace {

struct options {
    std::string pair = "local";
    limits bounds{.seed = std::random_device{}(), .steps = 40000};
};

options given;

std::unique_ptr<oracle::backend> local_backend() {
    return oracle::make_seam_backend(local::make_engine(local::linked_modules()));
}

/// The driver that libcrypto has for a mode: "cts(cbc(aes))" is "cts-cbc-aes-openssl".
std::string own_driver(const std::string &mode) {
    std::string out;
    for (const char c : mode)
        if (c != ')')
            out += c == '(' ? '-' : c;
    return out + "-openssl";
}

/// The same mode built over libcrypto's bare cipher: "cts(cbc(aes-openssl))".
std::string over_bare_cipher(const std::string &mode) {
    const std::size_t cipher = mode.find("aes");
    return mode.substr(0, cipher) + "aes-openssl" + mode.substr(cipher + 3);
}

/// The driver that another library has for one of `modes`; libcrypto's for the others.
std::function<std::string(const std::string &)> driver_of(const char *library,
                                                          std::vector<std::string> modes) {
    return [=](const std::string &mode) {
        const bool has = std::find(modes.begin(), modes.end(), mode) != modes.end();
        const std::string own = own_driver(mode);
        return has ? own.substr(0, own.rfind('-') + 1) + library : own;
    };
}

std::vector<side> make_pair(const std::string &name) {
    std::vector<side> sides;
    if (name == "local") {
        sides.push_back({"template", local_backend(), over_bare_cipher});
        sides.push_back({"driver", local_backend(), own_driver});
    } else if (name == "best") {
        sides.push_back({"libcrypto", local_backend(), own_driver});
        sides.push_back({"best", local_backend(), nullptr});
    } else if (name == "gcrypt") {
        sides.push_back({"libcrypto", local_backend(), own_driver});
        sides.push_back(
            {"gcrypt", local_backend(), driver_of("gcrypt", {"cbc(aes)", "ctr(aes)", "xts(aes)"})});
    } else if (name == "ipsecmb") {
        sides.push_back({"libcrypto", local_backend(), own_driver});
        sides.push_back({"ipsecmb", local_backend(), driver_of("ipsecmb", {"cbc(aes)", "ctr(aes)"})});
    } else if (name == "kernel-local") {
        sides.push_back({"sockets", oracle::make_sockets_backend(), nullptr});
        sides.push_back({"local", local_backend(), nullptr});
    } else if (name == "kernel-engine") {
        sides.push_back({"sockets", oracle::make_sockets_backend(), nullptr});
        sides.push_back({"kernel engine", oracle::make_seam_backend(afalg::make_engine()), nullptr});
    }
    return sides;
}

scope scope_of(const std::string &pair) {
    utsname self{};
    if (pair.substr(0, 6) != "kernel")
        return scope::defined;
    const bool old = ::uname(&self) == 0 && std::string_view(self.release).substr(0, 4) == "6.1.";
    return pair == "kernel-local" && old ? scope::linux_6_1 : scope::everything;
}

/// "hmac-sha256-openssl" and "hmac(sha256-openssl)"; what no template makes is the same on both sides.
std::string own_hash(const std::string &name) {
    return name.find('(') == std::string::npos ? name : own_driver(name);
}
std::string hash_over_parts(const std::string &name) {
    return name.find('(') == std::string::npos ? name : name.substr(0, name.size() - 1) + "-openssl)";
}

TEST(engines, agree_on_random_calls_of_hashes) {
    std::vector<side> sides = make_pair(given.pair);
    ASSERT_EQ(sides.size(), 2U);
    if (given.pair == "local") {
        sides[0].rename = hash_over_parts;
        sides[1].rename = own_hash;
    }
    limits bounds = given.bounds;
    bounds.what = scope::everything;
    bounds.source = [](std::uint64_t seed, scope) { return std::make_unique<hash_generator>(seed); };
    std::printf("pair %s, --seed %llu\n", given.pair.c_str(), static_cast<unsigned long long>(bounds.seed));
    const findings found = search(sides[0], sides[1], bounds);
    EXPECT_TRUE(found.report.empty()) << found.report;
    std::printf("%zu steps in %zu sequences, %zu outputs\n", found.steps, found.sequences, found.outputs);
    EXPECT_GT(found.outputs, found.steps / 10);
}

TEST(engines, agree_on_random_calls) {
    std::vector<side> sides = make_pair(given.pair);
    ASSERT_EQ(sides.size(), 2U);
    for (side &s : sides) {
        const oracle::handle opened = s.on->open("skcipher", s.rename ? s.rename("cbc(aes)") : "cbc(aes)");
        ASSERT_GE(opened, 0) << s.name << " has no cbc(aes): " << -opened;
        s.on->close(opened);
    }
    std::printf("pair %s, --seed %llu\n", given.pair.c_str(),
                static_cast<unsigned long long>(given.bounds.seed));
    given.bounds.what = scope_of(given.pair);
    const findings found = search(sides[0], sides[1], given.bounds);
    EXPECT_TRUE(found.report.empty()) << found.report;
    std::printf("%zu steps in %zu sequences, %zu outputs\n", found.steps, found.sequences, found.outputs);
    // Calls that are all refused would agree too.
    EXPECT_GT(found.outputs, found.steps / 20);
}

/// The local engine with a fault: of what is received 16 bytes at a time, one bit is wrong.
class faulty : public oracle::backend {
  public:
    oracle::handle open(const std::string &type, const std::string &name) override {
        return on_->open(type, name);
    }
    oracle::handle accept(oracle::handle t) override { return on_->accept(t); }
    void close(oracle::handle h) override { on_->close(h); }
    long set_key(oracle::handle t, std::span<const std::uint8_t> key) override {
        return on_->set_key(t, key);
    }
    long set_tag_size(oracle::handle t, std::uint32_t size) override { return on_->set_tag_size(t, size); }
    long send(oracle::handle o, const oracle::control_data &head, std::span<const iovec> in, bool more,
              bool dont_wait) override {
        return on_->send(o, head, in, more, dont_wait);
    }
    long receive(oracle::handle o, std::span<const iovec> out, bool dont_wait) override {
        const long n = on_->receive(o, out, dont_wait);
        if (n == 16)
            for (const iovec &v : out)
                if (v.iov_len != 0) {
                    *static_cast<std::uint8_t *>(v.iov_base) ^= 1;
                    break;
                }
        return n;
    }
    long set_send_buffer(oracle::handle o, int size) override { return on_->set_send_buffer(o, size); }
    long set_receive_buffer(oracle::handle o, int size) override { return on_->set_receive_buffer(o, size); }
    oracle::poll_state poll(oracle::handle o) override { return on_->poll(o); }

  private:
    std::unique_ptr<oracle::backend> on_ = local_backend();
};

/// What a report of "N of them needed" says.
int steps_needed(const std::string &report) {
    const std::size_t end = report.find(" of them needed");
    const std::size_t begin = report.rfind(' ', end - 1);
    int number = 1000;
    if (end != std::string::npos)
        (void)std::from_chars(report.data() + begin + 1, report.data() + end, number);
    return number;
}

TEST(search, finds_a_planted_fault_and_makes_it_small) {
    side sound{"sound", local_backend(), nullptr};
    side wrong{"wrong", std::make_unique<faulty>(), nullptr};
    const findings found = search(sound, wrong, {.seed = 1, .steps = 100000});
    ASSERT_FALSE(found.report.empty());
    // open, key, accept, send, recv; and one more where the 16 bytes are a part of what was sent
    EXPECT_LE(steps_needed(found.report), 6) << found.report;
    EXPECT_NE(found.report.find("seed "), std::string::npos);
    EXPECT_NE(found.report.find("\nrecv o "), std::string::npos);
}

/// Calls of which most are refused would agree, too.
TEST(generator, messages_of_aeads_are_encrypted_decrypted_and_refused) {
    const std::unique_ptr<oracle::backend> on = local_backend();
    std::size_t encrypted = 0;
    std::size_t decrypted = 0;
    std::size_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        generator source(seed, scope::everything);
        oracle::live_run run(*on);
        bool aead = false;
        bool encrypts = false;
        for (int i = 0; i < 200; ++i) {
            const oracle::step s = source.next();
            const std::string result = run.perform(s);
            source.observe(s, result);
            if (s.what.what == oracle::verb::open)
                aead = s.what.type == "aead";
            if (s.what.what == oracle::verb::send && s.what.head.any())
                encrypts = s.what.head.op.value_or(0) == 1;
            if (!aead || s.what.what != oracle::verb::receive)
                continue;
            if (value_of(result) > 0)
                ++(encrypts ? encrypted : decrypted);
            refused += result == "-EBADMSG" ? 1 : 0;
        }
    }
    EXPECT_GT(encrypted, 200U);
    EXPECT_GT(decrypted, 80U);
    EXPECT_GT(refused, 80U);
    std::printf("%zu encrypted, %zu decrypted, %zu refused\n", encrypted, decrypted, refused);
}

/// A digest of 16 bytes with a bit wrong.
TEST(search, finds_a_planted_fault_in_a_hash) {
    side sound{"sound", local_backend(), nullptr};
    side wrong{"wrong", std::make_unique<faulty>(), nullptr};
    limits bounds{.seed = 1, .steps = 100000};
    bounds.source = [](std::uint64_t seed, scope) { return std::make_unique<hash_generator>(seed); };
    const findings found = search(sound, wrong, bounds);
    ASSERT_FALSE(found.report.empty());
    // open, key, accept, recv; or open, close, open, accept, recv
    EXPECT_LE(steps_needed(found.report), 5) << found.report;
}

TEST(search, repeats_itself_from_a_seed) {
    side sound{"sound", local_backend(), nullptr};
    side wrong{"wrong", std::make_unique<faulty>(), nullptr};
    const findings first = search(sound, wrong, {.seed = 7, .steps = 100000});
    const findings second = search(sound, wrong, {.seed = 7, .steps = 100000});
    EXPECT_EQ(first.steps, second.steps);
    EXPECT_EQ(first.report, second.report);
}

TEST(search, keeps_to_its_limits) {
    side left{"left", local_backend(), nullptr};
    side right{"right", local_backend(), nullptr};
    EXPECT_EQ(search(left, right, {.seed = 1, .steps = 450}).steps, 450U);
    EXPECT_EQ(search(left, right, {.seed = 1, .steps = 450}).sequences, 3U);
    limits brief{.seed = 1, .steps = std::size_t{1} << 40};
    brief.time = std::chrono::seconds(1);
    EXPECT_LT(search(left, right, brief).steps, brief.steps);
}

bool parse(const std::string &name, const std::string &value) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_number = failure == std::errc() && end == value.data() + value.size();
    if (name == "--seed" && is_number)
        given.bounds.seed = number;
    else if (name == "--steps" && is_number)
        given.bounds.steps = number;
    else if (name == "--seconds" && is_number)
        given.bounds.time = std::chrono::seconds(number);
    else if (name == "--pair" && !make_pair(value).empty())
        given.pair = value;
    else
        return false;
    return true;
}

} // namespace

} // namespace kcapi::diff

int main(int argc, char **argv) {
    testing::InitGoogleTest(&argc, argv);
    for (int i = 1; i < argc; i += 2)
        if (i + 1 == argc || !kcapi::diff::parse(argv[i], argv[i + 1])) {
            std::fprintf(stderr,
                         "usage: diff_engines_test [--pair local|kernel-local|kernel-engine] [--seed N] "
                         "[--steps N] [--seconds N]\n");
            return 2;
        }
    return RUN_ALL_TESTS();
}
