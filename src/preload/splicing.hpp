// SPDX-License-Identifier: BSD-3-Clause
//
// splice and sendfile where one end is ours. The other end's bytes go through a buffer; what the engine did
// not take stays where it was. Values, or negative errnos.
#pragma once

#include "preload/description.hpp"

namespace kcapi::preload {

[[nodiscard]] long splice_from_pipe(int pipe, int fd, description &to, std::size_t size, unsigned flags);
[[nodiscard]] long splice_to_pipe(int fd, description &from, int pipe, std::size_t size, unsigned flags);
[[nodiscard]] long send_file(int fd, description &to, int file, off_t *offset, std::size_t size);

} // namespace kcapi::preload
