#!/usr/bin/env bash
# Installs the packed files into empty projects, as a person would, on the Node that this is called with:
#   test/package/check.sh PYTHON [FOLDER]
# PYTHON is one with torch, which is used as it is. Everything is made in FOLDER, by default a new temporary one.
set -euo pipefail
python=$(realpath -s "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(realpath "${2:-$(mktemp -d)}")
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

mkdir -p "$work/packages"
packages=$(cd "$root" && npm run --silent pack -- "$work/packages")
torch=$(grep tandem-torch <<<"$packages")
lab=$(grep tandem-lab <<<"$packages")
# The clone itself was set up without it.
export TANDEM_PYTHON=$python
say "Node $(node --version), npm $(npm --version); $(du -h "$torch" "$lab" | awk '{print $1}' | xargs)"

# tandem-torch: the README's example, run as JavaScript without its types.
mkdir -p "$work/only torch" && cd "$work/only torch"
echo '{ "private": true }' >package.json
npm install --foreground-scripts --no-audit --no-fund "$torch" >install.log 2>&1 || { tail -5 install.log; exit 1; }
npm ls --all --omit=dev
sed -n '/^```ts$/,/^```$/p' node_modules/tandem-torch/README.md | sed '/^```/d' >example.ts
node "$root/node_modules/typescript/bin/tsc" --strict --target es2022 --module node16 --types node \
  --typeRoots "$root/node_modules/@types" example.ts
node example.js
say "tandem-torch: the README's example ran"

# Where the package manager runs no install step, the error says what does.
npm install --ignore-scripts --no-audit --no-fund --prefix "$work/not built" "$torch" >/dev/null
cd "$work/not built"
{ node -e "require('tandem-torch')" 2>&1 || true; } | grep -o 'build it with `npx tandem-torch`'
npx tandem-torch >build.log 2>&1 || { tail -5 build.log; exit 1; }
node -p "require('tandem-torch').ones(2).sum().item()"
say "tandem-torch: built by its own command"

# tandem-lab: a new project, its report.
mkdir -p "$work/my lab, ü" && cd "$work/my lab, ü"
echo '{ "private": true }' >package.json
npm install --no-audit --no-fund "$lab" >install.log 2>&1 || { tail -5 install.log; exit 1; }
npx tandem new demo
cd demo
npx tandem report --help >/dev/null
test ! -e .tandem/node_modules
npx tandem report
npx tandem doctor
say "tandem-lab: the report of a new project passed"

# The kernel in another virtual environment's JupyterLab.
"$(dirname "$python")/python" -m venv "$work/other"
"$work/other/bin/pip" install --quiet --disable-pip-version-check jupyterlab nbconvert
VIRTUAL_ENV="$work/other" npx tandem kernel install --sys-prefix
"$work/other/bin/jupyter" nbconvert --to notebook --execute --output executed.ipynb notebooks/first-model.ipynb
say "the kernel ran the notebook in another environment"

# The same kernel, and a notebook outside any project.
mkdir -p "$work/no project, é" && cd "$work/no project, é"
echo '["one", "two"]' >words.json
cat >lone.ipynb <<'NOTEBOOK'
{ "nbformat": 4, "nbformat_minor": 5, "metadata": { "kernelspec": { "name": "tandem", "display_name": "", "language": "typescript" } },
  "cells": [{ "cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [],
    "source": "import words from './words.json';\nimport * as torch from 'tandem/torch';\nconsole.log(words.length, torch.ones(2).sum().item());" }] }
NOTEBOOK
"$work/other/bin/jupyter" nbconvert --to notebook --execute --output executed.ipynb lone.ipynb
grep -q '"2 2' executed.ipynb
say "the kernel ran a notebook outside any project"
