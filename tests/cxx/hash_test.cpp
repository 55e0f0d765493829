// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/hash.hpp>
#include <kcapi/kdf.hpp>
#include <kcapi/mac.hpp>

using namespace kcapi;
using namespace kcapi::test;

namespace {

// FIPS 180-2, B.1.
const octets abc_digest = from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
// RFC 4231, test case 2.
const octets jefe_code = from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
constexpr std::string_view question = "what do ya want for nothing?";

} // namespace

TEST(cxx_hash, gives_the_published_digest_in_pieces_at_once_and_without_an_object) {
    hash h = hash::create("sha256").value();
    EXPECT_EQ(h.digest_size(), 32U);
    EXPECT_EQ(h.block_size(), 64U);
    octets out(32);
    h.update(bytes_of("a")).value();
    h.update({}).value();
    h.update(bytes_of("bc")).value();
    EXPECT_EQ(h.finish(out).value(), 32U);
    EXPECT_EQ(out, abc_digest);
    octets again(40, 0x55);
    EXPECT_EQ(h.digest(bytes_of("abc"), again).value(), 32U) << "a new message";
    EXPECT_TRUE(std::equal(abc_digest.begin(), abc_digest.end(), again.begin()));
    EXPECT_EQ(again[32], 0x55);
    const auto alone = sha256(bytes_of("abc")).value();
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), abc_digest.begin()));
    EXPECT_EQ(sha512({}).value()[0], 0xcf);
}

TEST(cxx_hash, clone_goes_on_by_itself) {
    hash h = hash::create("sha256").value();
    h.update(bytes_of("a")).value();
    hash copy = h.clone().value();
    octets out(32);
    h.update(bytes_of("x")).value();
    copy.update(bytes_of("bc")).value();
    EXPECT_EQ(copy.finish(out).value(), 32U);
    EXPECT_EQ(out, abc_digest);
    EXPECT_EQ(h.finish(out).value(), 32U);
    EXPECT_NE(out, abc_digest);
    EXPECT_EQ(h.clone().value().digest(bytes_of("abc"), out).value(), 32U);
    EXPECT_EQ(out, abc_digest);
}

TEST(cxx_hash, batch_hashes_each_message) {
    const hash h = hash::create("sha256").value();
    std::vector<octets> outs(40, octets(32));
    std::vector<hash_message> batch;
    for (octets &out : outs)
        batch.push_back({bytes_of("abc"), out});
    batch[7].out = batch[7].out.first(31);
    EXPECT_EQ(h.digest_batch(batch).value(), 39U);
    EXPECT_EQ(code_of(batch[7].outcome), EINVAL);
    EXPECT_EQ(outs[6], abc_digest);
    EXPECT_EQ(outs[39], abc_digest);
}

TEST(cxx_hash, refuses_misuse) {
    EXPECT_EQ(code_of(hash::create("nosuch")), ENOENT);
    hash h = hash::create("sha256").value();
    octets out(32);
    EXPECT_EQ(code_of(h.finish(mutable_bytes(out).first(31))), EINVAL);
    h.update(bytes_of("a")).value();
    EXPECT_EQ(code_of(h.digest(bytes_of("abc"), out)), EINVAL) << "a message is under way";
    hash keyed = hash::create("hmac(sha256)").value();
    EXPECT_EQ(code_of(keyed.update(bytes_of("a"))), ENOKEY);
    const hash moved = std::move(h);
    EXPECT_FALSE(h.valid());
    EXPECT_EQ(h.digest_size(), 0U);
    EXPECT_EQ(code_of(h.update(bytes_of("a"))), EINVAL);
    EXPECT_EQ(code_of(h.finish(out)), EINVAL);
    EXPECT_EQ(code_of(h.clone()), EINVAL);
    EXPECT_TRUE(moved.valid());
}

TEST(cxx_hash, takes_nothing_from_the_heap_for_a_message) {
    const hash h = hash::create("sha256").value();
    octets out(32);
    const std::size_t before = allocations_so_far();
    const bool done = h.digest(bytes_of("abc"), out).has_value() && sha256(bytes_of("abc")).has_value();
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_TRUE(done);
}

TEST(cxx_mac, gives_the_published_code_and_verifies_it) {
    mac m = mac::create("hmac(sha256)", bytes_of("Jefe")).value();
    octets out(32);
    EXPECT_EQ(m.code(bytes_of(question), out).value(), 32U);
    EXPECT_EQ(out, jefe_code);
    EXPECT_TRUE(m.verify_message(bytes_of(question), jefe_code));
    m.update(bytes_of(question.substr(0, 5))).value();
    mac copy = m.clone().value();
    m.update(bytes_of(question.substr(5))).value();
    EXPECT_TRUE(m.verify(jefe_code));
    copy.update(bytes_of("something else")).value();
    EXPECT_EQ(code_of(copy.verify(jefe_code)), EBADMSG);
}

