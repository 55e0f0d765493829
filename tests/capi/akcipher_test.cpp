// SPDX-License-Identifier: BSD-3-Clause
//
// Public-key encryption and signatures: one-shot and aio calls, keys, and bad input.
#include "capi/child.hpp"
#include "capi/rsa_key.hpp"

#include <thread>

using namespace kcapi::test;

namespace {

constexpr struct {
    const char *name;
    const char *hash;
    std::size_t size;
} signers[] = {{"pkcs1pad(rsa,sha1)", "SHA1", 20},
               {"pkcs1pad(rsa,sha224)", "SHA224", 28},
               {"pkcs1pad(rsa,sha256)", "SHA256", 32},
               {"pkcs1pad(rsa,sha384)", "SHA384", 48},
               {"pkcs1pad(rsa,sha512)", "SHA512", 64}};

constexpr akcipher::one_shot *one_shots[] = {kcapi_akcipher_encrypt, kcapi_akcipher_decrypt,
                                             kcapi_akcipher_sign, kcapi_akcipher_verify};
using aio_call = ssize_t(kcapi_handle *, iovec *, iovec *, std::size_t, int);
constexpr aio_call *aio_calls[] = {kcapi_akcipher_encrypt_aio, kcapi_akcipher_decrypt_aio,
                                   kcapi_akcipher_sign_aio, kcapi_akcipher_verify_aio};

} // namespace

TEST(akcipher, signatures_are_those_of_openssl_and_give_the_digest_back) {
    for (const auto &s : signers) {
        akcipher signer(s.name, rsa_private_der());
        akcipher verifier(s.name, rsa_public_der(), false);
        const octets digest = pattern(s.size);
        octets signature;
        ASSERT_EQ(signer.call(kcapi_akcipher_sign, digest, signature), static_cast<ssize_t>(rsa_size));
        EXPECT_EQ(signature, rsa_reference_signature(s.hash, digest)) << s.name;
        octets back;
        EXPECT_EQ(verifier.call(kcapi_akcipher_verify, signature, back), static_cast<ssize_t>(s.size));
        EXPECT_EQ(back, digest) << s.name;
        EXPECT_EQ(verifier.call(kcapi_akcipher_verify, signature, back, s.size), static_cast<ssize_t>(s.size))
            << "just enough room";
        signature[100] ^= 1;
        EXPECT_EQ(verifier.call(kcapi_akcipher_verify, signature, back), -EBADMSG);
        EXPECT_EQ(back, octets(rsa_size, 0xee)) << "nothing is written";
    }
}

TEST(akcipher, encrypts_with_the_public_key_for_the_private_one) {
    for (const char *const name : {"pkcs1pad(rsa)", "pkcs1pad(rsa,sha256)"}) {
        akcipher sender(name, rsa_public_der(), false);
        akcipher receiver(name, rsa_private_der());
        for (const int access : {KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG, 77}) {
            const octets message = pattern(245, 7);
            octets ciphertext;
            ASSERT_EQ(sender.call(kcapi_akcipher_encrypt, message, ciphertext, rsa_size, access),
                      static_cast<ssize_t>(rsa_size));
            EXPECT_EQ(rsa_reference_decryption(ciphertext), message);
            octets back;
            EXPECT_EQ(receiver.call(kcapi_akcipher_decrypt, ciphertext, back, rsa_size, access), 245);
            EXPECT_EQ(back, message);
        }
    }
}

