// SPDX-License-Identifier: BSD-3-Clause
#include "allocations.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

// glibc's names for its own functions, which it keeps for those who replace malloc.
extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *old, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
}

namespace bench {

namespace {

constinit thread_local std::size_t count = 0;

} // namespace

std::size_t allocations() noexcept { return count; }

} // namespace bench

#define KCAPI_BENCH_EXPORT extern "C" __attribute__((visibility("default")))

KCAPI_BENCH_EXPORT void *malloc(std::size_t size) {
    ++bench::count;
    return __libc_malloc(size);
}

KCAPI_BENCH_EXPORT void *calloc(std::size_t number, std::size_t size) {
    ++bench::count;
    return __libc_calloc(number, size);
}

KCAPI_BENCH_EXPORT void *realloc(void *old, std::size_t size) {
    ++bench::count;
    return __libc_realloc(old, size);
}

KCAPI_BENCH_EXPORT void *aligned_alloc(std::size_t alignment, std::size_t size) {
    ++bench::count;
    return __libc_memalign(alignment, size);
}

KCAPI_BENCH_EXPORT int posix_memalign(void **out, std::size_t alignment, std::size_t size) {
    ++bench::count;
    void *const p = __libc_memalign(alignment, size);
    if (p == nullptr)
        return ENOMEM;
    *out = p;
    return 0;
}

KCAPI_BENCH_EXPORT void *mmap(void *where, std::size_t size, int protection, int flags, int fd,
                              off_t offset) noexcept {
    ++bench::count;
    const long r = syscall(SYS_mmap, where, size, protection, flags, fd, offset);
    return reinterpret_cast<void *>(r);
}
