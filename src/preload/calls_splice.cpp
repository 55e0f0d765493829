// SPDX-License-Identifier: BSD-3-Clause
//
// splice and sendfile. vmsplice and tee know pipes only: to them ours is as wrong as any socket.
#include "preload/next.hpp"
#include "preload/serving.hpp"
#include "preload/splicing.hpp"

#include <fcntl.h>

#include <cerrno>

namespace kcapi::preload {

namespace {

constexpr unsigned known_flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

long spliced(int in, off64_t *in_offset, int out, off64_t *out_offset, std::size_t size, unsigned flags,
             trace::details &said) {
    said.set(", %zu bytes from %d, 0x%x", size, in, flags);
    if (size == 0)
        return 0;
    if ((flags & ~known_flags) != 0)
        return -EINVAL;
    const held from = table::find(in);
    const held to = table::find(out);
    if (!from == !to)
        return from ? -EINVAL : -EBADF; // The latter: closed meanwhile.
    // A pipe has no place to seek to, a socket none to write at.
    if ((to ? in_offset : out_offset) != nullptr)
        return -ESPIPE;
    if ((to ? out_offset : in_offset) != nullptr)
        return -EINVAL;
    return to ? splice_from_pipe(in, out, *to, size, flags) : splice_to_pipe(in, *from, out, size, flags);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(ssize_t, splice, int in, off64_t *in_offset, int out, off64_t *out_offset, std::size_t size,
             unsigned flags) {
    const bool to_ours = table::has(out);
    if (!to_ours && !table::has(in)) [[likely]]
        return next::splice(in, in_offset, out, out_offset, size, flags);
    return served(
        "splice", to_ours ? out : in,
        [&](description &, trace::details &said) {
            return spliced(in, in_offset, out, out_offset, size, flags, said);
        },
        [&]() -> long { return next::splice(in, in_offset, out, out_offset, size, flags); });
}

KCAPI_EXPORT(ssize_t, sendfile, int out, int in, off_t *offset, std::size_t size) {
    const auto pass = [&]() -> long { return next::sendfile(out, in, offset, size); };
    if (!table::has(out)) [[likely]]
        return pass();
    return served(
        "sendfile", out,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes from %d", size, in);
            return send_file(out, d, in, offset, size);
        },
        pass);
}

static_assert(sizeof(off_t) == 8, "sendfile64 is another function where off_t is not 64 bits wide");
KCAPI_EXPORT_ALIAS("sendfile64", "sendfile");
