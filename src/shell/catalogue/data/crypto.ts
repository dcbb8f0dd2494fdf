/**
 * Keys, certificates, secrets and security scanners. What shows a certificate is `read`; what writes a file over
 * another is `destroy`; what talks to a server is `transfer`. OpenSSL's engines, providers and configuration files
 * load code. Passwords on the line are for the vault to hide, not for this catalogue.
 */
import type { Family, LongEntry, Option } from '../schema.ts'

/** Options that most of OpenSSL's commands have. With one dash, and no bundles. */
const SSL_KNOWN =
  '-help -text -noout -inform= -outform= -keyform= -certform= -CAform= -CAkeyform= -CRLform= -nameopt= -certopt= -dateopt= -reqopt= -fingerprint -alias -serial -startdate -enddate -dates -subject -issuer -email -hash -subject_hash -subject_hash_old -issuer_hash -issuer_hash_old -ext= -ocspid -ocsp_uri -purpose= -pubkey -modulus -checkend= -checkhost= -checkemail= -checkip= -set_serial= -next_serial -days= -preserve_dates -subj= -clrext -extensions= -sigopt= -vfyopt= -req -x509 -x509toreq -new -newkey= -nodes -noenc -utf8 -batch -verbose -verify_hostname= -verify_email= -verify_ip= -verify_depth= -verify_name= -verify_return_error -verify_quiet -auth_level= -attime= -policy= -section= -copy_extensions= -multivalue-rdn -addext= -reqexts= -precert -pkeyopt= -newhdr -check -pubcheck -pubin -pubout -RSAPublicKey_in -RSAPublicKey_out -traditional -text_pub -ec_conv_form= -ec_param_enc= -param_enc= -conv_form= -sha1 -sha224 -sha256 -sha384 -sha512 -sha512-256 -sha3-256 -sha3-512 -md5 -sm3 -blake2b512 -blake2s256 -ripemd160 -c -r -hex -binary -xoflen= -d -debug -hmac= -mac= -macopt= -list -ciphers -e -a -base64 -A -nopad -salt -nosalt -bufsize= -K= -S= -iv= -md= -iter= -pbkdf2 -none -p -P -k= -pass= -passin= -passout= -password= -v -aes128 -aes192 -aes256 -aes-128-cbc -aes-192-cbc -aes-256-cbc -aes-256-ctr -aes-128-ctr -des3 -des -des-ede3-cbc -camellia256 -aria256 -chacha20 -nokeys -nocerts -legacy -info -nomacver -clcerts -cacerts -export -chain -name= -caname= -CSP= -LMK -keyex -keysig -keypbe= -certpbe= -descert -macalg= -noiter -nomaciter -maciter -nomac -twopass -algorithm= -quiet -genparam -paramfile -primes= -f4 -F4 -3 -5 -2 -s -t -u -stdin -1 -apr1 -5 -6 -aixmd5 -crypt -reverse -table -strparse= -offset= -length= -dump -dlimit= -i -oid= -show_chain -no-CAfile -no-CApath -no-CAstore -crl_check -crl_check_all -issuer_checks -ignore_critical -policy_check -explicit_policy -inhibit_any -inhibit_map -x509_strict -extended_crl -use_deltas -policy_print -check_ss_sig -trusted_first -suiteB_128_only -suiteB_128 -suiteB_192 -partial_chain -no_alt_chains -no_check_time -allow_proxy_certs -servername= -noservername -showcerts -status -tlsextdebug -brief -prexit -state -msg -ign_eof -no_ign_eof -nbio -nocommands -reconnect -starttls= -alpn= -nextprotoneg= -tls1 -tls1_1 -tls1_2 -tls1_3 -no_tls1 -no_tls1_1 -no_tls1_2 -no_tls1_3 -no_ssl3 -dtls -dtls1 -dtls1_2 -timeout -mtu= -cipher= -ciphersuites= -sigalgs= -client_sigalgs= -groups= -curves= -named_curve= -min_protocol= -max_protocol= -crlf -security_debug -trace -4 -6 -xmpphost= -serverinfo= -ct -noct -enable_pha -bugs -no_comp -comp -no_ticket -serverpref -legacy_renegotiation -no_renegotiation -legacy_server_connect -no_legacy_server_connect -ignore_unexpected_eof -build_chain -psk_identity= -psk= -maxfraglen= -max_send_frag= -split_send_frag= -keymatexport= -keymatexportlen= -dane_tlsa_domain= -dane_tlsa_rrdata= -dane_ee_no_namechecks -tlsv1 -V -ssl3 -stdname -convert= -psk -srp -trustout -setalias= -clrtrust -addtrust= -clrreject -addreject= -badsig -lastupdate -nextupdate -crlnumber -nocrl -print_certs -encrypt -decrypt -sign -verifyrecover -derive -kdf= -kdflen= -peerform= -asn1parse -rev -pkcs -oaep -raw -topk8 -nocrypt -v1= -v2= -v2prf= -scrypt -genkey -list_curves -no_seed -C -dsaparam -bits= -safe -generate -checks= -seconds= -evp= -multi= -mr -elapsed -decrypt -mb -async_jobs= -bytes= -misalign= -aead -cmac= -digest-commands -cipher-commands -commands -digest-algorithms -cipher-algorithms -standard-commands -public-key-algorithms -disabled -options= -b -m -f -o -l -one -select= -1 -certs -crls -keys -noverify -nosigs -nointern -signer_hash -crl_download -respout_text -resp_text -req_text -no_nonce -nonce -cert_status -CRL= -engine_list'
