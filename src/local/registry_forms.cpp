// SPDX-License-Identifier: BSD-3-Clause
//
// Templates of the kernel that make nothing new here, with the numbers by which Linux 6.12 answers for them.
// Wrappers: cryptd makes an asynchronous copy of an algorithm, pcrypt one that uses all processors; none of
// them is found under the name that was asked for. Gcm and ccm spelt by their parts, which is a name of
// theirs only if the parts are named by their drivers. rfc7539 over parts that nobody combines, and adiantum
// with its hash.
#include "local/registry.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace kcapi::local {

namespace {

constexpr error few_arguments{ENOENT, "template with too few arguments"};
constexpr error other_type{EINVAL, "template of another type"};
constexpr error unfit{EINVAL, "template refuses its argument"};
constexpr error alias{EEXIST, "alias of an existing algorithm"};

/// "aes" of an algorithm "ctr(aes)"; empty if it is no such.
std::string_view inside(std::string_view name, std::string_view mode) noexcept {
    const bool fits = name.size() > mode.size() + 2 && name.starts_with(mode) && name[mode.size()] == '(' &&
                      name.ends_with(')');
    return fits ? name.substr(mode.size() + 1, name.size() - mode.size() - 2) : std::string_view();
}

/// Templates of kinds of algorithms that AF_ALG does not have; here they have no instance at all.
constexpr auto templates_of_other_kinds =
    std::to_array<std::string_view>({"ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"});

} // namespace

result<const driver *> registry::refused_wrapper(driver_kind type, const alg::name &wanted) {
    const bool is_cryptd = wanted.base == "cryptd";
    const bool wraps = type == driver_kind::aead ||
                       (is_cryptd && (type == driver_kind::skcipher || type == driver_kind::hash));
    if (!wraps)
        return other_type;
    const result<const driver *> inner = find_locked(type, wanted.arguments[0].text(), true);
    if (!inner)
        return inner.error();
    return is_cryptd ? alias : error{ENAMETOOLONG, "the name of the wrapper's driver"};
}

/// Whoever has no driver for the parts has none for their combination.
result<const driver *> registry::refused_rfc7539(const alg::name &wanted) {
    if (wanted.arguments.size() < 2)
        return few_arguments;
    const result<const driver *> cipher =
        find_locked(driver_kind::skcipher, wanted.arguments[0].text(), true);
    if (!cipher)
        return cipher.error();
    const result<const driver *> hash = find_locked(driver_kind::hash, wanted.arguments[1].text(), true);
    if (!hash)
        return hash.error();
    const bool fits = (*cipher)->sizes.iv_size == 16 && (*cipher)->sizes.block_size == 1 &&
                      (*hash)->sizes.digest_size == 16;
    return fits ? error{ENOENT, "unknown template"} : unfit;
}

std::optional<result<const driver *>> registry::refused_form(driver_kind type, const alg::name &wanted) {
    const bool is_gcm = wanted.base == "gcm_base", is_ccm = wanted.base == "ccm_base";
    if (wanted.base == "cryptd" || wanted.base == "pcrypt")
        return refused_wrapper(type, wanted);
    if (type == driver_kind::skcipher && wanted.base == "adiantum" && wanted.arguments.size() > 2) {
        const result<const driver *> hash = find_locked(driver_kind::hash, wanted.arguments[2].text(), true);
        if (!hash)
            return hash.error();
        return std::string_view((*hash)->name) == "nhpoly1305" ? std::nullopt
                                                               : std::optional<result<const driver *>>(unfit);
    }
    if (type == driver_kind::aead && (wanted.base == "rfc7539" || wanted.base == "rfc7539esp"))
        return refused_rfc7539(wanted);
    if (!is_gcm && !is_ccm) {
        const bool other = std::find(templates_of_other_kinds.begin(), templates_of_other_kinds.end(),
                                     wanted.base) != templates_of_other_kinds.end();
        return other && type != driver_kind::kpp ? std::optional<result<const driver *>>(other_type)
                                                 : std::nullopt;
    }
    if (type != driver_kind::aead)
        return other_type;
    if (wanted.arguments.size() < 2)
        return few_arguments;
    const result<const driver *> hash = find_locked(driver_kind::hash, wanted.arguments[1].text(), true);
    if (!hash)
        return hash.error();
    const std::string_view hashed = inside((*hash)->name, "cbcmac");
    if (is_gcm ? std::string_view((*hash)->name) != "ghash" : hashed.empty())
        return unfit;
    const result<const driver *> ctr = find_locked(driver_kind::skcipher, wanted.arguments[0].text(), true);
    if (!ctr)
        return ctr.error();
    const std::string_view cipher = inside((*ctr)->name, "ctr");
    if (cipher.empty() || (*ctr)->sizes.iv_size != 16 || (is_ccm && cipher != hashed))
        return unfit;
    const std::string mode = is_gcm ? "gcm" : "ccm";
    const std::string by_drivers = mode + "_base(" + (*ctr)->driver_name + ',' + (*hash)->driver_name + ')';
    if (wanted.text() != by_drivers)
        return alias;
    return find_locked(type, mode + '(' + std::string(cipher) + ')', true);
}

} // namespace kcapi::local
