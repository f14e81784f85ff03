# cmake --install: the program, the public headers, the rooms a host links, and how CMake and pkg-config find them.
include(CMakePackageConfigHelpers)

# From the ground up; a component of the package brings the ones before it. The graph service is not for linking.
set(GLASSBOX_COMPONENTS capture trace json schemas export http h2o)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/glassbox)

install(TARGETS glassbox RUNTIME)
install(DIRECTORY include/glassbox TYPE INCLUDE FILES_MATCHING PATTERN "*.h")

foreach(component IN LISTS GLASSBOX_COMPONENTS)
  install(TARGETS glassbox-${component} EXPORT glassbox-${component} ARCHIVE)
  install(EXPORT glassbox-${component} NAMESPACE glassbox:: DESTINATION ${package_dir})
endforeach()

configure_package_config_file(cmake/glassbox-config.cmake.in ${PROJECT_BINARY_DIR}/glassbox-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/glassbox-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/glassbox-config.cmake ${PROJECT_BINARY_DIR}/glassbox-config-version.cmake
  DESTINATION ${package_dir})

# One .pc file a public header; it finds its prefix from where it lies. The libraries are archives, so whatever they
# need is needed to link with them: nothing here is private.
function(gbx_pkg_config component description)
  cmake_parse_arguments(PARSE_ARGV 2 PC "" "LIBS;CFLAGS" "REQUIRES")
  list(JOIN PC_REQUIRES ", " PC_REQUIRES)
  set(PC_NAME glassbox-${component})
  set(PC_DESCRIPTION ${description})
  file(RELATIVE_PATH PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" PC_UP ${PC_UP})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/glassbox.pc.in ${PROJECT_BINARY_DIR}/glassbox-${component}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/glassbox-${component}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

gbx_pkg_config(capture "Spans and captures: <glassbox/span.h>, <glassbox/capture.h>"
  LIBS "-lglassbox-capture -pthread" REQUIRES uuid)
gbx_pkg_config(export "Trace documents from captures: <glassbox/export.h>"
  LIBS "-lglassbox-export -lglassbox-trace -lglassbox-schemas -lglassbox-json -lstdc++ -lm"
  REQUIRES "glassbox-capture = ${PROJECT_VERSION}" simdjson)
gbx_pkg_config(h2o "The middleware for libh2o: <glassbox/h2o.h>, <glassbox/limits.h>"
  LIBS "-lglassbox-h2o -lglassbox-http -lz" CFLAGS -DH2O_USE_LIBUV=0
  REQUIRES "glassbox-export = ${PROJECT_VERSION}" libh2o-evloop openssl)
