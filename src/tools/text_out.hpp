// SPDX-License-Identifier: BSD-3-Clause
//
// Lines for stdout, gathered so that many of them are one write. What cannot be written is a failure with
// status 1, also what is found out at the end.
#pragma once

#include "failure.hpp"
#include "file.hpp"

#include <unistd.h>

#include <cstring>
#include <string>

namespace kcapi::tools {

class text_out {
  public:
    void put(std::string_view text) {
        pending_ += text;
        if (pending_.size() >= gathered)
            flush();
    }
    /// To be called at the end: a destructor could not fail.
    void flush() {
        const int r = write_fully(STDOUT_FILENO, bytes_of(std::string_view(pending_)));
        pending_.clear();
        if (r < 0)
            throw failure{1, std::string("write error: ") + std::strerror(-r)};
    }

  private:
    static constexpr std::size_t gathered = 64U << 10;
    std::string pending_;
};

} // namespace kcapi::tools
