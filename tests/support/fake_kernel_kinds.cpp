// SPDX-License-Identifier: BSD-3-Clause
//
// The fake kernel's aead and hash: short buffers get a prefix, a message that lacks its parts blocks the
// operation for good, a wrong tag leaves the plaintext in the caller's buffer.
#include "support/fake_kernel_files.hpp"

#include <cerrno>

namespace kcapi::test {

toy_algorithm toy_aead_algorithm() {
    toy_algorithm a;
    a.info.type = alg::kind::aead;
    a.info.name = "gcm(aes)";
    a.info.driver_name = "gcm-aes-fast";
    a.info.priority = 400;
    a.info.block_size = 1;
    a.info.iv_size = 12;
    a.info.min_key_size = a.info.max_key_size = 16;
    a.info.max_tag_size = 16;
    return a;
}

toy_algorithm toy_hash_algorithm() {
    toy_algorithm a;
    a.info.type = alg::kind::hash;
    a.info.name = "sha256";
    a.info.driver_name = "sha256-fast";
    a.info.priority = 300;
    a.info.block_size = 64;
    a.info.digest_size = 32;
    return a;
}

byte_vector toy_tag(base::bytes iv, base::bytes data, std::size_t size) {
    std::uint64_t sum = 0xcbf29ce484222325U;
    for (const base::bytes part : {iv, data})
        for (const std::uint8_t b : part)
            sum = (sum ^ b) * 0x100000001b3U;
    byte_vector tag(size);
    for (std::uint8_t &b : tag) {
        sum = (sum ^ size) * 0x100000001b3U;
        b = static_cast<std::uint8_t>(sum >> 56);
    }
    return tag;
}

long fake_kernel::aead_pass(operation_file &op, base::iov_list out, std::size_t &position, bool dont_wait) {
    if (!op.ready || op.more)
        return dont_wait || position != 0 ? -EAGAIN : would_sleep();
    const std::size_t tag = op.parent->tag_size;
    const bool encrypts = op.code == 1;
    const std::size_t overhead = op.assoc_len + (encrypts ? 0 : tag);
    std::size_t n = op.queue.size();
    if (n < overhead)
        return -EINVAL; // and stuck
    const std::size_t needed = encrypts ? n + tag : n - tag;
    const std::size_t room =
        std::min(base::total_length(out).value_or(0) - position, whole_pages(op.receive_buffer));
    if (const std::size_t less = needed > room ? needed - room : 0; less != 0) {
        if (n - overhead < less)
            return -EINVAL;
        n -= less;
    }
    byte_vector data(op.queue.begin(), op.queue.begin() + static_cast<std::ptrdiff_t>(n));
    op.queue.erase(op.queue.begin(), op.queue.begin() + static_cast<std::ptrdiff_t>(n));
    op.ready = !op.queue.empty();
    const base::bytes all(data);
    const base::bytes assoc = all.first(op.assoc_len);
    const base::bytes text = all.subspan(op.assoc_len, n - overhead);
    byte_vector result(assoc.begin(), assoc.end());
    const byte_vector crypted = toy_crypt(encrypts, op.iv, text);
    result.insert(result.end(), crypted.begin(), crypted.end());
    long r = 0;
    if (encrypts) {
        const byte_vector t = toy_tag(op.iv, result, tag);
        result.insert(result.end(), t.begin(), t.end());
    } else if (const byte_vector t = toy_tag(op.iv, all.first(n - tag), tag);
               !std::equal(t.begin(), t.end(), all.last(tag).begin())) {
        r = -EBADMSG;
    }
    scatter(out, position, result);
    position += result.size();
    return r != 0 ? r : static_cast<long>(result.size());
}

long fake_kernel::hash_send(operation_file &op, base::bytes data, bool more, std::size_t limit) {
    if (!op.more)
        op.queue.clear();
    const std::size_t n = std::min(data.size(), limit);
    op.queue.insert(op.queue.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
    op.more = more;
    return static_cast<long>(n);
}

long fake_kernel::hash_receive(operation_file &op, base::iov_list out) {
    const byte_vector digest = toy_tag({}, op.queue, op.parent->algorithm->info.digest_size);
    op.queue.clear();
    op.more = false;
    scatter(out, 0, digest);
    return static_cast<long>(std::min(base::total_length(out).value_or(0), digest.size()));
}

} // namespace kcapi::test
