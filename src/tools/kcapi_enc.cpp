// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-enc: encrypts and decrypts files and streams; kcapi-enc(1).
#include "console.hpp"
#include "enc_aead.hpp"
#include "enc_cipher.hpp"
#include "handle.hpp"

namespace {

using namespace kcapi::tools;

int run(int argc, char **argv) {
    int status = 0;
    std::optional<enc_options> o = parse_enc_options(argc, argv, status);
    if (!o)
        return status;
    if (o->aead()) {
        const input in = open_input(o->in);
        output out(o->out);
        crypt_with_aead(*o, in, out);
        return 0;
    }
    // What the original finds wrong first is found first: the algorithm, the key, the files.
    (void)open_algorithm("skcipher", o->cipher);
    const secret key = read_key(o->key);
    const input in = open_input(o->in);
    output out(o->out);
    crypt_with_cipher(*o, key, in, out);
    return 0;
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-enc", argc, argv, run); }
