// SPDX-License-Identifier: BSD-3-Clause
//
// Key derivation by a pseudorandom function, which is the hash of a handle (NIST SP 800-108, section 4): in
// counter, feedback and double-pipeline mode. The fixed input data is the caller's to format; the counter has
// 32 bits, big-endian, and begins with 1.
#include "base/secret.hpp"
#include "capi/boundary.hpp"
#include "capi/md.hpp"
#include "capi/output_guard.hpp"
#include "capi/pbkdf2.hpp"

#include <array>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

class counter {
  public:
    void advance() noexcept {
        for (std::size_t i = bytes_.size(); i-- > 0;)
            if (++bytes_[i] != 0)
                return;
    }
    [[nodiscard]] base::bytes view() const noexcept { return bytes_; }

  private:
    std::array<std::uint8_t, 4> bytes_{};
};

/// out = PRF(input), cut to `out`.
result<void> prf(session &s, base::iov_list input, base::mutable_bytes out) {
    const iovec to = base::to_iovec(out);
    const result<std::size_t> r = s.crypt({.in = input, .out = {&to, 1}});
    if (!r)
        return r.error();
    if (*r != out.size())
        return error{EIO, "kdf: the digest is short"};
    return {};
}

/// What a mode adds to the caller's data.
class mode {
  public:
    virtual ~mode() = default;
    /// K(i), cut to `out`; the blocks come in their order.
    virtual result<void> block(session &s, const counter &i, base::mutable_bytes out) = 0;
};

class counter_mode final : public mode {
  public:
    explicit counter_mode(base::bytes fixed) noexcept : fixed_(fixed) {}
    result<void> block(session &s, const counter &i, base::mutable_bytes out) override {
        const std::array<iovec, 2> input{base::to_iovec(i.view()), base::to_iovec(fixed_)};
        return prf(s, input, out);
    }

  private:
    const base::bytes fixed_;
};

/// Begins with an IV of the digest's size, goes on with the block before.
class feedback_mode final : public mode {
  public:
    feedback_mode(base::bytes iv, base::bytes fixed) noexcept : last_(iv), fixed_(fixed) {}
    result<void> block(session &s, const counter &i, base::mutable_bytes out) override {
        const std::array<iovec, 3> input{base::to_iovec(last_), base::to_iovec(i.view()),
                                         base::to_iovec(fixed_)};
        last_ = out;
        return prf(s, input, out);
    }

  private:
    base::bytes last_;
    const base::bytes fixed_;
};

class pipeline_mode final : public mode {
  public:
    pipeline_mode(base::bytes fixed, std::size_t digest_size) noexcept
        : fixed_(fixed), a_(chain_.data(), digest_size) {}
    ~pipeline_mode() override { base::wipe(chain_); }
    result<void> block(session &s, const counter &i, base::mutable_bytes out) override {
        // A(1) is the PRF of the data, or of as many zeros as A has if there are none.
        const iovec chain = base::to_iovec(begun_ || fixed_.empty() ? base::bytes(a_) : fixed_);
        begun_ = true;
        if (const result<void> r = prf(s, {&chain, 1}, a_); !r)
            return r;
        const std::array<iovec, 3> input{base::to_iovec(base::bytes(a_)), base::to_iovec(i.view()),
                                         base::to_iovec(fixed_)};
        return prf(s, input, out);
    }

  private:
    const base::bytes fixed_;
    std::array<std::uint8_t, max_prf_size> chain_{};
    const base::mutable_bytes a_;
    bool begun_ = false;
};

/// A key on its way out.
struct output {
    std::uint8_t *dst;
    std::size_t length;
};

/// `make` gives the mode for a digest size, or what is wrong with the caller's data.
template <class Make>
ssize_t derive(kcapi_handle *handle, base::bytes src, const output &o, Make make) {
    return guarded(handle, alg::kind::hash, [&](kcapi_handle &h) -> result<void> {
        if (o.length > INT_MAX)
            return error{EMSGSIZE, "kdf: dlen is above INT_MAX"};
        const base::mutable_bytes out(o.dst, o.dst == nullptr ? 0 : o.length);
        output_guard guard(out);
        const std::size_t size = h.session.transform().info().digest_size;
        if (size == 0 || size > max_prf_size)
            return error{EFAULT, "kdf: the size of the digest"};
        return make(size, [&](mode &m) -> result<void> {
            if (const result<base::bytes> data = hash_input(src.data(), src.size()); !data)
                return data.error();
            if (out.size() != o.length)
                return error{EFAULT, "NULL buffer with a length"};
            counter i;
            for (std::size_t done = 0; done < out.size(); done += size) {
                i.advance();
                const std::size_t n = std::min(size, out.size() - done);
                if (const result<void> r = m.block(h.session, i, out.subspan(done, n)); !r)
                    return r;
            }
            guard.complete();
            return {};
        });
    });
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_kdf_ctr(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst,
                                   size_t dlen) {
    return derive(handle, {src, slen}, {dst, dlen}, [&](std::size_t, auto run) {
        counter_mode m({src, slen});
        return run(m);
    });
}

KCAPI_EXPORT ssize_t kcapi_kdf_fb(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst,
                                  size_t dlen) {
    return derive(handle, {src, slen}, {dst, dlen}, [&](std::size_t digest_size, auto run) -> result<void> {
        if (src == nullptr || slen < digest_size)
            return error{EINVAL, "kdf_fb: src has no IV of the digest's size"};
        const base::bytes all(src, slen);
        feedback_mode m(all.first(digest_size), all.subspan(digest_size));
        return run(m);
    });
}

KCAPI_EXPORT ssize_t kcapi_kdf_dpi(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst,
                                   size_t dlen) {
    return derive(handle, {src, slen}, {dst, dlen}, [&](std::size_t digest_size, auto run) {
        pipeline_mode m({src, slen}, digest_size);
        return run(m);
    });
}
