#!/usr/bin/env bash
# Makes the keys and certificates of this folder anew: valid from today, for twenty years. They prove nothing outside
# of the tests.
set -euo pipefail
cd "$(dirname "$0")"

openssl genrsa -out leaf.key 2048
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out ec.key
openssl pkcs8 -topk8 -nocrypt -in leaf.key -out leaf.tmp && mv leaf.tmp leaf.key
messages=/CN=messageverificationcerts.paypal.com

# A certificate authority: its file, and its name.
issuer() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" -days 7300 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# A certificate of the one leaf key: its name, its issuer, its subject.
leaf() {
    openssl req -new -key leaf.key -subj "$3" -out leaf.csr
    openssl x509 -req -in leaf.csr -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -out "$1.pem" -days 7300 \
        -extfile <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n')
    rm leaf.csr
}

issuer issuer issuer
issuer stranger stranger
# Another key under the name of the issuer.
issuer namesake issuer
leaf valid issuer "$messages"
leaf foreign stranger "$messages"
leaf subject issuer "$messages.evil.test"
leaf forged namesake "$messages"
rm -f issuer.key stranger.key namesake.key namesake.pem ./*.srl ca.key
