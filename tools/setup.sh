# Shared by ./tlsmedic, ./test and .ci/run: the packages, the compiler, one build. POSIX sh, sourced with
# medic_root set to the checkout. Everything a person reads goes to standard error.

# What the program is built from (Debian and Ubuntu names).
medic_packages_build='cmake ninja-build libssl-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev
  libcli11-dev libidn2-dev libunistring-dev libyaml-dev libexpat1-dev zlib1g-dev
  libzstd-dev libsqlite3-dev libc-ares-dev libnghttp2-dev ca-certificates'
# What the tests need besides. nginx is not here: installing it on a desk would start a web server.
medic_packages_test='libgtest-dev python3-jsonschema openssl curl procps'
# What only continuous integration needs.
medic_packages_ci='clang-format-19 clang-tidy-19 clang-19 libclang-rt-19-dev ccache mold git nginx-light
  gnutls-bin file man-db valgrind'
# The same for Fedora, which has no static libssl: there the binary uses the system's.
medic_packages_dnf='gcc-c++ libstdc++-static cmake ninja-build openssl-devel fmt-devel json-devel
  tomlplusplus-devel cli11-devel libidn2-devel libunistring-devel libyaml-devel expat-devel boost-devel
  vectorscan-devel zlib-devel libzstd-devel sqlite-devel c-ares-devel libnghttp2-devel'

medic_say() { printf 'tlsmedic: %s\n' "$*" >&2; }

medic_stop() {
  medic_say "$*"
  exit 3
}

# The major version of compiler $1, or 0.
medic_gcc_major() {
  medic_major=$("$1" -dumpversion 2>/dev/null) || medic_major=0
  printf '%s\n' "${medic_major%%.*}"
}

# The compiler to use, or nothing when one must be installed.
medic_compiler() {
  for medic_candidate in ${CXX:+"$CXX"} g++ g++-14 g++-13 g++-12; do
    if [ "$(medic_gcc_major "$medic_candidate")" -ge 12 ] 2>/dev/null; then
      printf '%s\n' "$medic_candidate"
      return
    fi
  done
}

medic_available() {
  apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

medic_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Boost's headers: Debian 12 has 1.81 beside its default 1.74; whatever is there already will do.
medic_boost() {
  [ ! -f /usr/include/boost/asio.hpp ] || return 0
  if medic_available libboost1.81-dev; then
    echo libboost1.81-dev
  else
    echo libboost-dev
  fi
}

# Many-pattern text search: Vectorscan runs on every processor; older systems have Hyperscan, from which it comes.
medic_hyperscan() {
  [ ! -f /usr/include/hs/hs.h ] || return 0
  if medic_available libvectorscan-dev; then
    echo libvectorscan-dev
  else
    echo libhyperscan-dev
  fi
}

# Those of "$@" that are not installed.
medic_missing() {
  for medic_package in "$@"; do
    medic_installed "$medic_package" || printf '%s ' "$medic_package"
  done
}

medic_compiler_package() {
  [ -z "$(medic_compiler)" ] || return 0
  medic_default=$(apt-cache depends g++ 2>/dev/null | sed -n 's/.*Depends: g++-\([0-9]*\).*/\1/p' | head -n 1)
  if [ "${medic_default:-0}" -ge 12 ]; then
    echo g++
  else
    echo g++-12
  fi
}

# Runs "$@" as root, or prints what to run and ends.
medic_as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@" >&2
  elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@" >&2
  else
    medic_say "packages are missing and this is not root. Run this once, then try again:"
    printf '\n  sudo %s\n\n' "$*" >&2
    exit 3
  fi
}

medic_apt_install() {
  medic_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Installs what is missing of "$@" and of the compiler and Boost.
medic_install() {
  if [ -n "${TLSMEDIC_NO_INSTALL:-}" ]; then
    return 0
  fi
  if command -v apt-get >/dev/null 2>&1; then
    # A fresh image knows no packages at all until the first update.
    if ! medic_available libssl-dev; then
      medic_as_root apt-get update -q
    fi
    medic_wanted=$(medic_missing "$@")
    medic_wanted="$medic_wanted $(medic_compiler_package) $(medic_boost) $(medic_hyperscan)"
    # shellcheck disable=SC2086 # a list of words
    set -- $medic_wanted
    [ $# -gt 0 ] || return 0
    medic_say "installing $# packages: $*"
    medic_apt_install "$@" || {
      # The lists may be older than the archive.
      medic_as_root apt-get update -q
      medic_apt_install "$@" || medic_stop "the packages could not be installed"
    }
  elif command -v dnf >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    if ! rpm -q $medic_packages_dnf >/dev/null 2>&1; then
      medic_say "installing packages"
      medic_as_root dnf install -y $medic_packages_dnf || medic_stop "the packages could not be installed"
    fi
  fi
}

# Runs "$@" with its output on the terminal if there is one, else in the log $medic_log.
medic_run() {
  if [ -t 2 ]; then
    "$@" >&2
  else
    "$@" >>"$medic_log" 2>&1 || {
      tail -n 40 "$medic_log" >&2
      return 1
    }
  fi
}

# Configures preset $1 and builds it, or only the targets named after it.
medic_build() {
  medic_preset=$1
  shift
  medic_build_dir=$medic_root/build/$medic_preset
  mkdir -p "$medic_build_dir" || medic_stop "cannot write to $medic_root/build"
  medic_log=$medic_build_dir/setup.log
  : >"$medic_log"
  # A checkout that was moved cannot go on with its old cache.
  if [ -f "$medic_build_dir/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$medic_root" "$medic_build_dir/CMakeCache.txt"; then
    rm -rf "$medic_build_dir/CMakeCache.txt" "$medic_build_dir/CMakeFiles"
  fi
  medic_cxx=$(medic_compiler)
  [ -n "$medic_cxx" ] || medic_stop "no g++ 12 or later was found (CXX=... names one)"
  (
    cd "$medic_root" || exit 1
    [ -f "$medic_build_dir/build.ninja" ] || medic_say "configuring"
    CXX=$medic_cxx medic_run cmake --preset "$medic_preset" || exit 1
    export NINJA_STATUS='tlsmedic: building [%f/%t] '
    medic_run cmake --build --preset "$medic_preset" ${1:+--target "$@"}
  ) || medic_stop "the build failed; the whole log: $medic_log"
}
