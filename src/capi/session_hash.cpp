// SPDX-License-Identifier: BSD-3-Clause
//
// What session adds for hashes. AF_ALG forgets the message when an update of it fails, and then gives the
// digest of what came later, or of nothing: here such a message has no digest at all.
#include "capi/session.hpp"

#include <array>
#include <cerrno>

namespace kcapi::capi {

namespace {

/// More than a sendmsg takes would come out short, as it also does after a failure.
constexpr std::size_t longest_piece = std::size_t{1} << 30;

constexpr alg::call_flags goes_on{.more = true, .dont_wait = true};
constexpr alg::call_flags whole{.more = false, .dont_wait = true};

} // namespace

result<void> session::hash_put(base::bytes data) {
    if (lost_ != 0)
        return error{lost_, "an update of this message failed"};
    // Data of no length change nothing; only a message's first update has to find out about the key.
    if (data.empty() && message_.begun)
        return {};
    if (const result<void> r = have_operation(); !r)
        return r.error();
    do {
        const base::bytes piece = data.first(std::min(data.size(), longest_piece));
        const iovec from = base::to_iovec(piece);
        const result<std::size_t> taken = operation_->send({&from, 1}, nullptr, goes_on);
        if (!taken || *taken != piece.size()) {
            const error failure = taken ? error{EIO, "the hash took a part"} : taken.error();
            // The message was begun, or may have been: the operation is of no use any more.
            if (message_.begun)
                lost_ = failure.code;
            if (message_.begun || failure.code != ENOKEY)
                operation_.reset();
            return failure;
        }
        message_.begun = true;
        data = data.subspan(piece.size());
    } while (!data.empty());
    return {};
}

result<std::size_t> session::hash_take(base::mutable_bytes out) {
    const int lost = std::exchange(lost_, 0);
    message_ = {};
    if (lost != 0)
        return error{lost, "an update of this message failed"};
    if (const result<void> r = have_operation(); !r)
        return r.error();
    const iovec to = base::to_iovec(out);
    result<std::size_t> r = operation_->receive({&to, 1}, whole);
    if (!r && r.error().code != ENOKEY)
        operation_.reset();
    return r;
}

result<void> session::hash_update(base::bytes data) {
    const std::lock_guard held(mutex_);
    return hash_put(data);
}

result<std::size_t> session::hash_finish(base::mutable_bytes out) {
    const std::lock_guard held(mutex_);
    return hash_take(out);
}

result<std::size_t> session::hash_digest(base::bytes data, base::mutable_bytes out) {
    const std::lock_guard held(mutex_);
    if (!message_.begun && lost_ == 0) {
        if (const result<void> r = have_operation(); !r)
            return r.error();
        const iovec from = base::to_iovec(data);
        const iovec to = base::to_iovec(out);
        return operation_->crypt({.in = {&from, 1}, .out = {&to, 1}});
    }
    if (const result<void> r = hash_put(data); !r) {
        // Whoever asked for the digest has been told.
        message_ = {};
        lost_ = 0;
        return r.error();
    }
    return hash_take(out);
}

} // namespace kcapi::capi
