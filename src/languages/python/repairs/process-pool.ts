import type { FileFacts, Value } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { calleeName } from '../../../core/uses';
import { ancestors, isStatement } from '../../../core/walk';
import { nameOf } from './imports';
import { insertion, newLineOf, replacement } from './lines';
import { freeName } from './names';
import { beforeTopLevel } from './top-level';

/** What takes a future just as well as a coroutine. */
const TAKES_FUTURES = new Set(['gather', 'wait_for', 'shield', 'as_completed', 'wait']);

/**
 * `asyncio.to_thread(f, x)` → `asyncio.get_running_loop().run_in_executor(process_pool, f, x)`, with a pool of the
 * module. It starts no process before it is used, so workers that import the module anew do not start any, either.
 */
export function processPool({ starter, given }: Extract<Repair, { kind: 'process-pool' }>): Fix | undefined {
  const { file } = starter.fn;
  const [first] = starter.args;
  if (!first || starter.args.some((argument) => argument.keyword !== undefined || argument.spread))
    return undefined;
  if (runsOnImport(file)) return undefined;
  const pool = poolOf(file, starter);
  const edits = [...pool.edits];
  if (calleeName(starter) === 'run_in_executor') {
    if (first.value.kind !== 'literal' || starter.args[1]?.value !== given) return undefined;
    edits.push(replacement(file, first.value.span, pool.name));
  } else {
    if (first.value !== given || !isAwaitable(starter)) return undefined;
    const { text, edits: imports } = nameOf(file, 'asyncio', 'get_running_loop');
    edits.push(
      ...imports,
      replacement(file, starter.callee.span, `${text}().run_in_executor`),
      insertion(file, first.value.span.start, `${pool.name}, `),
    );
  }
  return { title: message('Run it in a process pool'), safety: 'suggestion', edits };
}

/** A worker that imports the module would run the whole program again. */
function runsOnImport({ functions }: FileFacts): boolean {
  return (functions[0]?.calls ?? []).some(
    (call) =>
      /^(?:run|run_until_complete|run_forever)$/.test(calleeName(call) ?? '') &&
      ![...ancestors(call)].some((node) => node.kind === 'if'),
  );
}

function isAwaitable(starter: Value): boolean {
  for (const node of ancestors(starter)) {
    if (isStatement(node)) return false;
    if (node.kind === 'await') return true;
    if (node.kind === 'call') return TAKES_FUTURES.has(calleeName(node) ?? '');
  }
  return false;
}

/** A process pool of the module: one that is there already, or a new one before the definition around a value. */
function poolOf(file: FileFacts, value: Value): { readonly name: string; readonly edits: readonly Edit[] } {
  for (const statement of file.functions[0]?.body.body ?? []) {
    if (statement.kind !== 'declare' || !statement.whole || statement.span.start > value.span.start) continue;
    if (statement.value?.kind === 'call' && calleeName(statement.value) === 'ProcessPoolExecutor')
      return { name: statement.whole.name, edits: [] };
  }
  const name = freeName(file, ['process_pool', 'worker_processes']);
  const { text, edits } = nameOf(file, 'concurrent.futures', 'ProcessPoolExecutor');
  const newLine = newLineOf(file);
  const line = `${name} = ${text}()${newLine}${newLine}${newLine}`;
  return { name, edits: [...edits, insertion(file, beforeTopLevel(file, value), line)] };
}
