#!/bin/sh
# Makes the stubs of chubby.proto in a temporary directory and runs the example.
# Usage: run.sh [HOST:PORT,HOST:PORT,...], the cell of `npm start` unless given
set -eu
here=$(cd "$(dirname "$0")" && pwd)
proto=$here/../../proto
stubs=$(mktemp -d)
trap 'rm -rf "$stubs"' EXIT
protoc --proto_path="$proto" --python_out="$stubs" --grpc_out="$stubs" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" chubby/v1/chubby.proto
PYTHONPATH="$stubs" "${PYTHON:-/usr/bin/python3}" "$here/lock_and_file.py" "$@"
