# SPDX-License-Identifier: BSD-3-Clause
# Debian's kcapi-tools over Debian's libkcapi.
export LD_LIBRARY_PATH=$LIBKCAPI/usr/lib/x86_64-linux-gnu
printf abc >small
head -c 300000 /dev/zero >large
printf 0123456789abcdef0123456789abcdef >key
iv=00112233445566778899aabbccddeeff
for file in small large; do
    for hash in sha1 sha224 sha256 sha384 sha512 md5 sha3-256; do
        echo "$hash $file $("$LIBKCAPI/usr/bin/kcapi-dgst" -c $hash -i $file --hex) $?"
    done
    for hash in 'hmac(sha256)' 'cmac(aes)'; do
        exec 9<key
        echo "$hash $file $("$LIBKCAPI/usr/bin/kcapi-dgst" -c "$hash" --keyfd 9 -i $file --hex) $?"
    done
    for cipher in 'cbc(aes)' 'ctr(aes)' 'ecb(aes)' 'xts(aes)'; do
        rm -f out back
        exec 9<key
        "$LIBKCAPI/usr/bin/kcapi-enc" -e -c "$cipher" -i $file -o out --keyfd 9 --iv $iv 2>&1
        echo "$cipher $file enc $? $(sha256sum <out)"
        exec 9<key
        "$LIBKCAPI/usr/bin/kcapi-enc" -d -c "$cipher" -i out -o back --keyfd 9 --iv $iv 2>&1
        echo "$cipher $file dec $? $(sha256sum <back)"
    done
done
"$LIBKCAPI/usr/bin/kcapi-rng" -b 32 | wc -c
"$LIBKCAPI/usr/bin/kcapi-dgst" -c nosuch -i small 2>&1
echo "unknown $?"
