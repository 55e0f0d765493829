// SPDX-License-Identifier: BSD-3-Clause
#include "cases.hpp"

#include "aead_calls.hpp"
#include "derivation_calls.hpp"
#include "digest_calls.hpp"
#include "evp_calls.hpp"
#include "kcapi_calls.hpp"
#include "machine_limit.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

constexpr subject cipher(const char *name, const char *openssl_name, bool encrypt, std::size_t key_size,
                         bool takes_iv, bool continues) {
    return {family::skcipher, name, openssl_name, encrypt, key_size, takes_iv, continues};
}
constexpr std::array<subject, 5> subjects{{cipher("cbc(aes)", "AES-256-CBC", true, 32, true, true),
                                           cipher("cbc(aes)", "AES-256-CBC", false, 32, true, true),
                                           cipher("ctr(aes)", "AES-256-CTR", true, 32, true, true),
                                           cipher("xts(aes)", "AES-256-XTS", true, 64, true, false),
                                           cipher("ecb(aes)", "AES-256-ECB", true, 32, false, true)}};
constexpr std::array<subject, 2> aeads{
    {{family::aead, "gcm(aes)", "AES-256-GCM", true, 32, true, false},
     {family::aead, "rfc7539(chacha20,poly1305)", "ChaCha20-Poly1305", true, 32, true, false}}};
constexpr std::array<subject, 3> digests{{{family::digest, "sha1", "SHA1", true, 0, false, false},
                                          {family::digest, "sha256", "SHA256", true, 0, false, false},
                                          {family::digest, "sha512", "SHA512", true, 0, false, false}}};
constexpr std::array<subject, 3> prfs{{{family::mac, "hmac(sha1)", "SHA1", true, 32, false, false},
                                       {family::mac, "hmac(sha256)", "SHA256", true, 32, false, false},
                                       {family::mac, "hmac(sha512)", "SHA512", true, 32, false, false}}};
constexpr std::array<std::size_t, 2> iterations{1000, 10000};
constexpr std::array<std::size_t, 9> sizes{16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
constexpr std::array<std::size_t, 3> batch_sizes{1024, 4096, 16384};
/// What EVP takes as one message of xts.
constexpr std::size_t longest_unit = std::size_t{16} << 20;
constexpr std::array<std::size_t, 3> shared_sizes{std::size_t{1} << 20, std::size_t{16} << 20,
                                                  std::size_t{64} << 20};

/// Each must give the same bytes: of a message also the second time, when the context has been in use.
void check_agreement(const bench_case &c, const std::vector<contender> &contenders, const buffers &data) {
    if (c.how == path::set_up)
        return;
    std::vector<std::uint8_t> expected;
    for (const contender &one : contenders) {
        std::fill(data->out.begin(), data->out.end(), std::uint8_t{0});
        one.run(c.how == path::one_shot ? 2 : 1);
        if (expected.empty())
            expected = data->out;
        if (data->out != expected) {
            std::fprintf(stderr, "%s: %s and %s disagree\n", case_name(c).c_str(), contenders[0].name,
                         one.name);
            std::exit(EXIT_FAILURE);
        }
    }
}

/// Of one message.
std::size_t output_size(const bench_case &c) noexcept {
    switch (c.what->type) {
    case family::aead:
        return c.size + tag_size;
    case family::digest:
    case family::mac:
        return longest_digest;
    default:
        return c.size;
    }
}

std::vector<contender> make_contenders(const bench_case &c, const buffers &data) {
    if (c.how == path::pbkdf2)
        return {{"kcapi", kcapi_derivation(c, data)}, {"evp", evp_derivation(c, data)}};
    if (c.what->type == family::aead)
        return {{"kcapi", kcapi_seal(c, data)}, {"evp", evp_seal(c, data)}};
    if (c.what->type != family::skcipher)
        return {{"kcapi", kcapi_digests(c, data)}, {"evp", evp_digests(c, data)}};
    switch (c.how) {
    case path::stream:
    case path::borrowed:
        return {{"kcapi", kcapi_stream(c, data)},
                {"evp", evp_pieces(c, data)},
                {"one-shot", kcapi_one_shot(c, data)}};
    case path::set_up:
        return {{"kcapi", kcapi_set_up(c)}, {"evp", evp_set_up(c)}};
    case path::threads:
        return {{"kcapi", kcapi_threads(c, data, 0)},
                {"evp", evp_message(c, data)},
                {one_thread_name, kcapi_threads(c, data, 1)}};
    case path::batch:
        return {{"kcapi", kcapi_batch(c, data)}, {"evp", evp_messages(c, data)}};
    default:
        return {{"kcapi", kcapi_one_shot(c, data)}, {"evp", evp_message(c, data)}};
    }
}

} // namespace

const char *path_name(path how) noexcept {
    switch (how) {
    case path::one_shot:
        return "one-shot";
    case path::stream:
        return "stream";
    case path::borrowed:
        return "borrowed";
    case path::set_up:
        return "set-up";
    case path::pbkdf2:
        return "pbkdf2";
    case path::batch:
        return "batch";
    case path::threads:
        return "threads";
    }
    return "";
}

const char *direction_name(const bench_case &c) noexcept {
    if (c.what->type == family::digest || c.what->type == family::mac)
        return "";
    return c.what->encrypt ? "enc" : "dec";
}

std::string case_name(const bench_case &c) {
    const std::string direction = direction_name(c);
    return std::string(c.what->algorithm) + "/" + direction + (direction.empty() ? "" : "/") +
           path_name(c.how) + "/" + std::to_string(c.size);
}

std::vector<bench_case> cases(const std::string &filter) {
    std::vector<bench_case> all;
    for (const subject &s : subjects) {
        for (const path how : {path::one_shot, path::stream})
            for (const std::size_t size : sizes)
                if (how == path::one_shot || s.continues || size <= piece_size)
                    all.push_back({&s, how, size});
        all.push_back({&s, path::set_up, 0});
    }
    const auto add = [&](const subject &s, path how, const auto &all_sizes) {
        for (const std::size_t size : all_sizes)
            all.push_back({&s, how, size});
    };
    all.push_back({&subjects[2], path::borrowed, piece_size});
    for (const std::size_t each : {std::size_t{1}, std::size_t{2}, std::size_t{3}})
        for (const std::size_t size : shared_sizes)
            if (subjects[each].continues || size <= longest_unit)
                all.push_back({&subjects[each], path::threads, size});
    add(subjects[0], path::batch, batch_sizes);
    for (const subject &s : aeads)
        add(s, path::one_shot, sizes);
    for (const subject &s : digests) {
        add(s, path::one_shot, sizes);
        add(s, path::batch, batch_sizes);
    }
    for (const subject &s : prfs) {
        add(s, path::one_shot, sizes);
        add(s, path::batch, batch_sizes);
    }
    for (const subject &prf : prfs)
        for (const std::size_t count : iterations)
            all.push_back({&prf, path::pbkdf2, count});
    std::erase_if(all, [&](const bench_case &c) { return case_name(c).find(filter) == std::string::npos; });
    return all;
}

std::vector<contender> contenders_of(const bench_case &c) {
    const std::size_t messages = c.how == path::batch ? batch_messages : 1;
    const buffers data = std::make_shared<buffer_pair>(c.size * messages, output_size(c) * messages);
    std::vector<contender> contenders = make_contenders(c, data);
    check_agreement(c, contenders, data);
    if (std::optional<contender> limit = machine_limit(c))
        contenders.push_back(std::move(*limit));
    return contenders;
}

} // namespace bench
