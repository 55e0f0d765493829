// SPDX-License-Identifier: BSD-3-Clause
#include "elf_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace kcapi::tools {

namespace {

constexpr error damaged{ENOEXEC, "a damaged ELF file"};

/// More of one thing is not read: programs have some hundred kilobytes of names.
constexpr std::size_t max_names = 64 << 20;
constexpr std::size_t max_headers = 1 << 16;
constexpr std::size_t max_path = 4096;

constexpr unsigned char native_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char native_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

class file_reader {
  public:
    explicit file_reader(int fd) noexcept : fd_(fd) {
        struct ::stat s {};
        if (::fstat(fd, &s) == 0 && s.st_size > 0)
            size_ = static_cast<std::uint64_t>(s.st_size);
    }

    /// False if the file does not have so much there.
    [[nodiscard]] bool read(std::uint64_t at, void *to, std::size_t size) const noexcept {
        if (at > size_ || size > size_ - at)
            return false;
        auto *p = static_cast<char *>(to);
        while (size != 0) {
            const ssize_t n = ::pread(fd_, p, size, static_cast<off_t>(at));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            p += n;
            at += static_cast<std::uint64_t>(n);
            size -= static_cast<std::size_t>(n);
        }
        return true;
    }

    /// `count` structures; nothing if there are not as many, or more than `most`.
    template <class T>
    [[nodiscard]] std::optional<std::vector<T>> array(std::uint64_t at, std::uint64_t count,
                                                      std::size_t most) const {
        if (count > most || at > size_ || count > (size_ - at) / sizeof(T))
            return std::nullopt;
        std::vector<T> all(static_cast<std::size_t>(count));
        if (!read(at, all.data(), all.size() * sizeof(T)))
            return std::nullopt;
        return all;
    }

  private:
    int fd_;
    std::uint64_t size_ = 0;
};

using segment = ElfW(Phdr);
using dynamic_entry = ElfW(Dyn);

/// Where in the file an address of the loaded program lies.
std::optional<std::uint64_t> offset_of(const std::vector<segment> &segments, std::uint64_t address) noexcept {
    for (const segment &s : segments)
        if (s.p_type == PT_LOAD && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz)
            return s.p_offset + (address - s.p_vaddr);
    return std::nullopt;
}

/// All names that the dynamic linker deals with: libraries and symbols, one after the other.
result<std::vector<char>> dynamic_names(const file_reader &file, const std::vector<segment> &segments,
                                        const segment &dynamic) {
    const auto entries =
        file.array<dynamic_entry>(dynamic.p_offset, dynamic.p_filesz / sizeof(dynamic_entry), max_headers);
    if (!entries)
        return damaged;
    std::optional<std::uint64_t> address;
    std::uint64_t size = 0;
    for (const dynamic_entry &e : *entries) {
        if (e.d_tag == DT_NULL)
            break;
        if (e.d_tag == DT_STRTAB)
            address = e.d_un.d_ptr;
        else if (e.d_tag == DT_STRSZ)
            size = e.d_un.d_val;
    }
    if (!address)
        return std::vector<char>{};
    const std::optional<std::uint64_t> offset = offset_of(segments, *address);
    std::optional<std::vector<char>> names;
    if (offset)
        names = file.array<char>(*offset, size, max_names);
    if (!names)
        return damaged;
    return std::move(*names);
}

bool has_io_uring(std::string_view names) {
    while (!names.empty()) {
        const std::string_view one = names.substr(0, names.find('\0'));
        if (one.starts_with("io_uring_") || one.starts_with("liburing.so"))
            return true;
        names.remove_prefix(std::min(one.size() + 1, names.size()));
    }
    return false;
}

/// Go's linker signs its programs with a note.
bool has_go_note(const file_reader &file, const segment &notes) {
    constexpr std::array<char, 4> owner{'G', 'o', '\0', '\0'};
    std::uint64_t at = notes.p_offset;
    std::uint64_t left = notes.p_filesz;
    ElfW(Nhdr) head{};
    while (left >= sizeof head + owner.size() && file.read(at, &head, sizeof head)) {
        std::array<char, owner.size()> name{};
        if (head.n_namesz == owner.size() && file.read(at + sizeof head, name.data(), name.size()) &&
            name == owner)
            return true;
        const std::uint64_t size = sizeof head + ((std::uint64_t{head.n_namesz} + 3) & ~std::uint64_t{3}) +
                                   ((std::uint64_t{head.n_descsz} + 3) & ~std::uint64_t{3});
        if (size >= left)
            break;
        at += size;
        left -= size;
    }
    return false;
}

result<std::string> interpreter_of(const file_reader &file, const segment &s) {
    const auto text = file.array<char>(s.p_offset, s.p_filesz, max_path);
    if (!text || text->empty() || text->back() != '\0' || text->front() == '\0')
        return damaged;
    return std::string(text->data());
}

} // namespace

result<elf_facts> read_elf(int fd) {
    const file_reader file(fd);
    elf_facts facts;
    std::array<unsigned char, EI_NIDENT> ident{};
    if (!file.read(0, ident.data(), ident.size()) || std::memcmp(ident.data(), ELFMAG, SELFMAG) != 0)
        return facts;
    facts.is_elf = true;
    if (ident[EI_CLASS] != native_class || ident[EI_DATA] != native_order)
        return facts;
    ElfW(Ehdr) head{};
    if (!file.read(0, &head, sizeof head))
        return damaged;
    // What this program is for, the program that contains this function is for.
    static const ElfW(Half) native_machine = [] {
        ElfW(Ehdr) own{};
        const int self = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        const bool known = self >= 0 && file_reader(self).read(0, &own, sizeof own);
        if (self >= 0)
            ::close(self);
        return known ? own.e_machine : ElfW(Half){EM_NONE};
    }();
    facts.is_native = head.e_machine == native_machine;
    if (!facts.is_native)
        return facts;
    const auto segments = file.array<segment>(head.e_phoff, head.e_phnum, max_headers);
    if (!segments || head.e_phentsize != sizeof(segment))
        return damaged;
    for (const segment &s : *segments) {
        if (s.p_type == PT_INTERP) {
            result<std::string> path = interpreter_of(file, s);
            if (!path)
                return path.error();
            facts.interpreter = std::move(*path);
        } else if (s.p_type == PT_NOTE) {
            facts.is_go = facts.is_go || has_go_note(file, s);
        } else if (s.p_type == PT_DYNAMIC) {
            const result<std::vector<char>> names = dynamic_names(file, *segments, s);
            if (!names)
                return names.error();
            facts.uses_io_uring = has_io_uring({names->data(), names->size()});
        }
    }
    return facts;
}

} // namespace kcapi::tools
