#!/bin/sh
# Make src/safeconduct/web/scanner/vendor again from the packages of the npm registry, and write its lock.
#
#   sh tools/vendor_scanner.sh           fetch with `npm pack`, copy the files that the page needs, write vendor.lock
#   sh tools/vendor_scanner.sh --check   compare the files that are there with vendor.lock; needs no network
#
# What is changed in a file: names of packages in its imports become relative paths, since a page without a bundler
# cannot resolve them; and addresses elsewhere that a loader would fall back to become this folder. The lock holds the SHA-512 of each package as npm states it and the SHA-256 of each file here.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
vendor=$here/src/safeconduct/web/scanner/vendor
lock=$vendor/vendor.lock

if [ "${1:-}" = --check ]; then
  cd "$vendor"
  sed -n 's/^file //p' vendor.lock | sha256sum --check --strict --quiet
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$vendor"
mkdir -p "$vendor"

# package, version, folder here, files of the package (without its leading folder)
take() {
  name=$1 version=$2 folder=$3
  shift 3
  tarball=$(cd "$work" && npm pack --silent "$name@$version")
  mkdir -p "$work/$folder" "$vendor/$folder"
  tar -xzf "$work/$tarball" -C "$work/$folder"
  for file in LICENSE "$@"; do
    mkdir -p "$vendor/$folder/$(dirname "$file")"
    sed -e "s#'@noble/hashes/\([a-z0-9_]*\.js\)'#'UP/noble-hashes/\1'#" \
        -e 's#`[a-z:]*//[a-z.]*/npm/zxing-wasm@[^`]*`#`./${e}`#' -e 's#^\( \* hash-wasm\) (.*)$#\1#' \
        -e '/^\/\/# sourceMappingURL=/d' "$work/$folder/package/$file" > "$vendor/$folder/$file.new"
    case $file in
      *.js) up=..; case $file in */*) up=../..;; esac
            sed "s#'UP/noble-hashes/#'$up/noble-hashes/#" "$vendor/$folder/$file.new" > "$vendor/$folder/$file" ;;
      *) cp "$work/$folder/package/$file" "$vendor/$folder/$file" ;;
    esac
    rm "$vendor/$folder/$file.new"
  done
  hash=$(openssl dgst -sha512 -binary "$work/$tarball" | base64 -w0)
  printf 'package %s %s %s sha512-%s\n' "$name" "$version" "$folder" "$hash" >> "$work/packages"
}

take @noble/curves 2.4.0 noble-curves ed25519.js utils.js abstract/curve.js abstract/edwards.js abstract/fft.js \
  abstract/frost.js abstract/hash-to-curve.js abstract/modular.js abstract/montgomery.js abstract/oprf.js
take @noble/hashes 2.4.0 noble-hashes sha2.js hkdf.js hmac.js utils.js _md.js _u64.js
take @noble/ciphers 2.4.0 noble-ciphers chacha.js _arx.js _poly1305.js utils.js
take hash-wasm 4.13.0 hash-wasm dist/argon2.umd.min.js
take zxing-wasm 3.1.4 zxing-wasm dist/iife/reader/index.js dist/reader/zxing_reader.wasm
take qr 0.7.0 qr index.js

cd "$vendor"
{ cat "$work/packages"; find . -type f ! -name vendor.lock | sort | sed 's#^\./##' | xargs sha256sum | sed 's/^/file /'; } > "$work/lock"
mv "$work/lock" "$lock"
