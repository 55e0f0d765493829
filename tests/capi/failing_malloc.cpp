// SPDX-License-Identifier: BSD-3-Clause
#include "capi/failing_malloc.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

// What glibc offers to those who stand in for malloc.
extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t number, std::size_t size);
void *__libc_realloc(void *p, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *p);
}

namespace kcapi::test {

namespace {

constexpr std::size_t never = SIZE_MAX;

struct plan {
    std::size_t next = 0;
    std::size_t fails_at = never;
    shortage kind = shortage::once;
    bool felt = false;
};

// The program's own thread-local memory: reaching it allocates nothing.
constinit thread_local plan current;
constinit std::atomic<long> live{0};

bool fails_now() noexcept {
    plan &p = current;
    if (p.fails_at == never)
        return false;
    const std::size_t number = p.next++;
    const bool fails = p.kind == shortage::once ? number == p.fails_at : number >= p.fails_at;
    if (fails) {
        p.felt = true;
        errno = ENOMEM;
    }
    return fails;
}

void *counted(void *p) noexcept {
    if (p != nullptr)
        live.fetch_add(1, std::memory_order_relaxed);
    return p;
}

void *aligned(std::size_t alignment, std::size_t size) noexcept {
    return fails_now() ? nullptr : counted(__libc_memalign(alignment, size));
}

} // namespace

memory_shortage::memory_shortage(std::size_t n, shortage kind) {
    current = {.next = 0, .fails_at = n, .kind = kind, .felt = false};
}

memory_shortage::~memory_shortage() { current.fails_at = never; }

bool memory_shortage::was_felt() const { return current.felt; }

long live_allocations() { return live.load(); }

} // namespace kcapi::test

using kcapi::test::aligned;
using kcapi::test::counted;
using kcapi::test::fails_now;
using kcapi::test::live;

extern "C" {

[[gnu::visibility("default")]] void *malloc(std::size_t size) {
    return fails_now() ? nullptr : counted(__libc_malloc(size));
}

[[gnu::visibility("default")]] void *calloc(std::size_t number, std::size_t size) {
    return fails_now() ? nullptr : counted(__libc_calloc(number, size));
}

[[gnu::visibility("default")]] void *realloc(void *p, std::size_t size) {
    if (fails_now())
        return nullptr;
    void *const moved = __libc_realloc(p, size);
    if (p == nullptr)
        return counted(moved);
    if (size == 0)
        live.fetch_sub(1, std::memory_order_relaxed);
    return moved;
}

[[gnu::visibility("default")]] void *memalign(std::size_t alignment, std::size_t size) {
    return aligned(alignment, size);
}

[[gnu::visibility("default")]] void *aligned_alloc(std::size_t alignment, std::size_t size) {
    return aligned(alignment, size);
}

[[gnu::visibility("default")]] int posix_memalign(void **p, std::size_t alignment, std::size_t size) {
    void *const made = aligned(alignment, size);
    if (made == nullptr)
        return ENOMEM;
    *p = made;
    return 0;
}

[[gnu::visibility("default")]] void free(void *p) {
    if (p == nullptr)
        return;
    live.fetch_sub(1, std::memory_order_relaxed);
    __libc_free(p);
}

[[gnu::visibility("default")]] void *mmap(void *address, std::size_t length, int protection, int flags,
                                          int fd, off_t offset) noexcept {
    if (fails_now())
        return MAP_FAILED;
    void *const p =
        reinterpret_cast<void *>(::syscall(SYS_mmap, address, length, protection, flags, fd, offset));
    if (p != MAP_FAILED)
        live.fetch_add(1, std::memory_order_relaxed);
    return p;
}

[[gnu::visibility("default")]] int munmap(void *address, std::size_t length) noexcept {
    live.fetch_sub(1, std::memory_order_relaxed);
    return static_cast<int>(::syscall(SYS_munmap, address, length));
}
}
