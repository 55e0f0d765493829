// SPDX-License-Identifier: BSD-3-Clause
#include "speed_run.hpp"

#include "failure.hpp"
#include "speed_calls.hpp"

#include <measure/statistics.hpp>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>
#include <numeric>
#include <system_error>
#include <thread>

namespace kcapi::tools {

namespace {

constexpr double longest_sample = 0.00025;
constexpr std::size_t least_samples = 9;

struct part {
    std::vector<double> samples;
    std::uint64_t calls = 0;
    double seconds = 0;
    double processor_seconds = 0;
    std::exception_ptr problem;
};

double processor_seconds() noexcept {
    timespec t{};
    (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void take_samples(const measure::work &work, std::size_t calls, double seconds, part &p) {
    const double processor_before = processor_seconds();
    const auto begin = measure::clock::now();
    for (p.seconds = 0; p.seconds < seconds;) {
        p.samples.push_back(measure::seconds_of(work, calls) * 1e9 / static_cast<double>(calls));
        p.calls += calls;
        p.seconds = std::chrono::duration<double>(measure::clock::now() - begin).count();
    }
    p.processor_seconds = processor_seconds() - processor_before;
}

/// Starts nobody before everybody is there; and where a thread cannot be made, ends those that wait.
class crew {
  public:
    crew(const std::vector<measure::work> &works, std::size_t calls, double seconds) : parts_(works.size()) {
        for (std::size_t i = 0; i < works.size(); ++i)
            threads_.emplace_back([this, &works, calls, seconds, i] {
                start_.wait(waiting);
                try {
                    if (start_.load() == go)
                        take_samples(works[i], calls, seconds, parts_[i]);
                } catch (...) {
                    parts_[i].problem = std::current_exception();
                }
            });
    }
    crew(const crew &) = delete;
    crew &operator=(const crew &) = delete;

    std::vector<part> run() {
        tell(go);
        threads_.clear();
        return std::move(parts_);
    }

  private:
    static constexpr int waiting = 0, go = 1, leave = 2;

    void tell(int what) noexcept {
        start_.store(what);
        start_.notify_all();
    }
    /// Of a constructor that failed: destroyed before the threads are joined.
    struct dismissal {
        crew &c;
        ~dismissal() { c.dismiss(); }
    };
    void dismiss() noexcept {
        int expected = waiting;
        if (start_.compare_exchange_strong(expected, leave))
            start_.notify_all();
    }

    std::vector<part> parts_;
    std::atomic<int> start_ = waiting;
    std::vector<std::jthread> threads_;
    dismissal dismissal_{*this};
};

std::vector<part> run_all(const std::vector<measure::work> &works, std::size_t calls, double seconds) {
    if (works.size() != 1) {
        crew all(works, calls, seconds);
        return all.run();
    }
    std::vector<part> one(1);
    take_samples(works.front(), calls, seconds, one.front());
    return one;
}

void measure_into(measured &m, const speed_plan &plan) {
    std::vector<measure::work> works;
    for (std::size_t i = 0; i < plan.threads; ++i)
        works.push_back(calls_of(*m.what, m.size, plan.shape));
    const double sample = std::min(longest_sample, plan.seconds / static_cast<double>(least_samples));
    const std::size_t calls = measure::calls_per_sample(works.front(), sample);
    double wall = 0;
    double busy = 0;
    for (const part &p : run_all(works, calls, plan.seconds)) {
        if (p.problem)
            std::rethrow_exception(p.problem);
        m.samples.insert(m.samples.end(), p.samples.begin(), p.samples.end());
        m.calls.push_back(p.calls);
        m.calls_per_second += static_cast<double>(p.calls) / p.seconds;
        wall += p.seconds;
        busy += p.processor_seconds;
    }
    m.processor_share = busy / wall;
    // One thread that was interrupted is not slower; many that share processors are.
    if (plan.threads == 1)
        m.calls_per_second = 1e9 / measure::median(m.samples);
}

} // namespace

measured measure_row(const series &s, std::size_t size, const speed_plan &plan) {
    const std::size_t unit = s.has_direction() ? s.block_size : 1;
    const std::size_t bytes = plan.in_blocks ? size * s.block_size : (size + unit - 1) / unit * unit;
    measured m{&s, bytes, plan.shape.messages(), {}, {}};
    try {
        measure_into(m, plan);
    } catch (const failure &f) {
        m.error = 256 - f.status;
        m.why = f.text;
    } catch (const std::system_error &e) {
        m.error = e.code().value();
        m.why = std::string("cannot make ") + std::to_string(plan.threads) + " threads: " + e.what();
    }
    return m;
}

} // namespace kcapi::tools
