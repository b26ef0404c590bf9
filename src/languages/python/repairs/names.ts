import type { FileFacts } from '../../../core/facts';

/** The first of the names, else a numbered one, that a file does not mention anywhere. */
export function freeName({ text }: FileFacts, names: readonly [string, ...string[]]): string {
  const isFree = (name: string) => !new RegExp(`(?<![\\w.])${name}\\b`).test(text);
  const found = names.find(isFree);
  if (found !== undefined) return found;
  let i = 2;
  while (!isFree(`${names[0]}${i.toString()}`)) i++;
  return `${names[0]}${i.toString()}`;
}
