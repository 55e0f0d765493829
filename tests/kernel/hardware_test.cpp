// SPDX-License-Identifier: BSD-3-Clause
//
// Who serves where the kernel has a driver for a crypto device. Runs in a guest with QEMU's virtio-crypto,
// whose driver has cbc(aes) alone. KCAPI_TEST_DEVICE says what the guest is like; that it is so is looked up
// in /proc/crypto.
#include <kcapi.h>
#include <kcapi_ext.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using octets = std::vector<std::uint8_t>;

const std::string device_driver = "virtio_crypto_aes_cbc";

/// What the guest is like.
struct surroundings {
    const char *name;
    bool present;   ///< the driver is there
    bool best;      ///< and has the highest priority for cbc(aes)
    bool reachable; ///< and AF_ALG binds it
};
const surroundings all_surroundings[] = {
    {"best", true, true, true},
    {"second", true, false, true},   // the CPU's instructions have a higher priority
    {"hidden", true, true, false},   // Linux from 7.2 on
    {"absent", false, false, false}, // no such driver
};

const surroundings &here() {
    static const surroundings &found = []() -> const surroundings & {
        const char *const value = std::getenv("KCAPI_TEST_DEVICE");
        for (const surroundings &s : all_surroundings)
            if (value != nullptr && std::string(value) == s.name)
                return s;
        (void)std::fprintf(stderr, "KCAPI_TEST_DEVICE must be best, second, hidden or absent\n");
        std::exit(2);
    }();
    return found;
}

/// An implementation of cbc(aes) in /proc/crypto.
struct implementation {
    std::string driver;
    int priority = 0;
    bool tested = false;
};

std::vector<implementation> implementations() {
    std::ifstream file("/proc/crypto");
    std::vector<implementation> found;
    implementation current;
    bool counts = false;
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(": ");
        const std::string field = line.substr(0, line.find_first_of(" :"));
        const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
        if (field == "name")
            counts = value == "cbc(aes)";
        else if (field == "driver")
            current.driver = value;
        else if (field == "priority")
            current.priority = std::stoi(value);
        else if (field == "selftest")
            current.tested = value == "passed";
        else if (field == "type")
            counts = counts && value == "skcipher";
        else if (line.empty() && counts)
            found.push_back(current);
    }
    return found;
}

/// Empty before the kernel has tested it, which it does in the background.
std::string best_driver() {
    implementation best;
    for (const implementation &i : implementations())
        if (i.tested && i.priority > best.priority)
            best = i;
    return best.driver;
}

bool device_is_ready() {
    const std::vector<implementation> all = implementations();
    return std::any_of(all.begin(), all.end(),
                       [](const implementation &i) { return i.driver == device_driver && i.tested; });
}

class handle {
  public:
    handle(const char *type, const char *name, kcapi_ext_engine engine = KCAPI_EXT_ENGINE_AUTO)
        : status_(kcapi_ext_init(&h_, type, name, 0, engine)) {}
    ~handle() { kcapi_cipher_destroy(h_); }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;

    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] kcapi_handle *get() const { return h_; }
    [[nodiscard]] std::string engine() const { return text(kcapi_ext_engine_name(h_)); }
    [[nodiscard]] std::string driver() const { return text(kcapi_ext_driver_name(h_)); }
    [[nodiscard]] bool is_hardware() const {
        kcapi_ext_algorithm a{};
        return kcapi_ext_describe(h_, &a, sizeof a) == 0 && a.hardware != 0;
    }

  private:
    static std::string text(const char *s) { return s == nullptr ? "" : s; }

    kcapi_handle *h_ = nullptr;
    int status_;
};

octets pattern(std::size_t size, unsigned step) {
    octets bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>((i * step + i / 251) & 0xff);
    return bytes;
}

/// A new handle, since a key in use is not replaced.
std::unique_ptr<handle> keyed(const char *name, kcapi_ext_engine engine, const octets &key) {
    auto h = std::make_unique<handle>("skcipher", name, engine);
    EXPECT_EQ(h->status(), 0) << name;
    EXPECT_EQ(kcapi_cipher_setkey(h->get(), key.data(), static_cast<std::uint32_t>(key.size())), 0);
    return h;
}

octets one_shot(const handle &h, bool encrypt, const octets &in) {
    const octets iv = pattern(16, 5);
    octets out(in.size());
    const auto call = encrypt ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
    const ssize_t done =
        call(h.get(), in.data(), in.size(), iv.data(), out.data(), out.size(), KCAPI_ACCESS_HEURISTIC);
    EXPECT_EQ(done, static_cast<ssize_t>(in.size()));
    return out;
}

/// In pieces, each taken out before the next goes in: the chaining value has to last from one to the other.
octets streamed(const handle &h, const octets &in) {
    const octets iv = pattern(16, 5);
    octets out(in.size());
    const std::size_t piece = std::min<std::size_t>(in.size() / 48 * 16, 61440);
    EXPECT_EQ(kcapi_cipher_stream_init_enc(h.get(), iv.data(), nullptr, 0), 0);
    for (std::size_t at = 0, n = 0; at < in.size(); at += n) {
        n = std::min(piece, in.size() - at);
        iovec part{const_cast<std::uint8_t *>(in.data()) + at, n};
        const auto send = at + n == in.size() ? kcapi_cipher_stream_update_last : kcapi_cipher_stream_update;
        EXPECT_EQ(send(h.get(), &part, 1), static_cast<ssize_t>(n));
        for (std::size_t got = 0; got < n;) {
            iovec room{out.data() + at + got, n - got};
            const ssize_t r = kcapi_cipher_stream_op(h.get(), &room, 1);
            if (r <= 0) {
                ADD_FAILURE() << "stream_op: " << r;
                return out;
            }
            got += static_cast<std::size_t>(r);
        }
    }
    return out;
}

