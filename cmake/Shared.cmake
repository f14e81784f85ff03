# The shared libraries (BUILD_SHARED_LIBS), built from the same objects as the archives and with the same exports.
#
# libglassbox-capture has the only thread-local slot, pool and switch of a process. The other libraries use these,
# and each has a hidden copy of its rooms. Exported symbols can be preempted on purpose: if a host or another library
# already provides them, all use those.

# gbx_exports(RESULT NAME): the symbols that libglassbox-NAME exports, from the single list of exports.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/packaging/exports.txt)
function(gbx_exports result name)
  file(STRINGS ${PROJECT_SOURCE_DIR}/packaging/exports.txt exports REGEX "^${name} ")
  list(TRANSFORM exports REPLACE "^${name} " "")
  set(${result} ${exports} PARENT_SCOPE)
endfunction()

# gbx_shared(NAME ROOMS room... [LIBRARIES PUBLIC|PRIVATE target...]): libglassbox-NAME.so from the objects of these
# rooms.
function(gbx_shared name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "ROOMS;LIBRARIES")
  set(target glassbox-${name}-shared)
  set(map ${PROJECT_BINARY_DIR}/glassbox-${name}.map)
  gbx_exports(exports ${name})
  list(JOIN exports "; " exports)
  file(CONFIGURE OUTPUT ${map} CONTENT "{ global: ${exports}; local: *; };\n")
  set(objects "")
  set(language C)
  foreach(room IN LISTS ARG_ROOMS)
    get_target_property(room_objects glassbox-${room} GLASSBOX_OBJECTS)
    list(APPEND objects ${room_objects})
    if(TARGET glassbox-${room}-cxx)
      set(language CXX)
    endif()
  endforeach()
  add_library(${target} SHARED ${objects})
  add_library(glassbox::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE ${language} OUTPUT_NAME glassbox-${name} EXPORT_NAME ${name}
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LINK_DEPENDS ${map})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} ${ARG_LIBRARIES})
  # -z defs: no symbol stays undefined by mistake. -z nodelete: memory that captures point to stays mapped. The version
  # script also hides C++ templates of simdjson and the standard library, and symbols that another of the libraries
  # exports.
  target_link_options(${target} PRIVATE -Wl,-z,defs -Wl,-z,nodelete ${GLASSBOX_HARDENING_LINK}
    -Wl,--version-script=${map})
  if(GLASSBOX_SANITIZE)
    target_link_options(${target} PRIVATE -fsanitize=${GLASSBOX_SANITIZE})
  endif()
endfunction()

if(GLASSBOX_SHARED)
  # What the rooms above the capture use of the base room. libglassbox-capture does not export it.
  set(base account.c file.c hash.c thread.c time.c work_memory.c)
  list(TRANSFORM base PREPEND ${PROJECT_SOURCE_DIR}/src/base/)
  add_library(glassbox-base OBJECT ${base})
  gbxi_compiled(glassbox-base)
  set_target_properties(glassbox-base PROPERTIES GLASSBOX_OBJECTS $<TARGET_OBJECTS:glassbox-base>)
  gbx_shared(capture ROOMS capture LIBRARIES PRIVATE Threads::Threads uuid)
  gbx_shared(export ROOMS export trace schemas json base
    LIBRARIES PUBLIC glassbox-capture-shared PRIVATE simdjson::simdjson ZLIB::ZLIB m)
  gbx_shared(recorder ROOMS recorder base LIBRARIES PUBLIC glassbox-capture-shared PRIVATE Threads::Threads)
  gbx_shared(h2o ROOMS h2o http schemas json base
    LIBRARIES PUBLIC glassbox-export-shared glassbox-recorder-shared h2o-evloop PRIVATE simdjson::simdjson ZLIB::ZLIB)
  gbx_shared(store ROOMS store trace base LIBRARIES PUBLIC glassbox-recorder-shared PRIVATE sqlite3 zstd)
  gbx_shared(sqlite ROOMS sqlite base LIBRARIES PUBLIC glassbox-capture-shared sqlite3)
endif()

# Link options that glassbox::capture adds for targets other than the rooms.
# - Captures point to string literals of plugins, so a plugin stays mapped after dlclose.
# - A host that links the archive exports all of its symbols, so that plugins use the host's slot, pool and switch,
#   whatever they link themselves.
set(GLASSBOX_HOST_OPTIONS "")
if(NOT GLASSBOX_SHARED)
  gbx_exports(exports capture)
  # Listed by name, because pkg-config quotes an asterisk.
  set(GLASSBOX_HOST_OPTIONS -Wl)
  foreach(symbol IN LISTS exports)
    string(APPEND GLASSBOX_HOST_OPTIONS ,-u,${symbol},--export-dynamic-symbol=${symbol})
  endforeach()
endif()

function(gbx_consumer_options target)
  set(type $<TARGET_PROPERTY:TYPE>)
  set(plugin $<OR:$<STREQUAL:${type},SHARED_LIBRARY>,$<STREQUAL:${type},MODULE_LIBRARY>>)
  set(options $<${plugin}:-Wl,-z,nodelete>)
  if(GLASSBOX_HOST_OPTIONS)
    list(APPEND options "$<$<STREQUAL:${type},EXECUTABLE>:${GLASSBOX_HOST_OPTIONS}>")
  endif()
  foreach(option IN LISTS options)
    target_link_options(${target} INTERFACE "$<INSTALL_INTERFACE:${option}>")
    if(NOT PROJECT_IS_TOP_LEVEL)
      target_link_options(${target} INTERFACE "$<BUILD_INTERFACE:${option}>")
    endif()
  endforeach()
endfunction()

if(GLASSBOX_SHARED)
  gbx_consumer_options(glassbox-capture-shared)
else()
  gbx_consumer_options(glassbox-capture)
endif()
