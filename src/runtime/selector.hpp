// SPDX-License-Identifier: BSD-3-Clause
//
// The rule by which `auto` picks an engine, apart from where engines and environment come from, so that it
// can be tested with engines of any behaviour.
//
// 1. the kernel, if it would serve the name from hardware that only it reaches, or if local does not know the
// name;
// 2. otherwise local. A refusal by the kernel means "not here", and local serves.
// 3. neither: the kernel's number.
#pragma once

#include "alg/engine.hpp"
#include "base/mutex.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace kcapi::runtime {

class selector {
  public:
    using hardware_test = std::function<bool(alg::kind, std::string_view)>;

    struct choice {
        std::shared_ptr<alg::transform> transform;
        alg::engine *engine = nullptr;
    };

    /// The engines outlive the selector.
    selector(alg::engine &kernel, alg::engine &local, hardware_test hardware)
        : kernel_(kernel), local_(local), hardware_(std::move(hardware)) {}

    [[nodiscard]] result<choice> open(alg::kind type, std::string_view name);

  private:
    enum class decision : std::uint8_t { unknown, kernel, local };

    [[nodiscard]] decision remembered(alg::kind type, std::string_view name);
    void remember(alg::kind type, std::string_view name, decision d);

    alg::engine &kernel_;
    alg::engine &local_;
    const hardware_test hardware_;
    base::mutex mutex_;
    std::map<alg::kind, std::map<std::string, decision, std::less<>>> decisions_;
};

/// Whether an engine that answers `code` to open has refused (it does not have the algorithm, or may not give
/// it), as opposed to having failed (no memory, no descriptors, a key problem).
[[nodiscard]] bool is_refusal(int code) noexcept;

} // namespace kcapi::runtime
