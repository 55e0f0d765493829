# SPDX-License-Identifier: BSD-3-Clause
# kcapi_test(NAME target TIER tier [ENVIRONMENT A=B ...] [ARGS ...] [TIMEOUT s]): one CTest of a built program.
# The tier is its label; ./dev test counts by it. Build-tree driver modules are found through KCAPI_DRIVER_PATH.
function(kcapi_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TARGET;TIER;TIMEOUT" "ENVIRONMENT;ARGS;COMMAND")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    if(arg_COMMAND)
        add_test(NAME ${arg_NAME} COMMAND ${arg_COMMAND})
    else()
        add_test(NAME ${arg_NAME} COMMAND ${arg_TARGET} ${arg_ARGS})
    endif()
    set_tests_properties(${arg_NAME} PROPERTIES
        LABELS ${arg_TIER}
        TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "KCAPI_DRIVER_PATH=${KCAPI_BUILD_DRIVER_DIR};${arg_ENVIRONMENT}")
endfunction()
