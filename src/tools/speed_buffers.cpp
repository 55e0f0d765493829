// SPDX-License-Identifier: BSD-3-Clause
#include "speed_buffers.hpp"

namespace kcapi::tools {

std::vector<std::uint8_t> some_bytes(std::size_t n) {
    std::vector<std::uint8_t> b(n);
    for (std::size_t i = 0; i < n; ++i)
        b[i] = static_cast<std::uint8_t>(i * 7 + 1);
    return b;
}

buffers::buffers(std::size_t in_size, std::size_t out_size, std::size_t messages)
    : in(in_size * messages, std::uint8_t{0x5a}), out(out_size * messages) {
    for (std::size_t i = 0; i < messages; ++i) {
        in_vectors.push_back({in.data() + i * in_size, in_size});
        out_vectors.push_back({out.data() + i * out_size, out_size});
    }
}

call batch_call(const shared_handle &h, const std::shared_ptr<buffers> &b, kcapi_ext_operation operation,
                const message_form &form) {
    std::vector<kcapi_ext_message> messages(b->in_vectors.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        kcapi_ext_message &m = messages[i];
        auto *const in = static_cast<std::uint8_t *>(b->in_vectors[i].iov_base);
        auto *const out = static_cast<std::uint8_t *>(b->out_vectors[i].iov_base);
        const bool opens = operation == KCAPI_EXT_DECRYPT;
        m.iv = form.iv != 0 ? usual_iv.data() : nullptr;
        m.iv_len = form.iv;
        m.assoc = form.assoc != 0 ? in : nullptr;
        m.assoc_len = form.assoc;
        m.in = in + form.assoc;
        m.in_len = b->in_vectors[i].iov_len - form.assoc - (opens ? form.tag : 0);
        m.out = out + form.assoc;
        m.out_len = form.out;
        m.tag = form.tag == 0 ? nullptr : opens ? in + form.assoc + m.in_len : out + form.assoc + form.out;
        m.tag_len = form.tag;
    }
    return [h, b, operation, messages]() mutable -> ssize_t {
        const ssize_t done =
            kcapi_ext_batch(h->get(), operation, messages.data(), sizeof messages[0], messages.size());
        if (done == static_cast<ssize_t>(messages.size()) || done < 0)
            return done;
        for (const kcapi_ext_message &m : messages)
            if (m.result < 0)
                return m.result;
        return -EIO;
    };
}

} // namespace kcapi::tools
