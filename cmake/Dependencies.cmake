# Finds Debian's packages once and provides them to the rooms as targets. The library needs the first four, libuuid
# and libh2o; the program also needs the others.
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

if(GLASSBOX_PROGRAM)
  # For the store.
  pkg_check_modules(ZSTD REQUIRED libzstd)
  add_library(zstd INTERFACE IMPORTED)
  target_link_libraries(zstd INTERFACE ${ZSTD_LINK_LIBRARIES})
  pkg_check_modules(SQLITE3 REQUIRED sqlite3)
  add_library(sqlite3 INTERFACE IMPORTED)
  target_link_libraries(sqlite3 INTERFACE ${SQLITE3_LINK_LIBRARIES})

  # jemalloc replaces libc functions of the same names, so a linker that drops unneeded libraries would drop it.
  pkg_check_modules(JEMALLOC REQUIRED jemalloc)
  add_library(jemalloc INTERFACE IMPORTED)
  if(NOT GLASSBOX_SANITIZE) # sanitizers have their own allocator
    target_link_libraries(jemalloc INTERFACE -Wl,--push-state,--no-as-needed ${JEMALLOC_LINK_LIBRARIES} -Wl,--pop-state)
  endif()
endif()
