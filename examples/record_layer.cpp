// SPDX-License-Identifier: BSD-3-Clause
//
// A record layer as transport protocols have it: each message of a connection becomes a record that only the
// other side can read, and only in its place. The number of the record is part of its nonce and is not sent,
// so a record that was altered, repeated, left out or put elsewhere does not open.
#include <kcapi/aead.hpp>
#include <kcapi/rng.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace {

using record = std::vector<std::uint8_t>;

/// One direction of a connection, at either end.
class channel {
  public:
    /// `base` is as secret as the key, and as long as a nonce.
    channel(kcapi::bytes key, kcapi::bytes base)
        : cipher_(kcapi::aead::create("gcm(aes)", key).value()), base_(base.begin(), base.end()) {}

    /// A header with the length, which is authentic as well, then ciphertext and tag.
    record seal(std::string_view text) {
        const std::size_t size = text.size() + cipher_.tag_size();
        record out{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
        out.resize(header_size + size);
        const kcapi::mutable_bytes all(out);
        (void)cipher_
            .seal_joined(nonce(), all.first(header_size), kcapi::bytes_of(text), all.subspan(header_size))
            .value();
        ++number_;
        return out;
    }

    /// EBADMSG for anything but the next record. A real connection ends then.
    kcapi::result<std::string> open(const record &in) {
        const kcapi::bytes all(in);
        if (all.size() < header_size + cipher_.tag_size())
            return kcapi::error{EBADMSG, "shorter than a record"};
        record text(all.size() - header_size - cipher_.tag_size());
        const kcapi::result<std::size_t> r =
            cipher_.open_joined(nonce(), all.first(header_size), all.subspan(header_size), text);
        if (!r)
            return r.error();
        ++number_;
        return std::string(text.begin(), text.end());
    }

  private:
    static constexpr std::size_t header_size = 2;

    /// The base with the number of the record in its last bytes (RFC 8446, section 5.3).
    [[nodiscard]] record nonce() const {
        record n = base_;
        for (std::size_t i = 0; i < sizeof number_; ++i)
            n[n.size() - 1 - i] = static_cast<std::uint8_t>(n[n.size() - 1 - i] ^ (number_ >> (8 * i)));
        return n;
    }

    kcapi::aead cipher_;
    record base_;
    std::uint64_t number_ = 0;
};

void show(const char *what, const kcapi::result<std::string> &got) {
    if (got)
        std::printf("%s: %s\n", what, got->c_str());
    else
        std::printf("%s: %s\n", what, got.error().code == EBADMSG ? "refused" : got.error().where);
}

} // namespace

int main() try {
    record key(16), base(12);
    kcapi::random_bytes(key).value();
    kcapi::random_bytes(base).value();
    channel sender(key, base), receiver(key, base);
    kcapi_memset_secure(key.data(), 0, key.size());

    const record first = sender.seal("first"), second = sender.seal("second"), third = sender.seal("third");
    record altered = second, resized = second;
    altered[3] ^= 1;
    resized[1] ^= 1;
    show("in its place", receiver.open(first));
    show("repeated", receiver.open(first));
    show("left out the one before", receiver.open(third));
    show("altered", receiver.open(altered));
    show("altered header", receiver.open(resized));
    show("cut", receiver.open(record(second.begin(), second.end() - 1)));
    show("as it was sent", receiver.open(second));
    show("and the next", receiver.open(third));
    return 0;
} catch (const kcapi::exception &e) {
    return std::fprintf(stderr, "record_layer: %s\n", e.what()), 1;
}
