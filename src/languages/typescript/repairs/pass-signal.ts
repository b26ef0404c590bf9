import type ts from 'typescript';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { insertion, nodeOf, type RepairTools } from '../repairs';
import { indentAt, newLineOf } from './lines';

/** Gives a call the signal that its function was given. */
export function passSignal(
  { tsc, types }: RepairTools,
  { call, place, signal }: Extract<Repair, { kind: 'pass-signal' }>,
): Fix | undefined {
  const node = nodeOf(call) as ts.CallExpression;
  // Under this option a property that may be left out must not be undefined.
  const isExact = types.program.getCompilerOptions().exactOptionalPropertyTypes ?? false;
  if (isExact && signal.optional) return undefined;
  const file = node.getSourceFile().fileName;
  const { path } = signal;
  const { index, property } = place;
  const entry = property === undefined ? path : property === path ? path : `${property}: ${path}`;
  const edit = edits();
  return edit && { title: message('Pass {path}', { path }), safety: 'suggestion', edits: [edit] };

  function edits(): Edit | undefined {
    const options = node.arguments[index];
    if (options) {
      if (!tsc.isObjectLiteralExpression(options)) return undefined;
      const last = options.properties[options.properties.length - 1];
      if (!last)
        return { file, span: { start: options.getStart(), end: options.end }, newText: `{ ${entry} }` };
      const sourceFile = node.getSourceFile();
      const isLong = /[\r\n]/u.test(sourceFile.text.slice(options.getStart(), last.getStart()));
      const space = isLong ? newLineOf(sourceFile) + indentAt(sourceFile, last.getStart()) : ' ';
      return insertion(file, last.end, `,${space}${entry}`);
    }
    const fill = 'undefined, '.repeat(index - node.arguments.length);
    const argument = property === undefined ? entry : `{ ${entry} }`;
    const last = node.arguments[node.arguments.length - 1];
    // Behind the last argument, before a comma that may follow it.
    if (last) return insertion(file, last.end, `, ${fill}${argument}`);
    return insertion(file, node.end - 1, `${fill}${argument}`);
  }
}
