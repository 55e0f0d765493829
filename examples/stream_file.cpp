// SPDX-License-Identifier: BSD-3-Clause
//
// Encrypts a file of any size as one streamed message, decrypts it again, and compares both with the truth:
// the ciphertext with `openssl enc`, the plaintext with the file. One thread feeds while another collects, so
// that memory does not grow with the file.
#include "fail.hpp"
#include "files.hpp"
#include "input.hpp"
#include "openssl_enc.hpp"
#include "progress.hpp"

#include <kcapi.h>
#include <kcapi_ext.h>

#include <getopt.h>
#include <sys/random.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace example;

namespace {

constexpr const char *usage =
    "usage: stream_file [--cipher NAME] [--sample-from DIRECTORY] [PATH]\n"
    "Encrypts PATH and decrypts it again, compares with openssl enc, and tells how fast it was. Without PATH "
    "it\n"
    "takes a sample of 64 MiB of the machine's own files, those below /usr unless DIRECTORY is given.\n"
    "NAME is ctr(aes) (the default), cbc(aes) or ecb(aes); the last two need whole 16-byte blocks.";

struct options {
    std::string cipher = "ctr(aes)";
    std::string sample_from = "/usr";
    std::string path;
    bool help = false;
};

/// A key or an IV: random, and wiped in the end.
template <std::size_t Size>
class random_secret {
  public:
    random_secret() {
        if (getrandom(bytes_.data(), Size, 0) != static_cast<ssize_t>(Size))
            fail("getrandom: %s", std::strerror(errno));
    }
    ~random_secret() { kcapi_memset_secure(bytes_.data(), 0, Size); }
    random_secret(const random_secret &) = delete;
    random_secret &operator=(const random_secret &) = delete;

    [[nodiscard]] const std::array<std::uint8_t, Size> &bytes() const noexcept { return bytes_; }

