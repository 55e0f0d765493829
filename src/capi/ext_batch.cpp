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
        const std::uint32_t set = h.tag_len == nullptr ? 0 : h.tag_len->load();
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

result<std::size_t> process(session &with, const shape &s, kcapi_ext_message &m) {
    if (const result<void> r = check(s, m); !r)
        return r.error();
    if (m.in_len == 0 && s.kind == alg::kind::skcipher)
        return 0U;
    discarded assoc_out;
    const result<base::mutable_bytes> nowhere = assoc_out.room(m.assoc_len);
    if (!nowhere)
        return nowhere.error();
    const std::size_t out_size = s.is_hash() ? s.digest_size : m.in_len;
    list_of in;
    list_of out;
    in.add(base::bytes(m.assoc, m.assoc_len));
    in.add(base::bytes(m.in, m.in_len));
    out.add(*nowhere);
    out.add(base::mutable_bytes(m.out, out_size));
    if (s.is_aead()) {
        if (s.encrypts())
            out.add(base::mutable_bytes(m.tag, m.tag_len));
        else
            in.add(base::bytes(m.tag, m.tag_len));
    }
    const alg::control header{.op = s.op,
                              .iv = m.iv_len == 0 ? std::nullopt : std::optional(base::bytes(m.iv, m.iv_len)),
                              .assoc_len = static_cast<std::uint32_t>(m.assoc_len)};
    const result<std::size_t> r =
        with.crypt({.in = in.view(), .out = out.view(), .header = s.is_hash() ? nullptr : &header});
    if (!r && s.is_aead())
        base::wipe({m.out, m.out_len});
    return r ? result<std::size_t>(out_size) : r;
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
        std::size_t succeeded = 0;
        for (std::size_t i = 0; i < count; ++i) {
            // A later version's struct is longer.
            auto *const at = reinterpret_cast<std::uint8_t *>(messages) + i * message_size;
            auto &m = *reinterpret_cast<kcapi_ext_message *>(at);
            const result<std::size_t> r = process(h.session, *s, m);
            m.result = to_return_value(r);
            succeeded += r ? 1U : 0U;
        }
        return succeeded;
    });
}
