// SPDX-License-Identifier: BSD-3-Clause
#include "local/module_file.hpp"

#include "base/sys.hpp"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace kcapi::local {

namespace {

// Notes lie before everything but the headers; an index that is not within this is as if it were not there.
constexpr std::size_t looked_at = 16U << 10;

template <class Part>
std::optional<Part> part_at(std::string_view file, std::size_t at) noexcept {
    Part p;
    if (at > file.size() || file.size() - at < sizeof p)
        return std::nullopt;
    std::memcpy(&p, file.data() + at, sizeof p);
    return p;
}

std::string_view range(std::string_view file, std::size_t at, std::size_t size) noexcept {
    return at <= file.size() && size <= file.size() - at ? file.substr(at, size) : std::string_view();
}

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 3) / 4 * 4; }

/// The text of the index among the notes of a segment; empty if it is not there.
std::string_view index_among(std::string_view notes) noexcept {
    while (const std::optional<ElfW(Nhdr)> note = part_at<ElfW(Nhdr)>(notes, 0)) {
        const std::size_t text_at = sizeof *note + padded(note->n_namesz);
        if (note->n_type == index_type && range(notes, sizeof *note, note->n_namesz) == index_owner)
            return range(notes, text_at, note->n_descsz);
        const std::size_t size = text_at + padded(note->n_descsz);
        if (size > notes.size())
            break;
        notes.remove_prefix(size);
    }
    return {};
}

/// Takes what is before the next zero. Nothing without one.
std::optional<std::string_view> next(std::string_view &text) noexcept {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end + 1);
    return taken;
}

std::optional<std::vector<index_row>> rows_of(std::string_view text) {
    if (next(text) != std::string_view(module_stamp))
        return std::nullopt;
    std::vector<index_row> rows;
    constexpr std::size_t head = 5;
    for (;;) {
        const std::optional<std::string_view> first = next(text);
        if (!first)
            return std::nullopt;
        if (first->empty())
            return rows;
        const std::optional<std::string_view> driver_name = next(text);
        if (first->size() <= head || !driver_name)
            return std::nullopt;
        index_row row{.type = static_cast<driver_kind>((*first)[0] - 'A'),
                      .priority = 0,
                      .name = first->substr(head),
                      .driver_name = *driver_name};
        for (const char digit : first->substr(1, head - 1))
            row.priority = row.priority * 10 + (digit - '0');
        rows.push_back(row);
    }
}

} // namespace

std::optional<std::vector<index_row>> index_in(std::string_view file) {
    const auto header = part_at<ElfW(Ehdr)>(file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_phentsize != sizeof(ElfW(Phdr)))
        return std::nullopt;
    for (std::size_t i = 0; i < header->e_phnum; ++i) {
        const auto segment = part_at<ElfW(Phdr)>(file, header->e_phoff + i * sizeof(ElfW(Phdr)));
        if (!segment)
            break;
        if (segment->p_type != PT_NOTE)
            continue;
        const std::string_view text = index_among(range(file, segment->p_offset, segment->p_filesz));
        if (!text.empty())
            return rows_of(text);
    }
    return std::nullopt;
}

result<module_file> module_file::at(std::string path) {
    module_file file;
    const result<std::string> beginning = base::sys::read_file(path.c_str(), looked_at);
    if (!beginning) {
        const int code = beginning.error().code;
        if (code == EMFILE || code == ENFILE || code == ENOMEM)
            return error{code, "driver module"};
    } else if (const std::optional<std::vector<index_row>> rows = index_in(*beginning)) {
        file.rows_.emplace();
        for (const index_row &r : *rows)
            file.rows_->push_back({r.type, r.priority, std::string(r.name), std::string(r.driver_name)});
    }
    file.path_ = std::move(path);
    return file;
}

std::optional<int> module_file::priority_of(driver_kind type, std::string_view text) const noexcept {
    constexpr int before_all = std::numeric_limits<int>::max();
    if (!rows_)
        return before_all;
    std::optional<int> best;
    for (const row &r : *rows_) {
        if (r.type == type && r.driver_name == text)
            return before_all;
        if (r.type == type && r.name == text)
            best = std::max(best.value_or(r.priority), r.priority);
    }
    return best;
}

} // namespace kcapi::local
