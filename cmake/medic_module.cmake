# The standard headers that nearly every file reads, compiled once for all modules. Only where nobody looks for
# missing includes: the dev preset compiles every file on its own.
set(medic_precompiled_headers algorithm array chrono cstdint expected functional map memory optional set span string
  string_view utility variant vector fmt/format.h)
list(TRANSFORM medic_precompiled_headers REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:<\\1$<ANGLE-R>>")
if(MEDIC_PRECOMPILE)
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")  # written once: a newer one dates all files
  add_library(medic_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_precompile_headers(medic_precompiled PRIVATE ${medic_precompiled_headers})
  target_link_libraries(medic_precompiled PRIVATE fmt::fmt)
endif()

# medic_module(x509 FLOOR 1 DEPENDS base LINK OpenSSL::Crypto)
#
# Declares the library medic_<name> from every .cpp directly in the current source directory. A module
# may depend only on modules of lower floors; a link that goes up or sideways stops the configuration.
# COLD: no time is spent in it, so a release compiles it at -O1, which takes a fifth less.
# PRECOMPILE names headers that most files of a module with many files read: they too are compiled once.
function(medic_module name)
  cmake_parse_arguments(ARG "COLD" "FLOOR" "DEPENDS;LINK;PRECOMPILE" ${ARGN})
  if(NOT DEFINED ARG_FLOOR)
    message(FATAL_ERROR "medic_module(${name}): FLOOR is missing")
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(library medic_${name})
  if(NOT files)  # a module whose every source is a registry entry or an embedded file
    set(files ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp)
    file(WRITE ${files} "")
  endif()
  add_library(${library} STATIC ${files})
  set_target_properties(${library} PROPERTIES MEDIC_FLOOR ${ARG_FLOOR} MEDIC_DEPENDS "${ARG_DEPENDS}")
  target_include_directories(${library} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  if(ARG_COLD)
    target_compile_options(${library} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(MEDIC_PRECOMPILE AND ARG_PRECOMPILE)
    list(TRANSFORM ARG_PRECOMPILE REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:<\\1$<ANGLE-R>>")
    target_precompile_headers(${library} PRIVATE ${medic_precompiled_headers} ${ARG_PRECOMPILE})
  elseif(MEDIC_PRECOMPILE)
    target_precompile_headers(${library} REUSE_FROM medic_precompiled)
  endif()
  foreach(dependency IN LISTS ARG_DEPENDS)
    if(NOT TARGET medic_${dependency})
      message(FATAL_ERROR "medic_module(${name}): no module '${dependency}' declared before it")
    endif()
    get_target_property(below medic_${dependency} MEDIC_FLOOR)
    if(NOT below LESS ARG_FLOOR)
      message(FATAL_ERROR "medic_module(${name}): floor ${ARG_FLOOR} may not depend on '${dependency}' of floor ${below}")
    endif()
    target_link_libraries(${library} PUBLIC medic_${dependency})
  endforeach()
  target_link_libraries(${library} PUBLIC ${ARG_LINK})
endfunction()

# medic_batches(OUT cause medic::diagnose FILE…): the files that compile those entries, twenty at a time. Reading the
# headers takes longer than compiling what most entries say.
function(medic_batches out kind namespace)
  set(batches "")
  set(left ${ARGN})
  while(left)
    list(LENGTH batches number)
    list(SUBLIST left 0 20 entries)
    list(REMOVE_ITEM left ${entries})
    list(JOIN entries "," joined)
    set(batch ${CMAKE_CURRENT_BINARY_DIR}/${kind}_batch_${number}.cpp)
    add_custom_command(OUTPUT ${batch}
      COMMAND ${CMAKE_COMMAND} -D OUTPUT=${batch} -D NAMESPACE=${namespace} -D ENTRIES=${joined}
        -P ${PROJECT_SOURCE_DIR}/cmake/batch.cmake
      DEPENDS ${entries} ${PROJECT_SOURCE_DIR}/cmake/batch.cmake VERBATIM)
    list(APPEND batches ${batch})
  endwhile()
  set(${out} ${batches} PARENT_SCOPE)
endfunction()

# medic_registry(medic_diagnose cause medic::diagnose Cause causes diagnose/cause.h)
#
# Every .cpp in `directory` (relative to the calling CMakeLists.txt) defines
#   extern constinit const <type> <kind>_<stem>{...};
# in `namespace`. The generated table names each symbol, so a static library cannot drop it and a
# wrong name is a link error that says which. Declare in the header:
#   std::span<const Type* const> <kind>_registry();
function(medic_registry target kind namespace type directory header)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/*.cpp)
  list(LENGTH files count)
  set(decls "")
  set(rows "")
  foreach(f IN LISTS files)
    cmake_path(GET f STEM stem)
    if(MEDIC_PRECOMPILE)
      string(APPEND decls "namespace ${stem}_entry {\nextern const ${type} ${kind}_${stem};\n}\n")
      string(APPEND rows "    &${stem}_entry::${kind}_${stem},\n")
    else()
      string(APPEND decls "extern const ${type} ${kind}_${stem};\n")
      string(APPEND rows "    &${kind}_${stem},\n")
    endif()
  endforeach()
  if(MEDIC_PRECOMPILE)
    medic_batches(files ${kind} ${namespace} ${files})
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/registry.cpp.in
    ${CMAKE_CURRENT_BINARY_DIR}/${kind}_registry.cpp @ONLY)
  target_sources(${target} PRIVATE ${files} ${CMAKE_CURRENT_BINARY_DIR}/${kind}_registry.cpp)
endfunction()

# medic_embed(medic_text data medic::text data/messages data/causes ...)
#
# Embeds files byte for byte and generates `std::span<const medic::EmbeddedFile> <name>_files()` in
# `namespace` (declare it in a header of the module). Each argument is a directory (all files below it)
# or a file, relative to the project; a file's name in the table is that relative path. Files made by the
# build are given as ABSOLUTE=NAME.
function(medic_embed target name namespace)
  set(asm "")
  set(decls "")
  set(rows "")
  set(depends "")
  set(i 0)
  foreach(argument IN LISTS ARGN)
    if(argument MATCHES "^([^=]+)=(.+)$")
      set(pairs "${CMAKE_MATCH_1}=${CMAKE_MATCH_2}")
    elseif(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${argument})
      file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${argument}/*)
      list(SORT found)
      set(pairs "")
      foreach(f IN LISTS found)
        list(APPEND pairs "${PROJECT_SOURCE_DIR}/${f}=${f}")
      endforeach()
    else()
      set(pairs "${PROJECT_SOURCE_DIR}/${argument}=${argument}")
    endif()
    foreach(pair IN LISTS pairs)
      string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
      set(path ${CMAKE_MATCH_1})
      set(label ${CMAKE_MATCH_2})
      set(symbol medic_embed_${name}_${i})
      string(APPEND asm ".globl ${symbol}\n.globl ${symbol}_end\n.balign 8\n${symbol}:\n.incbin \"${path}\"\n${symbol}_end:\n.byte 0\n")
      string(APPEND decls "extern \"C\" const unsigned char ${symbol}[];\nextern \"C\" const unsigned char ${symbol}_end[];\n")
      string(APPEND rows "      {\"${label}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
      list(APPEND depends ${path})
      math(EXPR i "${i} + 1")
    endforeach()
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/embed.S.in ${CMAKE_CURRENT_BINARY_DIR}/${name}_embed.S @ONLY)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/embed.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/${name}_embed.cpp @ONLY)
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${name}_embed.S PROPERTIES OBJECT_DEPENDS "${depends}"
    LANGUAGE ASM)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}_embed.S ${CMAKE_CURRENT_BINARY_DIR}/${name}_embed.cpp)
endfunction()
