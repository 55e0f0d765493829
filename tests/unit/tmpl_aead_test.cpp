// SPDX-License-Identifier: BSD-3-Clause
//
// The aead templates: which names they make, authenc's key, and the order in which it checks and decrypts.
// What they compute is in the known answers.
#include "drivers/openssl/module.hpp"
#include "local/registry.hpp"
#include "support/aead_under_test.hpp"
#include "support/aead_vectors.hpp"
#include "support/hmac_driver.hpp"
#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;
using octets = std::vector<std::uint8_t>;

namespace {

/// A hash without a key, to be refused.
driver plain_hash() {
    driver d = hmac_driver();
    d.name = "sha256";
    d.driver_name = "sha256-test";
    d.sizes.key = key_use::none;
    return d;
}

/// Without vectors of its own nothing serves, except here: the parts of these tests are sound by themselves.
bool accept_all(const driver &) noexcept { return true; }
bool parts_or_tested(const driver &d) noexcept {
    return std::string_view(d.provider) == "test" || passes_self_test(d);
}

class tmpl_aead_test : public testing::Test {
  protected:
    explicit tmpl_aead_test(bool (*self_test)(const driver &) noexcept = accept_all)
        : registry_({kcapi_driver_module_openssl(), &module_},
                    {.fips = false, .only = {}, .self_test = self_test}) {}

    [[nodiscard]] std::string found(std::string_view name, driver_kind type = driver_kind::aead) {
        const result<const driver *> d = registry_.find(type, name);
        return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
    }
    [[nodiscard]] const driver &get(std::string_view name) {
        return **registry_.find(driver_kind::aead, name);
    }
    [[nodiscard]] int key_code(const driver &d, const octets &key) {
        std::unique_ptr<aead_key> made;
        const int code = d.make_aead(d, key, made);
        EXPECT_EQ(made == nullptr, code != 0);
        return code;
    }

    const std::vector<driver> drivers_{hmac_driver(), plain_hash(), toy_driver("toy", "toy-1", 50)};
    const module module_{.stamp = module_stamp, .name = "test", .version = "1", .drivers = drivers_};
    registry registry_;
};

class tested_tmpl_aead_test : public tmpl_aead_test {
  protected:
    tested_tmpl_aead_test() : tmpl_aead_test(parts_or_tested) {}
};

/// A blob with a cipher key of 2 bytes for the toy cipher.
octets toy_blob() { return {8, 0, 1, 0, 0, 0, 0, 2, 'h', 'a', 's', 'h', 0x55, 1}; }

} // namespace

TEST_F(tmpl_aead_test, instances_are_named_after_their_parts) {
    EXPECT_EQ(found("rfc4106(gcm(aes))"), "rfc4106(gcm-aes-openssl)");
    EXPECT_EQ(found("rfc4309(ccm(aes))"), "rfc4309(ccm-aes-openssl)");
    EXPECT_EQ(found("rfc4543(gcm(aes))"), "rfc4543(gcm-aes-openssl)");
    EXPECT_EQ(found("authenc(hmac(sha256),cbc(aes))"), "authenc(hmac-sha256-test,cbc-aes-openssl)");
    EXPECT_EQ(found("authenc(hmac(sha256),cts(cbc(aes)))"), "authenc(hmac-sha256-test,cts-cbc-aes-openssl)");
    EXPECT_EQ(get("authenc(hmac(sha256),cbc(aes))").priority, 299) << "the weakest part's less one";
}

TEST_F(tmpl_aead_test, what_a_template_cannot_be_over_is_refused) {
    for (const char *const name : {"rfc4106(ccm(aes))", "rfc4309(gcm(aes))", "rfc4543(ccm(aes))",
                                   "rfc4106(cbc(aes))", "authenc(sha256,cbc(aes))"})
        EXPECT_EQ(found(name), "EINVAL") << name;
    for (const char *const name :
         {"rfc4106(aes)", "rfc4106(nosuch)", "authenc(hmac(nosuch),cbc(aes))", "authenc(hmac(sha256),nosuch)",
          "authenc(hmac(sha256))", "nosuch(rfc4106(gcm(aes)))"})
        EXPECT_EQ(found(name), "ENOENT") << name;
    EXPECT_EQ(found("rfc4106(gcm(aes))", driver_kind::skcipher), "EINVAL");
    EXPECT_EQ(found("gcm(aes)", driver_kind::skcipher), "EINVAL") << "in the kernel that is a template, too";
    EXPECT_EQ(found("gcm(nosuch)"), "ENOENT");
}

