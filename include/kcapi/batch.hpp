// SPDX-License-Identifier: BSD-3-Clause
//
// Batches: many independent whole messages in one call, which can be faster than one by one. A message that
// fails does not keep the others from being processed; each has its outcome.
#pragma once

#include <kcapi/algorithm.hpp>

#include <algorithm>

namespace kcapi {

/// Before a batch, the outcome of its messages.
inline constexpr error not_processed{EINPROGRESS, "the message was not processed"};

/// For cipher. `out` is as long as `in`, and may be the same memory.
struct cipher_message {
    bytes iv;
    bytes in;
    mutable_bytes out;
    result<std::size_t> outcome = not_processed;
};

/// For aead. `tag` is written by seal and read by open.
struct aead_message {
    bytes nonce;
    bytes associated;
    bytes in;
    mutable_bytes out;
    mutable_bytes tag;
    result<std::size_t> outcome = not_processed;
};

/// For hash and mac. `out` has room for the digest.
struct hash_message {
    bytes in;
    mutable_bytes out;
    result<std::size_t> outcome = not_processed;
};

namespace detail {

/// The messages in portions, so that nothing comes from the heap. `convert(message, iv)` gives the C form;
/// `iv` is 16 bytes to build an IV in. How many succeeded.
template <class Message, class Convert>
[[nodiscard]] result<std::size_t> batch(kcapi_handle *h, kcapi_ext_operation operation,
                                        std::span<Message> messages, Convert convert) noexcept {
    constexpr std::size_t portion = 32;
    std::array<kcapi_ext_message, portion> c_form;
    std::array<std::array<std::uint8_t, 16>, portion> ivs;
    std::size_t succeeded = 0;
    do {
        const std::size_t n = std::min(messages.size(), portion);
        for (std::size_t i = 0; i < n; ++i)
            c_form[i] = convert(messages[i], ivs[i]);
        const ssize_t r = kcapi_ext_batch(h, operation, c_form.data(), sizeof(kcapi_ext_message), n);
        if (r < 0)
            return error{static_cast<int>(-r), "batch"};
        succeeded += static_cast<std::size_t>(r);
        for (std::size_t i = 0; i < n; ++i)
            messages[i].outcome = count_or_error(c_form[i].result, "message of a batch");
        messages = messages.subspan(n);
    } while (!messages.empty());
    return succeeded;
}

/// One message of its own; what kcapi_ext_batch has that the one-shot functions have not.
[[nodiscard]] inline result<std::size_t> single(kcapi_handle *h, kcapi_ext_operation operation,
                                                kcapi_ext_message m, const char *where) noexcept {
    if (const ssize_t r = kcapi_ext_batch(h, operation, &m, sizeof m, 1); r < 0)
        return error{static_cast<int>(-r), where};
    return count_or_error(m.result, where);
}

} // namespace detail

} // namespace kcapi
