import type { LibraryStub } from './library';

const LOCK = { coroutines: 'acquire', plain: 'release locked', is: 'async-with' } as const;

const MODULES =
  'base_events events futures locks protocols queues runners streams subprocess taskgroups tasks threads timeouts transports exceptions';

/** https://docs.python.org/3/library/asyncio.html */
export const ASYNCIO: LibraryStub = {
  coroutines:
    'sleep wait wait_for to_thread open_connection start_server open_unix_connection start_unix_server create_subprocess_exec create_subprocess_shell',
  tasks: 'create_task ensure_future',
  futures: 'gather shield wrap_future',
  plain:
    'run get_event_loop new_event_loop set_event_loop get_running_loop all_tasks iscoroutine iscoroutinefunction isfuture as_completed get_event_loop_policy set_event_loop_policy',
  contexts: 'timeout timeout_at',
  results: {
    current_task: 'asyncio.Task',
    run_coroutine_threadsafe: 'concurrent.futures.Future',
    get_event_loop: 'asyncio.AbstractEventLoop',
    get_running_loop: 'asyncio.AbstractEventLoop',
    new_event_loop: 'asyncio.AbstractEventLoop',
    create_subprocess_exec: 'asyncio.Process',
    create_subprocess_shell: 'asyncio.Process',
    start_server: 'asyncio.Server',
    start_unix_server: 'asyncio.Server',
    timeout: 'asyncio.Timeout',
    timeout_at: 'asyncio.Timeout',
  },
  classes: {
    Lock: LOCK,
    Semaphore: LOCK,
    BoundedSemaphore: { base: 'asyncio.Semaphore' },
    Condition: { ...LOCK, coroutines: 'acquire wait wait_for', plain: 'release locked notify notify_all' },
    Event: { coroutines: 'wait', plain: 'set clear is_set' },
    Barrier: { coroutines: 'wait reset abort', is: 'async-with' },
    Queue: {
      coroutines: 'get put join',
      plain: 'get_nowait put_nowait qsize empty full task_done shutdown',
    },
    PriorityQueue: { base: 'asyncio.Queue' },
    LifoQueue: { base: 'asyncio.Queue' },
    TaskGroup: { tasks: 'create_task', is: 'async-with' },
    Timeout: { plain: 'when reschedule expired', is: 'async-with' },
    Runner: { plain: 'run close get_loop', results: { get_loop: 'asyncio.AbstractEventLoop' }, is: 'with' },
    Future: {
      plain:
        'result exception set_result set_exception cancel cancelled done add_done_callback remove_done_callback get_loop',
      is: 'await',
    },
    Task: { base: 'asyncio.Future', plain: 'get_name set_name get_coro cancelling uncancel get_stack' },
    StreamReader: {
      coroutines: 'read readline readexactly readuntil',
      plain: 'feed_data feed_eof at_eof',
      is: 'async-for',
    },
    StreamWriter: {
      coroutines: 'drain wait_closed start_tls',
      plain: 'write writelines write_eof close is_closing get_extra_info can_write_eof',
    },
    Process: {
      coroutines: 'wait communicate',
      plain: 'send_signal terminate kill',
    },
    Server: {
      coroutines: 'start_serving serve_forever wait_closed',
      plain: 'close get_loop is_serving close_clients abort_clients',
      is: 'async-with',
    },
    AbstractEventLoop: {
      tasks: 'create_task',
      futures: 'create_future run_in_executor',
      coroutines:
        'shutdown_asyncgens shutdown_default_executor create_connection create_server create_datagram_endpoint create_unix_connection create_unix_server connect_accepted_socket sendfile start_tls sock_recv sock_recv_into sock_sendall sock_connect sock_accept sock_sendfile sock_recvfrom sock_sendto getaddrinfo getnameinfo connect_read_pipe connect_write_pipe subprocess_exec subprocess_shell',
      plain:
        'run_until_complete run_forever stop close is_running is_closed call_soon call_soon_threadsafe call_later call_at time set_debug get_debug add_reader remove_reader add_writer remove_writer add_signal_handler remove_signal_handler set_exception_handler get_exception_handler default_exception_handler call_exception_handler set_default_executor set_task_factory get_task_factory',
    },
  },
  aliases: Object.fromEntries(MODULES.split(' ').map((module) => [`asyncio.${module}`, 'asyncio'])),
};

/** Synchronous relatives of asyncio's classes, and helpers that change what a function gives. */
export const CONTEXTLIB: LibraryStub = {
  classes: {
    AsyncExitStack: {
      coroutines: 'enter_async_context aclose __aenter__ __aexit__',
      plain: 'enter_context push push_async_exit push_async_callback callback pop_all',
      is: 'async-with',
    },
    ExitStack: { plain: 'enter_context push callback pop_all close', is: 'with' },
  },
  contexts: 'aclosing',
};

export const THREADING: LibraryStub = {
  classes: {
    Lock: { plain: 'acquire release locked', is: 'with' },
    RLock: { plain: 'acquire release', is: 'with' },
    Condition: { plain: 'acquire release wait wait_for notify notify_all', is: 'with' },
    Semaphore: { plain: 'acquire release', is: 'with' },
    BoundedSemaphore: { base: 'threading.Semaphore' },
    Event: { plain: 'set clear is_set wait' },
    Barrier: { plain: 'wait reset abort' },
    Thread: { plain: 'start join run is_alive' },
    Timer: { base: 'threading.Thread', plain: 'cancel' },
  },
};

export const QUEUE: LibraryStub = {
  classes: {
    Queue: { plain: 'get put join get_nowait put_nowait qsize empty full task_done shutdown' },
    LifoQueue: { base: 'queue.Queue' },
    PriorityQueue: { base: 'queue.Queue' },
    SimpleQueue: { plain: 'get put get_nowait put_nowait qsize empty' },
  },
};

export const CONCURRENT_FUTURES: LibraryStub = {
  plain: 'wait as_completed',
  classes: {
    Executor: {
      plain: 'submit map shutdown',
      results: { submit: 'concurrent.futures.Future' },
      is: 'with',
    },
    ThreadPoolExecutor: { base: 'concurrent.futures.Executor' },
    ProcessPoolExecutor: { base: 'concurrent.futures.Executor' },
    Future: { plain: 'result exception cancel cancelled done running add_done_callback' },
  },
  aliases: {
    'concurrent.futures.thread': 'concurrent.futures',
    'concurrent.futures.process': 'concurrent.futures',
    'concurrent.futures._base': 'concurrent.futures',
  },
};

export const SQLITE3: LibraryStub = {
  results: { connect: 'sqlite3.Connection' },
  classes: {
    Connection: {
      plain: 'commit rollback close',
      results: {
        cursor: 'sqlite3.Cursor',
        execute: 'sqlite3.Cursor',
        executemany: 'sqlite3.Cursor',
        executescript: 'sqlite3.Cursor',
      },
      is: 'with',
    },
    Cursor: { plain: 'execute executemany executescript fetchone fetchmany fetchall close' },
  },
};

export const SOCKET: LibraryStub = {
  results: { create_connection: 'socket.socket', create_server: 'socket.socket', socket: 'socket.socket' },
  classes: {
    socket: {
      plain: 'connect accept recv recvfrom recv_into send sendall sendto close bind listen',
      is: 'with',
    },
  },
};
