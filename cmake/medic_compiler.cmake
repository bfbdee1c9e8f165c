# Compiler flags that hold for every target of the project.

# Ubuntu's default g++ may be older than 12; std::expected needs 12.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} is too old: tlsmedic needs g++ 12 or later (CXX=g++-12 cmake ...)")
endif()

find_program(MEDIC_CCACHE ccache)
if(MEDIC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${MEDIC_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MEDIC_CCACHE})
  if(MEDIC_PRECOMPILE)  # without these ccache passes every compilation on
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${MEDIC_CCACHE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
    endif()
  endif()
endif()

find_program(MEDIC_MOLD mold)
if(MEDIC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-fno-omit-frame-pointer)
# A release is built by people who will not mend our code: the dev preset warns, and its warnings are errors.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(
    $<$<COMPILE_LANGUAGE:CXX>:-Wall> $<$<COMPILE_LANGUAGE:CXX>:-Wextra> $<$<COMPILE_LANGUAGE:CXX>:-Wpedantic>
    $<$<COMPILE_LANGUAGE:CXX>:-Wshadow> $<$<COMPILE_LANGUAGE:CXX>:-Wconversion> $<$<COMPILE_LANGUAGE:CXX>:-Wsign-conversion>
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>
    $<$<COMPILE_LANGUAGE:CXX>:-Wcast-align> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
    $<$<COMPILE_LANGUAGE:CXX>:-Wimplicit-fallthrough> $<$<COMPILE_LANGUAGE:CXX>:-Wextra-semi>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(
      $<$<COMPILE_LANGUAGE:CXX>:-Wduplicated-cond> $<$<COMPILE_LANGUAGE:CXX>:-Wduplicated-branches>
      $<$<COMPILE_LANGUAGE:CXX>:-Wlogical-op> $<$<COMPILE_LANGUAGE:CXX>:-Wuseless-cast>
      # g++ 12 asks for every field in a designated initialiser; leaving one out for its default is
      # the point of our tables.
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
  else()
    # constinit entries of a registry are declared in the generated table, not in a header.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-variable-declarations>
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-designated-field-initializers>
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
  endif()
endif()
if(MEDIC_WERROR)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()

if(MEDIC_SANITIZE)
  add_compile_options(-fsanitize=${MEDIC_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MEDIC_SANITIZE})
  add_compile_definitions($<$<COMPILE_LANGUAGE:CXX>:_GLIBCXX_ASSERTIONS>)
endif()
if(MEDIC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_compile_definitions(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
endif()

# What users run: one file. Sections that nothing refers to are dropped at the link, and the C++ runtime
# is inside, because a patient's machine may have an older one.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
  set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections -Wl,--as-needed -static-libstdc++ -static-libgcc -Wl,-s)
endif()
