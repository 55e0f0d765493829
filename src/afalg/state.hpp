// SPDX-License-Identifier: BSD-3-Clause
//
// What an engine learns while it runs and keeps for the process: how this kernel behaves, found by trying,
// and the properties of algorithms, so that opening a name for the second time asks nobody. All of it is
// thread-safe, and no lock is held over a system call, so that a child forked in between finds none held for
// good.
#pragma once

#include "afalg/listing.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace kcapi::afalg {

/// probe.cpp
class kernel_probe {
  public:
    /// Whether bind obeys feature and mask. A kernel that ignores them also keeps asynchronous
    /// implementations and devices from AF_ALG.
    [[nodiscard]] bool obeys_mask();
    [[nodiscard]] bool hardware_serves(alg::kind type, std::string_view name);

  private:
    using list = std::shared_ptr<const std::vector<record>>;
    [[nodiscard]] list proc_list();
    [[nodiscard]] list netlink_list();

    enum class answer : int { unknown, no, yes };
    std::atomic<answer> obeys_mask_{answer::unknown};
    std::mutex mutex_;
    list proc_list_;
    list netlink_list_; ///< empty where netlink is not there
};

/// properties.cpp
class property_cache {
  public:
    /// Properties of a name that was just bound: from the cache, else netlink, /proc/crypto, or the name
    /// itself. If nothing knows it, the error of the first that was asked.
    [[nodiscard]] result<alg::properties> find(alg::kind type, std::string_view name, kernel_probe &probe);

  private:
    using key = std::pair<alg::kind, std::string>;
    std::mutex mutex_;
    std::map<key, alg::properties> known_;
};

struct engine_state {
    property_cache properties;
    kernel_probe probe;
    std::atomic<bool> splice_refused{false};
    std::atomic<bool> ring_refused{false};  ///< io_uring
    std::atomic<bool> queue_refused{false}; ///< Linux AIO
};

} // namespace kcapi::afalg
