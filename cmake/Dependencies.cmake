# Debian's packages, found once and given to the rooms as targets.
# The library needs the first three, libuuid and libh2o; the program needs the rest.
find_package(Threads REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
if(GLASSBOX_PROGRAM)
  find_package(PkgConfig REQUIRED)
  find_package(LibXml2 REQUIRED)
  find_package(ZLIB REQUIRED)
endif()

# Trace ids.
find_library(UUID_LIBRARY uuid REQUIRED)
find_path(UUID_INCLUDE_DIR uuid/uuid.h REQUIRED)
add_library(uuid INTERFACE IMPORTED)
target_link_libraries(uuid INTERFACE ${UUID_LIBRARY})
target_include_directories(uuid SYSTEM INTERFACE ${UUID_INCLUDE_DIR})

# libh2o-evloop's .pc gives no flags; its headers want to know that libuv is not meant.
find_library(H2O_EVLOOP_LIBRARY h2o-evloop REQUIRED)
find_path(H2O_INCLUDE_DIR h2o.h REQUIRED)
add_library(h2o-evloop INTERFACE IMPORTED)
target_link_libraries(h2o-evloop INTERFACE ${H2O_EVLOOP_LIBRARY} OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_include_directories(h2o-evloop SYSTEM INTERFACE ${H2O_INCLUDE_DIR})
target_compile_definitions(h2o-evloop INTERFACE H2O_USE_LIBUV=0)

if(GLASSBOX_PROGRAM)
  # It stands in for libc's functions of the same names, so that a linker that looks for what is missing finds no need of it.
  pkg_check_modules(JEMALLOC REQUIRED jemalloc)
  add_library(jemalloc INTERFACE IMPORTED)
  if(NOT GLASSBOX_SANITIZE) # which brings an allocator of its own
    target_link_libraries(jemalloc INTERFACE -Wl,--push-state,--no-as-needed ${JEMALLOC_LINK_LIBRARIES} -Wl,--pop-state)
  endif()
endif()
