// SPDX-License-Identifier: BSD-3-Clause
//
// base/sys without system calls: link fake_sys.cpp in place of base/sys.cpp. The calls go to a fake_kernel,
// each is recorded, and a plan makes chosen ones fail or come short. One world at a time; any thread may call
// into it.
#pragma once

#include "support/fake_kernel.hpp"

#include <optional>

namespace kcapi::test {

/// A call as it was made.
struct system_call {
    std::string name;
    int fd = -1;
    int flags = 0; ///< or the level of an option
    int option = 0;
    std::size_t size = 0; ///< bytes of data that were offered or asked for
    std::size_t elements = 0;
    byte_vector control{};
    byte_vector address{};
    long outcome = 0;
};

/// The world behind base::sys. Making one makes it current, and starts it afresh.
class fake_world {
  public:
    fake_world();
    ~fake_world();
    fake_world(const fake_world &) = delete;
    fake_world &operator=(const fake_world &) = delete;

    fake_kernel kernel;
    bool proc_readable = true;
    int process = 1000;                     ///< its number
    std::optional<std::string> proc_crypto; ///< instead of the kernel's own list
    std::vector<system_call> calls;

    /// The `from`-th call of this name on, `count` of them, fails with `code`.
    void fail(std::string name, int code, std::size_t from = 1, std::size_t count = SIZE_MAX);
    /// The n-th call of any name fails.
    void fail_nth(std::size_t n, int code);
    /// As fail, but the call moves at most `size` bytes.
    void shorten(std::string name, std::size_t size, std::size_t from = 1, std::size_t count = SIZE_MAX);
    /// Forgets plans and records; objects stay.
    void relax();

    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// Calls of one name, in order.
    [[nodiscard]] std::vector<system_call> all(std::string_view name) const;
    /// Whether a planned failure came about.
    [[nodiscard]] bool failed() const { return failed_; }

    // For fake_sys.cpp.
    struct verdict {
        int code = 0;
        std::size_t limit = SIZE_MAX;
    };
    [[nodiscard]] verdict judge(const std::string &name);

  private:
    struct rule {
        std::string name; ///< empty: any
        int code;
        std::size_t limit;
        std::size_t from;
        std::size_t count;
        std::size_t seen;
    };
    std::vector<rule> rules_;
    bool failed_ = false;
};

/// For what stands beside base/sys: records a call of this name; 0, or the errno value that the plan has for
/// it.
[[nodiscard]] int planned(std::string name);

} // namespace kcapi::test
