import type ts from 'typescript';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { insertion, nodeOf, type RepairTools } from '../repairs';
import { indentAt, indentUnit, newLineOf } from './lines';

type ClearTimer = Extract<Repair, { kind: 'clear-timer' }>;
type AbortByClock = Extract<Repair, { kind: 'abort-by-clock' }>;

const NAMES = ['timer', 'raceTimer', 'timeoutTimer', 'timer2'];

/** Keeps the handle of a timer in a variable before the race and clears it in `.finally(…)` behind the race. */
export function clearTimer(tools: RepairTools, { race, start, promise }: ClearTimer): Fix | undefined {
  const { types } = tools;
  const node = nodeOf(race);
  const sourceFile = node.getSourceFile();
  const { text, fileName } = sourceFile;
  const name = NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`, 'u').test(text));
  const started = nodeOf(start) as ts.CallExpression;
  const assigned = name === undefined ? undefined : assignment(tools, fileName, started, name);
  if (
    !name ||
    !assigned ||
    !types.checker.getPropertyOfType(types.checker.getTypeAtLocation(node), 'finally')
  )
    return undefined;
  const callee = started.expression.getText();
  const isTyped = /\.[cm]?tsx?$/u.test(fileName);
  const declaration = `let ${name}${isTyped ? `: ReturnType<typeof ${callee}> | undefined` : ''};`;
  const clear = callee.replace(/setTimeout$/u, 'clearTimeout');
  const end = insertion(fileName, node.end, `.finally(() => ${clear}(${name}))`);
  const title = message('Clear the timer after the race');
  const first = promise?.initial ? nodeOf(promise.initial) : node;
  const statement = listedStatement(tools, first);
  if (statement) {
    const at = statement.getStart();
    const line = `${declaration}${newLineOf(sourceFile)}${indentAt(sourceFile, at)}`;
    return { title, safety: 'suggestion', edits: [insertion(fileName, at, line), ...assigned, end] };
  }
  const arrow = bareArrow(tools, first);
  if (!arrow) return undefined;
  const newLine = newLineOf(sourceFile);
  const outer = indentAt(sourceFile, arrow.getStart());
  const inner = `${newLine}${outer}${indentUnit(sourceFile)}`;
  return {
    title,
    safety: 'suggestion',
    edits: [
      insertion(fileName, arrow.body.getStart(), `{${inner}${declaration}${inner}return `),
      ...assigned,
      end,
      insertion(fileName, arrow.body.end, `;${newLine}${outer}}`),
    ],
  };
}

/** `setTimeout(…)` → `timer = setTimeout(…)`, where it is a statement or all that an arrow function does. */
function assignment(
  { tsc }: RepairTools,
  file: string,
  node: ts.CallExpression,
  name: string,
): Edit[] | undefined {
  const at = node.getStart();
  if (tsc.isExpressionStatement(node.parent)) return [insertion(file, at, `${name} = `)];
  if (!tsc.isArrowFunction(node.parent)) return undefined;
  return [insertion(file, at, `{ ${name} = `), insertion(file, node.end, '; }')];
}

/** The statement around an expression, where another one can stand before it. */
function listedStatement({ tsc }: RepairTools, expression: ts.Expression): ts.Statement | undefined {
  let node: ts.Node = expression;
  while (!tsc.isStatement(node)) {
    if (tsc.isFunctionLike(node) || tsc.isClassLike(node)) return undefined;
    node = node.parent;
  }
  const { parent } = node;
  const isListed = tsc.isBlock(parent) || tsc.isSourceFile(parent) || tsc.isCaseOrDefaultClause(parent);
  return isListed ? node : undefined;
}

/** The arrow function whose body is just this expression, or its await. */
function bareArrow({ tsc }: RepairTools, expression: ts.Expression): ts.ArrowFunction | undefined {
  let node: ts.Node = expression.parent;
  if (tsc.isAwaitExpression(node)) node = node.parent;
  return tsc.isArrowFunction(node) ? node : undefined;
}

/** Gives the request a signal with a clock in place of the race. */
export function abortByClock({ tsc }: RepairTools, { race, request, ms }: AbortByClock): Fix | undefined {
  const node = nodeOf(race);
  const call = nodeOf(request) as ts.CallExpression;
  const [url, options, ...others] = call.arguments;
  if (!url || others.length > 0) return undefined;
  const signal = `signal: AbortSignal.timeout(${nodeOf(ms).getText()})`;
  let given = `{ ${signal} }`;
  if (options) {
    if (!tsc.isObjectLiteralExpression(options)) return undefined;
    const isFree = options.properties.every(
      ({ name }) => name && tsc.isIdentifier(name) && name.text !== 'signal',
    );
    const last = options.properties[options.properties.length - 1];
    if (!isFree || (last && options.getText().includes('\n'))) return undefined;
    if (last) given = `{ ${options.properties.map((p) => p.getText()).join(', ')}, ${signal} }`;
  }
  const newText = `${call.expression.getText()}(${url.getText()}, ${given})`;
  const span = { start: node.getStart(), end: node.end };
  return {
    title: message('Limit the request with AbortSignal.timeout'),
    safety: 'suggestion',
    edits: [{ file: node.getSourceFile().fileName, span, newText }],
  };
}
