// SPDX-License-Identifier: BSD-3-Clause
//
// Every allocation fails once, in turn, and then every one from there on: each call answers -ENOMEM or
// succeeds, nothing leaks, and the handle works as soon as there is memory. The library is linked in
// statically here, drivers included.
#include "capi/allocation_life.hpp"
#include "capi/child.hpp"
#include "capi/environment.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#ifdef KCAPI_TEST_GCRYPT
#include <gcrypt.h>
#endif
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace kcapi::test;

namespace {

/// Everything a scenario needs, made before memory runs out.
struct material {
    octets plain = pattern(300000 / 16 * 16);
    octets expected = reference("cbc(aes)", way::encrypt, key_32(), iv_16(), plain);
    octets out = octets(plain.size());
};

/// A result that may be told while memory is short.
bool allowed(ssize_t r, ssize_t success) { return r == success || r == -ENOMEM; }

ssize_t stream_once(kcapi_handle *h, material &m) {
    constexpr std::size_t size = 100000;
    iovec in{m.plain.data(), 16};
    if (const ssize_t r = kcapi_cipher_stream_init_enc(h, iv_16().data(), &in, 1); r < 0)
        return r;
    in = {m.plain.data() + 16, 4096};
    if (const ssize_t r = kcapi_cipher_stream_update(h, &in, 1); r != 4096)
        return r < 0 ? r : -ENOMEM; // fewer than given: no memory for the rest
    in = {m.plain.data() + 16 + 4096, size - 16 - 4096};
    if (const ssize_t r = kcapi_cipher_stream_update_last(h, &in, 1); r != static_cast<ssize_t>(in.iov_len))
        return r < 0 ? r : -ENOMEM;
    iovec room{m.out.data(), m.out.size()};
    return kcapi_cipher_stream_op(h, &room, 1);
}

/// The calls of a handle's life. Returns whether memory ran out.
bool run_life(material &m, std::size_t n, shortage kind) {
    kcapi_handle *h = nullptr;
    kcapi_handle *second = nullptr;
    std::uint8_t *iv = nullptr;
    std::uint32_t iv_len = 0;
    scarce_calls call(n, kind);
    if (call("init", 0, [&] { return kcapi_cipher_init(&h, "cbc(aes)", 0); }) &&
        call("setkey", 0, [&] { return kcapi_cipher_setkey(h, key_32().data(), 32); })) {
        for (const std::size_t size : {std::size_t{64}, m.plain.size()})
            (void)call("encrypt", static_cast<ssize_t>(size), [&] {
                return kcapi_cipher_encrypt(h, m.plain.data(), size, iv_16().data(), m.out.data(), size, 0);
            });
        (void)call("stream", 100000, [&] { return stream_once(h, m); });
        (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
        (void)call("pad_iv", 0, [&] { return kcapi_pad_iv(h, key_32().data(), 5, &iv, &iv_len); });
        (void)call("convenience", 64, [&] {
            return kcapi_cipher_enc_aes_cbc(key_32().data(), 32, m.plain.data(), 64, iv_16().data(),
                                            m.out.data(), 64);
        });
    }
    const bool felt = call.end();
    if (h != nullptr) {
        const int r = kcapi_cipher_setkey(h, key_32().data(), 32);
        EXPECT_TRUE(r == 0 || r == -EBUSY) << r;
        const auto size = static_cast<ssize_t>(m.plain.size());
        const ssize_t stream = stream_once(h, m);
        EXPECT_EQ(stream, 100000) << "allocation " << n;
        EXPECT_TRUE(slice(m.out, 0, 100000) == slice(m.expected, 0, 100000));
        EXPECT_EQ(kcapi_cipher_encrypt(h, m.plain.data(), m.plain.size(), iv_16().data(), m.out.data(),
                                       m.out.size(), 0),
                  size);
        EXPECT_TRUE(m.out == m.expected) << "allocation " << n;
    }
    std::free(iv);
    kcapi_cipher_destroy(second);
    kcapi_cipher_destroy(h);
    return felt;
}

/// Who serves in a process that has all the memory it wants.
std::string driver_without_shortage() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    EXPECT_TRUE(passes_in_child([&] {
        const cipher c("cbc(aes)");
        const std::string name = kcapi_ext_driver_name(c.get());
        EXPECT_EQ(::write(ends[1], name.data(), name.size()), static_cast<ssize_t>(name.size()));
    }));
    ::close(ends[1]);
    char name[100] = {};
    EXPECT_GT(::read(ends[0], name, sizeof name - 1), 0);
    ::close(ends[0]);
    return name;
}

INSTANTIATE_TEST_SUITE_P(fails, allocation, testing::Values(shortage::once, shortage::from_then_on),
                         [](const auto &kind) {
                             return kind.param == shortage::once ? "once" : "from_then_on";
                         });

/// The modules of the build tree are linked in; a second copy would only confuse.
const bool no_folder = [] {
    set_environment("KCAPI_DRIVER_PATH", "/nonexistent");
    return true;
}();

} // namespace

TEST_P(allocation, of_a_first_use_is_enomem_and_does_not_cripple_what_comes_later) {
    ASSERT_TRUE(no_folder);
    material m; // and with it libcrypto is awake, which is not what is tested
#ifdef KCAPI_TEST_GCRYPT
    // Nor is libgcrypt: it ends the process if its initialisation finds no memory, and gives up AES if the
    // test at its first key finds none; see docs/drivers.md.
    ASSERT_NE(gcry_check_version(nullptr), nullptr);
    gcry_cipher_hd_t trial = nullptr;
    ASSERT_EQ(gcry_cipher_open(&trial, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_ECB, 0), 0U);
    ASSERT_EQ(gcry_cipher_setkey(trial, key_32().data(), 32), 0U);
    gcry_cipher_close(trial);
#endif
    const std::string undisturbed = driver_without_shortage();
    ASSERT_TRUE(is_own_mode(undisturbed)) << undisturbed;
    const std::size_t count = sweep(GetParam(), [&](std::size_t n, shortage kind) {
        bool felt = true;
        int pipe_ends[2];
        EXPECT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
        EXPECT_TRUE(passes_in_child([&] {
            kcapi_handle *h = nullptr;
            int r = 0;
            {
                const memory_shortage memory(n, kind);
                r = kcapi_cipher_init(&h, "cbc(aes)", 0);
                felt = memory.was_felt();
            }
            EXPECT_TRUE(allowed(r, 0)) << r << ", allocation " << n;
            EXPECT_EQ(h == nullptr, r != 0);
            kcapi_cipher_destroy(h);
            cipher later("cbc(aes)", key_32());
            if (later.get() != nullptr && std::string(kcapi_ext_engine_name(later.get())) == "local") {
                EXPECT_EQ(kcapi_ext_driver_name(later.get()), undisturbed) << "allocation " << n;
            }
            EXPECT_TRUE(later.encrypted(m.plain, iv_16()) == m.expected) << "allocation " << n;
            (void)!::write(pipe_ends[1], &felt, sizeof felt);
        })) << "allocation "
            << n;
        ::close(pipe_ends[1]);
        if (::read(pipe_ends[0], &felt, sizeof felt) != sizeof felt)
            felt = true;
        ::close(pipe_ends[0]);
        return felt;
    });
    std::printf("[ COUNTED  ] %zu allocations\n", count);
    EXPECT_GT(count, 20U);
}

TEST_P(allocation, of_a_handles_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    material m;
    expect_no_leak(GetParam(), 8, [&](std::size_t n, shortage kind) { return run_life(m, n, kind); });
}