/// Many messages by one call, cut from `in`.
octets batched(const handle &h, const octets &in, std::size_t size) {
    const octets iv = pattern(16, 5);
    octets out(in.size());
    std::vector<iovec> from;
    std::vector<iovec> to;
    for (std::size_t at = 0; at < in.size(); at += size) {
        from.push_back({const_cast<std::uint8_t *>(in.data()) + at, size});
        to.push_back({out.data() + at, size});
    }
    EXPECT_EQ(kcapi_cipher_encrypt_aio(h.get(), from.data(), to.data(), from.size(), iv.data(), 0),
              static_cast<ssize_t>(in.size()));
    return out;
}

class hardware : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        for (int i = 0; here().present && !device_is_ready() && i < 200; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }

    static bool serves_its_name() { return here().best && here().reachable; }
};

TEST_F(hardware, is_in_this_guest_as_told) {
    EXPECT_EQ(device_is_ready(), here().present);
    EXPECT_EQ(best_driver() == device_driver, here().best) << best_driver();
}

TEST_F(hardware, serves_the_name_it_is_the_best_for_and_reachable) {
    const handle h("skcipher", "cbc(aes)");
    ASSERT_EQ(h.status(), 0);
    EXPECT_EQ(h.engine(), serves_its_name() ? "kernel" : "local");
    EXPECT_EQ(h.driver() == device_driver, serves_its_name()) << h.driver();
    EXPECT_EQ(h.is_hardware(), serves_its_name());
}

TEST_F(hardware, is_reached_by_its_drivers_name_or_nobody_is) {
    const handle h("skcipher", device_driver.c_str());
    if (!here().reachable) {
        EXPECT_EQ(h.status(), -ENOENT);
        return;
    }
    ASSERT_EQ(h.status(), 0);
    EXPECT_EQ(h.engine(), "kernel");
    EXPECT_EQ(h.driver(), device_driver);
    EXPECT_TRUE(h.is_hardware());
    EXPECT_STREQ(kcapi_ext_algorithm_name(h.get()), "cbc(aes)");
}

TEST_F(hardware, leaves_all_other_names_to_local) {
    // rsa too is a name of the device, and no kernel lets AF_ALG have it.
    const std::pair<const char *, const char *> others[] = {
        {"skcipher", "ecb(aes)"},
        {"skcipher", "ctr(aes)"},
        {"skcipher", "xts(aes)"},
        {"skcipher", "cts(cbc(aes))"},
        {"skcipher", "essiv(cbc(aes),sha256)"},
        {"skcipher", "cbc(camellia)"},
        {"aead", "gcm(aes)"},
        {"aead", "authenc(hmac(sha256),cbc(aes))"},
        {"hash", "sha256"},
        {"hash", "cmac(aes)"},
        {"hash", "ghash"},
        {"rng", "drbg_nopr_ctr_aes256"},
        {"akcipher", "rsa"},
    };
    for (const auto &[type, name] : others) {
        const handle h(type, name);
        ASSERT_EQ(h.status(), 0) << name;
        EXPECT_EQ(h.engine(), "local") << name;
        EXPECT_FALSE(h.is_hardware()) << name;
    }
}

TEST_F(hardware, is_what_the_kernel_engine_says_it_has) {
    const handle h("skcipher", "cbc(aes)", KCAPI_EXT_ENGINE_KERNEL);
    ASSERT_EQ(h.status(), 0);
    EXPECT_EQ(h.driver() == device_driver, serves_its_name()) << h.driver();
    EXPECT_EQ(h.is_hardware(), serves_its_name());

    std::vector<std::string> listed;
    const auto take = [](void *context, const kcapi_ext_algorithm *a) {
        if (a->hardware != 0)
            static_cast<std::vector<std::string> *>(context)->push_back(a->driver_name);
        return 0;
    };
    ASSERT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_KERNEL, take, &listed), 0);
    EXPECT_EQ(listed,
              here().reachable ? std::vector<std::string>{device_driver} : std::vector<std::string>());
}

TEST_F(hardware, gives_the_bytes_of_the_local_engine) {
    for (const std::size_t key_size : {16U, 24U, 32U}) {
        const octets key = pattern(key_size, 7);
        const auto local = keyed("cbc(aes)", KCAPI_EXT_ENGINE_LOCAL, key);
        for (const std::string &name : {std::string("cbc(aes)"), device_driver}) {
            if (name == device_driver && !here().reachable)
                continue;
            const auto device = keyed(name.c_str(), KCAPI_EXT_ENGINE_AUTO, key);
            ASSERT_EQ(device->driver() == device_driver, name == device_driver || serves_its_name()) << name;
            for (const std::size_t size : {16U, 1024U, 32768U, 98304U}) {
                const octets plain = pattern(8 * size, 13);
                EXPECT_TRUE(batched(*device, plain, size) == batched(*local, plain, size))
                    << name << ' ' << size;
            }
            for (const std::size_t size : {16U, 48U, 4096U, 65536U, 262144U}) {
                const octets plain = pattern(size, 11);
                const octets sealed = one_shot(*local, true, plain);
                EXPECT_TRUE(one_shot(*device, true, plain) == sealed)
                    << name << ' ' << key_size << ' ' << size;
                EXPECT_TRUE(one_shot(*device, false, sealed) == plain)
                    << name << ' ' << key_size << ' ' << size;
                if (size >= 48) {
                    EXPECT_TRUE(streamed(*device, plain) == sealed) << name << ' ' << key_size << ' ' << size;
                }
            }
        }
    }
}

} // namespace
