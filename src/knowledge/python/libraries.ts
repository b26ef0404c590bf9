import { ASYNCIO, CONCURRENT_FUTURES, CONTEXTLIB, QUEUE, SOCKET, SQLITE3, THREADING } from './asyncio';
import { Libraries, type LibraryStub } from './library';

/** https://docs.aiohttp.org/en/stable/client_reference.html */
const AIOHTTP: LibraryStub = {
  contexts: 'request',
  results: { request: 'aiohttp.ClientResponse' },
  classes: {
    ClientSession: {
      contexts: 'request get post put patch delete head options ws_connect',
      coroutines: 'close',
      plain: 'detach',
      results: {
        ...Object.fromEntries(
          ['request', 'get', 'post', 'put', 'patch', 'delete', 'head', 'options'].map((method) => [
            method,
            'aiohttp.ClientResponse',
          ]),
        ),
        ws_connect: 'aiohttp.ClientWebSocketResponse',
      },
      is: 'async-with',
    },
    ClientResponse: {
      coroutines: 'read text json wait_for_close',
      plain: 'close release raise_for_status',
      is: 'async-with',
    },
    ClientWebSocketResponse: {
      coroutines:
        'send_str send_bytes send_json close receive receive_str receive_bytes receive_json ping pong',
      is: 'async-for async-with',
    },
    TCPConnector: { is: 'async-with' },
  },
  aliases: { 'aiohttp.client': 'aiohttp', 'aiohttp.connector': 'aiohttp' },
};

const AIOHTTP_WEB: LibraryStub = {
  plain: 'run_app json_response',
  classes: {
    Request: { coroutines: 'read text json post multipart' },
    WebSocketResponse: {
      coroutines:
        'prepare send_str send_bytes send_json close receive receive_str receive_bytes receive_json ping pong',
      is: 'async-for',
    },
    StreamResponse: { coroutines: 'prepare write write_eof drain' },
    AppRunner: { coroutines: 'setup cleanup' },
    TCPSite: { coroutines: 'start stop' },
    UnixSite: { coroutines: 'start stop' },
  },
};

const HTTP_METHODS = 'request get post put patch delete head options';

/** https://www.python-httpx.org/api/ */
const HTTPX: LibraryStub = {
  plain: HTTP_METHODS,
  classes: {
    AsyncClient: {
      coroutines: `${HTTP_METHODS} send aclose`,
      contexts: 'stream',
      plain: 'build_request',
      results: {
        ...Object.fromEntries(HTTP_METHODS.split(' ').map((method) => [method, 'httpx.Response'])),
        stream: 'httpx.Response',
      },
      is: 'async-with',
    },
    Client: { plain: `${HTTP_METHODS} send close stream`, is: 'with' },
    Response: {
      coroutines: 'aread aclose',
      iterators: 'aiter_bytes aiter_text aiter_lines aiter_raw',
      plain: 'json read raise_for_status close iter_bytes iter_text iter_lines',
    },
  },
};

const ASYNCPG_QUERIES =
  'execute executemany fetch fetchrow fetchval copy_from_query copy_from_table copy_to_table';

/** https://magicstack.github.io/asyncpg/current/api/ */
const ASYNCPG: LibraryStub = {
  coroutines: 'connect',
  contexts: 'create_pool',
  results: { connect: 'asyncpg.Connection', create_pool: 'asyncpg.Pool' },
  classes: {
    Connection: {
      coroutines: `${ASYNCPG_QUERIES} prepare close set_type_codec reset add_listener remove_listener reload_schema_state`,
      contexts: 'transaction',
      plain: 'terminate is_closed is_in_transaction get_server_pid',
    },
    Pool: {
      coroutines: `${ASYNCPG_QUERIES} close release expire_connections`,
      contexts: 'acquire',
      plain: 'terminate get_size get_idle_size',
      results: { acquire: 'asyncpg.Connection' },
      is: 'async-with await',
    },
  },
  aliases: { 'asyncpg.pool': 'asyncpg', 'asyncpg.connection': 'asyncpg' },
};

