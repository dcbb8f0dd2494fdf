/** A recording (asciicast v3) such as a session with a held command leaves: colours, markers, an exit status. */
const PROMPT = '\u001b[1;32mdeploy@web-1\u001b[0m:\u001b[1;34m/srv/data\u001b[0m$ '

const EVENTS: readonly (readonly [number, string, string])[] = [
  [0.2, 'o', PROMPT],
  [0.6, 'o', 'ls -l /srv/data'],
  [0.3, 'o', '\r\ntotal 12\r\ndrwxr-xr-x 2 deploy deploy 4096 Nov 24 20:10 \u001b[1;34mcurrent\u001b[0m\r\n'],
  [
    0.01,
    'o',
    'drwxr-xr-x 2 deploy deploy 4096 Nov 19 09:12 \u001b[1;34mold\u001b[0m\r\n-rw-r--r-- 1 deploy deploy  812 Nov 24 20:31 orders.csv\r\n',
  ],
  [0.05, 'o', PROMPT],
  [1.1, 'o', 'rm -rf /srv/data/old'],
  [0.4, 'm', 'held: rm -rf /srv/data/old'],
  [
    0.01,
    'o',
    '\r\n\u001b[33msallyport: held: this removes files (rule "prod: removing needs a second person").\u001b[0m\r\n',
  ],
  [0.01, 'o', '\u001b[33msallyport: asked the role reviewer; 15 minutes left; Ctrl-C takes it back.\u001b[0m\r\n'],
  [74, 'm', 'approved by Bob Bell'],
  [0.01, 'o', '\u001b[32msallyport: approved by Bob Bell: space is needed for the release\u001b[0m\r\n'],
  [0.4, 'o', PROMPT],
  [1.2, 'o', 'df -h /srv'],
  [0.2, 'o', '\r\nFilesystem      Size  Used Avail Use% Mounted on\r\n/dev/vda3        80G   31G   45G  41% /srv\r\n'],
  [0.05, 'o', PROMPT],
  [0.9, 'o', 'exit\r\n'],
  [0.1, 'x', '0'],
]

const HEADER = {
  version: 3,
  term: { cols: 90, rows: 20, type: 'xterm-256color' },
  timestamp: 1764020000,
  title: 'alice on web-1',
}

export const EXAMPLE_CAST = `${[HEADER, ...EVENTS].map((line) => JSON.stringify(line)).join('\n')}\n`
