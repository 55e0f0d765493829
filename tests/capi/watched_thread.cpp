// SPDX-License-Identifier: BSD-3-Clause
#include "capi/watched_thread.hpp"

#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

namespace kcapi::test {

namespace {

std::atomic<int> signals_handled{0};

void count_signal(int) { signals_handled.fetch_add(1); }

} // namespace

watched_thread::watched_thread(std::function<ssize_t()> call) {
    thread_ = std::thread([this, call = std::move(call)] {
        id_ = static_cast<pid_t>(::syscall(SYS_gettid));
        result_ = call();
        ended_ = true;
    });
}

watched_thread::~watched_thread() {
    if (thread_.joinable())
        thread_.join();
}

bool watched_thread::sleeps_now() const {
    if (id_ == 0)
        return false;
    std::ifstream file("/proc/self/task/" + std::to_string(id_) + "/stat");
    std::string text;
    (void)std::getline(file, text);
    // The name of the thread, in parentheses, may hold anything.
    const std::size_t at = text.rfind(") ");
    return at != std::string::npos && text.size() > at + 2 && text[at + 2] == 'S';
}

bool watched_thread::wait_until_asleep() {
    // A thread may also nap for a lock: asleep is who sleeps each time one looks.
    constexpr int looks = 5;
    int seen = 0;
    for (int i = 0; i < 20000; ++i) {
        if (has_ended()) {
            ADD_FAILURE() << "the call returned " << result() << " where it should have slept";
            return false;
        }
        seen = sleeps_now() ? seen + 1 : 0;
        if (seen == looks)
            return true;
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    ADD_FAILURE() << "the call neither sleeps nor returns";
    return false;
}

ssize_t watched_thread::result() {
    if (thread_.joinable())
        thread_.join();
    return result_;
}

void watched_thread::signal(int number) { (void)::pthread_kill(thread_.native_handle(), number); }

counting_handler::counting_handler(int number, bool restart) : number_(number) {
    signals_handled = 0;
    struct sigaction action {};
    action.sa_handler = count_signal;
    action.sa_flags = restart ? SA_RESTART : 0;
    (void)::sigaction(number_, &action, nullptr);
}

counting_handler::~counting_handler() { (void)::signal(number_, SIG_DFL); }

int counting_handler::count() { return signals_handled.load(); }

} // namespace kcapi::test
