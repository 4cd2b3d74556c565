#!/usr/bin/env bash
# Makes the image that the Dockerfile's NODE_IMAGE names out of this machine's own node and npm, for places where no
# image can be pulled. Usage: base-image.sh TAG
set -euo pipefail
tag=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# A file under the real path of its folder (/lib is a link to /usr/lib), and what it is a link to.
with_target() {
  echo "$(realpath "$(dirname "$1")")/$(basename "$1")"
  realpath "$1"
}

# A program and the libraries it needs.
with_libraries() {
  local library
  with_target "$1"
  for library in $(ldd "$(realpath "$1")" 2>/dev/null | grep --only-matching '/[^ ]*' || true); do
    with_target "$library"
  done
}

contents() {
  local program library
  for program in node npm npx sh env cat ls mkdir chown chmod rm cp mv ln id sleep uname dirname basename readlink; do
    with_libraries "$(command -v "$program")"
  done
  # The C library looks names up through libraries that ldd does not tell of.
  for library in /lib/*/libnss_files.so.2 /lib/*/libnss_dns.so.2 /lib/*/libresolv.so.2; do with_target "$library"; done
  dirname "$(dirname "$(realpath "$(command -v npm)")")"
  echo /etc/ssl/certs
  realpath /etc/ssl/certs/ca-certificates.crt
  echo /etc/nsswitch.conf
}

contents | sort --unique | sed 's,^/,,' | tar --create --directory / --files-from - | tar --extract --directory "$root"
ln -s usr/bin "$root/bin"
ln -s usr/lib "$root/lib"
[ ! -d "$root/usr/lib64" ] || ln -s usr/lib64 "$root/lib64"
mkdir -p "$root"/{tmp,root,proc,sys,dev,home/node}
chmod 1777 "$root/tmp"
chmod 755 "$root"

# npm as it is set up here, for every user of the image.
printf 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' >"$root/etc/group"
chown 1000:1000 "$root/home/node"
globalconfig=$(npm config get globalconfig 2>/dev/null)
mkdir -p "$root$(dirname "$globalconfig")"
for file in "$globalconfig" "$(npm config get userconfig 2>/dev/null)"; do
  [ ! -f "$file" ] || cat "$file" >>"$root$globalconfig"
done

tar --create --directory "$root" . | docker import --change 'CMD ["node"]' - "$tag" >/dev/null
