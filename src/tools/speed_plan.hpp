// SPDX-License-Identifier: BSD-3-Clause
//
// What kcapi-speed is asked to measure, and what the library makes of it.
#pragma once

#include "options.hpp"
#include "progress.hpp"

#include <kcapi/algorithm.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kcapi::tools {

/// How the library is called.
struct call_shape {
    std::size_t batch = 1; ///< messages in one call of kcapi_ext_batch
    std::size_t aio = 0;   ///< messages in one call of an aio function
    int access = KCAPI_ACCESS_HEURISTIC;

    [[nodiscard]] std::size_t messages() const noexcept { return aio != 0 ? aio : batch; }
    [[nodiscard]] const char *name() const noexcept {
        return aio != 0 ? "aio" : batch != 1 ? "batch" : "one-shot";
    }
};

struct speed_plan {
    std::vector<std::string> names;             ///< algorithms by their names
    std::vector<std::string> beginnings;        ///< of names, drivers or types; "" is everything
    std::vector<std::optional<engine>> engines; ///< none: what KCAPI_ENGINE says
    std::vector<std::string> drivers;           ///< of these; none: of the one that serves
    std::vector<std::size_t> sizes;             ///< in bytes, or in blocks
    bool in_blocks = false;
    bool encrypt = true;
    bool decrypt = true;
    call_shape shape;
    std::size_t threads = 1;
    double seconds = 0.25; ///< for each row
    bool list = false;
    bool raw = false;
    const char *json = nullptr;
    const char *plot = nullptr;
    progress_mode progress = progress_mode::automatic;
};

[[nodiscard]] std::span<const option_row> speed_options();
/// Fails by fail_usage.
[[nodiscard]] speed_plan speed_plan_of(const command_line &line);

/// One line of the plot: all sizes of it are measured.
struct series {
    std::string type; ///< "skcipher", "aead", "hash", "rng" or "kdf"
    std::string name;
    std::string driver;
    std::string engine_name;
    std::optional<engine> on;
    std::string opens_by; ///< the name, or the driver that was asked for
    std::size_t block_size;
    bool encrypt; ///< what has a direction

    [[nodiscard]] bool has_direction() const noexcept { return type == "skcipher" || type == "aead"; }
    /// "enc", "dec" or "".
    [[nodiscard]] const char *direction() const noexcept {
        return !has_direction() ? "" : encrypt ? "enc" : "dec";
    }
};

/// In the order of the plan. An algorithm by its name that is not there fails with the engine's reason.
[[nodiscard]] std::vector<series> series_of(const speed_plan &plan);

} // namespace kcapi::tools
