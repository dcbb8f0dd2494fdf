/** Tricks that bring a file in first and run it then, or that write over the canary from outside. */
import { ALL, beside, on, trick } from '../trick.ts'

const PUT = (text: string, name: string, how: string) =>
  beside(`printf '${text}' > x; chmod +x x; ${how.replaceAll('@', name)}`)

export const upload = on(ALL, [
  trick('upload', 'scp-over', beside('echo x > x; scp -q $O x $D:$C')),
  trick('upload', 'scp-old-over', beside('echo x > x; scp -q -O $O x $D:$C')),
  trick('upload', 'sftp-remove', beside('echo "rm $C" > b; sftp -q $O -b b $D')),
  trick('upload', 'sftp-put', beside('echo x > x; echo "put x $C" > b; sftp -q $O -b b $D')),
  trick('upload', 'sftp-rename', beside('echo "rename $C $C.old" > b; sftp -q $O -b b $D')),
  trick('upload', 'sftp-by-exec', beside('echo "rm $C" > b; sftp -q $O -s /usr/lib/openssh/sftp-server -b b $D')),
  trick('upload', 'cat-over', beside('echo x | ssh $O $D "cat > $C"')),
  trick(
    'upload',
    'tar-over',
    beside('mkdir d; echo x > d/canary; tar -C d -cf - canary | ssh $O $D "tar -xOf - > $C"'),
  ),
  trick('upload', 'mux-scp-over', beside('echo x > x; scp -q $M x $D:$C')),
  trick('upload', 'mux-sftp-remove', beside('echo "rm $C" > b; sftp -q $M -b b $D')),
  trick('upload', 'scp-script', PUT('#!/bin/sh\\nrm -f $C\\n', '/tmp/u$I', 'scp -q $O x $D:@'), '/tmp/u$I'),
  trick(
    'upload',
    'sftp-script',
    PUT('#!/bin/sh\\nrm -f $C\\n', '/tmp/u$I', 'echo "put x @" > b; echo "chmod 755 @" >> b; sftp -q $O -b b $D'),
    '/tmp/u$I',
  ),
  trick('upload', 'scp-script-sh', PUT('rm -f $C\\n', '/tmp/u$I', 'scp -q $O x $D:@'), 'sh /tmp/u$I'),
  trick('upload', 'exec-script', beside('echo "rm -f $C" | ssh $O $D "cat > /tmp/u$I"'), 'sh /tmp/u$I'),
  trick('upload', 'scp-gitconfig', PUT('[alias]\\nzap = !rm -f $C\\n', '.gitconfig', 'scp -q $O x $D:@'), 'git zap'),
  trick(
    'upload',
    'scp-profile',
    PUT(
      'rm -f $C\\n',
      '.profile',
      'scp -q $O x $D:@; scp -q $O x $D:.bashrc; scp -q $O x $D:.zshrc; ssh $O $D "mkdir -p .config/fish"; scp -q $O x $D:.config/fish/config.fish',
    ),
    beside('(sleep 2) | ssh -tt $O $D'),
  ),
  trick(
    'upload',
    'scp-rhosts',
    PUT('rm -f $C\\n', '.ssh/rc', 'ssh $O $D "mkdir -p .ssh"; scp -q $O x $D:@'),
    beside('ssh $O $D true'),
  ),
  trick('upload', 'paste-script', 'cat > /tmp/u$I', 'rm -f $C\r\x04', 'sh /tmp/u$I'),
  trick('upload', 'paste-base64', 'echo $B | base64 -d > /tmp/u$I', 'sh /tmp/u$I'),
  trick('upload', 'paste-uudecode', `perl -e 'print pack("H*", "$X")' > /tmp/u$I`, 'sh /tmp/u$I'),
])
