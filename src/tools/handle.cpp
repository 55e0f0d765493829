// SPDX-License-Identifier: BSD-3-Clause
#include "handle.hpp"

#include "console.hpp"

#include <algorithm>

namespace kcapi::tools {

handle open_algorithm(const char *type, const std::string &name) {
    kcapi_handle *h = nullptr;
    if (const int r = kcapi_ext_init(&h, type, name.c_str(), 0, KCAPI_EXT_ENGINE_DEFAULT); r < 0)
        fail(-r, "cannot open " + std::string(type) + " " + name,
             "kcapi-info lists what there is; kcapi-info --doctor says what is missing.");
    return handle(h);
}

kcapi_ext_algorithm describe(const handle &h) noexcept {
    kcapi_ext_algorithm a{};
    (void)kcapi_ext_describe(h.get(), &a, sizeof a);
    return a;
}

std::vector<std::uint8_t> fitted_iv(const handle &h, bytes iv) {
    std::vector<std::uint8_t> fitted(describe(h).iv_size);
    std::copy_n(iv.begin(), std::min(iv.size(), fitted.size()), fitted.begin());
    if (!iv.empty() && iv.size() != fitted.size())
        say(level::verbose, "the IV is made " + std::to_string(fitted.size()) + " bytes long");
    return fitted;
}

std::string key_hint(const handle &h) {
    const kcapi_ext_algorithm a = describe(h);
    if (a.max_key_size == 0)
        return {};
    return std::string(a.name) + " takes keys of " + std::to_string(a.min_key_size) +
           (a.max_key_size == a.min_key_size ? std::string() : " to " + std::to_string(a.max_key_size)) +
           " bytes; --key-len sets the length of one made from a password.";
}

} // namespace kcapi::tools
