# Tests written in JavaScript. They need Node 18 or later, and `npm ci` in tests/ if they use packages.
find_program(GLASSBOX_NODE node)
mark_as_advanced(GLASSBOX_NODE)

# gbx_node_test(NAME SCRIPT script.js [ROOM room...] [LABELS label...] [TIMEOUT seconds] [COST seconds] [LOCK
# resource...] [ENVIRONMENT NAME=value...]): a file of node:test tests, relative to the current directory, that ctest
# runs as NAME. Its labels are the first word of its name, its rooms and LABELS. COST is its approximate duration: long
# tests start first. Tests that LOCK the same resource do not run at the same time.
function(gbx_node_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SCRIPT;LABEL;TIMEOUT;COST" "ROOM;LABELS;LOCK;ENVIRONMENT")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900) # far longer than any test takes where every processor is busy with something else
  endif()
  set(node ${GLASSBOX_NODE})
  if(NOT node)
    set(node node) # ctest reports that node is missing, and the test fails
  endif()
  add_test(NAME ${name} COMMAND ${node} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCRIPT} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
    "GLASSBOX_SOURCE=${PROJECT_SOURCE_DIR};GLASSBOX_BINARY=${PROJECT_BINARY_DIR};GLASSBOX_SANITIZE=${GLASSBOX_SANITIZE};${GLASSBOX_TEST_ENVIRONMENT};${ARG_ENVIRONMENT}")
  gbxi_test_labels(${name} ${ARG_LABEL} ${ARG_ROOM} ${ARG_LABELS})
  if(ARG_COST)
    set_tests_properties(${name} PROPERTIES COST ${ARG_COST})
  endif()
  if(ARG_LOCK)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK "${ARG_LOCK}")
  endif()
endfunction()
