// SPDX-License-Identifier: BSD-3-Clause
//
// HMAC (RFC 2104) from a digest: the states after the two padded keys are computed once, and a message begins
// with a copy of one and ends with a copy of the other.
#include "base/secret.hpp"
#include "drivers/openssl/digest.hpp"
#include "drivers/openssl/md.hpp"
#include "drivers/openssl/md_state.hpp"

#include <array>
#include <new>

namespace kcapi::openssl {

namespace {

constexpr std::size_t longest_block = 144;
/// What the kernel asks of an HMAC key in FIPS mode.
constexpr std::size_t shortest_approved_key = 14;

struct padded_key {
    std::array<std::uint8_t, longest_block> bytes{};
    padded_key() = default;
    ~padded_key() { base::wipe(bytes); }
    padded_key(const padded_key &) = delete;
    padded_key &operator=(const padded_key &) = delete;
};

/// Immutable; any number of threads may copy from it.
struct midstates {
    midstates(const hash_suite &hashes, digest d) noexcept
        : inner(hashes, d), outer(hashes, d), size(inner.size()) {}
    md_state inner;
    md_state outer;
    const std::size_t size; ///< of the digest
};
using shared_midstates = std::shared_ptr<const midstates>;

class hmac_context final : public local::hash_context {
  public:
    explicit hmac_context(shared_midstates from) noexcept
        : from_(std::move(from)), work_(from_->inner.fresh()) {}

    int update(base::bytes data) noexcept override {
        errno = 0;
        return outcome_of(stand() && work_.update(data));
    }

    int finish(std::uint8_t *out) noexcept override {
        errno = 0;
        const bool done = stand() && work_.finish(out) && work_.copy(from_->outer) &&
                          work_.update({out, from_->size}) && work_.finish(out);
        stands_ = false;
        return outcome_of(done);
    }

    int restart() noexcept override {
        stands_ = false;
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        std::unique_ptr<hmac_context> made(new (std::nothrow) hmac_context(from_));
        if (made == nullptr || (stands_ && !made->work_.copy(work_)))
            return nullptr;
        made->stands_ = stands_;
        return made;
    }

  private:
    bool stand() noexcept {
        if (!stands_)
            stands_ = work_.copy(from_->inner);
        return stands_;
    }

    const shared_midstates from_;
    md_state work_;
    bool stands_ = false;
};

/// T_i = U_1 ^ ... ^ U_count, with U_1 = PRF(salt || i) and U_j = PRF(U_{j-1}); RFC 8018, section 5.2.
int derive_block(hmac_context &prf, base::bytes salt, std::uint32_t index, std::uint32_t count,
                 base::mutable_bytes t) noexcept {
    const std::array<std::uint8_t, 4> big_endian{
        static_cast<std::uint8_t>(index >> 24), static_cast<std::uint8_t>(index >> 16),
        static_cast<std::uint8_t>(index >> 8), static_cast<std::uint8_t>(index)};
    std::array<std::uint8_t, local::max_digest_size> u{};
    int code = prf.update(salt);
    if (code == 0)
        code = prf.update(big_endian);
    if (code == 0)
        code = prf.finish(u.data());
    std::copy_n(u.begin(), t.size(), t.begin());
    for (std::uint32_t i = 1; i < count && code == 0; ++i) {
        code = prf.update({u.data(), t.size()});
        if (code == 0)
            code = prf.finish(u.data());
        for (std::size_t j = 0; j < t.size(); ++j)
            t[j] = static_cast<std::uint8_t>(t[j] ^ u[j]);
    }
    base::wipe(u);
    return code;
}

class hmac_key final : public local::hash_key {
  public:
    explicit hmac_key(shared_midstates states) noexcept : states_(std::move(states)) {}

    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) hmac_context(states_));
    }

    int pbkdf2(base::bytes salt, std::uint32_t count, base::mutable_bytes out) const noexcept override {
        hmac_context prf(states_);
        std::array<std::uint8_t, local::max_digest_size> block{};
        const base::mutable_bytes t(block.data(), states_->size);
        int code = 0;
        std::uint32_t index = 0;
        while (!out.empty() && code == 0) {
            code = derive_block(prf, salt, ++index, count, t);
            const std::size_t n = std::min(out.size(), t.size());
            std::copy_n(t.begin(), n, out.begin());
            out = out.subspan(n);
        }
        base::wipe(block);
        return code;
    }

  private:
    const shared_midstates states_;
};

/// The key as one block of the digest: hashed if it is longer.
bool pad_key(const EVP_MD *md, std::size_t block, base::bytes key, padded_key &out) noexcept {
    if (key.size() > block)
        return EVP_Digest(key.data(), key.size(), out.bytes.data(), nullptr, md, nullptr) == 1;
    std::copy(key.begin(), key.end(), out.bytes.begin());
    return true;
}

bool begin_with(md_state &state, const padded_key &key, std::size_t block, std::uint8_t value) noexcept {
    padded_key pad;
    for (std::size_t i = 0; i < block; ++i)
        pad.bytes[i] = static_cast<std::uint8_t>(key.bytes[i] ^ value);
    return state.begin() && state.update({pad.bytes.data(), block});
}

} // namespace

int make_hmac(const hash_suite &hashes, digest d, base::bytes key, hash_out &out) noexcept {
    if (!hashes.own_paths)
        return key.size() < shortest_approved_key ? EINVAL : make_hmac_service(hashes, d, key, out);
    const EVP_MD *const md = hashes[d];
    const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(md));
    if (block > longest_block)
        return EINVAL;
    errno = 0;
    padded_key padded;
    shared_midstates shared;
    try {
        auto states = std::make_shared<midstates>(hashes, d);
        if (!pad_key(md, block, key, padded) || !begin_with(states->inner, padded, block, 0x36) ||
            !begin_with(states->outer, padded, block, 0x5c))
            return outcome_of(false);
        shared = std::move(states);
    } catch (const std::bad_alloc &) {
        return ENOMEM;
    }
    out.reset(new (std::nothrow) hmac_key(std::move(shared)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
