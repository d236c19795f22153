#!/bin/sh
# Makes deploy/.env once: passwords and keys that no other installation has. Keep a copy of it where your backups are:
# without SEALING_KEY nobody can read the names and addresses of your customers again.
set -eu
umask 077
file="$(dirname "$0")/.env"
if [ -e "$file" ]; then
    echo "$file is there already; nothing was changed" >&2
    exit 1
fi
random() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
word() { head -c 24 /dev/urandom | base64 | tr '+/' 'Aa' | tr -d '=\n'; }
cat > "$file" <<END
POSTGRES_PASSWORD=$(word)
STORE_SECRET=$(word)
TOKEN_KEY=$(random)
SEALING_KEY=$(random)
LOOKUP_KEY=$(random)
END
echo "$file was made"
