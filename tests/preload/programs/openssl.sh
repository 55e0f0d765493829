# SPDX-License-Identifier: BSD-3-Clause
# OpenSSL's engine, which uses AF_ALG by Linux AIO with an eventfd.
key=000102030405060708090a0b0c0d0e0f
iv=00112233445566778899aabbccddeeff
head -c 100000 /dev/zero >zeros
for size in 0 1 16 23 4096 100000; do
    head -c $size zeros >plain
    for bits in 128 192 256; do
        case $bits in 128) k=$key ;; 192) k=${key}0011223344556677 ;; 256) k=$key$key ;; esac
        openssl enc -engine afalg -aes-$bits-cbc -K $k -iv $iv -in plain -out cipher 2>&1
        echo "$bits $size enc $? $(sha256sum <cipher)"
        openssl enc -d -engine afalg -aes-$bits-cbc -K $k -iv $iv -in cipher -out back 2>&1
        echo "$bits $size dec $? $(cmp plain back && echo same)"
    done
done
openssl engine -t -c afalg
openssl speed -engine afalg -seconds 1 -bytes 256 -evp aes-128-cbc 2>&1 | sed -n 's/^AES-128-CBC  *[1-9][0-9.]*k$/AES-128-CBC measured/p'
