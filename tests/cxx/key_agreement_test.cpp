// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement through the C++ API. Whether it is that of the standards is for the tests of the C functions
// to say, but for one published answer here.
#include "cxx/support.hpp"

#include <kcapi/key_agreement.hpp>

using namespace kcapi;
using namespace kcapi::test;

namespace {

octets public_of(const key_agreement &side) {
    octets out(side.max_size());
    out.resize(side.public_key(out).value());
    return out;
}

octets secret_of(const key_agreement &side, const octets &peer) {
    octets out(side.max_size());
    out.resize(side.shared_secret(peer, out).value());
    return out;
}

/// Oakley group 2 (RFC 2409): 1024 bits, generator 2; DER of PKCS #3.
const octets group = from_hex("30818702818100"
                              "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
                              "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
                              "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
                              "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff"
                              "020102");

} // namespace

TEST(cxx_key_agreement, both_sides_come_to_the_same_secret_on_every_curve) {
    for (const char *const curve : {"ecdh-nist-p192", "ecdh-nist-p256", "ecdh-nist-p384"}) {
        const key_agreement a = key_agreement::ecdh(curve).value();
        const key_agreement b = key_agreement::ecdh(curve).value();
        const octets of_a = public_of(a);
        const octets of_b = public_of(b);
        EXPECT_NE(of_a, of_b) << curve;
        EXPECT_EQ(of_a, public_of(a)) << "one pair for the life of an object";
        const octets secret = secret_of(a, of_b);
        EXPECT_EQ(secret.size(), of_a.size() / 2);
        EXPECT_EQ(secret, secret_of(b, of_a)) << curve;
    }
}

// RFC 5903, section 8.1.
TEST(cxx_key_agreement, gives_the_published_answer_for_a_given_private_key) {
    const octets i = from_hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    const octets r = from_hex("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53");
    const key_agreement initiator = key_agreement::ecdh("ecdh-nist-p256", i).value();
    const key_agreement responder = key_agreement::ecdh("ecdh-nist-p256", r).value();
    EXPECT_EQ(public_of(initiator),
              from_hex("dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
                       "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3"));
    const octets answer = from_hex("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
    EXPECT_EQ(secret_of(initiator, public_of(responder)), answer);
    EXPECT_EQ(secret_of(responder, public_of(initiator)), answer);
}

TEST(cxx_key_agreement, both_sides_come_to_the_same_secret_over_a_group) {
    const octets of_b_key = counting(64, 3);
    const key_agreement a = key_agreement::dh(group, counting(64, 1)).value();
    const key_agreement b = key_agreement::dh(group, of_b_key).value();
    EXPECT_EQ(a.max_size(), 128U);
    const octets secret = secret_of(a, public_of(b));
    EXPECT_EQ(secret, secret_of(b, public_of(a)));
    EXPECT_EQ(public_of(b), public_of(key_agreement::dh(group, of_b_key).value()));
}

TEST(cxx_key_agreement, refuses_misuse) {
    EXPECT_EQ(code_of(key_agreement::ecdh("nosuch")), ENOENT);
    EXPECT_EQ(code_of(key_agreement::dh({})), EINVAL);
    EXPECT_EQ(code_of(key_agreement::dh(counting(9))), EINVAL) << "not DER";
    EXPECT_EQ(code_of(key_agreement::ecdh("ecdh-nist-p256", octets(32))), EINVAL) << "zero is no key";
    key_agreement side = key_agreement::ecdh("ecdh-nist-p256").value();
    octets out(side.max_size());
    EXPECT_EQ(code_of(side.shared_secret(octets(64, 1), out)), EINVAL) << "not on the curve";
    EXPECT_FALSE(side.shared_secret(octets(63, 1), out));
    EXPECT_FALSE(side.public_key(mutable_bytes(out).first(1)));
    const key_agreement other = std::move(side);
    EXPECT_EQ(side.max_size(), 0U);
    EXPECT_EQ(code_of(side.public_key(out)), EINVAL);
    EXPECT_TRUE(other.valid());
}
