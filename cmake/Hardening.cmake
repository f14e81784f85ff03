# What makes an error in the program harder to exploit, as far as compiler, linker and processor know it. It is for what
# is shipped, the rooms and the program; a host that links the rooms chooses for itself how it is linked.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

# Position-independent executables: CMAKE_POSITION_INDEPENDENT_CODE compiles for it, this links so.
check_pie_supported(LANGUAGES C CXX)

set(GLASSBOX_HARDENING_COMPILE "")
set(GLASSBOX_HARDENING_LINK "")

# Flags that a compiler takes but does not use are warned about: as errors, they are refused.
set(CMAKE_REQUIRED_FLAGS -Werror)
foreach(flag
    -fstack-protector-strong      # functions with arrays check, before they return, that nobody wrote past them
    -fstack-clash-protection      # the stack grows page by page and cannot jump over its guard
    -fcf-protection               # x86: indirect jumps land where one is meant to
    -mbranch-protection=standard) # AArch64: the same, and signed return addresses
  string(MAKE_C_IDENTIFIER "GLASSBOX_HAVE${flag}" variable)
  check_c_compiler_flag(${flag} ${variable})
  if(${variable})
    list(APPEND GLASSBOX_HARDENING_COMPILE ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)

foreach(flag
    -Wl,-z,relro        # what the loader has relocated becomes read-only
    -Wl,-z,now          # and it relocates all of it before the program starts
    -Wl,-z,noexecstack) # no code on the stack
  string(MAKE_C_IDENTIFIER "GLASSBOX_HAVE${flag}" variable)
  check_linker_flag(C ${flag} ${variable})
  if(${variable})
    list(APPEND GLASSBOX_HARDENING_LINK ${flag})
  endif()
endforeach()

# libc's checked copies need an optimising compiler to see the sizes; sanitizers check the same and want the plain ones.
# Level 3 would make a call of every two digits that a number is written with, a fifth of an export's time.
if(NOT GLASSBOX_SANITIZE)
  set(optimised $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
  list(APPEND GLASSBOX_HARDENING_COMPILE $<${optimised}:-U_FORTIFY_SOURCE> $<${optimised}:-D_FORTIFY_SOURCE=2>)
endif()

function(gbx_harden target)
  target_compile_options(${target} PRIVATE ${GLASSBOX_HARDENING_COMPILE})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    target_link_options(${target} PRIVATE ${GLASSBOX_HARDENING_LINK})
  endif()
endfunction()
