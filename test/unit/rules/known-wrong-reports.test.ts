/**
 * What other tools are known to report and nobody wants to change: every rule has to stay silent. React's handlers,
 * and what needs the typings of other frameworks, are in `test/fixtures/frameworks`.
 */
import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/finding';
import { LineMap } from '../../../src/core/text';
import { Sample } from '../support/analyse';

const SILENT: Readonly<Record<string, string>> = {
  'a retry loop with a growing pause (no-await-in-loop)': `
import { setTimeout as sleep } from 'node:timers/promises';
export async function download(url: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(response.statusText);
      return await response.text();
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(2 ** attempt * 100);
    }
  }
}`,
  'a retry loop over a list of pauses (no-await-in-loop)': `
import { setTimeout as sleep } from 'node:timers/promises';
declare function connect(): Promise<boolean>;
export async function reconnect(pauses: readonly number[]): Promise<boolean> {
  for (const pause of pauses) {
    if (await connect()) return true;
    await sleep(pause);
  }
  return false;
}`,
  'polling until something is ready (no-await-in-loop)': `
import { setTimeout as sleep } from 'node:timers/promises';
declare function stateOf(job: string): Promise<'running' | 'done' | 'failed'>;
export async function finished(job: string, signal: AbortSignal): Promise<boolean> {
  let state = await stateOf(job);
  while (state === 'running') {
    await sleep(500, undefined, { signal });
    state = await stateOf(job);
  }
  return state === 'done';
}`,
  'going through pages by a cursor (no-await-in-loop)': `
interface Page { readonly items: string[]; readonly next: string | undefined }
declare function list(cursor: string | undefined): Promise<Page>;
export async function all(): Promise<string[]> {
  const items: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}`,
  'going through numbered pages (no-await-in-loop)': `
declare function list(page: number): Promise<string[]>;
export async function* all(): AsyncGenerator<string> {
  for (let page = 1; ; page++) {
    const items = await list(page);
    if (items.length === 0) return;
    yield* items;
  }
}`,
  'tests of node:test that nobody awaits (no-floating-promises)': `
import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
declare function open(): Promise<number>;
test('opens', async () => {
  assert.equal(await open(), 1);
});
describe('a suite', () => {
  before(async () => { await open(); });
  after(async () => { await open(); });
  it('opens', async () => { await open(); });
  it.skip('opens later', async () => { await open(); });
});`,
  'messages of VS Code that nobody waits for (no-floating-promises)': `
import * as vscode from 'vscode';
declare function work(): Promise<void>;
export function activate(context: vscode.ExtensionContext): void {
  vscode.window.showInformationMessage('Ready');
  context.subscriptions.push(
    vscode.commands.registerCommand('x.work', async () => {
      await work();
      vscode.window.showWarningMessage('Done', 'Close');
    }),
  );
}`,
  'an implementation that has nothing to wait for (require-await)': `
interface Store { get(key: string): Promise<string | undefined>; close(): Promise<void> }
export class MemoryStore implements Store {
  readonly #values = new Map<string, string>();
  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }
  async close(): Promise<void> {
    this.#values.clear();
  }
}
export const nothing: Store = {
  async get() {
    return undefined;
  },
  close: async () => undefined,
};
abstract class Step {
  protected abstract run(): Promise<number>;
}
export class Constant extends Step {
  protected override async run(): Promise<number> {
    return 1;
  }
}`,
  'a look whether there is a promise at all (no-misused-promises)': `
declare function load(): Promise<string>;
export class Loader {
  private pending: Promise<string> | undefined;
  get(): Promise<string> {
    if (this.pending) return this.pending;
    this.pending = load();
    return this.pending;
  }
  get isLoading(): boolean {
    return this.pending !== undefined;
  }
  async idle(): Promise<void> {
    if (!this.pending) return;
    await this.pending;
  }
  async settled(other?: Promise<void>): Promise<void> {
    await (other ?? this.pending);
  }
}`,
  'the first of several that answers (no-await-in-loop)': `
export async function fromAnyMirror(mirrors: readonly string[], path: string): Promise<Response> {
  for (const mirror of mirrors) {
    const response = await fetch(mirror + path).catch(() => undefined);
    if (response?.ok) return response;
  }
  throw new Error('no mirror answers');
}`,
  'a check that ends at the first failure (no-await-in-loop)': `
declare function isValid(name: string): Promise<boolean>;
export async function allValid(names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    if (!(await isValid(name))) return false;
  }
  return true;
}`,
  'many commands over one connection at once': `
import type { CDPSession } from 'playwright-core';
export async function enable(session: CDPSession, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => session.send('Runtime.evaluate', { expression: id })));
}`,
  'many requests over one socket at once': `
import type { Socket } from 'node:net';
export class Client {
  private last = 0;
  private readonly waiting = new Map<number, (answer: string) => void>();
  constructor(private readonly socket: Socket) {}
  request(method: string): Promise<string> {
    return new Promise((resolve) => {
      const id = ++this.last;
      this.waiting.set(id, resolve);
      this.socket.write(JSON.stringify({ id, method }));
    });
  }
  requestAll(methods: readonly string[]): Promise<string[]> {
    return Promise.all(methods.map((method) => this.request(method)));
  }
}`,
  'a helper that blocks once and remembers the result': `
import { readFileSync } from 'node:fs';
let settings: { readonly port: number } | undefined;
function readSettings(): { readonly port: number } {
  settings ??= JSON.parse(readFileSync('settings.json', 'utf8')) as { port: number };
  return settings;
}
const texts = new Map<string, string>();
function textOf(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(name, 'utf8');
  texts.set(name, text);
  return text;
}
export async function handle(request: Request): Promise<string> {
  const body = await request.text();
  return body + String(readSettings().port) + textOf('greeting.txt');
}`,
  'taking down what is there, and forgetting it afterwards (require-atomic-updates)': `
declare function open(): Promise<{ close(): Promise<void> }>;
export class Pool {
  private connection: { close(): Promise<void> } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOpen = false;
  async close(): Promise<void> {
    if (!this.connection) return;
    clearInterval(this.timer);
    await this.connection.close();
    this.connection = undefined;
    this.timer = undefined;
    this.isOpen = false;
  }
  async reopen(): Promise<void> {
    await this.close();
    const made = await open();
    this.connection = made;
    this.isOpen = true;
  }
  get state(): boolean {
    return this.isOpen;
  }
}`,
};

