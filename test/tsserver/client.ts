import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Message {
  readonly type: 'response' | 'event';
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  readonly body?: unknown;
}

export interface ServerOptions {
  /** Folder of the TypeScript package to run; this repository's own when left out. */
  readonly typescript?: string;
  /** File tsserver writes its log to. */
  readonly logFile?: string;
  /** Folder whose `node_modules` holds our plugin; a server without it when left out. */
  readonly probe?: string | undefined;
  /** More plugins, by package name. */
  readonly plugins?: readonly string[];
}

const ROOT = join(__dirname, '../..');

let built: Promise<string> | undefined;

/** Builds the plugin once into a folder of its own, as the VSIX has it; resolves to that folder. */
export function builtPlugin(): Promise<string> {
  built ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'async-patterns-plugin-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const build = createRequire(__filename)('../../esbuild.js') as {
      buildPlugin: (folder: string) => Promise<void>;
    };
    await build.buildPlugin(folder);
    return folder;
  })();
  return built;
}

/** A real tsserver process, spoken to over its own protocol. */
export class TsServer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, { resolve: (m: Message) => void; reject: (e: Error) => void }>();
  private sequence = 0;
  private buffer = Buffer.alloc(0);
  /** The names of the events that it has sent. */
  readonly events: string[] = [];

  constructor({
    typescript = join(ROOT, 'node_modules/typescript'),
    logFile,
    probe,
    plugins = [],
  }: ServerOptions = {}) {
    const script = join(typescript, 'lib/tsserver.js');
    const loaded = [...(probe === undefined ? [] : ['async-patterns-tsserver']), ...plugins];
    this.process = spawn(process.execPath, [
      script,
      '--disableAutomaticTypingAcquisition',
      ...(loaded.length > 0
        ? ['--globalPlugins', loaded.join(','), '--pluginProbeLocations', [probe ?? '', ROOT].join(',')]
        : []),
      ...(logFile ? ['--logVerbosity', 'normal', '--logFile', logFile] : []),
    ]);
    this.process.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    this.process.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('tsserver ended'));
    });
  }

  /** Sends a request and waits for the body of its response. */
  async request<T>(command: string, args: object): Promise<T> {
    const seq = ++this.sequence;
    const answer = new Promise<Message>((resolve, reject) => this.waiting.set(seq, { resolve, reject }));
    this.process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    const message = await answer;
    if (message.success === false) throw new Error(`${command}: ${message.message ?? 'failed'}`);
    return message.body as T;
  }

  /** Sends a request that has no response. */
  notify(command: string, args: object): void {
    this.process.stdin.write(
      `${JSON.stringify({ seq: ++this.sequence, type: 'request', command, arguments: args })}\n`,
    );
  }

  open(file: string, text: string): void {
    this.notify('open', { file, fileContent: text, scriptKindName: scriptKind(file) });
  }

  /** Replaces a part of an open file; positions are one-based as tsserver counts. */
  change(
    file: string,
    start: [line: number, offset: number],
    end: [line: number, offset: number],
    text: string,
  ): void {
    const [line, offset] = start;
    const [endLine, endOffset] = end;
    this.notify('change', { file, line, offset, endLine, endOffset, insertString: text });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.notify('exit', {});
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }

  private receive(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const header = /Content-Length: (\d+)\r?\n\r?\n/.exec(this.buffer.subarray(0, 200).toString('latin1'));
      if (!header) return;
      const start = header.index + header[0].length;
      const end = start + Number(header[1]);
      if (this.buffer.length < end) return;
      const message = JSON.parse(this.buffer.subarray(start, end).toString('utf8')) as Message;
      this.buffer = this.buffer.subarray(end);
      if (message.type === 'event' && message.event !== undefined) this.events.push(message.event);
      if (message.type !== 'response' || message.request_seq === undefined) continue;
      this.waiting.get(message.request_seq)?.resolve(message);
      this.waiting.delete(message.request_seq);
    }
  }
}

function scriptKind(file: string): string {
  if (/\.[cm]?js$/.test(file)) return 'JS';
  if (file.endsWith('.jsx')) return 'JSX';
  return file.endsWith('.tsx') ? 'TSX' : 'TS';
}
