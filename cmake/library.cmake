# The target libparquetframe::libparquetframe of the build tree: the shared library under the names it is installed with.

if(WIN32)
  set(_built parquetframe.dll)
  set(PARQUETFRAME_LIBRARY_FILE parquetframe.dll)
  set(PARQUETFRAME_LIBRARY_LINKS "")
  if(MSVC)
    set(_built_import parquetframe.dll.lib)
    set(PARQUETFRAME_IMPORT_FILE parquetframe.lib)
    set(PARQUETFRAME_STATIC_FILE parquetframe_static.lib)
    set(_built_static parquetframe.lib)
  else()
    set(_built_import libparquetframe.dll.a)
    set(PARQUETFRAME_IMPORT_FILE libparquetframe.dll.a)
    set(PARQUETFRAME_STATIC_FILE libparquetframe.a)
    set(_built_static libparquetframe.a)
  endif()
else()
  set(PARQUETFRAME_STATIC_FILE libparquetframe.a)
  set(_built_static libparquetframe.a)
  if(APPLE)
    set(_built libparquetframe.dylib)
    set(PARQUETFRAME_LIBRARY_FILE libparquetframe.${PROJECT_VERSION}.dylib)
    set(PARQUETFRAME_LIBRARY_LINKS libparquetframe.${PARQUETFRAME_ABI_MAJOR}.dylib libparquetframe.dylib)
    set(PARQUETFRAME_SONAME "@rpath/libparquetframe.${PARQUETFRAME_ABI_MAJOR}.dylib")
  else()
    set(_built libparquetframe.so)
    set(PARQUETFRAME_LIBRARY_FILE libparquetframe.so.${PROJECT_VERSION})
    set(PARQUETFRAME_LIBRARY_LINKS libparquetframe.so.${PARQUETFRAME_ABI_MAJOR} libparquetframe.so)
    set(PARQUETFRAME_SONAME libparquetframe.so.${PARQUETFRAME_ABI_MAJOR})
  endif()
endif()

set(PARQUETFRAME_STAGE "${CMAKE_CURRENT_BINARY_DIR}/stage")
set(_release "${PARQUETFRAME_CARGO_TARGET_DIR}/release")
set(_cargo_rustc rustc --locked --release --package parquetframe --lib --target-dir "${PARQUETFRAME_CARGO_TARGET_DIR}")

if(PARQUETFRAME_PREBUILT_LIBRARY)
  if(PARQUETFRAME_BUILD_STATIC)
    message(FATAL_ERROR "PARQUETFRAME_BUILD_STATIC needs cargo: it does not go with PARQUETFRAME_PREBUILT_LIBRARY")
  endif()
  get_filename_component(_library "${PARQUETFRAME_PREBUILT_LIBRARY}" REALPATH BASE_DIR "${CMAKE_BINARY_DIR}")
  if(NOT EXISTS "${_library}")
    message(FATAL_ERROR "PARQUETFRAME_PREBUILT_LIBRARY: no file at ${PARQUETFRAME_PREBUILT_LIBRARY}")
  endif()
  get_filename_component(_release "${_library}" DIRECTORY)
  set(_build_library "")
else()
  find_program(CARGO_EXECUTABLE cargo HINTS "$ENV{HOME}/.cargo/bin" REQUIRED)
  set(_library "${_release}/${_built}")
  # Cargo decides what is stale: this always runs, and is quick when nothing is.
  set(_build_library COMMAND "${CARGO_EXECUTABLE}" ${_cargo_rustc} --crate-type cdylib)
endif()

set(_stage_commands COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${_library}" "${PARQUETFRAME_STAGE}/${PARQUETFRAME_LIBRARY_FILE}")
foreach(_link IN LISTS PARQUETFRAME_LIBRARY_LINKS)
  list(APPEND _stage_commands COMMAND "${CMAKE_COMMAND}" -E create_symlink ${PARQUETFRAME_LIBRARY_FILE} "${PARQUETFRAME_STAGE}/${_link}")
endforeach()
if(WIN32)
  list(APPEND _stage_commands COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${_release}/${_built_import}" "${PARQUETFRAME_STAGE}/${PARQUETFRAME_IMPORT_FILE}")
endif()

file(MAKE_DIRECTORY "${PARQUETFRAME_STAGE}")
add_custom_target(parquetframe_shared ALL
  ${_build_library}
  ${_stage_commands}
  BYPRODUCTS "${PARQUETFRAME_STAGE}/${PARQUETFRAME_LIBRARY_FILE}"
  WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
  COMMENT "libparquetframe ${PROJECT_VERSION}"
  VERBATIM USES_TERMINAL)

add_library(libparquetframe SHARED IMPORTED GLOBAL)
set_target_properties(libparquetframe PROPERTIES
  IMPORTED_LOCATION "${PARQUETFRAME_STAGE}/${PARQUETFRAME_LIBRARY_FILE}"
  INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR}/include")
if(WIN32)
  set_target_properties(libparquetframe PROPERTIES IMPORTED_IMPLIB "${PARQUETFRAME_STAGE}/${PARQUETFRAME_IMPORT_FILE}")
else()
  set_target_properties(libparquetframe PROPERTIES IMPORTED_SONAME "${PARQUETFRAME_SONAME}")
endif()
add_dependencies(libparquetframe parquetframe_shared)
add_library(libparquetframe::libparquetframe ALIAS libparquetframe)

if(PARQUETFRAME_BUILD_STATIC)
  add_custom_target(parquetframe_static ALL
    COMMAND "${CARGO_EXECUTABLE}" ${_cargo_rustc} --crate-type staticlib
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${_release}/${_built_static}" "${PARQUETFRAME_STAGE}/${PARQUETFRAME_STATIC_FILE}"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "libparquetframe ${PROJECT_VERSION} (static)"
    VERBATIM USES_TERMINAL)
  # One cargo at a time.
  add_dependencies(parquetframe_static parquetframe_shared)

  # What a static library of Rust needs from the system is what the standard library needs: an empty crate tells.
  find_program(RUSTC_EXECUTABLE rustc HINTS "$ENV{HOME}/.cargo/bin" REQUIRED)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/empty.rs" "")
  execute_process(
    COMMAND "${RUSTC_EXECUTABLE}" --crate-type staticlib --print native-static-libs -o "${CMAKE_CURRENT_BINARY_DIR}/empty.a"
            "${CMAKE_CURRENT_BINARY_DIR}/empty.rs"
    ERROR_VARIABLE _native RESULT_VARIABLE _failed)
  if(_failed OR NOT _native MATCHES "native-static-libs: ([^\r\n]*)")
    message(FATAL_ERROR "rustc does not tell the native libraries of a static library: ${_native}")
  endif()
  string(STRIP "${CMAKE_MATCH_1}" PARQUETFRAME_NATIVE_LIBRARIES)
endif()
