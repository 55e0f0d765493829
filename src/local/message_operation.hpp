// SPDX-License-Identifier: BSD-3-Clause
//
// What the operations of akcipher and kpp have in common. Mainline kernels have no sockets for these types,
// so what holds is set here, after the other types of AF_ALG:
//
// - An operation works on one complete message at a time. It is computed when it has ended and somebody
//   receives: as a whole, once. A receive gives all of its output and never waits for more.
// - Room below the output is EINVAL, and the message waits for a larger buffer. Every other failure consumes
//   it.
// - A message has a largest size, far above what any key can process: EMSGSIZE, and what is queued stays.
// - A finished message must be collected before the next send, which is EINVAL until then.
//
// Threads: as buffered_operation.
#pragma once

#include "alg/engine.hpp"
#include "base/call_mutex.hpp"
#include "base/event_count.hpp"
#include "base/secret.hpp"

#include <mutex>

namespace kcapi::local {

class message_operation : public alg::operation {
  public:
    result<std::size_t> send(base::iov_list in, const alg::control *header, alg::call_flags flags) override;
    result<std::size_t> receive(base::iov_list out, alg::call_flags flags) override;
    result<std::size_t> crypt(const alg::request &message) override;
    void used_by_one() noexcept override { mutex_.give_up(); }
    alg::readiness poll() override;
    /// The sizes do not depend on a socket's.
    result<void> set_buffers(std::optional<int>, std::optional<int>) override { return {}; }

  protected:
    /// ENOKEY, until there is one.
    [[nodiscard]] virtual result<void> require_key() noexcept = 0;
    /// Whether the kind has the operation.
    [[nodiscard]] virtual bool takes(alg::op_code op) const noexcept = 0;
    /// The longest output of any operation.
    [[nodiscard]] virtual std::size_t output_size() noexcept = 0;
    /// 0 and `produced` bytes in `out`, which has output_size() bytes; or an errno value.
    [[nodiscard]] virtual int process(alg::op_code op, base::bytes in, base::mutable_bytes out,
                                      std::size_t &produced) noexcept = 0;

  private:
    using lock = std::unique_lock<base::call_mutex>;

    [[nodiscard]] result<void> check_header(const alg::control &header) const noexcept;
    [[nodiscard]] result<void> append(base::iov_list in, std::size_t length) noexcept;
    [[nodiscard]] result<std::size_t> produce(base::bytes in, base::iov_list out, bool &waits);
    [[nodiscard]] bool complete() const noexcept { return begun_ && !more_; }
    void forget() noexcept;

    base::call_mutex mutex_;
    base::event_count changed_;
    base::secret_buffer message_;
    std::size_t length_ = 0;
    bool begun_ = false;
    bool more_ = false;
    alg::op_code op_ = alg::op_code::decrypt;
};

} // namespace kcapi::local
