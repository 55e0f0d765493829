// SPDX-License-Identifier: BSD-3-Clause
//
// Digests without key.
#include "drivers/openssl/digest.hpp"

#include "drivers/openssl/md.hpp"

#include <new>

namespace kcapi::openssl {

namespace {

class digest_context final : public local::hash_context {
  public:
    digest_context(const EVP_MD *md, md_context context) noexcept : md_(md), context_(std::move(context)) {}

    int update(base::bytes data) noexcept override {
        errno = 0;
        return outcome_of(stand() && EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1);
    }

    int finish(std::uint8_t *out) noexcept override {
        errno = 0;
        const bool done = stand() && EVP_DigestFinal_ex(context_.get(), out, nullptr) == 1;
        stands_ = false;
        return outcome_of(done);
    }

    int restart() noexcept override {
        stands_ = false;
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        md_context copy(EVP_MD_CTX_new());
        if (copy == nullptr || EVP_MD_CTX_copy_ex(copy.get(), context_.get()) != 1)
            return nullptr;
        auto *const made = new (std::nothrow) digest_context(md_, std::move(copy));
        if (made != nullptr)
            made->stands_ = stands_;
        return std::unique_ptr<local::hash_context>(made);
    }

  private:
    /// Makes the context stand in a message, at its start if it did not.
    bool stand() noexcept {
        if (!stands_)
            stands_ = EVP_DigestInit_ex(context_.get(), md_, nullptr) == 1;
        return stands_;
    }

    const EVP_MD *const md_;
    const md_context context_;
    bool stands_ = true;
};

class digest_key final : public local::hash_key {
  public:
    explicit digest_key(const EVP_MD *md) noexcept : md_(md) {}

    std::unique_ptr<local::hash_context> open() const noexcept override {
        md_context context = start_digest(md_);
        if (context == nullptr)
            return nullptr;
        return std::unique_ptr<local::hash_context>(new (std::nothrow)
                                                        digest_context(md_, std::move(context)));
    }

  private:
    const EVP_MD *const md_;
};

} // namespace

int make_digest(const hash_suite &hashes, digest d, hash_out &out) noexcept {
    out.reset(new (std::nothrow) digest_key(hashes[d]));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
