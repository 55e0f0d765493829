// SPDX-License-Identifier: BSD-3-Clause
//
// A message of any length in pieces: one thread writes, another reads, or one does both in turns. What waits
// in between is bounded (about 208 KiB), so a writer that nobody reads from falls asleep.
#pragma once

#include <kcapi/algorithm.hpp>

#include <atomic>

namespace kcapi {

class cipher;

/// One message under way, made by cipher::encryptor or decryptor. Any thread may write, another may read at
/// the same time; several writers, or several readers, need an order of their own. Not to be moved meanwhile.
class cipher_stream : public detail::object {
  public:
    cipher_stream(cipher_stream &&other) noexcept
        : object(std::move(other)), way_(other.way_), iv_size_(other.iv_size_), in_(other.in_.load()),
          out_(other.out_.load()), ended_(other.ended_.load()), failure_(other.failure_.load()) {}
    cipher_stream &operator=(cipher_stream &&other) noexcept {
        object::operator=(std::move(other));
        way_ = other.way_;
        iv_size_ = other.iv_size_;
        in_ = other.in_.load();
        out_ = other.out_.load();
        ended_ = other.ended_.load();
        failure_ = other.failure_.load();
        return *this;
    }
    ~cipher_stream() = default;

    /// write adds data to the message; it sleeps while there is no room. The data is copied. EINTR (a signal
    /// handler without SA_RESTART) says that nothing was taken.
    result<void> write(bytes data) noexcept { return put(data, false, kcapi_cipher_stream_update); }

    /// write_borrowed is write for data that stays unchanged until it was read; so it need not be copied.
    result<void> write_borrowed(bytes data) noexcept {
        return put(data, false, [](kcapi_handle *h, iovec *v, std::size_t n) {
            return kcapi_ext_stream_update_borrowed(h, v, n, 0);
        });
    }

    /// finish adds the last data, if any, and ends the message.
    result<void> finish(bytes last = {}) noexcept { return put(last, true, kcapi_cipher_stream_update_last); }

    /// read takes what there is, and sleeps only while there is nothing. 0: the message was ended and read to
    /// its end. Whole blocks only come before the end, so `out` has room for one. EINVAL: no room for a
    /// block, or the message ended with a length that its mode cannot process. A message that failed is lost:
    /// from then on reading and writing fail alike, until restart.
    [[nodiscard]] result<std::size_t> read(mutable_bytes out) noexcept {
        return take(out, kcapi_cipher_stream_op);
    }

    /// try_read is read that never sleeps: nothing where read would.
    [[nodiscard]] result<std::optional<std::size_t>> try_read(mutable_bytes out) noexcept {
        using answer = std::optional<std::size_t>;
        const result<std::size_t> r = take(out, kcapi_ext_stream_try_op);
        if (!r && r.error().code == EAGAIN)
            return answer();
        if (!r)
            return r.error();
        return answer(*r);
    }

    /// restart begins another message, in the same direction; what was not read of the last one is lost. No
    /// other thread may use the stream meanwhile.
    result<void> restart(bytes iv) noexcept {
        if (iv.size() != iv_size_)
            return error{EINVAL, "the length of the IV"};
        const auto begin =
            way_ == direction::encrypt ? kcapi_cipher_stream_init_enc : kcapi_cipher_stream_init_dec;
        result<void> r = detail::done_or_error(begin(get(), iv.data(), nullptr, 0), "beginning a message");
        if (r) {
            in_ = out_ = 0;
            ended_ = false;
            failure_ = 0;
        }
        return r;
    }

  private:
    friend class cipher;
    enum class direction : std::uint8_t { encrypt, decrypt };

    cipher_stream(detail::handle h, direction way, std::size_t iv_size) noexcept
        : object(std::move(h)), way_(way), iv_size_(iv_size) {}

    template <class Update>
    result<void> put(bytes data, bool last, Update update) noexcept {
        if (ended_)
            return error{EINVAL, "the message has ended"};
        if (const int failed = failure_; failed != 0 && valid())
            return error{failed, "the message was lost"};
        // A reader may see the output before the call returns, and must know by then.
        in_ += data.size();
        ended_ = last;
        bool begun = false;
        do {
            iovec piece{const_cast<std::uint8_t *>(data.data()), data.size()}; // only read
            const ssize_t r = update(get(), data.empty() ? nullptr : &piece, data.empty() ? 0 : 1);
            if (r == -EINTR && begun)
                continue;
            if (r < 0) {
                in_ -= data.size();
                ended_ = false;
                return error{static_cast<int>(-r), "writing to a stream"};
            }
            begun = begun || r > 0;
            data = data.subspan(static_cast<std::size_t>(r));
        } while (!data.empty());
        return {};
    }

    template <class Collect>
    result<std::size_t> take(mutable_bytes out, Collect collect) noexcept {
        if (at_end())
            return 0U;
        // The C function, told of the loss once, would wait for the next message.
        if (const int failed = failure_; failed != 0 && valid())
            return error{failed, "the message was lost"};
        iovec room{out.data(), out.size()};
        const ssize_t r = collect(get(), &room, 1);
        // Some modes refuse a message that ends without further data; everything of it was read.
        if (r == -EINVAL && at_end())
            return 0U;
        if (r > 0)
            out_ += static_cast<std::size_t>(r);
        else if (r < 0 && loses_message(static_cast<int>(-r), out.size()))
            failure_ = static_cast<int>(-r);
        return detail::count_or_error(r, "reading from a stream");
    }

    /// Whether a read that failed so will never succeed, whatever it is given. EINVAL before the end, or with
    /// less room than is left, speaks of the room.
    [[nodiscard]] bool loses_message(int code, std::size_t room) const noexcept {
        if (code == EINVAL)
            return ended_ && room >= in_ - out_;
        return code != EAGAIN && code != EINTR && code != EFAULT && code != ENOKEY && code != ECANCELED;
    }

    [[nodiscard]] bool at_end() const noexcept { return ended_ && out_ == in_ && valid(); }

    direction way_;
    std::size_t iv_size_;
    std::atomic<std::uint64_t> in_ = 0;
    std::atomic<std::uint64_t> out_ = 0;
    std::atomic<bool> ended_ = false;
    std::atomic<int> failure_ = 0; ///< errno value that the message was lost with
};

} // namespace kcapi
