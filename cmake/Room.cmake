# Common settings of all rooms' targets: warnings, sanitizers, include directories.

# File names in sites, asserts and debug information are relative to the source root. In a unity build, files that define
# _GNU_SOURCE may follow others that have included headers without it.
function(gbx_common target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wconversion -Wvla -fno-omit-frame-pointer
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<AND:$<COMPILE_LANGUAGE:C>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-D_GNU_SOURCE=>
    $<$<BOOL:${GLASSBOX_WERROR}>:-Werror>)
  if(GLASSBOX_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${GLASSBOX_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${GLASSBOX_SANITIZE})
  endif()
endfunction()

# gbxi_compiled(TARGET): compile options of a room. Symbols that no public header declares with GBX_API are hidden.
function(gbxi_compiled target)
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  gbx_common(${target})
  gbx_harden(${target})
endfunction()

# gbx_room(NAME SOURCES... ): the static library glassbox-NAME, for other rooms and for tests of internals. The shared
# libraries are made of its property GLASSBOX_OBJECTS. C++ is compiled separately, as glassbox-NAME-cxx, so that a
# project without C++ can link the archive: it needs only the C++ runtime, not the C++ compiler.
function(gbx_room name)
  set(c ${ARGN})
  set(cxx ${ARGN})
  list(FILTER c EXCLUDE REGEX "[.]cc$")
  list(FILTER cxx INCLUDE REGEX "[.]cc$")
  set(target glassbox-${name})
  add_library(${target} STATIC ${c})
  set(objects $<TARGET_OBJECTS:${target}>)
  gbxi_compiled(${target})
  if(cxx)
    add_library(${target}-cxx OBJECT ${cxx})
    gbxi_compiled(${target}-cxx)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}-cxx>)
    target_link_libraries(${target} PRIVATE stdc++)
    list(APPEND objects $<TARGET_OBJECTS:${target}-cxx>)
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} GLASSBOX_OBJECTS "${objects}")
  gbxi_public_name(${name} ${target})
endfunction()

# gbxi_public_name(NAME ARCHIVE): defines glassbox::NAME, the name that projects link: the shared library if there is
# one, except where tests need the archive.
function(gbxi_public_name name archive)
  if(NOT GLASSBOX_SHARED OR NOT name IN_LIST GLASSBOX_COMPONENTS)
    add_library(glassbox::${name} ALIAS ${archive})
  endif()
endfunction()
