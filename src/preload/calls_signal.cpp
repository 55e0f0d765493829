// SPDX-License-Identifier: BSD-3-Clause
//
// The program's actions for the two signals that faults.hpp needs, and its mask, which must let them through.
#include "preload/faults.hpp"
#include "preload/memory.hpp"
#include "preload/next.hpp"
#include "preload/serving.hpp"

namespace kcapi::preload {

namespace {

using simple_handler = void (*)(int);

template <class Next>
int with_mask(Next next_mask, int how, const sigset_t *set, sigset_t *before) {
    if (set == nullptr || how == SIG_UNBLOCK || !catches_faults() || !can_read(set)) [[likely]]
        return next_mask(how, set, before);
    const sigset_t rest = without_faults(*set);
    return next_mask(how, &rest, before);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(int, sigaction, int number, const struct sigaction *now, struct sigaction *before) {
    if (!keeps_action(number)) [[likely]]
        return next::sigaction(number, now, before);
    return exchange_action(number, now, before);
}

KCAPI_EXPORT(simple_handler, signal, int number, simple_handler handler) {
    struct sigaction now {};
    struct sigaction before {};
    now.sa_handler = handler;
    now.sa_flags = SA_RESTART;
    if (handler == SIG_ERR)
        return next::signal(number, handler);
    if (!keeps_action(number)) [[likely]]
        return next::signal(number, handler);
    (void)::sigaddset(&now.sa_mask, number);
    return exchange_action(number, &now, &before) == 0 ? before.sa_handler : SIG_ERR;
}

KCAPI_EXPORT(int, sigprocmask, int how, const sigset_t *set, sigset_t *before) {
    return with_mask(next::sigprocmask, how, set, before);
}

KCAPI_EXPORT(int, pthread_sigmask, int how, const sigset_t *set, sigset_t *before) {
    return with_mask(next::pthread_sigmask, how, set, before);
}
