// SPDX-License-Identifier: BSD-3-Clause
#include "goals.hpp"

#include <algorithm>

namespace bench {

namespace {

constexpr std::size_t evp = 1;
constexpr std::size_t one_shot = 2;

struct speed_goal {
    path how;
    std::size_t size;
    std::size_t other;
    double limit;
    bool needs_iv; ///< says nothing about a mode that has none
    const char *text;
};

constexpr speed_goal speed_goals[] = {
    {path::one_shot, 65536, evp, 0.95, false, "64 KiB of EVP"},
    {path::one_shot, 64, evp, 1.0, true, "64 B of EVP re-keyed with the IV only"},
    {path::stream, piece_size, one_shot, 0.6, false, "64 KiB pieces of one-shot"},
    {path::batch, 1024, evp, 8.0, true, "16 of 1 KiB, of EVP in a loop"},
    {path::batch, 4096, evp, 8.0, true, "16 of 4 KiB, of EVP in a loop"},
    {path::batch, 16384, evp, 8.0, true, "16 of 16 KiB, of EVP in a loop"},
    {path::pbkdf2, 10000, evp, 0.9, false, "10000 rounds of PKCS5_PBKDF2_HMAC"},
};

void add_allocations(std::vector<goal> &goals, const std::vector<measurement> &measurements, path how) {
    std::size_t most = 0;
    bool measured = false;
    for (const measurement &m : measurements)
        if (m.what.how == how) {
            measured = true;
            most = std::max(most, m.timings.at(0).allocations);
        }
    if (measured)
        goals.push_back({std::string("allocations per call, ") + path_name(how),
                         static_cast<double>(most) / static_cast<double>(counted_calls), 0, 0, false});
}

} // namespace

std::vector<goal> judge(const std::vector<measurement> &measurements) {
    std::vector<goal> goals;
    for (const speed_goal &g : speed_goals)
        for (const measurement &m : measurements) {
            if (m.what.how != g.how || m.what.size != g.size || (g.needs_iv && !m.what.what->takes_iv))
                continue;
            const ratio r = against(m, g.other);
            const std::string direction = direction_name(m.what);
            goals.push_back({std::string(m.what.what->algorithm) + " " + direction +
                                 (direction.empty() ? "" : " ") + path_name(g.how) + ", " + g.text,
                             r.value, g.limit, r.spread, true});
        }
    add_allocations(goals, measurements, path::one_shot);
    add_allocations(goals, measurements, path::stream);
    return goals;
}

bool all_reached(const std::vector<goal> &goals) noexcept {
    return !goals.empty() &&
           std::all_of(goals.begin(), goals.end(), [](const goal &g) { return g.reached(); });
}

} // namespace bench