/** The same without `strictNullChecks`, where no type says that a value may be missing. */
const SILENT_AND_LAX: Readonly<Record<string, readonly [file: string, code: string]>> = {
  'a look whether there is a promise at all in a project that is not strict': [
    'a.ts',
    `
declare function load(): Promise<string>;
export class Loader {
  private pending: Promise<string>;
  get(ready?: Promise<void>): Promise<string> {
    if (ready && this.pending) return this.pending;
    if (!this.pending) this.pending = load();
    return this.pending;
  }
}`,
  ],
  'a look whether there is a promise at all in JavaScript': [
    'a.js',
    `
/** @returns {Promise<string>} */
const load = () => fetch('/').then((response) => response.text());
let shared = null;
export function get() {
  if (!shared) shared = load();
  return shared;
}
export class Loader {
  constructor() {
    this.pending = null;
  }
  get() {
    return this.pending ? this.pending : (this.pending = load());
  }
}`,
  ],
};

describe('no rule says anything about', () => {
  const cases = [
    ...Object.entries(SILENT).map(([name, code]) => ({ name, file: 'a.ts', code, strict: true })),
    ...Object.entries(SILENT_AND_LAX).map(([name, [file, code]]) => ({ name, file, code, strict: false })),
  ];
  for (const { name, file, code, strict } of cases) {
    it(name, () => {
      const text = code.trimStart();
      const sample = new Sample({ [file]: text }, { preset: 'all' }, { strict });
      assert.deepEqual(sample.typeErrors(file), []);
      const lines = new LineMap(text);
      const found = sample
        .findings(file)
        .map(
          ({ rule, level, span, message }) =>
            `${lines.positionAt(span.start).line + 1}:${rule} (${level}) ${formatMessage(message)}`,
        );
      assert.deepEqual(found, []);
    });
  }
});
