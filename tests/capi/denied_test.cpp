// SPDX-License-Identifier: BSD-3-Clause
//
// AF_ALG taken away, as sandboxes and distributions do. Each case is a process of its own, since a filter
// stays and the library looks at its environment once.
#include "capi/child.hpp"
#include "capi/denial.hpp"
#include "capi/differences.hpp"
#include "capi/environment.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <algorithm>

using namespace kcapi::test;

namespace {

class denied : public testing::TestWithParam<denial> {};

std::string label(const testing::TestParamInfo<denial> &d) {
    const std::string number = d.param.af_alg == EPERM    ? "eperm"
                               : d.param.af_alg == EACCES ? "eacces"
                                                          : "eafnosupport";
    return number + (d.param.crypto_netlink != 0 ? "_and_no_netlink" : "");
}

INSTANTIATE_TEST_SUITE_P(by, denied,
                         testing::Values(denial{.af_alg = EPERM}, denial{.af_alg = EAFNOSUPPORT},
                                         denial{.af_alg = EACCES},
                                         denial{.af_alg = EPERM, .crypto_netlink = EPERM}),
                         label);

/// Every algorithm, one-shot and streamed, by the engine that is expected.
void expect_service_by(const char *engine) {
    for (const char *const name : {"cbc(aes)", "ctr(aes)", "xts(aes)"}) {
        const octets &key = std::string(name) == "xts(aes)" ? key_32() : key_16();
        const octets plain = pattern(70000 / 16 * 16);
        const octets expected = reference(name, way::encrypt, key, iv_16(), plain);
        cipher c(name, key);
        EXPECT_STREQ(kcapi_ext_engine_name(c.get()), engine) << name;
        for (const int access : {KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG}) {
            EXPECT_TRUE(c.encrypted(plain, iv_16(), access) == expected) << name;
            EXPECT_TRUE(c.decrypted(expected, iv_16(), access) == plain) << name;
        }
        ASSERT_EQ(c.start_encrypt(iv_16(), plain), static_cast<ssize_t>(plain.size()));
        ASSERT_EQ(c.end(), 0);
        EXPECT_TRUE(c.collect_all(plain.size(), plain.size()) == expected) << name;
    }
}

/// An init that must fail with `number`: untouched handle, no descriptor, silence by default, and if asked
/// for one line at ERR level that says what to do.
void expect_refusal(const char *name, int number) {
    const std::size_t descriptors = open_descriptors();
    auto *const untouched = reinterpret_cast<kcapi_handle *>(&errno);
    kcapi_handle *h = untouched;
    {
        captured_stderr captured;
        EXPECT_EQ(kcapi_cipher_init(&h, name, 0), -number);
        EXPECT_EQ(captured.text(), "") << "nothing is written unless asked for";
    }
    const std::vector<std::string> lines =
        error_lines([&] { EXPECT_EQ(kcapi_cipher_init(&h, name, 0), -number); });
    EXPECT_EQ(h, untouched);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(name), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find("KCAPI_ENGINE"), std::string::npos) << "what to do: " << lines[0];
    octets b = pattern(16);
    EXPECT_EQ(kcapi_cipher_enc_aes_cbc(b.data(), 16, b.data(), 16, nullptr, b.data(), 16), -number);
    EXPECT_EQ(b, pattern(16));
    EXPECT_EQ(open_descriptors(), descriptors);
}

} // namespace

TEST_P(denied, auto_is_served_by_the_local_engine) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", "auto");
        captured_stderr captured;
        expect_service_by("local");
        EXPECT_EQ(captured.text(), "");
    }));
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", nullptr);
        expect_service_by("local");
    })) << "auto is what there is without a word";
}

TEST_P(denied, local_does_not_notice) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", "local");
        expect_service_by("local");
    }));
}

TEST_P(denied, kernel_fails_with_that_number_and_one_line_that_says_what_to_do) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", "kernel");
        expect_refusal("cbc(aes)", GetParam().af_alg);
    }));
}

TEST_P(denied, a_handle_made_for_the_kernel_fails_alone) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", "auto");
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_ext_cipher_init(&h, "cbc(aes)", 0, KCAPI_EXT_ENGINE_KERNEL), -GetParam().af_alg);
        EXPECT_EQ(h, nullptr);
        expect_service_by("local");
    }));
}

TEST_P(denied, what_the_local_engine_does_not_know_has_the_kernels_number) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        set_environment("KCAPI_ENGINE", "auto");
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_cipher_init(&h, "no-such-cipher", 0), -GetParam().af_alg);
        EXPECT_EQ(h, nullptr);
    }));
}

TEST_P(denied, without_driver_modules_auto_has_the_kernels_number) {
    EXPECT_TRUE(passes_in_child([] {
        deny(GetParam());
        const scratch_folder empty;
        set_environment("KCAPI_ENGINE", "auto");
        set_environment("KCAPI_DRIVER_PATH", empty.path().c_str());
        expect_refusal("cbc(aes)", GetParam().af_alg);
    }));
}

TEST_P(denied, after_the_kernel_served_once_nothing_breaks) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "kernel");
        if (const std::optional<int> refusal = kernel_refusal()) {
            // A kernel that never served: only the number changes.
            expect_refusal("cbc(aes)", *refusal);
            deny(GetParam());
            expect_refusal("cbc(aes)", GetParam().af_alg);
            return;
        }
        cipher before("cbc(aes)", key_16());
        const octets plain = pattern(64);
        EXPECT_EQ(before.encrypted(plain, iv_16()),
                  reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain));
        deny(GetParam());
        EXPECT_EQ(before.encrypted(plain, iv_16()),
                  reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain))
            << "an open socket stays open";
        expect_refusal("cbc(aes)", GetParam().af_alg);
        EXPECT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_AUTO), 0);
        expect_service_by("local");
    }));
}

TEST(denied_parts, without_netlink_the_kernel_engine_still_knows_its_algorithms) {
    EXPECT_TRUE(passes_in_child([] {
        deny({.crypto_netlink = EPERM});
        set_environment("KCAPI_ENGINE", "kernel");
        if (const std::optional<int> refusal = kernel_refusal()) {
            expect_refusal("cbc(aes)", *refusal);
            return;
        }
        const cipher cbc("cbc(aes)");
        EXPECT_EQ(kcapi_cipher_ivsize(cbc.get()), 16U);
        EXPECT_EQ(kcapi_cipher_blocksize(cbc.get()), 16U);
        const cipher ctr("ctr(aes)");
        EXPECT_EQ(kcapi_cipher_blocksize(ctr.get()), 1U);
        expect_service_by("kernel");
    }));
}

TEST(denied_parts, without_vmsplice_data_go_by_copy) {
    for (const int number : {EPERM, ENOSYS})
        EXPECT_TRUE(passes_in_child([=] {
            deny({.vmsplice = number});
            const bool has_kernel = !kernel_refusal();
            set_environment("KCAPI_ENGINE", has_kernel ? "kernel" : "local");
            captured_stderr captured;
            expect_service_by(has_kernel ? "kernel" : "local");
            EXPECT_EQ(captured.text(), "");
        }));
}
