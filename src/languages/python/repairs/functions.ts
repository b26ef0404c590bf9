import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { nameOf } from './imports';
import { insertion, replacement } from './lines';

/** `get_event_loop()` → `asyncio.get_running_loop()`, with the import where it is missing. */
export function useFunction({
  callee,
  module,
  name,
  safety,
}: Extract<Repair, { kind: 'use-function' }>): Fix {
  const { file } = callee.fn;
  const title = message('Use {name}', { name: `${module}.${name}` });
  // A member keeps the module it is taken from, under whatever name.
  if (callee.kind === 'member' && callee.object.kind === 'name')
    return { title, safety, edits: [replacement(file, callee.nameSpan, name)] };
  const { text, edits } = nameOf(file, module, name);
  return { title, safety, edits: [...edits, replacement(file, callee.span, text)] };
}

export function wrapInCall({
  values,
  module,
  name,
}: Extract<Repair, { kind: 'wrap-in-call' }>): Fix | undefined {
  const [first] = values;
  if (!first) return undefined;
  const { file } = first.fn;
  const { text, edits } = nameOf(file, module, name);
  const wrapping = values.flatMap(({ span }) => [
    insertion(file, span.start, `${text}(`),
    insertion(file, span.end, ')'),
  ]);
  return {
    title: message('Wrap it in {name}', { name: `${module}.${name}` }),
    safety: 'safe',
    edits: [...edits, ...wrapping],
  };
}
