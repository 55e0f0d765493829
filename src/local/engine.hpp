// SPDX-License-Identifier: BSD-3-Clause
//
// The local engine: AF_ALG's behaviour in this process, over drivers.
#pragma once

#include "alg/engine.hpp"
#include "local/registry.hpp"

#include <memory>

namespace kcapi::local {

/// An engine over the drivers of `modules`, and of `files` when they are asked for.
[[nodiscard]] std::unique_ptr<alg::engine> make_engine(const std::vector<const module *> &modules,
                                                       registry_options options = {},
                                                       std::vector<module_file> files = {});

} // namespace kcapi::local
