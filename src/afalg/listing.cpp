// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/listing.hpp"

#include <algorithm>
#include <charconv>

namespace kcapi::afalg {

namespace {

/// Some hundred bytes for each of some hundred algorithms.
constexpr std::size_t max_listing = 1 << 20;

std::string_view take_line(std::string_view &text) noexcept {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

std::string_view trimmed(std::string_view s) noexcept {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t'))
        s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t'))
        s.remove_suffix(1);
    return s;
}

template <class T>
void take_number(std::string_view value, T &out) noexcept {
    T number = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (code == std::errc() && end == value.data() + value.size())
        out = number;
}

/// An entry while its lines are read.
struct entry {
    record r;
    bool known_kind = false;

    void take(std::string_view field, std::string_view value) {
        alg::properties &info = r.info;
        if (field == "name")
            info.name = value;
        else if (field == "driver")
            info.driver_name = value;
        else if (field == "priority")
            take_number(value, info.priority);
        else if (field == "selftest")
            r.tested = value == "passed";
        else if (field == "internal")
            r.internal = value == "yes";
        else if (field == "async")
            r.async = value == "yes";
        else if (field == "type")
            take_type(value);
        else if (field == "blocksize")
            take_number(value, info.block_size);
        else if (field == "min keysize")
            take_number(value, info.min_key_size);
        else if (field == "max keysize")
            take_number(value, info.max_key_size);
        else if (field == "ivsize")
            take_number(value, info.iv_size);
        else if (field == "chunksize")
            take_number(value, info.chunk_size);
        else if (field == "maxauthsize")
            take_number(value, info.max_tag_size);
        else if (field == "digestsize")
            take_number(value, info.digest_size);
        else if (field == "seedsize")
            take_number(value, info.seed_size);
    }

    void take_type(std::string_view value) noexcept {
        known_kind = true;
        if (value == "skcipher" || value == "lskcipher")
            r.info.type = alg::kind::skcipher;
        else if (value == "aead")
            r.info.type = alg::kind::aead;
        else if (value == "shash" || value == "ahash")
            r.info.type = alg::kind::hash;
        else if (value == "rng")
            r.info.type = alg::kind::rng;
        else
            known_kind = false;
    }

    [[nodiscard]] bool is_complete() const noexcept {
        // A hash may have no blocks (nhpoly1305); what has a block must tell its size.
        const bool blocks = r.info.type == alg::kind::skcipher || r.info.type == alg::kind::aead;
        const bool sized = !blocks || r.info.block_size != 0;
        return known_kind && sized && !r.info.name.empty() && !r.info.driver_name.empty();
    }
};

} // namespace

std::vector<record> parse_proc_crypto(std::string_view text) {
    std::vector<record> records;
    entry current;
    const auto finish = [&] {
        if (current.is_complete())
            records.push_back(std::move(current.r));
        current = entry{};
    };
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        const std::size_t colon = line.find(':');
        if (trimmed(line).empty())
            finish();
        else if (colon != std::string_view::npos)
            current.take(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    finish();
    clear_wrappers(records);
    return records;
}

result<std::vector<record>> read_proc_crypto() {
    const result<std::string> text = base::sys::read_file("/proc/crypto", max_listing);
    if (!text)
        return text.error();
    return parse_proc_crypto(*text);
}

void clear_wrappers(std::vector<record> &records) {
    std::vector<std::string_view> parts;
    for (const record &r : records)
        if (r.internal)
            parts.push_back(r.info.driver_name);
    std::sort(parts.begin(), parts.end());
    for (record &r : records)
        if (r.async && !r.internal &&
            std::binary_search(parts.begin(), parts.end(), "__" + r.info.driver_name))
            r.async = false;
}

bool is_offered(const record &r, bool async_allowed) noexcept {
    return r.tested && !r.internal && (async_allowed || !r.async);
}

const record *choose(std::span<const record> records, alg::kind type, std::string_view name,
                     bool async_allowed) noexcept {
    const record *best = nullptr;
    for (const record &r : records) {
        if (r.info.type != type || !is_offered(r, async_allowed))
            continue;
        if (r.info.driver_name == name)
            return &r;
        // Lists are newest first, and among equals the newest serves.
        if (r.info.name == name && (best == nullptr || r.info.priority > best->info.priority))
            best = &r;
    }
    return best;
}

} // namespace kcapi::afalg
