// SPDX-License-Identifier: BSD-3-Clause
#include "capi/public_key.hpp"

namespace kcapi::capi {

namespace {

result<void> check(base::bytes in, bool takes_input, base::mutable_bytes out) noexcept {
    if (out.size() > INT_MAX)
        return error{EMSGSIZE, "the output's length is above INT_MAX"};
    if ((takes_input && in.empty()) || out.empty())
        return error{EINVAL, "input or output of no length"};
    if ((takes_input && in.data() == nullptr) || out.data() == nullptr)
        return error{EFAULT, "NULL buffer with a length"};
    return {};
}

result<std::size_t> process_one(session &s, alg::op_code op, base::bytes in, base::mutable_bytes out,
                                int access) {
    const alg::control header{.op = op, .iv = std::nullopt, .assoc_len = 0};
    const iovec from = base::to_iovec(in);
    const iovec to = base::to_iovec(out);
    return s.crypt({.in = base::iov_list(&from, in.empty() ? 0 : 1),
                    .out = {&to, 1},
                    .header = &header,
                    .how = transfer_of(access)});
}

base::bytes input_of(const iovec *in, std::size_t i) noexcept {
    return in == nullptr ? base::bytes()
                         : base::bytes(static_cast<const std::uint8_t *>(in[i].iov_base), in[i].iov_len);
}

base::mutable_bytes output_of(const iovec *out, std::size_t i) noexcept {
    return {static_cast<std::uint8_t *>(out[i].iov_base), out[i].iov_len};
}

} // namespace

ssize_t set_parameter(kcapi_handle *handle, alg::kind family, alg::parameter what, const std::uint8_t *value,
                      std::size_t size) noexcept {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        if (value == nullptr && size != 0)
            return error{EFAULT, "NULL value with a length"};
        const result<std::uint32_t> r = h.session.transform().set(what, {value, size});
        if (!r)
            return r.error();
        return std::size_t{*r};
    });
}

ssize_t process(kcapi_handle *handle, alg::kind family, alg::op_code op, base::bytes in, bool takes_input,
                base::mutable_bytes out, int access) noexcept {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        if (const result<void> r = check(in, takes_input, out); !r)
            return r.error();
        return process_one(h.session, op, in, out, access);
    });
}

ssize_t process_each(kcapi_handle *handle, alg::kind family, alg::op_code op, const iovec *in,
                     bool takes_input, const iovec *out, std::size_t n, int access) noexcept {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        if (n == 0)
            return 0U;
        if ((takes_input && in == nullptr) || out == nullptr)
            return error{EINVAL, "aio: iovec array is NULL"};
        const std::optional<std::size_t> room = base::total_length({out, n});
        if (!room || *room > INT_MAX)
            return error{EOVERFLOW, "aio: sum above INT_MAX"};
        for (std::size_t i = 0; i < n; ++i)
            if (const result<void> r = check(input_of(in, i), takes_input, output_of(out, i)); !r)
                return r.error();
        std::size_t done = 0;
        std::optional<error> first;
        for (std::size_t i = 0; i < n; ++i) {
            const result<std::size_t> r =
                process_one(h.session, op, input_of(in, i), output_of(out, i), access);
            if (r)
                done += *r;
            else if (!first)
                first = r.error();
        }
        return first ? result<std::size_t>(*first) : done;
    });
}

} // namespace kcapi::capi
