# Tests that ctest finds by what they are: `ctest -L unit` runs all unit tests, `ctest -L json` all that concern that room.

# What does not depend on how the program was compiled: one configuration is enough (label `once`).
set(GLASSBOX_TESTED_ONCE house consumer e2e bench sweep)

# gbxi_test_labels(NAME LABEL...): labels of the test NAME. What it is comes first in its name and is a label; of a unit test
# the room comes next. Further labels, as the room of other tests, follow. The label `long` is for what ./scripts/test quick
# leaves out, `unthreaded` for what is long and has nothing for ThreadSanitizer to see.
function(gbxi_test_labels name)
  string(REPLACE "/" ";" parts ${name})
  list(POP_FRONT parts kind)
  set(labels ${kind} ${ARGN})
  if(kind IN_LIST GLASSBOX_TESTED_ONCE AND NOT everywhere IN_LIST labels)
    list(APPEND labels once)
  endif()
  if(kind STREQUAL unit)
    list(GET parts 0 room)
    list(APPEND labels ${room})
  endif()
  list(REMOVE_DUPLICATES labels)
  set_property(TEST ${name} APPEND PROPERTY LABELS ${labels})
endfunction()

# All unit tests, for whoever builds only these.
add_custom_target(unit-tests)

# gbx_test(NAME LIBRARIES ... SOURCES ... [LABELS label...]): a cmocka test executable, run by ctest under NAME.
function(gbx_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES;LABELS")
  string(REPLACE "/" "-" target test-${name})
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES} PkgConfig::CMOCKA)
  gbx_common(${target})
  add_dependencies(unit-tests ${target})
  add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  gbxi_test_labels(${name} ${ARG_LABELS})
endfunction()