const SSL: Record<string, Option> = {
  '-in= -cert= -certfile= -CAfile= -CApath= -CAstore= -CA= -CAkey= -CAserial= -inkey= -signkey= -trusted= -untrusted= -kfile= -extfile= -signature= -sigfile= -peerkey= -key= -keyfile= -verify= -prverify= -sign= -force_pubkey= -verifyCAfile= -chainCAfile= -cert_chain= -secret= -rand= -CRLfile= -respin= -reqin= -signer= -VAfile= -content= -recip= -ss_cert= -spkac= -data= -queryfile=':
    'read path',
  '-out= -keyout= -writerand= -sess_out= -msgfile= -keylogfile= -outdir= -respout= -reqout= -certsout= -signer_out= -outkey= -token_out=':
    'destroy path',
  '-CAcreateserial -create_serial': 'write',
  '-config= -configfile=': {
    patterns: {
      '*..*': { is: 'path', effects: 'escape' },
      '/etc/*': 'path',
      '/usr/lib/ssl/*': 'path',
      '*': { is: 'path', effects: 'escape' },
    },
  },
  '-engine= -keygen_engine= -ssl_client_engine= -provider= -provider-path= -ssl_config=': 'escape',
  '-connect= -host= -proxy= -url= -server= -path=': 'transfer host',
  '-port= -unix= -bind= -proxy_user= -proxy_pass=': 'word',
}
/** Flags here, options with an argument elsewhere. Taking a flag for the latter would hide the option that follows. */
const FLAGS: Record<string, Option> = { '-verify -purpose -issuer -subject -serial -alias -email -new': {} }
const ssl = (
  effects: LongEntry['effects'],
  options: Record<string, Option> = {},
  operands: LongEntry['operands'] = 'read path',
): LongEntry => ({
  ...(effects === undefined ? {} : { effects }),
  syntax: 'single-dash',
  known: SSL_KNOWN,
  options: { ...SSL, ...options },
  operands,
  worst: 'write destroy transfer escape',
})

/** Looking at keys and messages; results go to standard output. */
const GPG_READ =
  '--list-keys --list-public-keys --list-signatures --list-sigs --list-secret-keys --check-signatures --check-sigs --fingerprint -k -K --list-key --list-sig --check-sig --show-keys --show-key --card-status --list-config --list-gcrypt-config --gpgconf-list --gpgconf-test --list-packets --print-md --print-mds --list-trustdb --export-ownertrust --dump-options --dump-option-table --version --help -h --warranty --verify --verify-files --gen-prime --gen-random --decrypt -d --export --export-ssh-key --enarmor --enarmour --dearmor --dearmour'