  private:
    std::array<std::uint8_t, Size> bytes_;
};

struct handle_deleter {
    void operator()(kcapi_handle *h) const noexcept { kcapi_cipher_destroy(h); }
};
using cipher_handle = std::unique_ptr<kcapi_handle, handle_deleter>;

enum class direction { encrypt, decrypt };

/// Sizes of the pieces in which the file is read, in turn.
constexpr std::array<std::size_t, 6> uneven{1, 131071, 17, 65521, 4093, 98299};

void put(kcapi_handle *cipher, std::uint8_t *data, std::size_t size, bool last) {
    do {
        iovec piece{data, size};
        const ssize_t taken = last ? kcapi_cipher_stream_update_last(cipher, &piece, 1)
                                   : kcapi_cipher_stream_update(cipher, &piece, 1);
        if (taken < 0)
            fail("feeding: %s", kcapi_ext_last_error());
        data += taken;
        size -= static_cast<std::size_t>(taken);
    } while (size != 0);
}

/// Reads one piece ahead: the last one, which ends the message, has to be known as such.
void feed(kcapi_handle *cipher, const file &from, std::atomic<std::int64_t> &total) {
    std::vector<std::uint8_t> now(131072), next(131072);
    std::size_t size = read_fully(from, {now.data(), uneven[0]});
    std::int64_t sum = static_cast<std::int64_t>(size);
    for (std::size_t turn = 1;; ++turn) {
        const std::size_t ahead = read_fully(from, {next.data(), uneven[turn % uneven.size()]});
        if (ahead == 0)
            total = sum; // before the data goes in: whoever collects the last byte must know
        put(cipher, now.data(), size, ahead == 0);
        if (ahead == 0)
            return;
        std::swap(now, next);
        size = ahead;
        sum += static_cast<std::int64_t>(size);
    }
}

/// Sleeps in stream_op while there is nothing, and takes what there is. `total` is -1 until it is known.
void collect(kcapi_handle *cipher, const file &to, const std::atomic<std::int64_t> &total, progress &bar) {
    std::vector<std::uint8_t> odd(65537), odder(32749);
    std::array<iovec, 2> room{{{odd.data(), odd.size()}, {odder.data(), odder.size()}}};
    for (std::int64_t received = 0; received != total;) {
        const ssize_t n = kcapi_cipher_stream_op(cipher, room.data(), room.size());
        if (n < 0)
            fail("collecting: %s", kcapi_ext_last_error());
        write_fully(to, room, static_cast<std::size_t>(n));
        received += n;
        bar.show(static_cast<std::uint64_t>(received));
    }
}

std::int64_t stream(kcapi_handle *cipher, direction way, const std::uint8_t *iv, const file &from,
                    const file &to, progress &bar) {
    const ssize_t begun = way == direction::encrypt ? kcapi_cipher_stream_init_enc(cipher, iv, nullptr, 0)
                                                    : kcapi_cipher_stream_init_dec(cipher, iv, nullptr, 0);
    if (begun < 0)
        fail("beginning a message: %s", kcapi_ext_last_error());
    std::atomic<std::int64_t> total = -1;
    std::thread feeder(feed, cipher, std::cref(from), std::ref(total));
    collect(cipher, to, total, bar);
    feeder.join();
    return total;
}

/// Streams from the beginning of one file to the other and says how fast.
std::int64_t timed(kcapi_handle *cipher, direction way, const std::uint8_t *iv, const file &from,
                   const file &to, std::uint64_t expected) {
    const char *const name = way == direction::encrypt ? "encrypt" : "decrypt";
    rewind(from);
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t size = [&] {
        progress bar(name, expected);
        return stream(cipher, way, iv, from, to, bar);
    }();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::printf("%s     %.0f MB/s\n", name, static_cast<double>(size) / 1e6 / seconds.count());
    return size;
}

options parse(int argc, char **argv) {
    constexpr std::array<option, 4> known{{{"cipher", required_argument, nullptr, 'c'},
                                           {"sample-from", required_argument, nullptr, 's'},
                                           {"help", no_argument, nullptr, 'h'},
                                           {nullptr, 0, nullptr, 0}}};
    options o;
    opterr = 0;
    for (int c = 0; (c = getopt_long(argc, argv, "", known.data(), nullptr)) != -1;) {
        if (c == 'c')
            o.cipher = optarg;
        else if (c == 's')
            o.sample_from = optarg;
        else if (c == 'h')
            o.help = true;
        else
            fail("wrong option\n%s", usage);
    }
    if (optind + 1 < argc)
        fail("more than one file\n%s", usage);
    if (optind < argc)
        o.path = argv[optind];
    return o;
}

cipher_handle open_cipher(const char *name) {
    kcapi_handle *h = nullptr;
    if (kcapi_cipher_init(&h, name, 0) != 0)
        fail("%s: %s", name, kcapi_ext_last_error());
    return cipher_handle(h);
}

long max_resident_kib() {
    rusage used{};
    (void)getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

bool run(const options &o) {
    const cipher_handle cipher = open_cipher(o.cipher.c_str());
    const char *const counterpart = openssl_cipher(kcapi_ext_algorithm_name(cipher.get()));
    if (counterpart == nullptr)
        fail("openssl enc has no %s to compare with: take ctr(aes), cbc(aes) or ecb(aes)", o.cipher.c_str());
    const random_secret<32> key;
    const random_secret<16> random_iv;
    const std::span<const std::uint8_t> iv(random_iv.bytes().data(), kcapi_cipher_ivsize(cipher.get()));
    if (kcapi_cipher_setkey(cipher.get(), key.bytes().data(), 32) != 0)
        fail("setting the key: %s", kcapi_ext_last_error());

    const input original = o.path.empty() ? make_sample(o.sample_from) : open_input(o.path);
    const file ciphertext = make_private_file();
    const file decrypted = make_private_file();
    std::printf("file        %s\n", original.description.c_str());
    std::printf("algorithm   %s, 256-bit key\n", kcapi_ext_algorithm_name(cipher.get()));
    std::printf("engine      %s\n", kcapi_ext_engine_name(cipher.get()));
    std::printf("driver      %s\n", kcapi_ext_driver_name(cipher.get()));

    const std::int64_t size =
        timed(cipher.get(), direction::encrypt, iv.data(), original.content, ciphertext, original.size);
    (void)timed(cipher.get(), direction::decrypt, iv.data(), ciphertext, decrypted,
                static_cast<std::uint64_t>(size));
    std::printf("size        %lld bytes\n", static_cast<long long>(size));

    const bool as_openssl = openssl_agrees(counterpart, key.bytes(), iv, original.content, ciphertext);
    std::printf("ciphertext equals openssl enc: %s\n", as_openssl ? "yes" : "no");
    rewind(original.content);
    rewind(decrypted);
    const bool as_before = same_rest(original.content, decrypted);
    std::printf("decrypted equals the file: %s\n", as_before ? "yes" : "no");
    std::printf("memory      %ld KiB at most\n", max_resident_kib());
    return as_openssl && as_before;
}

} // namespace

int main(int argc, char **argv) {
    const options o = parse(argc, argv);
    if (o.help) {
        std::puts(usage);
        return EXIT_SUCCESS;
    }
    return run(o) ? EXIT_SUCCESS : EXIT_FAILURE;
}
