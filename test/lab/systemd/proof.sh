# Runs in the container, after the commands of docs/operations/systemd.md. Prints a line for each check, and exits with 1 at
# the first that fails.
set -euo pipefail

URL=http://127.0.0.1:3000
PASSWORD='correct horse battery staple'
BACKUPS=/var/lib/latchkey-backups

check() {
  if ! "${@:2}"; then
    echo "FAILED: $1"
    systemctl status --no-pager --lines=30 latchkey.service latchkey.socket latchkey-backup.service || true
    exit 1
  fi
  echo "ok: $1"
}
equals() { [[ $1 == "$2" ]] || { echo "'$1' instead of '$2'"; false; }; }
status_of() { curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$@" || true; }
property() { systemctl show --property="$2" --value "$1"; }
process_line() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$(property latchkey MainPID)/status"; }
is_mode() { equals "$(stat --format='%U %a' "$1")" "latchkey $2"; }

check 'the server is ready' equals "$(status_of $URL/health/ready)" 200
secret=$(sed --quiet 's/.*#//p' /var/lib/latchkey/first-sign-in.txt)
check 'it accepts the link' equals \
  "$(status_of --json "{\"secret\":\"$secret\",\"password\":\"$PASSWORD\"}" $URL/auth/set-up)" 204
check 'it accepts the password' equals "$(status_of --user "admin:$PASSWORD" --request POST $URL/auth/login)" 200
check 'it serves the console' equals "$(status_of $URL/admin/)" 200

check 'it runs as its own user' equals "$(process_line Uid)" "$(id -u latchkey | sed 's/.*/&\t&\t&\t&/')"
check 'it has no capabilities' equals "$(process_line CapBnd)" 0000000000000000
check 'it cannot gain privileges' equals "$(process_line NoNewPrivs)" 1
check 'its system calls are filtered' equals "$(process_line Seccomp)" 2
check 'threads that hash passwords have a lower priority' \
  grep --quiet --extended-regexp '^5$' <(cut --delimiter=' ' --fields=19 /proc/"$(property latchkey MainPID)"/task/*/stat)
check 'its data is private' is_mode /var/lib/latchkey 700
check 'its database is private' is_mode /var/lib/latchkey/latchkey.sqlite 600
check 'the audit key stays in the credential' test ! -e /var/lib/latchkey/audit.key

# Clients without keep-alive, and one restart after the other.
load() {
  while [[ ! -e /tmp/finished ]]; do status_of $URL/health/live; echo; done > "/tmp/load-$1"
}
for client in {1..8}; do load "$client" & done
for restart in {1..3}; do
  systemctl restart latchkey
  equals "$(status_of $URL/health/ready)" 200
done
touch /tmp/finished
wait
echo "$(cat /tmp/load-* | wc -l) requests during 3 restarts"
check 'a restart loses no request' equals "$(sort --unique /tmp/load-*)" 200

before=$(property latchkey MainPID)
kill -KILL "$before"
check 'a killed server starts again' equals "$(status_of --retry 5 --retry-all-errors $URL/health/ready)" 200

check 'a backup succeeds' systemctl start latchkey-backup
for backup in {01..20}; do touch "$BACKUPS/2020-01-01T0000${backup}Z.sqlite"; done
sleep 1
check 'the next backup succeeds' systemctl start latchkey-backup
check '14 backups are kept' equals "$(ls $BACKUPS | wc -l)" 14
newest=$(ls $BACKUPS | tail --lines=1)
check 'the newest has content' test -s "$BACKUPS/$newest"
check 'it is private' is_mode "$BACKUPS/$newest" 600
check 'the journal has the head of the audit trail' grep --quiet '^Head, .*: [0-9]' <(journalctl --unit=latchkey-backup --output=cat)

sed --in-place 's/latchkey.sqlite/none.sqlite/' /etc/latchkey/latchkey.env
check 'a failed backup fails the unit' equals "$(systemctl start latchkey-backup > /dev/null 2>&1 || property latchkey-backup Result)" exit-code
check 'it deletes no backup' equals "$(ls $BACKUPS | wc -l)" 14
sed --in-place 's/none.sqlite/latchkey.sqlite/' /etc/latchkey/latchkey.env
systemctl reset-failed latchkey-backup

# More failures than the default limit of five in ten seconds, after which systemd would close the socket.
sed --in-place 's/^/LATCHKEY_METRICS=broken\n/' /etc/latchkey/latchkey.env
mkdir -p /etc/systemd/system/latchkey.service.d
printf '[Service]\nRestartSec=100ms\n' > /etc/systemd/system/latchkey.service.d/fast.conf
systemctl daemon-reload
systemctl restart latchkey
until (($(property latchkey NRestarts) > 6)); do sleep 0.2; done
check 'the socket survives failed starts' equals "$(property latchkey.socket ActiveState)" active
sed --in-place '/^LATCHKEY_METRICS/d' /etc/latchkey/latchkey.env
check 'the server starts when the error is corrected' equals "$(status_of $URL/health/ready)" 200

exposure=$(systemd-analyze security --no-pager latchkey.service | sed --quiet 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')
check "the exposure is 1.2" equals "$exposure" 1.2
check 'it stops' systemctl stop latchkey.socket latchkey.service
check 'it stops cleanly' equals "$(property latchkey Result) $(property latchkey ExecMainStatus)" 'success 0'
