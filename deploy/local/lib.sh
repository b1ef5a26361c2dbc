# Sourced by ./run, ./test and .ci/run: what they share. Needs $root, the repository's folder.

say() { printf '%s\n' "$*" >&2; }

# One sentence, and the end.
die() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "Installing packages needs root: run this as root, or install sudo."
  fi
}

# install_packages GROUP… : what of these groups in packages.txt is missing, and nothing else.
install_packages() {
  [ -r /etc/debian_version ] || die "This script installs Debian 12's packages; on another system install the ones listed in deploy/local/packages.txt yourself and set LAKEGATE_SKIP_PACKAGES=1."
  [ -z "${LAKEGATE_SKIP_PACKAGES:-}" ] || return 0
  local wanted=() missing=() name
  for group in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(awk -v g="$group" '$1 == g { print $2 }' "$root/deploy/local/packages.txt")
  done
  for name in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null)" = "ii " ] || missing+=("$name")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root apt-get update -qq || die "apt-get update failed: check this machine's package sources."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >"${TMPDIR:-/tmp}/lakegate-apt.$$.log" 2>&1 \
    || { tail -n 15 "${TMPDIR:-/tmp}/lakegate-apt.$$.log" >&2; die "Installing the packages failed; the last lines of apt-get are above."; }
  rm -f "${TMPDIR:-/tmp}/lakegate-apt.$$.log"
}

# build PRESET [CMAKE ARGUMENTS…] [-- TARGET…]
build() {
  local preset=$1 args=() targets=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do args+=("$1"); shift; done
  [ $# -eq 0 ] || { shift; targets=("$@"); }
  local log="$root/build/$preset.configure.log"
  mkdir -p "$root/build"
  cmake -S "$root" --preset "$preset" "${args[@]}" >"$log" 2>&1 \
    || { tail -n 20 "$log" >&2; die "CMake could not configure the build; see above."; }
  say "Building ($preset). The first build takes some minutes, later ones seconds."
  if [ -t 2 ]; then
    cmake --build "$root/build/$preset" "${targets[@]/#/--target=}" >&2
  else
    # Without a terminal: a line every 25 steps instead of one each.
    NINJA_STATUS='[%f/%t] ' cmake --build "$root/build/$preset" "${targets[@]/#/--target=}" 2>&1 \
      | awk '/^\[[0-9]+\/[0-9]+\]/ { if (++n % 25 == 0) { print; fflush() } next } { print; fflush() }' >&2
  fi || die "The build failed; the compiler's words are above."
}

# as_database_owner COMMAND… : PostgreSQL refuses root, so under root its own user runs it. The
# capability lets that user reach a clone below a folder that only root may enter (/root).
as_database_owner() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups \
      --inh-caps=+dac_override --ambient-caps=+dac_override -- "$@"
  else
    "$@"
  fi
}

postgres_bin=/usr/lib/postgresql/15/bin

# True if nothing listens on that port of loopback.
port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port NAME… : gives each of these variables a port of loopback that nothing listens on, from
# the range that the kernel hands to nobody, and that none got before: they are all chosen before
# the first of them is used.
claimed_ports=' '
free_port() {
  local _name _port
  for _name in "$@"; do
    for _ in $(seq 100); do
      _port=$((20000 + RANDOM % 10000))
      [[ $claimed_ports != *" $_port "* ]] && port_is_free "$_port" || continue
      claimed_ports+="$_port "
      printf -v "$_name" %s "$_port"
      continue 2
    done
    die "No free port was found between 20000 and 30000."
  done
}

# new_password : 32 random hexadecimal digits.
new_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
