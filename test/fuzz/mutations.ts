/** Ways in which files break while people type, and some in which only a machine would break them. */

/** A repeatable source of numbers in [0, below). */
export type Random = (below: number) => number;

const STRAY = [
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\u200D',
  '\uD83D', // Half of a surrogate pair.
  '😀',
  '\t',
  '\r',
  '\r\n',
  '`',
  '"""',
  "'",
  '/*',
  '//',
  '#',
  '${',
  '{',
  '(',
  '[',
  ')',
  '}',
  ']',
  '=>',
  ':',
  ';',
  '...',
  '@',
  '\\',
  'await ',
  'async ',
  'yield ',
  'lambda: ',
  'new Promise(',
  'for (;;) ',
  'try:\n',
];

const NESTS: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{a:', '}'],
  ['(() => ', ')()'],
  ['f(', ')'],
  ['!', ''],
  ['await ', ''],
  ['x ? ', ' : y'],
  ['[x for x in ', ']'],
  ['lambda: ', ''],
];

type Mutation = (text: string, random: Random) => string;

const lines = (text: string) => text.split('\n');
const tokens = (text: string) => text.match(/\w+|\s+|[^\w\s]/gu) ?? [];

/** Each takes a text and gives it back broken in one way. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'delete lines': (text, random) => {
    const all = lines(text);
    all.splice(random(all.length), 1 + random(4));
    return all.join('\n');
  },
  'repeat lines': (text, random) => {
    const all = lines(text);
    const at = random(all.length);
    return [...all.slice(0, at + 1 + random(5)), ...all.slice(at)].join('\n');
  },
  'swap tokens': (text, random) => {
    const all = tokens(text);
    for (let i = 0; i <= random(3); i++) {
      const [a, b] = [random(all.length), random(all.length)];
      [all[a], all[b]] = [all[b] ?? '', all[a] ?? ''];
    }
    return all.join('');
  },
  'delete tokens': (text, random) => {
    const all = tokens(text);
    all.splice(random(all.length), 1 + random(3));
    return all.join('');
  },
  truncate: (text, random) => text.slice(0, random(text.length)),
  'cut the beginning': (text, random) => text.slice(random(text.length)),
  'insert strays': (text, random) => {
    let result = text;
    for (let i = 0; i <= random(4); i++) {
      const at = random(result.length + 1);
      result = result.slice(0, at) + (STRAY[random(STRAY.length)] ?? '') + result.slice(at);
    }
    return result;
  },
  'insert characters': (text, random) => {
    const at = random(text.length + 1);
    const noise = Array.from({ length: 1 + random(8) }, () => String.fromCharCode(random(0x10000)));
    return text.slice(0, at) + noise.join('') + text.slice(at);
  },
  'indent at random': (text, random) => {
    const all = lines(text);
    for (let i = 0; i <= random(6); i++) {
      const at = random(all.length);
      all[at] = ' '.repeat(random(9)) + (all[at] ?? '').trimStart();
    }
    return all.join('\n');
  },
  'nest deeply': (text, random) => {
    const at = random(text.length + 1);
    const [open, close] = NESTS[random(NESTS.length)] ?? ['(', ')'];
    const depth = 1 + random(300);
    return `${text.slice(0, at)}${open.repeat(depth)}x${close.repeat(depth)}${text.slice(at)}`;
  },
  'splice with itself': (text, random) => {
    const from = random(text.length);
    const piece = text.slice(from, from + random(400));
    const at = random(text.length + 1);
    return text.slice(0, at) + piece + text.slice(at);
  },
};

/** Breaks a text in one to three ways. */
export function mutate(text: string, random: Random): string {
  const names = Object.values(MUTATIONS);
  let result = text;
  for (let i = 0; i <= random(3); i++) result = names[random(names.length)]?.(result, random) ?? result;
  return result;
}
