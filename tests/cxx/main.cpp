// SPDX-License-Identifier: BSD-3-Clause
//
// The C++ API over the local engine, as a program meets it: public headers and the shared library. How much
// the headers take from the heap is counted here.
#include "cxx/support.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;

void *memory(std::size_t size) noexcept { return std::malloc(size == 0 ? 1 : size); }

void *counted(std::size_t size) {
    ++allocations;
    if (void *const p = memory(size))
        return p;
    throw std::bad_alloc();
}

} // namespace

void *operator new(std::size_t size) { return counted(size); }
void *operator new[](std::size_t size) { return counted(size); }
// The library's, not the headers': under a sanitizer its calls come here too, and what one form gave another
// takes.
void *operator new(std::size_t size, const std::nothrow_t &) noexcept { return memory(size); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept { return memory(size); }
void operator delete(void *p) noexcept { std::free(p); }
void operator delete[](void *p) noexcept { std::free(p); }
void operator delete(void *p, std::size_t) noexcept { std::free(p); }
void operator delete[](void *p, std::size_t) noexcept { std::free(p); }

std::size_t kcapi::test::allocations_so_far() noexcept { return allocations; }

int main(int argc, char **argv) {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
