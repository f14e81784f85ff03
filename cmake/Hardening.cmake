# Compiler and linker options that make errors in the program harder to exploit. They apply to the rooms and the
# program as shipped. A host that links the rooms chooses its own link options.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

# Position-independent executables: CMAKE_POSITION_INDEPENDENT_CODE compiles for them, and this links them.
check_pie_supported(LANGUAGES C CXX)

set(GLASSBOX_HARDENING_COMPILE "")
set(GLASSBOX_HARDENING_LINK "")

# Compilers only warn about flags that they accept but ignore. With -Werror, the check rejects such flags.
set(CMAKE_REQUIRED_FLAGS -Werror)
foreach(flag
    -fstack-protector-strong      # functions with arrays check for overflows before they return
    -fstack-clash-protection      # the stack grows page by page and cannot skip its guard page
    -fcf-protection               # x86: indirect jumps can only reach valid targets
    -mbranch-protection=standard) # AArch64: the same, plus signed return addresses
  string(MAKE_C_IDENTIFIER "GLASSBOX_HAVE${flag}" variable)
  check_c_compiler_flag(${flag} ${variable})
  if(${variable})
    list(APPEND GLASSBOX_HARDENING_COMPILE ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)

foreach(flag
    -Wl,-z,relro        # relocated data becomes read-only
    -Wl,-z,now          # all symbols are resolved before the program starts
    -Wl,-z,noexecstack) # no code on the stack
  string(MAKE_C_IDENTIFIER "GLASSBOX_HAVE${flag}" variable)
  check_linker_flag(C ${flag} ${variable})
  if(${variable})
    list(APPEND GLASSBOX_HARDENING_LINK ${flag})
  endif()
endforeach()

# The checked copies of libc need an optimising compiler to know sizes. Sanitizers make the same checks and need the
# plain functions. Level 3 would add a call for every two digits of a written number, which costs a fifth of an
# export's time.
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
