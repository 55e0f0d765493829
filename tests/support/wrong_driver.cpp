// SPDX-License-Identifier: BSD-3-Clause
#include "support/wrong_driver.hpp"

#include <algorithm>
#include <string_view>

namespace kcapi::test {

namespace {

using namespace kcapi::local;

const wrong_data &data_of(const driver &self) noexcept { return *static_cast<const wrong_data *>(self.data); }

bool concerns(fault f, direction d) noexcept {
    return f == (d == direction::encrypt ? fault::encryption : fault::decryption);
}

void spoil(std::uint8_t *out, std::size_t length) noexcept {
    if (length != 0)
        out[length - 1] ^= 1;
}

class wrong_cipher final : public cipher_context {
  public:
    wrong_cipher(std::unique_ptr<cipher_context> right, fault f) noexcept
        : right_(std::move(right)), fault_(f) {}
    int crypt(direction d, const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept override {
        const int code = right_->crypt(d, in, out, length);
        if (code == 0 && concerns(fault_, d))
            spoil(out, length);
        return code;
    }

  private:
    const std::unique_ptr<cipher_context> right_;
    const fault fault_;
};

class wrong_skcipher final : public skcipher_context {
  public:
    wrong_skcipher(std::unique_ptr<skcipher_context> right, fault f) noexcept
        : right_(std::move(right)), fault_(f) {}
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        const int code = right_->crypt(d, c, in, out, length);
        if (code == 0 && concerns(fault_, d))
            spoil(out, length);
        return code;
    }

  private:
    const std::unique_ptr<skcipher_context> right_;
    const fault fault_;
};

class wrong_aead final : public aead_context {
  public:
    wrong_aead(std::unique_ptr<aead_context> right, fault f) noexcept : right_(std::move(right)), fault_(f) {}
    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        const int code = right_->encrypt(m, tag);
        if (code == 0 && fault_ == fault::encryption)
            spoil(m.out, m.length);
        if (code == 0 && fault_ == fault::tag)
            spoil(tag.data(), 1);
        return code;
    }
    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        const int code = right_->decrypt(m, tag);
        if (code == 0 && fault_ == fault::decryption)
            spoil(m.out, m.length);
        return code == EBADMSG && fault_ == fault::any_tag ? 0 : code;
    }

  private:
    const std::unique_ptr<aead_context> right_;
    const fault fault_;
};

class wrong_hash final : public hash_context {
  public:
    explicit wrong_hash(std::unique_ptr<hash_context> right) noexcept : right_(std::move(right)) {}
    int update(base::bytes data) noexcept override { return right_->update(data); }
    int finish(std::uint8_t *digest) noexcept override {
        const int code = right_->finish(digest);
        if (code == 0)
            spoil(digest, 1);
        return code;
    }
    int restart() noexcept override { return right_->restart(); }
    std::unique_ptr<hash_context> clone() const noexcept override {
        return std::make_unique<wrong_hash>(right_->clone());
    }

  private:
    const std::unique_ptr<hash_context> right_;
};

class wrong_hash_batch final : public hash_batch_key {
  public:
    wrong_hash_batch(std::unique_ptr<hash_batch_key> right, std::size_t size) noexcept
        : right_(std::move(right)), size_(size) {}
    /// One message of many.
    void digest(std::span<hash_message> messages) const noexcept override {
        right_->digest(messages);
        spoil(messages.back().digest, size_);
    }

  private:
    const std::unique_ptr<hash_batch_key> right_;
    const std::size_t size_;
};

int make_wrong_hash_batch(const driver &self, base::bytes bytes,
                          std::unique_ptr<hash_batch_key> &out) noexcept {
    const driver &right = *data_of(self).right;
    std::unique_ptr<hash_batch_key> made;
    if (const int code = right.make_hash_batch(right, bytes, made); code != 0)
        return code;
    out = std::make_unique<wrong_hash_batch>(std::move(made), right.sizes.digest_size);
    return 0;
}

/// A key whose contexts are wrong.
template <class Key, class Context, class Wrong>
class wrong_key final : public Key {
  public:
    wrong_key(std::unique_ptr<Key> right, fault f) noexcept : right_(std::move(right)), fault_(f) {}
    std::unique_ptr<Context> open() const noexcept override {
        std::unique_ptr<Context> context = right_->open();
        if (context == nullptr)
            return nullptr;
        if constexpr (std::is_constructible_v<Wrong, std::unique_ptr<Context>, fault>)
            return std::make_unique<Wrong>(std::move(context), fault_);
        else
            return std::make_unique<Wrong>(std::move(context));
    }

  private:
    const std::unique_ptr<Key> right_;
    const fault fault_;
};

/// A factory that has the right one make the key.
template <class Key, class Context, class Wrong, auto Factory>
int make_wrong(const driver &self, base::bytes bytes, std::unique_ptr<Key> &out) noexcept {
    const wrong_data &data = data_of(self);
    std::unique_ptr<Key> right;
    if (const int code = (data.right->*Factory)(*data.right, bytes, right); code != 0)
        return code;
    out = std::make_unique<wrong_key<Key, Context, Wrong>>(std::move(right), data.what);
    return 0;
}

class wrong_rng final : public rng_state {
  public:
    wrong_rng(std::unique_ptr<rng_state> right, fault f) noexcept : right_(std::move(right)), fault_(f) {}
    int seed(base::bytes value) noexcept override { return right_->seed(value); }
    int generate(base::bytes additional, base::mutable_bytes out) noexcept override {
        const int code = right_->generate(additional, out);
        if (code == 0 && fault_ == fault::stuck)
            std::fill(out.begin(), out.end(), std::uint8_t{0});
        else if (code == 0)
            spoil(out.data(), 1);
        return code;
    }
    int set_entropy(base::bytes value) noexcept override { return right_->set_entropy(value); }

