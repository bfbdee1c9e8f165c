# Third-party libraries, under the names modules use in `LINK`. All but the C library are linked
# statically into the release binary: a broken libssl on the patient's machine must not stop us.

set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers only: Asio

# toml++ and CLI11 are header-only; Debian puts both where the compiler looks.
find_path(MEDIC_TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
find_path(MEDIC_CLI11_INCLUDE CLI/CLI.hpp REQUIRED)

find_path(MEDIC_IDN2_INCLUDE idn2.h REQUIRED)
find_library(MEDIC_IDN2_LIBRARY NAMES libidn2.a REQUIRED)
find_library(MEDIC_UNISTRING_LIBRARY NAMES libunistring.a REQUIRED)
add_library(medic_idn2 INTERFACE)
target_include_directories(medic_idn2 SYSTEM INTERFACE ${MEDIC_IDN2_INCLUDE})
target_link_libraries(medic_idn2 INTERFACE ${MEDIC_IDN2_LIBRARY} ${MEDIC_UNISTRING_LIBRARY})

add_library(medic_asio INTERFACE)
target_link_libraries(medic_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(medic_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION)
