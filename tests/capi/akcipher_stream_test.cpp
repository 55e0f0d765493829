// SPDX-License-Identifier: BSD-3-Clause
//
// Messages in pieces for public-key operations.
#include "capi/rsa_key.hpp"

#include <thread>

using namespace kcapi::test;

namespace {

class akcipher_stream : public testing::Test {
  protected:
    static octets digest() { return pattern(32, 9); }
    ssize_t start(const octets &data) {
        pieces p(data);
        return kcapi_akcipher_stream_init_sgn(h_.get(), p.data(), p.size());
    }
    ssize_t update(const octets &data) {
        pieces p(data);
        return kcapi_akcipher_stream_update(h_.get(), p.data(), p.size());
    }
    ssize_t end() { return kcapi_akcipher_stream_update_last(h_.get(), nullptr, 0); }
    ssize_t collect(std::size_t room, octets &out) {
        out.assign(room, 0xee);
        pieces p(out);
        const ssize_t n = kcapi_akcipher_stream_op(h_.get(), p.data(), p.size());
        if (n >= 0)
            out.resize(static_cast<std::size_t>(n));
        return n;
    }

    akcipher h_{"pkcs1pad(rsa,sha256)", rsa_private_der()};
    octets out_;
};

} // namespace

TEST_F(akcipher_stream, pieces_are_one_message) {
    const octets right = rsa_reference_signature("SHA256", digest());
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(start(slice(digest(), 0, 10)), 10);
        ASSERT_EQ(update(slice(digest(), 10, 5)), 5);
        ASSERT_EQ(update({}), 0);
        ASSERT_EQ(update(slice(digest(), 15, 17)), 17);
        ASSERT_EQ(end(), 0);
        EXPECT_EQ(update({1}), -EINVAL) << "the message has ended";
        ASSERT_EQ(collect(1000, out_), static_cast<ssize_t>(rsa_size));
        EXPECT_EQ(out_, right);
    }
    ASSERT_EQ(update(digest()), 32) << "the next one, with the same operation";
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(rsa_size, out_), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(out_, right);
}

TEST_F(akcipher_stream, every_operation_has_its_beginning) {
    const octets message = pattern(32, 4);
    const struct {
        ssize_t (*there)(kcapi_handle *, iovec *, std::size_t);
        ssize_t (*back)(kcapi_handle *, iovec *, std::size_t);
    } ways[] = {{kcapi_akcipher_stream_init_enc, kcapi_akcipher_stream_init_dec},
                {kcapi_akcipher_stream_init_sgn, kcapi_akcipher_stream_init_vfy}};
    for (const auto &way : ways) {
        pieces in(message);
        ASSERT_EQ(way.there(h_.get(), in.data(), in.size()), 32);
        ASSERT_EQ(end(), 0);
        ASSERT_EQ(collect(rsa_size, out_), static_cast<ssize_t>(rsa_size));
        const octets middle = out_;
        pieces between(middle);
        ASSERT_EQ(way.back(h_.get(), between.data(), between.size()), static_cast<ssize_t>(rsa_size));
        ASSERT_EQ(end(), 0);
        ASSERT_EQ(collect(rsa_size, out_), 32);
        EXPECT_EQ(out_, message);
    }
}

TEST_F(akcipher_stream, small_room_is_einval_and_the_message_waits) {
    ASSERT_EQ(start(digest()), 32);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(rsa_size - 1, out_), -EINVAL);
    EXPECT_EQ(out_, octets(rsa_size - 1, 0xee));
    EXPECT_EQ(kcapi_akcipher_stream_op(h_.get(), nullptr, 0), -EINVAL);
    octets first(100);
    octets second(156);
    pieces both{{first.data(), first.size()}, {second.data(), second.size()}};
    ASSERT_EQ(kcapi_akcipher_stream_op(h_.get(), both.data(), both.size()), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(first + second, rsa_reference_signature("SHA256", digest()));
}

TEST_F(akcipher_stream, failed_message_does_not_reach_the_next) {
    pieces in(octets(rsa_size, 1));
    const octets junk(rsa_size, 1);
    pieces bad(junk);
    ASSERT_EQ(kcapi_akcipher_stream_init_vfy(h_.get(), bad.data(), bad.size()),
              static_cast<ssize_t>(rsa_size));
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(rsa_size, out_), -EBADMSG);
    octets signature;
    EXPECT_EQ(h_.call(kcapi_akcipher_sign, digest(), signature), static_cast<ssize_t>(rsa_size));
    ASSERT_EQ(start({9, 9, 9}), 3);
    ASSERT_EQ(start(digest()), 32) << "discards what was begun";
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(rsa_size, out_), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(out_, signature);
}

TEST_F(akcipher_stream, one_shot_call_beside_an_unfinished_message_is_einval) {
    ASSERT_EQ(start(digest()), 32);
    octets out;
    EXPECT_EQ(h_.call(kcapi_akcipher_sign, digest(), out), -EINVAL);
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(rsa_size, out_), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(h_.call(kcapi_akcipher_sign, digest(), out), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(out, out_);
}

TEST_F(akcipher_stream, message_has_a_largest_size) {
    ASSERT_EQ(start(octets(16000)), 16000);
    EXPECT_EQ(update(octets(385)), -EMSGSIZE);
    EXPECT_EQ(update(octets(384)), 384);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(rsa_size, out_), -EINVAL);
    std::vector<iovec> many(1025);
    EXPECT_EQ(kcapi_akcipher_stream_update(h_.get(), many.data(), many.size()), -EMSGSIZE);
    iovec bad{nullptr, 3};
    EXPECT_EQ(kcapi_akcipher_stream_update(h_.get(), &bad, 1), -EFAULT);
    EXPECT_EQ(kcapi_akcipher_stream_update(h_.get(), nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_akcipher_stream_op(h_.get(), &bad, 1), -EFAULT);
}

TEST_F(akcipher_stream, collector_sleeps_until_the_message_has_ended) {
    std::thread feeder([&] {
        EXPECT_EQ(start(slice(digest(), 0, 16)), 16);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_EQ(update(slice(digest(), 16, 16)), 16);
        EXPECT_EQ(end(), 0);
    });
    EXPECT_EQ(collect(rsa_size, out_), static_cast<ssize_t>(rsa_size));
    EXPECT_EQ(out_, rsa_reference_signature("SHA256", digest()));
    feeder.join();
}
