// SPDX-License-Identifier: BSD-3-Clause
#include "inventory.hpp"

#include "handle.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <tuple>

namespace kcapi::tools {

namespace {

constexpr std::array types = {"skcipher", "aead", "hash", "rng", "akcipher", "kpp"};

algorithm described(const handle &h) {
    const kcapi_ext_algorithm a = describe(h);
    return {a.type,        a.name,      a.driver_name,  a.engine,       a.priority,
            a.block_size,  a.iv_size,   a.min_key_size, a.max_key_size, a.max_tag_size,
            a.digest_size, a.seed_size, a.hardware != 0};
}

engine_answer ask(const char *type, const std::string &name, std::optional<engine> on) {
    engine_answer answer{on.value_or(engine::automatic)};
    kcapi_handle *h = nullptr;
    const int r = kcapi_ext_init(&h, type, name.c_str(), 0, detail::to_c(on));
    if (r < 0) {
        answer.error = -r;
        answer.why = kcapi_ext_last_error();
        return answer;
    }
    answer.served = described(handle(h));
    return answer;
}

std::string reason_for(const engine_answer &chosen, const engine_answer &local) {
    for (const char *const setting : {"KCAPI_DRIVER", "KCAPI_ENGINE"})
        if (const char *const value = ::secure_getenv(setting);
            value != nullptr && std::strcmp(value, "auto") != 0)
            return std::string(setting) + "=" + value + " says so";
    if (chosen.served.engine_name == "local")
        return "the local engine has it, and no hardware is behind the kernel's";
    if (chosen.served.hardware)
        return "the kernel has hardware for it";
    return local.error != 0 ? "the local engine does not have it"
                            : "the library prefers the kernel here (FIPS mode?)";
}

} // namespace

std::vector<answer> ask_for(const std::string &name) {
    std::vector<answer> answers;
    for (const char *const type : types) {
        answer a{type, ask(type, name, std::nullopt), {}, {}};
        a.engines = {ask(type, name, engine::local), ask(type, name, engine::kernel)};
        if (a.chosen.error == 0)
            a.reason = reason_for(a.chosen, a.engines.front());
        const bool anybody =
            a.chosen.error == 0 || std::any_of(a.engines.begin(), a.engines.end(),
                                               [](const engine_answer &e) { return e.error == 0; });
        if (anybody)
            answers.push_back(std::move(a));
    }
    return answers;
}

std::vector<algorithm> list_sorted(engine on) {
    std::vector<algorithm> all =
        need(list_algorithms(on), "cannot list the algorithms", "kcapi-info --doctor says what is missing.");
    std::sort(all.begin(), all.end(), [](const algorithm &a, const algorithm &b) {
        return std::tie(a.type, a.name, b.priority, a.driver_name) <
               std::tie(b.type, b.name, a.priority, b.driver_name);
    });
    return all;
}

} // namespace kcapi::tools