const REDIS_COMMANDS =
  'get set setex setnx mget mset delete exists expire ttl incr decr incrby hget hset hgetall hdel hmget lpush rpush lpop rpop blpop brpop lrange llen sadd srem smembers sismember zadd zrange zrem publish ping keys scan flushdb flushall aclose close execute_command eval xadd xread xreadgroup xack';

/** https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html */
const REDIS: LibraryStub = {
  results: { from_url: 'redis.asyncio.Redis' },
  classes: {
    Redis: {
      coroutines: REDIS_COMMANDS,
      plain: 'pubsub pipeline lock register_script',
      iterators: 'scan_iter',
      results: {
        pubsub: 'redis.asyncio.PubSub',
        pipeline: 'redis.asyncio.Pipeline',
        lock: 'redis.asyncio.Lock',
        from_url: 'redis.asyncio.Redis',
      },
      is: 'async-with',
    },
    PubSub: {
      coroutines: 'subscribe psubscribe unsubscribe punsubscribe get_message aclose close',
      iterators: 'listen',
      is: 'async-with',
    },
    Pipeline: { coroutines: 'execute reset', is: 'async-with' },
    Lock: { coroutines: 'acquire release extend', is: 'async-with' },
  },
  aliases: { 'redis.asyncio.client': 'redis.asyncio', 'redis.asyncio.StrictRedis': 'redis.asyncio.Redis' },
};

/** https://motor.readthedocs.io/ */
const MOTOR: LibraryStub = {
  classes: {
    AsyncIOMotorClient: {
      coroutines: 'start_session server_info list_database_names drop_database',
      plain: 'close',
    },
    AsyncIOMotorCollection: {
      coroutines:
        'find_one insert_one insert_many update_one update_many replace_one delete_one delete_many count_documents estimated_document_count distinct create_index drop bulk_write find_one_and_update find_one_and_delete find_one_and_replace',
      plain: 'find aggregate',
    },
  },
};

const AIOFILES: LibraryStub = {
  contexts: 'open',
  results: { open: 'aiofiles.AsyncFile' },
  classes: {
    AsyncFile: {
      coroutines: 'read readline readlines write writelines seek tell flush truncate close readinto',
      is: 'async-with async-for',
    },
  },
  aliases: { 'aiofiles.threadpool': 'aiofiles' },
};

const AIOFILES_OS: LibraryStub = {
  coroutines:
    'stat rename renames replace remove unlink mkdir makedirs rmdir removedirs link symlink readlink listdir scandir access getcwd sendfile statvfs wrap',
};

/** https://anyio.readthedocs.io/en/stable/api.html */
const ANYIO: LibraryStub = {
  coroutines:
    'sleep sleep_until sleep_forever open_file connect_tcp connect_unix create_tcp_listener create_unix_listener run_process open_process wait_all_tasks_blocked getaddrinfo',
  plain: 'run create_memory_object_stream current_time get_cancelled_exc_class',
  contexts: 'create_task_group',
  results: {
    open_file: 'anyio.AsyncFile',
    create_task_group: 'anyio.TaskGroup',
    fail_after: 'anyio.CancelScope',
    move_on_after: 'anyio.CancelScope',
  },
  classes: {
    TaskGroup: { coroutines: 'start', plain: 'start_soon', is: 'async-with' },
    CancelScope: { plain: 'cancel', is: 'with' },
    Lock: { coroutines: 'acquire', plain: 'release locked acquire_nowait', is: 'async-with' },
    Semaphore: { coroutines: 'acquire', plain: 'release acquire_nowait', is: 'async-with' },
    CapacityLimiter: { coroutines: 'acquire', plain: 'release acquire_nowait', is: 'async-with' },
    Condition: { coroutines: 'acquire wait', plain: 'release notify notify_all', is: 'async-with' },
    Event: { coroutines: 'wait', plain: 'set is_set' },
    AsyncFile: {
      coroutines: 'read readline readlines write writelines seek tell flush truncate aclose',
      is: 'async-with async-for',
    },
    Path: {
      coroutines:
        'read_text read_bytes write_text write_bytes exists is_file is_dir stat mkdir unlink rename replace rmdir touch resolve open chmod',
      iterators: 'glob rglob iterdir',
    },
  },
};

