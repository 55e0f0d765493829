// SPDX-License-Identifier: BSD-3-Clause
//
// What an executable's bytes say about how it will be loaded. The file may be anything: no offset and no
// length in it is trusted.
#pragma once

#include <kcapi/result.hpp>

#include <cstdint>
#include <string>

namespace kcapi::tools {

struct elf_facts {
    bool is_elf = false;
    /// Of this program's machine, word size and byte order; for any other nothing more is known.
    bool is_native = false;
    std::string interpreter; ///< the dynamic linker; empty: none, the program is static
    bool uses_io_uring = false;
    bool is_go = false;
};

/// A damaged file is ENOEXEC; something that is no ELF file at all is none.
[[nodiscard]] result<elf_facts> read_elf(int fd);

} // namespace kcapi::tools
