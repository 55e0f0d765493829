// SPDX-License-Identifier: BSD-3-Clause
//
// What the parts of the fake kernel share: its open files.
#pragma once

#include "afalg/uapi.h"
#include "support/fake_kernel.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <cstring>
#include <deque>

namespace kcapi::test {

namespace uapi = kcapi::afalg::uapi;

inline constexpr std::size_t page = 4096;

inline std::size_t whole_pages(int size) {
    return std::max(static_cast<std::size_t>(size) / page * page, page);
}

inline byte_vector gather(base::iov_list list) {
    byte_vector all;
    for (const iovec &v : list) {
        const auto *p = static_cast<const std::uint8_t *>(v.iov_base);
        all.insert(all.end(), p, p + v.iov_len);
    }
    return all;
}

inline void scatter(base::iov_list list, std::size_t position, base::bytes data) {
    for (const iovec &v : list) {
        const std::size_t skip = std::min(position, v.iov_len);
        position -= skip;
        const std::size_t n = std::min(v.iov_len - skip, data.size());
        if (n != 0)
            std::memcpy(static_cast<std::uint8_t *>(v.iov_base) + skip, data.data(), n);
        data = data.subspan(n);
    }
}

struct fake_kernel::file {
    virtual ~file() = default;
    long inode = 0;
};

struct fake_kernel::transform_file : file {
    const toy_algorithm *algorithm = nullptr;
    bool keyed = false;
    std::size_t tag_size = 16;
};

struct fake_kernel::operation_file : file {
    std::shared_ptr<transform_file> parent;
    byte_vector queue;
    bool more = false;
    bool ready = false;
    std::uint32_t code = 0;
    byte_vector iv;
    std::uint64_t position = 0;
    std::size_t assoc_len = 0;
    int send_buffer = 0;
    int receive_buffer = 0;

    [[nodiscard]] bool usable() const { return parent->keyed || parent->algorithm->info.max_key_size == 0; }
};

struct fake_kernel::netlink_file : file {
    std::deque<byte_vector> replies;
};

struct fake_kernel::pipe_file : file {
    struct buffer {
        std::deque<byte_vector> fragments;
        std::size_t slots = 16;
    };
    std::shared_ptr<buffer> shared;
};

template <class T>
std::shared_ptr<T> fake_kernel::find(int fd) const {
    const auto it = descriptors_.find(fd);
    return it == descriptors_.end() ? nullptr : std::dynamic_pointer_cast<T>(it->second);
}

} // namespace kcapi::test
