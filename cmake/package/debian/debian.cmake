# SPDX-License-Identifier: BSD-3-Clause
# Debian packages, by CPack: one for each component of the installation, under Debian's own names where Debian has
# them, so that they take the place of Debian's. ./dev package builds them with the preset "package".
if(NOT PROJECT_IS_TOP_LEVEL OR NOT KCAPI_TOOLS)
    return()
endif()
find_program(DPKG_PROGRAM dpkg)
if(NOT DPKG_PROGRAM)
    return()
endif()

# Ours, after the interface level that the library has.
set(KCAPI_PACKAGE_VERSION "1" CACHE STRING "Version of the packages, behind ${PROJECT_VERSION}+kcapi")
set(version "${PROJECT_VERSION}+kcapi${KCAPI_PACKAGE_VERSION}-1")
execute_process(COMMAND "${DPKG_PROGRAM}" --print-architecture OUTPUT_VARIABLE architecture
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libkcapi)
set(CPACK_PACKAGE_CONTACT "kcapi++ authors <kcapi@kcapi.invalid>")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 2)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_VERSION "${version}")
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${architecture})
set(CPACK_DEBIAN_PACKAGE_SOURCE libkcapi)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip) # complete.py packs them again
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src/capi")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_BINARY_DIR}/package/before.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${PROJECT_BINARY_DIR}/package/after.cmake")

set(generic_text "Programs use the crypto interface of the Linux kernel (AF_ALG) by libkcapi. This is an implementation of
libkcapi with an engine of its own beside the kernel's, so that such programs go on where a kernel or a
container has no AF_ALG.")
set(CPACK_COMPONENTS_ALL "")
set(package_names "")

# debian_package(COMPONENT NAME "Summary" "text" SECTION section [DEPENDS ...] ... ): anything behind the section is a
# field of control(5) and its value.
function(debian_package component name summary text section)
    string(TOUPPER ${component} upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    list(APPEND package_names "${component}=${name}")
    set(prefix CPACK_DEBIAN_${upper})
    set(${prefix}_PACKAGE_NAME ${name} PARENT_SCOPE)
    set(${prefix}_PACKAGE_SECTION ${section} PARENT_SCOPE)
    string(REPLACE "\n" " " text "${generic_text}\n.\n${text}")
    string(REPLACE " . " "\n.\n" text "${text}")
    set(${prefix}_DESCRIPTION "${summary}\n${text}" PARENT_SCOPE)
    while(ARGN)
        list(POP_FRONT ARGN field value)
        set(${prefix}_PACKAGE_${field} "${value}" PARENT_SCOPE)
    endwhile()
    set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} PARENT_SCOPE)
    set(package_names ${package_names} PARENT_SCOPE)
endfunction()

set(module_packages "")
foreach(module ${KCAPI_DRIVER_MODULES})
    list(APPEND module_packages "kcapi-drivers-${module} (= ${version})")
endforeach()
# With OpenSSL's the engine has most of what the kernel has; a system with AF_ALG that wants little can be without.
list(FILTER module_packages EXCLUDE REGEX openssl)
list(JOIN module_packages ", " further_modules)

debian_package(runtime libkcapi1 "user space interface to the kernel's crypto API, served without it too"
    "This package has the library. The engine of its own wants packages with drivers, kcapi-drivers-openssl at least."
    libs
    SHLIBDEPS ON
    RECOMMENDS "kcapi-drivers-openssl (= ${version})"
    SUGGESTS "${further_modules}")
set(of_library "${PROJECT_BINARY_DIR}/package/runtime")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${of_library}/shlibs" "${of_library}/symbols" "${of_library}/triggers")
debian_package(devel libkcapi-dev "development files of libkcapi"
    "This package has the headers of the C and C++ interfaces, the static library and the manual pages."
    libdevel
    DEPENDS "libkcapi1 (= ${version})"
    SUGGESTS "libssl-dev, libgcrypt20-dev, liburing-dev")
debian_package(tools kcapi-tools "command-line tools over libkcapi"
    "This package has kcapi-enc, kcapi-dgst, kcapi-rng, kcapi-info, kcapi-speed, and kcapi-hasher with its other names: sha256sum,
sha512hmac, fipscheck and the like."
    utils
    DEPENDS "libkcapi1 (>= ${version})"
    SUGGESTS "gnuplot-nox | gnuplot"
    SHLIBDEPS ON)
foreach(module ${KCAPI_DRIVER_MODULES})
    get_property(library TARGET kcapi_driver_${module} PROPERTY KCAPI_LIBRARY)
    debian_package(driver-${module} kcapi-drivers-${module} "drivers over ${library} for libkcapi's own engine"
        "This package has the algorithms that ${library} computes."
        libs
        DEPENDS "libkcapi1 (= ${version})"
        SHLIBDEPS ON)
endforeach()
if(TARGET kcapi_preload)
    debian_package(preload kcapi-preload "AF_ALG in the process, for programs as they are"
        "This package has libkcapi-preload.so, which gives programs that open AF_ALG sockets themselves libkcapi's own
engine, and kcapi-run, which starts programs with it."
        utils
        DEPENDS "libkcapi1 (= ${version}), kcapi-drivers-openssl (= ${version})"
        SHLIBDEPS ON)
endif()
debian_package(symbols libkcapi-dbgsym "debug symbols of libkcapi, its drivers and its tools"
    "This package has what debuggers look up by the build id." debug)

# The files that programs are found by when their symbols are looked for.
set(shipped kcapi kcapi-enc kcapi-dgst kcapi-rng kcapi-hasher kcapi-info kcapi-speed)
list(TRANSFORM KCAPI_DRIVER_MODULES PREPEND kcapi_driver_ OUTPUT_VARIABLE module_targets)
list(APPEND shipped ${module_targets})
if(TARGET kcapi_preload)
    list(APPEND shipped kcapi_preload kcapi-run)
endif()
list(TRANSFORM shipped REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE shipped_files)
set(package_source "${PROJECT_SOURCE_DIR}/cmake/package/debian")
configure_file("${package_source}/symbols_install.cmake.in" "${PROJECT_BINARY_DIR}/package/symbols_install.cmake.in" @ONLY)
file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/package/symbols_install.cmake"
    INPUT "${PROJECT_BINARY_DIR}/package/symbols_install.cmake.in")
install(SCRIPT "${PROJECT_BINARY_DIR}/package/symbols_install.cmake" COMPONENT symbols EXCLUDE_FROM_ALL)

string(REPLACE ";" " " package_names_words "${package_names}")
foreach(script before after)
    configure_file("${package_source}/${script}.cmake.in" "${PROJECT_BINARY_DIR}/package/${script}.cmake" @ONLY)
endforeach()
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file("${package_source}/changelog.in" "${PROJECT_BINARY_DIR}/package/changelog" @ONLY)
execute_process(
    COMMAND "${Python3_EXECUTABLE}" -B "${package_source}/shared_library.py" "${PROJECT_SOURCE_DIR}/tests/abi/symbols.txt"
            libkcapi1 "${version}" "${of_library}"
    COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/abi/symbols.txt"
    "${package_source}/shared_library.py")
include(CPack)
