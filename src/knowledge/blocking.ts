/** APIs that block the thread they are called on, per language, with what to call instead. */
import type { Language } from '../core/facts';
import type { Twin } from '../core/repair';
import { BLOCKING_CALLS } from './python/blocking';

/**
 * `heavy`: milliseconds to seconds whatever the input (processes, key derivation, compression).
 * `medium`: as long as the file or directory is large.
 * `cheap`: one metadata call, rarely worth more than a hint.
 */
export type Tier = 'heavy' | 'medium' | 'cheap';

export interface BlockingApi {
  /** As people call it: `fs.readFileSync`. */
  readonly name: string;
  readonly tier: Tier;
  readonly twin?: Twin;
  /** Only with this literal argument: `XMLHttpRequest.open(method, url, false)`. */
  readonly when?: { readonly index: number; readonly value: unknown };
}

type Table = Map<string, BlockingApi>;

function put(
  table: Table,
  modules: readonly string[],
  tier: Tier,
  names: readonly string[],
  twin?: (name: string) => Twin | undefined,
): void {
  for (const module of modules) {
    for (const path of names) {
      const own = twin?.(path);
      const name =
        path === 'default' || path === 'sync' ? `${module}${path === 'sync' ? '.sync' : ''}` : path;
      table.set(`${module}:${path}`, { name, tier, ...(own && { twin: own }) });
    }
  }
}

const withoutSync = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace(/Sync$/, '');
const promises = (path: string): Twin => ({ from: 'promises', name: withoutSync(path) });
const sibling = (path: string): Twin => ({ from: 'sibling', name: withoutSync(path) });
const callback = (path: string): Twin => ({ from: 'callback', name: withoutSync(path) });
const named = (name: string) => (): Twin => ({ from: 'sibling', name });

// Every call that waits for the disk as long as there is data. https://nodejs.org/api/fs.html#synchronous-api
const FS_MEDIUM = [
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'copyFileSync',
  'cpSync',
  'readdirSync',
  'rmSync',
];
// `glob` of `fs/promises` gives an async iterator; the functions on descriptors have their twins on `FileHandle`.
const FS_MEDIUM_WITHOUT_TWIN = ['globSync', 'readSync', 'writeSync', 'readvSync', 'writevSync'];
const FS_CHEAP = [
  'accessSync',
  'chmodSync',
  'chownSync',
  'lchownSync',
  'linkSync',
  'lstatSync',
  'lutimesSync',
  'mkdirSync',
  'mkdtempSync',
  'opendirSync',
  'readlinkSync',
  'realpathSync',
  'renameSync',
  'rmdirSync',
  'statSync',
  'statfsSync',
  'symlinkSync',
  'truncateSync',
  'unlinkSync',
  'utimesSync',
];
const FS_CHEAP_WITHOUT_TWIN = [
  'existsSync',
  'openSync',
  'closeSync',
  'fstatSync',
  'fsyncSync',
  'fdatasyncSync',
  'ftruncateSync',
  'fchmodSync',
  'fchownSync',
  'futimesSync',
  'realpathSync.native',
];
/** Modules that have the functions of `fs`; only `fs` and `graceful-fs` have `promises` beside them. */
const FS_LIKE = ['fs', 'graceful-fs'];