TEST_F(tmpl_aead_test, limits_come_from_the_parts) {
    const limits &g = get("rfc4106(gcm(aes))").sizes;
    EXPECT_EQ(g.iv_size, 8U);
    EXPECT_EQ(g.min_key_size, 20U);
    EXPECT_EQ(g.max_key_size, 36U);
    EXPECT_EQ(g.tag_sizes, tag_sizes({8, 12, 16}));
    EXPECT_EQ(get("rfc4309(ccm(aes))").sizes.min_key_size, 19U);
    EXPECT_EQ(get("rfc4543(gcm(aes))").sizes.tag_sizes, tag_sizes({16}));
    const limits &a = get("authenc(hmac(sha256),cbc(aes))").sizes;
    EXPECT_EQ(a.block_size, 16U);
    EXPECT_EQ(a.iv_size, 16U);
    for (std::uint32_t n = 0; n <= 65; ++n)
        EXPECT_EQ(a.takes_tag_size(n), n >= 1 && n <= 32) << n;
    EXPECT_EQ(get("authenc(hmac(sha256),ctr(aes))").sizes.block_size, 1U);
}

TEST_F(tmpl_aead_test, keys_with_a_salt_have_the_inner_sizes) {
    for (const auto &[name, salt] : {std::pair{"rfc4106(gcm(aes))", 4U}, std::pair{"rfc4309(ccm(aes))", 3U},
                                     std::pair{"rfc4543(gcm(aes))", 4U}})
        for (std::size_t n = 0; n <= 40; ++n) {
            const bool right = n == 16 + salt || n == 24 + salt || n == 32 + salt;
            EXPECT_EQ(key_code(get(name), octets(n, 7)), right ? 0 : EINVAL) << name << ' ' << n;
        }
}

TEST_F(tmpl_aead_test, authenc_takes_its_key_apart) {
    const driver &d = get("authenc(hmac(sha256),toy)");
    EXPECT_EQ(key_code(d, toy_blob()), 0);
    octets none = toy_blob();
    none.erase(none.begin() + 8, none.begin() + 12);
    EXPECT_EQ(key_code(d, none), 0) << "a hash key of no bytes";
    for (const auto &[at, value] : {std::pair{0, 4},
                                    {0, 7},
                                    {0, 9},
                                    {0, 12},
                                    {0, 0},
                                    {1, 1},
                                    {2, 0},
                                    {2, 2},
                                    {3, 1},
                                    {4, 1},
                                    {6, 1},
                                    {7, 7},
                                    {7, 0},
                                    {7, 1},
                                    {7, 3}}) {
        octets wrong = toy_blob();
        wrong[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
        EXPECT_EQ(key_code(d, wrong), EINVAL) << at << ' ' << value;
    }
    const octets whole = toy_blob();
    for (std::size_t n = 0; n < 10; ++n)
        EXPECT_EQ(key_code(d, octets(whole.begin(), whole.begin() + static_cast<int>(n))), EINVAL) << n;
}

TEST_F(tmpl_aead_test, authenc_looks_at_the_tag_before_it_decrypts) {
    keyed_aead aead(get("authenc(hmac(sha256),toy)"), toy_blob());
    const octets iv(16, 3);
    const octets assoc(5, 9);
    const auto s = aead.encrypt(iv, assoc, octets(32, 0x11), 12);
    ASSERT_EQ(s.code, 0);
    octets wrong = s.tag;
    for (std::size_t bit = 0; bit < 8 * wrong.size(); ++bit) {
        wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1 << bit % 8));
        const auto o = aead.decrypt(iv, assoc, s.ciphertext, wrong);
        EXPECT_EQ(o.code, EBADMSG);
        EXPECT_EQ(o.plaintext, octets(32, 0xee)) << "untouched";
        wrong[bit / 8] = s.tag[bit / 8];
    }
    EXPECT_EQ(aead.decrypt(iv, assoc, s.ciphertext, s.tag).plaintext, octets(32, 0x11));
    EXPECT_EQ(aead.decrypt(iv, octets(4, 9), s.ciphertext, s.tag).code, EBADMSG);
    // A length that the cipher has not is only told about what is authentic.
    EXPECT_EQ(aead.decrypt(iv, assoc, octets(17), s.tag).code, EBADMSG);
    EXPECT_EQ(aead.encrypt(iv, assoc, octets(17), 12).code, EINVAL);
    octets message = assoc;
    message.resize(assoc.size() + 17);
    octets digest(32);
    (void)::HMAC(::EVP_sha256(), "hash", 4, message.data(), message.size(), digest.data(), nullptr);
    digest.resize(12);
    const auto authentic = aead.decrypt(iv, assoc, octets(17), digest);
    EXPECT_EQ(authentic.code, EINVAL);
    EXPECT_EQ(authentic.plaintext, octets(17, 0));
}

