// SPDX-License-Identifier: BSD-3-Clause
//
// The known answers of public-key cryptography.
//
// RSA: the 2048-bit key of RSA Laboratories' PKCS #1 v1.5 vectors (pkcs1v15sign-vectors.txt, example 15).
// What is signed counts in sevens from 1; the answers were computed from the definition in RFC 8017, apart
// from all libraries. Agreement: the first good cases of NIST CAVP's KASValidityTest (FFCStatic and
// ECCStaticUnified, NOKC_ZZOnly_init). Of each answer the beginning stands here.
#include "local/selftest_public_key.hpp"

#include "base/secret.hpp"

#include <array>
#include <cerrno>
#include <string_view>

namespace kcapi::local {

namespace {

using alg::op_code;

constexpr std::string_view private_key =
    "308204a30201000282010100df271fd25f8644496b0c81be4bd50297ef099b002a6fd67727eb449cea566ed6a3981a71312a"
    "141cabc9815c1209e320a25b32464e9999f18ca13a9fd3892558f9e0adefdd3650dd23a3f036d60fe398843706a40b0b8462"
    "c8bee3bce12f1f2860c2444cdc6a44476a75ff4aa24273ccbe3bf80248465f8ff8c3a7f3367dfc0df5b6509a4f82811cedd8"
    "1cdaaa73c491da412170d544d4ba96b97f0afc8065498d3a49fd910992a1f0725be24f465cfe7e0eabf678996c50bc5e7524"
    "abf73f15e5bef7d518394e3138ce4944506aaaaf3f9b236dcab8fc00f87af596fdc3d9d6c75cd508362fae2cbeddcc4c7450"
    "b17b776c079ecca1f256351a43b97dbe21530203010001028201005bd910257830dce17520b03441a51a8cab94020ac6ecc2"
    "52c808f3743c95b7c83b8c8af1a5014346ebc4242cdfb5d718e30a733e71f291e4d473b61bfba6dacaed0a77bd1f0950ae3c"
    "91a8f90111882589e1d62765ee671e7baeea309f64d447bbcfa9ea12dce05e9ea8939bc5fe6108581279c982b308794b3448"
    "e7f7b952292df88c80cb40142c4b5cf5f8ddaa0891678d610e582fcb880f0d707caf47d09a84e14ca65841e5a3abc5e9dba9"
    "4075a9084341f0edad9b68e3b8e082b80b6e6e8a0547b44fb5061b6a9131603a5537ddabd01d8e863d8922e9aa3e4bfaea0b"
    "39d79283ad2cbc8a59cce7a6ecf4e4c81ed4c6591c807defd71ab06866bb5e774502818100f44f5e4246391f482b2f5296e3"
    "602eb34aa136427710f7c0416d403fd69d4b29130cfebef34e885abdb1a8a0a5f0e9b5c33e1fc3bfc285b1ae17e40cc67a19"
    "13dd563719815ebaf8514c2a7aa0018e63b6c631dc315a46235716423d11ff58034e610645703606919f5c7ce2660cd148bd"
    "9efc123d9c54b6705590d006cfcf3f02818100e9d49841e0e0a6ad0d517857133e36dc72c1bdd90f9174b52e26570f373640"
    "f1c185e7ea8e2ed7f1e4ebb951f70a58023633b0097aec67c6dcb800fc1a67f9bb0563610f08ebc8746ad129772136eb1dda"
    "f46436450d318332a84982fe5d28dbe5b3e912407c3e0e03100d87d436ee409eec1cf85e80aba079b2e6106b97bced028181"
    "00ed102acdb26871534d1c414ecad9a4d732fe95b10eea370da62f05de2c393b1a633303ea741b6b3269c97f704b352702c9"
    "ae79922f7be8d10db67f026a8145de41b30c0a42bf923bac5f7504c248604b9faa57ed6b3246c6ba158e36c644f8b9548fcf"
    "4f07e054a56f768674054440bc0dcbbc9b528f64a01706e05b0b91106f0281806827924a85e88b55ba00f8219128bd3724c6"
    "b7d1dfe5629ef197925fecaff5edb9cdf3a7befd8ea2e8dd3707138b3ff87c3c39c57f439e562e2aa805a39d7cd79966d2ec"
    "e7845f1dbc16bee99999e4d0bf9eeca45fcda8a8500035fe6b5f03bc2f6d1bfc4d4d0a3723961af0cdce4a01eec82d7f5458"
    "ec19e71b90eeef7dff6102818057b73888d183a99a6307422277551a3d9e18adf06a91e8b55ceffef9077c8496948ecb3b16"
    "b78155cb2a3a57c119d379951c010aa635edcf62d84c5a122a8d67ab5fa9e5a4a8772a1e943bafc70ae3a4c1f0f3a4ddffae"
    "fd1892c8cb33bb0d0b9590e963a69110fb34db7b906fc4ba2836995aac7e527490ac952a02268a4f18";

struct signature {
    std::string_view algorithm;
    std::size_t input_size;
    std::string_view answer;
};

constexpr signature signatures[] = {
    {"rsa", 32, "5bbebbe19291c7772b17ab74cd4e1c4453d489ed2c3493c903215178b3edc8d0"},
    {"pkcs1pad(rsa)", 32, "beb3e3e7ee218e26624c45a79076cc37a1620744631056b710595003d949f019"},
    {"pkcs1pad(rsa,sha1)", 20, "914ff0913211da1927dbe62a4736d8f4f71a6d77b91eac391526cb4b2de7cb19"},
    {"pkcs1pad(rsa,sha224)", 28, "51e8c1f826d12ae0bcaaac17d03fbee58138588a6002e6b8fccbb149df89f76e"},
    {"pkcs1pad(rsa,sha256)", 32, "74a34c54dbc32baa0d7146b4e0baed461aa0eaed41c83cdf70b39e62c3133842"},
    {"pkcs1pad(rsa,sha384)", 48, "a68cd5e7300f2e7a60877c39f28749ee41fcab35735501dacba33e939a73afd1"},
    {"pkcs1pad(rsa,sha512)", 64, "37b64cb94acffc9a2f19efdadcdbf5fc81d1d0445d3c98d0eaf777cea50421b4"},
};

struct agreement {
    std::string_view algorithm;
    std::string_view parameters; ///< empty: its name says them
    std::string_view private_key;
    std::string_view public_key;
    std::string_view peer;
    std::string_view secret;
};

constexpr agreement agreements[] = {
    {"dh",
     "3082010802818100da3a8085d372437805de95b88b675122f575df976610c6a844de99f1df82a06848bf7a42f18895c97402"
     "e81118e01a00d0855d51922f434c022350861d58ddf60d65bc6941fc6064b147071a4c30426d82fc90d888f94990267c64be"
     "ef8c304a4b2b26fb93724d6a9472fa16bc50c5b9b8b59afb62cfe9ea3ba042c73a6ade3502818100a51883e9ac0539859df3"
     "d25c716437008bb4bd8ec4786eb4bc643299daef5e3e5af5863a6ac40a597b83a27583f6a658d408825105b16d31b6ed088f"
     "c623f648fd6d95e9cefcb0745763cddf564c87bcf4ba7928e74fd6a3080481f588d535e4c026b58a21e1e5ec412ff241b436"
     "043e29173f1dc6cb943c09742de989547288",
     "54081a8fef2127a1f22ed90440b1b09c331d0614",
     "0b92af0468b841ea5de4ca91d895b5e922245421de57ed7a88d2de41610b208e",
     "5a7890f6d20ee9c7162cd84222cb0c7cb5b4f29244a58fc95327fc41045f476fb3da42fca76a1dd59222a7a7c3872d5af7d8"
     "dc254e003eccdb38f291619c51911df2b6ed67d0b459f4bc25819c0078777b9a1a24c72e7c037a3720a1edad5863ef5ac75c"
     "e816869c820859558d5721089ddbe331f55bef741396a3bbf85c6c1a",
     "8d8f4175e16e15a42eb9099b11528af88741cc206a088971"},
    {"ecdh-nist-p192", "", "a5b4bbad57f101ca48021cb7440cd681a9d40cd51b99d917",
     "79a77fcb18a32cdb59ed5d87740f29e8565d649dbf01ce86f7187efaa0b1573f",
     "f7b5061fb557e516c50abf541d97dbfd76ca7172b22cf590135e15e21f9e85c76205fd148a92ac19f9e6243ddab322d1",
     "26382468d721761e14a87dc3bee67340095c6455962d1ba3"},
    {"ecdh-nist-p256", "", "8087ab163864bfa81001c72f736b6d94e7612559ac4c847d06ba2171840684d6",
     "e8b020e8c3cc25d3e5e83e76077f3d5ccdabd7ad76121b724a171414e73f793c",
     "5a3955c54a49645ed818f3774ea10971a1db88c370d8966c5a6e88234ed5d82003b13f0dad73f64532f42b8b2fa6d1450d9a"
     "b24896e95c24674298f2da07ccda",
     "0cb890a0dcc277c3dde0f91b4322a32e6365d7ec85316185"},
    {"ecdh-nist-p384", "",
     "f865418473e5bf7d2e1bbcd9bd5a9270c003a9dd35e778133ca59fcab4bb64fe24d6800e7047bdd033abc8bfa8db35b5",
     "32b72ab9b558249dcbc6cbade234f58e4f7aa5d3f6420ea99a5f997e8c2a91fb",
     "d1bf2ac21637d66d6398aac01dcd56ac6f065fb45d1f6f16747bab9e9b01b4630b59b20927aea147355bf41838acb4824c9e"
     "23f1c5a41647d094086bf4ed31708651f21d996c47780688ac10f77deee2e43b5241b6caecd2fd5444bc50472e0e",
     "a781430e6078a179df3f9ee27cd8fdc6188f161b6c4ccc40"},
    {"ecdh", "32", "8087ab163864bfa81001c72f736b6d94e7612559ac4c847d06ba2171840684d6",
     "e8b020e8c3cc25d3e5e83e76077f3d5ccdabd7ad76121b724a171414e73f793c",
     "5a3955c54a49645ed818f3774ea10971a1db88c370d8966c5a6e88234ed5d82003b13f0dad73f64532f42b8b2fa6d1450d9a"
     "b24896e95c24674298f2da07ccda",
     "0cb890a0dcc277c3dde0f91b4322a32e6365d7ec85316185"},
};

constexpr std::size_t most_bytes = 1280;

std::uint8_t digit(char c) noexcept { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

/// The bytes that hexadecimal text stands for.
class decoded {
  public:
    explicit decoded(std::string_view text) noexcept : size_(std::min(text.size() / 2, most_bytes)) {
        for (std::size_t i = 0; i < size_; ++i)
            bytes_[i] = static_cast<std::uint8_t>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    }
    [[nodiscard]] base::bytes view() const noexcept { return base::bytes(bytes_).first(size_); }

  private:
    std::array<std::uint8_t, most_bytes> bytes_{};
    std::size_t size_;
};

bool begins_with(base::bytes got, std::string_view wanted) noexcept {
    const decoded answer(wanted);
    return got.size() >= answer.view().size() &&
           base::ct_equal(got.first(answer.view().size()), answer.view());
}

/// The primitive gives numbers as long as the modulus: what was put in is at the end.
bool ends_with(base::bytes got, base::bytes wanted) noexcept {
    return got.size() >= wanted.size() && base::ct_equal(got.last(wanted.size()), wanted);
}

bool computes(const akcipher_key &key, const signature &known) noexcept {
    std::array<std::uint8_t, 64> input{};
    for (std::size_t i = 0; i < input.size(); ++i)
        input[i] = static_cast<std::uint8_t>(7 * i + 1);
    const base::bytes in = base::bytes(input).first(known.input_size);
    std::array<std::uint8_t, 256> first{};
    std::array<std::uint8_t, 256> second{};
    std::size_t n = 0;
    std::size_t back = 0;
    if (key.output_size() != first.size() || key.crypt(op_code::sign, in, first, n) != 0 ||
        !begins_with(base::bytes(first).first(n), known.answer) ||
        key.crypt(op_code::verify, base::bytes(first).first(n), second, back) != 0 ||
        !ends_with(base::bytes(second).first(back), in))
        return false;
    if (key.crypt(op_code::encrypt, in, first, n) != 0 ||
        key.crypt(op_code::decrypt, base::bytes(first).first(n), second, back) != 0 ||
        !ends_with(base::bytes(second).first(back), in))
        return false;
    if (known.algorithm == "rsa")
        return true;
    // Not a signature: what was encrypted.
    return key.crypt(op_code::verify, base::bytes(first).first(n), second, back) == EBADMSG;
}

bool agrees(kpp_state &state, const agreement &known) noexcept {
    const decoded parameters(known.parameters);
    const alg::parameter what =
        known.algorithm == "dh" ? alg::parameter::dh_parameters : alg::parameter::ecdh_curve;
    if (!parameters.view().empty() && state.set_parameters(what, parameters.view()) != 0)
        return false;
    std::array<std::uint8_t, 128> out{};
    std::size_t n = 0;
    return state.set_key(decoded(known.private_key).view()) == 0 && state.output_size() <= out.size() &&
           state.public_key(out, n) == 0 && begins_with(base::bytes(out).first(n), known.public_key) &&
           state.shared_secret(decoded(known.peer).view(), out, n) == 0 &&
           begins_with(base::bytes(out).first(n), known.secret);
}

} // namespace

bool passes_akcipher_self_test(const driver &d) noexcept {
    for (const signature &known : signatures) {
        if (known.algorithm != d.name || d.make_akcipher == nullptr)
            continue;
        std::unique_ptr<akcipher_key> key;
        return d.make_akcipher(d, decoded(private_key).view(), true, key) == 0 && computes(*key, known);
    }
    return false;
}

bool passes_kpp_self_test(const driver &d) noexcept {
    for (const agreement &known : agreements) {
        if (known.algorithm != d.name || d.make_kpp == nullptr)
            continue;
        std::unique_ptr<kpp_state> state;
        return d.make_kpp(d, state) == 0 && agrees(*state, known);
    }
    return false;
}

} // namespace kcapi::local
