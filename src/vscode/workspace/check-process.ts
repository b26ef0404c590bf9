import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { WorkspaceEvent, WorkspaceRequest } from '../../core/workspace-protocol';

export interface CheckOptions {
  /** The program, an absolute path. */
  readonly program: string;
  readonly request: WorkspaceRequest;
  /** Megabytes that it may use. */
  readonly memory: number;
  readonly onEvent: (event: WorkspaceEvent) => void;
}

/** `ended`: it did not come to its end, and nobody asked it to stop. */
export type CheckOutcome = 'done' | 'cancelled' | 'ended';

export interface RunningCheck {
  readonly outcome: Promise<CheckOutcome>;
  /** Ends it at once; what it has found has been told. */
  cancel(): void;
}

/** Checks a workspace in a process of its own, which makes way for the editor's: neither typing nor a TS server waits. */
export function startCheck({ program, request, memory, onEvent }: CheckOptions): RunningCheck {
  let outcome: CheckOutcome = 'ended';
  const child = fork(program, [], {
    execArgv: [`--max-old-space-size=${memory}`],
    // The editor's own program is no Node unless it is told to be.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It only takes its turn then.
  }
  child.on('message', (events) => {
    if (outcome === 'cancelled') return;
    for (const event of events as readonly WorkspaceEvent[]) {
      if (event.kind === 'done') outcome = 'done';
      else onEvent(event);
    }
  });
  const ended = new Promise<void>((resolve) => {
    // More than one may come: the request cannot be written, then the pipe is gone.
    child.on('error', () => resolve());
    child.once('close', () => resolve());
  });
  // Where it could not be started, its end says so.
  child.send(request, () => undefined);
  return {
    outcome: ended.then(() => outcome),
    cancel: () => {
      if (outcome !== 'done') outcome = 'cancelled';
      child.kill('SIGKILL');
    },
  };
}
