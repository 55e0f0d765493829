# SPDX-License-Identifier: BSD-3-Clause
# Compiler flags live here, as interface targets; no other file sets any.

option(KCAPI_DEVELOPER_MODE "Tests, examples and benchmarks; warnings are errors" ${PROJECT_IS_TOP_LEVEL})
option(KCAPI_DRIVER_OPENSSL "Build the driver module over OpenSSL's libcrypto" ON)
option(KCAPI_IO_URING "Send batches of messages to the kernel by io_uring (needs liburing.a to build)" ON)
option(KCAPI_STATIC_RUNTIME "Link libstdc++ into libkcapi.so.1 and its modules, so that they need libc only" ON)
option(KCAPI_BENCH "Build the benchmark (needs Google Benchmark)" ${KCAPI_DEVELOPER_MODE})
option(KCAPI_STATIC "Build the static library too, with the drivers inside" ON)
option(KCAPI_MAN "Write the manual pages of section 3 (needs Doxygen)" ${KCAPI_DEVELOPER_MODE})
set(KCAPI_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

add_library(kcapi_options INTERFACE)
target_compile_features(kcapi_options INTERFACE cxx_std_20 c_std_99)
target_compile_options(kcapi_options INTERFACE -Wall -Wextra -Wshadow -Wconversion)
target_compile_definitions(kcapi_options INTERFACE _GNU_SOURCE KCAPI_BUILD_VERSION="${PROJECT_VERSION}")
target_compile_options(kcapi_options INTERFACE -fstack-protector-strong -fvisibility=hidden)
target_compile_options(kcapi_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
target_compile_options(kcapi_options INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
target_link_options(kcapi_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(KCAPI_DEVELOPER_MODE)
    # Sanitizers make GCC warn of what is not there; the same sources are built without them.
    if(NOT KCAPI_SANITIZE)
        target_compile_options(kcapi_options INTERFACE -Werror)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        target_compile_options(kcapi_options INTERFACE -Wthread-safety)
    endif()
endif()
if(KCAPI_SANITIZE)
    target_compile_options(kcapi_options INTERFACE
        -fsanitize=${KCAPI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(kcapi_options INTERFACE -fsanitize=${KCAPI_SANITIZE})
    if(KCAPI_SANITIZE MATCHES undefined)
        # The vptr check opens a pipe to see whether memory is there, and reports every object once a process (that
        # of the tests of limits) has no descriptor left.
        target_compile_options(kcapi_options INTERFACE -fno-sanitize=vptr)
    endif()
endif()

# For the shared objects we ship: their C++ runtime is inside, so that a C program gains no dependency.
add_library(kcapi_shared_options INTERFACE)
if(KCAPI_STATIC_RUNTIME AND NOT KCAPI_SANITIZE)
    target_link_options(kcapi_shared_options INTERFACE -static-libstdc++ -static-libgcc)
endif()
if(NOT KCAPI_SANITIZE)
    target_link_options(kcapi_shared_options INTERFACE -Wl,--no-undefined)
endif()
target_link_options(kcapi_shared_options INTERFACE -Wl,--exclude-libs,ALL)
