// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_hash.hpp"

#include "base/secret.hpp"

#include <cerrno>
#include <new>

namespace kcapi::local {

namespace {

/// SHA3-224's, the longest there is.
constexpr std::size_t longest_hash_block = 144;

struct padded_key {
    std::array<std::uint8_t, longest_hash_block> bytes{};
    padded_key() = default;
    ~padded_key() { base::wipe(bytes); }
    padded_key(const padded_key &) = default;
    padded_key &operator=(const padded_key &) = delete;
};
static_assert(longest_hash_block >= max_digest_size);

/// RFC 2104: H(K ^ opad, H(K ^ ipad, message)).
class hmac_context final : public hash_context {
  public:
    hmac_context(const padded_key &key, const limits &hash, std::unique_ptr<hash_context> inner,
                 std::unique_ptr<hash_context> outer) noexcept
        : key_(key), hash_(hash), inner_(std::move(inner)), outer_(std::move(outer)) {}

    int update(base::bytes data) noexcept override {
        const int code = stand();
        return code != 0 ? code : inner_->update(data);
    }

    int finish(std::uint8_t *digest) noexcept override {
        int code = stand();
        begun_ = false;
        if (code == 0)
            code = inner_->finish(digest);
        if (code == 0)
            code = absorb_pad(*outer_, 0x5c);
        if (code == 0)
            code = outer_->update({digest, hash_.digest_size});
        return code != 0 ? fail(code) : outer_->finish(digest);
    }

    int restart() noexcept override {
        begun_ = false;
        return inner_->restart();
    }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<hash_context> inner = inner_->clone();
        std::unique_ptr<hash_context> outer = outer_->clone();
        if (inner == nullptr || outer == nullptr)
            return nullptr;
        auto *const made = new (std::nothrow) hmac_context(key_, hash_, std::move(inner), std::move(outer));
        if (made != nullptr)
            made->begun_ = begun_;
        return std::unique_ptr<hash_context>(made);
    }

  private:
    int stand() noexcept {
        if (begun_)
            return 0;
        if (const int code = absorb_pad(*inner_, 0x36); code != 0)
            return fail(code);
        begun_ = true;
        return 0;
    }

    int absorb_pad(hash_context &to, std::uint8_t value) noexcept {
        padded_key pad;
        for (std::size_t i = 0; i < hash_.block_size; ++i)
            pad.bytes[i] = static_cast<std::uint8_t>(key_.bytes[i] ^ value);
        return to.update({pad.bytes.data(), hash_.block_size});
    }

    /// Both stand at the start again, whatever they had come to.
    int fail(int code) noexcept {
        begun_ = false;
        (void)inner_->restart();
        (void)outer_->restart();
        return code;
    }

    const padded_key key_;
    const limits hash_;
    const std::unique_ptr<hash_context> inner_;
    const std::unique_ptr<hash_context> outer_;
    bool begun_ = false;
};

class hmac_key final : public hash_key {
  public:
    hmac_key(const padded_key &key, const limits &hash, std::unique_ptr<hash_key> inner) noexcept
        : key_(key), hash_(hash), inner_(std::move(inner)) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        std::unique_ptr<hash_context> inner = inner_->open();
        std::unique_ptr<hash_context> outer = inner_->open();
        if (inner == nullptr || outer == nullptr)
            return nullptr;
        return std::unique_ptr<hash_context>(
            new (std::nothrow) hmac_context(key_, hash_, std::move(inner), std::move(outer)));
    }

  private:
    const padded_key key_;
    const limits hash_;
    const std::unique_ptr<hash_key> inner_;
};

/// The key as one block: hashed if it is longer.
int pad_key(const hash_key &hash, const limits &sizes, base::bytes key, padded_key &out) noexcept {
    if (key.size() <= sizes.block_size) {
        std::copy(key.begin(), key.end(), out.bytes.begin());
        return 0;
    }
    const std::unique_ptr<hash_context> context = hash.open();
    if (context == nullptr)
        return ENOMEM;
    const int code = context->update(key);
    return code != 0 ? code : context->finish(out.bytes.data());
}

int make_hmac(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &hash = self.part(0);
    std::unique_ptr<hash_key> inner;
    if (const int code = hash.make_hash(hash, {}, inner); code != 0)
        return code;
    padded_key padded;
    if (const int code = pad_key(*inner, hash.sizes, key, padded); code != 0)
        return code;
    out.reset(new (std::nothrow) hmac_key(padded, hash.sizes, std::move(inner)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

/// As the kernel: no hash that needs a key, and none whose digest is longer than its block, which keeps
/// checksums out.
bool fill_hmac(driver &instance) noexcept {
    const limits &hash = instance.part(0).sizes;
    if (hash.key == key_use::required || hash.digest_size > hash.block_size ||
        hash.block_size > longest_hash_block)
        return false;
    instance.sizes = {
        .block_size = hash.block_size, .max_key_size = UINT32_MAX, .digest_size = hash.digest_size};
    instance.make_hash = make_hmac;
    return true;
}

} // namespace kcapi::local
