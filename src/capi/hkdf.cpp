// SPDX-License-Identifier: BSD-3-Clause
//
// HKDF (RFC 5869): extract a key from the input material, expand it to the length that is wanted.
#include "base/secret.hpp"
#include "capi/boundary.hpp"
#include "capi/md.hpp"
#include "capi/open.hpp"
#include "capi/output_guard.hpp"
#include "capi/pbkdf2.hpp"

#include <array>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// The block counter is one byte.
constexpr std::size_t most_blocks = 255;

using key_block = std::array<std::uint8_t, max_prf_size>;

result<void> mac(alg::operation &op, base::iov_list input, base::mutable_bytes out) {
    const iovec to = base::to_iovec(out);
    const result<std::size_t> r = op.crypt({.in = input, .out = {&to, 1}});
    if (!r)
        return r.error();
    if (*r != out.size())
        return error{EIO, "hkdf: the digest is short"};
    return {};
}

/// An operation under `key`. The one before must be gone: a key stands as long as somebody uses it.
result<std::unique_ptr<alg::operation>> under_key(alg::transform &hash, base::bytes key) {
    if (const result<std::uint32_t> r = hash.set(alg::parameter::key, key); !r)
        return r.error();
    return hash.accept();
}

result<void> extract(alg::transform &hash, base::bytes salt, base::bytes material, base::mutable_bytes prk) {
    const result<std::unique_ptr<alg::operation>> op = under_key(hash, salt);
    if (!op)
        return op.error();
    const iovec input = base::to_iovec(material);
    return mac(**op, {&input, 1}, prk);
}

result<void> expand(alg::transform &hash, base::bytes prk, base::bytes info, base::mutable_bytes out) {
    const result<std::unique_ptr<alg::operation>> op = under_key(hash, prk);
    if (!op)
        return op.error();
    base::bytes last;
    std::uint8_t index = 0;
    for (std::size_t done = 0; done < out.size(); done += prk.size()) {
        ++index;
        const std::array<iovec, 3> input{base::to_iovec(last), base::to_iovec(info),
                                         base::to_iovec(base::bytes(&index, 1))};
        const base::mutable_bytes block = out.subspan(done, std::min(prk.size(), out.size() - done));
        if (const result<void> r = mac(**op, input, block); !r)
            return r;
        last = block;
    }
    return {};
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_hkdf(const char *hashname, const uint8_t *ikm, size_t ikm_len, const uint8_t *salt,
                                uint32_t salt_len, const uint8_t *info, size_t info_len, uint8_t *dst,
                                size_t dlen) {
    return guarded([&]() -> result<void> {
        if (dst == nullptr)
            return error{EINVAL, "hkdf: no buffer for the key"};
        // A length that cannot be is not believed: nothing of it is written.
        if (dlen > most_blocks * max_prf_size)
            return error{EINVAL, "hkdf: dlen is above 255 blocks"};
        output_guard guard({dst, dlen});
        if (ikm == nullptr || ikm_len == 0 || hashname == nullptr)
            return error{EINVAL, "hkdf: no input key material, or no hash"};
        for (const result<base::bytes> &data : {hash_input(ikm, ikm_len), hash_input(info, info_len)})
            if (!data)
                return data.error();
        const result<runtime::opened> o = open_algorithm(alg::kind::hash, hashname);
        if (!o)
            return o.error();
        alg::transform &hash = *o->transform;
        const std::size_t size = hash.info().digest_size;
        if (size == 0 || size > max_prf_size)
            return error{EFAULT, "hkdf: the size of the digest"};
        if (dlen > most_blocks * size)
            return error{EINVAL, "hkdf: dlen is above 255 blocks"};
        const key_block zeros{};
        const base::bytes salt_key =
            salt != nullptr ? base::bytes(salt, salt_len) : base::bytes(zeros).first(size);
        key_block prk_block{};
        const base::mutable_bytes prk(prk_block.data(), size);
        const output_guard never_shown(prk);
        if (const result<void> r = extract(hash, salt_key, {ikm, ikm_len}, prk); !r)
            return r;
        result<void> r = expand(hash, prk, {info, info_len}, {dst, dlen});
        if (r)
            guard.complete();
        return r;
    });
}
