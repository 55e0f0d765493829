// SPDX-License-Identifier: BSD-3-Clause
#include "capi/reference.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <map>
#include <stdexcept>

namespace kcapi::test {

namespace {

struct mode {
    const char *suffix;
    std::size_t keys; ///< how many AES keys its key holds
};

const mode &mode_of(const std::string &name) {
    static const std::map<std::string, mode> modes{{"ecb(aes)", {"ECB", 1}},
                                                   {"cbc(aes)", {"CBC", 1}},
                                                   {"ctr(aes)", {"CTR", 1}},
                                                   {"xts(aes)", {"XTS", 2}},
                                                   {"cts(cbc(aes))", {"CBC-CTS", 1}}};
    return modes.at(name);
}

void require(bool ok, const char *what) {
    if (!ok)
        throw std::runtime_error(std::string("libcrypto: ") + what);
}

using owned_cipher = std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)>;
using owned_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

} // namespace

octets reference(const std::string &name, way direction, const octets &key, const octets &iv,
                 const octets &in) {
    const mode &m = mode_of(name);
    const std::string algorithm = "AES-" + std::to_string(key.size() / m.keys * 8) + '-' + m.suffix;
    const owned_cipher cipher(EVP_CIPHER_fetch(nullptr, algorithm.c_str(), nullptr), EVP_CIPHER_free);
    require(cipher != nullptr, algorithm.c_str());
    const owned_context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    require(context != nullptr, "context");

    char variant[] = "CS3";
    const OSSL_PARAM stealing[] = {OSSL_PARAM_construct_utf8_string(OSSL_CIPHER_PARAM_CTS_MODE, variant, 0),
                                   OSSL_PARAM_construct_end()};
    const bool is_cts = name == "cts(cbc(aes))";
    require(EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), iv.empty() ? nullptr : iv.data(),
                               direction == way::encrypt ? 1 : 0, is_cts ? stealing : nullptr) == 1,
            "init");
    require(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "padding");
    octets out(in.size() + 32);
    int done = 0;
    int rest = 0;
    require(EVP_CipherUpdate(context.get(), out.data(), &done, in.data(), static_cast<int>(in.size())) == 1,
            "update");
    require(EVP_CipherFinal_ex(context.get(), out.data() + done, &rest) == 1, "final");
    out.resize(static_cast<std::size_t>(done + rest));
    require(out.size() == in.size(), "length");
    return out;
}

} // namespace kcapi::test
