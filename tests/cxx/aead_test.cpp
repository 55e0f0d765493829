// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/aead_stream.hpp>

using namespace kcapi;
using namespace kcapi::test;

namespace {

// The GCM specification's test case 4 (McGrew and Viega).
const octets key = from_hex("feffe9928665731c6d6a8f9467308308");
const octets nonce = from_hex("cafebabefacedbaddecaf888");
const octets assoc = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
const octets plain = from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                              "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
const octets sealed = from_hex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                               "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091");
const octets tag = from_hex("5bc94fbc3221a5db94fae95ae7121a47");

} // namespace

TEST(cxx_aead, gives_the_published_ciphertext_and_tag) {
    const aead a = aead::create("gcm(aes)", key).value();
    EXPECT_EQ(a.nonce_size(), 12U);
    EXPECT_EQ(a.tag_size(), 16U);
    octets out(plain.size()), own_tag(16);
    EXPECT_EQ(a.seal(nonce, assoc, plain, out, own_tag).value(), plain.size());
    EXPECT_EQ(out, sealed);
    EXPECT_EQ(own_tag, tag);
    EXPECT_EQ(a.open(nonce, assoc, out, own_tag, out).value(), plain.size()) << "in place";
    EXPECT_EQ(out, plain);
}

TEST(cxx_aead, joined_forms_put_the_tag_behind_the_text) {
    const aead a = aead::create("gcm(aes)", key, {.tag_size = 12}).value();
    octets out(plain.size() + 12), back(plain.size());
    EXPECT_EQ(a.seal_joined(nonce, assoc, plain, out).value(), out.size());
    EXPECT_TRUE(std::equal(tag.begin(), tag.begin() + 12, out.end() - 12));
    EXPECT_EQ(a.open_joined(nonce, assoc, out, back).value(), plain.size());
    EXPECT_EQ(back, plain);
    EXPECT_EQ(code_of(a.seal_joined(nonce, assoc, plain, mutable_bytes(out).first(out.size() - 1))), EINVAL);
    EXPECT_EQ(code_of(a.open_joined(nonce, assoc, bytes(out).first(11), back)), EBADMSG);
}

TEST(cxx_aead, gives_nothing_away_of_what_was_altered) {
    const aead a = aead::create("gcm(aes)", key).value();
    const auto open = [&](octets n, octets ad, octets text, octets t) {
        octets out(text.size(), 0x55);
        EXPECT_EQ(code_of(a.open(n, ad, text, t, out)), EBADMSG);
        EXPECT_EQ(out, octets(text.size()));
    };
    const auto altered = [](octets b) {
        b[b.size() / 2] ^= 4;
        return b;
    };
    open(altered(nonce), assoc, sealed, tag);
    open(nonce, altered(assoc), sealed, tag);
    open(nonce, assoc, altered(sealed), tag);
    open(nonce, assoc, sealed, altered(tag));
    octets out(plain.size());
    EXPECT_EQ(a.open(nonce, assoc, sealed, tag, out).value(), plain.size()) << "usable afterwards";
}

TEST(cxx_aead, message_may_be_empty_or_have_much_associated_data) {
    const aead a = aead::create("gcm(aes)", key).value();
    octets own_tag(16);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{4096}, std::size_t{4097}, std::size_t{100000}}) {
        const octets much = counting(size);
        EXPECT_EQ(a.seal(nonce, much, {}, {}, own_tag).value(), 0U);
        EXPECT_TRUE(a.open(nonce, much, {}, own_tag, {}));
        own_tag[0] ^= 1;
        EXPECT_EQ(code_of(a.open(nonce, much, {}, own_tag, {})), EBADMSG);
    }
}

TEST(cxx_aead, refuses_wrong_lengths) {
    const aead a = aead::create("gcm(aes)", key).value();
    octets out(plain.size()), own_tag(16);
    EXPECT_EQ(code_of(a.seal(bytes(nonce).first(11), assoc, plain, out, own_tag)), EINVAL);
    EXPECT_EQ(code_of(a.seal({}, assoc, plain, out, own_tag)), EINVAL);
    EXPECT_EQ(code_of(a.seal(nonce, assoc, plain, out, mutable_bytes(own_tag).first(12))), EINVAL);
    EXPECT_EQ(code_of(a.seal(nonce, assoc, plain, mutable_bytes(out).first(3), own_tag)), EINVAL);
    EXPECT_EQ(code_of(a.open(nonce, assoc, sealed, bytes(tag).first(4), out)), EINVAL)
        << "a tag that somebody cut";
    EXPECT_EQ(code_of(aead::create("gcm(aes)", key, {.tag_size = 5})), EINVAL);
    EXPECT_EQ(code_of(aead::create("gcm(aes)", bytes(key).first(7))), EINVAL);
    EXPECT_EQ(code_of(aead::create("gcm(nosuch)", key)), ENOENT);
    aead from = aead::create("gcm(aes)", key).value();
    const aead to = std::move(from);
    EXPECT_EQ(from.nonce_size() + from.tag_size(), 0U);
    EXPECT_EQ(code_of(from.seal(nonce, assoc, plain, out, own_tag)), EINVAL);
    EXPECT_EQ(code_of(from.sealer(nonce, assoc)), EINVAL);
    EXPECT_TRUE(to.valid());
}

