// SPDX-License-Identifier: BSD-3-Clause
//
// The known answers of generators: those of NIST CAVP (drbgvectors_no_reseed, the first case of each kind;
// for HMAC_DRBG over SHA-384, and for prediction resistance with the same entropy over again, the answer is
// that of the standard's algorithm), and of RNGVS for the one of X9.31. A generator whose entropy cannot be
// given is looked at for health: it must give, and not the same twice.
#include "local/selftest_rng.hpp"

#include "base/secret.hpp"

#include <array>
#include <string_view>

namespace kcapi::local {

namespace {

constexpr std::size_t answer_size = 32;
constexpr std::size_t longest_output = 256;

struct known_answer {
    std::string_view mechanism;
    std::string_view entropy_and_nonce;
    std::size_t output_size; ///< of each of two outputs; the second begins with `answer`
    std::string_view answer;
    std::string_view resistant_answer; ///< the first output of so many bytes
};

constexpr known_answer known_answers[] = {
    {"ctr_aes128", "890eb067acf7382eff80b0c73bc872c6aad471ef3ef1d203", 64,
     "a5514ed7095f64f3d0d3a5760394ab42062f373a25072a6ea6bcfd8489e94af6",
     "7e5605c660d3df9d2a465c6c7d280565adf05932b7a143185369db83b3b05cab"},
    {"ctr_aes192", "c35c2fa2a89d52a11fa32aa96c95b8f1c9a8f9cb245a8b40f3a6e5a7fbd9d3c68e277ba9ac9bbb00", 64,
     "8c2e72abfd9bb8284db79e17a43a3146cd7694e35249fc3383914a7117f41368",
     "f33ea7d2d85c9138918e21d2a6a247dbfbcaffe9d21e6682087bfd55eb9fe8d6"},
    {"ctr_aes256",
     "36401940fa8b1fba91a1661f211d78a0b9389a74e5bccfece8d766af1a6d3b14496f25b0f1301b4f501be30380a137eb", 64,
     "5862eb38bd558dd978a696e6df164782ddd887e7e9a6c9f3f1fbafb78941b535",
     "24e9bcfc42d64eb737a5e22786582808d7aae64561dc14be1cf5156074d02e1b"},
    {"sha1", "136cf1c174e5a09f66b962d994396525fff1c6645f19231f", 80,
     "0e28130fa5ca11edd3293ca26fdb8ae1810611f78715082ed3841e7486f16677",
     "763c1c6e7bb8550c77dbea134dc764ff5001baa7bbcbc8f204da6b6cf2106791"},
    {"sha256",
     "a65ad0f345db4e0effe875c3a2e71f42c7129d620ff5c119a9ef55f05185e0fb8581f9317517276e06e9607ddbcbcc2e", 128,
     "d3e160c35b99f340b2628264d1751060e0045da383ff57a57d73a673d2b8d80d",
     "2b9b2afa5a9beca297cfa1315b58368708b6ef952df011115285388c0245804e"},
    {"sha384",
     "9ef0b00381d6c8c54d08fcadc6f5ef331134bb986373f65c6a14f553bcb6c55d9fce26ada7b1de39590312bd9d81c4f5", 192,
     "663ffb625e62c4eb67d7177a6abb808a9f68c2d5840f19992c11ea3a635d05b5",
     "56006a1ec70913e1f12cae4e4350e604c48f35d6538d4ecd95f2147cd908f8c0"},
    {"sha512",
     "6b50a7d8f8a55d7a3df8bb40bcc3b722d8708de67fda010b03c4c84d72096f8c3ec649cc6256d9fa31db7a2904aaf025", 256,
     "95b7f17e9802d3577392c6a9c08083b67dd1292265b5f42d237f1c55bb9b10bf",
     "78ff49b477dfc1578660fef08d2f816abad246fd722bc02772986c3ea152b304"},
    {"hmac_sha1", "e91b63309e93d1d08e30e8d556906875f59747c468b0d0da", 80,
     "b7928f9503a417110788f9d0c2585f8aee6fb73b220a626b3ab9825b7a9facc7",
     "9b31815838febcf0a11b715b0c015930d4ddc4cc3684401519c95abd5f017604"},
    {"hmac_sha256",
     "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8", 128,
     "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89",
     "4865505d545611bda4c3b12dd23682902b7d3c24f4803fa043e1b6499a19a982"},
    {"hmac_sha384",
     "85186650694f742c3f5f228f943788f05602d4827518908fd09a1fb445d8333db2d65f376d48c66eb9e0498999e1ff49", 192,
     "a736d59e1d14691ffd061cab91b98fe369ca0056db083c051b7587a2e0a6c3c6",
     "bd556793ef2ff5015c07cedb59ed18075ba80eb5638f66c45e56ff1e6de3a5a0"},
    {"hmac_sha512",
     "35049f389a33c0ecb1293238fd951f8ffd517dfde06041d32945b3e26914ba15f7328760be6168e6aa9fb54784989a11", 256,
     "e76491b0260aacfded01ad39fbf1a66a88284caa5123368a2ad9330ee48335e3",
     "65f19eede667e655867dd4b24a1d0db7a2894a4a5888ab6490487f35375e9d4a"},
};

constexpr std::string_view plain_prefix = "drbg_nopr_";
constexpr std::string_view resistant_prefix = "drbg_pr_";

std::uint8_t digit(char c) noexcept { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

/// The bytes that hexadecimal text stands for.
template <std::size_t Size>
base::bytes decode(std::string_view text, std::array<std::uint8_t, Size> &room) noexcept {
    const std::size_t n = std::min(text.size() / 2, Size);
    for (std::size_t i = 0; i < n; ++i)
        room[i] = static_cast<std::uint8_t>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return base::bytes(room).first(n);
}

bool gives_known_answer(rng_state &generator, const known_answer &known, bool resistant) noexcept {
    std::array<std::uint8_t, 64> entropy{};
    std::array<std::uint8_t, answer_size> answer{};
    std::array<std::uint8_t, longest_output> out{};
    const base::bytes wanted = decode(resistant ? known.resistant_answer : known.answer, answer);
    const base::mutable_bytes produced =
        base::mutable_bytes(out).first(resistant ? answer_size : known.output_size);
    if (generator.set_entropy(decode(known.entropy_and_nonce, entropy)) != 0 || generator.seed({}) != 0 ||
        (!resistant && generator.generate({}, produced) != 0) || generator.generate({}, produced) != 0)
        return false;
    return base::ct_equal(produced.first(answer_size), wanted);
}

/// The first of the variable-seed test over AES-128.
bool gives_answer_of_x931(rng_state &generator) noexcept {
    std::array<std::uint8_t, 48> seed{};
    std::array<std::uint8_t, 16> answer{};
    std::array<std::uint8_t, 16> out{};
    (void)decode("80000000000000000000000000000000f3b1666d13607242ed061cabb8d46202"
                 "e6b3be782a23fa62d71d4afbb0e922f9",
                 seed);
    return generator.seed(seed) == 0 && generator.generate({}, out) == 0 &&
           base::ct_equal(out, decode("59531ed13bb0c05584796685c12f7641", answer));
}

bool is_healthy(rng_state &generator) noexcept {
    std::array<std::uint8_t, answer_size> first{};
    std::array<std::uint8_t, answer_size> second{};
    if (generator.seed({}) != 0 || generator.generate({}, first) != 0 || generator.generate({}, second) != 0)
        return false;
    const bool differ = !base::ct_equal(first, second);
    base::wipe(first);
    base::wipe(second);
    return differ;
}

} // namespace

bool passes_rng_self_test(const driver &d) noexcept {
    std::unique_ptr<rng_state> generator;
    if (d.make_rng == nullptr || d.make_rng(d, generator) != 0)
        return false;
    const std::string_view name = d.driver_name;
    if (name.ends_with("ansi_cprng"))
        return gives_answer_of_x931(*generator);
    const bool resistant = name.starts_with(resistant_prefix);
    if (!resistant && !name.starts_with(plain_prefix))
        return is_healthy(*generator);
    const std::string_view mechanism = name.substr(resistant ? resistant_prefix.size() : plain_prefix.size());
    for (const known_answer &known : known_answers)
        if (known.mechanism == mechanism)
            return gives_known_answer(*generator, known, resistant);
    return false;
}

} // namespace kcapi::local
