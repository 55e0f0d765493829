// SPDX-License-Identifier: BSD-3-Clause
#include "enc_cipher.hpp"

#include "console.hpp"
#include "handle.hpp"
#include "padding.hpp"
#include "read_ahead.hpp"
#include "whole_message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace kcapi::tools {

namespace {

constexpr std::size_t largest_block = 64;

/// Whether a message can be processed in pieces, each going on from the IV that the one before left. The
/// others need their message as a whole.
bool goes_on(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 7> modes = {"ecb(", "cbc(",  "ctr(", "cfb(",
                                                       "ofb(", "pcbc(", "lrw("};
    return std::any_of(modes.begin(), modes.end(), [&](std::string_view m) { return name.starts_with(m); });
}

/// One message, from the key to the padding.
class cipher_work {
  public:
    cipher_work(const enc_options &o, const secret &key, const input &in, output &out)
        : o_(o), in_(in), out_(out), handle_(open_algorithm("skcipher", o.cipher)),
          block_(std::max<std::size_t>(describe(handle_).block_size, 1)),
          shown_(o.decrypt ? "decrypting" : "encrypting", in.size, o.shown) {
        if (const int r =
                kcapi_cipher_setkey(handle_.get(), key.data(), static_cast<std::uint32_t>(key.size()));
            r < 0)
            fail(-r, "the key of " + std::to_string(key.size()) + " bytes is refused", key_hint(handle_));
        if (block_ > largest_block)
            fail(EINVAL, o.cipher + " has blocks of " + std::to_string(block_) + " bytes");
        if (o.iv)
            iv_ = fitted_iv(handle_, *o.iv);
        else if (describe(handle_).iv_size != 0)
            say(level::verbose, "no --iv: an IV of zeros is used");
    }

    void run() {
        if (goes_on(describe(handle_).name))
            run_in_pieces();
        else
            run_whole();
        say(level::verbose, std::to_string(written_) + " bytes written");
    }

  private:
    /// Reading is another thread's work. What was processed waits until it is known whether more comes: the
    /// end may be padding.
    void run_in_pieces() {
        read_ahead data(in_.fd);
        secret waiting;
        secret processed;
        std::size_t total = 0;
        std::array<std::uint8_t, largest_block> tail{}; // of the data before it was processed
        for (bytes piece = data.next(); !piece.empty(); piece = data.next()) {
            put(waiting);
            if (piece.size() >= block_)
                std::copy_n(piece.end() - static_cast<std::ptrdiff_t>(block_), block_, tail.begin());
            total += piece.size();
            process(piece, processed);
            waiting.swap(processed);
            shown_.add(piece.size());
        }
        if (data.error() != 0)
            throw failure{status_of(EIO), "cannot read " + in_.name + ": " + std::strerror(data.error())};
        if (!o_.decrypt && total % block_ == 0)
            end_of_whole_blocks(total == 0 ? bytes() : bytes(tail).first(block_), waiting);
        if (o_.decrypt && !(total == 0 && !o_.pkcs7))
            waiting.resize(waiting.size() - padding_of(waiting));
        put(waiting);
        end(total != 0);
    }

    /// Only the last piece can end within a block; it is filled up here.
    void process(bytes piece, secret &to) {
        to.resize(piece.size());
        if (!o_.decrypt && piece.size() % block_ != 0) {
            to.assign(piece.begin(), piece.end());
            to.resize(piece.size() + largest_block);
            to.resize(pad(to, piece.size()));
            piece = to;
        }
        const auto crypt = o_.decrypt ? kcapi_cipher_decrypt : kcapi_cipher_encrypt;
        const std::uint8_t *const iv = begun_ || iv_.empty() ? nullptr : iv_.data();
        const ssize_t r = crypt(handle_.get(), piece.data(), piece.size(), iv, to.data(), to.size(),
                                KCAPI_ACCESS_HEURISTIC);
        if (r < 0)
            fail_crypting(static_cast<int>(-r));
        begun_ = true;
    }

