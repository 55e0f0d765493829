# SPDX-License-Identifier: BSD-3-Clause
# The stressor takes its algorithms from /proc/crypto and from a list of its own.
"$PROGRAMS/usr/bin/stress-ng" --af-alg 1 --af-alg-ops 300 --verify 2>&1 |
    sed -n 's/^\(stress-ng: fail: *\)\[[0-9]*\]/\1/p; s/.* \(.*successful run completed\).*/\1/p'
