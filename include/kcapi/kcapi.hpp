// SPDX-License-Identifier: BSD-3-Clause
//
// The C++ API, all of it: header-only over kcapi.h and kcapi_ext.h.
//
//   cipher, cipher_stream          encryption without authentication
//   aead, aead_sealer, aead_opener authenticated encryption
//   hash, mac                      digests without and with a key
//   rng, random_bytes              random numbers
//   pbkdf2, hkdf, kbkdf            key derivation
//   public_key, private_key        asymmetric ciphers and signatures
//   key_agreement                  Diffie-Hellman
//   engine, list_algorithms        who computes, and what there is
//
// Functions return a result<T>: a value, or an errno value and where it arose. Those who prefer exceptions
// call value(). What a class holds for threads stands at the class.
#pragma once

#include <kcapi/aead.hpp>
#include <kcapi/aead_stream.hpp>
#include <kcapi/algorithm.hpp>
#include <kcapi/batch.hpp>
#include <kcapi/cipher.hpp>
#include <kcapi/hash.hpp>
#include <kcapi/kdf.hpp>
#include <kcapi/key_agreement.hpp>
#include <kcapi/mac.hpp>
#include <kcapi/pubkey.hpp>
#include <kcapi/result.hpp>
#include <kcapi/rng.hpp>
#include <kcapi/stream.hpp>
