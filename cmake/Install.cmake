# cmake --install: installs the program, the public headers, the libraries for hosts, and the files with which CMake
# and pkg-config find them.
include(CMakePackageConfigHelpers)

# A component of the package is a public library. These are the components that each brings.
set(capture_brings "")
set(export_brings capture)
set(recorder_brings capture)
set(h2o_brings export recorder)
set(store_brings recorder)
set(sqlite_brings capture)

# If the libraries are archives, the rooms are installed too. The trace room is no component: two of them need it, and
# neither needs the other.
if(GLASSBOX_SHARED)
  set(capture_targets glassbox-capture-shared)
  set(export_targets glassbox-export-shared)
  set(recorder_targets glassbox-recorder-shared)
  set(h2o_targets glassbox-h2o-shared)
  set(store_targets glassbox-store-shared)
  set(sqlite_targets glassbox-sqlite-shared)
  set(parts ${GLASSBOX_COMPONENTS})
else()
  set(capture_targets glassbox-capture)
  set(trace_targets glassbox-trace)
  set(export_targets glassbox-json glassbox-schemas glassbox-export)
  set(recorder_targets glassbox-recorder)
  set(h2o_targets glassbox-http glassbox-h2o)
  set(store_targets glassbox-store)
  set(sqlite_targets glassbox-sqlite)
  set(parts ${GLASSBOX_COMPONENTS} trace)
endif()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/glassbox)

if(GLASSBOX_PROGRAM)
  install(TARGETS glassbox RUNTIME)
endif()
install(DIRECTORY include/glassbox TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

foreach(part IN LISTS parts)
  install(TARGETS ${${part}_targets} EXPORT glassbox-${part} ARCHIVE LIBRARY)
  install(EXPORT glassbox-${part} NAMESPACE glassbox:: DESTINATION ${package_dir})
endforeach()

configure_package_config_file(cmake/glassbox-config.cmake.in ${PROJECT_BINARY_DIR}/glassbox-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/glassbox-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/glassbox-config.cmake ${PROJECT_BINARY_DIR}/glassbox-config-version.cmake
  DESTINATION ${package_dir})

# One .pc file per component. It derives its prefix from its own location, and requires what the component brings.
function(gbx_pkg_config component description)
  cmake_parse_arguments(PARSE_ARGV 2 PC "" "LIBS;CFLAGS" "REQUIRES")
  set(brought ${${component}_brings})
  list(TRANSFORM brought REPLACE "(.+)" "glassbox-\\1 = ${PROJECT_VERSION}")
  list(PREPEND PC_REQUIRES ${brought})
  list(JOIN PC_REQUIRES ", " PC_REQUIRES)
  set(PC_NAME glassbox-${component})
  set(PC_DESCRIPTION ${description})
  file(RELATIVE_PATH PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" PC_UP ${PC_UP})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/glassbox.pc.in ${PROJECT_BINARY_DIR}/glassbox-${component}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/glassbox-${component}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

set(capture_does "Spans and captures: <glassbox/span.h>, <glassbox/capture.h>")
set(export_does "Trace documents from captures: <glassbox/export.h>")
set(recorder_does "The flight recorder, which keeps captures: <glassbox/recorder.h>")
set(h2o_does "The middleware for libh2o: <glassbox/h2o.h>, <glassbox/limits.h>")
set(store_does "Stores, where a recorder keeps captures on disk: <glassbox/store.h>")
set(sqlite_does "Statements of SQLite as spans: <glassbox/sqlite.h>")
# pkg-config does not distinguish programs from plugins. -z nodelete has no effect in a program.
if(GLASSBOX_SHARED)
  gbx_pkg_config(capture ${capture_does} LIBS "-lglassbox-capture -Wl,-z,nodelete")
  gbx_pkg_config(export ${export_does} LIBS "-lglassbox-export")
  gbx_pkg_config(recorder ${recorder_does} LIBS "-lglassbox-recorder")
  gbx_pkg_config(h2o ${h2o_does} LIBS "-lglassbox-h2o" CFLAGS -DH2O_USE_LIBUV=0 REQUIRES libh2o-evloop openssl)
  gbx_pkg_config(store ${store_does} LIBS "-lglassbox-store")
  gbx_pkg_config(sqlite ${sqlite_does} LIBS "-lglassbox-sqlite" REQUIRES sqlite3)
else()
  # Linking an archive requires everything that the archive needs, so nothing here is private.
  gbx_pkg_config(capture ${capture_does} LIBS "${GLASSBOX_HOST_OPTIONS} -lglassbox-capture -pthread -Wl,-z,nodelete"
    REQUIRES uuid)
  gbx_pkg_config(export ${export_does}
    LIBS "-lglassbox-export -lglassbox-trace -lglassbox-schemas -lglassbox-json -lstdc++ -lm" REQUIRES simdjson zlib)
  gbx_pkg_config(recorder ${recorder_does} LIBS "-lglassbox-recorder")
  gbx_pkg_config(h2o ${h2o_does} LIBS "-lglassbox-h2o -lglassbox-http" CFLAGS -DH2O_USE_LIBUV=0
    REQUIRES libh2o-evloop openssl)
  gbx_pkg_config(store ${store_does} LIBS "-lglassbox-store -lglassbox-trace" REQUIRES sqlite3 libzstd)
  gbx_pkg_config(sqlite ${sqlite_does} LIBS "-lglassbox-sqlite" REQUIRES sqlite3)
endif()

# cmake --build BUILD --target uninstall: removes the files of the last install and the folders that this leaves empty.
if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -DMANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt
    -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake VERBATIM)
endif()
