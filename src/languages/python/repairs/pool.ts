import type { Loop } from '../../../core/facts';
import { message, type Fix } from '../../../core/finding';
import { indented, linesOf } from '../../../core/indentation';
import type { Repair } from '../../../core/repair';
import { contains } from '../../../core/text';
import { walk } from '../../../core/walk';
import { nameOf } from './imports';
import { insertion, replacement, textOf } from './lines';

/** Enough to hide most of the waiting, few enough for any server, disk or pool of connections. */
const WORKERS = 4;
const QUEUE_NAMES = ['queue', 'remaining', 'waiting', 'pending'];
const WORKER_NAMES = ['worker', 'work', 'run_worker'];
const GROUP_NAMES = ['group', 'workers', 'task_group'];

/**
 * Runs a `for` loop in a few workers that draw from one iterator. Left alone where the body binds names that are used
 * outside it, which a nested function would keep to itself.
 */
export function pool({ loop, group }: Extract<Repair, { kind: 'pool' }>): Fix | undefined {
  const { fn, source, span } = loop;
  const { file } = fn;
  const { text } = file;
  if (!source || loop.otherwise || !(fn.isAsync || fn.kind === 'module') || !movesInto(loop))
    return undefined;
  const lines = linesOf(text, span, span);
  const free = (names: readonly string[]) =>
    names.find((candidate) => !new RegExp(`\\b${candidate}\\b`, 'u').test(text));
  const [queue, worker, tasks] = [free(QUEUE_NAMES), free(WORKER_NAMES), free(GROUP_NAMES)];
  if (!lines || queue === undefined || worker === undefined || tasks === undefined) return undefined;
  const { indent, unit, newLine } = lines;
  const start = nameOf(file, 'asyncio', group === true ? 'TaskGroup' : 'gather');
  const head = [
    `${indent}${queue} = iter(${textOf(file, source.span)})`,
    '',
    `${indent}async def ${worker}():`,
    '',
  ];
  const tail =
    group === true
      ? [
          `${indent}async with ${start.text}() as ${tasks}:`,
          `${indent}${unit}for _ in range(${WORKERS}):`,
          `${indent}${unit}${unit}${tasks}.create_task(${worker}())`,
        ]
      : [`${indent}await ${start.text}(*(${worker}() for _ in range(${WORKERS})))`];
  const { end } = lines.span;
  const isLast = text[end - 1] !== '\n' && text[end - 1] !== '\r';
  return {
    title: message('Run up to {count} at a time', { count: String(WORKERS) }),
    safety: 'suggestion',
    edits: [
      ...start.edits,
      ...indented(file.file, text, lines, head.join(newLine)),
      replacement(file, source.span, queue),
      insertion(file, end, `${isLast ? newLine : ''}${newLine}${tail.join(newLine)}${newLine}`),
    ],
  };
}

/** Whether the loop means the same inside a nested function: its names are its own. */
function movesInto(loop: Loop): boolean {
  const isOwn = loop.bindings.every((binding) =>
    binding.references.every(({ span }) => contains(loop.span, span)),
  );
  let fits = isOwn;
  walk(loop.body, (node) => {
    if (node.kind === 'return' || node.kind === 'yield') fits = false;
    if (node.kind === 'name' && node.access !== 'read') {
      const { binding } = node;
      fits &&=
        binding?.references.every(({ span }) => contains(loop.span, span)) === true &&
        contains(loop.span, binding.span);
    }
    if (node.kind === 'declare')
      fits &&= node.bindings.every(({ references }) =>
        references.every(({ span }) => contains(loop.span, span)),
      );
    return fits;
  });
  return fits;
}
