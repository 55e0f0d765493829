// SPDX-License-Identifier: BSD-3-Clause
#include "capi/error_rows.hpp"

#include "capi/reference.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>

namespace kcapi::test {

namespace {

constexpr int errno_before = 4711;
constexpr std::uint8_t filling = 0xee;

void expect_row(const error_row &row) {
    SCOPED_TRACE(std::string(row.function) + ": " + row.what);
    octets &out = row_output();
    out.assign(out.size(), filling);
    ::ERR_clear_error();
    errno = errno_before;
    EXPECT_EQ(row.call(), row.number);
    EXPECT_EQ(errno, errno_before);
    EXPECT_NE(*kcapi_ext_last_error(), '\0');
    EXPECT_EQ(::ERR_peek_error(), 0U) << "the library's error is in the program's queue";
    if (row.output == afterwards::untouched) {
        EXPECT_TRUE(out == octets(out.size(), filling)) << "something was written";
    } else {
        EXPECT_EQ(out.front(), 0) << "not wiped";
        EXPECT_TRUE(std::all_of(out.begin(), out.end(),
                                [](std::uint8_t byte) { return byte == 0 || byte == filling; }));
    }
}

} // namespace

octets &row_output() {
    static octets out(8192, filling);
    return out;
}

void expect_rows(const std::vector<error_row> &rows) {
    for (const error_row &row : rows)
        expect_row(row);
}

error_table::error_table() {
    EXPECT_EQ(kcapi_cipher_init(&cipher_, "cbc(aes)", 0), 0);
    EXPECT_EQ(kcapi_cipher_setkey(cipher_, key_16().data(), 16), 0);
    EXPECT_EQ(kcapi_aead_init(&aead_, "gcm(aes)", 0), 0);
    EXPECT_EQ(kcapi_aead_setkey(aead_, key_16().data(), 16), 0);
    EXPECT_EQ(kcapi_aead_settaglen(aead_, tag), 0);
    kcapi_aead_setassoclen(aead_, assoc);
    EXPECT_EQ(kcapi_md_init(&md_, "hmac(sha256)", 0), 0);
    EXPECT_EQ(kcapi_md_setkey(md_, key_32().data(), 32), 0);
}

error_table::~error_table() {
    for (kcapi_handle *const h : {cipher_, aead_, md_})
        kcapi_cipher_destroy(h);
}

void error_table::expect_usable() {
    const octets plain = slice(in_, 0, 64);
    octets room(plain.size());
    EXPECT_EQ(kcapi_cipher_encrypt(cipher_, plain.data(), 64, iv_.data(), room.data(), 64, 0), 64);
    EXPECT_EQ(room, reference("cbc(aes)", way::encrypt, key_16(), iv_, plain));
    octets sealed(plain.size() + tag);
    EXPECT_EQ(kcapi_aead_encrypt(aead_, plain.data(), 64, iv_.data(), sealed.data(), sealed.size(), 0), 76);
    room.assign(64, 0);
    EXPECT_EQ(kcapi_aead_decrypt(aead_, sealed.data(), sealed.size(), iv_.data(), room.data(), 64, 0), 64);
    EXPECT_EQ(room, plain);
    octets once(32);
    octets again(32);
    EXPECT_EQ(kcapi_md_digest(md_, plain.data(), 64, once.data(), 32), 32);
    EXPECT_EQ(kcapi_md_hmac_sha256(key_32().data(), 32, plain.data(), 64, again.data(), 32), 32);
    EXPECT_EQ(once, again);
}

} // namespace kcapi::test
