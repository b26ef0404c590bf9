import type ts from 'typescript';
import type { Call, Value } from '../../../core/facts';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import { importedPath } from '../../../core/uses';
import { isWithin, statementOf, type Node } from '../../../core/walk';
import { LIMITER_PACKAGES } from '../../../knowledge/limiters';
import type { Types } from '../types';
import { Imports } from './imports';
import { projectDependencies } from '../manifest';

type TypeScript = typeof ts;

interface Tools {
  readonly tsc: TypeScript;
  readonly types: Types;
}

type LimitRepair = Extract<Repair, { kind: 'limit-concurrency' }>;

/** How many at a time: a start to be tuned, about what browsers allow per host. */
const WIDTH = 8;

/**
 * Bounds a fan-out: with the limiter the project depends on (p-limit, p-map), else with a small pool written into the
 * file. Undefined where neither would keep the types or the order of evaluation.
 */
export function realiseLimitConcurrency(tools: Tools, repair: LimitRepair): Fix | undefined {
  const node = repair.call.origin as ts.Node;
  if (!tools.tsc.isCallExpression(node)) return undefined;
  const sourceFile = node.getSourceFile();
  const imports = new Imports(tools.tsc, sourceFile);
  const available = projectDependencies(tools.tsc, sourceFile.fileName);
  const usable = LIMITER_PACKAGES.filter(
    (name) => available.has(name) && imports.canTake(name, available.get(name)),
  );
  for (const name of usable) {
    const edits = name === 'p-limit' ? withLimit(tools, repair, imports) : withMap(tools, repair, imports);
    if (edits)
      return {
        title: message('Run {width} at a time with {name}', { width: String(WIDTH), name }),
        safety: 'suggestion',
        edits,
      };
  }
  const edits = withPool(tools, repair);
  return (
    edits && {
      title: message('Run {width} at a time with a small pool', { width: String(WIDTH) }),
      safety: 'suggestion',
      edits,
    }
  );
}

/** `const limit = pLimit(8);` before the statement, and `limit(() => …)` around each call. */
function withLimit(tools: Tools, repair: LimitRepair, imports: Imports): Edit[] | undefined {
  const { tsc } = tools;
  const file = repair.call.fn.file.file;
  const anchor = anchorOf(tsc, repair);
  if (!anchor) return undefined;
  const known = knownLimiter(repair.call);
  const limit = known ?? imports.freeName('limit');
  const wrapped = repair.map
    ? wrapCallback(tools, repair.map.callback, limit)
    : repair.pushes.flatMap((push) => wrapPushed(tsc, push, limit) ?? []);
  if (!wrapped || wrapped.length === 0) return undefined;
  if (known !== undefined) return wrapped;
  const { text, edits } = imports.useDefault('p-limit', 'pLimit');
  const start = anchor.getStart();
  const line = `const ${limit} = ${text}(${WIDTH});${newLine(anchor)}${indentOf(anchor.getSourceFile().text, start)}`;
  return [...edits, { file, span: { start, end: start }, newText: line }, ...wrapped];
}

/** A limiter that the module has already: `const limit = pLimit(4)` at its top level. */
function knownLimiter({ fn }: Call): string | undefined {
  const [top] = fn.file.functions;
  for (const call of top?.calls ?? []) {
    if (importedPath(call.callee)?.module !== 'p-limit') continue;
    const { parent } = call;
    if (parent.kind === 'declare' && parent.whole?.kind === 'const') return parent.whole.name;
  }
  return undefined;
}

/** The statement before which the limiter is made: outside every loop that starts the calls. */
function anchorOf(tsc: TypeScript, { call, map, pushes }: LimitRepair): ts.Node | undefined {
  let inner: Node = statementOf(map?.call ?? pushes[0] ?? call);
  for (let node: Node | undefined = inner; node; node = node.parent) {
    if (node.kind === 'loop' && !isWithin(call, node)) inner = node;
  }
  let node = inner.origin as ts.Node | undefined;
  while (node && !(tsc.isStatement(node) && (tsc.isBlock(node.parent) || tsc.isSourceFile(node.parent)))) {
    if (tsc.isFunctionLike(node) || tsc.isSourceFile(node)) return undefined;
    node = node.parent;
  }
  return node;
}

