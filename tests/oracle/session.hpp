// SPDX-License-Identifier: BSD-3-Clause
//
// Makes the calls of a script, one by one, on a backend, and tells how each ended.
#pragma once

#include "oracle/backend.hpp"
#include "oracle/script.hpp"

#include <functional>
#include <map>

namespace kcapi::oracle {

/// How a call ended.
struct outcome {
    long value = 0;                     ///< as the call returned it, or the negative errno value
    std::vector<std::uint8_t> received; ///< receive: `value` bytes
    std::size_t beyond = 0;             ///< receive: bytes changed behind those, up to the last one
    std::optional<poll_state> ready;    ///< poll

    friend bool operator==(const outcome &, const outcome &) = default;
};

/// "-EINVAL", "16 1fe8d836...", "in out". Data of more than 64 bytes are told by SHA-256, first and last
/// bytes.
[[nodiscard]] std::string to_text(const outcome &o);

/// The objects of one run by name. Closes what is left open.
class session {
  public:
    explicit session(backend &on) noexcept : backend_(on) {}
    ~session();
    session(const session &) = delete;
    session &operator=(const session &) = delete;

    /// Looks the object up now and gives the call itself, which may then be made on another thread.
    [[nodiscard]] std::function<outcome()> prepare(const call &c);
    outcome perform(const call &c) { return prepare(c)(); }

  private:
    [[nodiscard]] handle handle_of(const std::string &name) const;
    outcome make(const call &c);

    backend &backend_;
    std::map<std::string, handle> objects_;
};

} // namespace kcapi::oracle
