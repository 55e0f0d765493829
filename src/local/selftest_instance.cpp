// SPDX-License-Identifier: BSD-3-Clause
#include "local/selftest_instance.hpp"

#include "base/secret.hpp"

namespace kcapi::local {

namespace {

constexpr std::size_t longest_key = 256;
/// A multiple of every block; five of the longest.
constexpr std::size_t length = 80;

using message = std::array<std::uint8_t, length>;

/// The longest key that the factory takes, or none. ENOMEM is not an answer about the key.
int any_key(const driver &d, std::unique_ptr<skcipher_key> &key) noexcept {
    std::array<std::uint8_t, longest_key> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(7 * i + 1);
    const std::size_t longest = std::min<std::size_t>(d.sizes.max_key_size, longest_key);
    for (std::size_t n = longest + 1; n-- > d.sizes.min_key_size;) {
        const int code = d.make_skcipher(d, {bytes.data(), n}, key);
        if (code != EINVAL)
            return code;
    }
    return 0;
}

bool round_trips(skcipher_context &context) noexcept {
    message plain;
    for (std::size_t i = 0; i < plain.size(); ++i)
        plain[i] = static_cast<std::uint8_t>(31 * i);
    message out;
    chain c;
    c.iv.fill(0xa5);
    const chain start = c;
    if (context.crypt(direction::encrypt, c, plain.data(), out.data(), length) != 0)
        return false;
    message back;
    chain again = start;
    int code = context.crypt(direction::decrypt, again, out.data(), back.data(), length);
    // Key wrapping takes for its IV what the encryption left.
    if (code == EBADMSG)
        code = context.crypt(direction::decrypt, c, out.data(), back.data(), length);
    return code == 0 && base::ct_equal(back, plain);
}

} // namespace

bool is_consistent(const driver &instance) noexcept {
    if (instance.make_skcipher == nullptr)
        return false;
    std::unique_ptr<skcipher_key> key;
    if (any_key(instance, key) != 0)
        return false;
    if (key == nullptr)
        return true;
    const std::unique_ptr<skcipher_context> context = key->open();
    return context != nullptr && round_trips(*context);
}

} // namespace kcapi::local
