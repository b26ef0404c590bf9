import type { FileFacts } from '../../../core/facts';
import type { Edit } from '../../../core/finding';
import { insertion, newLineOf } from './lines';

/**
 * How a file writes `name` of `module`, with the import that has to be added for it. Only imports that begin a line
 * count: those inside functions are not seen elsewhere.
 */
export function nameOf(
  file: FileFacts,
  module: string,
  name: string,
): { readonly text: string; readonly edits: readonly Edit[] } {
  const { text } = file;
  const quoted = module.replace(/\./g, '\\.');
  for (const [, list = ''] of text.matchAll(/^import[ \t]+([^#\r\n;]+)/gm)) {
    for (const item of list.split(',')) {
      const [, alias] = new RegExp(`^\\s*${quoted}(?:\\s+as\\s+(\\w+))?\\s*$`).exec(item) ?? [];
      if (alias !== undefined) return { text: `${alias}.${name}`, edits: [] };
      if (item.trim() === module) return { text: `${module}.${name}`, edits: [] };
    }
  }
  const from = new RegExp(`^from[ \\t]+${quoted}[ \\t]+import[ \\t]*(?:\\(([^)]*)\\)|([^#\\r\\n;]+))`, 'gm');
  for (const [, inner, line] of text.matchAll(from)) {
    for (const item of (inner ?? line ?? '').replace(/#.*/g, '').split(',')) {
      const [, alias] = new RegExp(`^\\s*${name}(?:\\s+as\\s+(\\w+))?\\s*$`).exec(item) ?? [];
      if (alias !== undefined) return { text: alias, edits: [] };
      if (item.trim() === name) return { text: name, edits: [] };
    }
  }
  const { at, gap } = placeOfImports(text);
  const newLine = newLineOf(file);
  return {
    text: `${module}.${name}`,
    edits: [insertion(file, at, `import ${module}${newLine}${gap ? newLine : ''}`)],
  };
}

/** Where a new import goes: before the first import, else behind the file's comments, docstring and `__future__`. */
function placeOfImports(text: string): { readonly at: number; readonly gap: boolean } {
  const first = /^(?:import|from(?![ \t]+__future__\b))[ \t]/m.exec(text);
  if (first) return { at: first.index, gap: false };
  const head =
    /^\uFEFF?(?:[ \t]*(?:#.*)?(?:\r?\n))*(?:[rRuU]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*(?:\r?\n|$)(?:[ \t]*\r?\n)*)?(?:from[ \t]+__future__[^\r\n]*\r?\n(?:[ \t]*\r?\n)*)*/.exec(
      text,
    )?.[0] ?? '';
  return { at: head.length, gap: true };
}
