import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const graceMs = 3000;

/** A program together with everything it starts. */
export interface ProcessTree {
  readonly child: ChildProcess;
  /** Ends the program and its children; asks first, then insists after three seconds. Can be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own, so that it can be ended together with its children. They are ended
 * with this process too, however it ends, except by SIGKILL.
 *
 * @param command the program
 * @param args its arguments
 * @param options working folder and environment
 * @returns the running program; its standard output and error are pipes
 */
export function startProcessTree(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): ProcessTree {
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const killNow = (): void => {
    signalTree(child, 'SIGKILL');
  };
  process.once('exit', killNow);
  const onSignal = (signal: NodeJS.Signals): void => {
    killNow();
    // Handling a signal keeps Node alive; raising it again, unhandled, ends it the usual way.
    process.removeListener(signal, onSignal);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of endingSignals) process.on(signal, onSignal);

  return {
    child,
    stop: async () => {
      signalTree(child, 'SIGTERM');
      const timer = new AbortController();
      await Promise.race([
        closed,
        delay(graceMs, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
      signalTree(child, 'SIGKILL');
      process.removeListener('exit', killNow);
      for (const signal of endingSignals) process.removeListener(signal, onSignal);
    },
  };
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has already ended.
  }
}
