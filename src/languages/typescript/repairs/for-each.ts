import type ts from 'typescript';
import { message, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { awaitPlace, insertion, nodeOf, type RepairTools } from '../repairs';
import { indentAt, indentUnit, newLineOf } from './lines';

type Receiver = 'array' | 'map' | 'set';

/** `xs.forEach(async (x) => { … })` becomes `for (const x of xs) { … }`. */
export function forOf(
  tools: RepairTools,
  { call, callback }: Extract<Repair, { kind: 'for-of' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = nodeOf(call);
  const fn = callback.origin as ts.Node;
  if (!tsc.isCallExpression(node) || node.arguments.length !== 1 || node.arguments[0] !== fn)
    return undefined;
  if (!tsc.isExpressionStatement(node.parent) || !canIterate(tools)) return undefined;
  if (!tsc.isArrowFunction(fn) && !tsc.isFunctionExpression(fn)) return undefined;
  if (tsc.isFunctionExpression(fn) && mentionsThis(tsc, fn.body)) return undefined;
  const receiver = receiverOf(tools, node);
  const place = awaitPlace(tools, call);
  if (!receiver || !place) return undefined;
  const written = callback.params.some((p) => p.binding?.references.some((r) => r.access !== 'read'));
  const head = loopHead(tsc, receiver.kind, receiver.node, fn.parameters, written);
  const body = head !== undefined && loopBody(tools, fn);
  if (head === undefined || body === undefined || body === false) return undefined;

  const { file, text } = callback.file;
  const statement = node.parent;
  const dropped = text.slice(receiver.node.end, fn.body.getStart()) + text.slice(fn.body.end, statement.end);
  if (/\/[/*]/.test(dropped)) return undefined;
  return {
    title: message('Use for … of: one after the other'),
    safety: 'suggestion',
    edits: [
      ...place.edits,
      {
        file,
        span: { start: statement.getStart(), end: fn.body.getStart() },
        newText: `${head} ${body.before}`,
      },
      ...body.edits.map((edit) => ({ file, ...edit })),
      { file, span: { start: fn.body.end, end: statement.end }, newText: body.after },
    ],
  };
}

/** `xs.forEach(async …)` becomes `await Promise.all(xs.map(async …))`. */
export function awaitMap(
  tools: RepairTools,
  { call }: Extract<Repair, { kind: 'await-map' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = nodeOf(call);
  if (!tsc.isCallExpression(node) || !tsc.isExpressionStatement(node.parent)) return undefined;
  const receiver = receiverOf(tools, node);
  const place = awaitPlace(tools, call);
  if (receiver?.kind !== 'array' || !place) return undefined;
  const { file } = call.fn.file;
  return {
    title: message('Use Promise.all: all at once'),
    safety: 'suggestion',
    edits: [
      ...place.edits,
      insertion(file, node.getStart(), 'await Promise.all('),
      { file, span: receiver.name, newText: 'map' },
      insertion(file, node.end, ')'),
    ],
  };
}

/** The object whose method a call calls, where it is certainly an array, a map or a set. */
export function receiverOf(
  { tsc, types }: RepairTools,
  node: ts.CallExpression,
):
  | {
      readonly node: ts.Expression;
      readonly kind: Receiver;
      readonly name: { readonly start: number; readonly end: number };
    }
  | undefined {
  const callee = node.expression;
  if (!tsc.isPropertyAccessExpression(callee) || (callee.flags & tsc.NodeFlags.OptionalChain) !== 0)
    return undefined;
  const { checker } = types;
  const parts = types.constituents(checker.getTypeAtLocation(callee.expression));
  const kinds = new Set(
    parts.map((part): Receiver | undefined => {
      if (checker.isArrayType(part) || checker.isTupleType(part)) return 'array';
      const name = part.getSymbol()?.name.replace(/^Readonly/, '');
      return name === 'Map' ? 'map' : name === 'Set' ? 'set' : undefined;
    }),
  );
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined) return undefined;
  const name = { start: callee.name.getStart(), end: callee.name.end };
  return { node: callee.expression, kind, name };
}

function canIterate({ tsc, types }: RepairTools): boolean {
  const { target } = types.program.getCompilerOptions();
  return target === undefined || target >= tsc.ScriptTarget.ES2015;
}

export function mentionsThis(tsc: RepairTools['tsc'], node: ts.Node): boolean {
  let found = false;
  const visit = (part: ts.Node): void => {
    if (part.kind === tsc.SyntaxKind.ThisKeyword) found = true;
    if (tsc.isIdentifier(part) && part.text === 'arguments') found = true;
    tsc.forEachChild(part, visit);
  };
  visit(node);
  return found;
}

function loopHead(
  tsc: RepairTools['tsc'],
  kind: Receiver,
  receiver: ts.Expression,
  params: readonly ts.ParameterDeclaration[],
  written: boolean,
): string | undefined {
  if (params.length > (kind === 'set' ? 1 : 2)) return undefined;
  if (params.some((p) => p.dotDotDotToken ?? p.initializer)) return undefined;
  const [first = '_', second] = params.map((p) => p.name.getText());
  const source = receiver.getText();
  // `for (const item of item.parts)` would read the name before it has a value.
  const names = params.flatMap((p) => namesOf(tsc, p.name));
  if (names.some((name) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(source)))
    return undefined;
  const word = written ? 'let' : 'const';
  if (kind === 'map') {
    return second === undefined
      ? `for (${word} ${first} of ${source}.values())`
      : `for (${word} [${second}, ${first}] of ${source})`;
  }
  return second === undefined
    ? `for (${word} ${first} of ${source})`
    : `for (${word} [${second}, ${first}] of ${source}.entries())`;
}

function namesOf(tsc: RepairTools['tsc'], name: ts.BindingName): string[] {
  if (tsc.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((e) => (tsc.isOmittedExpression(e) ? [] : namesOf(tsc, e.name)));
}

interface LoopBody {
  readonly before: string;
  readonly edits: readonly {
    readonly span: { readonly start: number; readonly end: number };
    readonly newText: string;
  }[];
  readonly after: string;
}

function loopBody(tools: RepairTools, fn: ts.ArrowFunction | ts.FunctionExpression): LoopBody | undefined {
  const { tsc } = tools;
  const { body } = fn;
  if (!tsc.isBlock(body)) {
    const sourceFile = fn.getSourceFile();
    const outer = indentAt(sourceFile, fn.parent.getStart());
    const newLine = newLineOf(sourceFile);
    const word = needsAwait(tools, body) ? 'await ' : '';
    return {
      before: `{${newLine}${outer}${indentUnit(sourceFile)}${word}`,
      edits: [],
      after: `;${newLine}${outer}}`,
    };
  }
  const last = body.statements[body.statements.length - 1];
  const edits: { span: { start: number; end: number }; newText: string }[] = [];
  for (const statement of returnsOf(tsc, body)) {
    const keyword = { start: statement.getStart(), end: statement.getStart() + 'return'.length };
    const { expression } = statement;
    if (!expression) {
      if (isInLoop(tsc, statement, body)) return undefined;
      edits.push({ span: keyword, newText: 'continue' });
    } else if (statement === last) {
      const newText = needsAwait(tools, expression) ? 'await ' : '';
      edits.push({ span: { start: keyword.start, end: expression.getStart() }, newText });
    } else return undefined;
  }
  return { before: '', edits, after: '' };
}

function needsAwait({ tsc, types }: RepairTools, node: ts.Expression): boolean {
  return (
    !tsc.isAwaitExpression(node) && types.isSometimesThenable(types.checker.getTypeAtLocation(node), node)
  );
}

/** The `return` statements of a function's body, those of nested functions left out. */
export function returnsOf(tsc: RepairTools['tsc'], body: ts.Node): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (tsc.isFunctionLike(node) || tsc.isClassLike(node)) return;
    if (tsc.isReturnStatement(node)) found.push(node);
    tsc.forEachChild(node, visit);
  };
  tsc.forEachChild(body, visit);
  return found;
}

function isInLoop(tsc: RepairTools['tsc'], node: ts.Node, body: ts.Node): boolean {
  for (let { parent } = node; parent !== body; { parent } = parent) {
    if (tsc.isIterationStatement(parent, false)) return true;
  }
  return false;
}
