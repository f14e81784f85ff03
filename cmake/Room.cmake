# What every room's target has in common: warnings, sanitizers, include roots.

# File names in sites, asserts and debug info are relative to the source root.
function(gbx_common target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wconversion -Wvla -fno-omit-frame-pointer
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${GLASSBOX_WERROR}>:-Werror>)
  if(GLASSBOX_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${GLASSBOX_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${GLASSBOX_SANITIZE})
  endif()
endfunction()

# gbx_room(NAME SOURCES... ): the static library glassbox-NAME with the alias glassbox::NAME.
function(gbx_room name)
  add_library(glassbox-${name} STATIC ${ARGN})
  add_library(glassbox::${name} ALIAS glassbox-${name})
  set_target_properties(glassbox-${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(glassbox-${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  gbx_common(glassbox-${name})
  gbx_harden(glassbox-${name})
endfunction()
