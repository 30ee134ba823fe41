# What `cmake --install` puts where. Everything finds its parts relative to itself, so the tree may be moved.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(WIN32)
  set(PARQUETFRAME_RUNTIME_DIR "${CMAKE_INSTALL_BINDIR}")
  install(FILES "${PARQUETFRAME_STAGE}/${PARQUETFRAME_IMPORT_FILE}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
else()
  set(PARQUETFRAME_RUNTIME_DIR "${CMAKE_INSTALL_LIBDIR}")
endif()
foreach(_file IN ITEMS ${PARQUETFRAME_LIBRARY_FILE} ${PARQUETFRAME_LIBRARY_LINKS})
  install(PROGRAMS "${PARQUETFRAME_STAGE}/${_file}" DESTINATION "${PARQUETFRAME_RUNTIME_DIR}")
endforeach()
if(PARQUETFRAME_BUILD_STATIC)
  install(FILES "${PARQUETFRAME_STAGE}/${PARQUETFRAME_STATIC_FILE}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
install(FILES include/libparquetframe.h include/libparquetframe.hpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

set(PARQUETFRAME_PKGCONFIG_DIR "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH PARQUETFRAME_PC_TO_PREFIX "/${PARQUETFRAME_PKGCONFIG_DIR}" "/")
string(REGEX REPLACE "/$" "" PARQUETFRAME_PC_TO_PREFIX "${PARQUETFRAME_PC_TO_PREFIX}")
configure_file(cmake/libparquetframe.pc.in libparquetframe.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/libparquetframe.pc" DESTINATION "${PARQUETFRAME_PKGCONFIG_DIR}")

set(PARQUETFRAME_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/libparquetframe")
configure_package_config_file(cmake/libparquetframeConfig.cmake.in libparquetframeConfig.cmake
  INSTALL_DESTINATION "${PARQUETFRAME_PACKAGE_DIR}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR PARQUETFRAME_RUNTIME_DIR
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(libparquetframeConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/libparquetframeConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/libparquetframeConfigVersion.cmake"
  DESTINATION "${PARQUETFRAME_PACKAGE_DIR}")
