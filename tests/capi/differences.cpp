// SPDX-License-Identifier: BSD-3-Clause
#include "capi/differences.hpp"

#include <linux/if_alg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace kcapi::test {

std::optional<int> af_alg_refusal() {
    const int fd = ::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    (void)::close(fd);
    return std::nullopt;
}

std::optional<int> kernel_refusal(const char *type, const char *name) {
    const int fd = ::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    sockaddr_alg address{};
    address.salg_family = AF_ALG;
    (void)std::strncpy(reinterpret_cast<char *>(address.salg_type), type, sizeof address.salg_type - 1);
    (void)std::strncpy(reinterpret_cast<char *>(address.salg_name), name, sizeof address.salg_name - 1);
    std::optional<int> refusal;
    if (::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        refusal = errno;
    (void)::close(fd);
    return refusal;
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
