// SPDX-License-Identifier: BSD-3-Clause
#include "enc_options.hpp"

#include "common_options.hpp"
#include "console.hpp"
#include "hex.hpp"

#include <array>
#include <cerrno>

namespace kcapi::tools {

namespace {

enum : int {
    option_iv = 400,
    option_ccm_nonce,
    option_aad,
    option_tag,
    option_taglen,
    option_nounpad,
    option_pkcs7,
    option_aead_format,
    option_kdf,
    option_progress,
    option_no_progress
};

constexpr std::size_t most_key_length = 64;

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to do"},
    {'c', "cipher", "NAME", "the algorithm, such as 'cbc(aes)'; kcapi-info lists them"},
    {'e', "encrypt", nullptr, "encrypt (the default)"},
    {'d', "decrypt", nullptr, "decrypt"},
    {'i', "infile", "FILE", "a regular file to read; stdin without it"},
    {'o', "outfile", "FILE", "a file to write, complete or not at all; stdout without it"},
    {0, nullptr, nullptr, "Initialization vector"},
    {option_iv, "iv", "HEX", "the IV; filled up with zeros or cut to the right length"},
    {option_ccm_nonce, "ccm-nonce", "HEX", "the nonce of ccm, in the place of --iv"},
    {0, nullptr, nullptr, "Key, one of these is needed"},
    {option_keyfd, "keyfd", "FD", "read a binary key from the descriptor"},
    {option_passwdfd, "passwdfd", "FD", "read a password from the descriptor"},
    {'p', "passwd", "TEXT", "the password; others can see it"},
    {option_key_len, "key-len", "N",
     "key length in bytes, at most 64: of what is made from a password "
     "(default 32), and read from a descriptor (default all)"},
    {'s', "salt", "HEX", "salt of the key derivation; random, and told, without it"},
    {option_pbkdfiter, "pbkdfiter", "N", "iterations of PBKDF2; measured, and told, without it"},
    {option_pbkdfmac, "pbkdfmac", "NAME", "keyed hash of the key derivation (default hmac(sha256))"},
    {0, nullptr, nullptr, "Padding, for modes that work on blocks"},
    {option_nounpad, "nounpad", nullptr, "keep the padding when decrypting"},
    {option_pkcs7, "pkcs7", nullptr,
     "PKCS#7 padding as OpenSSL has it: always added, and removed and "
     "checked wherever the data comes from"},
    {0, nullptr, nullptr, "Authenticated encryption (AEAD)"},
    {option_aad, "aad", "HEX", "associated data; selects AEAD"},
    {option_tag, "tag", "HEX", "the tag to check, needed to decrypt"},
    {option_taglen, "taglen", "N", "length of the tag in bytes, needed to encrypt"},
    {option_aead_format, "aead-format", "FORMAT",
     "how the message lies in the file; selects AEAD. kcapi: "
     "AAD, ciphertext, tag out, ciphertext in (default); "
     "joined: ciphertext, tag; file: with a header, so that "
     "the password is enough to decrypt"},
    {option_kdf, "kdf", "KIND",
     "key of --aead-format=file: pbkdf2 (of a password), none (the key of "
     "--keyfd), hkdf (derived from it)"},
    {0, nullptr, nullptr, "Messages"},
    {option_progress, "progress", nullptr, "show how far the work is"},
    {option_no_progress, "no-progress", nullptr, "never show it; the default is long work on a terminal"},
    {'v', "verbose", nullptr, "say more; twice for still more"},
    {'q', "quiet", nullptr, "say nothing, not even errors"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

std::optional<std::vector<std::uint8_t>> hex_of(const command_line &line, int id, std::string_view name) {
    const char *const text = line.last(id);
    if (text == nullptr)
        return std::nullopt;
    return hex_option(name, text);
}

aead_format format_of(std::string_view text) {
    if (text == "kcapi")
        return aead_format::kcapi;
    if (text == "joined")
        return aead_format::joined;
    if (text == "file")
        return aead_format::file;
    fail_usage("--aead-format is kcapi, joined or file");
}

key_derivation derivation_of(std::string_view text) {
    if (text == "none")
        return key_derivation::none;
    if (text == "pbkdf2")
        return key_derivation::pbkdf2;
    if (text == "hkdf")
        return key_derivation::hkdf;
    fail_usage("--kdf is pbkdf2, hkdf or none");
}

void check(const enc_options &o, const command_line &line) {
    const bool by_header = o.format == aead_format::file;
    if (o.cipher.empty() && !(by_header && o.decrypt))
        fail_usage("no algorithm: --cipher is needed");
    if (!line.has('p') && !line.has(option_passwdfd) && !line.has(option_keyfd))
        fail_usage("no key: --keyfd, --passwdfd or --passwd is needed");
    if (o.iv && o.ccm_nonce)
        fail_usage("--iv and --ccm-nonce exclude each other");
    if (o.kdf && !by_header)
        fail_usage("--kdf is for --aead-format=file");
    if (o.aead() && o.format.value_or(aead_format::kcapi) == aead_format::kcapi) {
        if (o.decrypt && !o.tag)
            fail_usage("to decrypt with associated data --tag is needed");
        if (!o.decrypt && o.tag_length == 0)
            fail_usage("to encrypt with associated data --taglen is needed");
    }
    if (o.key.key_length.value_or(0) > most_key_length)
        fail(EINVAL, "--key-len is above 64");
}

} // namespace

std::string enc_help() {
    return help_text(usage_lines("usage: kcapi-enc -c NAME [-e | -d] [-i FILE] [-o FILE] KEY [OPTION]...\n"),
                     rows);
}

std::optional<enc_options> parse_enc_options(int argc, char **argv, int &status) {
    const command_line line = parse_options(argc, argv, rows);
    if (handle_common_options(line, enc_help(), status))
        return std::nullopt;
    enc_options o;
    if (const char *const name = line.last('c'); name != nullptr)
        o.cipher = name;
    for (const given_option &g : line.options) {
        if (g.id == 'e' || g.id == 'd')
            o.decrypt = g.id == 'd';
        else if (g.id == option_progress || g.id == option_no_progress)
            o.shown = g.id == option_progress ? progress_mode::always : progress_mode::never;
    }
    o.in = line.last('i');
    o.out = line.last('o');
    o.iv = hex_of(line, option_iv, "--iv");
    o.ccm_nonce = hex_of(line, option_ccm_nonce, "--ccm-nonce");
    o.aad = hex_of(line, option_aad, "--aad");
    o.tag = hex_of(line, option_tag, "--tag");
    if (const char *const n = line.last(option_taglen); n != nullptr)
        o.tag_length = number_as_original("--taglen", n);
    if (const char *const text = line.last(option_aead_format); text != nullptr)
        o.format = format_of(text);
    if (const char *const text = line.last(option_kdf); text != nullptr)
        o.kdf = derivation_of(text);
    o.keep_padding = line.has(option_nounpad);
    o.pkcs7 = line.has(option_pkcs7);
    o.key = key_source_from(line);
    check(o, line);
    return o;
}

} // namespace kcapi::tools
