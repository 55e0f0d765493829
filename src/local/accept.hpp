// SPDX-License-Identifier: BSD-3-Clause
//
// How a transform with a key opens an operation.
#pragma once

#include "alg/engine.hpp"

#include <cerrno>

namespace kcapi::local {

/// With a key the operation counts as keyed at once; without, from its first use after there is one.
template <class Operation, class Transform>
[[nodiscard]] result<std::unique_ptr<alg::operation>> accept_keyed(std::shared_ptr<Transform> transform) {
    auto operation = std::make_unique<Operation>(std::move(transform));
    if (const result<void> r = operation->require_key(); !r && r.error().code != ENOKEY)
        return r.error();
    return std::unique_ptr<alg::operation>(std::move(operation));
}

} // namespace kcapi::local
