// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: whole messages with everything in its own place. The seam takes a message as AF_ALG lays it
// out, associated data and tag in line; lists of buffers make the one of the other without copying.
#include "base/secret.hpp"
#include "capi/boundary.hpp"

#include <kcapi_ext.h>

#include <array>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// AF_ALG copies associated data to the output. Nobody wants it there, so it goes here; up to this size
/// without memory from the heap.
constexpr std::size_t small_assoc = 4096;

class discarded {
  public:
    /// `size` bytes to write to; EFAULT never, ENOMEM.
    [[nodiscard]] result<base::mutable_bytes> room(std::size_t size) {
        if (size <= small_.size())
            return base::mutable_bytes(small_).first(size);
        result<base::secret_buffer> made = base::secret_buffer::make(size);
        if (!made)
            return made.error();
        large_ = std::move(*made);
        return large_.span();
    }

  private:
    std::array<std::uint8_t, small_assoc> small_;
    base::secret_buffer large_;
};

struct shape {
    alg::kind kind = alg::kind::skcipher;
    alg::op_code op = alg::op_code::decrypt;
    std::size_t iv_size = 0;
    std::size_t tag_size = 0;
    std::size_t digest_size = 0;

    [[nodiscard]] bool is_aead() const noexcept { return kind == alg::kind::aead; }
    [[nodiscard]] bool is_hash() const noexcept { return kind == alg::kind::hash; }
    [[nodiscard]] bool encrypts() const noexcept { return op == alg::op_code::encrypt; }
};

result<shape> shape_of(const kcapi_handle &h, enum kcapi_ext_operation operation) noexcept {
    const alg::properties &info = h.session.transform().info();
    shape s{.kind = info.type, .op = alg::op_code::decrypt, .iv_size = info.iv_size};
    const bool crypts = info.type == alg::kind::skcipher || s.is_aead();
    if (crypts && operation == KCAPI_EXT_ENCRYPT)
        s.op = alg::op_code::encrypt;
    else if (!(crypts && operation == KCAPI_EXT_DECRYPT) && !(s.is_hash() && operation == KCAPI_EXT_DIGEST))
        return error{EINVAL, "batch: an operation that the handle does not have"};
    if (s.is_aead()) {
        const std::uint32_t set = h.tag_len->load();
        s.tag_size = set != 0 ? set : info.max_tag_size;
    }
    s.digest_size = info.digest_size;
    return s;
}

[[nodiscard]] bool null_with_length(const void *p, std::size_t n) noexcept { return p == nullptr && n != 0; }

result<void> check(const shape &s, const kcapi_ext_message &m) noexcept {
    if (null_with_length(m.iv, m.iv_len) || null_with_length(m.assoc, m.assoc_len) ||
        null_with_length(m.in, m.in_len) || null_with_length(m.out, m.out_len) ||
        null_with_length(m.tag, m.tag_len))
        return error{EFAULT, "batch: NULL buffer with a length"};
    if (m.iv_len != (s.is_hash() ? 0 : s.iv_size))
        return error{EINVAL, "batch: the length of the IV"};
    if (m.tag_len != s.tag_size)
        return error{EINVAL, "batch: the length of the tag"};
    if (m.assoc_len != 0 && !s.is_aead())
        return error{EINVAL, "batch: associated data without authentication"};
    if (m.assoc_len > INT32_MAX)
        return error{EINVAL, "batch: associated data is too long"};
    if (m.out_len < (s.is_hash() ? s.digest_size : m.in_len))
        return error{EINVAL, "batch: the output is too small"};
    return {};
}

/// The buffers that are not empty, in order.
class list_of {
  public:
    void add(base::mutable_bytes b) noexcept {
        if (!b.empty())
            parts_[count_++] = base::to_iovec(b);
    }
    /// Only read.
    void add(base::bytes b) noexcept {
        if (!b.empty())
            parts_[count_++] = base::to_iovec(b);
    }
    [[nodiscard]] base::iov_list view() const noexcept { return {parts_.data(), count_}; }

  private:
    std::array<iovec, 3> parts_;
    std::size_t count_ = 0;
};

/// One message as the seam takes it. It points into itself, so it stays where it is.
struct prepared {
    list_of in;
    list_of out;
    alg::control header;
    std::size_t output = 0;

