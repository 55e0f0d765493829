# SPDX-License-Identifier: BSD-3-Clause
# The manual: section 3 out of the comments in the C headers, by Doxygen's XML; section 7 as it is written.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man7" COMPONENT runtime
    FILES_MATCHING PATTERN "*.7")
if(NOT KCAPI_MAN)
    return()
endif()

find_package(Doxygen 1.9 REQUIRED)
set(man_source "${PROJECT_SOURCE_DIR}/cmake/man")
set(man_work "${PROJECT_BINARY_DIR}/man/work")
set(KCAPI_MAN_DIR "${PROJECT_BINARY_DIR}/man/man3")
set(header_dir "${PROJECT_SOURCE_DIR}/include")
set(python "${Python3_EXECUTABLE}")
set(filter "${man_source}/doxygen_filter.py")
configure_file("${man_source}/Doxyfile.in" "${PROJECT_BINARY_DIR}/man/Doxyfile" @ONLY)
file(MAKE_DIRECTORY "${man_work}")

add_custom_command(
    OUTPUT "${PROJECT_BINARY_DIR}/man/done"
    COMMAND "${CMAKE_COMMAND}" -E rm -rf "${man_work}/xml"
    COMMAND Doxygen::doxygen "${PROJECT_BINARY_DIR}/man/Doxyfile"
    COMMAND Python3::Interpreter -B "${man_source}/pages.py" "${man_work}/xml" "${KCAPI_MAN_DIR}" ${PROJECT_VERSION}
    COMMAND "${CMAKE_COMMAND}" -E touch "${PROJECT_BINARY_DIR}/man/done"
    DEPENDS "${header_dir}/kcapi.h" "${header_dir}/kcapi_ext.h" "${PROJECT_BINARY_DIR}/man/Doxyfile" "${filter}"
            "${man_source}/pages.py" "${man_source}/roff.py"
    VERBATIM)
add_custom_target(man ALL DEPENDS "${PROJECT_BINARY_DIR}/man/done")
install(DIRECTORY "${KCAPI_MAN_DIR}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man3" FILES_MATCHING PATTERN "*.3")
