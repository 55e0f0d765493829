// SPDX-License-Identifier: BSD-3-Clause
#include "local/selftest_instance.hpp"

#include "base/secret.hpp"

#include <cstring>
#include <string_view>

namespace kcapi::local {

namespace {

constexpr std::size_t longest_key = 256;
/// A multiple of every block; five of the longest.
constexpr std::size_t length = 80;

using message = std::array<std::uint8_t, length>;

message test_message() noexcept {
    message m;
    for (std::size_t i = 0; i < m.size(); ++i)
        m[i] = static_cast<std::uint8_t>(31 * i);
    return m;
}

/// `make(bytes)` on the longest key that it takes, or none. ENOMEM is not an answer about the key.
template <class Make>
int any_key(const driver &d, Make make) noexcept {
    std::array<std::uint8_t, longest_key> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(7 * i + 1);
    const std::size_t longest = std::min<std::size_t>(d.sizes.max_key_size, longest_key);
    for (std::size_t n = longest + 1; n-- > d.sizes.min_key_size;) {
        const int code = make(base::bytes(bytes.data(), n));
        if (code != EINVAL)
            return code;
    }
    return 0;
}

/// The same for those that want their parts' keys in the kernel's blob (authenc and its kin): a header of
/// eight bytes that tells the length of the cipher's key, which stands last.
template <class Make>
int any_key_pair(Make make) noexcept {
    constexpr std::size_t header = 8;
    constexpr std::size_t authentication = 20;
    std::array<std::uint8_t, header + authentication + 64> blob{};
    const std::uint16_t attribute[2] = {8, 1};
    std::memcpy(blob.data(), attribute, sizeof attribute);
    for (std::size_t i = header; i < blob.size(); ++i)
        blob[i] = static_cast<std::uint8_t>(7 * i + 1);
    for (std::size_t n = blob.size() - header - authentication + 1; n-- > 0;) {
        blob[7] = static_cast<std::uint8_t>(n);
        const int code = make(base::bytes(blob.data(), header + authentication + n));
        if (code != EINVAL)
            return code;
    }
    return 0;
}

bool round_trips(skcipher_context &context) noexcept {
    const message plain = test_message();
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

/// How many bytes of the text a generator of IVs writes over; they are associated data to the inner
/// algorithm.
std::size_t generated_size(const driver &d) noexcept {
    const std::string_view name = d.name;
    return name.starts_with("seqiv(") || name.starts_with("echainiv(") ? d.sizes.iv_size : 0;
}

/// And a bit changed anywhere is noticed.
bool round_trips(const driver &d, aead_context &context) noexcept {
    const std::size_t tag_size = d.sizes.max_tag_size();
    const std::size_t generated = generated_size(d);
    const message plain = test_message();
    // Byte 0 of a CCM IV is the size of its length field; associated data of 16 bytes suit every algorithm.
    std::array<std::uint8_t, max_iv_size> iv;
    iv.fill(3);
    std::array<std::uint8_t, 16> room{1, 2, 3};
    const base::mutable_bytes assoc = base::mutable_bytes(room).subspan(std::min(room.size(), generated));
    message out;
    std::array<std::uint8_t, max_digest_size> tag{};
    const aead_message sealed{iv.data(), assoc, plain.data(), out.data(), length};
    if (context.encrypt(sealed, {tag.data(), tag_size}) != 0)
        return false;
    message back;
    const aead_message opened{iv.data(), assoc, out.data(), back.data(), length};
    if (context.decrypt(opened, {tag.data(), tag_size}) != 0 ||
        !base::ct_equal(base::bytes(back).subspan(generated), base::bytes(plain).subspan(generated)))
        return false;
    out[length / 2] ^= 1;
    if (context.decrypt(opened, {tag.data(), tag_size}) != EBADMSG)
        return false;
    out[length / 2] ^= 1;
    tag[0] ^= 1;
    return context.decrypt(opened, {tag.data(), tag_size}) == EBADMSG;
}

bool digest(hash_context &context, base::bytes data, std::size_t split,
            std::array<std::uint8_t, max_digest_size> &out) noexcept {
    return context.update(data.first(split)) == 0 && context.update(data.subspan(split)) == 0 &&
           context.finish(out.data()) == 0;
}

/// One digest, however the message is cut, and another one for another message.
bool is_a_function(hash_context &context, std::size_t size) noexcept {
    message data = test_message();
    std::array<std::uint8_t, max_digest_size> once{};
    std::array<std::uint8_t, max_digest_size> again{};
    if (!digest(context, data, 0, once) || !digest(context, data, 37, again) || once != again)
        return false;
    data[length - 1] ^= 1;
    return digest(context, data, 1, again) && (once != again || size == 0);
}

bool check_skcipher(const driver &d) noexcept {
    std::unique_ptr<skcipher_key> key;
    if (any_key(d, [&](base::bytes k) { return d.make_skcipher(d, k, key); }) != 0)
        return false;
    if (key == nullptr)
        return true;
    const std::unique_ptr<skcipher_context> context = key->open();
    return context != nullptr && round_trips(*context);
}

bool check_aead(const driver &d) noexcept {
    std::unique_ptr<aead_key> key;
    const auto make = [&](base::bytes k) { return d.make_aead(d, k, key); };
    if (any_key_pair(make) != 0 || (key == nullptr && any_key(d, make) != 0))
        return false;
    if (key == nullptr)
        return true;
    const std::unique_ptr<aead_context> context = key->open();
    return context != nullptr && round_trips(d, *context);
}

bool check_hash(const driver &d) noexcept {
    std::unique_ptr<hash_key> key;
    if (any_key(d, [&](base::bytes k) { return d.make_hash(d, k, key); }) != 0)
        return false;
    if (key == nullptr)
        return true;
    const std::unique_ptr<hash_context> context = key->open();
    return context != nullptr && is_a_function(*context, d.sizes.digest_size);
}

} // namespace

bool is_consistent(const driver &instance) noexcept {
    switch (instance.type) {
    case driver_kind::skcipher:
        return check_skcipher(instance);
    case driver_kind::aead:
        return check_aead(instance);
    case driver_kind::hash:
        return check_hash(instance);
    default:
        return false;
    }
}

} // namespace kcapi::local
