import type { ResourceEntry } from '../resources';

const VERBS = ['request', 'get', 'options', 'head', 'post', 'put', 'patch', 'delete'];

function methods(owner: string, names: readonly string[]): string[] {
  return names.map((name) => `${owner}.${name}`);
}

/**
 * Awaitable APIs of Python that take up something scarce. What blocks the event loop is missing on purpose: such calls
 * run one after the other.
 */
export const PYTHON_RESOURCES: readonly ResourceEntry[] = [
  // https://docs.python.org/3/library/asyncio-subprocess.html
  {
    modules: ['asyncio'],
    kind: 'process',
    paths: [
      'create_subprocess_exec',
      'create_subprocess_shell',
      'AbstractEventLoop.subprocess_exec',
      'AbstractEventLoop.subprocess_shell',
    ],
  },
  {
    modules: ['asyncio.subprocess'],
    kind: 'process',
    paths: ['create_subprocess_exec', 'create_subprocess_shell'],
  },
  { modules: ['subprocess'], kind: 'process', paths: ['Popen'] },
  { modules: ['anyio'], kind: 'process', paths: ['run_process', 'open_process'] },
  { modules: ['trio'], kind: 'process', paths: ['run_process'] },
  {
    modules: ['playwright.async_api'],
    kind: 'process',
    paths: ['Browser.new_page', 'Browser.new_context', 'BrowserContext.new_page', 'BrowserType.launch'],
  },

  // https://docs.python.org/3/library/asyncio-stream.html
  {
    modules: ['asyncio'],
    kind: 'connection',
    paths: [
      'open_connection',
      'open_unix_connection',
      'AbstractEventLoop.create_connection',
      'AbstractEventLoop.create_unix_connection',
    ],
  },
  { modules: ['anyio'], kind: 'connection', paths: ['connect_tcp', 'connect_unix'] },
  { modules: ['trio'], kind: 'connection', paths: ['open_tcp_stream', 'open_unix_socket'] },
  {
    modules: ['asyncpg', 'aiomysql', 'aiopg', 'aiosqlite', 'asyncssh', 'aio_pika', 'aiormq'],
    kind: 'connection',
    paths: ['connect', 'create_pool', 'connect_robust'],
  },
  { modules: ['psycopg'], kind: 'connection', paths: ['AsyncConnection.connect'] },
  {
    modules: ['websockets', 'websockets.client', 'websockets.asyncio.client'],
    kind: 'connection',
    paths: ['connect'],
  },

  // https://docs.aiohttp.org/en/stable/client_reference.html, https://www.python-httpx.org/async/
  {
    modules: ['aiohttp'],
    kind: 'request',
    paths: ['request', ...methods('ClientSession', [...VERBS, 'ws_connect'])],
  },
  {
    modules: ['httpx'],
    kind: 'request',
    paths: methods('AsyncClient', [...VERBS, 'send', 'stream']),
  },
  { modules: ['aiosmtplib'], kind: 'request', paths: ['send', 'SMTP.connect'] },

  {
    modules: ['openai', 'anthropic'],
    kind: 'service',
    paths: [
      'completions.create',
      'messages.create',
      'responses.create',
      'embeddings.create',
      'images.generate',
    ],
  },

  {
    modules: ['asyncpg'],
    kind: 'query',
    paths: methods('Pool', ['execute', 'executemany', 'fetch', 'fetchrow', 'fetchval']),
  },
  {
    modules: ['motor.motor_asyncio'],
    kind: 'query',
    paths: methods('AsyncIOMotorCollection', [
      'find_one',
      'insert_one',
      'insert_many',
      'update_one',
      'update_many',
      'replace_one',
      'delete_one',
      'delete_many',
      'count_documents',
    ]),
  },
  {
    modules: ['sqlalchemy.ext.asyncio'],
    kind: 'query',
    paths: ['AsyncEngine.connect', 'AsyncEngine.begin'],
  },

  { modules: ['aiofiles', 'aiofiles.threadpool'], kind: 'file', paths: ['open'] },
  { modules: ['anyio'], kind: 'file', paths: ['open_file'] },
];

/** Objects by the names they commonly have, for parameters that nobody annotates. */
const CLIENTS = [
  { module: 'aiohttp', receiver: /(?:^|_)session$/i, owner: 'ClientSession' },
  { module: 'httpx', receiver: /(?:^|_)(?:client|http)$/i, owner: 'AsyncClient' },
] as const;

/**
 * The API that a method of an untyped object most likely is, by the object's name and the file's imports.
 * @param receiver last name of the object: `session` of `self.session`.
 */
export function likelyClientMethod(
  imports: readonly string[],
  receiver: string,
  method: string,
): { readonly module: string; readonly path: string } | undefined {
  if (!VERBS.includes(method)) return undefined;
  const client = CLIENTS.find((known) => imports.includes(known.module) && known.receiver.test(receiver));
  return client && { module: client.module, path: `${client.owner}.${method}` };
}

/** Whether an untyped object is most likely a client that runs requests side by side, by its name and the file's imports. */
export function soundsLikeClient(imports: readonly string[], name: string): boolean {
  return CLIENTS.some((known) => imports.includes(known.module) && known.receiver.test(name));
}
