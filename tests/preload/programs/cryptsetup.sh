# SPDX-License-Identifier: BSD-3-Clause
# Cryptsetup asks by AF_ALG what the kernel has, measures it, and encrypts key slots with what its own library lacks.
cryptsetup=$PROGRAMS/sbin/cryptsetup
# The figures are this machine's; that there are some is not.
for cipher in aes-xts aes-cbc serpent-xts twofish-cbc xchacha20,aes-adiantum; do
    $cryptsetup benchmark --cipher $cipher --key-size 256 2>&1 | sed 's/[0-9.]* MiB\/s/N MiB\/s/g; s/  */ /g'
done
$cryptsetup benchmark --cipher nosuch-xts --key-size 256 2>&1
echo "status $?"
head -c 18874368 /dev/zero >disk
printf password | $cryptsetup -q luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \
    --cipher serpent-xts-plain64 --key-size 512 disk - 2>&1
echo "format $?"
printf password | $cryptsetup open --test-passphrase disk --key-file=- 2>&1
echo "right $?"
printf passwort | $cryptsetup open --test-passphrase disk --key-file=- 2>&1
echo "wrong $?"
