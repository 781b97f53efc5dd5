#!/bin/sh
# The command `tinhso` of this machine: as the account of the service, with its settings. Made by `tinhso install`.
set -eu
set -a
. /etc/tinhso/tinhso.env
for more in /etc/tinhso/owner.env /etc/tinhso/backup.env; do
    if [ -r "$more" ]; then . "$more"; fi
done
set +a
umask 077
if [ "$(id -un)" = tinhso ]; then exec @bin@/tinhso "$@"; fi
if [ "$(id -u)" != 0 ]; then echo "✗ Hãy gõ: sudo tinhso $*" >&2; exit 1; fi
cd @data@
exec runuser -u tinhso -- @bin@/tinhso "$@"
