// SPDX-License-Identifier: BSD-3-Clause
//
// What kcapi-info knows of algorithms, and how it is shown: as a table, in the manner of /proc/crypto, or as
// JSON.
#pragma once

#include <kcapi/algorithm.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace kcapi::tools {

/// One engine's answer when it is asked for an algorithm of some type.
struct engine_answer {
    engine asked;
    int error = 0; ///< errno value; `served` is empty then
    std::string why{};
    algorithm served{};
};

/// An algorithm of one type: who serves it by default, and what each engine would do.
struct answer {
    std::string type;
    engine_answer chosen;
    std::string reason;
    std::vector<engine_answer> engines;
};

/// One answer for each type in which somebody has the algorithm.
[[nodiscard]] std::vector<answer> ask_for(const std::string &name);

/// The algorithms in the order of type, name and priority.
[[nodiscard]] std::vector<algorithm> list_sorted(engine on);

[[nodiscard]] std::string as_table(const std::vector<algorithm> &all);
[[nodiscard]] std::string as_proc_crypto(const std::vector<algorithm> &all);
[[nodiscard]] nlohmann::json as_json(const std::vector<algorithm> &all);
[[nodiscard]] std::string as_text(const std::vector<answer> &answers);
[[nodiscard]] nlohmann::json as_json(const std::vector<answer> &answers);

} // namespace kcapi::tools
