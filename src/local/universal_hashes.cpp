// SPDX-License-Identifier: BSD-3-Clause
#include "local/universal_hashes.hpp"

#include "base/secret.hpp"
#include "local/ghash.hpp"
#include "local/nhpoly1305.hpp"

#include <endian.h>

#include <new>
#include <optional>

namespace kcapi::local {

namespace {

constexpr std::size_t block_size = 16;

void store(const std::array<std::uint64_t, 2> &value, std::uint8_t *to) noexcept {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::uint64_t word = htole64(value[i]);
        std::memcpy(to + sizeof word * i, &word, sizeof word);
    }
}

/// Hands `data` on in whole blocks; what is left of it waits for the next part.
class block_buffer {
  public:
    ~block_buffer() { base::wipe(bytes_); }
    block_buffer() = default;
    block_buffer(const block_buffer &) = default;
    block_buffer &operator=(const block_buffer &) = delete;

    template <class Function>
    void update(base::bytes data, Function absorb) noexcept {
        while (!data.empty()) {
            const std::size_t n = std::min(block_size - held_, data.size());
            std::copy_n(data.begin(), n, bytes_.begin() + static_cast<std::ptrdiff_t>(held_));
            data = data.subspan(n);
            held_ += n;
            if (held_ == block_size) {
                absorb(base::bytes(bytes_));
                held_ = 0;
            }
        }
    }
    [[nodiscard]] base::bytes rest() const noexcept { return base::bytes(bytes_).first(held_); }
    void restart() noexcept {
        base::wipe(bytes_);
        held_ = 0;
    }

  private:
    std::array<std::uint8_t, block_size> bytes_{};
    std::size_t held_ = 0;
};

/// Zeros fill the last block; lengths are not hashed.
class ghash_state {
  public:
    explicit ghash_state(const ghash_key &key) noexcept : sum_(key) {}

    void update(base::bytes data) noexcept {
        buffer_.update(data, [&](base::bytes block) { sum_.update(block); });
    }
    int finish(std::uint8_t *digest) noexcept {
        sum_.update(buffer_.rest());
        sum_.finish(digest);
        return 0;
    }
    void restart() noexcept {
        sum_.restart();
        buffer_.restart();
    }

  private:
    ghash sum_;
    block_buffer buffer_;
};

class nhpoly1305_state {
  public:
    explicit nhpoly1305_state(const nhpoly1305_key &key) noexcept : sum_(key) {}

    void update(base::bytes data) noexcept { sum_.update(data); }
    int finish(std::uint8_t *digest) noexcept {
        store(sum_.finish(), digest);
        return 0;
    }
    void restart() noexcept { sum_.restart(); }

  private:
    nhpoly1305 sum_;
};

struct no_key {
    explicit no_key(const std::uint8_t *) noexcept {}
};

/// A one-time authenticator: the first 32 bytes of each message are its key.
class poly1305_state {
  public:
    explicit poly1305_state(const no_key &) noexcept {}
    ~poly1305_state() { base::wipe(key_); }
    poly1305_state(const poly1305_state &) = default;
    poly1305_state &operator=(const poly1305_state &) = delete;

    void update(base::bytes data) noexcept {
        if (!sum_) {
            const std::size_t n = std::min(key_.size() - key_held_, data.size());
            std::copy_n(data.begin(), n, key_.begin() + static_cast<std::ptrdiff_t>(key_held_));
            data = data.subspan(n);
            key_held_ += n;
            if (key_held_ != key_.size())
                return;
            sum_.emplace(poly1305_key(key_.data()));
        }
        buffer_.update(data, [&](base::bytes block) { sum_->update(block.data(), block.size()); });
    }

    /// ENOKEY for a message that has no room for a key.
    int finish(std::uint8_t *digest) noexcept {
        if (!sum_)
            return ENOKEY;
        if (!buffer_.rest().empty())
            sum_->update_last(buffer_.rest());
        std::array<std::uint64_t, 2> value = sum_->value();
        std::array<std::uint64_t, 2> last;
        std::memcpy(last.data(), key_.data() + block_size, sizeof last);
        const std::uint64_t low = value[0] + le64toh(last[0]);
        const std::uint64_t carry = low < value[0] ? 1 : 0;
        value = {low, value[1] + le64toh(last[1]) + carry};
        store(value, digest);
        return 0;
    }
    void restart() noexcept {
        base::wipe(key_);
        key_held_ = 0;
        sum_.reset();
        buffer_.restart();
    }

  private:
    std::array<std::uint8_t, 32> key_{};
    std::size_t key_held_ = 0;
    std::optional<poly1305> sum_;
    block_buffer buffer_;
};

template <class State>
class universal_context final : public hash_context {
  public:
    template <class Key>
    explicit universal_context(const Key &key) noexcept : state_(key) {}
    universal_context(const universal_context &) = default;
    universal_context &operator=(const universal_context &) = delete;

    int update(base::bytes data) noexcept override {
        state_.update(data);
        return 0;
    }
    int finish(std::uint8_t *digest) noexcept override {
        const int code = state_.finish(digest);
        state_.restart();
        return code;
    }
    int restart() noexcept override {
        state_.restart();
        return 0;
    }
    std::unique_ptr<hash_context> clone() const noexcept override {
        return std::unique_ptr<hash_context>(new (std::nothrow) universal_context(*this));
    }

  private:
    State state_;
};

/// `Key` is made of the key's bytes; contexts do not outlive it.
template <class Key, class State>
class universal_key final : public hash_key {
  public:
    explicit universal_key(const std::uint8_t *key) noexcept : key_(key) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        return std::unique_ptr<hash_context>(new (std::nothrow) universal_context<State>(key_));
    }

  private:
    const Key key_;
};

template <class Key, class State>
int make(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    if (key.size() != self.sizes.max_key_size)
        return EINVAL;
    out.reset(new (std::nothrow) universal_key<Key, State>(key.data()));
    return out == nullptr ? ENOMEM : 0;
}

bool outside_fips(const driver &, bool fips) noexcept { return !fips; }

constexpr driver
universal_hash(const char *name, const char *driver_name, std::uint32_t block, std::uint32_t key_size,
               int (*make_hash)(const driver &, base::bytes, std::unique_ptr<hash_key> &) noexcept) noexcept {
    return {.type = driver_kind::hash,
            .name = name,
            .driver_name = driver_name,
            .provider = "portable",
            .priority = 100,
            .sizes = {.block_size = block,
                      .min_key_size = key_size,
                      .max_key_size = key_size,
                      .digest_size = block_size,
                      .key = key_size == 0 ? key_use::none : key_use::required},
            .available = outside_fips,
            .make_hash = make_hash};
}

/// The block size of nhpoly1305 is the kernel's.
constexpr driver drivers[] = {
    universal_hash("ghash", "ghash-portable", block_size, 16, make<ghash_key, ghash_state>),
    universal_hash("poly1305", "poly1305-portable", block_size, 0, make<no_key, poly1305_state>),
    universal_hash("nhpoly1305", "nhpoly1305-portable", 0, nhpoly1305_key::key_size,
                   make<nhpoly1305_key, nhpoly1305_state>),
};

} // namespace

const module *universal_hash_module() noexcept {
    static const module self{.stamp = module_stamp,
                             .name = "universal hashes",
                             .version = KCAPI_BUILD_VERSION,
                             .drivers = drivers};
    return &self;
}

} // namespace kcapi::local
