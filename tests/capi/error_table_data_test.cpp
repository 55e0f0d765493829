// SPDX-License-Identifier: BSD-3-Clause
//
// The numbers of wrong calls: authenticated encryption, digests, key derivation.
#include "capi/error_rows.hpp"

using namespace kcapi::test;

namespace {

constexpr auto wiped = afterwards::wiped;

} // namespace

TEST_F(error_table, of_authenticated_encryption) {
    kcapi_handle *keyless = nullptr;
    kcapi_handle *far = nullptr;
    ASSERT_EQ(kcapi_aead_init(&keyless, "gcm(aes)", 0), 0);
    ASSERT_EQ(kcapi_handle_reinit(&far, aead_, 0), 0);
    kcapi_aead_setassoclen(far, too_long);
    const octets forged = pattern(100);
    const auto enc = [&](std::size_t in_len, std::size_t room, const std::uint8_t *from, std::uint8_t *to) {
        return kcapi_aead_encrypt(aead_, from, in_len, iv_.data(), to, room, 0);
    };
    const auto dec = [&](std::size_t in_len, std::size_t room, const std::uint8_t *from, std::uint8_t *to) {
        return kcapi_aead_decrypt(aead_, from, in_len, iv_.data(), to, room, 0);
    };
    const std::uint8_t *const in = in_.data();
    iovec list{in_.data(), 64};
    iovec room{out(), 100};
    iovec null_part{nullptr, 64};
    iovec much[] = {{in_.data(), INT_MAX}, {in_.data(), 1}};
    iovec more[] = {{in_.data(), SIZE_MAX}, {in_.data(), 2}};
    iovec rooms[] = {room, room};
    std::vector<iovec> many(1025, iovec{in_.data(), 1});
    std::vector<error_row> rows{
        {"kcapi_aead_setkey", "NULL", -EFAULT, [&] { return kcapi_aead_setkey(keyless, nullptr, 16); }},
        {"kcapi_aead_setkey", "length", -EINVAL, [&] { return kcapi_aead_setkey(keyless, in, 17); }},
        {"kcapi_aead_settaglen", "3", -EINVAL, [&] { return kcapi_aead_settaglen(aead_, 3); }},
        {"kcapi_aead_settaglen", "17", -EINVAL, [&] { return kcapi_aead_settaglen(aead_, 17); }},
        {"kcapi_aead_settaglen", "any", -EINVAL, [&] { return kcapi_aead_settaglen(aead_, UINT_MAX); }},
        {"kcapi_aead_encrypt", "outlen", -EMSGSIZE, [&] { return enc(64, too_long, in, out()); }},
        {"kcapi_aead_encrypt", "outlen", -EMSGSIZE, [&] { return enc(64, SIZE_MAX, in, out()); }},
        {"kcapi_aead_encrypt", "inlen", -EMSGSIZE, [&] { return enc(too_long, 100, in, out()); }},
        {"kcapi_aead_encrypt", "inlen", -EMSGSIZE, [&] { return enc(SIZE_MAX, 100, in, out()); }},
        {"kcapi_aead_encrypt", "largest inlen", -EINVAL, [&] { return enc(INT_MAX, 100, in, out()); }},
        {"kcapi_aead_encrypt", "NULL input", -EFAULT, [&] { return enc(64, 100, nullptr, out()); }},
        {"kcapi_aead_encrypt", "NULL output", -EFAULT, [&] { return enc(64, 100, in, nullptr); }},
        {"kcapi_aead_encrypt", "no room for a tag", -E2BIG, [&] { return enc(64, tag - 1, in, out()); }},
        {"kcapi_aead_encrypt", "no room at all", -E2BIG, [&] { return enc(64, 0, in, out()); }},
        {"kcapi_aead_encrypt", "short output", -EINVAL, [&] { return enc(64, 75, in, out()); }},
        {"kcapi_aead_encrypt", "no associated data", -EINVAL, [&] { return enc(19, 100, in, out()); }},
        {"kcapi_aead_encrypt", "assoclen above INT_MAX", -EINVAL,
         [&] { return kcapi_aead_encrypt(far, in, 64, iv_.data(), out(), 100, 0); }},
        {"kcapi_aead_encrypt", "no key", -ENOKEY,
         [&] { return kcapi_aead_encrypt(keyless, in, 64, iv_.data(), out(), 100, 0); }},
        {"kcapi_aead_decrypt", "outlen", -EMSGSIZE, [&] { return dec(64, too_long, in, out()); }},
        {"kcapi_aead_decrypt", "inlen", -EMSGSIZE, [&] { return dec(too_long, 100, in, out()); }},
        {"kcapi_aead_decrypt", "NULL input", -EFAULT, [&] { return dec(64, 100, nullptr, out()); }},
        {"kcapi_aead_decrypt", "NULL output", -EFAULT, [&] { return dec(64, 100, in, nullptr); }},
        {"kcapi_aead_decrypt", "short output", -EINVAL, [&] { return dec(64, 51, in, out()); }},
        {"kcapi_aead_decrypt", "no tag", -EINVAL, [&] { return dec(31, 100, in, out()); }},
        {"kcapi_aead_decrypt", "no key", -ENOKEY,
         [&] { return kcapi_aead_decrypt(keyless, in, 64, iv_.data(), out(), 100, 0); }},
        {"kcapi_aead_decrypt", "forged", -EBADMSG, [&] { return dec(100, 88, forged.data(), out()); }, wiped},
        {"kcapi_aead_decrypt_aio", "forged", -EBADMSG,
         [&] { return kcapi_aead_decrypt_aio(aead_, &list, &room, 1, iv_.data(), 0); }, wiped},
        {"kcapi_aead_stream_update", "nothing begun", -EINVAL,
         [&] { return kcapi_aead_stream_update(aead_, &list, 1); }},
        {"kcapi_aead_stream_update", "NULL list", -EINVAL,
         [&] { return kcapi_aead_stream_update(aead_, nullptr, 1); }},
        {"kcapi_aead_stream_update", "NULL part", -EFAULT,
         [&] { return kcapi_aead_stream_update(aead_, &null_part, 1); }},
        {"kcapi_aead_stream_update_last", "nothing begun", -EINVAL,
         [&] { return kcapi_aead_stream_update_last(aead_, nullptr, 0); }},
        {"kcapi_aead_stream_update_last", "NULL list", -EINVAL,
         [&] { return kcapi_aead_stream_update_last(aead_, nullptr, 1); }},
        {"kcapi_aead_stream_op", "NULL list", -EINVAL,
         [&] { return kcapi_aead_stream_op(aead_, nullptr, 1); }},
        {"kcapi_aead_stream_op", "NULL list", -EINVAL,
         [&] { return kcapi_aead_stream_op(aead_, nullptr, 0); }},
        {"kcapi_aead_stream_op", "NULL part", -EFAULT,
         [&] { return kcapi_aead_stream_op(aead_, &null_part, 1); }},
    };
    for (const auto &[name, aio] : {named{"kcapi_aead_encrypt_aio", kcapi_aead_encrypt_aio},
                                    named{"kcapi_aead_decrypt_aio", kcapi_aead_decrypt_aio}}) {
        auto *const f = aio;
        rows.push_back({name, "sum", -EOVERFLOW, [&, f] { return f(aead_, much, rooms, 2, iv_.data(), 0); }});
        rows.push_back({name, "sum", -EOVERFLOW, [&, f] { return f(aead_, more, rooms, 2, iv_.data(), 0); }});
        rows.push_back(
            {name, "no input", -EINVAL, [&, f] { return f(aead_, nullptr, &room, 1, iv_.data(), 0); }});
        rows.push_back(
            {name, "no output", -EINVAL, [&, f] { return f(aead_, &list, nullptr, 1, iv_.data(), 0); }});
        rows.push_back(
            {name, "NULL part", -EFAULT, [&, f] { return f(aead_, &null_part, &room, 1, iv_.data(), 0); }});
        rows.push_back(
            {name, "assoclen", -EINVAL, [&, f] { return f(far, &list, &room, 1, iv_.data(), 0); }});
        rows.push_back(
            {name, "no key", -ENOKEY, [&, f] { return f(keyless, &list, &room, 1, iv_.data(), 0); }});
    }
    for (const auto &[name, init] : {named{"kcapi_aead_stream_init_enc", kcapi_aead_stream_init_enc},
                                     named{"kcapi_aead_stream_init_dec", kcapi_aead_stream_init_dec}}) {
        auto *const f = init;
        rows.push_back({name, "NULL list", -EINVAL, [&, f] { return f(aead_, iv_.data(), nullptr, 1); }});
        rows.push_back({name, "NULL part", -EFAULT, [&, f] { return f(aead_, iv_.data(), &null_part, 1); }});
        rows.push_back(
            {name, "buffers", -EMSGSIZE, [&, f] { return f(aead_, iv_.data(), many.data(), many.size()); }});
        rows.push_back({name, "assoclen", -EINVAL, [&, f] { return f(far, iv_.data(), &list, 1); }});
        rows.push_back({name, "no key", -ENOKEY, [&, f] { return f(keyless, iv_.data(), &list, 1); }});
    }
    expect_rows(rows);
    EXPECT_EQ(kcapi_aead_setkey(keyless, in, 16), 0) << "a key may come later";
    kcapi_aead_destroy(keyless);
    kcapi_aead_destroy(far);
    expect_usable();
    expect_rows({
        {"kcapi_aead_setkey", "in use", -EBUSY,
         [&] { return kcapi_aead_setkey(aead_, key_16().data(), 16); }},
        {"kcapi_aead_settaglen", "in use", -EINVAL, [&] { return kcapi_aead_settaglen(aead_, 16); }},
    });
    expect_usable();
}

