// SPDX-License-Identifier: BSD-3-Clause
#include "enc_aead.hpp"

#include "console.hpp"
#include "enc_file.hpp"
#include "handle.hpp"
#include "whole_message.hpp"

#include <kcapi/kdf.hpp>
#include <kcapi/rng.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace kcapi::tools {

namespace {

constexpr std::size_t usual_key_size = 32;
constexpr std::size_t ccm_nonce_size = 12;

struct aead_work {
    handle algorithm;
    std::vector<std::uint8_t> iv;
    std::size_t tag_length = 0;
};

handle with_key(const std::string &name, const secret &key, std::size_t tag_length) {
    handle h = open_algorithm("aead", name);
    if (const int r = kcapi_aead_setkey(h.get(), key.data(), static_cast<std::uint32_t>(key.size())); r < 0)
        fail(-r, "the key of " + std::to_string(key.size()) + " bytes is refused", key_hint(h));
    if (const int r = kcapi_aead_settaglen(h.get(), static_cast<std::uint32_t>(tag_length)); r < 0)
        fail(-r, "a tag of " + std::to_string(tag_length) + " bytes is refused",
             std::string(describe(h).name) + " has tags of at most " +
                 std::to_string(describe(h).max_tag_size) + " bytes.");
    return h;
}

std::vector<std::uint8_t> ccm_iv(bytes nonce) {
    std::uint8_t *iv = nullptr;
    std::uint32_t length = 0;
    const int r =
        kcapi_aead_ccm_nonce_to_iv(nonce.data(), static_cast<std::uint32_t>(nonce.size()), &iv, &length);
    if (r < 0)
        fail(-r, "the nonce of " + std::to_string(nonce.size()) + " bytes is refused",
             "ccm has nonces of 7 to 13 bytes.");
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> owned(iv, std::free);
    return {iv, iv + length};
}

/// Processes the part of `message` from `at` on in place; the tag lies somewhere in it, or elsewhere.
void crypt(const enc_options &o, const aead_work &work, bytes aad, mutable_bytes data, mutable_bytes tag,
           const std::string &name) {
    kcapi_ext_message m{};
    m.iv = work.iv.data();
    m.iv_len = work.iv.size();
    m.assoc = aad.data();
    m.assoc_len = aad.size();
    m.in = data.data();
    m.in_len = data.size();
    m.out = data.data();
    m.out_len = data.size();
    m.tag = tag.data();
    m.tag_len = tag.size();
    ssize_t r = kcapi_ext_batch(work.algorithm.get(), o.decrypt ? KCAPI_EXT_DECRYPT : KCAPI_EXT_ENCRYPT, &m,
                                sizeof m, 1);
    r = r < 0 ? r : m.result;
    if (r == -EBADMSG)
        throw failure{status_of(EBADMSG), "decryption failed: integrity violation of " + name,
                      "Wrong key, IV, associated data or tag, or the data was altered. Nothing was written."};
    if (r < 0)
        fail(static_cast<int>(-r), std::string(o.decrypt ? "cannot decrypt " : "cannot encrypt ") + name,
             r == -EMSGSIZE ? "The kernel takes no message of this length; KCAPI_ENGINE=local does."
                            : kcapi_ext_last_error());
    say(level::verbose, std::to_string(data.size()) + " bytes processed");
}

/// The formats without header: everything else is said by options.
void crypt_bare(enc_options &o, const input &in, output &out) {
    const bool joined = o.format == aead_format::joined;
    const secret key = read_key(o.key);
    aead_work work;
    work.tag_length = o.tag_length;
    if (o.tag) {
        if (!o.decrypt)
            say(level::warning, "of --tag only the length counts when encrypting");
        work.tag_length = o.tag->size();
    }
    if (work.tag_length == 0)
        work.tag_length = describe(open_algorithm("aead", o.cipher)).max_tag_size;
    work.algorithm = with_key(o.cipher, key, work.tag_length);
    work.iv = fitted_iv(work.algorithm,
                        o.ccm_nonce ? ccm_iv(*o.ccm_nonce) : o.iv.value_or(std::vector<std::uint8_t>()));

    const std::vector<std::uint8_t> aad = o.aad.value_or(std::vector<std::uint8_t>());
    progress shown(o.decrypt ? "decrypting" : "encrypting", in.size, o.shown);
    whole_message message(out);
    const std::size_t data_at = joined ? 0 : aad.size();
    message.append(bytes(aad).first(data_at));
    message.append_all(in, shown);
    std::size_t end = message.content().size();
    if (!o.decrypt) {
        message.append_room(work.tag_length);
        crypt(o, work, aad, message.content().subspan(data_at, end - data_at), message.content().subspan(end),
              in.name);
        return message.finish(0, end + work.tag_length);
    }
    if (!joined) {
        crypt(o, work, aad, message.content().subspan(data_at), *o.tag, in.name);
        return message.finish(0, end);
    }
    if (end < work.tag_length)
        throw failure{status_of(EBADMSG), in.name + " is shorter than its tag"};
    end -= work.tag_length;
    crypt(o, work, aad, message.content().first(end), message.content().subspan(end), in.name);
    message.finish(0, end);
}

/// The key of a message with header, by its key derivation.
secret file_key(key_source &from, const enc_file_header &h) {
    if (h.kdf == key_derivation::pbkdf2) {
        if (!from.password || from.password->empty())
            fail(EINVAL, "there is no password",
                 "The key of this file is made from one: --passwdfd or --passwd.");
        from.salt = h.salt;
        from.iterations = h.iterations;
        from.mac = h.mac;
        if (h.salt.empty() || h.iterations == 0)
            fail(EBADMSG, "the header has no salt or iterations");
        return key_from_password(from, h.key_length, false);
    }
    if (!from.key_fd)
        fail(EINVAL, "there is no key", "The key of this file comes from a descriptor: --keyfd.");
    secret material = key_from_descriptor(from);
    if (material.empty())
        fail(EINVAL, "there is no key", "The descriptor gave nothing.");
    if (h.kdf == key_derivation::none)
        return material;
    secret key(h.key_length);
    need(hkdf(h.mac, material, h.salt, bytes_of("kcapi-enc"), key), "cannot derive a key with " + h.mac);
    return key;
}

/// A new header; salt, IV and iterations are chosen where they were not given.
enc_file_header new_header(enc_options &o) {
    enc_file_header h;
    const handle algorithm = open_algorithm("aead", o.cipher);
    const kcapi_ext_algorithm facts = describe(algorithm);
    h.cipher = facts.name;
    h.aad = o.aad.value_or(std::vector<std::uint8_t>());
    h.tag_length = o.tag_length != 0 ? o.tag_length : facts.max_tag_size;
    const bool ccm = h.cipher.starts_with("ccm(");
    if (o.ccm_nonce) {
        h.iv = ccm_iv(*o.ccm_nonce);
    } else if (o.iv) {
        h.iv = fitted_iv(algorithm, *o.iv);
    } else {
        h.iv.resize(ccm ? ccm_nonce_size : facts.iv_size);
        need(random_bytes(h.iv), "cannot make an IV");
        if (ccm)
            h.iv = ccm_iv(h.iv);
    }
    h.kdf = o.kdf.value_or(o.key.key_fd ? key_derivation::none : key_derivation::pbkdf2);
    if (h.kdf == key_derivation::none)
        return h;
    h.key_length = o.key.key_length.value_or(usual_key_size);
    h.mac = o.key.mac;
    h.salt = o.key.salt.empty() ? new_salt() : o.key.salt;
    if (h.kdf == key_derivation::pbkdf2)
        h.iterations =
            o.key.iterations != 0 ? o.key.iterations : kcapi_pbkdf_iteration_count(h.mac.c_str(), 0);
    // --key-len is that of the derived key here; what is derived from is taken whole.
    o.key.key_length.reset();
    return h;
}

void encrypt_file(enc_options &o, const input &in, output &out) {
    enc_file_header h = new_header(o);
    const secret key = file_key(o.key, h);
    aead_work work{with_key(h.cipher, key, h.tag_length), h.iv, h.tag_length};
    const std::vector<std::uint8_t> header = write_header(h);
    progress shown("encrypting", in.size, o.shown);
    whole_message message(out);
    message.append(header);
    message.append_all(in, shown);
    const std::size_t end = message.content().size();
    message.append_room(h.tag_length);
    crypt(o, work, header, message.content().subspan(header.size(), end - header.size()),
          message.content().subspan(end), in.name);
    message.finish(0, end + h.tag_length);
}

void decrypt_file(enc_options &o, const input &in, output &out) {
    std::vector<std::uint8_t> header;
    const enc_file_header h = read_header(in, header);
    if (!o.cipher.empty() && o.cipher != h.cipher)
        fail(EINVAL, in.name + " was encrypted with " + h.cipher + " and not with " + o.cipher);
    if (h.kdf != key_derivation::none)
        o.key.key_length.reset();
    const secret key = file_key(o.key, h);
    aead_work work{with_key(h.cipher, key, h.tag_length), h.iv, h.tag_length};
    if (h.iv.size() != describe(work.algorithm).iv_size)
        fail(EBADMSG, "the IV of " + in.name + " has a wrong length");
    progress shown("decrypting", in.size, o.shown);
    whole_message message(out);
    message.append_all(in, shown);
    if (message.content().size() < h.tag_length)
        throw failure{status_of(EBADMSG), in.name + " is shorter than its tag"};
    const std::size_t end = message.content().size() - h.tag_length;
    crypt(o, work, header, message.content().first(end), message.content().subspan(end), in.name);
    message.finish(0, end);
}

} // namespace

void crypt_with_aead(enc_options &o, const input &in, output &out) {
    if (o.format != aead_format::file)
        crypt_bare(o, in, out);
    else if (o.decrypt)
        decrypt_file(o, in, out);
    else
        encrypt_file(o, in, out);
}

} // namespace kcapi::tools
