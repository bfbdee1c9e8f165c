# cmake -D OUTPUT=FILE -D NAMESPACE=NAME -D ENTRIES=A.cpp,B.cpp -P batch.cmake
#
# Puts entries of a registry one after the other into one file to compile. Each keeps to itself: what it defines goes
# into a namespace of its own, so that two of them may call a function the same, as they do when compiled alone.
cmake_minimum_required(VERSION 3.22)
string(REPLACE "," ";" ENTRIES "${ENTRIES}")
set(opening "\nnamespace ${NAMESPACE} {\n")
set(closing "\n}  // namespace ${NAMESPACE}\n")
set(all "")
foreach(entry IN LISTS ENTRIES)
  cmake_path(GET entry STEM stem)
  file(READ ${entry} text)
  foreach(edge IN ITEMS opening closing)
    string(FIND "${text}" "${${edge}}" first)
    string(FIND "${text}" "${${edge}}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
      message(FATAL_ERROR "${entry}: an entry of a registry opens and closes `namespace ${NAMESPACE}` once, on lines of their own")
    endif()
  endforeach()
  string(REPLACE "${opening}" "\nnamespace ${NAMESPACE} { namespace ${stem}_entry {\n" text "${text}")
  string(REPLACE "${closing}" "\n}}\n" text "${text}")
  string(APPEND all "#line 1 \"${entry}\"\n${text}")
endforeach()
file(WRITE ${OUTPUT} "${all}")
