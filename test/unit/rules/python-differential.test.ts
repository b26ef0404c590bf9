import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PythonComparer } from '../../differential/compare-python';
import { pythonParser } from '../python/support/parser';
import { pythonFiles, readText, stdlibDirectory } from '../python/support/stdlib';

const CORPUS = join(__dirname, '../../fixtures/python-differential');

const TYPE = 'Ruff does not follow this type';
const LOOP = 'Ruff knows only names that hold get_running_loop()';
const NO_DISK = 'works with names and the environment: no disk is waited for';
const STARTS = 'starts a process, as the event loop does itself; waiting for it is what blocks';
const CACHE = 'runs until the cache is filled';
const EXIT = 'the process ends: nobody waits for the event loop';
const KERNEL = 'the kernel makes this file up: no disk is waited for';
const SYNC = 'for callers without an event loop';

/** Every line that only one of the two reports, and why that is as it should be. */
const EXPLAINED: Readonly<Record<string, readonly (readonly [line: string, why: string])[]>> = {
  'files.py': [
    ['us: path.open()', TYPE],
    ['us: other.open()', TYPE],
    ['us: maybe.open()', TYPE],
    ['us: posix.open()', TYPE],
    ['us: (path / "child").open()', TYPE],
    ['us: path.parent.open()', TYPE],
    ['us: child.open()', TYPE],
    ['us: Path.cwd().open()', TYPE],
    ['us: Path.home().open()', TYPE],
    ['us: path.with_suffix(".txt").open()', TYPE],
    ['us: self.path.open()', TYPE],
    ['us: self.root.open()', TYPE],
  ],
  'paths.py': [
    ['them: os.path.abspath(name)', NO_DISK],
    ['them: os.path.expanduser(name)', NO_DISK],
    ['them: os.path.normpath(name)', NO_DISK],
    ['them: os.path.relpath(name)', NO_DISK],
    ['them: Path(name).absolute()', NO_DISK],
    ['them: Path(name).expanduser()', NO_DISK],
    ['them: Path(name).cwd()', NO_DISK],
    ['them: Path(name).home()', NO_DISK],
    ['them: PurePath(name).exists()', 'pure paths have no such method'],
    ['them: pathlib.PurePosixPath(name).exists()', 'pure paths have no such method'],
    ['them: union.exists()', 'a string or a path: nothing tells which'],
    ['us: quoted.exists()', TYPE],
    ['them: pure.exists()', 'pure paths have no such method'],
    ['us: (root / "a").exists()', TYPE],
    ['us: root.parent.exists()', TYPE],
    ['us: child.exists()', TYPE],
    ['us: root.joinpath("a").read_text()', TYPE],
    ['us: return self.root.read_text()', TYPE],
  ],
  'processes.py': [
    ['them: os.posix_spawn(command, [], {})', STARTS],
    ['them: os.posix_spawnp(command, [], {})', STARTS],
    ['them: subprocess.Popen(command)', STARTS],
    ['them: process = Popen(command, stdout=PIPE)', STARTS],
    ['us: process.wait()', 'waits for the process'],
    ['us: process.communicate()', 'waits for the process'],
    ['them: with Popen(command) as managed:', STARTS],
    ['them: os.waitpid(pid, os.WNOHANG)', 'WNOHANG: does not wait'],
    ['them: os.spawnl(os.P_NOWAIT, path)', STARTS],
    ['them: os.spawnv(P_NOWAIT, path, [])', STARTS],
    ['them: sp.Popen(command)', STARTS],
  ],
  'requests_http.py': [
    ['us: with httpx.stream("GET", url) as response:', 'connects and waits for the headers as get does'],
    ['us: urllib.request.urlretrieve(url)', 'urlopen and more'],
    ['them: requests.connect(url)', 'the module has no such function'],
    ['them: requests.trace(url)', 'the module has no such function'],
    ['them: httpx.connect(url)', 'the module has no such function'],
    ['them: httpx.trace(url)', 'the module has no such function'],
    ['them: client.close()', 'closing waits for nobody'],
    ['us: client.get(url)', TYPE],
    ['us: session.get(url)', TYPE],
    ['us: self.session.get(url)', TYPE],
    ['us: return self.client.get(url)', TYPE],
  ],
  'shapes.py': [
    ['them: time.sleep(1)', CACHE],
    ['them: self.cache = requests.get("a")', CACHE],
    ['them: self.items[key] = requests.get(key)', CACHE],
    ['them: time.sleep(1)', EXIT],
    ['them: time.sleep(1)', EXIT],
    ['them: out = subprocess.check_output("git")', 'makes the message of an error'],
    ['them: return subprocess.check_output("git")', 'makes the message of an error'],
    ['them: open("/proc/self/status")', KERNEL],
    ['them: open("/dev/null")', KERNEL],
    ['them: time.sleep(1)', SYNC],
    ['them: time.sleep(1)', SYNC],
    ['them: cert = open("cert")', 'prepares the server that the function then opens'],
    ['us: (lambda: time.sleep(1))()', 'the lambda is called on the spot'],
  ],
  'sleep_and_input.py': [
    ['them: time.sleep(0)', 'gives other threads a turn and waits for nobody'],
    ['them: time.sleep(1)', 'reads the configuration, before the work it configures'],
    ['them: time.sleep(1)', EXIT],
  ],
  'tasks.py': [
    ['us: flag and asyncio.create_task(work())', 'the expression drops its task as a statement would'],
    [
      'us: asyncio.create_task(work()) if flag else None',
      'the expression drops its task as a statement would',
    ],
    ['us: [asyncio.create_task(work()) for _ in jobs]', 'the collection is dropped with its tasks'],
    ['us: asyncio.create_task(work()), asyncio.create_task(work())', 'the tuple is dropped with its tasks'],
    ['us: {asyncio.create_task(job) for job in jobs}', 'the collection is dropped with its tasks'],
    ['us: {job: asyncio.create_task(job) for job in jobs}', 'the collection is dropped with its tasks'],
    ['us: asyncio.tasks.create_task(work())', 'the same function, from the module that defines it'],
    ['us: (task := asyncio.create_task(work()))', 'nothing reads the name'],
    ['us: one = two = asyncio.create_task(work())', 'nothing reads either name'],
    ['us: asyncio.get_running_loop().create_task(work())', LOOP],
    ['us: asyncio.get_event_loop().create_task(work())', LOOP],
    ['us: loop.create_task(work())', LOOP],
    ['us: task = asyncio.create_task(work())', 'del does not read the name'],
    ['us: self.loop.create_task(work())', LOOP],
    ['them: task = asyncio.create_task(work())', 'an attribute of the class, which others can read'],
    ['us: task = asyncio.create_task(work())', 'nothing reads the name in the function around it either'],
    ['them: module_task = asyncio.create_task(work())', 'a name of the module, which others can import'],
  ],
};

