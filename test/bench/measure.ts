import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What one run of a command took, its child processes included. */
export interface Cost {
  readonly milliseconds: number;
  /** Processor time of all its processes; undefined where the system does not tell. */
  readonly processorMilliseconds: number | undefined;
  /** The most that its processes held at a time, in bytes; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
}

const POLL_MS = 50;
/** `USER_HZ` of Linux: the clock ticks of `/proc/…/stat`. */
const TICK_MS = 10;

/**
 * Runs a command to its end and measures it. Its findings make most linters fail: the exit code is not looked at, but
 * a crash is.
 * @throws Error where it cannot be started or is killed.
 */
export async function costOf(command: readonly [string, ...string[]], cwd: string): Promise<Cost> {
  const [program, ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  let peak = 0;
  const processor = new Map<number, number>();
  const look = () => {
    let now = 0;
    for (const pid of familyOf(child.pid)) {
      const usage = usageOf(pid);
      now += usage?.bytes ?? 0;
      if (usage) processor.set(pid, usage.processorMilliseconds);
    }
    peak = Math.max(peak, now);
  };
  const timer = setInterval(look, POLL_MS);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, by) => resolve({ code: exit, signal: by }));
    },
  ).finally(() => clearInterval(timer));
  const milliseconds = performance.now() - started;
  if (code === null || code > 2)
    throw new Error(`${command.join(' ')} ended with ${signal ?? String(code)}: ${complaint.slice(-500)}`);
  const used = [...processor.values()].reduce((sum, ms) => sum + ms, 0);
  return {
    milliseconds,
    processorMilliseconds: used || undefined,
    peakBytes: peak || undefined,
  };
}

/** A process and all that descend from it; empty where the system does not tell. */
function familyOf(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  const family = [pid];
  // The list grows while it is walked.
  for (const member of family) {
    for (const thread of threadsOf(member)) {
      const children = read(`/proc/${member}/task/${thread}/children`);
      for (const child of children?.split(' ').filter(Boolean) ?? []) family.push(Number(child));
    }
  }
  return family;
}

/** Any of them may have started a process. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function usageOf(pid: number): { bytes: number; processorMilliseconds: number } | undefined {
  // The name of a program stands in parentheses and may hold blanks.
  const fields = read(`/proc/${pid}/stat`)?.replace(/^.*\)/s, '').trim().split(' ');
  const resident = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '');
  if (!fields || !resident) return undefined;
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  return { bytes: Number(resident[1]) * 1024, processorMilliseconds: (user + system) * TICK_MS };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended, or this is no Linux.
    return undefined;
  }
}
