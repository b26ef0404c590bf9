/** How much a limiter lets through or a queue holds. */
import { outsideName } from '../core/callees';
import type { Call, Value } from '../core/facts';
import { message, type Message } from '../core/finding';
import { importedPath, optionOf } from '../core/uses';
import { capacityOf, type Capacity } from '../knowledge/capacities';
import { shown } from './places';

/** A number that the code states: by its value where that is known, as it is written otherwise. */
export interface Size {
  readonly counts: Capacity['counts'];
  /** `10`, `Infinity` or `LIMIT`. */
  readonly text: string;
}

/** The size of what a call makes: of `pLimit(10)`, `asyncio.Queue(maxsize=5)`. */
export function sizeMadeBy(call: Call): Size | undefined {
  const outside = outsideName(call.callee);
  if (!outside || outside.module === '') return undefined;
  const { language } = call.fn.file;
  const name = outside.path === 'default' ? outside.module : `${outside.module}.${outside.path}`;
  const capacity = capacityOf(language, name);
  if (!capacity) return undefined;
  const { counts, otherwise } = capacity;
  const given = numberGiven(call, capacity);
  if (given === 'unclear') return undefined;
  if (!given) return { counts, text: String(otherwise) };
  const number = numberOf(given);
  if (number === undefined) return { counts, text: shown(given) };
  return { counts, text: String(counts === 'waiting' && number <= 0 ? Infinity : number) };
}

/** The size of a limiter or queue by the name it goes by here, or made on the spot. */
export function sizeOf(value: Value): Size | undefined {
  if (value.kind === 'await') return sizeOf(value.operand);
  if (value.kind === 'call') return sizeMadeBy(value);
  const binding = value.kind === 'name' ? value.binding : undefined;
  if (!binding?.initial || binding.destructured || binding.kind === 'param') return undefined;
  const isRebound = binding.references.some((name) => name.access !== 'read');
  return isRebound ? undefined : sizeOf(binding.initial);
}

function numberGiven(call: Call, { index, option, plain }: Capacity): Value | 'unclear' | undefined {
  if (index === undefined) return undefined;
  const { args } = call;
  if (args.some(({ spread }) => spread)) return 'unclear';
  if (call.fn.file.language === 'python') {
    const named = args.find(({ keyword }) => keyword === option);
    return named?.value ?? args.filter(({ keyword }) => keyword === undefined)[index]?.value;
  }
  // `fastq(context, worker, n)`
  const value = args[plain && index === 1 && args.length > 2 ? 2 : index]?.value;
  if (!value) return undefined;
  if (value.kind !== 'collection' || value.form !== 'object') return plain ? value : 'unclear';
  if (value.elements.some(({ spread, computedKey }) => spread || computedKey)) return 'unclear';
  return option === undefined ? undefined : optionOf(value, option);
}

function numberOf(value: Value): number | undefined {
  if (value.kind === 'literal') return typeof value.value === 'number' ? value.value : undefined;
  if (value.kind !== 'name') return undefined;
  const { binding } = value;
  if (!binding) return importedPath(value)?.path === 'Infinity' ? Infinity : undefined;
  const isConstant = binding.references.every((name) => name.access === 'read');
  return isConstant && !binding.destructured && binding.initial?.kind === 'literal'
    ? numberOf(binding.initial)
    : undefined;
}

/** What a size means, where a limiter or queue is made or used. */
export function capacityNote({ counts, text }: Size): Message {
  if (text === 'Infinity') {
    return counts === 'waiting'
      ? message('Unbounded: `put` never waits, however far behind the consumers are.')
      : message('No limit: everything runs at once.');
  }
  return counts === 'waiting'
    ? message('Holds at most {count} items; `put` waits while it is full.', { count: text })
    : message('At most {count} at a time.', { count: text });
}
