/** `VERIFY.md` of a bundle: how to check it with tools that are not ours. test/bundle/by-hand.test.ts runs these very lines. */
export const VERIFY_TEXT = `# How to check this bundle

With Sallyport (no bastion, no configuration, no network):

    sallyport recordings verify bundle.zip --key "$(cat key-you-were-given)"

\`--key\` is the log's public key (name+id+base64) as the bastion's operator gave it to you on another way; \`sallyport audit
verify\` prints it there. Without it, and with the key of this bundle alone, the check proves that nothing was changed
since it was signed by *that* key, and not whose key it is. Exit status 0: all is as it was signed. 1: something is not.

By hand, in the unpacked folder, with openssl 3 and sha256sum:

    # 1. The log signed the manifest. The note is: text, empty line, "— NAME BASE64"; the first 4 bytes are the key's id.
    sed '/^$/,$d' manifest.note > note.text
    tail -n 1 manifest.note | sed 's/.* //' | base64 -d | tail -c 64 > note.signature
    openssl pkeyutl -verify -pubin -inkey log/key.pem -rawin -in note.text -sigfile note.signature

    # 2. The signed text names this very manifest.
    test "$(sed -n 2p note.text)" = "$(sha256sum < manifest.json | cut -d ' ' -f 1)" && echo "manifest OK"

    # 3. Every file is what the manifest says.
    sed -n 's/^   "name": "\\(.*\\)",$/\\1/p' manifest.json > names
    sed -n 's/^   "sha256": "\\(.*\\)"$/\\1/p' manifest.json > digests
    paste -d ' ' digests names | sed 's/ /  /' | sha256sum --check --strict

What the files are: \`events.jsonl\` has the session's audit events, each with the bytes of its row and a proof
(c2sp.org/tlog-proof) that leads to the signed checkpoint in \`log/checkpoint\` (c2sp.org/tlog-checkpoint). The events
\`recording.stored\` and \`recording.sealed\` have the size and SHA-256 of each chunk of \`recording.cast\`, in order. The
leaf of an event is "sallyport audit event 1", its number and the SHA-256 over its columns, each with its length before it
("12:command.held", "-" for none). What comes out of these is for reading: transcript, commands, the recording as asciicast 2.
\`index.html\` replays the recording and checks events, checkpoint and chunks in your browser, without a network.
`
