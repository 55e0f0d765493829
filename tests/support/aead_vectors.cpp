// SPDX-License-Identifier: BSD-3-Clause
#include "support/aead_vectors.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace kcapi::test {

namespace {

using octets = std::vector<std::uint8_t>;

octets first(const octets &from, std::size_t size) {
    if (from.size() < size)
        throw vector_error("a record is shorter than it says");
    return {from.begin(), from.begin() + static_cast<std::ptrdiff_t>(size)};
}

octets after(const octets &from, std::size_t size) {
    return {from.begin() + static_cast<std::ptrdiff_t>(size), from.end()};
}

void check_bits(record &r, const char *name, const octets &value) {
    if (r.number(name) != 8 * value.size())
        throw vector_error(r.where() + ": not of the length " + name);
}

void read_gcm(record &r, std::vector<aead_answer> &to) {
    r.ignore("Count");
    r.ignore("PTlen");
    aead_answer v{r.where(), r.bytes("Key"), r.bytes("IV"), r.bytes("AAD"),
                  {},        r.bytes("CT"),  r.bytes("Tag")};
    v.authentic = !r.flag("FAIL");
    if (v.authentic)
        v.plaintext = r.bytes("PT");
    check_bits(r, "Keylen", v.key);
    check_bits(r, "IVlen", v.iv);
    check_bits(r, "AADlen", v.assoc);
    check_bits(r, "Taglen", v.tag);
    if (v.iv.size() == 12)
        to.push_back(std::move(v));
}

/// NIST's CCM files state what several records share in records of their own, or several to a bracket.
class ccm_reader {
  public:
    explicit ccm_reader(std::vector<aead_answer> &to) : to_(to) {}

    void read(record &r) {
        for (const char *const name : {"Alen", "Plen", "Nlen", "Tlen"})
            if (r.has(name))
                take_sizes(std::string(name) + " = " + r.text(name));
        for (const char *const name : {"Key", "Nonce"})
            if (r.has(name))
                shared_[name] = r.bytes(name);
        if (r.has("Count"))
            read_answer(r);
    }

  private:
    /// "Alen = 0, Plen = 0"
    void take_sizes(const std::string &text) {
        constexpr std::string_view sign = " = ";
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t equals = text.find(sign, at);
            const std::size_t end = std::min(text.find(", ", at), text.size());
            if (equals == std::string::npos)
                throw vector_error("not a list of sizes: " + text);
            std::size_t value = 0;
            (void)std::from_chars(text.data() + equals + sign.size(), text.data() + end, value);
            sizes_[text.substr(at, equals - at)] = value;
            at = end + 2;
        }
    }

    void read_answer(record &r) {
        r.ignore("Count");
        aead_answer v;
        v.where = r.where();
        v.key = shared_.at("Key");
        const octets nonce = first(shared_.at("Nonce"), sizes_.at("Nlen"));
        v.iv.assign(16, 0x5a); // what follows the nonce does not matter
        v.iv[0] = static_cast<std::uint8_t>(14 - nonce.size());
        std::copy(nonce.begin(), nonce.end(), v.iv.begin() + 1);
        v.assoc = first(r.bytes("Adata"), sizes_.at("Alen"));
        const octets sealed = r.bytes("CT");
        v.ciphertext = first(sealed, sizes_.at("Plen"));
        v.tag = after(sealed, sizes_.at("Plen"));
        if (v.tag.size() != sizes_.at("Tlen"))
            throw vector_error(v.where + ": not of the length Tlen");
        v.authentic = !r.has("Result") || r.text("Result") == "Pass";
        if (v.authentic)
            v.plaintext = first(r.bytes("Payload"), sizes_.at("Plen"));
        to_.push_back(std::move(v));
    }

    std::vector<aead_answer> &to_;
    std::map<std::string, std::size_t> sizes_;
    std::map<std::string, octets> shared_;
};

/// Text in quotes or digits.
octets quoted_or_hex(record &r, const char *name) {
    const std::string text = r.text(name);
    if (text.empty() || text.front() != '"')
        return from_hex(text);
    return {text.begin() + 1, text.end() - 1};
}

void read_boringssl(record &r, std::vector<aead_answer> &to) {
    r.ignore("COUNT");
    to.push_back({r.where(), quoted_or_hex(r, "KEY"), quoted_or_hex(r, "NONCE"), quoted_or_hex(r, "AD"),
                  quoted_or_hex(r, "IN"), quoted_or_hex(r, "CT"), quoted_or_hex(r, "TAG")});
}

void read_openssl(record &r, std::vector<aead_answer> &to) {
    r.ignore("COUNT");
    aead_answer v{r.where(),      r.bytes("Key"),       r.bytes("IV"),
                  r.bytes("AAD"), r.bytes("Plaintext"), r.bytes("Ciphertext"),
                  r.bytes("Tag")};
    v.authentic = !r.has("Result");
    if (!v.authentic) {
        r.ignore("Result");
        v.plaintext.clear();
    }
    // The kernel's take nonces of 12 bytes only.
    if (v.iv.size() == 12)
        to.push_back(std::move(v));
}

std::vector<std::string> files_of(const std::string &folder, const std::string &extension) {
    if (!std::filesystem::is_directory(folder))
        throw vector_error(folder + ":0: no such folder");
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == extension)
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

aead_answers own_aead_answers(const std::string &folder) {
    aead_answers all;
    for (const std::string &file : files_of(folder, ".vec"))
        for_each_record(file, [&](record &r) {
            if (!r.has("Tag")) {
                r.ignore_all();
                return;
            }
            r.ignore("Origin");
            if (r.has("Selftest"))
                r.ignore("Selftest");
            all[r.text("Cipher")].push_back({r.where(), r.bytes("Key"), r.bytes("IV"), r.bytes("Assoc"),
                                             r.bytes("Plaintext"), r.bytes("Ciphertext"), r.bytes("Tag")});
        });
    return all;
}

aead_answers public_aead_answers(const std::string &folder) {
    aead_answers all;
    for (const std::string &file : files_of(folder + "/AES/GCM", ".rsp"))
        for_each_record(file, [&](record &r) { read_gcm(r, all["gcm(aes)"]); });
    for (const std::string &file : files_of(folder + "/AES/CCM", ".rsp")) {
        ccm_reader reader(all["ccm(aes)"]);
        for_each_record(file, [&](record &r) { reader.read(r); });
    }
    std::vector<aead_answer> &chacha = all["rfc7539(chacha20,poly1305)"];
    for_each_record(folder + "/ChaCha20Poly1305/boringssl.txt",
                    [&](record &r) { read_boringssl(r, chacha); });
    for_each_record(folder + "/ChaCha20Poly1305/openssl.txt", [&](record &r) { read_openssl(r, chacha); });
    return all;
}

} // namespace kcapi::test
