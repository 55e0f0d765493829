// SPDX-License-Identifier: BSD-3-Clause
#include "names/probe.hpp"

#include <sstream>
#include <stdexcept>

namespace kcapi::test {

namespace {

constexpr std::size_t longest_key = 300;
constexpr std::size_t longest_inner_key = 128;
constexpr std::size_t longest_seed = 64; // each try makes a generator collect entropy
constexpr std::size_t longest_tag = 64;

std::vector<std::uint8_t> pattern(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>((167 * i + 13) ^ (i >> 3) ^ 0x5a);
    return bytes;
}

/// "16,24,32", "4,8,12-16", "0-*300", "none".
template <class Taken>
std::string ranges(std::size_t longest, const Taken &taken) {
    std::string text;
    for (std::size_t first = 0; first <= longest; ++first) {
        if (!taken(first))
            continue;
        std::size_t last = first;
        while (last < longest && taken(last + 1))
            ++last;
        text += (text.empty() ? "" : ",") + std::to_string(first);
        if (last != first)
            text += (last == longest ? "-*" : "-") + std::to_string(last);
        first = last;
    }
    return text.empty() ? "none" : text;
}

/// The kernel's key of an authenc: an attribute with the length of the cipher's key, a key of the hash, that
/// of the cipher.
std::vector<std::uint8_t> combined_key(std::size_t cipher_key_size) {
    constexpr std::size_t hash_key_size = 32;
    std::vector<std::uint8_t> key{8, 0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(cipher_key_size)};
    const std::vector<std::uint8_t> rest = pattern(hash_key_size + cipher_key_size);
    key.insert(key.end(), rest.begin(), rest.end());
    return key;
}

bool is_combined(const std::string &name) {
    return name.find("authenc") != std::string::npos || name.find("krb5enc") != std::string::npos;
}

/// Whether the algorithm works before it was given a key.
bool works_unkeyed(alg::engine &engine, alg::kind kind, const std::string &name) {
    const auto t = engine.open(kind, name);
    if (!t)
        throw std::runtime_error(name + ": not there a second time");
    const auto operation = (*t)->accept();
    if (!operation)
        throw std::runtime_error(name + ": no operation");
    const result<std::size_t> sent = (*operation)->send({}, nullptr, {.more = false, .dont_wait = true});
    return sent || sent.error().code != ENOKEY;
}

} // namespace

name_record parse_record(const std::string &line) {
    std::istringstream words(line);
    name_record r;
    if (!(words >> r.type >> r.name))
        throw std::runtime_error("no type and name: " + line);
    for (std::string word; words >> word;) {
        const std::size_t sign = word.find('=');
        if (sign == std::string::npos || sign == 0 ||
            !r.properties.emplace(word.substr(0, sign), word.substr(sign + 1)).second)
            throw std::runtime_error("not a property, or twice: " + line);
    }
    return r;
}

std::string text_of(const name_record &r) {
    std::string text = r.type + ' ' + r.name;
    for (const char *const key :
         {"keys", "enckeys", "iv", "block", "chunk", "tags", "digest", "seed", "unkeyed", "driver"})
        if (const auto found = r.properties.find(key); found != r.properties.end())
            text += ' ' + found->first + '=' + found->second;
    return text;
}

result<name_record> probe(alg::engine &engine, const std::string &type, const std::string &name) {
    const std::optional<alg::kind> kind = alg::kind_from_name(type);
    if (!kind)
        throw std::runtime_error("no type " + type);
    const result<std::shared_ptr<alg::transform>> opened = engine.open(*kind, name);
    if (!opened)
        return opened.error();
    alg::transform &t = **opened;
    const auto takes = [&](base::bytes key) { return static_cast<bool>(t.set(alg::parameter::key, key)); };
    name_record r{type, name, {}};
    if (is_combined(name))
        r.properties["enckeys"] =
            ranges(longest_inner_key, [&](std::size_t n) { return takes(combined_key(n)); });
    else
        r.properties["keys"] = ranges(*kind == alg::kind::rng ? longest_seed : longest_key,
                                      [&](std::size_t n) { return takes(pattern(n)); });
    const alg::properties &p = t.info();
    const auto put = [&](const char *key, std::uint32_t value) { r.properties[key] = std::to_string(value); };
    if (*kind != alg::kind::rng)
        put("block", p.block_size);
    if (*kind == alg::kind::skcipher || *kind == alg::kind::aead)
        put("iv", p.iv_size);
    if (*kind == alg::kind::skcipher)
        put("chunk", p.chunk_size);
    if (*kind == alg::kind::aead)
        r.properties["tags"] = ranges(longest_tag, [&](std::size_t n) {
            return static_cast<bool>(t.set_tag_size(static_cast<std::uint32_t>(n)));
        });
    if (*kind == alg::kind::hash)
        put("digest", p.digest_size);
    if (*kind == alg::kind::rng)
        put("seed", p.seed_size);
    else
        r.properties["unkeyed"] = works_unkeyed(engine, *kind, name) ? "yes" : "no";
    if (!p.driver_name.empty())
        r.properties["driver"] = p.driver_name;
    return r;
}

std::vector<std::string> differences(const name_record &expected, const name_record &actual) {
    std::vector<std::string> all;
    const auto value_in = [](const name_record &r, const std::string &key) {
        const auto found = r.properties.find(key);
        return found == r.properties.end() ? "nothing" : found->second;
    };
    std::map<std::string, std::string> keys = expected.properties;
    keys.insert(actual.properties.begin(), actual.properties.end());
    keys.erase("driver");
    for (const auto &[key, any] : keys)
        if (value_in(expected, key) != value_in(actual, key))
            all.push_back(key + '=' + value_in(actual, key) + " instead of " + value_in(expected, key));
    return all;
}

} // namespace kcapi::test
