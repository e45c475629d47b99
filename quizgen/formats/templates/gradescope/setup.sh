#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the container: Python 3.11 or newer, the grader, and PyPI's packages for it.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
venv="${AUTOGRADER_VENV:-$root/venv}"

find_python() {
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

if ! python="$(find_python)"; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y python3.12 python3.12-venv || apt-get install -y python3.11 python3.11-venv
  python="$(find_python)"
fi
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir "$root"/source/packages/*.whl
# The log of the build says what will confine student code; grading itself refuses where nothing does.
"$venv/bin/autograder" doctor || true