function typescript(): Table {
  const table: Table = new Map();
  put(table, FS_LIKE, 'medium', FS_MEDIUM, promises);
  put(table, FS_LIKE, 'medium', FS_MEDIUM_WITHOUT_TWIN);
  put(table, FS_LIKE, 'cheap', FS_CHEAP, promises);
  put(table, FS_LIKE, 'cheap', FS_CHEAP_WITHOUT_TWIN);

  // fs-extra gives promises under the plain names. https://github.com/jprichardson/node-fs-extra
  put(table, ['fs-extra'], 'medium', FS_MEDIUM, sibling);
  put(table, ['fs-extra'], 'medium', FS_MEDIUM_WITHOUT_TWIN);
  put(table, ['fs-extra'], 'cheap', FS_CHEAP, sibling);
  put(table, ['fs-extra'], 'cheap', FS_CHEAP_WITHOUT_TWIN);
  put(
    table,
    ['fs-extra'],
    'medium',
    [
      'copySync',
      'removeSync',
      'emptyDirSync',
      'emptydirSync',
      'moveSync',
      'readJsonSync',
      'readJSONSync',
      'writeJsonSync',
      'writeJSONSync',
      'outputFileSync',
      'outputJsonSync',
      'outputJSONSync',
    ],
    sibling,
  );
  put(
    table,
    ['fs-extra'],
    'cheap',
    [
      'ensureDirSync',
      'ensureFileSync',
      'ensureLinkSync',
      'ensureSymlinkSync',
      'mkdirsSync',
      'mkdirpSync',
      'createFileSync',
      'pathExistsSync',
    ],
    sibling,
  );
  put(table, ['fs-extra'], 'cheap', ['existsSync'], named('pathExists'));

  // https://nodejs.org/api/child_process.html#synchronous-process-creation
  put(table, ['child_process'], 'heavy', ['execSync', 'execFileSync'], (path) => ({
    from: 'callback',
    name: withoutSync(path),
    member: 'stdout',
  }));
  put(table, ['child_process', 'cross-spawn'], 'heavy', ['spawnSync']);
  put(table, ['cross-spawn'], 'heavy', ['sync']);
  put(table, ['execa'], 'heavy', ['execaSync', 'execaCommandSync'], sibling);
  put(table, ['execa'], 'heavy', ['sync', 'commandSync']);
  put(table, ['nano-spawn', 'tinyexec', 'tinyspawn'], 'heavy', ['spawnSync', 'execSync', 'xSync']);
  put(table, ['shelljs'], 'heavy', ['exec', 'cmd']);
  put(table, ['shelljs'], 'medium', ['cat', 'cp', 'find', 'grep', 'ls', 'mv', 'rm', 'sed', 'sort']);

  // Key derivation is slow on purpose; prime and key generation by chance. https://nodejs.org/api/crypto.html
  put(
    table,
    ['crypto'],
    'heavy',
    ['scryptSync', 'pbkdf2Sync', 'generateKeyPairSync', 'generatePrimeSync', 'checkPrimeSync', 'argon2Sync'],
    callback,
  );
  put(
    table,
    ['bcrypt', 'bcryptjs', 'bcrypt-ts', '@node-rs/bcrypt'],
    'heavy',
    ['hashSync', 'compareSync'],
    sibling,
  );
  put(table, ['bcrypt', 'bcryptjs', 'bcrypt-ts'], 'cheap', ['genSaltSync'], sibling);
  put(table, ['@node-rs/argon2'], 'heavy', ['hashSync', 'verifySync'], sibling);
  put(table, ['scrypt', 'scrypt-js'], 'heavy', ['syncScrypt', 'kdfSync', 'hashSync', 'verifyKdfSync']);
  put(table, ['keypair', 'node-forge'], 'heavy', ['default', 'pki.rsa.generateKeyPair', 'pkcs5.pbkdf2']);

  // https://nodejs.org/api/zlib.html: every one of them compresses on the calling thread.
  put(
    table,
    ['zlib'],
    'heavy',
    [
      'gzipSync',
      'gunzipSync',
      'deflateSync',
      'inflateSync',
      'deflateRawSync',
      'inflateRawSync',
      'unzipSync',
      'brotliCompressSync',
      'brotliDecompressSync',
      'zstdCompressSync',
      'zstdDecompressSync',
    ],
    callback,
  );
  put(table, ['fflate'], 'heavy', [
    'gzipSync',
    'gunzipSync',
    'zlibSync',
    'unzlibSync',
    'zipSync',
    'unzipSync',
    'deflateSync',
    'inflateSync',
    'compressSync',
    'decompressSync',
  ]);
  put(table, ['pako'], 'heavy', ['gzip', 'ungzip', 'deflate', 'inflate', 'deflateRaw', 'inflateRaw']);
  put(
    table,
    ['snappy', 'lz4-napi', '@mongodb-js/zstd'],
    'heavy',
    ['compressSync', 'uncompressSync', 'decompressSync'],
    sibling,
  );

  put(table, [''], 'heavy', ['Atomics.wait']);
  table.set(':XMLHttpRequest.open', {
    name: 'XMLHttpRequest.open(…, false)',
    tier: 'heavy',
    when: { index: 2, value: false },
  });
  put(
    table,
    ['sync-request', 'sync-fetch', 'deasync', 'sync-rpc', 'synckit', 'make-synchronous', 'then-request/sync'],
    'heavy',
    ['default', 'loopWhile', 'runLoopOnce', 'sleep'],
  );
  put(table, ['readline-sync', 'prompt-sync'], 'heavy', [
    'default',
    'question',
    'prompt',
    'keyIn',
    'keyInYN',
    'keyInSelect',
    'keyInPause',
    'questionInt',
    'questionEMail',
  ]);

  // Databases that answer on the calling thread; single statements are short.
  put(table, ['better-sqlite3', 'bun:sqlite', 'libsql'], 'cheap', [
    'Statement.run',
    'Statement.get',
    'Statement.all',
    'Statement.iterate',
    'Database.exec',
    'Database.pragma',
  ]);
  put(table, ['better-sqlite3'], 'medium', ['Database.serialize']);
  put(table, ['sqlite'], 'cheap', [
    'StatementSync.run',
    'StatementSync.get',
    'StatementSync.all',
    'StatementSync.iterate',
    'DatabaseSync.exec',
  ]);
  put(table, ['sqlite3-sync', 'node-sqlite3-wasm'], 'cheap', [
    'Database.exec',
    'Database.run',
    'Database.all',
    'Database.get',
  ]);

  // Directory walks.
  put(
    table,
    ['glob'],
    'medium',
    ['globSync', 'sync', 'glob.sync', 'globIterateSync', 'Glob.walkSync'],
    named('glob'),
  );
  put(table, ['fast-glob'], 'medium', ['sync', 'globSync'], named('glob'));
  put(table, ['tinyglobby'], 'medium', ['globSync'], sibling);
  put(table, ['globby'], 'medium', ['globbySync', 'sync'], named('globby'));
  put(table, ['klaw-sync', 'walk-sync', 'recursive-readdir-sync', 'directory-tree'], 'medium', ['default']);
  put(table, ['rimraf'], 'medium', ['sync', 'rimrafSync', 'rimraf.sync'], named('rimraf'));
  put(table, ['del'], 'medium', ['deleteSync', 'sync']);
  put(table, ['mkdirp'], 'cheap', ['sync', 'mkdirpSync', 'mkdirp.sync'], named('mkdirp'));
  put(table, ['make-dir'], 'cheap', ['sync', 'makeDirectorySync']);
  put(
    table,
    [
      'find-up',
      'find-up-simple',
      'pkg-up',
      'pkg-dir',
      'locate-path',
      'path-exists',
      'find-cache-dir',
      'read-pkg',
      'read-pkg-up',
      'load-json-file',
      'write-json-file',
    ],
    'cheap',
    [
      'sync',
      'findUpSync',
      'findUpMultipleSync',
      'pkgUpSync',
      'packageDirectorySync',
      'locatePathSync',
      'pathExistsSync',
      'readPackageSync',
      'readPackageUpSync',
      'loadJsonFileSync',
      'writeJsonFileSync',
    ],
  );
  put(table, ['which'], 'cheap', ['sync']);
  put(table, ['jsonfile'], 'medium', ['readFileSync', 'writeFileSync'], sibling);
  put(table, ['write-file-atomic', 'steno'], 'medium', ['sync', 'writeFileSync']);
  put(table, ['proper-lockfile'], 'cheap', ['lockSync', 'unlockSync', 'checkSync'], sibling);
  put(table, ['adm-zip'], 'heavy', [
    'AdmZip.extractAllTo',
    'AdmZip.writeZip',
    'AdmZip.extractEntryTo',
    'AdmZip.toBuffer',
  ]);
  put(table, ['xlsx'], 'heavy', ['readFile', 'writeFile', 'writeFileXLSX']);
  put(table, ['node-xlsx'], 'heavy', ['parse', 'build']);
  return table;
}

