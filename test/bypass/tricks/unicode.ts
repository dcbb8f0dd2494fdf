/** Tricks with characters that look like others, like nothing, or that are no characters at all. */
import { ALL, keys, on, POSIX, trick } from '../trick.ts'

export const unicode = [
  ...on(ALL, [
    trick('unicode', 'bidi', '# \u202Els\u202C', 'rm -f $C'),
    trick('unicode', 'bidi-inside', `echo '\u202E'; rm -f $C`),
    trick('unicode', 'zero-width-word', `true '\u200B'; rm -f $C`),
    trick('unicode', 'no-break-space-comment', `true \u00A0; rm -f $C`),
    trick('unicode', 'wide', `true 日本語日本語; rm -f $C`),
    trick('unicode', 'wide-at-edge', { resize: [20, 24] }, `true ${'日'.repeat(30)}; rm -f $C`),
    trick('unicode', 'combining', `true a${'\u0301'.repeat(200)}; rm -f $C`),
    trick('unicode', 'emoji', `true 👩‍👩‍👧‍👦🇨🇭; rm -f $C`),
    trick('unicode', 'line-separator', `true \u2028; rm -f $C`),
    trick('unicode', 'next-line-quoted', `true '\u2029'; rm -f $C`),
    trick('unicode', 'tag-characters', `true \u{E0072}\u{E006D}; rm -f $C`),
    trick('unicode', 'ideographic-space', `true\u3000x; rm -f $C`),
    trick('unicode', 'split-utf8', keys('true \u00e9'), keys('; rm -f $C'), ''),
    trick('unicode', 'homoglyph-copy', 'cp /bin/rm ./ⅼs; ./ⅼs -f $C'),
    trick('unicode', 'fullwidth-name', 'cp /bin/rm ./ｌｓ', './ｌｓ -f $C'),
    trick('unicode', 'soft-hyphen-name', 'cp /bin/rm ./l\u00ADs', './l\u00ADs -f $C'),
    trick('unicode', 'nul', keys('true; \x00rm -f $C\r'), 'rm -f $C'),
    trick('unicode', 'vertical-tab', 'true;\x16\x0brm -f $C', 'rm -f $C'),
    trick('unicode', 'byte-order-mark', '\uFEFFtrue; rm -f $C'),
  ]),
  ...on(POSIX, [
    trick('unicode', 'alias-homoglyph', `x=/bin/rm; ln -s $x ./с; ./с -f $C`),
    trick('unicode', 'iconv', `$(echo rm | iconv -t utf-16le | iconv -f utf-16le) -f $C`),
  ]),
  ...on(
    ['bash', 'zsh'],
    [
      trick('unicode', 'function-name', 'ᅟ() { rm -f $C; }; ᅟ'),
      trick('unicode', 'alias-invisible', `alias \u2060='rm -f $C'`, '\u2060'),
      trick('unicode', 'locale-latin1', 'LC_ALL=C', `true '\u00e9'; rm -f $C`),
    ],
  ),
]
