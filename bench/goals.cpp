// SPDX-License-Identifier: BSD-3-Clause
#include "goals.hpp"

#include "machine_limit.hpp"

#include <algorithm>
#include <string_view>

namespace bench {

namespace {

constexpr std::size_t evp = 1;
constexpr double share_of_limit = 0.85;
/// On two processors.
constexpr double gain_of_two = 1.8;

enum class ways { encryption, decryption, any };

struct speed_goal {
    const char *algorithm; ///< null: all
    ways way;
    path how;
    std::size_t size;
    double limit;
};

/// All against EVP.
constexpr speed_goal speed_goals[] = {
    {"ctr(aes)", ways::any, path::one_shot, 16384, 2.0},
    {"ctr(aes)", ways::any, path::one_shot, 65536, 2.0},
    {"xts(aes)", ways::any, path::one_shot, 16384, 1.9},
    {"xts(aes)", ways::any, path::one_shot, 65536, 1.9},
    {"cbc(aes)", ways::decryption, path::one_shot, 16384, 1.9},
    {"cbc(aes)", ways::decryption, path::one_shot, 65536, 1.9},
    {"gcm(aes)", ways::any, path::one_shot, 16384, 2.7},
    {"gcm(aes)", ways::any, path::one_shot, 65536, 2.7},
    {"cbc(aes)", ways::encryption, path::one_shot, 16384, 1.0},
    {"cbc(aes)", ways::encryption, path::one_shot, 65536, 1.0},
    {"sha256", ways::any, path::one_shot, 16384, 1.0},
    {"sha512", ways::any, path::one_shot, 16384, 1.0},
    {"hmac(sha256)", ways::any, path::one_shot, 16384, 1.0},
    {"rfc7539(chacha20,poly1305)", ways::any, path::one_shot, 16384, 1.0},
    {"ctr(aes)", ways::any, path::one_shot, 64, 3.0},
    {"gcm(aes)", ways::any, path::one_shot, 64, 3.0},
    {"cbc(aes)", ways::encryption, path::batch, 1024, 8.0},
    {"cbc(aes)", ways::encryption, path::batch, 4096, 8.0},
    {"cbc(aes)", ways::encryption, path::batch, 16384, 8.0},
    {"sha256", ways::any, path::batch, 4096, 2.2},
    {"sha512", ways::any, path::batch, 4096, 2.0},
    {"sha1", ways::any, path::batch, 4096, 2.0},
    {"hmac(sha256)", ways::any, path::batch, 4096, 2.0},
    {"ctr(aes)", ways::any, path::stream, piece_size, 1.2},
    {"ctr(aes)", ways::any, path::borrowed, piece_size, 1.9},
    {"cbc(aes)", ways::encryption, path::set_up, 0, 1.0},
    {nullptr, ways::any, path::pbkdf2, 10000, 0.9},
};

[[nodiscard]] bool concerns(const speed_goal &g, const bench_case &c) noexcept {
    return c.how == g.how && c.size == g.size &&
           (g.algorithm == nullptr || std::string_view(g.algorithm) == c.what->algorithm) &&
           (g.way == ways::any || c.what->encrypt == (g.way == ways::encryption));
}

/// Every row that has this contender, against it.
void add_against(std::vector<goal> &goals, const std::vector<measurement> &measurements,
                 const char *contender, const char *words, double limit) {
    for (const measurement &m : measurements)
        if (const std::optional<std::size_t> other = m.index_of(contender)) {
            const ratio r = against(m, *other);
            goals.push_back({case_name(m.what) + words, r.value, limit, r.spread, true});
        }
}

/// Nobody shall be worse off for having come to us. What has no row of its own in EVP (the rounds of PBKDF2)
/// is judged above.
void add_worst(std::vector<goal> &goals, const std::vector<measurement> &measurements) {
    const measurement *worst = nullptr;
    ratio least{};
    for (const measurement &m : measurements) {
        if (m.what.how == path::pbkdf2)
            continue;
        const ratio r = against(m, evp);
        if (worst == nullptr || r.value < least.value) {
            worst = &m;
            least = r;
        }
    }
    if (worst != nullptr)
        goals.push_back({"worst of all: " + case_name(worst->what), least.value, 0.97, least.spread, true});
}

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
        for (const measurement &m : measurements)
            if (concerns(g, m.what)) {
                const ratio r = against(m, evp);
                goals.push_back({case_name(m.what), r.value, g.limit, r.spread, true});
            }
    add_against(goals, measurements, one_thread_name, " against one thread", gain_of_two);
    add_against(goals, measurements, limit_name, " of the machine's limit", share_of_limit);
    add_worst(goals, measurements);
    add_allocations(goals, measurements, path::one_shot);
    add_allocations(goals, measurements, path::stream);
    return goals;
}

bool all_reached(const std::vector<goal> &goals) noexcept {
    return !goals.empty() &&
           std::all_of(goals.begin(), goals.end(), [](const goal &g) { return g.reached(); });
}

} // namespace bench
