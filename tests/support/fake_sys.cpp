// SPDX-License-Identifier: BSD-3-Clause
#include "support/fake_sys.hpp"

#include "base/sys.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <mutex>

namespace kcapi::test {

namespace {

std::mutex world_mutex;
fake_world *world = nullptr;

} // namespace

fake_world::fake_world() {
    const std::lock_guard lock(world_mutex);
    world = this;
}

fake_world::~fake_world() {
    const std::lock_guard lock(world_mutex);
    world = nullptr;
}

void fake_world::fail(std::string name, int code, std::size_t from, std::size_t count) {
    rules_.push_back({std::move(name), code, SIZE_MAX, from, count, 0});
}

void fake_world::fail_nth(std::size_t n, int code) { rules_.push_back({"", code, SIZE_MAX, n, 1, 0}); }

void fake_world::shorten(std::string name, std::size_t size, std::size_t from, std::size_t count) {
    rules_.push_back({std::move(name), 0, size, from, count, 0});
}

void fake_world::relax() {
    rules_.clear();
    calls.clear();
    failed_ = false;
}

std::size_t fake_world::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(calls.begin(), calls.end(), [&](const system_call &c) { return c.name == name; }));
}

std::vector<system_call> fake_world::all(std::string_view name) const {
    std::vector<system_call> chosen;
    std::copy_if(calls.begin(), calls.end(), std::back_inserter(chosen),
                 [&](const system_call &c) { return c.name == name; });
    return chosen;
}

fake_world::verdict fake_world::judge(const std::string &name) {
    verdict v;
    for (rule &r : rules_) {
        if (!r.name.empty() && r.name != name)
            continue;
        ++r.seen;
        if (r.seen < r.from || r.seen - r.from >= r.count)
            continue;
        v.code = v.code != 0 ? v.code : r.code;
        v.limit = std::min(v.limit, r.limit);
        failed_ = failed_ || r.code != 0;
    }
    return v;
}

namespace {

/// Runs one call of the current world: records it, lets the plan decide, else the kernel.
template <class Call>
result<long> run(system_call made, Call call) {
    const std::lock_guard lock(world_mutex);
    assert(world != nullptr);
    const fake_world::verdict v = world->judge(made.name);
    made.outcome = v.code != 0 ? -v.code : call(*world, v.limit);
    const long outcome = made.outcome;
    world->calls.push_back(std::move(made));
    if (outcome < 0)
        return error{static_cast<int>(-outcome), "fake"};
    return outcome;
}

result<void> nothing(const result<long> &r) {
    if (!r)
        return r.error();
    return {};
}

result<std::size_t> size_of(const result<long> &r) {
    if (!r)
        return r.error();
    return static_cast<std::size_t>(*r);
}

result<base::unique_fd> fd_of(const result<long> &r) {
    if (!r)
        return r.error();
    return base::unique_fd(static_cast<int>(*r));
}

byte_vector copy_of(const void *data, std::size_t size) {
    const auto *p = static_cast<const std::uint8_t *>(data);
    return size == 0 ? byte_vector{} : byte_vector(p, p + size);
}

system_call message_call(std::string name, int fd, const msghdr &m, int flags) {
    return {.name = std::move(name),
            .fd = fd,
            .flags = flags,
            .size = base::total_length({m.msg_iov, m.msg_iovlen}).value_or(0),
            .elements = m.msg_iovlen,
            .control = copy_of(m.msg_control, m.msg_controllen)};
}

} // namespace

int planned(std::string name) {
    const result<long> r = run({.name = std::move(name)}, [](fake_world &, std::size_t) { return 0L; });
    return r ? 0 : r.error().code;
}

} // namespace kcapi::test

