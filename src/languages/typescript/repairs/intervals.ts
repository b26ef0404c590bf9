import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { insertion, nodeOf, type RepairTools } from '../repairs';
import { aroundBody, CAUGHT } from './around-body';
import { mentionsThis } from './for-each';
import { indentAt, newLineOf } from './lines';
import { freeName, statementBefore } from './predicates';

/** Turns away a run that starts while another one is going on, with a flag declared before the timer. */
export function skipWhileRunning(
  { tsc, types }: RepairTools,
  { call, callback, isHandled }: Extract<Repair, { kind: 'skip-while-running' }>,
): Fix | undefined {
  const node = nodeOf(call);
  const statement = statementBefore(tsc, node);
  if (!statement) return undefined;
  const sourceFile = node.getSourceFile();
  const { file, text } = callback.file;
  const flag = freeName(text, 'isRunning');
  const caught = isHandled ? [] : CAUGHT.after.slice(0, -1);
  const around = aroundBody({ tsc, types }, callback, {
    before: [`if (${flag}) return;`, `${flag} = true;`, 'try {'],
    after: [...caught, '} finally {', `\t${flag} = false;`, '}'],
  });
  if (!around) return undefined;
  const lineEnd = `${newLineOf(sourceFile)}${indentAt(sourceFile, statement.getStart())}`;
  return {
    title: message('Skip a run while another one is going on'),
    safety: 'suggestion',
    edits: [insertion(file, statement.getStart(), `let ${flag} = false;${lineEnd}`), ...around],
  };
}

/** `setInterval(async () => { … }, ms)` becomes a function that sets the timer for its next run when it is done. */
export function scheduleAnew(
  tools: RepairTools,
  { call, callback, isHandled }: Extract<Repair, { kind: 'schedule-anew' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = nodeOf(call);
  const fn = callback.origin as ts.Node;
  if (!tsc.isCallExpression(node) || !tsc.isExpressionStatement(node.parent)) return undefined;
  if (!tsc.isIdentifier(node.expression) || node.expression.text !== 'setInterval') return undefined;
  const [, period, ...others] = node.arguments;
  if (!period || others.length > 0 || !(tsc.isNumericLiteral(period) || tsc.isIdentifier(period)))
    return undefined;
  if (!tsc.isArrowFunction(fn) && !tsc.isFunctionExpression(fn)) return undefined;
  const { body } = fn;
  if (!tsc.isBlock(body) || fn.parameters.length > 0 || (tsc.isFunctionExpression(fn) && fn.name))
    return undefined;
  // An arrow has the `this` of what is around it.
  if (mentionsThis(tsc, body)) return undefined;
  const { file, text } = callback.file;
  const next = freeName(text, 'next');
  const caught = isHandled ? [] : CAUGHT.after.slice(0, -1);
  const around = aroundBody(tools, callback, {
    before: ['try {'],
    after: [...caught, '} finally {', `\tsetTimeout(${next}, ${period.getText()});`, '}'],
  });
  if (!around) return undefined;
  const name = { start: node.expression.getStart(), end: node.expression.end };
  return {
    title: message('Set the timer for the next run when one is done'),
    safety: 'suggestion',
    edits: [
      { file, span: name, newText: 'setTimeout' },
      { file, span: { start: fn.getStart(), end: body.getStart() }, newText: `async function ${next}() ` },
      ...around,
    ],
  };
}
