// SPDX-License-Identifier: BSD-3-Clause
#include "preload/next.hpp"

#include <dlfcn.h>
#include <sys/syscall.h>

#include <cerrno>
#include <type_traits>

namespace kcapi::preload::next {

namespace {

void resolve() noexcept;

/// What a pointer holds until it is resolved, and after that if this libc has no such function.
template <auto Pointer>
struct stand_in;

template <class Value, class... Arguments, Value (**Pointer)(Arguments...)>
struct stand_in<Pointer> {
    static Value early(Arguments... arguments) {
        resolve();
        return (*Pointer)(arguments...);
    }
    static Value missing(Arguments...) {
        errno = ENOSYS;
        if constexpr (std::is_pointer_v<Value>)
            return nullptr;
        else if constexpr (!std::is_void_v<Value>)
            return -1;
    }
};

} // namespace

#define KCAPI_NEXT_DEFINE(value, name, parameters) value(*name) parameters = stand_in<&name>::early;
KCAPI_NEXT_FUNCTIONS(KCAPI_NEXT_DEFINE)
KCAPI_NEXT_CHECKED_FUNCTIONS(KCAPI_NEXT_DEFINE)
#undef KCAPI_NEXT_DEFINE

namespace {

long bits(const void *p) noexcept { return reinterpret_cast<long>(p); }

/// A program that has no libaio yet may load it later; what that does is one system call each.
void stand_in_for_libaio() noexcept {
    if (io_submit == stand_in<&io_submit>::missing)
        io_submit = [](void *context, long count, void **list) {
            return static_cast<int>(raw(SYS_io_submit, bits(context), count, bits(list)));
        };
    if (io_destroy == stand_in<&io_destroy>::missing)
        io_destroy = [](void *context) { return static_cast<int>(raw(SYS_io_destroy, bits(context))); };
    if (io_getevents == stand_in<&io_getevents>::missing)
        io_getevents = [](void *context, long least, long most, void *events, timespec *timeout) {
            return static_cast<int>(
                raw(SYS_io_getevents, bits(context), least, most, bits(events), bits(timeout)));
        };
    if (io_pgetevents == stand_in<&io_pgetevents>::missing)
        io_pgetevents = [](void *context, long least, long most, void *events, timespec *timeout,
                           sigset_t *mask) {
            const struct {
                const sigset_t *mask;
                std::size_t size;
            } signals{mask, 8};
            return static_cast<int>(raw(SYS_io_pgetevents, bits(context), least, most, bits(events),
                                        bits(timeout), mask == nullptr ? 0 : bits(&signals)));
        };
}

template <auto Pointer>
void find(const char *name) noexcept {
    using function = std::remove_pointer_t<decltype(Pointer)>;
    void *const found = ::dlsym(RTLD_NEXT, name);
    *Pointer = found == nullptr ? stand_in<Pointer>::missing : reinterpret_cast<function>(found);
}

/// Before any other constructor, so that no thread and no handler is there yet.
[[gnu::constructor(101)]] void resolve() noexcept {
    const int saved_errno = errno;
#define KCAPI_NEXT_FIND(value, name, parameters) find<&name>(#name);
    KCAPI_NEXT_FUNCTIONS(KCAPI_NEXT_FIND)
#undef KCAPI_NEXT_FIND
#define KCAPI_NEXT_FIND(value, name, parameters) find<&name>("__" #name);
    KCAPI_NEXT_CHECKED_FUNCTIONS(KCAPI_NEXT_FIND)
#undef KCAPI_NEXT_FIND
    stand_in_for_libaio();
    errno = saved_errno;
}

} // namespace

long raw(long number, long a, long b, long c, long d, long e, long f) noexcept {
    const int saved_errno = errno;
    const long value = syscall(number, a, b, c, d, e, f);
    const long answer = value < 0 ? -static_cast<long>(errno) : value;
    errno = saved_errno;
    return answer;
}

} // namespace kcapi::preload::next
