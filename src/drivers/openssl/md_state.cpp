// SPDX-License-Identifier: BSD-3-Clause
// Functions of single digests are deprecated for those who might want another provider.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "drivers/openssl/md_state.hpp"

#include "base/secret.hpp"

#include <openssl/provider.h>

#include <string_view>
#include <utility>

namespace kcapi::openssl {

struct plain_digest {
    using state = md_state::plain_state;
    int (*init)(state &) noexcept;
    int (*update)(state &, const void *, std::size_t) noexcept;
    int (*finish)(std::uint8_t *, state &) noexcept;
};

namespace {

/// The functions of a digest on the member of the union that is its state.
template <auto Member, auto Init, auto Update, auto Finish>
constexpr plain_digest functions{
    [](plain_digest::state &s) noexcept { return Init(&(s.*Member)); },
    [](plain_digest::state &s, const void *in, std::size_t n) noexcept {
        return Update(&(s.*Member), in, n);
    },
    [](std::uint8_t *out, plain_digest::state &s) noexcept { return Finish(out, &(s.*Member)); }};

const plain_digest *plain_of(digest d) noexcept {
    using state = plain_digest::state;
    switch (d) {
    case digest::sha1:
        return &functions<&state::sha1, SHA1_Init, SHA1_Update, SHA1_Final>;
    case digest::sha224:
        return &functions<&state::sha256, SHA224_Init, SHA224_Update, SHA224_Final>;
    case digest::sha256:
        return &functions<&state::sha256, SHA256_Init, SHA256_Update, SHA256_Final>;
    case digest::sha384:
        return &functions<&state::sha512, SHA384_Init, SHA384_Update, SHA384_Final>;
    case digest::sha512:
        return &functions<&state::sha512, SHA512_Init, SHA512_Update, SHA512_Final>;
    default:
        return nullptr;
    }
}

/// Whether it makes no difference to the user who computes: nobody asked for a provider but the usual one.
bool provider_is_usual(const EVP_MD *md) noexcept {
    const OSSL_PROVIDER *const provider = EVP_MD_get0_provider(md);
    return provider != nullptr && std::string_view(OSSL_PROVIDER_get0_name(provider)) == "default";
}

} // namespace

md_state::md_state(const hash_suite &hashes, digest d) noexcept : md_state(hashes[d], nullptr) {
    if (hashes.own_paths && provider_is_usual(md_))
        plain_ = plain_of(d);
}

md_state::~md_state() { base::wipe(&state_, sizeof state_); }

md_state::md_state(md_state &&from) noexcept
    : md_(from.md_), plain_(from.plain_), state_(from.state_), context_(std::move(from.context_)) {
    base::wipe(&from.state_, sizeof from.state_);
}

bool md_state::has_context() noexcept {
    if (context_ == nullptr)
        context_.reset(EVP_MD_CTX_new());
    return context_ != nullptr;
}

bool md_state::begin() noexcept {
    if (plain_ != nullptr)
        return plain_->init(state_) == 1;
    return has_context() && EVP_DigestInit_ex(context_.get(), md_, nullptr) == 1;
}

bool md_state::update(base::bytes data) noexcept {
    if (plain_ != nullptr)
        return plain_->update(state_, data.data(), data.size()) == 1;
    return EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1;
}

bool md_state::finish(std::uint8_t *out) noexcept {
    if (plain_ != nullptr)
        return plain_->finish(out, state_) == 1;
    return EVP_DigestFinal_ex(context_.get(), out, nullptr) == 1;
}

bool md_state::copy(const md_state &from) noexcept {
    if (plain_ != nullptr) {
        state_ = from.state_;
        return true;
    }
    return has_context() && EVP_MD_CTX_copy_ex(context_.get(), from.context_.get()) == 1;
}

} // namespace kcapi::openssl
