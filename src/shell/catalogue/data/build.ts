/**
 * Compilers, linkers, binary tools and build systems. A build runs what the project's files say, so `make` and its kin
 * are `escape`; a compiler writes its output, and has options that load a plugin or name another program to run; tools
 * that look into binaries read.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }

const reader = (known = ''): LongEntry => ({ effects: 'read', worst: 'read', known, operands: 'path' })
/** Runs what a project says. */
const project: LongEntry = {
  effects: 'escape',
  worst: 'escape',
  known: '-* --*',
  options: { '--help --version': { sets: 'read' } },
  gtfobins: ['shell', 'command', 'file-read', 'file-write'],
}

const compiler: LongEntry = {
  effects: 'read',
  worst: 'escape write',
  syntax: 'single-dash',
  known:
    '-c -S -E -v -w -s -g* -O* -W* -D* -U* -I* -L* -l* -m* -M* -x= -x* -std=* --std=* -ansi -pedantic -pedantic-errors -pipe -pthread -shared -static -static-libgcc -static-libstdc++ -rdynamic -nostdlib -nostartfiles -nodefaultlibs -nostdinc -nostdinc++ -P -C -CC -r -pie -no-pie -include= -isystem= -iquote= -idirafter= -imacros= -isysroot= --sysroot=* -MF= -MT= -MQ= -arch= -target= --target=* -Xlinker= -u= -z= -T= -save-temps -time -fPIC -fpic -fPIE -fpie -flto* -fno-* -fopenmp -fstack-protector* -fsanitize=* -fvisibility=* -fexceptions -frtti -ffast-math -fcommon -fcolor-diagnostics -fdiagnostics-* -fmessage-length=* -fmax-errors=* -fsyntax-only -ffile-prefix-map=* -fdebug-prefix-map=* -fomit-frame-pointer -funroll-loops -fprofile-* -fshort-enums -fsigned-char -funsigned-char -fwrapv -fstrict-aliasing -fdata-sections -ffunction-sections -fbuiltin -ffreestanding',
  options: {
    '-o=': written,
    '-wrapper= -fplugin* -specs* --specs* -B* -fuse-ld=* -Wl,* -Wp,* -Wa,* -Xclang= -Xassembler= -Xpreprocessor= -load= @*':
      'escape',
    '--version --help -dumpversion -dumpmachine -dumpspecs -dumpfullversion -print-* --print-* --target-help': {
      sets: 'read',
    },
  },
  operands: { is: 'path', effects: 'write' },
  gtfobins: ['shell', 'file-read', 'file-write', 'library-load'],
}
/** Binary tools may be given a linker plugin, which is a library. */
const binutil: LongEntry = {
  effects: 'read',
  worst: 'escape',
  known:
    '-aAbBCdDefFgGhHIilLMnNopPQrRsStTuUvVwWxXyzj -j= -b= -m= -M= -t= -f= -l= --radix= --format= --target= --section= --demangle=? --no-demangle --dynamic --defined-only --extern-only --undefined-only --print-size --size-sort --numeric-sort --no-sort --reverse-sort --print-file-name --print-armap --debug-syms --special-syms --synthetic --with-symbol-versions --all --file-header --program-headers --segments --section-headers --sections --section-groups --section-details --headers --syms --symbols --dyn-syms --notes --relocs --unwind --version-info --arch-specific --archive-index --use-dynamic --hex-dump= --string-dump= --relocated-dump= --debug-dump=? --wide --histogram --lint --disassemble=? --disassemble-all --source --full-contents --private-headers --all-headers --line-numbers --reloc --dynamic-reloc --dynamic-syms --archive-headers --disassembler-options= --disassembler-color= --no-show-raw-insn --show-raw-insn --start-address= --stop-address= --architecture= --info --common --totals --exe= --addresses --basenames --functions --pretty-print --inlines --prefix= --prefix-strip= --stabs --dwarf=? --visualize-jumps=? --unicode= --no-addresses --prefix-addresses --adjust-vma= --insn-width= --file-headers --archive-header --debugging --disassemble-zeroes --dwarf-depth= --dwarf-start= --process-links --ctf=? --sframe=? --no-weak --portability --endian= --lto-syms --decompress --silent-truncation --quiet --sym-base= --file-offsets --source-comment=? --private= --show-all-symbols --ifunc-chars= --without-symbol-versions -c',
  options: { '--plugin=': 'escape', '-e= --exe=': 'path', ...HELP },
  operands: 'path',
  gtfobins: ['file-read'],
}