const TABLES: Readonly<Partial<Record<Language, Table>>> = { typescript: typescript() };

/**
 * Looks a function up.
 * @param path qualified name inside the module; of a method at least `Class.method`.
 */
export function blockingApi(language: Language, module: string, path: string): BlockingApi | undefined {
  if (language === 'python') return pythonApi(module, path);
  const table = TABLES[language];
  if (!table) return undefined;
  const parts = path.split('.').filter((part, i) => i > 0 || part !== 'default');
  for (const candidate of [parts.join('.') || 'default', parts.slice(-2).join('.')]) {
    const api = table.get(`${module}:${candidate}`);
    if (api) return api;
  }
  return undefined;
}

/** Python's calls go by their full name; what needs no import is one of `builtins`. */
function pythonApi(module: string, path: string): BlockingApi | undefined {
  const fullName = `${module === '' ? 'builtins' : module}.${path}`;
  const known = BLOCKING_CALLS.get(fullName);
  if (!known) return undefined;
  const twin: Twin | undefined =
    fullName === 'time.sleep' ? { from: 'coroutine', module: 'asyncio', name: 'sleep' } : undefined;
  return { name: fullName.replace(/^builtins\./, ''), tier: known.tier, ...(twin && { twin }) };
}

/**
 * `*Sync` functions that are no blocking twin: they work in memory or flush the screen, and a promise beside them
 * does something else or exists for symmetry only.
 */
const IN_MEMORY =
  /^(flush|replace|parse|transform|compile|stringify|serialize|deserialize|encode|decode|minify|render|process|format|print|generate|evaluate|validate|match|lint|sign|verify|digest|is|has|check|get|set|add|dispatch|emit|call|apply|next|wait|subscribe|notify|schedule|await|act|run|safeParse|randomFill|hkdf|generateKey|describe|spec|optimize|convert|assert|update|unsafe|start|stop|load(Wasm|Module)|init|instantiate|to[A-Z]\w*|from[A-Z]\w*)([A-Z]\w*)?Sync$/;

/** Modules whose files live in memory, or whose synchronous form is the cheaper one. */
const IN_MEMORY_MODULES = new Set([
  'memfs',
  'memory-fs',
  'mem-fs',
  'mock-fs',
  'unionfs',
  'react-dom',
  '@babel/core',
  'sass',
  'svgo',
  'class-validator',
]);

/** Whether an `xSync` with a promise twin beside it certainly does not wait for anything. */
export function worksInMemory(module: string | undefined, name: string): boolean {
  return IN_MEMORY.test(name) || (module !== undefined && IN_MEMORY_MODULES.has(module));
}
