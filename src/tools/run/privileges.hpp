// SPDX-License-Identifier: BSD-3-Clause
//
// Secure execution: a program that gains privileges takes nothing from its environment that could change what
// it does; LD_PRELOAD is ignored and taken away.
#pragma once

#include <string>

namespace kcapi::tools {

/// Why a program of this file would be run so; empty if it would not. What a security module decides is not
/// known beforehand.
[[nodiscard]] std::string privileges_gained(int fd);

/// Whether this process runs so itself, or whatever it executes will.
[[nodiscard]] bool runs_privileged() noexcept;

} // namespace kcapi::tools