/** https://docs.python.org/3/library/pathlib.html */
const PATHLIB: LibraryStub = {
  classes: {
    Path: {
      results: Object.fromEntries(
        'cwd home absolute resolve expanduser joinpath with_name with_stem with_suffix relative_to rename replace readlink'
          .split(' ')
          .map((name) => [name, 'pathlib.Path']),
      ),
    },
  },
  aliases: {
    'pathlib.PosixPath': 'pathlib.Path',
    'pathlib.WindowsPath': 'pathlib.Path',
    // A property that is a path as well.
    'pathlib.Path.parent': 'pathlib.Path',
  },
};

/** https://aiosqlite.omnilib.dev/ */
const AIOSQLITE: LibraryStub = {
  contexts: 'connect',
  results: { connect: 'aiosqlite.Connection' },
  classes: {
    Connection: {
      contexts: 'execute executemany executescript cursor execute_insert execute_fetchall',
      coroutines: 'commit rollback close create_function backup',
      results: { execute: 'aiosqlite.Cursor', cursor: 'aiosqlite.Cursor', executemany: 'aiosqlite.Cursor' },
      is: 'async-with await',
    },
    Cursor: {
      coroutines: 'fetchone fetchmany fetchall close execute executemany executescript',
      is: 'async-with async-for',
    },
  },
};

/** https://websockets.readthedocs.io/en/stable/reference/asyncio/ */
const WEBSOCKETS: LibraryStub = {
  contexts: 'connect serve unix_connect unix_serve',
  results: { connect: 'websockets.ClientConnection', unix_connect: 'websockets.ClientConnection' },
  classes: {
    ClientConnection: {
      coroutines: 'recv send close wait_closed ping pong',
      iterators: 'recv_streaming',
      is: 'async-for async-with',
    },
    ServerConnection: { base: 'websockets.ClientConnection' },
  },
  aliases: {
    'websockets.asyncio.client': 'websockets',
    'websockets.asyncio.server': 'websockets',
    'websockets.client': 'websockets',
    'websockets.server': 'websockets',
  },
};

const SQLALCHEMY: LibraryStub = {
  results: {
    create_async_engine: 'sqlalchemy.ext.asyncio.AsyncEngine',
  },
  classes: {
    AsyncEngine: {
      contexts: 'connect begin',
      coroutines: 'dispose',
      results: {
        connect: 'sqlalchemy.ext.asyncio.AsyncConnection',
        begin: 'sqlalchemy.ext.asyncio.AsyncConnection',
      },
    },
    AsyncConnection: {
      coroutines: 'execute scalar scalars commit rollback close run_sync exec_driver_sql stream',
      contexts: 'begin begin_nested',
      is: 'async-with await',
    },
    AsyncSession: {
      coroutines:
        'execute scalar scalars get commit rollback close flush refresh merge delete run_sync stream connection',
      plain: 'add add_all expunge expire',
      contexts: 'begin begin_nested',
      is: 'async-with',
    },
  },
  aliases: {
    'sqlalchemy.ext.asyncio.session': 'sqlalchemy.ext.asyncio',
    'sqlalchemy.ext.asyncio.engine': 'sqlalchemy.ext.asyncio',
  },
};

/** What is known about modules outside the project. */
export const LIBRARIES = new Libraries({
  pathlib: PATHLIB,
  asyncio: ASYNCIO,
  contextlib: CONTEXTLIB,
  threading: THREADING,
  queue: QUEUE,
  'concurrent.futures': CONCURRENT_FUTURES,
  socket: SOCKET,
  sqlite3: SQLITE3,
  requests: { results: { session: 'requests.Session' } },
  aiohttp: AIOHTTP,
  'aiohttp.web': AIOHTTP_WEB,
  httpx: HTTPX,
  asyncpg: ASYNCPG,
  'redis.asyncio': REDIS,
  'motor.motor_asyncio': MOTOR,
  aiofiles: AIOFILES,
  'aiofiles.os': AIOFILES_OS,
  anyio: ANYIO,
  aiosqlite: AIOSQLITE,
  websockets: WEBSOCKETS,
  'sqlalchemy.ext.asyncio': SQLALCHEMY,
});
