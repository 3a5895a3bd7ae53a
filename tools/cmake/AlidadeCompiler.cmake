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
endif()
