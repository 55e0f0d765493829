// SPDX-License-Identifier: BSD-3-Clause
#include "speed_plan.hpp"

#include "failure.hpp"
#include "handle.hpp"
#include "speed_calls.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>

namespace kcapi::tools {

namespace {

constexpr std::array measured_types = {"skcipher", "aead", "hash", "rng"};
constexpr std::array other_types = {"akcipher", "kpp"};

const char *text_of(std::optional<engine> on) noexcept {
    return on == engine::kernel  ? "the kernel engine"
           : on == engine::local ? "the local engine"
                                 : "the default engine";
}

series described(const handle &h, std::optional<engine> on, std::string opens_by) {
    const kcapi_ext_algorithm a = describe(h);
    return {a.type,
            a.name,
            a.driver_name,
            a.engine,
            on,
            std::move(opens_by),
            std::max<std::size_t>(a.block_size, 1),
            true};
}

/// The hash inside "pbkdf2(...)" and "hkdf(...)"; these are functions of the library, not algorithms.
series derivation(const std::string &name, std::optional<engine> on) {
    const std::string hash = hash_of_derivation(name);
    kcapi_handle *h = nullptr;
    if (const int r = kcapi_ext_init(&h, "hash", hash.c_str(), 0, detail::to_c(on)); r < 0)
        fail(-r, "cannot open " + hash + " on " + text_of(on), "kcapi-info --doctor says what is missing.");
    series s = described(handle(h), on, name);
    s.type = "kdf";
    s.name = name;
    s.block_size = 1;
    return s;
}

series open_by_name(const std::string &name, std::optional<engine> on) {
    if (!hash_of_derivation(name).empty())
        return derivation(name, on);
    int reason = ENOENT;
    for (const char *const type : measured_types) {
        kcapi_handle *h = nullptr;
        const int r = kcapi_ext_init(&h, type, name.c_str(), 0, detail::to_c(on));
        if (r == 0)
            return described(handle(h), on, name);
        if (reason == ENOENT)
            reason = -r;
    }
    for (const char *const type : other_types) {
        kcapi_handle *h = nullptr;
        if (kcapi_ext_init(&h, type, name.c_str(), 0, detail::to_c(on)) == 0) {
            const handle owned(h);
            fail_usage(name + " is of type " + type + ", which is not measured");
        }
    }
    fail(reason, "cannot open " + name + " on " + text_of(on),
         "kcapi-info lists what there is; kcapi-info --doctor says what is missing.");
}

bool may_serve(const algorithm &a) noexcept {
    return a.self_test != self_test_state::failed && a.self_test != self_test_state::unavailable;
}

/// By its whole name, or by the library that its name tells: "openssl" is in cbc-aes-openssl. A pair of
/// libraries (cbc-aes-ipsecmb+gcrypt) is of neither.
bool is_driver(const std::string &driver, const std::string &wanted) {
    if (wanted == "all" || driver == wanted)
        return true;
    const std::size_t at = driver.find("-" + wanted);
    if (at == std::string::npos || driver.find('+') != std::string::npos)
        return false;
    const std::size_t end = at + 1 + wanted.size();
    return end == driver.size() || std::isalnum(static_cast<unsigned char>(driver[end])) == 0;
}

std::vector<algorithm> listed_by(std::optional<engine> on) {
    std::vector<algorithm> all =
        need(list_algorithms(on), "cannot list the algorithms", "kcapi-info --doctor says what is missing.");
    std::erase_if(all, [](const algorithm &a) {
        return !may_serve(a) ||
               std::find(measured_types.begin(), measured_types.end(), a.type) == measured_types.end();
    });
    std::sort(all.begin(), all.end(), [](const algorithm &a, const algorithm &b) {
        return std::tie(a.type, a.name, b.priority) < std::tie(b.type, b.name, a.priority);
    });
    return all;
}

engine engine_of(const std::string &engine_name) noexcept {
    return engine_name == "kernel" ? engine::kernel : engine::local;
}

series by_driver(const algorithm &a) {
    return {a.type,
            a.name,
            a.driver_name,
            a.engine_name,
            engine_of(a.engine_name),
            a.driver_name,
            std::max<std::size_t>(a.block_size, 1),
            true};
}

/// The one that serves by the name: not always the first of the list, and known only when it was opened.
series by_name(const algorithm &a, std::optional<engine> on) {
    kcapi_handle *h = nullptr;
    if (kcapi_ext_init(&h, a.type.c_str(), a.name.c_str(), 0, detail::to_c(on)) == 0)
        return described(handle(h), on, a.name);
    return by_driver(a);
}

bool is_wanted_driver(const algorithm &a, const speed_plan &plan) {
    return std::any_of(plan.drivers.begin(), plan.drivers.end(),
                       [&](const std::string &wanted) { return is_driver(a.driver_name, wanted); });
}

std::vector<series> with_drivers(const series &one, const speed_plan &plan) {
    if (plan.drivers.empty())
        return {one};
    if (one.type == "kdf")
        fail_usage("--driver does not apply to " + one.name);
    std::vector<series> found;
    std::string there;
    for (const algorithm &a : listed_by(engine_of(one.engine_name)))
        if (a.type == one.type && a.name == one.name) {
            there += (there.empty() ? "" : ", ") + a.driver_name;
            if (is_wanted_driver(a, plan))
                found.push_back(by_driver(a));
        }
    if (found.empty())
        fail(ENOENT, "no such driver of " + one.name, "There are: " + there);
    return found;
}

void add_directions(std::vector<series> &to, series one, const speed_plan &plan) {
    if (!one.has_direction() || plan.encrypt)
        to.push_back(one);
    if (one.has_direction() && plan.decrypt) {
        one.encrypt = false;
        to.push_back(std::move(one));
    }
}

/// With --driver those drivers, otherwise what serves by each name. A beginning that no name and no type has
/// is that of drivers.
void add_listed(std::vector<series> &to, const std::string &beginning, std::optional<engine> on,
                const speed_plan &plan) {
    const algorithm *last = nullptr;
    const std::vector<algorithm> all = listed_by(on);
    const auto named = [&](const algorithm &a) {
        return a.name.starts_with(beginning) || a.type.starts_with(beginning);
    };
    const bool names = std::any_of(all.begin(), all.end(), named);
    for (const algorithm &a : all) {
        if (!(names ? named(a) : a.driver_name.starts_with(beginning)))
            continue;
        const bool again = last != nullptr && last->type == a.type && last->name == a.name;
        last = &a;
        if (!names || !plan.drivers.empty()) {
            if (plan.drivers.empty() || is_wanted_driver(a, plan))
                add_directions(to, by_driver(a), plan);
        } else if (!again) {
            add_directions(to, by_name(a, on), plan);
        }
    }
}

} // namespace

std::vector<series> series_of(const speed_plan &plan) {
    std::vector<series> all;
    for (const std::string &name : plan.names)
        for (const std::optional<engine> on : plan.engines)
            for (const series &one : with_drivers(open_by_name(name, on), plan))
                add_directions(all, one, plan);
    for (const std::string &beginning : plan.beginnings) {
        const std::size_t before = all.size();
        for (const std::optional<engine> on : plan.engines)
            add_listed(all, beginning, on, plan);
        if (all.size() == before)
            fail(ENOENT, "nothing that is measured begins with '" + beginning + "'",
                 "kcapi-speed --list has what there is.");
    }
    return all;
}

} // namespace kcapi::tools