TEST_F(error_table, of_an_aead_stream_under_way) {
    iovec list{in_.data(), 10};
    iovec room{out(), 100};
    ASSERT_EQ(kcapi_aead_stream_init_dec(aead_, iv_.data(), &list, 1), 10);
    std::vector<iovec> many(1025, iovec{in_.data(), 1});
    const std::vector<error_row> rows{
        {"kcapi_aead_encrypt", "under way", -EINVAL,
         [&] { return kcapi_aead_encrypt(aead_, in_.data(), 64, iv_.data(), out(), 100, 0); }},
        {"kcapi_aead_stream_update", "buffers", -EMSGSIZE,
         [&] { return kcapi_aead_stream_update(aead_, many.data(), many.size()); }},
    };
    expect_rows(rows);
    EXPECT_EQ(kcapi_aead_stream_init_dec(aead_, iv_.data(), &list, 1), 10);
    EXPECT_EQ(kcapi_aead_stream_update_last(aead_, &list, 1), 10);
    expect_rows({
        {"kcapi_aead_stream_update_last", "has ended", -EINVAL,
         [&] { return kcapi_aead_stream_update_last(aead_, &list, 1); }},
        {"kcapi_aead_stream_op", "shorter than its parts", -EINVAL,
         [&] { return kcapi_aead_stream_op(aead_, &room, 1); }},
    });
    list.iov_len = 64;
    EXPECT_EQ(kcapi_aead_stream_init_dec(aead_, iv_.data(), &list, 1), 64);
    EXPECT_EQ(kcapi_aead_stream_update_last(aead_, nullptr, 0), 0);
    expect_rows({
        {"kcapi_aead_stream_op", "too little room", -EINVAL,
         [&] {
             iovec small{out(), 51};
             return kcapi_aead_stream_op(aead_, &small, 1);
         }},
        {"kcapi_aead_stream_op", "forged", -EBADMSG, [&] { return kcapi_aead_stream_op(aead_, &room, 1); },
         wiped},
    });
    expect_usable();
}