    /// With PKCS#7 there is a block of padding more; otherwise the last block had better not look like it.
    void end_of_whole_blocks(bytes last, secret &waiting) {
        secret block(largest_block);
        std::copy(last.begin(), last.end(), block.begin());
        block.resize(pad(block, last.size()));
        block.erase(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(last.size()));
        if (block.empty())
            return;
        put(waiting);
        process(block, waiting);
    }

    void run_whole() {
        whole_message message(out_);
        message.append_all(in_, shown_);
        if (!o_.decrypt) {
            const std::size_t length = message.content().size();
            message.append_room(largest_block);
            mutable_bytes room = message.content();
            finish_whole(message, pad(room, length));
        } else {
            finish_whole(message, message.content().size());
        }
    }

    void finish_whole(whole_message &message, std::size_t length) {
        const mutable_bytes data = message.content().first(length);
        if (length == 0)
            return out_.commit_nothing();
        std::vector<std::uint8_t> iv = iv_;
        iv.resize(describe(handle_).iv_size);
        kcapi_ext_message m{};
        m.iv = iv.data();
        m.iv_len = iv.size();
        m.in = data.data();
        m.in_len = data.size();
        m.out = data.data();
        m.out_len = data.size();
        ssize_t r = kcapi_ext_batch(handle_.get(), o_.decrypt ? KCAPI_EXT_DECRYPT : KCAPI_EXT_ENCRYPT, &m,
                                    sizeof m, 1);
        r = r < 0 ? r : m.result;
        if (r < 0)
            fail_crypting(static_cast<int>(-r));
        const std::size_t kept = o_.decrypt ? length - padding_of(data) : length;
        written_ = kept;
        message.finish(0, kept);
    }

    [[noreturn]] void fail_crypting(int code) const {
        const std::string why = code == EINVAL && block_ > 1
                                    ? "The data has to be a multiple of " + std::to_string(block_) + " bytes."
                                    : std::string(kcapi_ext_last_error());
        fail(code,
             std::string(o_.decrypt ? "cannot decrypt " : "cannot encrypt ") + in_.name + " with " +
                 o_.cipher,
             why);
    }

    /// Adds padding to the message's last `length` bytes, for which there is room. Their number with it.
    std::size_t pad(mutable_bytes data, std::size_t length) const {
        if (!o_.pkcs7 && original_padding(bytes(data).first(length - length % block_), block_) != 0 &&
            length % block_ == 0)
            say(level::warning, "the end of the data looks like padding; use --nounpad when you decrypt it");
        const std::size_t n = padding_to_add(length, block_, o_.pkcs7);
        std::fill_n(data.begin() + static_cast<std::ptrdiff_t>(length), n, static_cast<std::uint8_t>(n));
        return length + n;
    }

    /// How many of the message's last bytes are padding to remove.
    [[nodiscard]] std::size_t padding_of(bytes data) const {
        if (o_.keep_padding || block_ == 1)
            return 0;
        if (o_.pkcs7) {
            const std::optional<std::size_t> n = pkcs7_padding(data, block_);
            if (!n)
                fail(EBADMSG, "the padding is wrong", "Wrong key or IV, altered data, or no PKCS#7 padding.");
            return *n;
        }
        if (o_.in == nullptr || !out_.is_file()) {
            say(level::verbose, "padding is removed from file to file only");
            return 0;
        }
        return original_padding(data, block_);
    }

    void put(bytes data) {
        if (data.empty())
            return;
        out_.write(data);
        written_ += data.size();
    }
    void end(bool had_data) {
        if (written_ != 0 || had_data)
            out_.commit();
        else
            out_.commit_nothing();
    }

    const enc_options &o_;
    const input &in_;
    output &out_;
    handle handle_;
    std::size_t block_;
    std::vector<std::uint8_t> iv_; ///< empty: none was given
    bool begun_ = false;           ///< then the handle holds the IV
    progress shown_;
    std::uint64_t written_ = 0;
};

} // namespace

void crypt_with_cipher(const enc_options &o, const secret &key, const input &in, output &out) {
    cipher_work(o, key, in, out).run();
}

} // namespace kcapi::tools
