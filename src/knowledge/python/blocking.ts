/** How long a call holds up the event loop: `heavy` for as long as the world likes, `medium` for a file, `cheap` for metadata. */
export type BlockingTier = 'heavy' | 'medium' | 'cheap';

/** What to call instead: a full name whose result is awaited. */
export interface BlockingCall {
  readonly tier: BlockingTier;
  readonly instead: string | undefined;
}

const names = (module: string, list: string) => list.split(' ').map((name) => `${module}.${name}`);

const HTTP = 'request get post put patch delete head options';

const HEAVY = [
  'time.sleep',
  'builtins.input',
  ...names('requests', HTTP),
  ...names('requests.Session', `${HTTP} send`),
  ...names('httpx', `${HTTP} stream`),
  ...names('httpx.Client', `${HTTP} send stream`),
  'urllib.request.urlopen',
  'urllib.request.urlretrieve',
  ...names('urllib3', 'request'),
  'urllib3.PoolManager.request',
  ...names('http.client.HTTPConnection', 'request getresponse connect'),
  ...names('http.client.HTTPSConnection', 'request getresponse connect'),
  ...names('subprocess', 'run call check_call check_output getoutput getstatusoutput'),
  ...names('subprocess.Popen', 'wait communicate'),
  ...names(
    'os',
    'system popen wait wait3 wait4 waitid waitpid spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe',
  ),
  ...names('socket', 'create_connection getaddrinfo gethostbyname gethostbyname_ex gethostbyaddr'),
  ...names('socket.socket', 'connect accept recv recvfrom recv_into sendall'),
  'select.select',
  ...names('psycopg2', 'connect'),
  ...names('pymysql', 'connect'),
  ...names('smtplib', 'SMTP SMTP_SSL'),
  ...names('ftplib', 'FTP FTP_TLS'),
  ...names('threading.Thread', 'join'),
  ...names('threading.Event', 'wait'),
  ...names('threading.Barrier', 'wait'),
  ...names('threading.Condition', 'wait wait_for'),
  ...names('queue.Queue', 'get put join'),
  ...names('queue.SimpleQueue', 'get'),
  ...names('multiprocessing.Process', 'join'),
  ...names('multiprocessing.Queue', 'get put'),
  ...names('multiprocessing.pool.Pool', 'map apply starmap join'),
  ...names('concurrent.futures.Future', 'result exception'),
  'concurrent.futures.wait',
  ...names('hashlib', 'pbkdf2_hmac scrypt'),
  ...names('bcrypt', 'hashpw checkpw kdf'),
] as const;

const MEDIUM = [
  // A database of its own in a local file: https://docs.python.org/3/library/sqlite3.html
  ...names('sqlite3', 'connect'),
  ...names('sqlite3.Connection', 'execute executemany executescript commit rollback'),
  ...names('sqlite3.Cursor', 'execute executemany executescript fetchone fetchmany fetchall'),
  // Waits only while the buffer of the connection is full.
  'socket.socket.send',
  'builtins.open',
  ...names('io', 'open open_code'),
  'os.walk',
  'os.fwalk',
  ...names('glob', 'glob iglob'),
  ...names('shutil', 'copy copy2 copyfile copytree rmtree move make_archive unpack_archive'),
  ...names(
    'pathlib.Path',
    'open read_text read_bytes write_text write_bytes glob rglob walk copy copy_into move move_into',
  ),
  ...names('tarfile', 'open'),
  'zipfile.ZipFile',
  ...names('gzip', 'open'),
  ...names('bz2', 'open'),
  ...names('lzma', 'open'),
] as const;

const CHEAP = [
  ...names(
    'os',
    'stat lstat listdir scandir mkdir makedirs remove unlink rename replace rmdir removedirs access readlink symlink link chmod chown utime',
  ),
  ...names(
    'os.path',
    'exists lexists isfile isdir islink isjunction ismount isdevdrive getsize getmtime getatime getctime realpath samefile sameopenfile',
  ),
  ...names(
    'pathlib.Path',
    'exists is_file is_dir is_symlink is_mount is_junction is_socket is_fifo is_block_device is_char_device stat lstat owner group samefile readlink mkdir unlink rename replace rmdir touch resolve iterdir symlink_to hardlink_to link_to chmod lchmod',
  ),
] as const;

const INSTEAD: Readonly<Record<string, string>> = {
  'time.sleep': 'asyncio.sleep',
  'subprocess.run': 'asyncio.create_subprocess_exec',
  'subprocess.call': 'asyncio.create_subprocess_exec',
  'subprocess.check_call': 'asyncio.create_subprocess_exec',
  'subprocess.check_output': 'asyncio.create_subprocess_exec',
  'os.system': 'asyncio.create_subprocess_shell',
  'socket.create_connection': 'asyncio.open_connection',
  'queue.Queue.get': 'asyncio.Queue.get',
  'queue.Queue.put': 'asyncio.Queue.put',
  'threading.Event.wait': 'asyncio.Event.wait',
};

/** Python's blocking calls by full name (`time.sleep`, `queue.Queue.get`, `builtins.open`). */
export const BLOCKING_CALLS: ReadonlyMap<string, BlockingCall> = new Map(
  (
    [
      ['cheap', CHEAP],
      ['medium', MEDIUM],
      ['heavy', HEAVY],
    ] as const
  ).flatMap(([tier, list]) => list.map((name) => [name, { tier, instead: INSTEAD[name] }] as const)),
);
