# SPDX-License-Identifier: BSD-3-Clause
# The af-alg plugin of strongSwan, and its published vectors on each algorithm that the plugin offers.
cat >strongswan.conf <<END
libstrongswan {
  integrity_test = no
  crypto_test {
    required = yes
    on_add = yes
  }
}
pki {
  load = test-vectors af-alg random nonce pem pkcs1
}
END
STRONGSWAN_CONF=$PWD/strongswan.conf pki --help --debug 2 2>&1 | sed '/^usage/,$d'
