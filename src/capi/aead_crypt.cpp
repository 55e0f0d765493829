// SPDX-License-Identifier: BSD-3-Clause
//
// Authenticated encryption of whole messages, alone and in batches. Everything that arguments can show to be
// wrong is refused before an engine sees any of it: AF_ALG would encrypt a prefix into a short buffer.
#include "base/secret.hpp"
#include "capi/aead.hpp"
#include "capi/batch.hpp"
#include "capi/boundary.hpp"
#include "capi/stream.hpp"

using namespace kcapi;
using namespace kcapi::capi;

namespace {

struct message {
    const std::uint8_t *in;
    std::size_t in_len;
    std::uint8_t *out;
    std::size_t out_len;
};

message message_of(const iovec &in, const iovec &out) noexcept {
    return {static_cast<const std::uint8_t *>(in.iov_base), in.iov_len,
            static_cast<std::uint8_t *>(out.iov_base), out.iov_len};
}

/// The length of what a message gives.
[[gnu::always_inline]] inline result<std::size_t> output_of(const kcapi_handle &h, const alg::control &header,
                                                            const message &m) noexcept {
    if (m.out_len > INT_MAX || m.in_len > INT_MAX)
        return error{EMSGSIZE, "aead: a length is above INT_MAX"};
    if ((m.in == nullptr && m.in_len != 0) || (m.out == nullptr && m.out_len != 0))
        return error{EFAULT, "NULL buffer with a length"};
    const std::size_t chosen_tag = h.tag_len->load();
    const std::size_t tag = chosen_tag != 0 ? chosen_tag : h.session.transform().info().max_tag_size;
    const bool encrypts = header.op == alg::op_code::encrypt;
    if (m.in_len < header.assoc_len + (encrypts ? 0 : tag))
        return error{EINVAL, "aead: the message is shorter than its associated data and tag"};
    // A number of its own that programs know, for a buffer without room even for the tag that they chose.
    if (encrypts && m.out_len < chosen_tag)
        return error{E2BIG, "aead: outlen is below the tag"};
    const std::size_t output = encrypts ? m.in_len + tag : m.in_len - tag;
    if (m.out_len < output)
        return error{EINVAL, "aead: outlen is below the output"};
    return output;
}

/// What an engine wrote before it found the tag wrong is not for anybody.
void wipe_forgery(const result<std::size_t> &outcome, const iovec &out) noexcept {
    if (!outcome && outcome.error().code == EBADMSG)
        base::wipe(out.iov_base, out.iov_len);
}

ssize_t crypt(kcapi_handle *handle, alg::op_code op, const message &m, const uint8_t *iv, int access) {
    return guarded(handle, alg::kind::aead, [&](kcapi_handle &h) -> result<std::size_t> {
        alg::control header;
        if (const result<void> r = make_header(header, h, op, iv); !r)
            return r.error();
        const result<std::size_t> output = output_of(h, header, m);
        if (!output)
            return output;
        const iovec in = base::to_iovec(base::bytes(m.in, m.in_len));
        const iovec out = base::to_iovec(base::mutable_bytes(m.out, *output));
        result<std::size_t> r = h.session.crypt(
            {.in = {&in, 1}, .out = {&out, 1}, .header = &header, .how = transfer_of(access)});
        wipe_forgery(r, out);
        return r;
    });
}

/// The messages of an aio call.
class batch {
  public:
    batch(kcapi_handle &h, const alg::control &header, base::iov_list in, base::iov_list out,
          alg::transfer how) noexcept
        : handle_(h), header_(header), in_(in), out_(out), how_(how) {}

    /// Whether all of them can be tried.
    result<void> check() const noexcept {
        if (const std::optional<std::size_t> sum = base::total_length(in_); !sum || *sum > INT_MAX)
            return error{EOVERFLOW, "aio: sum above INT_MAX"};
        std::size_t sum = 0;
        for (std::size_t i = 0; i < in_.size(); ++i) {
            const result<std::size_t> output = output_of(handle_, header_, message_of(in_[i], out_[i]));
            if (!output)
                return output.error();
            sum += *output;
            if (sum > INT_MAX)
                return error{EOVERFLOW, "aio: sum above INT_MAX"};
        }
        return {};
    }

    result<std::size_t> run() {
        return submit_each(
            handle_.session, in_.size(),
            [&](std::size_t i, alg::request &request, iovec &output) {
                const result<std::size_t> size = output_of(handle_, header_, message_of(in_[i], out_[i]));
                output = {out_[i].iov_base, size ? *size : 0};
                request.in = in_.subspan(i, 1);
                request.header = &header_;
                request.how = how_;
                return true;
            },
            wipe_forgery);
    }

  private:
    kcapi_handle &handle_;
    const alg::control &header_;
    const base::iov_list in_;
    const base::iov_list out_;
    const alg::transfer how_;
};

ssize_t crypt_each(kcapi_handle *handle, alg::op_code op, const iovec *in, const iovec *out, size_t n,
                   const uint8_t *iv, int access) {
    return guarded(handle, alg::kind::aead, [&](kcapi_handle &h) -> result<std::size_t> {
        if (n == 0)
            return 0U;
        if (in == nullptr || out == nullptr)
            return error{EINVAL, "aio: iovec array is NULL"};
        alg::control header;
        if (const result<void> r = make_header(header, h, op, iv); !r)
            return r.error();
        batch messages(h, header, {in, n}, {out, n}, transfer_of(access));
        if (const result<void> r = messages.check(); !r)
            return r.error();
        return messages.run();
    });
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_aead_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                        const uint8_t *iv, uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::encrypt, {in, in_len, out, out_len}, iv, access);
}

KCAPI_EXPORT ssize_t kcapi_aead_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                        const uint8_t *iv, uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::decrypt, {in, in_len, out, out_len}, iv, access);
}

KCAPI_EXPORT ssize_t kcapi_aead_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                            struct iovec *out_iov, size_t iov_len, const uint8_t *iv,
                                            int access) {
    return crypt_each(handle, alg::op_code::encrypt, in_iov, out_iov, iov_len, iv, access);
}

KCAPI_EXPORT ssize_t kcapi_aead_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                            struct iovec *out_iov, size_t iov_len, const uint8_t *iv,
                                            int access) {
    return crypt_each(handle, alg::op_code::decrypt, in_iov, out_iov, iov_len, iv, access);
}
