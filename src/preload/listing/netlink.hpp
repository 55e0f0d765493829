// SPDX-License-Identifier: BSD-3-Clause
//
// The other end of a NETLINK_CRYPTO socket: what the kernel's crypto_user would answer, for the algorithms of
// an engine. Requests are bytes from anywhere: no length in them is trusted.
#pragma once

#include "alg/engine.hpp"
#include "base/bytes.hpp"
#include "preload/listing/report.hpp"

#include <vector>

namespace kcapi::preload {

/// The socket that asks.
struct asker {
    std::uint32_t port = 0; ///< its netlink port, as getsockname tells it
    /// NETLINK_CAP_ACK is set: errors come without the request.
    bool bare_errors = false;
    /// A list was asked for and not read to its end.
    bool is_listing = false;
};

struct replies {
    /// Datagrams to be received, in this order.
    std::vector<datagram> now;
    /// The rest of a list, behind all that is there when the list's first datagram has been received. Not
    /// empty where a list was begun: the end of it is always here.
    std::vector<datagram> rest_of_list;
};

/// Answers one datagram sent to the kernel, with as many requests as it holds. May throw std::bad_alloc.
[[nodiscard]] replies answer(alg::engine &engine, base::bytes request, const asker &from);

} // namespace kcapi::preload