TEST(akcipher, primitive_is_its_own_inverse) {
    akcipher raw("rsa", rsa_private_der());
    octets number = pattern(rsa_size, 3);
    number[0] = 1;
    octets there;
    octets back;
    ASSERT_EQ(raw.call(kcapi_akcipher_encrypt, number, there), static_cast<ssize_t>(rsa_size));
    ASSERT_EQ(raw.call(kcapi_akcipher_decrypt, there, back), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(back, number);
    ASSERT_EQ(raw.call(kcapi_akcipher_sign, number, there), static_cast<ssize_t>(rsa_size));
    ASSERT_EQ(raw.call(kcapi_akcipher_verify, there, back), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(back, number);
}

TEST(akcipher, every_wrong_ciphertext_is_einval) {
    akcipher receiver("pkcs1pad(rsa)", rsa_private_der());
    akcipher raw("rsa", rsa_private_der());
    octets out;
    for (std::uint8_t second = 0; second < 4; ++second) {
        octets block(rsa_size, 0x11);
        block[0] = 0;
        block[1] = second;
        octets ciphertext;
        ASSERT_EQ(raw.call(kcapi_akcipher_encrypt, block, ciphertext), static_cast<ssize_t>(rsa_size));
        EXPECT_EQ(receiver.call(kcapi_akcipher_decrypt, ciphertext, out), -EINVAL) << int{second};
        EXPECT_EQ(out, octets(rsa_size, 0xee));
    }
    EXPECT_EQ(receiver.call(kcapi_akcipher_decrypt, pattern(rsa_size - 1), out), -EINVAL);
    EXPECT_EQ(receiver.call(kcapi_akcipher_decrypt, octets(rsa_size, 0xff), out), -EINVAL);
}

TEST(akcipher, key_is_needed_and_fixed_by_the_first_operation) {
    akcipher h("pkcs1pad(rsa,sha256)");
    octets out;
    for (akcipher::one_shot *const f : one_shots)
        EXPECT_EQ(h.call(f, octets(32), out), -ENOKEY);
    EXPECT_EQ(h.set_key({0x30, 0}), -EINVAL);
    EXPECT_EQ(h.set_key(rsa_public_der()), -EINVAL);
    EXPECT_EQ(h.set_public_key(rsa_private_der()), -EINVAL);
    ASSERT_EQ(h.set_key(rsa_private_der()), static_cast<int>(rsa_size));
    ASSERT_EQ(h.set_public_key(rsa_public_der()), static_cast<int>(rsa_size)) << "replaces it";
    EXPECT_EQ(h.call(kcapi_akcipher_sign, octets(32), out), -EINVAL) << "a public key does not sign";
    EXPECT_EQ(h.set_key(rsa_private_der()), -EBUSY);
    EXPECT_EQ(kcapi_akcipher_setkey(h.get(), nullptr, 4), -EFAULT);
}

TEST(akcipher, reinit_shares_the_key_between_threads) {
    akcipher first("pkcs1pad(rsa,sha256)", rsa_private_der());
    const octets digest = pattern(32);
    const octets right = rsa_reference_signature("SHA256", digest);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            kcapi_handle *own = nullptr;
            ASSERT_EQ(kcapi_handle_reinit(&own, first.get(), 0), 0);
            for (std::size_t round = 0; round < scaled(20, 2); ++round) {
                octets out(rsa_size);
                EXPECT_EQ(kcapi_akcipher_sign(own, digest.data(), digest.size(), out.data(), out.size(), 0),
                          static_cast<ssize_t>(rsa_size));
                EXPECT_EQ(out, right);
            }
            kcapi_akcipher_destroy(own);
        });
    for (std::thread &t : threads)
        t.join();
}

TEST(akcipher, bad_arguments_do_nothing) {
    akcipher h("pkcs1pad(rsa)", rsa_private_der());
    std::uint8_t bytes[rsa_size] = {1};
    for (akcipher::one_shot *const f : one_shots) {
        EXPECT_EQ(f(nullptr, bytes, 1, bytes, rsa_size, 0), -EINVAL);
        EXPECT_EQ(f(h.get(), bytes, 1, bytes, std::size_t{INT_MAX} + 1, 0), -EMSGSIZE);
        EXPECT_EQ(f(h.get(), bytes, 1, bytes, SIZE_MAX, 0), -EMSGSIZE);
        EXPECT_EQ(f(h.get(), bytes, 0, bytes, rsa_size, 0), -EINVAL)
            << "not 0: that might be read as verified";
        EXPECT_EQ(f(h.get(), bytes, 1, bytes, 0, 0), -EINVAL);
        EXPECT_EQ(f(h.get(), nullptr, 1, bytes, rsa_size, 0), -EFAULT);
        EXPECT_EQ(f(h.get(), bytes, 1, nullptr, rsa_size, 0), -EFAULT);
    }
    octets out;
    EXPECT_EQ(h.call(kcapi_akcipher_encrypt, octets(246), out), -EINVAL);
    EXPECT_EQ(h.call(kcapi_akcipher_encrypt, octets(1), out, rsa_size - 1), -EINVAL);
    EXPECT_EQ(out, octets(rsa_size - 1, 0xee));
    EXPECT_EQ(h.call(kcapi_akcipher_encrypt, octets(1U << 20), out), -EINVAL);
    EXPECT_EQ(h.set_key(rsa_private_der()), -EBUSY) << "an operation was begun";
    EXPECT_EQ(kcapi_akcipher_setkey(nullptr, bytes, 1), -EINVAL);
    EXPECT_EQ(kcapi_akcipher_setpubkey(nullptr, bytes, 1), -EINVAL);
    kcapi_akcipher_destroy(nullptr);
    kcapi_handle *handle = nullptr;
    EXPECT_EQ(kcapi_akcipher_init(nullptr, "rsa", 0), -EINVAL);
    EXPECT_EQ(kcapi_akcipher_init(&handle, nullptr, 0), -EINVAL);
    for (const char *const name : {"", "rsa2", "pkcs1pad(rsa,md5)", "cbc(aes)", "dh", "ecdh"})
        EXPECT_LT(kcapi_akcipher_init(&handle, name, 0), 0) << name;
    EXPECT_EQ(handle, nullptr);
}

