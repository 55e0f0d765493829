# SPDX-License-Identifier: BSD-3-Clause
# libkcapi.a: everything in one archive, drivers included; it loads no modules. What a program that links it needs
# besides is KCAPI_PRIVATE_LIBS. The old 32-bit symbol versions are not in it: no old binary ever meets it.
set(parts kcapi_capi kcapi_runtime kcapi_catalog_static kcapi_local kcapi_driver_portable kcapi_afalg kcapi_alg kcapi_base)
set(KCAPI_PRIVATE_LIBS "-lstdc++ -ldl -pthread")
set(static_needs stdc++ ${CMAKE_DL_LIBS})
if(KCAPI_DRIVER_OPENSSL)
    find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
    list(APPEND parts kcapi_driver_openssl_static)
    list(PREPEND static_needs OpenSSL::Crypto)
    # As a library and not as a required package: who links the shared library needs no libcrypto.pc.
    string(PREPEND KCAPI_PRIVATE_LIBS "-lcrypto ")
endif()
if(KCAPI_IO_URING)
    list(PREPEND static_needs uring)
    string(PREPEND KCAPI_PRIVATE_LIBS "-luring ")
endif()

set(objects "")
foreach(part ${parts})
    list(APPEND objects $<TARGET_OBJECTS:${part}>)
endforeach()
add_library(kcapi_static STATIC ${objects})
add_library(kcapi::kcapi_static ALIAS kcapi_static)
set_target_properties(kcapi_static PROPERTIES OUTPUT_NAME kcapi LINKER_LANGUAGE CXX EXPORT_NAME kcapi_static)
target_link_libraries(kcapi_static INTERFACE kcapi_headers ${static_needs})
install(TARGETS kcapi_static EXPORT kcapi-static-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT kcapi-static-targets NAMESPACE kcapi:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kcapi)
