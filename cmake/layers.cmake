# SPDX-License-Identifier: BSD-3-Clause
# One static library per folder of src, seen under its own name only: #include "alg/name.hpp" compiles in a target
# that links kcapi_alg and in no other. So a wrong dependency fails to build.

# kcapi_layer(NAME SOURCES... LINKS target...): the library kcapi_NAME of src/NAME.
function(kcapi_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    set(view "${PROJECT_BINARY_DIR}/layers/${name}")
    file(MAKE_DIRECTORY "${view}")
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/src/${name}" "${view}/${name}" SYMBOLIC)
    add_library(kcapi_${name} STATIC ${arg_SOURCES})
    target_include_directories(kcapi_${name} PUBLIC "${view}")
    target_link_libraries(kcapi_${name} PUBLIC kcapi_options ${arg_LINKS})
endfunction()

# kcapi_driver_module(NAME LIBRARY "what users call it" SOURCES... LINKS target...): a driver module of
# src/drivers/NAME, twice: for a static build and for tests the library kcapi_driver_NAME_static, whose entry is
# kcapi_driver_module_NAME; and the shared object NAME.so with the entry that the engine looks for.
function(kcapi_driver_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LIBRARY" "SOURCES;LINKS")
    set(view "${PROJECT_BINARY_DIR}/layers/driver_${name}")
    file(MAKE_DIRECTORY "${view}/drivers")
    file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${view}/drivers/${name}" SYMBOLIC)
    add_library(kcapi_driver_${name}_static STATIC ${arg_SOURCES})
    target_include_directories(kcapi_driver_${name}_static PUBLIC "${view}")
    target_link_libraries(kcapi_driver_${name}_static
        PUBLIC kcapi_driver_api kcapi_base ${arg_LINKS}
        PRIVATE kcapi_options)

    add_library(kcapi_driver_${name} MODULE entry.cpp)
    set_target_properties(kcapi_driver_${name} PROPERTIES
        PREFIX ""
        OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY "${KCAPI_BUILD_DRIVER_DIR}"
        KCAPI_LIBRARY "${arg_LIBRARY}")
    target_link_libraries(kcapi_driver_${name}
        PRIVATE kcapi_options kcapi_shared_options kcapi_driver_${name}_static)
    install(TARGETS kcapi_driver_${name}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/kcapi/drivers COMPONENT driver-${name})
endfunction()