export const build = {
  name: 'build',
  sources: [
    'GCC 12, binutils 2.40, GNU make 4.3, cmake 3.25, go 1.19, cargo 1.63, maven 3.8 manuals',
    'https://gtfobins.github.io',
  ],
  commands: {
    'gcc g++ cc c++ c89 c99 c11 clang clang++ gfortran f77 f95 g77 tcc icc icpc icx pcc gcc-10 gcc-11 gcc-12 gcc-13 gcc-14 g++-12 g++-13 g++-14 clang-14 clang-15 clang-16 clang-17 clang-18 x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc musl-gcc diet klcc nvcc hipcc mpicc mpicxx mpif90 gdc ldc2 dmd gnat gnatmake gccgo':
      compiler,
    'cpp clang-cpp': { ...compiler, effects: 'read', operands: ['path', written] },
    'distcc ccache sccache icecc': {
      effects: 'escape',
      syntax: 'posix',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    'ld ld.bfd ld.gold ld.lld gold lld mold collect2': {
      effects: 'write',
      worst: 'escape write',
      options: { '--help --version -v': { sets: 'read' }, '-plugin* --plugin*': 'escape', '-o= --output=': written },
      known:
        '-# -r -s -S -x -X -q -v -V -M -i -n -N -t -O* -L= -l= -e= -T= -z= -m= -u= -h= -Map= -shared -static -pie --gc-sections --as-needed --no-as-needed --strip-all --build-id=? --whole-archive --no-whole-archive --start-group --end-group --eh-frame-hdr -rpath= --rpath= -soname= --hash-style= --dynamic-linker= -dynamic-linker= -Bstatic -Bdynamic',
      operands: 'path',
      gtfobins: ['file-write', 'library-load'],
    },
    'as gas': {
      effects: 'write',
      worst: 'write',
      options: { '--help --version': { sets: 'read' }, '-o=': written },
      operands: 'read path',
      gtfobins: ['file-read'],
    },
    'nasm yasm fasm': {
      effects: 'write',
      worst: 'write',
      syntax: 'single-dash',
      known: '-f= -E -e -M* -g -F= -w* -W* -O* -i* -I* -p= -P* -D* -d* -U* -u* -a -t -s -Z= -x',
      options: { '-v -h --version --help': { sets: 'read' }, '-o= -l=': written },
      operands: 'read path',
      gtfobins: ['file-read'],
    },
    'cobc cobcrun': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
      gtfobins: ['shell'],
    },
    'fpc javac ecj swiftc kotlinc-native tsc ghc ghc-9.0.2 ocamlc ocamlopt coqc agda idris2 lean vala valac': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    'strip objcopy ranlib chrpath elfedit eu-strip eu-elfcompress sstrip upx install_name_tool dwz gcov gcov-tool windres':
      {
        effects: 'write',
        worst: 'escape write',
        options: { '--plugin=': 'escape', '--help --version -V': { sets: 'read' } },
        known:
          '-sgSdxXwDUpMvVi -K= -N= -o= -R= -j= -O= -I= -F= -W= -G= --strip-all --strip-debug --strip-unneeded --only-keep-debug --strip-dwo --add-gnu-debuglink= --remove-section= --only-section= --keep-symbol= --strip-symbol= --output-target= --input-target= --target= --preserve-dates --enable-deterministic-archives --set-rpath= --set-interpreter= --print-rpath --print-interpreter --print-needed --print-soname --add-needed= --remove-needed= --replace-needed== --remove-rpath --shrink-rpath --set-soname= --add-rpath= --output=',
        operands: 'write path',
      },
    'nm objdump readelf size addr2line c++filt gprof eu-readelf eu-nm eu-objdump eu-size eu-addr2line eu-strings llvm-nm llvm-objdump llvm-readelf llvm-size llvm-symbolizer dwarfdump elfdump pahole':
      binutil,
    'eu-elflint pkg-config pkgconf': reader(),
    // It may run the program that it is asked about: only those of the system are taken on trust.
    ldd: {
      effects: 'read',
      worst: 'read escape',
      known: '-vudr --verbose --unused --data-relocs --function-relocs',
      options: HELP,
      operands: {
        patterns: {
          '*..*': { is: 'path', effects: 'escape' },
          '/bin/*': 'path',
          '/sbin/*': 'path',
          '/lib*/*': 'path',
          '/usr/*': 'path',
          '*': { is: 'path', effects: 'escape' },
        },
      },
      gtfobins: ['command'],
    },

    // Build systems: the project says what runs
    'make gmake bmake pmake mk colormake remake checkmake': {
      ...project,
      known: '-bBdeEikLmnpqrRsStvwC= -j=? -l=? -f= -I= -o= -O=? -W=',
      options: {
        '--help --version -v': { sets: 'read' },
        '--eval= -E=': 'code make',
        '-f= --file= --makefile= -C= --directory=': 'path',
      },
      operands: 'word',
    },
    'cmake ccmake cmake-gui ctest cpack cmake3 ctest3 ninja ninja-build samu meson muon scons waf waf.py bjam b2 tup premake premake4 premake5 gyp gn buck buck2 bazel bazelisk pants please plz just redo apenwarr-redo invoke inv doit xmake tmake qmake qmake6 jam imake':
      project,
    'mvnw mvnd gradled mill leiningen ivy maven': project,
    'autoconf autoheader autoreconf automake aclocal autoscan autoupdate autom4te autopoint libtoolize libtool gtkdocize intltoolize configure config.status ltmain.sh':
      project,
    'bison yacc byacc flex lex re2c ragel gperf swig protoc thrift antlr4': {
      effects: 'write',
      worst: 'escape write',
      known: '-dlvtyLC8',
      options: { '-o= --output=': written, '-S= --skeleton= --plugin=': 'escape', ...HELP },
      operands: 'read path',
    },
    'ctags etags cscope global gtags doxygen': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
    },
    'indent astyle': ['write', 'write path'],
    'clang-format uncrustify goimports': {
      effects: 'read',
      worst: 'write escape',
      options: { '-i -w': 'write', '-o=': written, ...HELP },
      operands: 'path',
    },
    gotip: {
      effects: 'escape',
      syntax: 'single-dash',
      options: { '-C=': 'path' },
      gtfobins: ['shell', 'command', 'file-write'],
      subcommands: {
        'version help doc': 'read',
        env: { effects: 'read', options: { '-w -u': 'write', '-json -changed': {} }, worst: 'read write' },
        // Both run what the environment and the module's files name.
        'list vet': 'escape transfer',
        'build install get mod work clean': 'escape write transfer',
        'fmt fix': 'write',
        '*': 'escape',
      },
    },
    'rustc rustdoc': {
      effects: 'escape write',
      worst: 'escape write',
      options: { '--version -V --help': { sets: 'read' } },
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    'forge cast anvil': { ...project, gtfobins: ['shell'] },
    acr: { ...project, gtfobins: ['shell'] },
    'bee aoss jtag gtester bbot codex opencode': {
      effects: 'escape',
      worst: 'escape',
      options: HELP,
      gtfobins: ['shell', 'command', 'file-write', 'library-load'],
    },
    'task go-task': { ...project, gtfobins: ['shell'] },
    'dh fpm': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      syntax: 'posix',
      operands: 'command',
    },
    // Jobs of an integration server run what they are sent.
    'gitlab-runner act buildbot-worker drone-runner': {
      effects: 'escape transfer',
      worst: 'escape transfer',
      options: HELP,
    },
    'pre-commit direnv asdf mise n nodenv pyenv rbenv rvm jenv sdk goenv': {
      effects: 'escape write transfer',
      worst: 'escape write transfer',
      options: HELP,
    },
  },
} satisfies Family