  private:
    const std::unique_ptr<rng_state> right_;
    const fault fault_;
};

int make_wrong_rng(const driver &self, std::unique_ptr<rng_state> &out) noexcept {
    const wrong_data &data = data_of(self);
    std::unique_ptr<rng_state> right;
    if (const int code = data.right->make_rng(*data.right, right); code != 0)
        return code;
    out = std::make_unique<wrong_rng>(std::move(right), data.what);
    return 0;
}

class wrong_akcipher final : public akcipher_key {
  public:
    wrong_akcipher(std::unique_ptr<akcipher_key> right, fault f) noexcept
        : right_(std::move(right)), fault_(f) {}
    std::uint32_t output_size() const noexcept override { return right_->output_size(); }
    int crypt(alg::op_code op, base::bytes in, base::mutable_bytes out,
              std::size_t &produced) const noexcept override {
        const int code = right_->crypt(op, in, out, produced);
        const bool concerned = op == alg::op_code::sign      ? fault_ == fault::signature
                               : op == alg::op_code::encrypt ? fault_ == fault::encryption
                               : op == alg::op_code::decrypt ? fault_ == fault::decryption
                                                             : false;
        if (code == 0 && concerned)
            spoil(out.data(), produced);
        return code;
    }

  private:
    const std::unique_ptr<akcipher_key> right_;
    const fault fault_;
};

int make_wrong_akcipher(const driver &self, base::bytes bytes, bool is_private,
                        std::unique_ptr<akcipher_key> &out) noexcept {
    const wrong_data &data = data_of(self);
    std::unique_ptr<akcipher_key> right;
    if (const int code = data.right->make_akcipher(*data.right, bytes, is_private, right); code != 0)
        return code;
    out = std::make_unique<wrong_akcipher>(std::move(right), data.what);
    return 0;
}

class wrong_kpp final : public kpp_state {
  public:
    wrong_kpp(std::unique_ptr<kpp_state> right, fault f) noexcept : right_(std::move(right)), fault_(f) {}
    int set_parameters(alg::parameter what, base::bytes value) noexcept override {
        return right_->set_parameters(what, value);
    }
    int set_key(base::bytes key) noexcept override { return right_->set_key(key); }
    std::uint32_t output_size() const noexcept override { return right_->output_size(); }
    int public_key(base::mutable_bytes out, std::size_t &produced) noexcept override {
        const int code = right_->public_key(out, produced);
        if (code == 0 && fault_ == fault::key)
            spoil(out.data(), 1);
        return code;
    }
    int shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept override {
        const int code = right_->shared_secret(peer, out, produced);
        if (code == 0 && fault_ == fault::secret)
            spoil(out.data(), 1);
        return code;
    }

  private:
    const std::unique_ptr<kpp_state> right_;
    const fault fault_;
};

int make_wrong_kpp(const driver &self, std::unique_ptr<kpp_state> &out) noexcept {
    const wrong_data &data = data_of(self);
    std::unique_ptr<kpp_state> right;
    if (const int code = data.right->make_kpp(*data.right, right); code != 0)
        return code;
    out = std::make_unique<wrong_kpp>(std::move(right), data.what);
    return 0;
}

} // namespace

std::vector<fault> faults_of(const driver &d) {
    switch (d.type) {
    case driver_kind::cipher:
    case driver_kind::skcipher:
        return {fault::encryption, fault::decryption};
    case driver_kind::aead:
        return {fault::encryption, fault::decryption, fault::tag, fault::any_tag};
    case driver_kind::hash:
    case driver_kind::hash_batch:
        return {fault::digest};
    case driver_kind::rng:
        return {std::string_view(d.driver_name).starts_with("drbg_") ? fault::random : fault::stuck};
    case driver_kind::akcipher:
        return {fault::signature, fault::encryption, fault::decryption};
    case driver_kind::kpp:
        return {fault::key, fault::secret};
    }
    return {};
}

const char *name_of(fault f) noexcept {
    constexpr std::array names{"encryption", "decryption", "tag",       "any_tag", "digest",
                               "random",     "stuck",      "signature", "key",     "secret"};
    return names[static_cast<std::size_t>(f)];
}

driver wrong_driver(const wrong_data &data) noexcept {
    driver d = *data.right;
    d.data = &data;
    if (d.make_cipher != nullptr)
        d.make_cipher = make_wrong<cipher_key, cipher_context, wrong_cipher, &driver::make_cipher>;
    if (d.make_skcipher != nullptr)
        d.make_skcipher = make_wrong<skcipher_key, skcipher_context, wrong_skcipher, &driver::make_skcipher>;
    if (d.make_aead != nullptr)
        d.make_aead = make_wrong<aead_key, aead_context, wrong_aead, &driver::make_aead>;
    if (d.make_hash != nullptr)
        d.make_hash = make_wrong<hash_key, hash_context, wrong_hash, &driver::make_hash>;
    if (d.make_hash_batch != nullptr)
        d.make_hash_batch = make_wrong_hash_batch;
    if (d.make_rng != nullptr)
        d.make_rng = make_wrong_rng;
    if (d.make_akcipher != nullptr)
        d.make_akcipher = make_wrong_akcipher;
    if (d.make_kpp != nullptr)
        d.make_kpp = make_wrong_kpp;
    return d;
}

} // namespace kcapi::test
