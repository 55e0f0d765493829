// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/worker.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace kcapi::oracle {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 2ms;
constexpr int looks_asleep = 20;
constexpr auto signal_interval = 20ms;
constexpr int most_signals = 500;

extern "C" void do_nothing(int) {}

/// Without SA_RESTART, so that the signal ends a sleep.
void install_handler() {
    struct sigaction action {};
    action.sa_handler = do_nothing;
    (void)::sigaction(SIGUSR1, &action, nullptr);
}

} // namespace

worker::worker() {
    install_handler();
    std::unique_lock lock(mutex_);
    thread_ = std::thread([this] { run(); });
    changed_.wait(lock, [this] { return !state_file_.empty(); });
}

worker::~worker() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    interrupt();
    changed_.notify_all();
    thread_.join();
}

void worker::run() {
    std::unique_lock lock(mutex_);
    state_file_ = "/proc/self/task/" + std::to_string(::gettid()) + "/stat";
    changed_.notify_all();
    for (;;) {
        changed_.wait(lock, [this] { return working_ || ending_; });
        if (!working_)
            return;
        lock.unlock();
        task_();
        lock.lock();
        working_ = false;
        changed_.notify_all();
    }
}

void worker::begin(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    task_ = std::move(task);
    working_ = true;
    changed_.notify_all();
}

bool worker::finished_within(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return !working_; });
}

bool worker::is_asleep() const {
    std::ifstream in(state_file_);
    std::string text;
    std::getline(in, text);
    // The command's name stands in brackets and may hold anything; the state follows the last one.
    const std::size_t bracket = text.rfind(')');
    if (bracket == std::string::npos || bracket + 2 >= text.size()) {
        std::fprintf(stderr, "oracle: %s cannot be read\n", state_file_.c_str());
        std::_Exit(3);
    }
    return text[bracket + 2] == 'S';
}

settled worker::settle() {
    for (int seen = 0; seen < looks_asleep;) {
        if (finished_within(look_interval))
            return settled::finished;
        seen = is_asleep() ? seen + 1 : 0;
    }
    return settled::asleep;
}

void worker::interrupt() {
    for (int sent = 0; !finished_within(0ms); ++sent) {
        // A signal that comes just before the sleep is lost, hence more than one.
        if (sent == most_signals) {
            std::fprintf(stderr, "oracle: a call goes on sleeping in spite of signals\n");
            std::_Exit(3);
        }
        (void)::pthread_kill(thread_.native_handle(), SIGUSR1);
        (void)finished_within(signal_interval);
    }
}

} // namespace kcapi::oracle
