import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemReason } from './discover';
import { InputError } from './engine';

/** Tells processes of one machine or container from those of others, which may see the same files. */
const HOST = createHash('sha1').update(hostname()).digest('hex').slice(0, 8);

/** A new name beside a file for what is to replace it; no tool takes it for a source file. */
export function temporaryBeside(target: string, pid = process.pid): string {
  return join(dirname(target), `.${basename(target)}.${HOST}-${pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/** Removes what killed processes of this machine have left beside a file. */
async function removeAbandoned(target: string): Promise<void> {
  const folder = dirname(target);
  const start = `.${basename(target)}.${HOST}-`;
  for (const name of await readdir(folder)) {
    const [, pid] =
      (name.startsWith(start) && /^(\d+)-[\da-f]{8}\.tmp$/.exec(name.slice(start.length))) || [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be sent anything, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Replaces a file as a whole: whatever happens, it has either its old content or the new one. Links are followed; mode
 * and, where that is allowed, owner are kept.
 * `write-file-atomic` is not used: it takes a short write, as a full disk gives one, for a complete one.
 * @param unless called right before the change; true leaves the file as it is.
 * @returns whether the file was written.
 * @throws InputError naming the file where it cannot be written.
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array,
  unless?: () => Promise<boolean>,
): Promise<boolean> {
  let temporary: string | undefined;
  let handle: FileHandle | undefined;
  try {
    const target = await realpath(path).catch(() => path);
    const before = await stat(target).catch(() => undefined);
    // Renaming would get past the protection; for root, every file is writable.
    if (before && (before.mode & 0o222) === 0) throw new Error('it is read-only');
    temporary = temporaryBeside(target);
    handle = await open(temporary, 'wx', before?.mode ?? 0o666);
    await handle.writeFile(content);
    if (before) {
      await handle.chmod(before.mode);
      await handle.chown(before.uid, before.gid).catch(() => {
        // Only root may give files away.
      });
    }
    await handle.sync();
    await handle.close();
    handle = undefined;
    if (await unless?.()) return false;
    await rename(temporary, target);
    temporary = undefined;
    await removeAbandoned(target).catch(() => undefined);
    return true;
  } catch (error) {
    throw new InputError(`${path}: cannot be written: ${systemReason(error)}.`);
  } finally {
    await handle?.close().catch(() => undefined);
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** A text file as it is on disk: its bytes are those of `mark` and text in an encoding. */
interface Encoded {
  readonly text: string;
  readonly encode: (text: string) => Buffer;
}

const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

/** Reads the encodings that TypeScript reads: UTF-8 and, where a byte order mark says so, UTF-16. */
export function decode(bytes: Buffer): Encoded {
  const after = (mark: readonly number[], encode: (text: string) => Buffer) => (text: string) =>
    Buffer.concat([Buffer.from(mark), encode(text)]);
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const startsWith = (...mark: number[]) => mark.every((byte, index) => bytes[index] === byte);
  if (startsWith(0xef, 0xbb, 0xbf))
    return {
      text: bytes.toString('utf8', 3),
      encode: after([0xef, 0xbb, 0xbf], (text) => Buffer.from(text)),
    };
  if (startsWith(0xff, 0xfe))
    return { text: bytes.toString('utf16le', 2), encode: after([0xff, 0xfe], utf16) };
  if (startsWith(0xfe, 0xff) && bytes.length % 2 === 0)
    return {
      text: swapped(bytes).toString('utf16le', 2),
      encode: after([0xfe, 0xff], (text) => swapped(utf16(text))),
    };
  return { text: bytes.toString('utf8'), encode: (text) => Buffer.from(text) };
}

export type WriteOutcome = 'written' | 'changed' | 'undecodable';

/**
 * Writes a fixed text in the encoding that the file has, unless somebody else changed the file meanwhile or its bytes
 * are no text in that encoding, which would not survive.
 * @param before the text that was analysed, with or without its byte order mark.
 * @throws InputError naming the file where it cannot be read or written.
 */
export async function writeFixed(path: string, before: string, after: string): Promise<WriteOutcome> {
  const bare = (text: string) => text.replace(/^\uFEFF/, '');
  const read = () =>
    readFile(path).catch((error: unknown) => {
      throw new InputError(`${path}: cannot be read: ${systemReason(error)}.`);
    });
  const bytes = await read();
  const { text, encode } = decode(bytes);
  if (!encode(text).equals(bytes)) return 'undecodable';
  if (text !== bare(before)) return 'changed';
  const isAnother = async () => !(await read()).equals(bytes);
  return (await writeAtomically(path, encode(bare(after)), isAnother)) ? 'written' : 'changed';
}
