// SPDX-License-Identifier: BSD-3-Clause
// What the shim costs: a pair of send and recv through it against the same two calls on the local engine in
// this process, and a call on a descriptor that is none of ours. To be run over the shim. In turns, so that a
// change of the machine's speed hits both; the median of the rounds, and the middle half's spread.
#include "client.hpp"

#include "local/engine.hpp"
#include "local/modules.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <functional>

namespace {

using namespace kcapi;
using clock_type = std::chrono::steady_clock;

constexpr int rounds = 31;

class series {
  public:
    void time(const std::function<void(int)> &work, int count) {
        const auto begin = clock_type::now();
        work(count);
        const std::chrono::duration<double, std::nano> span = clock_type::now() - begin;
        values_.push_back(span.count() / count);
    }
    [[nodiscard]] double at(double share) {
        std::sort(values_.begin(), values_.end());
        return values_[static_cast<std::size_t>(share * static_cast<double>(values_.size() - 1))];
    }

  private:
    std::vector<double> values_;
};

void report(const char *what, series &shim, series &direct) {
    std::printf("%-14s %8.1f (%.1f..%.1f) %8.1f (%.1f..%.1f) %6.2f\n", what, shim.at(0.5), shim.at(0.25),
                shim.at(0.75), direct.at(0.5), direct.at(0.25), direct.at(0.75),
                shim.at(0.5) / direct.at(0.5));
}

void compare(const char *what, std::size_t size, int count, int socket, alg::operation &op) {
    const client::text in = client::message(size);
    client::text out(size);
    const auto through_shim = [&](int n) {
        for (int i = 0; i < n; ++i)
            if (::send(socket, in.data(), size, 0) < 0 || ::recv(socket, out.data(), size, 0) < 0)
                std::perror("send and recv");
    };
    const auto directly = [&](int n) {
        for (int i = 0; i < n; ++i) {
            const iovec from = base::to_iovec(base::bytes(in));
            const iovec to = base::to_iovec(base::mutable_bytes(out));
            if (!op.send({&from, 1}, nullptr, {}) || !op.receive({&to, 1}, {}))
                std::puts("the engine failed");
        }
    };
    series shim;
    series direct;
    for (int i = 0; i < rounds; ++i) {
        shim.time(through_shim, count);
        direct.time(directly, count);
    }
    report(what, shim, direct);
}

void pass_through() {
    const int zero = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
    char byte = 0;
    series called;
    series raw;
    for (int i = 0; i < rounds; ++i) {
        called.time(
            [&](int n) {
                while (n-- > 0)
                    (void)!::read(zero, &byte, 1);
            },
            20000);
        raw.time(
            [&](int n) {
                while (n-- > 0)
                    (void)!::pread(zero, &byte, 1, 0);
            },
            20000);
    }
    std::printf("read of /dev/zero through the shim %.1f ns, pread (not interposed) %.1f ns\n",
                called.at(0.5), raw.at(0.5));
    ::close(zero);
}

} // namespace

int main() {
    const std::unique_ptr<alg::engine> engine = local::make_engine(local::linked_modules());
    std::printf("%-14s %s\n", "", "ns through the shim, ns directly, ratio");
    const struct {
        const char *type, *name;
        alg::kind kind;
    } algorithms[] = {{"skcipher", "cbc(aes)", alg::kind::skcipher},
                      {"skcipher", "ctr(aes)", alg::kind::skcipher},
                      {"hash", "sha256", alg::kind::hash}};
    for (const auto &a : algorithms) {
        const client::descriptor tfm = client::open(a.type, a.name);
        const std::shared_ptr<alg::transform> t = *engine->open(a.kind, a.name);
        if (a.kind == alg::kind::skcipher) {
            (void)client::set_key(tfm, client::some_key(32));
            (void)t->set(alg::parameter::key, client::some_key(32));
        }
        const client::descriptor socket = client::accept(tfm);
        const std::unique_ptr<alg::operation> op = *t->accept();
        for (const std::size_t size : {16U, 4096U, 65536U}) {
            const std::string what = std::string(a.name) + " " + std::to_string(size);
            compare(what.c_str(), size, static_cast<int>(4000000 / (size + 2000)), socket, *op);
        }
    }
    pass_through();
}
