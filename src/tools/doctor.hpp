// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-info --doctor: what works here, what does not, why, and what to do. It finds out by trying and by
// reading what the system says of itself; it changes nothing, except that the kernel may load a module.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace kcapi::tools {

enum class state : std::uint8_t { good, note, bad };

struct finding {
    std::string what;
    state how;
    std::string text;
    std::string advice{};
};

[[nodiscard]] std::vector<finding> examine();

/// Whether any engine works.
[[nodiscard]] bool usable(const std::vector<finding> &all) noexcept;

[[nodiscard]] std::string as_text(const std::vector<finding> &all);
[[nodiscard]] nlohmann::json as_json(const std::vector<finding> &all);

/// AF_ALG as a socket: 0 or the errno value. The other facts are those that explain it.
struct af_alg_facts {
    int error = 0;
    std::string restriction; ///< crypto.af_alg_restrict; empty: the kernel has none
    bool module_loaded = false;
    bool module_there = false;  ///< in the kernel or among its modules
    std::string blacklisted_by; ///< the configuration file of modprobe
    bool seccomp = false;
};
[[nodiscard]] af_alg_facts look_at_af_alg();

/// What the facts come to; apart so that it can be tested with facts of elsewhere.
[[nodiscard]] finding explain_af_alg(const af_alg_facts &facts);

} // namespace kcapi::tools
