// SPDX-License-Identifier: BSD-3-Clause
//
// What the kernel tells about its algorithms, by netlink (report.cpp parses, netlink.cpp talks) and by
// /proc/crypto (listing.cpp); and what is known without asking (modes.cpp). The parsers trust no length and
// no number they read.
#pragma once

#include "alg/engine.hpp"
#include "base/bytes.hpp"
#include "base/sys.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::afalg {

/// One algorithm of the kernel: an entry of a list, of which only kinds that AF_ALG has are kept.
struct record {
    alg::properties info;
    bool async = false;    ///< may finish later, off the CPU; invisible to AF_ALG since 7.2
    bool internal = false; ///< a part of other algorithms, never bound
    bool tested = false;
};

// report.cpp

/// Reads one datagram of a reply to the query `sequence`, appending to `out`. True: the reply is complete.
/// The kernel's error if it sent one; EPROTO for whatever does not fit. Messages of other sequences are
/// passed over.
[[nodiscard]] result<bool> parse_reply(base::bytes datagram, std::uint32_t sequence,
                                       std::vector<record> &out);

// netlink.cpp

/// A conversation with the kernel's crypto configuration. Never sleeps: replies are there when a query
/// returns.
class netlink {
  public:
    [[nodiscard]] static result<netlink> open();
    /// The newest algorithm of that kind with this name, or the one with this driver name. ENOENT if there is
    /// none.
    [[nodiscard]] result<record> by_name(alg::kind type, std::string_view name);
    [[nodiscard]] result<record> by_driver(alg::kind type, std::string_view driver_name);
    [[nodiscard]] result<std::vector<record>> dump();

  private:
    explicit netlink(base::unique_fd fd) noexcept : fd_(std::move(fd)) {}
    [[nodiscard]] result<record> one(alg::kind type, std::string_view name, std::string_view driver_name);
    [[nodiscard]] result<std::vector<record>> ask(std::string_view name, std::string_view driver_name,
                                                  int flags);
    [[nodiscard]] result<std::size_t> receive(std::vector<std::uint8_t> &buffer) noexcept;

    base::unique_fd fd_;
    std::uint32_t sequence_ = 0;
};

// listing.cpp

[[nodiscard]] std::vector<record> parse_proc_crypto(std::string_view text);
[[nodiscard]] result<std::vector<record>> read_proc_crypto();

/// Kernels before 7 call asynchronous what is a mere wrapper: around instructions that may be out of reach at
/// times, with the internal part listed beside it. Clears `async` of those, so that devices and queues
/// remain.
void clear_wrappers(std::vector<record> &records);

/// Whether bind can reach the entry at all.
[[nodiscard]] bool is_offered(const record &r, bool async_allowed) noexcept;
/// The entry that bind takes for a name: an exact driver name, else the highest priority; null if there is
/// none.
[[nodiscard]] const record *choose(std::span<const record> records, alg::kind type, std::string_view name,
                                   bool async_allowed) noexcept;

// modes.cpp

/// Whether a message may be processed in several passes with the result of one: the mode carries all it needs
/// in the IV. By the template that stands outermost in a canonical name.
[[nodiscard]] bool passes_chain(std::string_view name);
/// The size in whose multiples an unfinished message is processed, where the kernel did not tell.
[[nodiscard]] std::uint32_t derive_chunk_size(const alg::properties &info);
/// Sizes by name alone, for the modes and ciphers that kernels have; skcipher only.
[[nodiscard]] std::optional<alg::properties> known_properties(alg::kind type, std::string_view name);

} // namespace kcapi::afalg
