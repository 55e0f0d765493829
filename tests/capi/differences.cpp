// SPDX-License-Identifier: BSD-3-Clause
#include "capi/differences.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

namespace kcapi::test {

std::optional<int> af_alg_refusal() {
    const int fd = ::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    (void)::close(fd);
    return std::nullopt;
}

const char *serving_engine() { return engine_under_test() == "kernel" ? "kernel" : "local"; }

std::set<int> refusals(int number) {
    if (engine_under_test() == "local")
        return {-number};
    const std::optional<int> refusal = af_alg_refusal();
    if (refusal)
        return {-*refusal};
    return {-number, -ENOENT};
}

std::size_t most_collecting_buffers() {
    constexpr std::size_t most_iovecs = 1024;
    constexpr std::size_t enough_memory = 131072;
    constexpr std::size_t few = 16;
    if (std::string(serving_engine()) == "local")
        return most_iovecs;
    std::size_t memory = 0;
    std::ifstream("/proc/sys/net/core/optmem_max") >> memory;
    EXPECT_GT(memory, 0U) << "net.core.optmem_max";
    return memory < enough_memory ? few : most_iovecs;
}

std::size_t stream_capacity() {
    constexpr std::size_t usual = 212992;
    constexpr std::size_t page = 4096;
    if (std::string(serving_engine()) == "local")
        return usual;
    std::size_t size = 0;
    std::ifstream("/proc/sys/net/core/wmem_default") >> size;
    EXPECT_GE(size, page) << "net.core.wmem_default";
    return size / page * page;
}

} // namespace kcapi::test
