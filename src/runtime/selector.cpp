// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/selector.hpp"

#include <cerrno>

namespace kcapi::runtime {

namespace {

/// Names a program makes up must not fill the memory: what does not fit is decided again each time.
constexpr std::size_t max_decisions = 1024;

} // namespace

bool is_refusal(int code) noexcept {
    switch (code) {
    case ENOENT:
    case EINVAL:
    case EEXIST:
    case ELOOP:
    case ELIBBAD:
    case ENAMETOOLONG:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case ESOCKTNOSUPPORT:
    case EOPNOTSUPP:
    case ENOSYS:
    case EPERM:
    case EACCES:
        return true;
    default:
        return false;
    }
}

selector::decision selector::remembered(alg::kind type, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto &of_kind = decisions_[type];
    const auto it = of_kind.find(name);
    return it == of_kind.end() ? decision::unknown : it->second;
}

void selector::remember(alg::kind type, std::string_view name, decision d) {
    const std::lock_guard lock(mutex_);
    if (auto &of_kind = decisions_[type]; of_kind.size() < max_decisions)
        of_kind.insert_or_assign(std::string(name), d);
}

result<selector::choice> selector::open(alg::kind type, std::string_view name) {
    const auto opened_by = [](alg::engine &e, result<std::shared_ptr<alg::transform>> &&t) -> result<choice> {
        return choice{std::move(*t), &e};
    };
    decision d = remembered(type, name);
    if (d == decision::unknown && hardware_(type, name)) {
        if (auto t = kernel_.open(type, name)) {
            remember(type, name, decision::kernel);
            return opened_by(kernel_, std::move(t));
        }
    }
    if (d != decision::kernel) {
        auto t = local_.open(type, name);
        if (t) {
            if (d == decision::unknown)
                remember(type, name, decision::local);
            return opened_by(local_, std::move(t));
        }
        if (!is_refusal(t.error().code))
            return t.error();
    }
    auto t = kernel_.open(type, name);
    if (t) {
        if (d == decision::unknown)
            remember(type, name, decision::kernel);
        return opened_by(kernel_, std::move(t));
    }
    return t.error();
}

} // namespace kcapi::runtime