    void set(const shape &s, const kcapi_ext_message &m, base::mutable_bytes nowhere) noexcept {
        output = s.is_hash() ? s.digest_size : m.in_len;
        in.add(base::bytes(m.assoc, m.assoc_len));
        in.add(base::bytes(m.in, m.in_len));
        out.add(nowhere.first(m.assoc_len));
        out.add(base::mutable_bytes(m.out, output));
        if (s.is_aead() && s.encrypts())
            out.add(base::mutable_bytes(m.tag, m.tag_len));
        else if (s.is_aead())
            in.add(base::bytes(m.tag, m.tag_len));
        header = {.op = s.op,
                  .iv = m.iv_len == 0 ? std::nullopt : std::optional(base::bytes(m.iv, m.iv_len)),
                  .assoc_len = static_cast<std::uint32_t>(m.assoc_len)};
    }
    void fill(alg::request &r, const shape &s) const noexcept {
        r.in = in.view();
        r.out = out.view();
        r.header = s.is_hash() ? nullptr : &header;
    }
};

/// The caller's messages; a later version's struct is longer.
class message_array {
  public:
    message_array(kcapi_ext_message *first, std::size_t stride) noexcept
        : first_(reinterpret_cast<std::uint8_t *>(first)), stride_(stride) {}
    [[nodiscard]] kcapi_ext_message &operator[](std::size_t i) const noexcept {
        return *reinterpret_cast<kcapi_ext_message *>(first_ + i * stride_);
    }

  private:
    std::uint8_t *first_;
    std::size_t stride_;
};

/// A multiple of the lanes that drivers have.
constexpr std::size_t portion = 64;

/// Processes `count` messages, at most a portion. How many succeeded.
result<std::size_t> process(session &with, const shape &s, const message_array &messages, std::size_t begin,
                            std::size_t count) {
    std::size_t assoc = 0;
    for (std::size_t i = 0; i < count; ++i)
        assoc = std::max(assoc, s.is_aead() ? std::min<std::size_t>(messages[begin + i].assoc_len, INT32_MAX)
                                            : std::size_t{0});
    discarded assoc_out;
    const result<base::mutable_bytes> nowhere = assoc_out.room(assoc);
    if (!nowhere)
        return nowhere.error();

    std::array<prepared, portion> ready;
    std::array<alg::request, portion> requests;
    std::array<std::size_t, portion> index;
    std::size_t succeeded = 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < count; ++i) {
        kcapi_ext_message &m = messages[begin + i];
        const result<void> r = check(s, m);
        m.result = to_return_value(r);
        if (r && m.in_len == 0 && s.kind == alg::kind::skcipher) {
            ++succeeded; // nothing to do
        } else if (r) {
            ready[n].set(s, m, *nowhere);
            ready[n].fill(requests[n], s);
            index[n++] = begin + i;
        }
    }
    const result<void> submitted = n == 0 ? result<void>() : with.submit({requests.data(), n});
    for (std::size_t i = 0; i < n; ++i) {
        kcapi_ext_message &m = messages[index[i]];
        const result<std::size_t> r = submitted ? requests[i].outcome : submitted.error();
        m.result = r ? static_cast<ssize_t>(ready[i].output) : fail(r.error());
        if (!r && s.is_aead())
            base::wipe({m.out, m.out_len});
        succeeded += r ? 1U : 0U;
    }
    return succeeded;
}

/// One message, without the arrays of a portion.
result<std::size_t> process_one(session &with, const shape &s, kcapi_ext_message &m) {
    result<std::size_t> r = 0U;
    if (const result<void> fits = check(s, m); !fits) {
        r = fits.error();
    } else if (m.in_len != 0 || s.kind != alg::kind::skcipher) {
        discarded assoc_out;
        const result<base::mutable_bytes> nowhere = assoc_out.room(m.assoc_len);
        if (!nowhere)
            return nowhere.error();
        prepared ready;
        alg::request request;
        ready.set(s, m, *nowhere);
        ready.fill(request, s);
        r = with.crypt(request);
        if (r)
            r = ready.output;
        else if (s.is_aead())
            base::wipe({m.out, m.out_len});
    }
    m.result = to_return_value(r);
    return r ? 1U : 0U;
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_ext_batch(struct kcapi_handle *handle, enum kcapi_ext_operation operation,
                                     struct kcapi_ext_message *messages, size_t message_size, size_t count) {
    return guarded(handle, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<shape> s = shape_of(h, operation);
        if (!s)
            return s.error();
        if ((messages == nullptr && count != 0) || message_size < sizeof(kcapi_ext_message))
            return error{EINVAL, "batch: no messages, or a struct that is too small"};
        if (count == 1)
            return process_one(h.session, *s, *messages);
        const message_array all(messages, message_size);
        std::size_t succeeded = 0;
        for (std::size_t begin = 0; begin < count; begin += portion) {
            const result<std::size_t> r =
                process(h.session, *s, all, begin, std::min(portion, count - begin));
            if (!r)
                return r;
            succeeded += *r;
        }
        return succeeded;
    });
}
