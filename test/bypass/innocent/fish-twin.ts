/**
 * A fish on the twin that looks as a gated one does: without the person's own files, with the gate's prompt (Decisions in
 * src/README.md say why). All else is fish's own, its keys too.
 */
import { FISH_LOOKS } from '../../../src/session/stepped/fish-init.ts'

export const FISH_TWIN = '/run/sallyport/fish-twin'

/** For a target's set-up script. */
export const FISH_TWIN_SETUP = `cat > ${FISH_TWIN}.fish << 'LOOKS'
${FISH_LOOKS}
fish_default_key_bindings
LOOKS
cat > ${FISH_TWIN} << 'TWIN'
#!/bin/sh
[ $# -gt 0 ] && exec /usr/bin/fish "$@"
exec /usr/bin/fish --login --interactive --no-config --init-command 'source ${FISH_TWIN}.fish'
TWIN
chmod 755 ${FISH_TWIN}`