TEST(cxx_mac, refuses_what_is_altered_or_cut) {
    const mac m = mac::create("hmac(sha256)", bytes_of("Jefe")).value();
    octets altered = jefe_code;
    altered.back() ^= 1;
    EXPECT_EQ(code_of(m.verify_message(bytes_of(question), altered)), EBADMSG);
    EXPECT_EQ(code_of(m.verify_message(bytes_of(question), bytes(jefe_code).first(16))), EBADMSG);
    EXPECT_EQ(code_of(m.verify_message(bytes_of(question), {})), EBADMSG);
    EXPECT_EQ(code_of(m.verify_message(bytes_of("other"), jefe_code)), EBADMSG);
    EXPECT_EQ(code_of(mac::create("sha256", bytes_of("Jefe"))), ENOSYS);
    EXPECT_EQ(code_of(mac::create("cmac(aes)", bytes_of("short"))), EINVAL);
    EXPECT_EQ(code_of(mac::create("hmac(nosuch)", bytes_of("Jefe"))), ENOENT);
}

TEST(cxx_kdf, gives_the_published_keys) {
    // RFC 7914, section 11.
    octets key(64);
    EXPECT_TRUE(pbkdf2("hmac(sha256)", bytes_of("passwd"), bytes_of("salt"), 1, key));
    EXPECT_EQ(octets(key.begin(), key.begin() + 8), from_hex("55ac046e56e3089f"));
    // RFC 5869, A.1.
    octets derived(42);
    EXPECT_TRUE(hkdf("hmac(sha256)", octets(22, 0x0b), counting(13), counting(10, 0xf0), derived));
    EXPECT_EQ(derived, from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b8"
                                "87185865"));
}

TEST(cxx_kdf, kbkdf_is_what_its_standard_says) {
    // One block of each mode, by the definition in SP 800-108 over the keyed hash.
    const octets master = counting(32);
    const octets input = counting(40, 7);
    const mac prf = mac::create("hmac(sha256)", master).value();
    octets message = from_hex("00000001");
    message.insert(message.end(), input.begin(), input.end());
    octets expected(32), key(32);
    prf.code(message, expected).value();
    EXPECT_TRUE(kbkdf("hmac(sha256)", kbkdf_mode::counter, master, input, key));
    EXPECT_EQ(key, expected);
    octets feedback(input.begin(), input.begin() + 32);
    feedback.insert(feedback.end(), {0, 0, 0, 1});
    feedback.insert(feedback.end(), input.begin() + 32, input.end());
    prf.code(feedback, expected).value();
    EXPECT_TRUE(kbkdf("hmac(sha256)", kbkdf_mode::feedback, master, input, key));
    EXPECT_EQ(key, expected);
    octets pipeline(32);
    prf.code(input, pipeline).value();
    pipeline.insert(pipeline.end(), message.begin(), message.end());
    prf.code(pipeline, expected).value();
    EXPECT_TRUE(kbkdf("hmac(sha256)", kbkdf_mode::double_pipeline, master, input, key));
    EXPECT_EQ(key, expected);
}

TEST(cxx_kdf, wipes_the_key_when_it_fails) {
    octets key(16, 0x55);
    EXPECT_EQ(code_of(pbkdf2("hmac(nosuch)", bytes_of("p"), bytes_of("s"), 1, key)), ENOENT);
    EXPECT_EQ(key, octets(16));
    key.assign(16, 0x55);
    EXPECT_EQ(code_of(pbkdf2("hmac(sha256)", bytes_of("p"), bytes_of("s"), 0, key)), EINVAL);
    EXPECT_EQ(key, octets(16));
    key.assign(16, 0x55);
    EXPECT_EQ(code_of(hkdf("sha256", counting(16), {}, {}, key)), ENOSYS);
    EXPECT_EQ(key, octets(16));
    key.assign(16, 0x55);
    EXPECT_EQ(code_of(kbkdf("hmac(nosuch)", kbkdf_mode::counter, counting(16), {}, key)), ENOENT);
    EXPECT_EQ(key, octets(16));
    EXPECT_GE(pbkdf2_iterations("hmac(sha256)", std::chrono::nanoseconds(1)), 65536U);
}
