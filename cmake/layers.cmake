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
