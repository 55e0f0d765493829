// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/ipsecmb/managers.hpp"

#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <new>
#include <semaphore>

namespace kcapi::ipsecmb {

namespace {

constexpr std::size_t pool_size = 16;

/// They stay until the process ends: a module is never unloaded.
struct slot {
    std::atomic<bool> taken{false};
    std::array<IMB_MGR *, 2> managers{}; ///< by lanes
};

using places = std::counting_semaphore<pool_size>;

struct pool {
    places free{pool_size};
    std::array<slot, pool_size> slots;
};

void forget_owners() noexcept;

pool &the_pool() noexcept {
    static pool p;
    // Its outcome has no use: without memory for it there is none for managers either.
    [[maybe_unused]] static const int registered = ::pthread_atfork(nullptr, nullptr, forget_owners);
    return p;
}

/// In the child of a fork: the threads that had a manager are not there. What they did to it is unknown, so
/// it is given up, and its place gets another one.
void forget_owners() noexcept {
    pool &p = the_pool();
    for (slot &s : p.slots)
        if (s.taken.load(std::memory_order_relaxed)) {
            s.managers = {};
            s.taken.store(false, std::memory_order_relaxed);
        }
    p.free.~places();
    new (&p.free) places(pool_size);
}

/// Null, and ENOMEM in errno, if there is no memory.
IMB_MGR *make_manager(lanes wanted) noexcept {
    IMB_MGR *const m = alloc_mb_mgr(0);
    if (m == nullptr) {
        errno = ENOMEM;
        return nullptr;
    }
    if (wanted == lanes::sha_instructions) {
        // Of the library's tables the one that takes them for SHA-1, too.
        init_mb_mgr_sse(m);
        if ((m->features & IMB_FEATURE_SHANI) != 0)
            return m;
    }
    init_mb_mgr_auto(m, nullptr);
    return m;
}

/// Where a thread begins to look, so that each tends to find the manager it had.
std::size_t first_slot() noexcept {
    return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(::pthread_self()) >> 12U) % pool_size;
}

} // namespace

const IMB_MGR *functions() noexcept {
    // Not a static of the manager itself: want of memory is no answer for ever.
    static std::atomic<const IMB_MGR *> shared{nullptr};
    const IMB_MGR *m = shared.load(std::memory_order_acquire);
    if (m == nullptr) {
        IMB_MGR *const made = make_manager(lanes::widest);
        if (made == nullptr)
            return nullptr;
        if (shared.compare_exchange_strong(m, made, std::memory_order_acq_rel))
            m = made;
        else
            free_mb_mgr(made);
    }
    constexpr std::uint64_t wanted =
        IMB_FEATURE_SAFE_DATA | IMB_FEATURE_SELF_TEST | IMB_FEATURE_SELF_TEST_PASS | IMB_FEATURE_AESNI;
    return m->used_arch >= IMB_ARCH_SSE && (m->features & wanted) == wanted ? m : nullptr;
}

bool is_wide() noexcept {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0;
}

lease::lease(lanes wanted) noexcept : slot_(first_slot()) {
    pool &p = the_pool();
    p.free.acquire();
    // One of them is free, or the semaphore would have held us.
    while (p.slots[slot_].taken.exchange(true, std::memory_order_acquire))
        slot_ = (slot_ + 1) % pool_size;
    IMB_MGR *&mine = p.slots[slot_].managers[static_cast<std::size_t>(wanted)];
    if (mine == nullptr)
        mine = make_manager(wanted);
    manager_ = mine;
}

lease::~lease() {
    pool &p = the_pool();
    p.slots[slot_].taken.store(false, std::memory_order_release);
    p.free.release();
}

} // namespace kcapi::ipsecmb