TEST(akcipher, handles_of_other_families_are_einval) {
    const cipher other("cbc(aes)", key_16());
    std::uint8_t bytes[rsa_size] = {1};
    iovec v{bytes, sizeof bytes};
    for (akcipher::one_shot *const f : one_shots)
        EXPECT_EQ(f(other.get(), bytes, 1, bytes, rsa_size, 0), -EINVAL);
    for (aio_call *const f : aio_calls)
        EXPECT_EQ(f(other.get(), &v, &v, 1, 0), -EINVAL);
    EXPECT_EQ(kcapi_akcipher_setkey(other.get(), bytes, 16), -EINVAL);
    EXPECT_EQ(kcapi_akcipher_setpubkey(other.get(), bytes, 16), -EINVAL);
    for (const auto f :
         {kcapi_akcipher_stream_init_enc, kcapi_akcipher_stream_init_dec, kcapi_akcipher_stream_init_sgn,
          kcapi_akcipher_stream_init_vfy, kcapi_akcipher_stream_update, kcapi_akcipher_stream_update_last,
          kcapi_akcipher_stream_op})
        EXPECT_EQ(f(other.get(), &v, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_setkey(other.get(), bytes, 16), 0) << "nothing was begun on it";
}

TEST(akcipher_aio, messages_are_independent) {
    akcipher h("pkcs1pad(rsa,sha256)", rsa_private_der());
    constexpr std::size_t number = 70;
    std::vector<octets> digests;
    std::vector<octets> signatures(number, octets(rsa_size));
    pieces in;
    pieces out;
    for (std::size_t i = 0; i < number; ++i)
        digests.push_back(pattern(32, static_cast<std::uint32_t>(i)));
    for (std::size_t i = 0; i < number; ++i) {
        in.add(digests[i].data(), 32);
        out.add(signatures[i].data(), rsa_size);
    }
    ASSERT_EQ(kcapi_akcipher_sign_aio(h.get(), in.data(), out.data(), number, 0),
              static_cast<ssize_t>(number * rsa_size));
    for (std::size_t i = 0; i < number; ++i)
        EXPECT_EQ(signatures[i], rsa_reference_signature("SHA256", digests[i])) << i;
    std::vector<octets> back(number, octets(32));
    pieces recovered;
    for (octets &o : back)
        recovered.add(o.data(), 32);
    EXPECT_EQ(kcapi_akcipher_verify_aio(h.get(), out.data(), recovered.data(), number, 0),
              static_cast<ssize_t>(number * 32));
    EXPECT_EQ(back, digests);
}

TEST(akcipher_aio, all_are_processed_before_the_first_failure_is_told) {
    akcipher h("pkcs1pad(rsa,sha256)", rsa_private_der());
    const octets digest = pattern(32);
    const octets good = rsa_reference_signature("SHA256", digest);
    octets bad = good;
    bad[9] ^= 1;
    std::vector<octets> back(3, octets(32));
    pieces in{{const_cast<std::uint8_t *>(good.data()), good.size()},
              {bad.data(), bad.size()},
              {const_cast<std::uint8_t *>(good.data()), good.size()}};
    pieces out;
    for (octets &o : back)
        out.add(o.data(), o.size());
    EXPECT_EQ(kcapi_akcipher_verify_aio(h.get(), in.data(), out.data(), 3, 0), -EBADMSG);
    EXPECT_EQ(back[0], digest);
    EXPECT_EQ(back[1], octets(32));
    EXPECT_EQ(back[2], digest) << "the one behind it";
    octets again;
    EXPECT_EQ(h.call(kcapi_akcipher_verify, good, again), 32) << "nothing is left pending";
}

TEST(akcipher_aio, bad_arguments_process_nothing) {
    akcipher h("pkcs1pad(rsa)", rsa_private_der());
    octets message(8, 1);
    octets room(2 * rsa_size, 0xee);
    for (aio_call *const f : aio_calls) {
        pieces in{{message.data(), 8}, {message.data(), 8}};
        pieces out{{room.data(), rsa_size}, {nullptr, rsa_size}};
        EXPECT_EQ(f(h.get(), in.data(), out.data(), 2, 0), -EFAULT);
        EXPECT_EQ(f(h.get(), nullptr, out.data(), 1, 0), -EINVAL);
        EXPECT_EQ(f(h.get(), in.data(), nullptr, 1, 0), -EINVAL);
        EXPECT_EQ(f(h.get(), nullptr, nullptr, 0, 0), 0);
        EXPECT_EQ(f(nullptr, in.data(), out.data(), 1, 0), -EINVAL);
        pieces much{{room.data(), INT_MAX}, {room.data(), 1}};
        EXPECT_EQ(f(h.get(), in.data(), much.data(), 2, 0), -EOVERFLOW);
        pieces more{{room.data(), SIZE_MAX}, {room.data(), 2}};
        EXPECT_EQ(f(h.get(), in.data(), more.data(), 2, 0), -EOVERFLOW);
    }
    EXPECT_EQ(room, octets(2 * rsa_size, 0xee));
    EXPECT_EQ(h.set_key(rsa_private_der()), static_cast<int>(rsa_size)) << "nothing was begun";
}

TEST(akcipher, kernel_engine_answers_what_the_kernel_answers) {
    EXPECT_TRUE(passes_in_child([] {
        ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_KERNEL), 0);
        kcapi_handle *handle = nullptr;
        const int code = kcapi_akcipher_init(&handle, "rsa", 0);
        EXPECT_TRUE(code == -ENOENT || code == -EAFNOSUPPORT || code == -EPERM || code == -EACCES) << code;
        EXPECT_EQ(kcapi_kpp_init(&handle, "dh", 0), code);
        EXPECT_EQ(handle, nullptr);
    }));
}
