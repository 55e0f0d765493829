// SPDX-License-Identifier: BSD-3-Clause
#include "preload/buffers.hpp"

#include "preload/memory.hpp"

#include <cerrno>
#include <cstdlib>

namespace kcapi::preload {

bool buffers::add(void *p, std::size_t size, access how, std::size_t most) noexcept {
    const std::size_t wanted = std::min(size, most - handed_on_);
    const std::size_t good = p == nullptr          ? 0
                             : how == access::read ? readable(p, wanted)
                                                   : writable(p, wanted);
    if (good != 0)
        entries_[count_++] = {p, good};
    handed_on_ += wanted;
    if (good == wanted)
        return true;
    entries_[count_++] = {nullptr, wanted - good};
    return false;
}

buffers::buffers(void *p, std::size_t size, access how, std::size_t most) noexcept
    : length_(std::min(size, max_bytes)) {
    if (length_ != 0)
        (void)add(p, length_, how, most);
}

buffers::buffers(const iovec *list, std::size_t count, access how, std::size_t most) noexcept {
    if (count == 0)
        return;
    if (readable(list, count * sizeof *list) != count * sizeof *list) {
        error_ = EFAULT;
        return;
    }
    // One more than the list has, for an element that is cut in two.
    if (count + 1 > few_.size()) {
        entries_ = static_cast<iovec *>(std::malloc((count + 1) * sizeof *entries_));
        if (entries_ == nullptr) {
            entries_ = few_.data();
            error_ = ENOMEM;
            return;
        }
    }
    bool good = true;
    for (std::size_t i = 0; i < count; ++i) {
        const iovec v = list[i];
        if (v.iov_len > PTRDIFF_MAX) {
            error_ = EINVAL;
            return;
        }
        const std::size_t size = std::min(v.iov_len, max_bytes - length_);
        length_ += size;
        if (size == 0)
            continue;
        if (good)
            good = add(v.iov_base, size, how, most);
        else
            // What comes after a bad element counts, and is not reached.
            entries_[count_ - 1].iov_len += size;
    }
}

buffers::~buffers() {
    if (entries_ != few_.data())
        std::free(entries_);
}

} // namespace kcapi::preload
