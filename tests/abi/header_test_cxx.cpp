// SPDX-License-Identifier: BSD-3-Clause
//
// The same test, seen by a C++ compiler.
#include "header_test.c"