TEST(cxx_aead, ccm_takes_nonces_of_7_to_13_bytes) {
    // NIST SP 800-38C, example 1.
    const aead a = aead::create("ccm(aes)", counting(16, 0x40), {.tag_size = 4}).value();
    EXPECT_EQ(a.nonce_size(), 12U);
    octets out(4), own_tag(4);
    EXPECT_EQ(a.seal(counting(7, 0x10), counting(8), counting(4, 0x20), out, own_tag).value(), 4U);
    EXPECT_EQ(out, from_hex("7162015b"));
    EXPECT_EQ(own_tag, from_hex("4dac255d"));
    for (const std::size_t size : {7U, 12U, 13U})
        EXPECT_TRUE(a.seal(counting(size), {}, counting(4), out, own_tag)) << size;
    for (const std::size_t size : {0U, 6U, 14U, 16U})
        EXPECT_EQ(code_of(a.seal(counting(size), {}, counting(4), out, own_tag)), EINVAL) << size;
}

TEST(cxx_aead, batch_gives_each_message_its_outcome) {
    const aead a = aead::create("gcm(aes)", key).value();
    std::array<octets, 3> outs{octets(plain.size()), octets(plain.size()), octets(plain.size())};
    std::array<octets, 3> tags{tag, tag, tag};
    tags[1][0] ^= 1;
    std::array<aead_message, 3> batch{{{nonce, assoc, sealed, outs[0], tags[0]},
                                       {nonce, assoc, sealed, outs[1], tags[1]},
                                       {nonce, assoc, sealed, outs[2], tags[2]}}};
    EXPECT_EQ(a.open_batch(batch).value(), 2U);
    EXPECT_EQ(code_of(batch[1].outcome), EBADMSG);
    EXPECT_EQ(outs[0], plain);
    EXPECT_EQ(outs[1], octets(plain.size()));
    EXPECT_EQ(outs[2], plain);
    std::array<aead_message, 1> seal{{{nonce, assoc, plain, outs[1], tags[1]}}};
    EXPECT_EQ(a.seal_batch(seal).value(), 1U);
    EXPECT_EQ(outs[1], sealed);
    EXPECT_EQ(tags[1], tag);
}

TEST(cxx_aead, streams_give_the_message_of_one_call) {
    const aead a = aead::create("gcm(aes)", key).value();
    octets out(plain.size()), own_tag(16);
    aead_sealer s = a.sealer(nonce, assoc).value();
    s.write(bytes(plain).first(7)).value();
    s.write(bytes(plain).subspan(7)).value();
    EXPECT_EQ(code_of(s.finish(mutable_bytes(out).first(9), own_tag)), EINVAL);
    EXPECT_EQ(s.finish(out, own_tag).value(), plain.size()) << "after one with too little room";
    EXPECT_EQ(out, sealed);
    EXPECT_EQ(own_tag, tag);

    aead_opener o = a.opener(nonce, assoc).value();
    o.write(sealed).value();
    EXPECT_EQ(o.finish(tag, out).value(), plain.size());
    EXPECT_EQ(out, plain);
    aead_opener forged = a.opener(nonce, assoc).value();
    forged.write(sealed).value();
    own_tag[3] ^= 1;
    EXPECT_EQ(code_of(forged.finish(own_tag, out)), EBADMSG);
    EXPECT_EQ(out, octets(plain.size()));
    EXPECT_EQ(code_of(a.opener(bytes(nonce).first(8), assoc)), EINVAL);
}

TEST(cxx_aead, takes_nothing_from_the_heap_for_a_message) {
    const aead a = aead::create("gcm(aes)", key).value();
    octets out(plain.size()), own_tag(16);
    const std::size_t before = allocations_so_far();
    const bool done = a.seal(nonce, assoc, plain, out, own_tag).has_value();
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_TRUE(done);
}