export const crypto = {
  name: 'crypto',
  sources: [
    'OpenSSL 3.0 manual pages and -help',
    'GnuPG 2.2 --dump-options',
    'https://docs.oracle.com keytool',
    'https://gtfobins.github.io (openssl, gpg, nmap, sqlmap, msfconsole)',
  ],
  commands: {
    openssl: {
      effects: 'read',
      syntax: 'single-dash',
      gtfobins: ['reverse-shell', 'library-load', 'file-read', 'file-write', 'upload', 'download'],
      needs: 1,
      bare: 'escape',
      options: { '-help -version': { sets: 'read' } },
      subcommands: {
        'version ciphers list help errstr info': ssl('read', {}, 'word'),
        'x509 crl verify pkey rsa ec dsa pkeyparam ecparam dsaparam dhparam asn1parse storeutl pkcs7 sess_id nseq spkac crl2pkcs7':
          ssl('read', FLAGS),
        'dgst sha1 sha224 sha256 sha384 sha512 sha3-256 sha3-512 md5 sha blake2b512 blake2s256 rmd160 sm3 mac kdf':
          ssl('read'),
        'req genrsa genpkey gendsa pkcs12 pkcs8 pkeyutl rsautl enc rand prime passwd speed cms smime ts': ssl('read', {
          ...FLAGS,
          '-sign -decrypt -encrypt -export': {},
        }),
        'base64 aes-256-cbc aes-128-cbc aes-192-cbc des3 des bf rc4 camellia-256-cbc chacha20 zlib': ssl('read'),
        ca: ssl('write privilege', {
          '-revoke=': 'read path',
          '-infiles': {},
          '-updatedb': 'write',
          '-name= -policy=': 'word',
        }),
        's_client s_time cmp': ssl('transfer', {}, 'transfer host'),
        ocsp: ssl('transfer', { '-issuer= -serial=': 'path' }, 'transfer host'),
        s_server: ssl('transfer escape', { '-WWW -HTTP -www -accept= -naccept=': 'transfer' }),
        engine: ssl('escape'),
        'fipsinstall rehash srp': ssl('write'),
        'no-*': 'read',
      },
    },
    c_rehash: 'write',
    'certtool p11tool danetool psktool srptool ocsptool tpmtool systemkey': 'read write destroy',
    'gnutls-cli gnutls-cli-debug gnutls-serv': 'transfer',
    'certutil pk12util signver crlutil modutil cmsutil shlibsign vfychain': 'read write privilege',
    'update-ca-certificates update-ca-trust trust': 'write privilege',
    'cfssl cfssljson certstrap xca': 'write privilege',
    'easyrsa easy-rsa': 'write privilege escape',
    'make-ssl-cert genkey': 'write',

    'gpg gpg2 gpg1': {
      // Without a command it decrypts into a file beside the one it is given.
      effects: 'write',
      known: `-v --verbose --no-verbose -q --quiet --no-tty --no-greeting --charset= --display-charset= --no-options --logger-fd= --default-key= --encrypt-to= --default-recipient= --default-recipient-self --group= --compliance= --gnupg --openpgp --always-trust --trust-model= --expert --no-secmem-warning --no-permission-warning -n --dry-run -i --interactive --default-cert-level= --personal-cipher-preferences= --personal-digest-preferences= --compress-algo= --cipher-algo= --digest-algo= --cert-digest-algo= --s2k-mode= --s2k-digest-algo= --s2k-cipher-algo= --s2k-count= -a --armor --armour --no-armor --comment= --no-comments --emit-version --no-emit-version -t --textmode -z= --compress-level= --skip-verify --list-only --list-options= --verify-options= --with-colons --with-fingerprint --with-subkey-fingerprint --with-keygrip --with-secret --with-wkd-hash --with-key-data --with-sig-list --with-sig-check --fixed-list-mode --keyid-format= --show-keyring --show-session-key -r= --recipient= -R= --hidden-recipient= -u= --local-user= --try-secret-key= --throw-keyids --no-default-keyring --no-keyring --batch --no-batch --yes --no --status-fd= --command-fd= --passphrase= --passphrase-fd= --passphrase-repeat= --pinentry-mode= --no-autostart --lock-once --lock-never --no-auto-check-trustdb --no-auto-key-locate --no-auto-key-retrieve --disable-dirmngr --import-options= --export-options= --key-origin= --set-filename= --for-your-eyes-only --no-symkey-cache --ignore-time-conflict --allow-weak-digest-algos --no-sig-cache --weak-digest= --enable-special-filenames --fast-list-mode --no-mdc-warning --force-mdc --require-secmem --display= --ttyname= --ttytype= --use-agent --debug-level= --max-output=`,
      options: {
        [GPG_READ]: { sets: 'read' },
        // Results go to standard output, or beside the file.
        '--sign -s --clear-sign --clearsign --detach-sign -b --encrypt -e --symmetric -c --store --encrypt-files -f --decrypt-files --multifile':
          'write',
        '-o= --output=': 'destroy path',
        '--use-embedded-filename --status-file= --attribute-file= --log-file= --logger-file= --exit-on-status-write-error':
          'write',
        '--homedir= --keyring= --primary-keyring= --secret-keyring= --trustdb-name= --recipient-file= --passphrase-file= --command-file= --hidden-recipient-file= --temp-directory=':
          'path',
        '--options= --agent-program= --dirmngr-program= --photo-viewer= --exec-path= --show-photos --gpgconf= --keyboxd-program=':
          'escape',
        '--generate-key --gen-key --full-generate-key --full-gen-key --quick-generate-key --quick-gen-key --quick-add-key --quick-addkey --quick-add-uid --quick-adduid --quick-set-expire --quick-set-primary-uid --quick-sign-key --quick-lsign-key --sign-key --lsign-key --edit-key --key-edit --change-passphrase --passwd --import --fast-import --import-ownertrust --update-trustdb --check-trustdb --fix-trustdb --edit-card --card-edit --change-pin --generate-revocation --gen-revoke --desig-revoke --generate-designated-revocation --tofu-policy= --rebuild-keydb-caches --trusted-key=':
          'write privilege',
        '--delete-keys --delete-key --delete-secret-keys --delete-secret-key --delete-secret-and-public-keys --quick-revoke-uid --quick-revuid --quick-revoke-sig':
          'destroy',
        '--export-secret-keys --export-secret-subkeys': { sets: 'transfer privilege', adds: 'transfer privilege' },
        '--send-keys --receive-keys --recv-keys --search-keys --refresh-keys --locate-keys --locate-external-keys --fetch-keys --auto-key-locate= --auto-key-retrieve --auto-key-import':
          'transfer write',
        '--keyserver= --keyserver-options=': 'transfer host',
        '--server': 'escape',
      },
      operands: 'path',
    },
    'gpgv gpgv2': ['read', 'path'],
    gpgconf: {
      effects: 'read',
      worst: 'write destroy',
      known:
        '-n -q --quiet -v --verbose --list-components --check-programs --list-options= --list-dirs --check-options= --query-swdb= -L -P -V -X --show-socket --show-configs --show-versions',
      options: {
        '--kill= -K= --remove-socketdir': 'destroy',
        '--launch= --reload=? -R --apply-defaults --change-options= --apply-profile= --create-socketdir --unlock= --lock=':
          'write',
      },
    },
    'gpg-agent gpg-connect-agent dirmngr dirmngr-client gpgsm scdaemon gpg-wks-client gpg-preset-passphrase gpg-zip gpgtar gpgsplit keyboxd pinentry symcryptrun watchgnupg kbxutil addgnupghome':
      'write privilege escape',
    'age rage': {
      effects: 'read',
      worst: 'read write',
      known: '-e --encrypt -d --decrypt -p --passphrase -a --armor -r= --recipient= -j=',
      options: {
        '-o= --output=': 'destroy path',
        '-i= --identity= -R= --recipients-file=': 'read path',
        '-j=': 'escape',
        '--version': { sets: 'read' },
      },
      operands: 'read path',
    },
    'age-keygen rage-keygen minisign signify ssh-vault': {
      effects: 'read write',
      worst: 'read write destroy',
      options: { '-o=': 'destroy path', '-y': 'read path' },
    },
    sops: {
      effects: 'read',
      worst: 'escape write',
      known:
        '--input-type= --output-type= --extract= --verbose --ignore-mac --kms= --pgp= --age= --gcp-kms= --azure-kv= --hc-vault-transit= --config= --aws-profile= --unencrypted-suffix= --encrypted-suffix= --encrypted-regex=',
      options: {
        '-d --decrypt -e --encrypt': 'read',
        '-i --in-place -r --rotate --set=': 'write',
        '--output=': 'destroy path',
        '-v --version -h --help': { sets: 'read' },
        '--add-pgp= --add-age= --add-kms= --rm-pgp= --rm-age=': 'write',
      },
      operands: { is: 'path', effects: 'escape' },
    },
    'cosign sigstore notation rekor-cli gitsign': 'read transfer write',
    'pass passage gopass': {
      effects: 'read',
      subcommands: {
        'ls list find search version help show grep otp': 'read',
        'insert add generate cp copy mv rename init import': 'write',
        'rm remove delete': 'destroy',
        edit: 'escape write',
        git: 'transfer write escape',
        '*': 'read',
      },
    },
    'op bw lpass keepassxc-cli kpcli secret-tool pwsafe doppler infisical': 'read transfer write destroy',
    'apg makepasswd xkcdpass diceware cracklib-check pwqcheck pwqgen pwscore': 'read',
    'keytool keytool.exe': {
      effects: 'read',
      syntax: 'single-dash',
      known:
        '-v -rfc -alias= -keypass= -storepass= -storetype= -protected -noprompt -cacerts -sslserver-port= -keyalg= -keysize= -sigalg= -dname= -validity= -ext= -startdate= -groupname= -providername= -destalias= -srcalias= -deststorepass= -srcstorepass= -destkeypass= -srckeypass= -deststoretype= -srcstoretype= -trustcacerts -tls',
      options: {
        '-list -printcert -printcertreq -printcrl -showinfo -help --help': 'read',
        '-keystore= -srckeystore= -destkeystore=': 'path',
        '-file= -infile= -outfile=': 'write path',
        '-genkeypair -genkey -genseckey -gencert -certreq -exportcert -export -importcert -import -importkeystore -importpass -keypasswd -storepasswd -changealias -keyclone -selfcert -gencrl':
          'write privilege',
        '-delete': 'destroy',
        '-sslserver= -jarfile=': 'transfer host',
        '-providerclass= -providerpath= -providerarg= -addprovider= -conf= -J*': 'escape',
      },
    },
    'apksigner signtool osslsigncode sbsign sbverify sbkeysync efi-updatevar': 'write privilege',
    'tpm2 tpm2_getcap tpm2_pcrread tpm2_nvread tpm2_readpublic': 'read',
    'tpm2_clear tpm2_nvundefine tpm2_evictcontrol tpm2_changeauth tpm2_createprimary tpm2_create tpm2_load tpm2_unseal':
      'write privilege destroy',
    'pkcs11-tool pkcs15-tool pkcs15-init opensc-tool ykman yubico-piv-tool yubikey-manager':
      'read write privilege destroy',
    'kswitch k5srvutil': 'privilege write',
    'ipa-healthcheck': 'read',

    // Scanners, sniffers and their like.
    'nikto gobuster ffuf dirb dirbuster wfuzz whatweb wpscan wafw00f sslscan sslyze testssl testssl.sh ssh-audit nuclei httpx subfinder amass dnsrecon fierce theHarvester enum4linux onesixtyone snmp-check unicornscan p0f':
      'transfer write',
    'hydra medusa ncrack patator crackmapexec netexec evil-winrm impacket-psexec impacket-smbexec impacket-wmiexec mitmproxy mitmdump mitmweb sqlmap commix setoolkit beef':
      'escape transfer privilege',
    'msfconsole msfvenom msfdb msfd armitage empire sliver sliver-client metasploit': 'escape transfer privilege write',
    'john hashcat hashid hash-identifier ophcrack crunch cewl fcrackzip pdfcrack airodump-ng reaver': 'privilege write',
    'unhide scap-workbench aide.wrapper samhain osqueryi osqueryd': 'read write escape',
    'clamscan clamdscan': {
      effects: 'read',
      gtfobins: ['file-read'],
      worst: 'read write destroy',
      known:
        '-r --recursive=? -i --infected --no-summary --quiet -v --verbose --bell --stdout --exclude= --exclude-dir= --include= --include-dir= --max-filesize= --max-scansize= --multiscan -m --fdpass --stream --follow-dir-symlinks= --cross-fs= -o --suppress-ok-results -V --version',
      options: {
        '--remove=?': 'destroy',
        '--move= --copy= -l= --log= --tempdir= --leave-temps=?': 'write path',
        '-d= --database= -f= --file-list= --config-file=': 'path',
      },
      operands: 'read path',
    },
    maldet: 'transfer write',
    'clamd clamav-milter suricata snort zeek ossec-control wazuh-control falco': 'privilege write escape',
    'fail2ban-server': 'privilege escape',
    'crowdsec cscli denyhosts sshguard': 'write privilege',
    audispd: 'privilege write escape',
    sepolicy: 'privilege write',
    'exploitdb searchsploit linpeas.sh linux-exploit-suggester.sh pspy pspy64': 'escape privilege',
  },
} satisfies Family
