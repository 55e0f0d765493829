// SPDX-License-Identifier: BSD-3-Clause
#include "support/aes_reference.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace kcapi::test {

namespace {

using local::direction;

struct cipher_deleter {
    void operator()(EVP_CIPHER *c) const noexcept { EVP_CIPHER_free(c); }
    void operator()(EVP_CIPHER_CTX *c) const noexcept { EVP_CIPHER_CTX_free(c); }
};

void require(bool good, const std::string &what) {
    if (!good)
        throw std::runtime_error("OpenSSL refuses " + what);
}

std::string evp_name(std::string_view algorithm, std::size_t key_size) {
    const std::string start = "AES-" + std::to_string(8 * key_size / (algorithm == "xts(aes)" ? 2 : 1)) + '-';
    if (algorithm == "ecb(aes)")
        return start + "ECB";
    if (algorithm == "cbc(aes)")
        return start + "CBC";
    if (algorithm == "ctr(aes)")
        return start + "CTR";
    if (algorithm == "xts(aes)")
        return start + "XTS";
    if (algorithm == "cts(cbc(aes))")
        return start + "CBC-CTS";
    throw std::runtime_error("no reference for " + std::string(algorithm));
}

void double_tweak(aes_block &t) {
    unsigned carry = 0;
    for (std::uint8_t &b : t) {
        const unsigned next = 2U * b + carry;
        b = static_cast<std::uint8_t>(next & 0xff);
        carry = next >> 8;
    }
    if (carry != 0)
        t[0] = static_cast<std::uint8_t>(t[0] ^ 0x87);
}

/// Adds the tweaks of consecutive blocks, the first being `t`, which moves on.
void add_tweaks(byte_vector &data, aes_block t) {
    for (std::size_t i = 0; i < data.size(); i += t.size(), double_tweak(t))
        for (std::size_t j = 0; j < t.size(); ++j)
            data[i + j] = static_cast<std::uint8_t>(data[i + j] ^ t[j]);
}

byte_vector xts_blocks(direction d, base::bytes data_key, const aes_block &first, base::bytes in) {
    byte_vector data(in.begin(), in.end());
    add_tweaks(data, first);
    data = by_single_blocks(d, data_key, data);
    add_tweaks(data, first);
    return data;
}

} // namespace

byte_vector by_evp(std::string_view algorithm, direction d, base::bytes key, base::bytes iv, base::bytes in) {
    const std::string name = evp_name(algorithm, key.size());
    const std::unique_ptr<EVP_CIPHER, cipher_deleter> cipher(
        EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr));
    const std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter> context(EVP_CIPHER_CTX_new());
    require(cipher != nullptr && context != nullptr, name);
    char kerberos[] = OSSL_CIPHER_CTS_MODE_CS3;
    const OSSL_PARAM cts[] = {OSSL_PARAM_construct_utf8_string(OSSL_CIPHER_PARAM_CTS_MODE, kerberos, 0),
                              OSSL_PARAM_construct_end()};
    require(EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), iv.empty() ? nullptr : iv.data(),
                               d == direction::encrypt ? 1 : 0,
                               algorithm == "cts(cbc(aes))" ? cts : nullptr) == 1,
            name + "'s key");
    require(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "no padding");
    byte_vector out(in.size());
    int produced = 0;
    if (!in.empty())
        require(EVP_CipherUpdate(context.get(), out.data(), &produced, in.data(),
                                 static_cast<int>(in.size())) == 1,
                name + "'s message");
    require(static_cast<std::size_t>(produced) == in.size(), "to give all output");
    return out;
}

byte_vector by_single_blocks(direction d, base::bytes key, base::bytes in) {
    return by_evp("ecb(aes)", d, key, {}, in);
}

aes_block xts_tweak(base::bytes key, base::bytes iv, std::uint64_t index) {
    const byte_vector first = by_single_blocks(direction::encrypt, key.last(key.size() / 2), iv);
    aes_block t;
    std::copy(first.begin(), first.end(), t.begin());
    for (; index != 0; --index)
        double_tweak(t);
    return t;
}

byte_vector xts_by_blocks(direction d, base::bytes key, base::bytes iv, base::bytes in) {
    constexpr std::size_t size = 16;
    const base::bytes data_key = key.first(key.size() / 2);
    const std::size_t tail = in.size() % size;
    const std::size_t plain = tail == 0 ? in.size() : in.size() - size - tail;
    byte_vector out = xts_blocks(d, data_key, xts_tweak(key, iv, 0), in.first(plain));
    if (tail == 0)
        return out;
    // IEEE 1619 sections 5.3.2 and 5.4.2: m-1 and m are the last whole and the short block.
    aes_block at = xts_tweak(key, iv, plain / size);
    aes_block after = at;
    double_tweak(after);
    if (d == direction::decrypt)
        std::swap(at, after);
    const byte_vector whole = xts_blocks(d, data_key, at, in.subspan(plain, size));
    byte_vector filled(in.begin() + static_cast<std::ptrdiff_t>(plain + size), in.end());
    filled.insert(filled.end(), whole.begin() + static_cast<std::ptrdiff_t>(tail), whole.end());
    const byte_vector last = xts_blocks(d, data_key, after, filled);
    out.insert(out.end(), last.begin(), last.end());
    out.insert(out.end(), whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(tail));
    return out;
}

byte_vector pattern_key(std::size_t size) {
    byte_vector key(size);
    for (std::size_t i = 0; i < size; ++i)
        key[i] = static_cast<std::uint8_t>(i * 7 + 1);
    return key;
}

byte_vector pattern_iv() {
    byte_vector iv(16);
    for (std::size_t i = 0; i < iv.size(); ++i)
        iv[i] = static_cast<std::uint8_t>(0xa0 + i);
    return iv;
}

byte_vector pattern_message(std::size_t size) {
    byte_vector message(size);
    for (std::size_t i = 0; i < size; ++i)
        message[i] = static_cast<std::uint8_t>(i * 31 + (i >> 8));
    return message;
}

} // namespace kcapi::test
