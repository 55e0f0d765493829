// SPDX-License-Identifier: BSD-3-Clause
#include "privileges.hpp"

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace kcapi::tools {

std::string privileges_gained(int fd) {
    struct ::stat s {};
    struct ::statvfs mount {};
    if (::fstat(fd, &s) != 0)
        return {};
    // Where nobody gains anything, the bits of a file say nothing.
    if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
        return {};
    if (::fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0)
        return {};
    if ((s.st_mode & S_ISUID) != 0 && s.st_uid != ::getuid())
        return "it is set-user-ID, and takes no library from its environment";
    if ((s.st_mode & S_ISGID) != 0 && (s.st_mode & S_IXGRP) != 0 && s.st_gid != ::getgid())
        return "it is set-group-ID, and takes no library from its environment";
    if (::getuid() != 0 && ::fgetxattr(fd, "security.capability", nullptr, 0) > 0)
        return "it has capabilities of its own, and takes no library from its environment";
    return {};
}

bool runs_privileged() noexcept {
    return ::getauxval(AT_SECURE) != 0 || ::getuid() != ::geteuid() || ::getgid() != ::getegid();
}

} // namespace kcapi::tools
