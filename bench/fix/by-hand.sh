#!/usr/bin/env bash
# A fix by hand on a clone that is there: fetch, worktree, edit, commit, push, open the pull request.
set -euo pipefail
tree="$PWD/tree-$BRANCH"
git -C "$CLONE" fetch --quiet "$REMOTE" main:main
git -C "$CLONE" worktree add --quiet -b "$BRANCH" "$tree" main
cp orders.ts "$tree/src/orders.ts"
git -C "$tree" add src/orders.ts
git -C "$tree" -c user.name=mia -c user.email=mia@example.com commit --quiet -m 'fix(orders): treat missing gift messages as none'
git -C "$tree" push --quiet "$REMOTE" "HEAD:refs/heads/$BRANCH"
curl --silent --show-error --fail -X POST "$API/pulls" \
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d "{\"title\":\"fix(orders)\",\"body\":\"By hand.\",\"head\":\"$BRANCH\",\"base\":\"main\"}" >/dev/null
