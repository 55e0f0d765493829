// SPDX-License-Identifier: BSD-3-Clause
//
// intel-ipsec-mb's managers: tables of functions for this processor, and the state of multi-buffer jobs. What
// works on one message needs the table alone, which any thread may read. Jobs need a manager to themselves.
#pragma once

#include <intel-ipsec-mb.h>

#include <cstdint>

namespace kcapi::ipsecmb {

/// For its table of functions; null where the library cannot be used: no memory (ENOMEM in errno), a self
/// test of its own that failed, a processor without AES instructions (the library would look up tables by
/// secrets), or a build that leaves keys behind in registers and on the stack (no SAFE_DATA).
[[nodiscard]] const IMB_MGR *functions() noexcept;

/// Whether the library takes its code for AVX-512 with VAES here, which the priorities were measured with. No
/// processor has VPCLMULQDQ with AVX-512 and no VAES.
[[nodiscard]] bool is_wide() noexcept;

/// What a manager's jobs run on: as many messages side by side as this processor's widest registers have room
/// for, or two through its SHA instructions (SHA-1 and SHA-256; where it has none, as widest).
enum class lanes : std::uint8_t { widest, sha_instructions };

/// One owner at a time. Managers are made when first needed and kept; when all are in use a thread sleeps.
class lease {
  public:
    explicit lease(lanes wanted = lanes::widest) noexcept;
    ~lease();
    lease(const lease &) = delete;
    lease &operator=(const lease &) = delete;

    /// Null if there is no memory for a manager.
    [[nodiscard]] IMB_MGR *manager() const noexcept { return manager_; }

  private:
    std::size_t slot_;
    IMB_MGR *manager_;
};

} // namespace kcapi::ipsecmb
