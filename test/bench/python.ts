/** The Python part of `npm run bench`: the built server on CPython's own library, the one of the machine's python3. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVER_REQUESTS, type DiagnosticsResult } from '../../src/core/protocol';
import { PythonParser } from '../../src/languages/python/parser';
import { Client } from '../server/client';
import { pythonFiles, stdlibDirectory } from '../unit/python/support/stdlib';

const EDITS = 60;
/** About three thousand lines, plain and full of methods. */
const FILE = 'tarfile.py';
const ASYNC_FILE = 'asyncio/streams.py';
const HOVERS = 100;
const DIST = join(__dirname, '../../dist');

interface Measure {
  readonly name: string;
  readonly value: string;
}

function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

/** Parsing and lowering of every file in this process, on one core. */
async function indexing(files: readonly string[]): Promise<Measure> {
  const parser = await PythonParser.load({
    runtime: readFileSync(join(DIST, 'web-tree-sitter.wasm')),
    grammar: readFileSync(join(DIST, 'tree-sitter-python.wasm')),
  });
  const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  for (const { file, text } of texts.slice(0, 50)) parser.lower(file, text);
  let bytes = 0;
  const started = performance.now();
  for (const { file, text } of texts) {
    parser.lower(file, text);
    bytes += Buffer.byteLength(text);
  }
  const seconds = (performance.now() - started) / 1000;
  const rate = (bytes / 1e6 / seconds).toFixed(1);
  return { name: `reading ${files.length} files, ${(bytes / 1e6).toFixed(0)} MB`, value: `${rate} MB/s` };
}

/** Resident memory of a process in MB, from `/proc`; undefined where there is none. */
function residentMemory(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Processor time that a process has used, in milliseconds, from `/proc` with its clock of 100 Hz. */
function processorTime(pid: number | undefined): number | undefined {
  try {
    // The name of the program, in parentheses, may hold spaces.
    const fields = (readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8').split(') ')[1] ?? '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

/** Hovers over the awaits and calls of asyncio's own streams, as VS Code asks for them; times in milliseconds. */
async function hoverTimes(client: Client, folder: string): Promise<number[]> {
  const file = join(folder, ASYNC_FILE);
  const text = readFileSync(file, 'utf8');
  const uri = pathToFileURL(file).toString();
  await client.open(uri, text);
  const times: number[] = [];
  for (const [line, content] of text.split('\n').entries()) {
    const found = /\bawait\b|\basync\b|\w+\(/u.exec(content);
    if (!found || times.length === HOVERS) continue;
    const position = { line, character: found.index };
    const started = performance.now();
    await client.connection.sendRequest(SERVER_REQUESTS.hover, { file: uri, position });
    times.push(performance.now() - started);
  }
  return times;
}

/** Edits answered with findings, in a server that has the whole library open as its workspace. */
async function typing(folder: string): Promise<Measure[]> {
  const client = await Client.start({ folder, options: { diagnostics: false } });
  try {
    await client.indexed();
    const file = join(folder, FILE);
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const uri = pathToFileURL(file).toString();
    await client.open(uri, text);
    const middle = lines.findIndex((line, i) => i > lines.length / 2 && /^ {8}(return|if|self)\b/.test(line));
    const at = { line: middle, character: 8 };
    const times: number[] = [];
    let warm: number | undefined;
    for (let i = 0; i < EDITS + 10; i++) {
      if (i === 10) warm = processorTime(client.process.pid);
      const end = i % 2 === 0 ? at : { ...at, character: 9 };
      const started = performance.now();
      await client.change(uri, [{ range: { start: at, end }, text: i % 2 === 0 ? 'x' : '' }]);
      await client.connection.sendRequest<DiagnosticsResult>(SERVER_REQUESTS.diagnostics, { file: uri });
      // The first edits warm the server up.
      if (i >= 10) times.push(performance.now() - started);
    }
    const used = processorTime(client.process.pid);
    const hovers = await hoverTimes(client, folder);
    const [now, peak] = [
      residentMemory(client.process.pid, 'VmRSS'),
      residentMemory(client.process.pid, 'VmHWM'),
    ];
    const ms = (q: number, of = times) => quantile(of, q).toFixed(1);
    return [
      { name: `findings after an edit, ${lines.length} lines`, value: `${ms(0.5)} ms, 95th ${ms(0.95)} ms` },
      {
        name: `a hover, ${hovers.length} awaits and calls`,
        value: `${ms(0.5, hovers)} ms, 95th ${ms(0.95, hovers)} ms`,
      },
      {
        name: 'processor time of the server for each edit',
        value:
          used === undefined || warm === undefined
            ? 'not known here'
            : `${((used - warm) / EDITS).toFixed(1)} ms`,
      },
      {
        name: 'memory of the server, library indexed',
        value:
          now === undefined ? 'not known here' : `${now.toFixed(0)} MB, peak ${peak?.toFixed(0) ?? '?'} MB`,
      },
    ];
  } finally {
    await client.stop();
  }
}

/** Prints the section on Python. */
export async function benchPython(): Promise<void> {
  const folder = stdlibDirectory();
  console.log(`\nPython: the library in ${folder}`);
  const measures = [await indexing(pythonFiles(folder)), ...(await typing(folder))];
  for (const { name, value } of measures) console.log(`  ${name.padEnd(42)} ${value}`);
}
