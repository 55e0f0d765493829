// SPDX-License-Identifier: BSD-3-Clause
//
// What is measured. A case is an algorithm and direction, a way to call, and a size; its contenders do the
// same work, and contenders_of() has seen that they give the same bytes before it hands them out.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// How it is called, on both sides.
enum class family { skcipher, aead, digest, mac };

struct subject {
    family type;
    const char *algorithm;    ///< the kernel's name
    const char *openssl_name; ///< for EVP_CIPHER_fetch, or EVP_MD_fetch (mac: the digest of HMAC)
    bool encrypt;
    std::size_t key_size;
    bool takes_iv;
    bool continues; ///< the next piece goes on where the last one ended (xts: every piece is a message)
};

/// one_shot  a message per call, with an IV; aead: assoc_size bytes of associated data before it
/// stream    pieces of at most 64 KiB, each put in by an update and collected by an op
/// borrowed  a stream that does not copy its input
/// set_up    a context with a key, made and destroyed
/// pbkdf2    a key of one block; the size is the number of iterations
/// threads   one-shot by as many threads as there are processors
/// batch     batch_messages messages in one call, of the size each; EVP takes them in a loop
enum class path { one_shot, stream, borrowed, set_up, pbkdf2, batch, threads };

constexpr std::size_t batch_messages = 16;
constexpr const char *one_thread_name = "one thread";

struct bench_case {
    const subject *what;
    path how;
    std::size_t size;
};

/// Does the work of the case that often. Ends the program if a call fails.
using batch = std::function<void(std::size_t calls)>;

struct contender {
    const char *name;
    batch run;
};

constexpr std::size_t piece_size = 65536;
constexpr std::size_t assoc_size = 16;
constexpr std::size_t tag_size = 16;
constexpr std::size_t longest_digest = 64;

[[nodiscard]] const char *path_name(path how) noexcept;
/// "enc" or "dec"; "" where there is no direction.
[[nodiscard]] const char *direction_name(const bench_case &c) noexcept;
/// "cbc(aes)/enc/one-shot/64"; --filter looks for a part of it.
[[nodiscard]] std::string case_name(const bench_case &c);
/// All cases whose name contains `filter`.
[[nodiscard]] std::vector<bench_case> cases(const std::string &filter);
/// The first is the library; then direct EVP; for a stream the library's one-shot call, for threads its call
/// by one; and where there is one the machine's limit.
[[nodiscard]] std::vector<contender> contenders_of(const bench_case &c);

} // namespace bench
