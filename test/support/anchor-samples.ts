/** Code that uses what the concept pages name as anchors, for every test that hovers on one. */
import { builtinModules } from 'node:module';
import type { ProgrammingLanguage } from '../../src/documents/page';

/** The word to hover on begins where this stands. */
const MARK = '‸';

interface Sample {
  /** Lines for the top of the file. */
  readonly imports: string;
  /** Code with {@link MARK} before the word. */
  readonly code: string;
}

/** Anchors that are no names to be written down as they are. `_` in a sample becomes a name used nowhere else. */
const SPECIAL: Readonly<Record<ProgrammingLanguage, Readonly<Record<string, string>>>> = {
  typescript: {
    'keyword:async': '(‸async () => {});',
    'keyword:async function*': '‸async function* _() {}',
    'keyword:async yield': 'async function* _() { ‸yield 1; }',
    'keyword:await': '‸await 1;',
    'keyword:await using': '‸await using _ = null;',
    'keyword:for await': 'for ‸await (const _ of [1]) _;',
    'keyword:function*': '‸function* _() {}',
    'keyword:using': '‸using _ = null;',
    'keyword:yield': 'function* _() { ‸yield 1; }',
  },
  python: {
    'keyword:async': '‸async def _(): pass',
    'keyword:async for': 'async def _():\n    ‸async for _x in _(): pass',
    'keyword:async generator': '‸async def _(): yield',
    'keyword:async with': 'async def _():\n    ‸async with asyncio.timeout(1): await _()',
    'keyword:async yield': 'async def _(): ‸yield 1',
    'keyword:await': 'async def _():\n    ‸await asyncio.sleep(1)',
    'keyword:except*': 'try: pass\n‸except* ValueError: pass',
    'keyword:yield': 'def _(): ‸yield 1',
  },
};

/** A file in which every anchor is used, in each way that may be how it is meant. */
export interface AnchorDocument {
  readonly text: string;
  /** Where each anchor can be hovered on: zero-based UTF-16 offsets of the first letter of a word. */
  readonly offsets: ReadonlyMap<string, readonly number[]>;
}

/**
 * Writes the file. An anchor of a new kind needs an entry in `SPECIAL`.
 *
 * @throws {Error} for a keyword without a sample
 */
export function anchorDocument(language: ProgrammingLanguage, anchors: readonly string[]): AnchorDocument {
  let count = 0;
  const fresh = () => `name${++count}`;
  const samples = anchors.flatMap((anchor) => {
    const special = SPECIAL[language][anchor];
    if (special !== undefined) {
      const head = language === 'python' ? 'import asyncio' : '';
      return [{ anchor, imports: head, code: special.replaceAll(/(?<!\w)_(?!\w)/gu, fresh()) }];
    }
    if (anchor.startsWith('module:')) {
      return [{ anchor, imports: '', code: `import ${MARK}${anchor.slice('module:'.length)} as ${fresh()}` }];
    }
    if (anchor.includes(':')) throw new Error(`test/support/anchor-samples.ts has no sample for ${anchor}.`);
    const written = language === 'python' ? inPython(anchor, fresh) : inTypeScript(anchor, fresh);
    return written.map((sample) => ({ anchor, ...sample }));
  });
  const head = [...new Set(samples.map(({ imports }) => imports))].filter((line) => line !== '');
  let text = `${[...head, language === 'python' ? '' : 'export {};'].join('\n')}\n`;
  const offsets = new Map<string, number[]>();
  for (const { anchor, code } of samples) {
    const at = text.length + code.indexOf(MARK);
    offsets.set(anchor, [...(offsets.get(anchor) ?? []), at]);
    text += `${code.replace(MARK, '')}\n`;
  }
  return { text, offsets };
}

function inTypeScript(anchor: string, fresh: () => string): Sample[] {
  const module = /^[\w-]*-[\w-]*|^(?:fastq|piscina|async)(?=\.|$)/u.exec(anchor)?.[0] ?? nodeModuleOf(anchor);
  if (module === undefined) {
    const [name = '', member] = anchor.split('.');
    const object = fresh();
    const dotted = anchor.replace(/(\w+)$/u, `${MARK}$1`);
    return [
      { imports: '', code: `${dotted};` },
      ...(member === undefined
        ? [{ imports: '', code: `(${object}: ${MARK}${name}) => ${object};` }]
        : [{ imports: '', code: `(${object}: ${name}) => ${object}.${MARK}${member};` }]),
    ];
  }
  const [name, member] = anchor.slice(module.length + 1).split('.');
  const x = fresh();
  const whole = `import ${x} from '${module}';`;
  if (name === undefined || name === '') return [{ imports: whole, code: `${MARK}${x};` }];
  const named = `import { ${name} as ${x}n } from '${module}';`;
  const y = fresh();
  if (member !== undefined) return [{ imports: named, code: `(${y}: ${x}n) => ${y}.${MARK}${member};` }];
  return [
    { imports: named, code: `${MARK}${x}n;` },
    { imports: whole, code: `${x}.${MARK}${name};` },
    { imports: whole, code: `(${y}: ${x}) => ${y}.${MARK}${name};` },
  ];
}

function nodeModuleOf(anchor: string): string | undefined {
  return builtinModules
    .filter((module) => module !== 'process' && anchor.startsWith(`${module}.`))
    .sort((a, b) => b.length - a.length)[0];
}

function inPython(anchor: string, fresh: () => string): Sample[] {
  const parts = anchor.split('.');
  const classAt = parts.findIndex((part) => /^[A-Z]/u.test(part));
  const module = parts.slice(0, classAt < 0 ? -1 : classAt).join('.');
  const name = parts[classAt < 0 ? parts.length - 1 : classAt] ?? '';
  const member = classAt < 0 ? undefined : parts[classAt + 1];
  const imports = module === '' ? '' : `import ${module}`;
  const prefix = module === '' ? '' : `${module}.`;
  const x = fresh();
  if (member !== undefined)
    return [{ imports, code: `def ${x}(${x}x: ${prefix}${name}):\n    ${x}x.${MARK}${member}` }];
  const samples = [{ imports, code: `${prefix}${MARK}${name}` }];
  if (module !== '') samples.push({ imports: `from ${module} import ${name} as ${x}`, code: `${MARK}${x}` });
  return samples;
}
