// SPDX-License-Identifier: BSD-3-Clause
//
// No descriptor left. What needs one is EMFILE and works again as soon as there are some; what needs none
// works.
#include "capi/child.hpp"
#include "capi/differences.hpp"
#include "capi/environment.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <sys/socket.h>

using namespace kcapi::test;

namespace {

const octets &plain() {
    static const octets bytes = pattern(70000 / 16 * 16);
    return bytes;
}

octets expected() { return reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain()); }

void expect_service(cipher &c) {
    for (const int access : {KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG})
        EXPECT_TRUE(c.encrypted(plain(), iv_16(), access) == expected());
    EXPECT_EQ(c.start_encrypt(iv_16(), plain()), static_cast<ssize_t>(plain().size()));
    EXPECT_EQ(c.end(), 0);
    EXPECT_TRUE(c.collect_all(plain().size()) == expected());
}

int init_result() {
    kcapi_handle *h = nullptr;
    const int r = kcapi_cipher_init(&h, "cbc(aes)", 0);
    EXPECT_EQ(h == nullptr, r != 0);
    kcapi_cipher_destroy(h);
    return r;
}

/// The library fetches what it needs of libcrypto lazily; so may the reference. That is not what is tested.
void prepare_reference() { (void)expected(); }

} // namespace

TEST(no_descriptors, kernel_engine_has_the_number_of_socket_and_recovers) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "kernel");
        prepare_reference();
        const std::size_t descriptors = open_descriptors();
        {
            const no_more_descriptors limit;
            const std::optional<int> refusal = kernel_refusal();
            ASSERT_TRUE(refusal);
            for (int i = 0; i < 3; ++i)
                EXPECT_EQ(init_result(), -*refusal);
            const std::vector<std::string> lines = error_lines([] { (void)init_result(); });
            EXPECT_EQ(lines.size(), 1U);
        }
        EXPECT_EQ(open_descriptors(), descriptors);
        const std::optional<int> refusal = kernel_refusal();
        ASSERT_EQ(init_result(), refusal ? -*refusal : 0);
        if (!refusal) {
            cipher c("cbc(aes)", key_16());
            expect_service(c);
        }
    }));
}

TEST(no_descriptors, a_handle_of_the_kernel_that_has_no_operation_yet_is_emfile_and_recovers) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "kernel");
        prepare_reference();
        if (const std::optional<int> refusal = kernel_refusal()) {
            EXPECT_EQ(init_result(), -*refusal) << "no handles of the kernel on this machine";
            return;
        }
        cipher c("cbc(aes)", key_16());
        octets out;
        {
            const no_more_descriptors limit;
            EXPECT_EQ(c.encrypt(plain(), iv_16(), out), -EMFILE);
            EXPECT_EQ(c.start_encrypt(iv_16(), plain()), -EMFILE);
            EXPECT_EQ(c.update(plain()), -EMFILE);
            EXPECT_EQ(c.collect(64, out), -EMFILE);
            EXPECT_EQ(kcapi_set_maxsplicesize(c.get(), 4096), -EMFILE);
            kcapi_handle *second = nullptr;
            ASSERT_EQ(kcapi_handle_reinit(&second, c.get(), 0), 0) << "shares what is open";
            kcapi_cipher_destroy(second);
        }
        expect_service(c);
        {
            // The socket is there now; only the pipe of a spliced message is not, and the data go by copy.
            cipher other("cbc(aes)", key_16());
            EXPECT_EQ(other.encrypted(slice(plain(), 0, 16), iv_16()), slice(expected(), 0, 16));
            const no_more_descriptors limit;
            expect_service(other);
        }
    }));
}

TEST(no_descriptors, local_engine_works_once_its_modules_are_loaded) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "local");
        prepare_reference();
        { const cipher loads_them("ctr(aes)"); }
        const no_more_descriptors limit;
        cipher c("cbc(aes)", key_16());
        expect_service(c);
        EXPECT_EQ(init_result(), 0);
    }));
}

TEST(no_descriptors, modules_that_could_not_be_loaded_for_it_are_emfile_and_are_loaded_later) {
    for (const char *const engine : {"local", "auto"})
        EXPECT_TRUE(passes_in_child([=] {
            set_environment("KCAPI_ENGINE", engine);
            prepare_reference();
            {
                const no_more_descriptors limit;
                EXPECT_EQ(init_result(), -EMFILE) << "not that there is no such algorithm";
                EXPECT_EQ(init_result(), -EMFILE);
            }
            EXPECT_EQ(init_result(), 0) << engine;
            cipher c("cbc(aes)", key_16());
            EXPECT_STREQ(kcapi_ext_engine_name(c.get()), "local");
            expect_service(c);
        }));
}

TEST(few_descriptors, each_number_of_them_gives_a_result_or_emfile_and_harms_nothing) {
    for (const char *const engine : {"local", "auto", "kernel"})
        for (std::size_t left = 0; left < 5; ++left)
            EXPECT_TRUE(passes_in_child([=] {
                set_environment("KCAPI_ENGINE", engine);
                prepare_reference();
                const std::optional<int> refusal = kernel_refusal();
                const bool refused = refusal && engine == std::string("kernel");
                const std::size_t descriptors = open_descriptors();
                {
                    const no_more_descriptors limit(left);
                    for (int i = 0; i < 3; ++i) {
                        const int r = init_result();
                        EXPECT_TRUE(r == 0 || r == -EMFILE || (refused && r == -*refusal))
                            << r << ", " << left << " left";
                    }
                }
                EXPECT_EQ(open_descriptors(), descriptors);
                EXPECT_EQ(init_result(), refused ? -*refusal : 0) << engine << ", " << left << " were left";
                if (refused)
                    return;
                cipher c("cbc(aes)", key_16());
                EXPECT_STREQ(kcapi_ext_engine_name(c.get()),
                             engine == std::string("kernel") ? "kernel" : "local");
                if (engine != std::string("kernel")) {
                    EXPECT_TRUE(is_own_mode(kcapi_ext_driver_name(c.get())));
                }
                expect_service(c);
            }));
}