TEST_F(tmpl_aead_test, ipsec_lengths_of_associated_data) {
    for (const char *const name : {"rfc4106(gcm(aes))", "rfc4309(ccm(aes))", "rfc4543(gcm(aes))"}) {
        keyed_aead aead(get(name), octets(get(name).sizes.min_key_size, 7));
        const octets iv(8, 3);
        for (std::size_t n = 0; n <= 40; ++n) {
            const int expected = n == 16 || n == 20 ? 0 : EINVAL;
            const auto s = aead.encrypt(iv, octets(n, 1), octets(10, 2), 16);
            EXPECT_EQ(s.code, expected) << name << ' ' << n;
            const auto o = aead.decrypt(iv, octets(n, 1), s.ciphertext, s.tag);
            EXPECT_EQ(o.code, expected) << name << ' ' << n;
            EXPECT_EQ(o.plaintext, octets(10, expected == 0 ? 2 : 0)) << name << ' ' << n;
        }
    }
}

TEST_F(tmpl_aead_test, a_refused_message_tells_nothing_also_where_nothing_is_encrypted) {
    keyed_aead aead(get("rfc4543(gcm(aes))"), octets(20, 7));
    const auto s = aead.encrypt(octets(8, 3), octets(16, 1), octets(10, 2), 16);
    EXPECT_EQ(s.ciphertext, octets(10, 2));
    const auto o = aead.decrypt(octets(8, 4), octets(16, 1), s.ciphertext, s.tag);
    EXPECT_EQ(o.code, EBADMSG);
    EXPECT_EQ(o.plaintext, octets(10, 0));
}

/// Through the registry's self test, which has a vector for each of these names.
TEST_F(tested_tmpl_aead_test, authenc_gives_the_known_answers) {
    std::size_t checked = 0;
    for (const auto &[name, all] : own_aead_answers(KCAPI_VECTOR_DIR)) {
        if (name.substr(0, 21) != "authenc(hmac(sha256),")
            continue;
        const driver &d = get(name);
        for (const aead_answer &v : all) {
            SCOPED_TRACE(v.where);
            keyed_aead aead(d, v.key);
            const auto s = aead.encrypt(v.iv, v.assoc, v.plaintext, v.tag.size());
            EXPECT_EQ(s.code, 0);
            EXPECT_EQ(s.ciphertext, v.ciphertext);
            EXPECT_EQ(s.tag, v.tag);
            const auto o = aead.decrypt(v.iv, v.assoc, v.ciphertext, v.tag);
            EXPECT_EQ(o.code, 0);
            EXPECT_EQ(o.plaintext, v.plaintext);
            ++checked;
        }
    }
    EXPECT_EQ(checked, 9U);
}
