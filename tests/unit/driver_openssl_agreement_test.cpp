// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement by libcrypto: NIST's validity tests, generated keys, and what is no key.
#include "drivers/openssl/module.hpp"
#include "local/selftest_public_key.hpp"
#include "support/listed_values.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <cerrno>

using namespace kcapi;
using namespace kcapi::test;
using alg::parameter;

namespace {

const std::string folder = KCAPI_ASYMMETRIC_DIR;

std::unique_ptr<local::kpp_state> make(const std::string &name) {
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (d.name == name) {
            std::unique_ptr<local::kpp_state> state;
            if (!d.available(d, false) || d.make_kpp(d, state) != 0)
                throw std::runtime_error("cannot make " + name);
            return state;
        }
    throw std::runtime_error("no driver for " + name);
}

octets public_key(local::kpp_state &state) {
    octets out(state.output_size());
    std::size_t n = 0;
    if (const int code = state.public_key(out, n); code != 0)
        throw std::runtime_error("public_key fails: " + std::to_string(code));
    out.resize(n);
    return out;
}

int shared(local::kpp_state &state, const octets &peer, octets &out) {
    out.assign(state.output_size(), 0xee);
    std::size_t n = 0;
    const int code = state.shared_secret(peer, out, n);
    out.resize(code == 0 ? n : 0);
    return code;
}

octets operator+(octets a, const octets &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

octets text(const std::string &s) { return {s.begin(), s.end()}; }

struct curve_case {
    const char *name;
    const char *section;
    std::size_t size;
    const char *id;
};
constexpr curve_case curve_cases[] = {{"ecdh-nist-p192", "EA - ", 24, "1"},
                                      {"ecdh-nist-p256", "EC - ", 32, "2"},
                                      {"ecdh-nist-p384", "ED - ", 48, "3"}};

/// RFC 3526's group of 2048 bits is not needed: the 1024-bit one of the vectors does.
octets some_dh_parameters() {
    const listed_case c =
        read_validity_cases(folder + "/DH/KASValidityTest_FFCStatic_NOKC_ZZOnly_init.fax", "FA - ").at(0);
    return der_numbers({c.bytes("P"), c.bytes("G")});
}

} // namespace

TEST(driver_openssl_agreement, ecdh_passes_nists_validity_tests) {
    std::size_t good = 0;
    std::size_t bad_points = 0;
    for (const curve_case &curve : curve_cases)
        for (const char *const role : {"init", "resp"})
            for (const listed_case &c : read_validity_cases(
                     folder + "/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_" + role + ".fax",
                     curve.section)) {
                SCOPED_TRACE(std::string(curve.name) + " " + role + " " + c.values.at("COUNT") + " " +
                             c.result());
                const auto state = make(curve.name);
                ASSERT_EQ(state->output_size(), 2 * curve.size);
                ASSERT_EQ(state->set_key(c.bytes("dsIUT", curve.size)), 0);
                const octets own = c.bytes("QsIUTx", curve.size) + c.bytes("QsIUTy", curve.size);
                const bool own_changed = c.result().starts_with("F (5") || c.result().starts_with("F (6") ||
                                         c.result().starts_with("F (7");
                EXPECT_EQ(public_key(*state) == own, !own_changed);
                const octets peer = c.bytes("QsCAVSx", curve.size) + c.bytes("QsCAVSy", curve.size);
                octets secret;
                const int code = shared(*state, peer, secret);
                if (c.result().starts_with("F (1") || c.result().starts_with("F (2")) {
                    EXPECT_EQ(code, EINVAL);
                    ++bad_points;
                    continue;
                }
                ASSERT_EQ(code, 0);
                if (c.passes()) {
                    EXPECT_EQ(secret, c.bytes("Z", curve.size));
                    ++good;
                } else if (c.result().starts_with("F (8")) {
                    EXPECT_NE(secret, c.bytes("Z", curve.size));
                }
            }
    EXPECT_EQ(good, 108U);
    EXPECT_EQ(bad_points, 24U);
}

TEST(driver_openssl_agreement, dh_passes_nists_validity_tests) {
    std::size_t good = 0;
    for (const char *const role : {"init", "resp"})
        for (const listed_case &c : read_validity_cases(
                 folder + "/DH/KASValidityTest_FFCStatic_NOKC_ZZOnly_" + role + ".fax", "F")) {
            SCOPED_TRACE(std::string(role) + " " + c.section + " " + c.values.at("COUNT") + " " + c.result());
            const auto state = make("dh");
            ASSERT_EQ(
                state->set_parameters(parameter::dh_parameters, der_numbers({c.bytes("P"), c.bytes("G")})),
                0);
            const std::size_t size = c.bytes("P").size();
            ASSERT_EQ(state->output_size(), size);
            ASSERT_EQ(state->set_key(c.bytes("XstatIUT")), 0);
            const bool own_changed = c.result().starts_with("F (3") || c.result().starts_with("F (4");
            EXPECT_EQ(public_key(*state) == c.bytes("YstatIUT", size), !own_changed);
            octets secret;
            const int code = shared(*state, c.bytes("YstatCAVS"), secret);
            if (c.passes()) {
                ASSERT_EQ(code, 0);
                EXPECT_EQ(secret, c.bytes("Z", size));
                ++good;
            } else if (c.result().starts_with("F (5")) {
                ASSERT_EQ(code, 0);
                EXPECT_NE(secret, c.bytes("Z", size));
            }
        }
    EXPECT_EQ(good, 96U);
}

TEST(driver_openssl_agreement, generated_keys_agree_and_differ) {
    for (const char *const name : {"dh", "ecdh-nist-p192", "ecdh-nist-p256", "ecdh-nist-p384"}) {
        SCOPED_TRACE(name);
        const auto one = make(name);
        const auto two = make(name);
        for (local::kpp_state *const s : {one.get(), two.get()}) {
            if (std::string_view(name) == "dh") {
                ASSERT_EQ(s->set_parameters(parameter::dh_parameters, some_dh_parameters()), 0);
            }
            ASSERT_EQ(s->set_key({}), 0);
        }
        octets first;
        octets second;
        ASSERT_EQ(shared(*one, public_key(*two), first), 0);
        ASSERT_EQ(shared(*two, public_key(*one), second), 0);
        EXPECT_EQ(first, second);
        EXPECT_NE(public_key(*one), public_key(*two));
        const octets before = public_key(*one);
        ASSERT_EQ(one->set_key({}), 0);
        EXPECT_NE(public_key(*one), before);
    }
}

TEST(driver_openssl_agreement, curve_is_set_by_decimal_digits) {
    for (const curve_case &curve : curve_cases) {
        const auto state = make("ecdh");
        EXPECT_EQ(state->output_size(), 0U);
        EXPECT_EQ(state->set_key({}), EINVAL) << "before there is a curve";
        ASSERT_EQ(state->set_parameters(parameter::ecdh_curve, text(curve.id)), 0);
        EXPECT_EQ(state->output_size(), 2 * curve.size);
        ASSERT_EQ(state->set_parameters(parameter::ecdh_curve, text(curve.id) + octets(7)), 0);
        ASSERT_EQ(state->set_key({}), 0);
        EXPECT_EQ(public_key(*state).size(), 2 * curve.size);
        for (const std::string bad : {"", "0", "4", "12", "x", "2x", "-1", " 2", "99999999999999999999"})
            EXPECT_EQ(state->set_parameters(parameter::ecdh_curve, text(bad)), EINVAL) << bad;
        EXPECT_EQ(state->set_parameters(parameter::ecdh_curve, octets(8)), EINVAL);
        EXPECT_EQ(public_key(*state).size(), 2 * curve.size) << "refused parameters change nothing";
        ASSERT_EQ(state->set_parameters(parameter::ecdh_curve, text(curve.id)), 0);
        octets out(96);
        std::size_t n = 0;
        EXPECT_EQ(state->public_key(out, n), EINVAL) << "new parameters take the key away";
        EXPECT_EQ(state->set_parameters(parameter::dh_parameters, some_dh_parameters()), ENOPROTOOPT);
    }
    const auto fixed = make("ecdh-nist-p256");
    EXPECT_EQ(fixed->set_parameters(parameter::ecdh_curve, text("2")), 0);
    EXPECT_EQ(fixed->set_parameters(parameter::ecdh_curve, text("1")), EINVAL);
}

TEST(driver_openssl_agreement, private_keys_of_a_curve_are_below_its_order) {
    const auto state = make("ecdh-nist-p256");
    EXPECT_EQ(state->set_key(octets(32)), EINVAL);
    EXPECT_EQ(state->set_key(octets(32, 0xff)), EINVAL);
    EXPECT_EQ(state->set_key(octets(33, 1)), EINVAL);
    EXPECT_EQ(state->set_key(octets{1}), 0);
    octets out(64);
    std::size_t n = 0;
    EXPECT_EQ(state->public_key(base::mutable_bytes(out).first(63), n), EINVAL);
    EXPECT_EQ(state->shared_secret(public_key(*state), base::mutable_bytes(out).first(31), n), EINVAL);
    EXPECT_EQ(state->set_key(octets(33, 1)), EINVAL);
    EXPECT_EQ(state->public_key(out, n), EINVAL) << "a refused key leaves none";
}

TEST(driver_openssl_agreement, points_that_are_not_on_the_curve_are_refused) {
    const auto state = make("ecdh-nist-p256");
    ASSERT_EQ(state->set_key({}), 0);
    const octets good = public_key(*state);
    octets secret;
    ASSERT_EQ(shared(*state, good, secret), 0);
    for (std::size_t i = 0; i < good.size(); ++i) {
        octets bad = good;
        bad[i] ^= 1;
        EXPECT_EQ(shared(*state, bad, secret), EINVAL) << i;
    }
    EXPECT_EQ(shared(*state, octets(64), secret), EINVAL) << "infinity";
    EXPECT_EQ(shared(*state, octets{4} + good, secret), EINVAL);
    EXPECT_EQ(shared(*state, octets(good.begin(), good.end() - 1), secret), EINVAL);
    EXPECT_EQ(shared(*state, {}, secret), EINVAL);
}

TEST(driver_openssl_agreement, public_numbers_at_the_borders_are_refused) {
    const listed_case c =
        read_validity_cases(folder + "/DH/KASValidityTest_FFCStatic_NOKC_ZZOnly_init.fax", "FA - ").at(0);
    const octets p = c.bytes("P");
    const auto state = make("dh");
    EXPECT_EQ(state->set_key({}), EINVAL) << "before there are parameters";
    ASSERT_EQ(state->set_parameters(parameter::dh_parameters, some_dh_parameters()), 0);
    ASSERT_EQ(state->set_key(c.bytes("XstatIUT")), 0);
    octets below = p;
    below.back() = static_cast<std::uint8_t>(below.back() - 1);
    octets secret;
    for (const octets &bad : {octets(), octets{0}, octets{1}, octets(128), below, p, octets(129, 1)})
        EXPECT_EQ(shared(*state, bad, secret), EINVAL) << bad.size();
    EXPECT_EQ(shared(*state, {4}, secret), 0) << "fewer digits than the modulus";
    EXPECT_EQ(state->set_key(octets{0}), EINVAL);
    EXPECT_EQ(state->set_key(below), EINVAL);
    EXPECT_EQ(state->set_key(octets(129, 1)), EINVAL);
}

TEST(driver_openssl_agreement, parameters_that_are_no_group_are_refused) {
    const auto state = make("dh");
    const auto set = [&](const octets &der) { return state->set_parameters(parameter::dh_parameters, der); };
    const octets good = some_dh_parameters();
    ASSERT_EQ(set(good), 0);
    for (std::size_t size = 0; size < good.size(); ++size)
        ASSERT_EQ(set(octets(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), EINVAL);
    EXPECT_EQ(set(good + octets{0}), EINVAL);
    const octets p(128, 0x91);
    octets even = p;
    even.back() = 0x90;
    EXPECT_EQ(set(der_numbers({p, {2}})), 0);
    EXPECT_EQ(set(der_numbers({p, {2}, {100}})), 0) << "with a length";
    EXPECT_EQ(set(der_numbers({p, {2}, {100}, {1}})), EINVAL);
    EXPECT_EQ(set(der_numbers({p})), EINVAL);
    EXPECT_EQ(set(der_numbers({even, {2}})), EINVAL);
    EXPECT_EQ(set(der_numbers({octets(127, 0x91), {2}})), EINVAL);
    EXPECT_EQ(set(der_numbers({octets(1025, 0x91), {2}})), EINVAL);
    for (const octets &generator : {octets{0}, octets{1}, even, p})
        EXPECT_EQ(set(der_numbers({p, generator})), EINVAL);
    EXPECT_EQ(state->set_parameters(parameter::ecdh_curve, text("2")), ENOPROTOOPT);
}

TEST(driver_openssl_agreement, every_driver_passes_its_self_test_and_no_other) {
    ERR_clear_error();
    std::size_t count = 0;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (d.type != local::driver_kind::kpp)
            continue;
        EXPECT_TRUE(d.available(d, false));
        EXPECT_FALSE(d.available(d, true));
        EXPECT_TRUE(local::passes_kpp_self_test(d)) << d.name;
        local::driver wrong = d;
        wrong.name = std::string_view(d.name) == "dh" ? "ecdh" : "dh";
        EXPECT_FALSE(local::passes_kpp_self_test(wrong)) << d.name;
        ++count;
    }
    EXPECT_EQ(count, 5U);
    EXPECT_EQ(ERR_peek_error(), 0UL);
}