describe('the same questions as Ruff', () => {
  it('get the same answers in our corpus, except for what is explained', async () => {
    const names = readdirSync(CORPUS).filter((name) => name.endsWith('.py'));
    // Not at their own path: what is blocked in tests does not matter.
    const sources = new Map(names.map((name) => [`/sample/${name}`, readText(join(CORPUS, name))]));
    const comparer = new PythonComparer(await pythonParser(), sources);
    for (const name of names) {
      const lines = sources.get(`/sample/${name}`)?.split('\n') ?? [];
      const { differences, agreed } = comparer.compare(`/sample/${name}`);
      const explained = EXPLAINED[name] ?? [];
      assert.deepEqual(
        differences.map(({ only, line }) => `${only}: ${lines[line - 1]?.trim() ?? ''}`),
        explained.map(([line]) => line),
        name,
      );
      assert.ok(agreed > explained.length, `${agreed} lines of ${name} in common`);
    }
    assert.deepEqual(Object.keys(EXPLAINED).sort(), names.sort());
  });

  it("leave nothing to Ruff in Python's own asyncio", async () => {
    const sources = new Map(
      pythonFiles(join(stdlibDirectory(), 'asyncio')).map((file) => [file, readText(file)]),
    );
    assert.ok(sources.size > 10, `${sources.size} files`);
    const comparer = new PythonComparer(await pythonParser(), sources);
    const missed = [...sources.keys()].flatMap((file) =>
      comparer
        .compare(file)
        .differences.filter(({ only }) => only === 'them')
        .map(({ line, message }) => `${file}:${line}: ${message}`),
    );
    assert.deepEqual(missed, []);
  });
});
