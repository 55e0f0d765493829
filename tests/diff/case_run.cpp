// SPDX-License-Identifier: BSD-3-Clause
#include "diff/case_run.hpp"

namespace kcapi::diff {

namespace {

using oracle::outcome;
using oracle::verb;
using case_calls = std::vector<case_call>;

constexpr std::chrono::seconds shrink_time{20};

/// What the two sides gave, call by call.
class comparison {
  public:
    explicit comparison(const kernel_ways &ways) : ways_(ways) {}

    /// Nothing more can be compared, though nothing differs.
    [[nodiscard]] bool over() const noexcept { return over_; }

    bool agree(const case_call &c, outcome a, outcome b) {
        if (c.what.what == verb::send && c.what.head.any() && a.value >= 0)
            encrypts_ = c.what.head.op.value_or(0) == 1;
        if (ways_.too_little_room && c.what.what == verb::receive && a.value == 0 && b.value == -EINVAL) {
            over_ = over_ || ways_.too_little_moves;
            return true;
        }
        if (ways_.refused_digest && c.what.what != verb::open && (a.value < 0 || b.value < 0))
            over_ = true;
        if (ways_.fewer_keys && c.what.what == verb::key && a.value == -EINVAL && b.value == 0)
            over_ = true;
        if (over_)
            return true;
        if (c.bytes == given_bytes::any || (c.bytes == given_bytes::same_decrypted && encrypts_))
            return a.value == b.value && a.beyond == b.beyond;
        clear(a.received, c);
        clear(b.received, c);
        return a == b;
    }

  private:
    static void clear(std::vector<std::uint8_t> &data, const case_call &c) {
        for (std::size_t i = c.hole_at; i < std::min(data.size(), c.hole_at + c.hole_size); ++i)
            data[i] = 0;
    }

    const kernel_ways &ways_;
    bool encrypts_ = false;
    bool over_ = false;
};

/// Whether the sides part somewhere in these calls; with `text`, all that they said.
bool differ(const case_sides &sides, const case_calls &calls, std::string *text = nullptr) {
    oracle::session expected(sides.expected);
    oracle::session actual(sides.actual);
    comparison check(sides.ways);
    bool found = false;
    for (const case_call &c : calls) {
        const outcome a = expected.perform(c.what);
        const outcome b = actual.perform(c.what);
        const bool same = check.agree(c, a, b);
        found = found || !same;
        if (text != nullptr)
            *text += "    " + to_text(c.what) + "\n        = " + to_text(a) +
                     (same ? "\n" : "\n    but = " + to_text(b) + '\n');
        else if (found)
            return true;
        if (check.over())
            break;
    }
    return found;
}

/// Half as long, and one shorter.
case_calls shorter(const case_calls &calls, std::size_t call, std::size_t segment, bool half) {
    case_calls out = calls;
    oracle::pattern &p = out[call].what.segments[segment];
    std::vector<std::uint8_t> bytes = p.bytes();
    bytes.resize(half ? bytes.size() / 2 : bytes.size() - 1);
    p = oracle::pattern::parse(oracle::to_hex(bytes.data(), bytes.size())).value_or(oracle::pattern());
    return out;
}

/// Leaves out calls and bytes while the sides still differ.
case_calls shrunk(const case_sides &sides, case_calls calls) {
    const auto end_time = std::chrono::steady_clock::now() + shrink_time;
    const auto in_time = [&] { return std::chrono::steady_clock::now() < end_time; };
    const auto try_instead = [&](case_calls fewer) {
        if (!in_time() || !differ(sides, fewer))
            return false;
        calls = std::move(fewer);
        return true;
    };
    for (bool again = true; again;) {
        again = false;
        for (std::size_t i = calls.size(); i-- > 0;) {
            case_calls fewer = calls;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            again = try_instead(std::move(fewer)) || again;
        }
        for (std::size_t i = 0; i < calls.size(); ++i)
            for (std::size_t k = 0; k < calls[i].what.segments.size(); ++k)
                for (const bool half : {true, false})
                    while (calls[i].what.segments[k].size() != 0 && try_instead(shorter(calls, i, k, half)))
                        again = true;
    }
    return calls;
}

} // namespace

kernel_ways ways_of(const std::string &kernel, const test::name_record &about) {
    kernel_ways ways;
    if (kernel == "6.1") {
        ways.too_little_room = about.type == "skcipher";
        ways.too_little_moves = about.name.starts_with("essiv(");
        ways.separate_messages = about.name == "xts(aes)";
        ways.refused_digest = about.name == "poly1305" || about.name.starts_with("vmac");
    }
    ways.fewer_keys = kernel == "7.3" && about.name == "xcbc(aes)";
    return ways;
}

std::uint64_t seed_of_case(std::uint64_t seed, const test::name_record &about, std::size_t index) {
    // FNV-1a.
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c :
         about.type + ' ' + about.name + ' ' + std::to_string(seed) + ' ' + std::to_string(index))
        h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    return h;
}

void run_case(const case_sides &sides, const test::name_record &about, std::uint64_t seed,
              name_report &report) {
    const std::unique_ptr<case_source> source = make_case_source(seed, about, sides.ways);
    ++report.cases;
    case_calls calls;
    bool same = true;
    {
        oracle::session expected(sides.expected);
        oracle::session actual(sides.actual);
        comparison check(sides.ways);
        while (std::optional<case_call> c = source->next()) {
            ++report.calls;
            const outcome a = expected.perform(c->what);
            const outcome b = actual.perform(c->what);
            calls.push_back(std::move(*c));
            if (calls.back().what.what == verb::receive && a.value > 0)
                ++report.outputs;
            same = check.agree(calls.back(), a, b);
            if (!same || check.over())
                break;
            source->observe(calls.back().what, a);
        }
    }
    if (same)
        return;
    if (++report.differing != 1)
        return;
    calls = shrunk(sides, std::move(calls));
    if (!differ(sides, calls, &report.example))
        report.example += "    (only the first time)\n";
}

} // namespace kcapi::diff
