#!/usr/bin/env bash
# Runs the tests; arguments go to `swift test`. The output is kept in .build/test.log too. When something
# fails, what failed stands once more at the end: logs that keep only their last lines still say it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

most=60
log=.build/test.log
mkdir -p .build
PYTHONPATH="$PWD/.build/python${PYTHONPATH:+:$PYTHONPATH}" "${SWIFT:-swift}" test "$@" 2>&1 |
  tee "$log"
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] && exit 0

# A failure begins with ✘ and its details with ↳; the compiler and a process that died say "error:". The
# lines of ✘ about suites and the whole run only count failures.
failures=$(LC_ALL=C awk '
  /^✘ (Suite|Test run) / { isFailure = 0; next }
  /^✘ / || /(^|[: ])error: / || /Fatal error: / { isFailure = 1; print; next }
  /^ *↳ / { if (isFailure) print; next }
  { isFailure = 0 }' "$log")
echo
if [ -z "$failures" ]; then
  echo "swift test ended with $status and named nothing that failed; its output is in $log"
else
  echo "What failed (the whole output is in $log):"
  head -n "$most" <<<"$failures"
  count=$(wc -l <<<"$failures")
  [ "$count" -le "$most" ] || echo "… and $((count - most)) more lines"
fi
exit "$status"
