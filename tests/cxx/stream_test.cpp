// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/cipher.hpp>

#include <thread>

using namespace kcapi;
using namespace kcapi::test;

namespace {

const octets key = counting(32, 1);
const octets iv = counting(16, 200);

octets at_once(const cipher &c, const octets &text) {
    octets out(text.size());
    EXPECT_EQ(c.encrypt(iv, text, out).value(), text.size());
    return out;
}

} // namespace

TEST(cxx_stream, of_one_thread_gives_the_message_of_one_call) {
    const cipher c = cipher::create("ctr(aes)", key).value();
    const octets text = counting(1000);
    cipher_stream s = c.encryptor(iv).value();
    octets out(1024);
    s.write(bytes(text).first(7)).value();
    s.write_borrowed(bytes(text).subspan(7, 500)).value();
    s.finish(bytes(text).subspan(507)).value();
    std::size_t got = 0;
    for (;;) {
        const std::size_t n = s.read(mutable_bytes(out).subspan(got)).value();
        if (n == 0)
            break;
        got += n;
    }
    out.resize(got);
    EXPECT_EQ(out, at_once(c, text));
}

TEST(cxx_stream, of_two_threads_passes_more_than_the_buffer_holds) {
    for (const bool empty_end : {false, true}) {
        const cipher c = cipher::create("cbc(aes)", key).value();
        const octets text = counting(1 << 20);
        cipher_stream s = c.encryptor(iv).value();
        std::thread writer([&] {
            const bytes all(text);
            for (std::size_t at = 0; at < all.size(); at += 65536) {
                const bool last = at + 65536 == all.size() && !empty_end;
                EXPECT_TRUE(last ? s.finish(all.subspan(at)) : s.write(all.subspan(at, 65536)));
            }
            if (empty_end) {
                EXPECT_TRUE(s.finish());
            }
        });
        octets out;
        octets room(100000);
        for (;;) {
            const std::size_t n = s.read(room).value();
            if (n == 0)
                break;
            out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
        }
        writer.join();
        EXPECT_EQ(out, at_once(c, text));
    }
}

TEST(cxx_stream, reader_that_waits_at_the_end_is_woken_by_an_empty_finish) {
    for (const char *const name : {"ctr(aes)", "cbc(aes)", "xts(aes)"}) {
        const cipher c = cipher::create(name, key).value();
        cipher_stream s = c.encryptor(iv).value();
        const octets text = counting(64);
        octets out(64);
        s.write(text).value();
        EXPECT_EQ(s.read(out).value(), 64U);
        std::thread writer([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            EXPECT_TRUE(s.finish());
        });
        EXPECT_EQ(s.read(out).value(), 0U) << name;
        writer.join();
    }
}

TEST(cxx_stream, try_read_never_sleeps) {
    const cipher c = cipher::create("ctr(aes)", key).value();
    cipher_stream s = c.decryptor(iv).value();
    octets out(64);
    EXPECT_EQ(s.try_read(out).value(), std::nullopt);
    s.write(counting(20)).value();
    EXPECT_EQ(s.try_read(out).value(), 16U);
    EXPECT_EQ(s.try_read(out).value(), std::nullopt);
    s.finish().value();
    EXPECT_EQ(s.try_read(out).value(), 4U);
    EXPECT_EQ(s.try_read(out).value(), 0U) << "the end";
    EXPECT_EQ(s.read(out).value(), 0U) << "the end, again";
}

TEST(cxx_stream, restart_begins_another_message) {
    const cipher c = cipher::create("ctr(aes)", key).value();
    const octets text = counting(48);
    cipher_stream s = c.encryptor(iv).value();
    octets out(48);
    s.write(counting(33, 9)).value();
    s.restart(iv).value();
    s.finish(text).value();
    EXPECT_EQ(s.read(out).value(), 48U);
    EXPECT_EQ(out, at_once(c, text));
    EXPECT_EQ(code_of(s.restart(bytes(iv).first(15))), EINVAL);
}

TEST(cxx_stream, refuses_misuse) {
    const cipher c = cipher::create("cbc(aes)", key).value();
    EXPECT_EQ(code_of(c.encryptor({})), EINVAL);
    cipher_stream s = c.encryptor(iv).value();
    s.finish(counting(17)).value();
    EXPECT_EQ(code_of(s.write(counting(1))), EINVAL) << "after the end";
    EXPECT_EQ(code_of(s.finish()), EINVAL);
    octets out(64);
    EXPECT_EQ(code_of(s.try_read(mutable_bytes(out).first(1))), EINVAL) << "no room for a block";
    EXPECT_EQ(code_of(s.read(out)), EINVAL) << "a length that the mode cannot process";
    const cipher_stream other = std::move(s);
    EXPECT_FALSE(s.valid());
    EXPECT_EQ(code_of(s.write(counting(16))), EINVAL);
    EXPECT_EQ(code_of(s.read(out)), EINVAL);
    EXPECT_TRUE(other.valid());
}

TEST(cxx_stream, tells_a_failure_again_until_it_is_restarted) {
    const cipher c = cipher::create("cbc(aes)", key).value();
    cipher_stream s = c.encryptor(iv).value();
    const octets text = counting(48);
    octets out(64);
    s.finish(counting(40)).value();
    EXPECT_EQ(code_of(s.read(mutable_bytes(out).first(15))), EINVAL);
    EXPECT_EQ(s.read(mutable_bytes(out).first(32)).value(), 32U) << "too little room loses nothing";
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(code_of(s.read(out)), EINVAL) << "and does not sleep";
        EXPECT_EQ(code_of(s.try_read(out)), EINVAL);
        EXPECT_EQ(code_of(s.read(mutable_bytes(out).first(1))), EINVAL);
        EXPECT_EQ(code_of(s.write(text)), EINVAL);
    }
    cipher_stream moved = std::move(s);
    EXPECT_EQ(code_of(moved.read(out)), EINVAL);
    moved.restart(iv).value();
    moved.finish(text).value();
    EXPECT_EQ(moved.read(out).value(), 48U);
    out.resize(48);
    EXPECT_EQ(out, at_once(c, text));
}

TEST(cxx_stream, several_are_under_way_on_one_key) {
    const cipher c = cipher::create("ctr(aes)", key).value();
    const octets text = counting(64);
    std::vector<cipher_stream> streams;
    for (int i = 0; i < 5; ++i)
        streams.push_back(c.encryptor(iv).value());
    for (cipher_stream &s : streams)
        s.write(bytes(text).first(30)).value();
    for (cipher_stream &s : streams) {
        s.finish(bytes(text).subspan(30)).value();
        octets out(64);
        EXPECT_EQ(s.read(out).value(), 64U);
        EXPECT_EQ(out, at_once(c, text));
    }
}