function wrapCallback({ tsc }: Tools, callback: Value, limit: string): Edit[] | undefined {
  const node = callback.origin as ts.Node;
  const file = callback.fn.file.file;
  const text = node.getSourceFile().text;
  if (tsc.isIdentifier(node) || tsc.isPropertyAccessExpression(node)) {
    const call = `(item) => ${limit}(() => ${node.getText()}(item))`;
    return [{ file, span: { start: node.getStart(), end: node.end }, newText: call }];
  }
  if (!tsc.isArrowFunction(node)) return undefined;
  const modifier = node.modifiers?.find((m) => m.kind === tsc.SyntaxKind.AsyncKeyword);
  const edits: Edit[] = [];
  if (modifier) {
    const gap = /^\s*/u.exec(text.slice(modifier.end))?.[0].length ?? 0;
    edits.push({ file, span: { start: modifier.getStart(), end: modifier.end + gap }, newText: '' });
  }
  const { end } = node.equalsGreaterThanToken;
  edits.push({ file, span: { start: end, end }, newText: ` ${limit}(${modifier ? 'async ' : ''}() =>` });
  edits.push({ file, span: { start: node.end, end: node.end }, newText: ')' });
  return edits;
}

function wrapPushed(tsc: TypeScript, push: Call, limit: string): Edit[] | undefined {
  const pushed = push.args[0]?.value;
  if (!pushed || pushed.kind !== 'call') return undefined;
  const node = pushed.origin as ts.Node;
  if (!tsc.isCallExpression(node) || pushed.fn.awaits.some((value) => isWithin(value, pushed)))
    return undefined;
  const file = push.fn.file.file;
  const { callee } = pushed;
  const start = node.getStart();
  if (callee.kind === 'function' && pushed.args.length === 0) {
    const fn = callee.origin as ts.Node;
    return [
      { file, span: { start, end: fn.getStart() }, newText: `${limit}(` },
      { file, span: { start: fn.end, end: node.end }, newText: ')' },
    ];
  }
  return [
    { file, span: { start, end: start }, newText: `${limit}(() => ` },
    { file, span: { start: node.end, end: node.end }, newText: ')' },
  ];
}

/** `Promise.all(xs.map(f))` → `pMap(xs, f, { concurrency: 8 })`. */
function withMap(tools: Tools, repair: LimitRepair, imports: Imports): Edit[] | undefined {
  const parts = mapParts(tools, repair);
  if (!parts) return undefined;
  const { text, edits } = imports.useDefault('p-map', 'pMap');
  const { source, callback, span, file } = parts;
  return [...edits, { file, span, newText: `${text}(${source}, ${callback}, { concurrency: ${WIDTH} })` }];
}

const POOL = 'mapWithLimit';

/** `Promise.all(xs.map(f))` → `mapWithLimit(xs, 8, f)`, with that function at the end of the file. */
function withPool(tools: Tools, repair: LimitRepair): Edit[] | undefined {
  const { tsc } = tools;
  const parts = mapParts(tools, repair);
  if (!parts) return undefined;
  const { source, callback, span, file, sourceFile } = parts;
  const edits: Edit[] = [{ file, span, newText: `${POOL}(${source}, ${WIDTH}, ${callback})` }];
  const exists = sourceFile.statements.some((s) => tsc.isFunctionDeclaration(s) && s.name?.text === POOL);
  if (!exists) {
    if (new RegExp(`\\b${POOL}\\b`, 'u').test(sourceFile.text)) return undefined;
    const isTyped = /\.[cm]?tsx?$/u.test(sourceFile.fileName);
    const eol = newLine(sourceFile);
    const { end } = sourceFile;
    const gap = sourceFile.text.endsWith('\n') ? eol : eol + eol;
    edits.push({ file, span: { start: end, end }, newText: gap + poolSource(isTyped).join(eol) + eol });
  }
  return edits;
}

