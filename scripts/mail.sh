#!/usr/bin/env bash
# Runs a command beside throw-away Dovecot and Postfix servers of its own: scripts/mail.sh COMMAND…
# The command finds them in ESPLANADE_TEST_MAIL, as « IMAP port,SMTP port,folder,IMAPS port,SMTPS port,OAuth port »; both plain
# ports offer STARTTLS, under a certificate for localhost that the authority in folder/authority.pem vouches for. A token of
# OAuth 2 is good when whoever listens on the OAuth port says so at /introspect. Any address has a mailbox, with the
# password « motdepasse »; those at plein.test are full: what is sent there comes back as a report. The server refuses
# refuse@refus.test at once.
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
  echo "Postfix must be started by root: run this as root (in a container, for instance)." >&2
  exit 1
fi
dir=$(mktemp -d -t esplanade-mail.XXXXXX)
chmod 755 "$dir"
read -r imap smtp lmtp auth imaps smtps oauth <<<"$(python3 - <<'P'
import socket
sockets = [socket.socket() for _ in range(7)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])
P
)"
id esplanade-mail >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin esplanade-mail
mkdir -p "$dir/homes" "$dir/postfix" "$dir/queue" "$dir/data"
chown esplanade-mail "$dir/homes"
chown postfix "$dir/data"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Autorité des essais' -keyout "$dir/authority.key" \
  -out "$dir/authority.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
openssl x509 -req -days 2 -in "$dir/server.csr" -CA "$dir/authority.pem" -CAkey "$dir/authority.key" -CAcreateserial \
  -extfile <(echo 'subjectAltName=DNS:localhost') -out "$dir/server.pem" 2>/dev/null

cat > "$dir/dovecot-oauth2.conf.ext" <<C
introspection_mode = post
introspection_url = http://127.0.0.1:$oauth/introspect
username_attribute = username
active_attribute = active
active_value = true
C
cat > "$dir/dovecot.conf" <<C
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/dovecot.log
protocols = imap lmtp
ssl = yes
ssl_cert = <$dir/server.pem
ssl_key = <$dir/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:~/Maildir
mail_plugins = quota
mail_max_userip_connections = 50
first_valid_uid = 1
# Tests need no durability, only speed; what is measured against mbsync reads from the same server.
mail_fsync = never
passdb {
  driver = static
  mechanisms = plain login
  args = password=motdepasse
}
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $dir/dovecot-oauth2.conf.ext
}
userdb {
  driver = static
  args = uid=esplanade-mail gid=nogroup home=$dir/homes/%d/%n quota_rule=*:storage=%{if;%d;eq;plein.test;1K;4G} allow_all_users=yes
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    auto = subscribe
    special_use = \Drafts
  }
  mailbox Sent {
    auto = subscribe
    special_use = \Sent
  }
  mailbox Archive {
    auto = subscribe
    special_use = \Archive
  }
  mailbox Trash {
    auto = subscribe
    special_use = \Trash
  }
  mailbox Junk {
    auto = subscribe
    special_use = \Junk
  }
}
protocol imap {
  mail_plugins = quota imap_quota
}
protocol lmtp {
  postmaster_address = postmaster@esplanade.test
  mail_plugins = quota
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = $imap
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = $imaps
    ssl = yes
  }
  client_limit = 2000
}
service imap {
  process_limit = 200
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = $auth
  }
}
C

cat > "$dir/postfix/main.cf" <<C
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.esplanade.test
mydestination =
alias_maps =
# Every domain of the tests is delivered here; nothing leaves the machine.
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/server.pem
smtpd_tls_key_file = $dir/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$auth
smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{ { refuse@refus.test = 550 5.1.1 unknown } }, permit
recipient_delimiter = +
message_size_limit = 30000000
smtpd_client_connection_count_limit = 0
C
cat > "$dir/postfix/master.cf" <<C
127.0.0.1:$smtp inet n - n - - smtpd
127.0.0.1:$smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
showq unix n - n - - showq
lmtp unix - - n - 10 lmtp
smtp unix - - n - - smtp
C

stop() {
  postfix -c "$dir/postfix" stop >/dev/null 2>&1 || true
  doveadm -c "$dir/dovecot.conf" stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
dovecot -c "$dir/dovecot.conf"
postfix -c "$dir/postfix" start >/dev/null 2>&1 || { cat "$dir/postfix.log" >&2; exit 1; }
for port in $imap $smtp $imaps $smtps; do
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.1
  done
done
export ESPLANADE_TEST_MAIL="$imap,$smtp,$dir,$imaps,$smtps,$oauth"
"$@"
