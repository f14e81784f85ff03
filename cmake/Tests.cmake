# Labels of tests: `ctest -L unit` runs all unit tests, `ctest -L json` all tests that concern that room.

# Kinds of tests that do not depend on how the program was compiled, so one configuration is enough (label `once`).
set(GLASSBOX_TESTED_ONCE house consumer e2e bench sweep)

# What every test has in its environment. ThreadSanitizer waits a second at the end of each process with threads, for
# races of those that still run; a tenth is enough.
set(GLASSBOX_TEST_ENVIRONMENT)
if(GLASSBOX_SANITIZE STREQUAL thread)
  set(GLASSBOX_TEST_ENVIRONMENT TSAN_OPTIONS=atexit_sleep_ms=100)
endif()

# gbxi_test_labels(NAME LABEL...): sets the labels of the test NAME. The first word of the name is the kind of test,
# which is a label. In a unit test, the second word is the room. Further labels follow, such as the rooms of other
# tests. The label `long` marks tests that ./scripts/test quick skips; `unthreaded` marks long tests that
# ThreadSanitizer need not run.
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

# Builds only the unit tests.
add_custom_target(unit-tests)

# gbx_test(NAME LIBRARIES ... SOURCES ... [LABELS label...]): a cmocka test executable that ctest runs as NAME.
function(gbx_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES;LABELS")
  string(REPLACE "/" "-" target test-${name})
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES} PkgConfig::CMOCKA)
  gbx_common(${target})
  add_dependencies(unit-tests ${target})
  add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 ENVIRONMENT "${GLASSBOX_TEST_ENVIRONMENT}")
  gbxi_test_labels(${name} ${ARG_LABELS})
endfunction()
