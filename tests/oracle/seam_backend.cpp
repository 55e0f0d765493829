// SPDX-License-Identifier: BSD-3-Clause
// An engine of ours, through the seam. A header that a script gives in part is made whole as AF_ALG does it:
// what is missing is the seam's default.
#include "oracle/backend.hpp"

#include "alg/engine.hpp"

#include <map>
#include <mutex>

namespace kcapi::oracle {

namespace {

template <class T>
long failure(const result<T> &r) noexcept {
    return -static_cast<long>(r.error().code);
}

long as_long(const result<std::size_t> &r) noexcept { return r ? static_cast<long>(*r) : failure(r); }
long as_long(const result<void> &r) noexcept { return r ? 0 : failure(r); }

class seam_backend : public backend {
  public:
    explicit seam_backend(std::unique_ptr<alg::engine> engine) : engine_(std::move(engine)) {}

    handle open(const std::string &type, const std::string &name) override {
        const std::optional<alg::kind> kind = alg::kind_from_name(type);
        if (!kind)
            return -ENOENT;
        result<std::shared_ptr<alg::transform>> r = engine_->open(*kind, name);
        if (!r)
            return failure(r);
        const std::lock_guard lock(mutex_);
        transforms_[++last_] = std::move(*r);
        return last_;
    }

    handle accept(handle parent) override {
        result<std::unique_ptr<alg::operation>> r =
            is_operation(parent) ? operation_of(parent).clone() : transform_of(parent).accept();
        if (!r)
            return failure(r);
        const std::lock_guard lock(mutex_);
        operations_[++last_] = std::move(*r);
        return last_;
    }

    void close(handle object) override {
        const std::lock_guard lock(mutex_);
        operations_.erase(object);
        transforms_.erase(object);
    }

    long set_key(handle transform, std::span<const std::uint8_t> key) override {
        const result<std::uint32_t> r = transform_of(transform).set(alg::parameter::key, key);
        return r ? static_cast<long>(*r) : failure(r);
    }

    long set_tag_size(handle transform, std::uint32_t size) override {
        return as_long(transform_of(transform).set_tag_size(size));
    }

    long send(handle operation, const control_data &head, std::span<const iovec> in, bool more,
              bool dont_wait) override {
        alg::control control;
        if (head.op)
            control.op = static_cast<alg::op_code>(*head.op);
        control.iv = head.iv;
        control.assoc_len = head.assoc_len.value_or(0);
        const alg::call_flags flags{.more = more, .dont_wait = dont_wait};
        return as_long(operation_of(operation).send(in, head.any() ? &control : nullptr, flags));
    }

    long receive(handle operation, std::span<const iovec> out, bool dont_wait) override {
        return as_long(operation_of(operation).receive(out, {.more = false, .dont_wait = dont_wait}));
    }

    long set_send_buffer(handle operation, int size) override {
        return as_long(operation_of(operation).set_buffers(size, std::nullopt));
    }

    long set_receive_buffer(handle operation, int size) override {
        return as_long(operation_of(operation).set_buffers(std::nullopt, size));
    }

    poll_state poll(handle operation) override {
        const alg::readiness r = operation_of(operation).poll();
        return {r.readable, r.writable};
    }

  private:
    alg::transform &transform_of(handle h) {
        const std::lock_guard lock(mutex_);
        return *transforms_.at(h);
    }

    bool is_operation(handle h) {
        const std::lock_guard lock(mutex_);
        return operations_.count(h) != 0;
    }

    alg::operation &operation_of(handle h) {
        const std::lock_guard lock(mutex_);
        return *operations_.at(h);
    }

    std::unique_ptr<alg::engine> engine_;
    std::mutex mutex_;
    handle last_ = 0;
    std::map<handle, std::shared_ptr<alg::transform>> transforms_;
    std::map<handle, std::unique_ptr<alg::operation>> operations_;
};

} // namespace

std::unique_ptr<backend> make_seam_backend(std::unique_ptr<alg::engine> engine) {
    return std::make_unique<seam_backend>(std::move(engine));
}

} // namespace kcapi::oracle
