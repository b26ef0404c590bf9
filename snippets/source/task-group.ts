// name: Task group
// prefix: [async-task-group, task-group]
// description: 'Structured concurrency: the first failure aborts the other tasks, all of them are waited for, then the first error is thrown.'
// tabstops:
//   1: runTaskGroup
//   2: loadProfile
//   3: https://example.com

interface TaskGroup {
  readonly signal: AbortSignal;
  start<T>(task: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T>;
}

async function runTaskGroup<T>(
  body: (group: TaskGroup) => T | PromiseLike<T>,
  parent?: AbortSignal,
): Promise<T> {
  parent?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const running = new Set<Promise<void>>();
  let finished = false;

  // Only the first abort counts: signal.reason stays the first error.
  const fail = (error: unknown) => controller.abort(error);
  const onParentAbort = () => fail(parent?.reason);
  parent?.addEventListener('abort', onParentAbort, { once: true });

  const start: TaskGroup['start'] = (task) => {
    if (finished) throw new Error('The task group has finished');
    const result = (async () => {
      signal.throwIfAborted();
      return await task(signal);
    })();
    const settled = result
      .then(() => undefined, fail)
      .finally(() => running.delete(settled));
    running.add(settled);
    return result;
  };

  try {
    return await start(() => body({ signal, start }));
  } finally {
    while (running.size > 0) await Promise.all(running);
    finished = true;
    parent?.removeEventListener('abort', onParentAbort);
    // After a failure this throws the first error, whatever came later.
    signal.throwIfAborted();
  }
}

async function loadProfile(id: string) {
  return runTaskGroup(async (group) => {
    const [user, orders] = await Promise.all([
      group.start((signal) =>
        fetch(`https://example.com/users/${id}`, { signal }),
      ),
      group.start((signal) =>
        fetch(`https://example.com/orders/${id}`, { signal }),
      ),
    ]);
    return { user, orders };
  });
}
