// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/cipher.hpp>

using namespace kcapi;
using namespace kcapi::test;

namespace {

const octets key = from_hex("2b7e151628aed2a6abf7158809cf4f3c");
// NIST SP 800-38A, F.5.1 and F.2.1.
const octets counter = from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
const octets plain = from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
const octets ctr_text = from_hex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
const octets cbc_iv = from_hex("000102030405060708090a0b0c0d0e0f");
const octets cbc_text = from_hex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");

} // namespace

TEST(cxx_cipher, gives_the_published_ciphertext_and_the_text_again) {
    const cipher ctr = cipher::create("ctr(aes)", key).value();
    octets out(plain.size());
    EXPECT_EQ(ctr.encrypt(counter, plain, out).value(), plain.size());
    EXPECT_EQ(out, ctr_text);
    EXPECT_EQ(ctr.decrypt(counter, out, out).value(), plain.size()) << "in place";
    EXPECT_EQ(out, plain);
    const cipher cbc = cipher::create("cbc(aes)", key).value();
    EXPECT_EQ(cbc.encrypt(cbc_iv, plain, out).value(), plain.size());
    EXPECT_EQ(out, cbc_text);
}

TEST(cxx_cipher, tells_what_it_is) {
    const cipher c = cipher::create("cbc(aes)", key, {.on = engine::local}).value();
    EXPECT_TRUE(c.valid());
    EXPECT_EQ(c.name(), "cbc(aes)");
    EXPECT_EQ(c.engine_name(), "local");
    EXPECT_FALSE(c.driver_name().empty());
    EXPECT_EQ(c.iv_size(), 16U);
    EXPECT_EQ(c.block_size(), 16U);
    EXPECT_EQ(cipher::create(c.driver_name(), key).value().name(), "cbc(aes)");
}

TEST(cxx_cipher, says_why_there_is_none) {
    EXPECT_EQ(code_of(cipher::create("nosuch(aes)", key)), ENOENT);
    EXPECT_EQ(code_of(cipher::create("cbc(aes)", bytes(key).first(15))), EINVAL);
    EXPECT_EQ(code_of(cipher::create("cbc(aes)", {})), EINVAL);
    EXPECT_EQ(code_of(cipher::create("", key)), ENOENT);
    EXPECT_EQ(code_of(cipher::create(std::string_view("cbc(aes)\0x", 10), key)), EINVAL);
    EXPECT_EQ(code_of(cipher::create(std::string(500, 'a'), key)), EINVAL);
    EXPECT_THROW((void)cipher::create("nosuch(aes)", key).value(), exception);
    EXPECT_FALSE(last_error_text().empty());
}

TEST(cxx_cipher, refuses_wrong_lengths_and_leaves_the_output_alone) {
    const cipher c = cipher::create("cbc(aes)", key).value();
    octets out(32, 0x77);
    EXPECT_EQ(code_of(c.encrypt(bytes(cbc_iv).first(12), plain, out)), EINVAL);
    EXPECT_EQ(code_of(c.encrypt({}, plain, out)), EINVAL);
    EXPECT_EQ(code_of(c.encrypt(cbc_iv, plain, mutable_bytes(out).first(31))), EINVAL);
    EXPECT_EQ(out, octets(32, 0x77));
    EXPECT_EQ(code_of(c.encrypt(cbc_iv, bytes(plain).first(31), out)), EINVAL);
    EXPECT_EQ(c.encrypt(cbc_iv, {}, out).value(), 0U);
    const cipher ecb = cipher::create("ecb(aes)", key).value();
    EXPECT_EQ(code_of(ecb.encrypt(cbc_iv, plain, out)), EINVAL) << "an IV where there is none";
    EXPECT_EQ(ecb.encrypt({}, plain, out).value(), 32U);
}

TEST(cxx_cipher, moved_from_is_empty_and_can_be_assigned_to) {
    cipher a = cipher::create("ctr(aes)", key).value();
    const cipher b = std::move(a);
    octets out(32);
    // NOLINTBEGIN(bugprone-use-after-move)
    EXPECT_FALSE(a.valid());
    EXPECT_EQ(a.name(), "");
    EXPECT_EQ(a.engine_name(), "");
    EXPECT_EQ(a.iv_size(), 0U);
    EXPECT_EQ(code_of(a.encrypt(counter, plain, out)), EINVAL);
    EXPECT_EQ(code_of(a.encrypt({}, plain, out)), EINVAL);
    EXPECT_EQ(code_of(a.encryptor(counter)), EINVAL);
    std::array<cipher_message, 1> batch{{{counter, plain, out}}};
    EXPECT_EQ(code_of(a.encrypt_batch(batch)), EINVAL);
    // NOLINTEND(bugprone-use-after-move)
    a = cipher::create("cbc(aes)", key).value();
    EXPECT_EQ(a.name(), "cbc(aes)");
    EXPECT_EQ(b.name(), "ctr(aes)");
}

TEST(cxx_cipher, batch_gives_each_message_its_outcome) {
    const cipher c = cipher::create("cbc(aes)", key).value();
    std::vector<octets> outs(70, octets(32));
    std::vector<cipher_message> batch;
    for (octets &out : outs)
        batch.push_back({cbc_iv, plain, out});
    batch[40].in = bytes(plain).first(17);
    batch[41].iv = counter;
    EXPECT_EQ(batch[0].outcome.error().code, EINPROGRESS);
    EXPECT_EQ(c.encrypt_batch(batch).value(), 69U);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i == 40) {
            EXPECT_EQ(code_of(batch[i].outcome), EINVAL);
        } else {
            EXPECT_EQ(batch[i].outcome.value(), 32U) << i;
            EXPECT_EQ(outs[i] == cbc_text, i != 41) << i;
        }
    }
    EXPECT_EQ(c.decrypt_batch({}).value(), 0U);
    std::array<cipher_message, 1> back{{{cbc_iv, cbc_text, outs[0]}}};
    EXPECT_EQ(c.decrypt_batch(back).value(), 1U);
    EXPECT_EQ(outs[0], plain);
}

TEST(cxx_cipher, takes_nothing_from_the_heap_for_a_message) {
    const cipher c = cipher::create("ctr(aes)", key).value();
    octets out(32);
    std::array<cipher_message, 3> batch{
        {{counter, plain, out}, {counter, plain, out}, {counter, plain, out}}};
    const std::size_t before = allocations_so_far();
    const bool done = c.encrypt(counter, plain, out).has_value() && c.encrypt_batch(batch).has_value();
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_TRUE(done);
}
