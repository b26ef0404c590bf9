import type { FileFacts } from './facts';

/** A file without imports and exports: its top-level names are seen by the other scripts of a page. */
export function isScript({ text, imports }: FileFacts): boolean {
  return imports.length === 0 && !/^\s*export\b|\bmodule\.exports\b|\bexports\.\w/m.test(text);
}
