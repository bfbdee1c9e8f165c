# Third-party libraries, under the names modules use in `LINK`. All but the C library are linked
# statically into the release binary: a broken libssl on the patient's machine must not stop us.

# Fedora has no static libssl: what is built there needs the system's, and says so (docs/adr/0001).
set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(OpenSSL 3.0 QUIET)
if(NOT OPENSSL_FOUND)
  set(OPENSSL_USE_STATIC_LIBS FALSE)
  unset(OPENSSL_CRYPTO_LIBRARY CACHE)
  unset(OPENSSL_SSL_LIBRARY CACHE)
  find_package(OpenSSL 3.0 REQUIRED)
  message(WARNING "no static OpenSSL here: the program will need this system's libssl to start")
endif()
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers only: Asio

# {fmt}: compiled into a static library of ours where its version allows that (see fmt_static.cpp), else
# header-only, which costs every file that formats half a second.
find_path(MEDIC_FMT_INCLUDE fmt/format-inl.h REQUIRED)
if(NOT DEFINED MEDIC_FMT_COMPILED)
  try_compile(MEDIC_FMT_COMPILED ${PROJECT_BINARY_DIR}/fmt_probe
    SOURCES ${PROJECT_SOURCE_DIR}/cmake/fmt_static.cpp ${PROJECT_SOURCE_DIR}/cmake/fmt_probe.cpp
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${MEDIC_FMT_INCLUDE}
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
endif()
if(MEDIC_FMT_COMPILED)
  add_library(medic_fmt STATIC ${PROJECT_SOURCE_DIR}/cmake/fmt_static.cpp)
  target_include_directories(medic_fmt SYSTEM PUBLIC ${MEDIC_FMT_INCLUDE})
  target_compile_options(medic_fmt PRIVATE -w)
else()
  add_library(medic_fmt INTERFACE)
  target_include_directories(medic_fmt SYSTEM INTERFACE ${MEDIC_FMT_INCLUDE})
  target_compile_definitions(medic_fmt INTERFACE FMT_HEADER_ONLY)
endif()
add_library(fmt::fmt ALIAS medic_fmt)

# toml++ and CLI11 are header-only; Debian puts both where the compiler looks.
find_path(MEDIC_TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
find_path(MEDIC_CLI11_INCLUDE CLI/CLI.hpp REQUIRED)

find_path(MEDIC_IDN2_INCLUDE idn2.h REQUIRED)
find_library(MEDIC_IDN2_LIBRARY NAMES libidn2.a idn2 REQUIRED)
find_library(MEDIC_UNISTRING_LIBRARY NAMES libunistring.a unistring REQUIRED)
add_library(medic_idn2 INTERFACE)
target_include_directories(medic_idn2 SYSTEM INTERFACE ${MEDIC_IDN2_INCLUDE})
target_link_libraries(medic_idn2 INTERFACE ${MEDIC_IDN2_LIBRARY} ${MEDIC_UNISTRING_LIBRARY})

# SQLite: other programs' databases are read with it (NSS).
find_path(MEDIC_SQLITE_INCLUDE sqlite3.h REQUIRED)
find_library(MEDIC_SQLITE_LIBRARY NAMES libsqlite3.a sqlite3 REQUIRED)
add_library(medic_sqlite INTERFACE)
target_include_directories(medic_sqlite SYSTEM INTERFACE ${MEDIC_SQLITE_INCLUDE})
target_link_libraries(medic_sqlite INTERFACE ${MEDIC_SQLITE_LIBRARY} ${CMAKE_DL_LIBS} m)

# Names asked for without a thread each (scan).
find_path(MEDIC_CARES_INCLUDE ares.h REQUIRED)
find_library(MEDIC_CARES_LIBRARY NAMES libcares.a cares REQUIRED)
add_library(medic_cares INTERFACE)
target_include_directories(medic_cares SYSTEM INTERFACE ${MEDIC_CARES_INCLUDE})
target_link_libraries(medic_cares INTERFACE ${MEDIC_CARES_LIBRARY})

add_library(medic_asio INTERFACE)
target_link_libraries(medic_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(medic_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION)

# Many-pattern text search: Vectorscan, or Hyperscan, from which it comes and whose header it has.
find_path(MEDIC_HYPERSCAN_INCLUDE hs/hs.h REQUIRED)
find_library(MEDIC_HYPERSCAN_LIBRARY NAMES libhs.a hs REQUIRED)
add_library(medic_hyperscan INTERFACE)
target_include_directories(medic_hyperscan SYSTEM INTERFACE ${MEDIC_HYPERSCAN_INCLUDE})
target_link_libraries(medic_hyperscan INTERFACE ${MEDIC_HYPERSCAN_LIBRARY})

# libyaml and expat, static where the distribution has that (Fedora has not).
find_path(MEDIC_YAML_INCLUDE yaml.h REQUIRED)
find_library(MEDIC_YAML_LIBRARY NAMES libyaml.a yaml REQUIRED)
add_library(medic_yaml INTERFACE)
target_include_directories(medic_yaml SYSTEM INTERFACE ${MEDIC_YAML_INCLUDE})
target_link_libraries(medic_yaml INTERFACE ${MEDIC_YAML_LIBRARY})
find_path(MEDIC_EXPAT_INCLUDE expat.h REQUIRED)
find_library(MEDIC_EXPAT_LIBRARY NAMES libexpat.a expat REQUIRED)
add_library(medic_expat INTERFACE)
target_include_directories(medic_expat SYSTEM INTERFACE ${MEDIC_EXPAT_INCLUDE})
target_link_libraries(medic_expat INTERFACE ${MEDIC_EXPAT_LIBRARY})

# Compressed logs.
find_path(MEDIC_ZLIB_INCLUDE zlib.h REQUIRED)
find_library(MEDIC_ZLIB_LIBRARY NAMES libz.a z REQUIRED)
find_path(MEDIC_ZSTD_INCLUDE zstd.h REQUIRED)
find_library(MEDIC_ZSTD_LIBRARY NAMES libzstd.a zstd REQUIRED)
add_library(medic_unpacking INTERFACE)
target_include_directories(medic_unpacking SYSTEM INTERFACE ${MEDIC_ZLIB_INCLUDE} ${MEDIC_ZSTD_INCLUDE})
target_link_libraries(medic_unpacking INTERFACE ${MEDIC_ZLIB_LIBRARY} ${MEDIC_ZSTD_LIBRARY} Threads::Threads)

# HTTP/2 framing and header compression.
find_path(MEDIC_NGHTTP2_INCLUDE nghttp2/nghttp2.h REQUIRED)
find_library(MEDIC_NGHTTP2_LIBRARY NAMES libnghttp2.a nghttp2 REQUIRED)
add_library(medic_nghttp2 INTERFACE)
target_include_directories(medic_nghttp2 SYSTEM INTERFACE ${MEDIC_NGHTTP2_INCLUDE})
target_link_libraries(medic_nghttp2 INTERFACE ${MEDIC_NGHTTP2_LIBRARY})