namespace kcapi::base {

using test::fake_world;
using test::run;

void unique_fd::reset() noexcept {
    if (fd_ < 0)
        return;
    const std::lock_guard lock(test::world_mutex);
    if (test::world != nullptr)
        test::world->kernel.close(fd_);
    fd_ = -1;
}

namespace sys {

result<unique_fd> socket(int domain, int type, int protocol) noexcept {
    return test::fd_of(
        run({.name = domain == AF_NETLINK ? "netlink" : "socket", .flags = type},
            [&](fake_world &w, std::size_t) { return w.kernel.socket(domain, type, protocol); }));
}

result<void> bind(int fd, bytes address) noexcept {
    return test::nothing(run({.name = "bind", .fd = fd, .address = {address.begin(), address.end()}},
                             [&](fake_world &w, std::size_t) { return w.kernel.bind(fd, address); }));
}

result<unique_fd> accept(int fd) noexcept {
    return test::fd_of(
        run({.name = "accept", .fd = fd}, [&](fake_world &w, std::size_t) { return w.kernel.accept(fd); }));
}

result<void> setsockopt(int fd, int level, int option, const void *value, socklen_t size) noexcept {
    return test::nothing(
        run({.name = "setsockopt", .fd = fd, .flags = level, .option = option, .size = size},
            [&](fake_world &w, std::size_t) { return w.kernel.setsockopt(fd, level, option, value, size); }));
}

result<int> getsockopt(int fd, int level, int option) noexcept {
    const result<long> r =
        run({.name = "getsockopt", .fd = fd, .flags = level, .option = option},
            [&](fake_world &w, std::size_t) { return w.kernel.getsockopt(fd, level, option); });
    if (!r)
        return r.error();
    return static_cast<int>(*r);
}

result<std::size_t> sendmsg(int fd, const msghdr &message, int flags) noexcept {
    return test::size_of(
        run(test::message_call("sendmsg", fd, message, flags),
            [&](fake_world &w, std::size_t limit) { return w.kernel.sendmsg(fd, message, flags, limit); }));
}

result<std::size_t> recvmsg(int fd, msghdr &message, int flags) noexcept {
    return test::size_of(
        run(test::message_call("recvmsg", fd, message, flags),
            [&](fake_world &w, std::size_t limit) { return w.kernel.recvmsg(fd, message, flags, limit); }));
}

result<std::size_t> send(int fd, const iovec &from, int flags) noexcept {
    iovec part = from;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    return sendmsg(fd, message, flags);
}

result<std::size_t> receive(int fd, const iovec &to, int flags) noexcept {
    iovec part = to;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    return recvmsg(fd, message, flags);
}

result<short> poll_now(int fd, short events) noexcept {
    const result<long> r = run({.name = "poll", .fd = fd},
                               [&](fake_world &w, std::size_t) { return w.kernel.poll(fd, events); });
    if (!r)
        return r.error();
    return static_cast<short>(*r);
}

result<file_identity> identity(int fd) noexcept {
    const result<long> r =
        run({.name = "fstat", .fd = fd}, [&](fake_world &w, std::size_t) { return w.kernel.identity(fd); });
    if (!r)
        return r.error();
    return file_identity{1, static_cast<std::uint64_t>(*r)};
}

int process_id() noexcept { return test::world == nullptr ? 0 : test::world->process; }

result<pipe_pair> pipe() noexcept {
    int fds[2] = {-1, -1};
    const result<long> r =
        run({.name = "pipe"}, [&](fake_world &w, std::size_t) { return w.kernel.pipe(fds); });
    if (!r)
        return r.error();
    return pipe_pair{unique_fd(fds[0]), unique_fd(fds[1])};
}

result<std::size_t> set_pipe_size(int fd, std::size_t size) noexcept {
    return test::size_of(run({.name = "set_pipe_size", .fd = fd, .size = size},
                             [&](fake_world &w, std::size_t) { return w.kernel.set_pipe_size(fd, size); }));
}

result<std::size_t> vmsplice(int pipe_write_end, iov_list from, unsigned flags) noexcept {
    return test::size_of(run(
        {.name = "vmsplice",
         .fd = pipe_write_end,
         .flags = static_cast<int>(flags),
         .size = total_length(from).value_or(0),
         .elements = from.size()},
        [&](fake_world &w, std::size_t limit) { return w.kernel.vmsplice(pipe_write_end, from, limit); }));
}

result<std::size_t> splice(int from, int to, std::size_t length, unsigned flags) noexcept {
    return test::size_of(run(
        {.name = "splice", .fd = to, .flags = static_cast<int>(flags), .size = length},
        [&](fake_world &w, std::size_t limit) { return w.kernel.splice(from, to, length, flags, limit); }));
}

result<std::string> read_file(const char *path, std::size_t limit) noexcept {
    std::string text;
    const result<long> r = run({.name = "read_file"}, [&](fake_world &w, std::size_t) -> long {
        if (!w.proc_readable || std::string_view(path) != "/proc/crypto")
            return -ENOENT;
        text = w.proc_crypto ? *w.proc_crypto : test::proc_text(w.kernel.algorithms);
        return 0;
    });
    if (!r)
        return r.error();
    return text.substr(0, limit);
}

result<void> random_bytes(mutable_bytes) noexcept { return error{ENOSYS, "fake"}; }

result<void> futex_wait(const std::atomic<std::uint32_t> &, std::uint32_t) noexcept {
    return error{ENOSYS, "fake"};
}

void futex_wake_one(const std::atomic<std::uint32_t> &) noexcept {}
void futex_wake_all(const std::atomic<std::uint32_t> &) noexcept {}

std::size_t page_size() noexcept { return 4096; }

} // namespace sys

} // namespace kcapi::base
