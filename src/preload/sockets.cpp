// SPDX-License-Identifier: BSD-3-Clause
#include "preload/sockets.hpp"

#include "preload/faults.hpp"
#include "preload/memory.hpp"
#include "preload/next.hpp"
#include "preload/process.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"
#include "preload/settings.hpp"

#include "runtime/runtime.hpp"

#include <linux/if_alg.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace kcapi::preload {

namespace {

/// CRYPTO_ALG_KERN_DRIVER_ONLY, the one bit of salg_feat and salg_mask that passes.
constexpr std::uint32_t driver_only = 0x1000;
/// sizeof(struct sockaddr_storage): what the socket layer copies at most.
constexpr std::size_t longest_address = 128;
constexpr std::size_t type_offset = 2;
constexpr std::size_t type_size = 14;
constexpr std::size_t feature_offset = 16;
constexpr std::size_t mask_offset = 20;
constexpr std::size_t name_offset = 24;

struct wanted_algorithm {
    std::optional<alg::kind> kind;
    std::string_view name;
    bool only_in_drivers = false;
};

std::uint32_t word_at(base::bytes b, std::size_t offset) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, b.data() + offset, sizeof value);
    return value;
}

/// As the kernel, which ends type and name in place: the last character of each cannot count.
std::string_view text_at(base::bytes b, std::size_t offset, std::size_t size) noexcept {
    const auto *const begin = reinterpret_cast<const char *>(b.data() + offset);
    return {begin, ::strnlen(begin, size - 1)};
}

std::optional<alg::kind> bindable(std::string_view type) noexcept {
    const std::optional<alg::kind> k = alg::kind_from_name(type);
    // Kinds of the seam that AF_ALG does not have.
    return k == alg::kind::akcipher || k == alg::kind::kpp ? std::nullopt : k;
}

result<wanted_algorithm> parse_address(base::bytes address) noexcept {
    if (address.size() < name_offset + 1)
        return error{EINVAL, "address"};
    const std::uint32_t features = word_at(address, feature_offset);
    const std::uint32_t mask = word_at(address, mask_offset);
    if (((features | mask) & ~driver_only) != 0)
        return error{EINVAL, "features"};
    return wanted_algorithm{.kind = bindable(text_at(address, type_offset, type_size)),
                            .name = text_at(address, name_offset, address.size() - name_offset),
                            .only_in_drivers = (features & mask & driver_only) != 0};
}

result<std::shared_ptr<alg::transform>> find_algorithm(const wanted_algorithm &wanted) {
    if (!wanted.kind || wanted_service() != service::local)
        return error{ENOENT, "algorithm"};
    if (wanted.only_in_drivers)
        return error{wanted.name.find('(') == std::string_view::npos ? ENOENT : EINVAL, "algorithm"};
    const std::lock_guard lock(engine_use());
    return runtime::local_engine().open(*wanted.kind, wanted.name);
}

} // namespace

long open_descriptor(held d, int type, int flags) noexcept {
    const long fd = next::raw(SYS_socket, AF_UNIX, type | flags, 0);
    if (fd < 0)
        return fd;
    const int number = static_cast<int>(fd);
    struct stat is {};
    if (::fstat(number, &is) == 0) {
        d->device = is.st_dev;
        d->inode = is.st_ino;
    }
    d->nonblocking = (flags & SOCK_NONBLOCK) != 0;
    if (table::put(number, std::move(d)))
        return fd;
    (void)next::raw(SYS_close, fd);
    return -EMFILE;
}

long make_transform_socket(int type, int protocol) {
    constexpr int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
    if ((type & ~(flags | 0xf)) != 0)
        return -EINVAL;
    // A library that the engine computes with may itself look for AF_ALG: it would come round in a circle.
    if (presence::blocks_anything())
        return -EAFNOSUPPORT;
    if ((type & ~flags) != SOCK_SEQPACKET)
        return -ESOCKTNOSUPPORT;
    if (protocol != 0)
        return -EPROTONOSUPPORT;
    catch_faults();
    note_process();
    held d(description::make(role::transform));
    if (!d)
        return -ENOMEM;
    return open_descriptor(std::move(d), readiness::socket_type(role::transform, {}), type & flags);
}

long bind_socket(description &d, const sockaddr *address, socklen_t size, trace::details &said) {
    if (size > longest_address)
        return -EINVAL;
    if (size != 0 && readable(address, size) != size)
        return -EFAULT;
    std::array<std::uint8_t, longest_address> copy{};
    if (size != 0)
        std::memcpy(copy.data(), address, size);
    if (!d.is(role::transform))
        return -EOPNOTSUPP;
    const result<wanted_algorithm> wanted = parse_address(base::bytes(copy).first(size));
    if (!wanted)
        return to_kernel(result<void>(wanted.error()));
    said.set(", %.13s, \"%.103s\"", reinterpret_cast<const char *>(copy.data() + type_offset),
             std::string(wanted->name).c_str());
    if (presence::blocks_anything())
        return -EBUSY;
    const presence here(d);
    result<std::shared_ptr<alg::transform>> found = find_algorithm(*wanted);
    if (!found)
        return to_kernel(result<void>(found.error()));
    const std::lock_guard lock(d.setting);
    if (d.operations.load(std::memory_order_acquire) != 0)
        return -EBUSY;
    d.bound = std::move(*found);
    return 0;
}

namespace {

/// The operation that accept would return; `kind` and what else is needed go into `out`.
long fill_operation(description &from, description &out) {
    const bool clones = from.is(role::operation);
    const presence here(from);
    description *const parent = clones ? from.parent : &from;
    const std::lock_guard lock(parent->setting);
    if (!clones && parent->bound == nullptr)
        return -EINVAL;
    result<std::unique_ptr<alg::operation>> made = clones ? from.op->clone() : parent->bound->accept();
    if (!made)
        return to_kernel(result<void>(made.error()));
    out.op = std::move(*made);
    out.kind = clones ? from.kind : parent->bound->info().type;
    out.digest_size = clones ? from.digest_size : parent->bound->info().digest_size;
    if (!parent->hold())
        return -EBADF;
    parent->operations.fetch_add(1, std::memory_order_relaxed);
    out.parent = parent;
    return 0;
}

} // namespace

long accept_socket(description &d, const sockaddr *address, int flags) {
    if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
        return -EINVAL;
    if (d.is(role::netlink))
        return -EOPNOTSUPP;
    if (presence::blocks(d))
        return -EBUSY;
    held made(description::make(role::operation));
    if (!made)
        return -ENOMEM;
    if (const long r = fill_operation(d, *made); r != 0)
        return r;
    // AF_ALG has no name to give, which the socket layer finds out last.
    if (address != nullptr)
        return -ECONNABORTED;
    const int type = readiness::socket_type(role::operation, made->kind);
    return open_descriptor(std::move(made), type, flags);
}

} // namespace kcapi::preload
