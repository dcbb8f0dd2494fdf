/**
 * What runs on a target whose sshd forwards no port: a program that listens on the loopback itself, and carries what its
 * connections say over its own input and output, which are a channel of ours. Nothing is written to the target's disk,
 * and the port is gone with the channel.
 *
 * Frames, both ways: number of the connection, length (both 32 bits, big-endian), bytes. No bytes: that connection is
 * over; the bridge says so once of each, also when we said it first. Number 0 is the bridge itself: first the port, then
 * an echo of whatever it is sent.
 *
 * INVARIANT: nobody who is not root gets at those pipes. sshd gives an exec pipes for input and output, and a process of
 * the same user could open them through /proc/PID/fd, take questions out and put answers in. So the bridge makes itself
 * undumpable (prctl(2), PR_SET_DUMPABLE: its /proc/PID/fd then belongs to root), proves that by looking, and then looks
 * whether somebody holds the pipes already, now and at each echo. Where any of it fails, and for root, who may open
 * everything, it ends, and there is no bridge.
 *
 * Perl is part of every Debian, Python of every Red Hat; neither needs a module that could be missing there. `-T` and
 * `-I`, and an empty environment: nothing of the person's is loaded. Neither text may hold a single quote or a backslash,
 * because the login shell, which may be a fish, reads them in single quotes.
 */

/** Connections at once; one more is closed, which is a no. */
const MOST = 256

export const PERL_BRIDGE = `
use strict; use Socket; use Fcntl; use POSIX ();
my %calls = (x86_64 => 157, aarch64 => 167, riscv64 => 167, ppc64le => 171, s390x => 172, i686 => 172, armv7l => 172);
my $prctl = $calls{(POSIX::uname())[4]};
exit 3 if $^O ne "linux" or $> == 0 or !defined $prctl;
syscall($prctl, 4, 0, 0, 0, 0);
my $owner = (stat "/proc/$$/fd")[4];
exit 3 if !defined $owner or $owner == $>;
my %pipes;
for my $end (*STDIN, *STDOUT) { my ($device, $inode) = stat $end; $pipes{"$device:$inode"} = 1 }
sub names { opendir(my $folder, $_[0]) or return; return grep { /^[0-9]+$/ } readdir $folder }
sub look {
  for my $pid (names("/proc")) {
    next if $pid == $$;
    for my $fd (names("/proc/$pid/fd")) {
      my ($device, $inode) = stat "/proc/$pid/fd/$fd";
      exit 3 if defined $inode and $pipes{"$device:$inode"};
    }
  }
}
look();
my $door;
socket($door, PF_INET, SOCK_STREAM, 0) and bind($door, sockaddr_in(0, INADDR_LOOPBACK)) and listen($door, 128) or exit 4;
$SIG{PIPE} = "IGNORE";
my (%peers, %rest, %over);
my ($last, $frames) = (0, "");
sub frame {
  my ($id, $bytes) = @_;
  my $out = pack("NN", $id, length $bytes) . $bytes;
  while (length $out) { my $count = syswrite(STDOUT, $out) or exit 5; substr($out, 0, $count) = "" }
}
sub gone { my ($id) = @_; frame($id, ""); close(delete $peers{$id}); delete $rest{$id}; delete $over{$id} }
frame(0, (sockaddr_in(getsockname $door))[0]);
for (;;) {
  my ($read, $write) = ("", "");
  vec($read, $_, 1) = 1 for 0, fileno($door), map { fileno $_ } values %peers;
  for (keys %peers) { vec($write, fileno($peers{$_}), 1) = 1 if $over{$_} or length $rest{$_} }
  next if select($read, $write, undef, undef) < 0;
  if (vec($read, 0, 1)) {
    sysread(STDIN, $frames, 65536, length $frames) or exit 0;
    while (length $frames >= 8) {
      my ($id, $size) = unpack("NN", $frames);
      last if length $frames < 8 + $size;
      my $bytes = substr($frames, 8, $size);
      substr($frames, 0, 8 + $size) = "";
      if ($id == 0) { look(); frame(0, $bytes) }
      elsif (!$peers{$id}) {}
      elsif ($size) { $rest{$id} .= $bytes }
      else { $over{$id} = 1 }
    }
  }
  if (vec($read, fileno($door), 1) and accept(my $new, $door)) {
    if (keys %peers >= ${MOST}) { close $new }
    else { fcntl($new, F_SETFL, O_NONBLOCK); $last++; $peers{$last} = $new; $rest{$last} = "" }
  }
  for my $id (keys %peers) {
    my $fd = fileno($peers{$id});
    if (vec($read, $fd, 1)) {
      my $count = sysread($peers{$id}, my $bytes, 16384);
      if ($count) { frame($id, $bytes) }
      elsif (defined $count or $! != POSIX::EAGAIN()) { gone($id); next }
    }
    if (vec($write, $fd, 1)) {
      if (length $rest{$id}) {
        my $count = syswrite($peers{$id}, $rest{$id});
        if (defined $count) { substr($rest{$id}, 0, $count) = "" }
        elsif ($! != POSIX::EAGAIN()) { gone($id); next }
      }
      gone($id) if $over{$id} and !length $rest{$id};
    }
  }
}
`