TEST_F(error_table, of_digests) {
    kcapi_handle *plain = nullptr;
    kcapi_handle *keyless = nullptr;
    ASSERT_EQ(kcapi_md_init(&plain, "sha256", 0), 0);
    ASSERT_EQ(kcapi_md_init(&keyless, "hmac(sha256)", 0), 0);
    const std::uint8_t *const in = in_.data();
    std::vector<error_row> rows{
        {"kcapi_md_setkey", "no keys", -ENOSYS, [&] { return kcapi_md_setkey(plain, in, 16); }},
        {"kcapi_md_setkey", "NULL", -EFAULT, [&] { return kcapi_md_setkey(md_, nullptr, 16); }},
        {"kcapi_md_update", "no key", -ENOKEY, [&] { return kcapi_md_update(keyless, in, 1); }},
        {"kcapi_md_update", "len", -EMSGSIZE, [&] { return kcapi_md_update(plain, in, too_long); }},
        {"kcapi_md_update", "NULL", -EFAULT, [&] { return kcapi_md_update(plain, nullptr, 1); }},
        {"kcapi_md_final", "nowhere", -EINVAL, [&] { return kcapi_md_final(plain, nullptr, 32); }},
        {"kcapi_md_final", "no room", -EINVAL, [&] { return kcapi_md_final(plain, out(), 0); }},
        {"kcapi_md_final", "no key", -ENOKEY, [&] { return kcapi_md_final(keyless, out(), 32); }},
        {"kcapi_md_digest", "inlen", -EMSGSIZE,
         [&] { return kcapi_md_digest(plain, in, SIZE_MAX, out(), 32); }},
        {"kcapi_md_digest", "NULL", -EFAULT, [&] { return kcapi_md_digest(plain, nullptr, 1, out(), 32); }},
        {"kcapi_md_digest", "nowhere", -EINVAL,
         [&] { return kcapi_md_digest(plain, in, 1, nullptr, SIZE_MAX); }},
        {"kcapi_md_digest", "no key", -ENOKEY, [&] { return kcapi_md_digest(keyless, in, 1, out(), 32); }},
    };
    using hash = ssize_t(const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t);
    const named<hash> hashes[] = {
        {"kcapi_md_sha1", kcapi_md_sha1},         {"kcapi_md_sha224", kcapi_md_sha224},
        {"kcapi_md_sha256", kcapi_md_sha256},     {"kcapi_md_sha384", kcapi_md_sha384},
        {"kcapi_md_sha512", kcapi_md_sha512},     {"kcapi_md_sm3", kcapi_md_sm3},
        {"kcapi_md_sha3_224", kcapi_md_sha3_224}, {"kcapi_md_sha3_256", kcapi_md_sha3_256},
        {"kcapi_md_sha3_384", kcapi_md_sha3_384}, {"kcapi_md_sha3_512", kcapi_md_sha3_512}};
    for (const auto &[name, function] : hashes) {
        hash *const f = function;
        rows.push_back({name, "inlen", -EMSGSIZE, [=] { return f(in, too_long, out(), 64); }});
        rows.push_back({name, "NULL", -EFAULT, [=] { return f(nullptr, 1, out(), 64); }});
        rows.push_back({name, "nowhere", -EINVAL, [=] { return f(in, 1, nullptr, 64); }});
        rows.push_back({name, "no room", -EINVAL, [=] { return f(in, 1, out(), 0); }});
    }
    using mac = ssize_t(const std::uint8_t *, std::uint32_t, const std::uint8_t *, std::size_t,
                        std::uint8_t *, std::size_t);
    const named<mac> macs[] = {
        {"kcapi_md_hmac_sha1", kcapi_md_hmac_sha1},     {"kcapi_md_hmac_sha224", kcapi_md_hmac_sha224},
        {"kcapi_md_hmac_sha256", kcapi_md_hmac_sha256}, {"kcapi_md_hmac_sha384", kcapi_md_hmac_sha384},
        {"kcapi_md_hmac_sha512", kcapi_md_hmac_sha512}, {"kcapi_md_hmac_sm3", kcapi_md_hmac_sm3}};
    for (const auto &[name, function] : macs) {
        mac *const f = function;
        rows.push_back({name, "NULL key", -EFAULT, [=] { return f(nullptr, 1, in, 1, out(), 64); }});
        rows.push_back({name, "inlen", -EMSGSIZE, [=] { return f(in, 1, in, too_long, out(), 64); }});
        rows.push_back({name, "nowhere", -EINVAL, [=] { return f(in, 1, in, 1, nullptr, 64); }});
    }
    expect_rows(rows);
    kcapi_md_destroy(plain);
    kcapi_md_destroy(keyless);
    expect_usable();
    expect_rows({{"kcapi_md_setkey", "in use", -EBUSY, [&] { return kcapi_md_setkey(md_, in, 16); }}});
}

