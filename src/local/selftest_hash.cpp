// SPDX-License-Identifier: BSD-3-Clause
#include "local/selftest_hash.hpp"

#include "base/secret.hpp"

#include <array>

namespace kcapi::local {

namespace {

bool digest_is(hash_context &context, base::bytes wanted) noexcept {
    std::array<std::uint8_t, max_digest_size> out{};
    return context.finish(out.data()) == 0 && base::ct_equal({out.data(), wanted.size()}, wanted);
}

bool digests_are(const hash_batch_key &key, const selftest_vector &v, std::size_t count) noexcept {
    constexpr std::size_t most = 64;
    std::array<std::array<std::uint8_t, max_digest_size>, most> digests{};
    std::array<hash_message, most> messages;
    count = std::min(count, most);
    for (std::size_t i = 0; i < count; ++i)
        messages[i] = {.in = v.plaintext, .digest = digests[i].data()};
    key.digest({messages.data(), count});
    bool right = true;
    for (std::size_t i = 0; i < count; ++i)
        right = right && messages[i].code == 0 &&
                base::ct_equal({digests[i].data(), v.ciphertext.size()}, v.ciphertext);
    return right;
}

} // namespace

/// In two pieces, the second of them in a copy too; then once more, as libraries differ in what a context is
/// worth after its first message.
bool check_hash(const driver &d, const selftest_vector &v) noexcept {
    std::unique_ptr<hash_key> key;
    if (v.ciphertext.size() != d.sizes.digest_size || d.sizes.digest_size > max_digest_size ||
        d.make_hash == nullptr || d.make_hash(d, v.key, key) != 0)
        return false;
    const std::unique_ptr<hash_context> context = key->open();
    if (context == nullptr)
        return false;
    const base::bytes first = v.plaintext.first(v.plaintext.size() / 2);
    const base::bytes second = v.plaintext.subspan(first.size());
    if (context->update(first) != 0)
        return false;
    const std::unique_ptr<hash_context> copy = context->clone();
    return copy != nullptr && copy->update(second) == 0 && digest_is(*copy, v.ciphertext) &&
           context->update(second) == 0 && digest_is(*context, v.ciphertext) &&
           context->update(v.plaintext) == 0 && digest_is(*context, v.ciphertext);
}

/// The fewest messages it is meant for, which may take other code than many; and more than any library has
/// lanes, so that each of them computes something.
bool check_hash_batch(const driver &d, const selftest_vector &v) noexcept {
    std::unique_ptr<hash_batch_key> key;
    return v.ciphertext.size() == d.sizes.digest_size && d.sizes.digest_size <= max_digest_size &&
           d.make_hash_batch != nullptr && d.make_hash_batch(d, v.key, key) == 0 &&
           digests_are(*key, v, d.best.min_batch) && digests_are(*key, v, 37);
}

} // namespace kcapi::local
