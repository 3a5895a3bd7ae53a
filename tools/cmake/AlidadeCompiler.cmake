# Warnings are errors in our own code; faster tools are used where the machine has them.
add_library(alidade_warnings INTERFACE)
target_compile_options(alidade_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror>)
# GCC 12 reports false positives inside inlined library code for these; std::string with -Wrestrict most of all.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(alidade_warnings INTERFACE
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-error=maybe-uninitialized -Wno-error=array-bounds
        -Wno-error=stringop-overflow -Wno-restrict -Wno-error=stringop-overread>)
endif()

find_program(ALIDADE_CCACHE ccache)
if(ALIDADE_CCACHE)
    # Checkouts in several folders share what was compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${ALIDADE_CCACHE})
endif()
find_program(ALIDADE_MOLD mold)
if(ALIDADE_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

set(ALIDADE_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")
if(ALIDADE_SANITIZE)
    add_compile_options(-fsanitize=${ALIDADE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${ALIDADE_SANITIZE})
    if(ALIDADE_SANITIZE MATCHES "address")
        # A check of every pointer that Eigen's templates pass on takes a third of the compilation, and what such a
        # pointer may reach is seen by the address sanitizer.
        add_compile_options(-fno-sanitize=null,alignment,object-size,pointer-overflow)
    endif()
endif()

# Matrix products take half the time or less with AVX2 and FMA. One level for everything: code of two levels must not
# meet in one program. The sanitized build keeps to the compiler's own, so that both are tested.
set(ALIDADE_CPU "" CACHE STRING
    "Instruction set, as for -march= (x86-64 runs everywhere); empty: x86-64-v3 where this machine has it")
if(ALIDADE_CPU)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-march=${ALIDADE_CPU}>)
elseif(NOT ALIDADE_SANITIZE)
    include(CheckCXXSourceRuns)
    check_cxx_source_runs("int main() { return __builtin_cpu_supports(\"x86-64-v3\") ? 0 : 1; }" ALIDADE_HAS_X86_64_V3)
    if(ALIDADE_HAS_X86_64_V3)
        add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-march=x86-64-v3>)
    endif()
endif()
