# SPDX-License-Identifier: BSD-3-Clause
# pkg-config and CMake package files.
include(CMakePackageConfigHelpers)

configure_file("${PROJECT_SOURCE_DIR}/cmake/package/libkcapi.pc.in" "${PROJECT_BINARY_DIR}/libkcapi.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/libkcapi.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/kcapi)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/package/kcapi-config.cmake.in"
    "${PROJECT_BINARY_DIR}/kcapi-config.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/kcapi-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(EXPORT kcapi-targets NAMESPACE kcapi:: DESTINATION ${package_dir})
install(FILES "${PROJECT_BINARY_DIR}/kcapi-config.cmake" "${PROJECT_BINARY_DIR}/kcapi-config-version.cmake"
    DESTINATION ${package_dir})
