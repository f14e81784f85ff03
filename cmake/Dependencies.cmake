# Finds Debian's packages once and provides them to the rooms as targets. The library needs all but PkgConfig,
# curl and jemalloc, which are for the program.
find_package(Threads REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
if(GLASSBOX_PROGRAM)
  find_package(PkgConfig REQUIRED)
endif()

# For trace ids.
find_library(UUID_LIBRARY uuid REQUIRED)
find_path(UUID_INCLUDE_DIR uuid/uuid.h REQUIRED)
add_library(uuid INTERFACE IMPORTED)
target_link_libraries(uuid INTERFACE ${UUID_LIBRARY})
target_include_directories(uuid SYSTEM INTERFACE ${UUID_INCLUDE_DIR})

# The .pc file of libh2o-evloop gives no flags. libh2o's headers need a definition that selects its own event loop
# instead of libuv.
find_library(H2O_EVLOOP_LIBRARY h2o-evloop REQUIRED)
find_path(H2O_INCLUDE_DIR h2o.h REQUIRED)
add_library(h2o-evloop INTERFACE IMPORTED)
target_link_libraries(h2o-evloop INTERFACE ${H2O_EVLOOP_LIBRARY} OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_include_directories(h2o-evloop SYSTEM INTERFACE ${H2O_INCLUDE_DIR})
target_compile_definitions(h2o-evloop INTERFACE H2O_USE_LIBUV=0)

# For the store. A parent project may have a target of this name, which is then the process's only copy.
foreach(name sqlite3 zstd)
  if(NOT TARGET ${name})
    string(TOUPPER ${name} upper)
    find_library(${upper}_LIBRARY ${name} REQUIRED)
    find_path(${upper}_INCLUDE_DIR ${name}.h REQUIRED)
    add_library(${name} INTERFACE IMPORTED)
    target_link_libraries(${name} INTERFACE ${${upper}_LIBRARY})
    target_include_directories(${name} SYSTEM INTERFACE ${${upper}_INCLUDE_DIR})
  endif()
endforeach()

if(GLASSBOX_PROGRAM)
  # For requests.
  find_package(CURL REQUIRED)
  add_library(curl INTERFACE IMPORTED)
  target_link_libraries(curl INTERFACE CURL::libcurl)

  # jemalloc replaces libc functions of the same names, so a linker that drops unneeded libraries would drop it.
  pkg_check_modules(JEMALLOC REQUIRED jemalloc)
  add_library(jemalloc INTERFACE IMPORTED)
  if(NOT GLASSBOX_SANITIZE) # sanitizers have their own allocator
    target_link_libraries(jemalloc INTERFACE -Wl,--push-state,--no-as-needed ${JEMALLOC_LINK_LIBRARIES} -Wl,--pop-state)
  endif()
endif()
