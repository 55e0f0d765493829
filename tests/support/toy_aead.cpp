// SPDX-License-Identifier: BSD-3-Clause
//
// AF_ALG's aead socket over a toy cipher: the queue is the local engine's, the pass does what the kernel
// does, short buffers, short messages and unverified plaintext in the caller's buffer included.
#include "local/buffered_operation.hpp"
#include "support/toy_runtime.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <vector>

namespace kcapi::test {

namespace {

using byte_string = std::vector<std::uint8_t>;

/// ciphertext = plaintext ^ a stream of key and IV; the tag is FNV-1a over everything, spread by position.
struct toy_cipher {
    byte_string key;
    byte_string iv;

    void crypt(std::uint8_t *data, std::size_t length) const {
        for (std::size_t i = 0; i < length; ++i)
            data[i] ^= static_cast<std::uint8_t>(key[i % key.size()] + iv[i % iv.size()] + i);
    }
    [[nodiscard]] byte_string tag(base::bytes assoc, base::bytes cipher, std::size_t size) const {
        std::uint64_t sum = 0xcbf29ce484222325U;
        const auto mix = [&sum](std::uint8_t b) { sum = (sum ^ b) * 0x100000001b3U; };
        for (const base::bytes part : {base::bytes(key), base::bytes(iv), assoc, cipher}) {
            mix(static_cast<std::uint8_t>(part.size()));
            for (const std::uint8_t b : part)
                mix(b);
        }
        byte_string t;
        for (std::size_t i = 0; i < size; ++i) {
            mix(static_cast<std::uint8_t>(i));
            t.push_back(static_cast<std::uint8_t>(sum >> 56));
        }
        return t;
    }
};

class toy_aead final : public alg::transform, public std::enable_shared_from_this<toy_aead> {
  public:
    explicit toy_aead(std::uint32_t block_size) {
        info_.type = alg::kind::aead;
        info_.name = info_.driver_name = "toy-aead";
        info_.block_size = block_size;
        info_.iv_size = toy_iv_size;
        info_.max_tag_size = toy_tag_size;
    }
    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter, base::bytes value) override {
        if (operations != 0)
            return error{EBUSY, "toy"};
        if (value.empty() || value.size() > 32)
            return error{EINVAL, "toy"};
        key.assign(value.begin(), value.end());
        return 0U;
    }
    result<void> set_tag_size(std::uint32_t size) override {
        if (operations != 0)
            return error{EBUSY, "toy"};
        if (size < 4 || size > toy_tag_size)
            return error{EINVAL, "toy"};
        tag_size = size;
        return {};
    }
    result<std::unique_ptr<alg::operation>> accept() override;

    byte_string key;
    std::size_t tag_size = toy_tag_size;
    std::atomic<int> operations{0};

  private:
    alg::properties info_;
};

class toy_operation final : public local::buffered_operation {
  public:
    explicit toy_operation(std::shared_ptr<toy_aead> t) : transform_(std::move(t)) { (void)require_key(); }
    ~toy_operation() override {
        if (keyed_)
            --transform_->operations;
    }
    result<std::size_t> crypt(const alg::request &message) override {
        // The queue does it; what it leaves in the caller's buffer after a wrong tag is the plaintext.
        const alg::call_flags flags{.more = false, .dont_wait = true};
        const result<std::size_t> sent = send(message.in, message.header, flags);
        if (!sent)
            return sent;
        std::uint8_t none = 0;
        const iovec byte{&none, 1};
        const bool empty = base::total_length(message.out) == std::size_t{0};
        return receive(empty ? base::iov_list(&byte, 1) : message.out, flags);
    }
    void submit(std::span<alg::request> messages) override {
        ++plan.batches;
        operation::submit(messages);
    }
    result<void> set_buffers(std::optional<int> send_bytes, std::optional<int> receive_bytes) override {
        if (plan.keep_buffer_sizes)
            return {};
        return buffered_operation::set_buffers(send_bytes, receive_bytes);
    }

  private:
    result<void> require_key() noexcept override {
        if (transform_->key.empty())
            return error{ENOKEY, "toy"};
        if (!keyed_)
            ++transform_->operations;
        keyed_ = true;
        return {};
    }
    result<void> check_header(const alg::control &h) const noexcept override {
        if ((h.iv && h.iv->size() != toy_iv_size) || h.assoc_len > INT32_MAX)
            return error{EINVAL, "toy"};
        return {};
    }
    void apply_header(const alg::control &h) noexcept override {
        encrypts_ = h.op == alg::op_code::encrypt;
        assoc_len_ = h.assoc_len;
        if (h.iv)
            std::copy(h.iv->begin(), h.iv->end(), iv_.begin());
    }
    bool input_ready() const noexcept override { return ready_ && !more_; }

    result<std::size_t> pass(base::iov_cursor &out, std::size_t room) noexcept override {
        const std::size_t tag = transform_->tag_size;
        const std::size_t overhead = assoc_len_ + (encrypts_ ? 0 : tag);
        std::size_t n = queue_.size();
        if (n < overhead)
            return error{EINVAL, "toy: stuck"};
        const std::size_t needed = encrypts_ ? n + tag : n - tag;
        const std::size_t limit = std::min(room, receive_limit());
        if (const std::size_t less = needed > limit ? needed - limit : 0; less != 0) {
            if (n - overhead < less)
                return error{EINVAL, "toy: short buffer"};
            n -= less; // a prefix of the message
        }
        std::vector<std::uint8_t> data(queue_.front(), queue_.front() + n);
        consume(n);
        const toy_cipher cipher{transform_->key, byte_string(iv_.begin(), iv_.end())};
        std::uint8_t *const text = data.data() + assoc_len_;
        const std::size_t text_len = n - overhead;
        const base::bytes assoc(data.data(), assoc_len_);
        if (encrypts_) {
            cipher.crypt(text, text_len);
            const byte_string t = cipher.tag(assoc, {text, text_len}, tag);
            data.insert(data.end(), t.begin(), t.end());
            return out.put(data);
        }
        const bool good = base::ct_equal(cipher.tag(assoc, {text, text_len}, tag), {text + text_len, tag});
        cipher.crypt(text, text_len);
        const std::size_t put = out.put({data.data(), n - tag});
        return good ? result<std::size_t>(put) : error{EBADMSG, "toy"};
    }

    const std::shared_ptr<toy_aead> transform_;
    std::array<std::uint8_t, toy_iv_size> iv_{};
    std::size_t assoc_len_ = 0;
    bool encrypts_ = false;
    bool keyed_ = false;
};

result<std::unique_ptr<alg::operation>> toy_aead::accept() {
    return std::unique_ptr<alg::operation>(std::make_unique<toy_operation>(shared_from_this()));
}

} // namespace

std::shared_ptr<alg::transform> make_toy_aead(std::uint32_t block_size) {
    return std::make_shared<toy_aead>(block_size);
}

byte_string toy_seal(base::bytes key, base::bytes iv, base::bytes assoc, base::bytes plain,
                     std::size_t tag_size) {
    const toy_cipher cipher{byte_string(key.begin(), key.end()), byte_string(iv.begin(), iv.end())};
    byte_string text(plain.begin(), plain.end());
    cipher.crypt(text.data(), text.size());
    const byte_string tag = cipher.tag(assoc, text, tag_size);
    byte_string sealed(assoc.begin(), assoc.end());
    sealed.insert(sealed.end(), text.begin(), text.end());
    sealed.insert(sealed.end(), tag.begin(), tag.end());
    return sealed;
}

} // namespace kcapi::test
