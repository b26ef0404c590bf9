/**
 * The process that checks a workspace. It is told what to do by its first message. A thread does the work, so that
 * events are passed on, and the end of the editor is noticed, meanwhile.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { WorkspaceEvent, WorkspaceRequest } from '../../core/workspace-protocol';
import { checkWorkspace } from './check';

/** Milliseconds that events may wait for others to be sent with. */
const BUFFER_MS = 40;

function serve(): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (request) => {
    const worker = new Worker(__filename, { workerData: request });
    worker.on('message', (events: readonly WorkspaceEvent[]) => process.send?.(events));
    worker.on('error', (error) => {
      const text = error.message.split('\n', 1)[0] ?? '';
      process.send?.([{ kind: 'note', text, incomplete: true }]);
    });
    // What was sent before has left by then.
    worker.on('exit', () => process.send?.([], () => process.disconnect()));
  });
}

async function work(
  request: WorkspaceRequest,
  send: (events: readonly WorkspaceEvent[]) => void,
): Promise<void> {
  let waiting: WorkspaceEvent[] = [];
  let last = 0;
  const flush = () => {
    if (waiting.length > 0) send(waiting);
    waiting = [];
    last = performance.now();
  };
  try {
    await checkWorkspace(request, (event) => {
      waiting.push(event);
      // Reading a project takes long: say so at once.
      if (event.kind === 'phase' || performance.now() - last >= BUFFER_MS) flush();
    });
  } finally {
    flush();
  }
}

if (isMainThread) serve();
else if (parentPort) {
  const port = parentPort;
  void work(workerData as WorkspaceRequest, (events) => port.postMessage(events));
}