function poolSource(isTyped: boolean): string[] {
  const typed = (text: string) => (isTyped ? text : '');
  return [
    '/** Maps items with at most `limit` calls running at a time; the results keep their order. */',
    ...(isTyped
      ? [
          `async function ${POOL}<T, R>(`,
          '  items: Iterable<T>,',
          '  limit: number,',
          '  run: (item: T, index: number) => PromiseLike<R> | R,',
          '): Promise<R[]> {',
        ]
      : [`async function ${POOL}(items, limit, run) {`]),
    `  const results${typed(': R[]')} = [];`,
    '  // All workers draw from the same iterator.',
    '  const entries = [...items].entries();',
    `  const worker = async ()${typed(': Promise<void>')} => {`,
    '    for (const [index, item] of entries) results[index] = await run(item, index);',
    '  };',
    '  await Promise.all(Array.from({ length: limit }, worker));',
    '  return results;',
    '}',
  ];
}

/** The parts of `Promise.all(xs.map(f))`, where that is the whole call and `xs` an array. */
function mapParts({ tsc, types }: Tools, { call, map }: LimitRepair) {
  const node = call.origin as ts.CallExpression;
  const [argument] = node.arguments;
  if (!map || !argument || map.call.origin !== argument || !tsc.isCallExpression(argument)) return undefined;
  const { expression: callee } = node;
  if (
    !tsc.isPropertyAccessExpression(callee) ||
    callee.name.text !== 'all' ||
    argument.arguments.length !== 1
  )
    return undefined;
  const { expression: method } = argument;
  const [callback] = argument.arguments;
  if (
    !tsc.isPropertyAccessExpression(method) ||
    method.name.text !== 'map' ||
    !callback ||
    argument.questionDotToken ||
    method.questionDotToken
  )
    return undefined;
  if (tsc.isArrowFunction(callback) && callback.parameters.length > 2) return undefined;
  const { checker } = types;
  const type = checker.getTypeAtLocation(method.expression);
  if (!types.isUnknown(type) && !checker.isArrayType(type) && !checker.isTupleType(type)) return undefined;
  const sourceFile = node.getSourceFile();
  const { text } = sourceFile;
  // A comment between the parts would be lost.
  const gaps = [text.slice(argument.expression.end, callback.getStart()), text.slice(callback.end, node.end)];
  if (gaps.some((gap) => gap.includes('//') || gap.includes('/*'))) return undefined;
  const outdent = indentOf(text, callback.getStart()).length - indentOf(text, node.getStart()).length;
  return {
    source: method.expression.getText(),
    callback: outdented(tsc, callback, outdent),
    span: { start: node.getStart(), end: node.end },
    file: sourceFile.fileName,
    sourceFile,
  };
}

/** The text of a node with its later lines moved left, unless a template literal would change with them. */
function outdented(tsc: TypeScript, node: ts.Node, by: number): string {
  const text = node.getText();
  const hasTemplate = (child: ts.Node): boolean =>
    (tsc.isTemplateLiteral(child) && child.getText().includes('\n')) ||
    tsc.forEachChild(child, (part) => hasTemplate(part) || undefined) === true;
  if (by <= 0 || hasTemplate(node)) return text;
  return text.replace(/\n[ \t]+/gu, (white) => `\n${white.slice(1 + by)}`);
}

/** White space at the start of the line an offset lies in. */
function indentOf(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/u.exec(text.slice(lineStart, at))?.[0] ?? '';
}

function newLine(node: ts.Node): string {
  return node.getSourceFile().text.includes('\r\n') ? '\r\n' : '\n';
}
