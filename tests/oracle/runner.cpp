// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/runner.hpp"

#include "oracle/session.hpp"
#include "oracle/worker.hpp"

#include <algorithm>

namespace kcapi::oracle {

namespace {

const char *name_of(settled s) noexcept { return s == settled::finished ? "finished" : "asleep"; }

/// A thread with the call it makes.
struct caller {
    outcome result;
    worker hands; // last: its end must come before the result's

    void begin(std::function<outcome()> work) {
        hands.begin([this, work = std::move(work)] { result = work(); });
    }

    /// Waits for the call; one that sleeps for good is interrupted and says so.
    std::string finish() {
        if (hands.settle() == settled::finished)
            return to_text(result);
        hands.interrupt();
        return std::string(unexpected_sleep) + to_text(result);
    }
};

} // namespace

class live_run::implementation {
  public:
    explicit implementation(backend &on) : session_(on) {}

    std::string perform(const step &s) {
        const std::string result = make(s);
        for (const auto &[name, thread] : threads_)
            (void)thread->hands.settle();
        return result;
    }

  private:
    std::string make(const step &s) {
        switch (s.how) {
        case manner::start: {
            auto thread = std::make_unique<caller>();
            thread->begin(session_.prepare(s.what));
            const char *state = name_of(thread->hands.settle());
            threads_[s.threads.front()] = std::move(thread);
            return state;
        }
        case manner::interrupt: {
            worker &hands = threads_.at(s.threads.front())->hands;
            const char *state = name_of(hands.settle());
            hands.interrupt();
            return state;
        }
        case manner::join:
            return join(s);
        case manner::alarm:
            main_.begin(session_.prepare(s.what));
            if (main_.hands.settle() == settled::finished)
                return "no sleep, " + to_text(main_.result);
            main_.hands.interrupt();
            return to_text(main_.result);
        case manner::plain:
            break;
        }
        // Opening may sleep for good reason: the kernel loads modules.
        if (s.what.what != verb::send && s.what.what != verb::receive)
            return to_text(session_.perform(s.what));
        main_.begin(session_.prepare(s.what));
        return main_.finish();
    }

    /// Threads joined together are equals: which one got what is nobody's promise, so the results are sorted.
    std::string join(const step &s) {
        std::vector<std::string> results;
        for (const std::string &name : s.threads) {
            results.push_back(threads_.at(name)->finish());
            threads_.erase(name);
        }
        std::sort(results.begin(), results.end());
        std::string out;
        for (const std::string &result : results)
            out += (out.empty() ? "" : " | ") + result;
        return out;
    }

    session session_;
    caller main_;
    std::map<std::string, std::unique_ptr<caller>> threads_;
};

live_run::live_run(backend &on) : implementation_(std::make_unique<implementation>(on)) {}

live_run::~live_run() = default;

std::string live_run::perform(const step &s) { return implementation_->perform(s); }

transcript run_script(const script &s, backend &on) {
    transcript out{s.name, {}};
    live_run r(on);
    for (const step &now : s.steps)
        out.entries.push_back({to_text(now), r.perform(now), now.line});
    return out;
}

} // namespace kcapi::oracle