TEST_F(error_table, of_key_derivation) {
    const std::uint8_t *const in = in_.data();
    const auto hkdf = [&](const char *hash, const std::uint8_t *ikm, std::size_t ikm_len,
                          const std::uint8_t *info, std::size_t info_len, std::uint8_t *to, std::size_t n) {
        return kcapi_hkdf(hash, ikm, ikm_len, nullptr, 0, info, info_len, to, n);
    };
    const auto pbkdf = [&](const char *hash, const std::uint8_t *pw, const std::uint8_t *salt,
                           std::size_t salt_len, std::uint32_t count, std::size_t n) {
        return kcapi_pbkdf(hash, pw, 8, salt, salt_len, count, out(), n);
    };
    const char *const mac = "hmac(sha256)";
    std::vector<error_row> rows{
        {"kcapi_kdf_fb", "no IV", -EINVAL, [&] { return kcapi_kdf_fb(md_, nullptr, 0, out(), 8); }, wiped},
        {"kcapi_kdf_fb", "short IV", -EINVAL, [&] { return kcapi_kdf_fb(md_, in, 31, out(), 8); }, wiped},
        {"kcapi_hkdf", "no material", -EINVAL, [&] { return hkdf(mac, nullptr, 1, in, 1, out(), 8); }, wiped},
        {"kcapi_hkdf", "no material", -EINVAL, [&] { return hkdf(mac, in, 0, in, 1, out(), 8); }, wiped},
        {"kcapi_hkdf", "nowhere", -EINVAL, [&] { return hkdf(mac, in, 1, in, 1, nullptr, 8); }},
        {"kcapi_hkdf", "no hash", -EINVAL, [&] { return hkdf(nullptr, in, 1, in, 1, out(), 8); }, wiped},
        {"kcapi_hkdf", "dlen", -EINVAL, [&] { return hkdf(mac, in, 1, in, 1, out(), 255 * 32 + 1); }, wiped},
        {"kcapi_hkdf", "dlen", -EINVAL, [&] { return hkdf(mac, in, 1, in, 1, out(), SIZE_MAX); }},
        {"kcapi_hkdf", "ikmlen", -EMSGSIZE, [&] { return hkdf(mac, in, too_long, in, 1, out(), 8); }, wiped},
        {"kcapi_hkdf", "infolen", -EMSGSIZE, [&] { return hkdf(mac, in, 1, in, SIZE_MAX, out(), 8); }, wiped},
        {"kcapi_hkdf", "NULL info", -EFAULT, [&] { return hkdf(mac, in, 1, nullptr, 1, out(), 8); }, wiped},
        {"kcapi_hkdf", "no keys", -ENOSYS, [&] { return hkdf("sha256", in, 1, in, 1, out(), 8); }, wiped},
        {"kcapi_pbkdf", "keylen", -EMSGSIZE, [&] { return pbkdf(mac, in, in, 8, 1, too_long); }},
        {"kcapi_pbkdf", "keylen", -EMSGSIZE, [&] { return pbkdf(mac, in, in, 8, 1, SIZE_MAX); }},
        {"kcapi_pbkdf", "saltlen", -EMSGSIZE, [&] { return pbkdf(mac, in, in, too_long, 1, 8); }, wiped},
        {"kcapi_pbkdf", "count", -EINVAL, [&] { return pbkdf(mac, in, in, 8, 0, 8); }, wiped},
        {"kcapi_pbkdf", "no hash", -EINVAL, [&] { return pbkdf(nullptr, in, in, 8, 1, 8); }, wiped},
        {"kcapi_pbkdf", "NULL password", -EFAULT, [&] { return pbkdf(mac, nullptr, in, 8, 1, 8); }, wiped},
        {"kcapi_pbkdf", "NULL salt", -EFAULT, [&] { return pbkdf(mac, in, nullptr, 8, 1, 8); }, wiped},
        {"kcapi_pbkdf", "nowhere", -EFAULT, [&] { return kcapi_pbkdf(mac, in, 8, in, 8, 1, nullptr, 8); }},
        {"kcapi_pbkdf", "no keys", -ENOSYS, [&] { return pbkdf("sha256", in, in, 8, 1, 8); }, wiped},
        {"kcapi_pbkdf", "no key length", -EINVAL, [&] { return pbkdf("cmac(aes)", in, in, 8, 1, 8); }, wiped},
    };
    for (const auto &[name, derive] :
         {named{"kcapi_kdf_ctr", kcapi_kdf_ctr}, named{"kcapi_kdf_fb", kcapi_kdf_fb},
          named{"kcapi_kdf_dpi", kcapi_kdf_dpi}}) {
        auto *const f = derive;
        rows.push_back({name, "dlen", -EMSGSIZE, [&, f] { return f(md_, in, 40, out(), too_long); }});
        rows.push_back({name, "dlen", -EMSGSIZE, [&, f] { return f(md_, in, 40, out(), SIZE_MAX); }});
        rows.push_back({name, "slen", -EMSGSIZE, [&, f] { return f(md_, in, too_long, out(), 8); }, wiped});
        rows.push_back({name, "nowhere", -EFAULT, [&, f] { return f(md_, in, 40, nullptr, 8); }});
        const ssize_t null_source = f == kcapi_kdf_fb ? -EINVAL : -EFAULT;
        rows.push_back({name, "NULL", null_source, [&, f] { return f(md_, nullptr, 40, out(), 8); }, wiped});
    }
    expect_rows(rows);
    EXPECT_EQ(kcapi_pbkdf_iteration_count(nullptr, 1), 1U << 18)
        << "the answer where nothing can be measured";
    EXPECT_EQ(kcapi_pbkdf_iteration_count("sha256", 1), 1U << 18);
    expect_usable();
    // A message under way would get into the key.
    ASSERT_EQ(kcapi_md_update(md_, in, 10), 0);
    expect_rows({{"kcapi_kdf_ctr", "under way", -EINVAL, [&] { return kcapi_kdf_ctr(md_, in, 40, out(), 8); },
                  wiped}});
    EXPECT_EQ(kcapi_md_final(md_, out(), 32), 32);
    expect_usable();
}
