import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver/node';
import { Client, type StartOptions } from './client';

/** A folder with some files, and a server that has it open. */
export class Session {
  private constructor(
    readonly folder: string,
    readonly client: Client,
  ) {}

  static async start(files: Readonly<Record<string, string>>, options: StartOptions = {}): Promise<Session> {
    const folder = mkdtempSync(join(tmpdir(), 'async-patterns-server-'));
    for (const [name, text] of Object.entries(files)) write(folder, name, text);
    return new Session(folder, await Client.start({ folder, ...options }));
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).toString();
  }

  write(name: string, text: string): void {
    write(this.folder, name, text);
  }

  /** Tells the server of files on disk: 1 created, 2 changed, 3 deleted. */
  async tell(changes: Readonly<Record<string, 1 | 2 | 3>>): Promise<void> {
    await this.client.notify('workspace/didChangeWatchedFiles', {
      changes: Object.entries(changes).map(([name, type]) => ({ uri: this.uri(name), type })),
    });
  }

  async end(): Promise<void> {
    await this.client.stop();
    rmSync(this.folder, { recursive: true });
  }
}

function write(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** `rule line:character-line:character` of findings, for comparing at a glance. */
export function places(found: readonly Diagnostic[]): string[] {
  return found.map(({ code, range: { start, end } }) => {
    return `${String(code)} ${start.line}:${start.character}-${end.line}:${end.character}`;
  });
}

export const rulesOf = (found: readonly Diagnostic[]): string[] => found.map(({ code }) => String(code));