export const PYTHON_BRIDGE = `
import ctypes, os, select, socket, struct, sys
if not sys.platform.startswith("linux") or os.geteuid() == 0: sys.exit(3)
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
if os.stat("/proc/%d/fd" % os.getpid()).st_uid == os.geteuid(): sys.exit(3)
pipes = [(os.fstat(end).st_dev, os.fstat(end).st_ino) for end in (0, 1)]
def names(folder):
    try: return [name for name in os.listdir(folder) if name.isdigit()]
    except OSError: return []
def look():
    for pid in names("/proc"):
        if int(pid) == os.getpid(): continue
        for fd in names("/proc/%s/fd" % pid):
            try: found = os.stat("/proc/%s/fd/%s" % (pid, fd))
            except OSError: continue
            if (found.st_dev, found.st_ino) in pipes: sys.exit(3)
look()
door = socket.socket()
door.bind(("127.0.0.1", 0))
door.listen(128)
peers, rest, over, last, frames = {}, {}, set(), 0, b""
def frame(id, data):
    out = struct.pack(">II", id, len(data)) + data
    while out: out = out[os.write(1, out):]
def gone(id):
    frame(id, b"")
    peers.pop(id).close()
    rest.pop(id)
    over.discard(id)
frame(0, str(door.getsockname()[1]).encode())
while True:
    waiting = [id for id in peers if id in over or rest[id]]
    read, write, _ = select.select([0, door] + list(peers.values()), [peers[id] for id in waiting], [])
    if 0 in read:
        data = os.read(0, 65536)
        if not data: sys.exit(0)
        frames += data
        while len(frames) >= 8:
            id, size = struct.unpack(">II", frames[:8])
            if len(frames) < 8 + size: break
            data, frames = frames[8:8 + size], frames[8 + size:]
            if id == 0:
                look()
                frame(0, data)
            elif id not in peers: pass
            elif size: rest[id] += data
            else: over.add(id)
    if door in read:
        new = door.accept()[0]
        if len(peers) >= ${MOST}: new.close()
        else:
            new.setblocking(False)
            last += 1
            peers[last], rest[last] = new, b""
    for id in list(peers):
        peer = peers[id]
        try:
            if peer in read:
                data = peer.recv(16384)
                if not data:
                    gone(id)
                    continue
                frame(id, data)
            if peer in write:
                if rest[id]: rest[id] = rest[id][peer.send(rest[id]):]
                if id in over and not rest[id]: gone(id)
        except BlockingIOError: pass
        except OSError: gone(id)
`

/** A fixed text, the same on every target; nothing of the person's and no secret is in it. */
export const BRIDGE_COMMAND = `exec /bin/sh -c 'test -x /usr/bin/perl && exec /usr/bin/env -i /usr/bin/perl -T -e "$1"
for python in /usr/bin/python3 /usr/libexec/platform-python; do
  test -x $python && exec /usr/bin/env -i $python -I -c "$2"
done' sallyport '${PERL_BRIDGE}' '${PYTHON_BRIDGE}'`
