#!/usr/bin/env bash
# Installs the project in every way that a user may, in empty environments and without Node on
# PATH, and evaluates an expression in each. By hand, before a release: it takes minutes.
#
#     tests/install_matrix.sh [PYTHON]

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uv=$(command -v uv || true)
[ -z "$uv" ] && [ -x .venv/bin/uv ] && uv=$PWD/.venv/bin/uv

# All programs but Node's.
mkdir "$work/bin"
IFS=: read -ra places <<< "$PATH"
for place in "${places[@]}"; do
    for program in "$place"/*; do
        case ${program##*/} in
            node | npm | npx | corepack) ;;
            *) [ -e "$work/bin/${program##*/}" ] || ln -s "$program" "$work/bin/" 2> /dev/null || true ;;
        esac
    done
done
PATH=$work/bin
export PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1
if command -v node > /dev/null; then echo "Node is still on PATH" >&2; exit 1; fi

fresh() { # a copy of what git knows, and an environment beside it
    mkdir -p "$work/$1/source"
    git ls-files --cached --others --exclude-standard -z | tar cf - --null -T - | tar xf - -C "$work/$1/source"
    "$python" -m venv "$work/$1/env"
}

proves() { # evaluates an expression, away from the source
    (cd "$work" && echo '{"expression": "={{ DateTime.fromISO(\"2024-05-06\").toFormat(\"dd/LL/yyyy\") }}"}' \
        | "$2/bin/n8nlite" eval - | grep '06/05/2024' > /dev/null)
    (cd "$work" && "$2/bin/python" -c 'from importlib.resources import files; print(
        (files("_n8nlite_js") / "LICENSE.luxon").read_text())' | grep Permission > /dev/null)
    echo "ok    $1 (${SECONDS} s)"
    SECONDS=0
}

SECONDS=0
fresh plain
"$work/plain/env/bin/pip" install "$work/plain/source"
proves "pip install ." "$work/plain/env"

fresh editable
"$work/editable/env/bin/pip" install -e "$work/editable/source"
proves "pip install -e ." "$work/editable/env"
"$work/editable/env/bin/pip" install -e "$work/editable/source"
proves "pip install -e . once more" "$work/editable/env"

fresh built
"$work/built/env/bin/pip" install build
(cd "$work/built/source" && "$work/built/env/bin/python" -m build --outdir "$work/dist" > "$work/log" 2>&1) || {
    tail -20 "$work/log" >&2; exit 1; }
"$python" -m venv "$work/wheel"
"$work/wheel/bin/pip" install "$work"/dist/*.whl
proves "wheel in an empty environment" "$work/wheel"
"$python" -m venv "$work/sdist"
npm_config_registry=http://127.0.0.1:9 npm_config_cache="$work/npm" \
    "$work/sdist/bin/pip" install "$work"/dist/*.tar.gz
proves "sdist, npm's registry unreachable" "$work/sdist"

if [ -n "$uv" ]; then
    fresh synced
    (cd "$work/synced/source" && rm -rf ../env && "$uv" sync --quiet)
    proves "uv sync" "$work/synced/source/.venv"
    (cd "$work/synced/source" && rm -rf expressions/js/dist .venv && "$uv" sync --quiet)
    proves "uv sync of a cleaned tree" "$work/synced/source/.venv"
fi
