import type ts from 'typescript';
import { suppressionRemoval } from '../../core/edits';
import type { Repair } from '../../core/repair';
import { message, type Edit, type Fix, type Message, type Safety } from '../../core/finding';
import type { Value } from '../../core/facts';
import { realiseAsyncTwin } from './repairs/async-twin';
import { handleAtStart } from './repairs/handle-at-start';
import { abortByClock, clearTimer } from './repairs/race-timeout';
import { joinAwaits } from './repairs/join-awaits';
import { awaitMap, forOf } from './repairs/for-each';
import { handleBody } from './repairs/handle-body';
import { scheduleAnew, skipWhileRunning } from './repairs/intervals';
import { primeGenerator } from './repairs/prime-generator';
import { passSignal } from './repairs/pass-signal';
import { awaitPredicate, filterInTwoSteps } from './repairs/predicates';
import { realiseLimitConcurrency } from './repairs/limit-concurrency';
import { realisePool } from './repairs/pool';
import { removeAsync } from './repairs/remove-async';
import { removeAwait } from './repairs/remove-await';
import { releaseInFinally } from './repairs/release-in-finally';
import { asInFile } from './repairs/semicolons';
import type { Types } from './types';

type TypeScript = typeof ts;

export interface RepairTools {
  readonly tsc: TypeScript;
  readonly types: Types;
}

type Realiser<K extends Repair['kind']> = (
  tools: RepairTools,
  repair: Extract<Repair, { kind: K }>,
) => Fix | undefined;

/** How each kind of repair becomes edits; a realiser returns undefined where the repair would not be correct. */
const REALISERS: { readonly [K in Repair['kind']]?: Realiser<K> } = {
  await: realiseAwait,
  void: (tools, { value }) =>
    prefixed(tools, value, 'void', message('Add void: not awaited on purpose'), 'suggestion'),
  return: realiseReturn,
  handle: realiseHandle,
  unwrap: realiseUnwrap,
  'async-twin': realiseAsyncTwin,
  'clear-timer': clearTimer,
  'prime-generator': primeGenerator,
  'pass-signal': passSignal,
  'abort-by-clock': abortByClock,
  'join-awaits': joinAwaits,
  pool: realisePool,
  'release-in-finally': releaseInFinally,
  'handle-at-start': handleAtStart,
  'for-of': forOf,
  'await-map': awaitMap,
  'filter-in-two-steps': filterInTwoSteps,
  'await-predicate': awaitPredicate,
  'handle-body': handleBody,
  'remove-await': removeAwait,
  'remove-async': removeAsync,
  'skip-while-running': skipWhileRunning,
  'schedule-anew': scheduleAnew,
  'limit-concurrency': realiseLimitConcurrency,
  'remove-suppression': (_tools, { file, comment, rule }) => ({
    title: message('Remove the unused ignore comment'),
    safety: 'safe',
    edits: [suppressionRemoval(file.file, file.text, comment.span, rule)],
  }),
};

/** The edits that carry out a repair, or undefined where it does not apply. */
export function realise(tools: RepairTools, repair: Repair): Fix | undefined {
  const fix = REALISERS[repair.kind]?.(tools, repair as never);
  return (
    fix && {
      ...fix,
      edits: fix.edits.map((edit) => {
        const text = tools.types.program.getSourceFile(edit.file)?.text;
        return text === undefined ? edit : { ...edit, newText: asInFile(text, edit) };
      }),
    }
  );
}

export function nodeOf(value: Value): ts.Expression {
  return value.origin as ts.Expression;
}

export function insertion(file: string, at: number, newText: string): Edit {
  return { file, span: { start: at, end: at }, newText };
}

/** True where `await`, `void` or a member access would bind to a part of the expression only. */
export function needsParentheses(tsc: TypeScript, node: ts.Expression): boolean {
  return (
    tsc.isBinaryExpression(node) ||
    tsc.isConditionalExpression(node) ||
    tsc.isArrowFunction(node) ||
    tsc.isYieldExpression(node)
  );
}

/** Puts a word before an expression, in parentheses where needed. */
function prefixed(
  { tsc }: RepairTools,
  value: Value,
  word: string,
  title: Message,
  safety: Safety,
  extra: readonly Edit[] = [],
): Fix {
  const node = nodeOf(value);
  const { file } = value.fn.file;
  // `p().x` must become `(await p()).x`.
  const parent = node.parent;
  const outside =
    tsc.isPrefixUnaryExpression(parent) ||
    tsc.isSpreadAssignment(parent) ||
    isLogical(tsc, parent) ||
    isReceiver(tsc, parent, node) ||
    (tsc.isCallExpression(parent) && parent.expression === node);
  const inside = needsParentheses(tsc, node);
  const start = `${outside ? '(' : ''}${word} ${inside ? '(' : ''}`;
  const end = `${inside ? ')' : ''}${outside ? ')' : ''}`;
  const edits = [insertion(file, node.getStart(), start)];
  if (end) edits.push(insertion(file, node.end, end));
  return { title, safety, edits: [...extra, ...edits] };
}

function realiseAwait(
  tools: RepairTools,
  { value, safety, all }: Extract<Repair, { kind: 'await' }>,
): Fix | undefined {
  const place = awaitPlace(tools, value);
  if (!place || (!all && isTestOfNothing(tools, nodeOf(value)))) return undefined;
  if (all) {
    const node = nodeOf(value);
    const { file } = value.fn.file;
    const { checker } = tools.types;
    const parts = tools.types.constituents(checker.getTypeAtLocation(node));
    if (!parts.every((part) => checker.isArrayType(part) || checker.isTupleType(part))) return undefined;
    const { parent } = node;
    const word = tools.tsc.isAwaitExpression(parent) ? '' : 'await ';
    // `xs.join()` must become `(await Promise.all(xs)).join()`.
    const [open, close] = isReceiver(tools.tsc, parent, node) ? ['(', ')'] : ['', ''];
    const edits = [
      insertion(file, node.getStart(), `${open}${word}Promise.all(`),
      insertion(file, node.end, `)${close}`),
    ];
    return {
      title: message('Await them all with Promise.all'),
      safety: 'suggestion',
      edits: [...place.edits, ...edits],
    };
  }
  return prefixed(
    tools,
    value,
    'await',
    place.edits.length > 0 ? message('Add await and make the function async') : message('Add await'),
    place.edits.length > 0 ? 'suggestion' : (safety ?? 'suggestion'),
    place.edits,
  );
}

function isReceiver(tsc: TypeScript, parent: ts.Node, node: ts.Node): boolean {
  return (
    (tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent)) &&
    parent.expression === node
  );
}

function isLogical({ SyntaxKind: K, isBinaryExpression }: TypeScript, node: ts.Node): boolean {
  if (!isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === K.AmpersandAmpersandToken || kind === K.BarBarToken || kind === K.QuestionQuestionToken;
}

/** A promise of nothing whose result would be tested or spread: TypeScript rejects that, and rightly. */
function isTestOfNothing({ tsc, types }: RepairTools, node: ts.Expression): boolean {
  const { parent } = node;
  const isTest =
    isLogical(tsc, parent) ||
    tsc.isPrefixUnaryExpression(parent) ||
    tsc.isSpreadAssignment(parent) ||
    tsc.isJsxSpreadAttribute(parent) ||
    (tsc.isConditionalExpression(parent) && parent.condition === node) ||
    ((tsc.isIfStatement(parent) || tsc.isWhileStatement(parent) || tsc.isDoStatement(parent)) &&
      parent.expression === node) ||
    (tsc.isForStatement(parent) && parent.condition === node);
  if (!isTest) return false;
  const awaited = types.checker.getAwaitedType(types.checker.getTypeAtLocation(node));
  return awaited !== undefined && (awaited.flags & tsc.TypeFlags.Void) !== 0;
}

/**
 * What it takes to make `await` legal where the value stands: nothing in an async function or at the top level of a
 * module that allows it; making the function async where its type allows that; undefined where it cannot be.
 */
export function awaitPlace(
  { tsc, types }: RepairTools,
  value: Value,
): { readonly edits: readonly Edit[] } | undefined {
  const { fn } = value;
  if (isInsideParameter(tsc, nodeOf(value))) return undefined;
  if (fn.isAsync) return { edits: [] };
  if (fn.kind === 'module') return allowsTopLevelAwait(tsc, types, nodeOf(value)) ? { edits: [] } : undefined;
  if (fn.isGenerator || !['function', 'arrow', 'method'].includes(fn.kind)) return undefined;
  const node = fn.origin as ts.FunctionLikeDeclaration;
  if (!canBecomeAsync(tsc, types, node)) return undefined;
  const start = tsc.isMethodDeclaration(node) ? node.name.getStart() : functionKeywordStart(tsc, node);
  return { edits: [insertion(fn.file.file, start, 'async ')] };
}

function functionKeywordStart(tsc: TypeScript, node: ts.FunctionLikeDeclaration): number {
  const keyword = node.getChildren().find((child) => child.kind === tsc.SyntaxKind.FunctionKeyword);
  return (keyword ?? node).getStart();
}

/** The type a function declares for its result, in JavaScript by a comment. */
export function resultTypeOf(tsc: TypeScript, node: ts.SignatureDeclaration): ts.TypeNode | undefined {
  return node.type ?? tsc.getJSDocReturnType(node);
}

const CALLBACK = /^(?:done|cb|callback)$|(?:Done|Cb|Callback|Completed)$/;

/** Whether adding `async` keeps the types right: nothing declared or expected contradicts a promise. */
function canBecomeAsync(tsc: TypeScript, types: Types, node: ts.FunctionLikeDeclaration): boolean {
  const { checker } = types;
  const type = resultTypeOf(tsc, node);
  if (type) {
    // The declared result of an async function has to be the built-in Promise itself.
    const symbol = checker.getTypeFromTypeNode(type).getSymbol();
    return symbol?.name === 'Promise' && types.isFromDefaultLibrary(symbol);
  }
  const result = checker.getSignatureFromDeclaration(node)?.getReturnType();
  if (result && types.constituents(result).every((part) => types.isPromise(part))) return true;
  // Callers can use any other result, but not that of a function that returns nothing.
  const nothing = tsc.TypeFlags.Void | tsc.TypeFlags.Undefined | tsc.TypeFlags.Never;
  if (result && (result.flags & nothing) === 0 && !types.isUnknown(result)) return false;
  if (tsc.isArrowFunction(node) || tsc.isFunctionExpression(node)) {
    // Test runners and loaders of plugins refuse what takes a callback and returns a promise, too.
    if (CALLBACK.test(node.parameters.at(-1)?.name.getText() ?? '')) return false;
    const expected = checker.getContextualType(node);
    if (!expected) return true;
    return expected.getCallSignatures().every((s) => {
      const result = s.getReturnType();
      return types.isUnknown(result) || types.isSometimesThenable(result, node);
    });
  }
  if (tsc.isMethodDeclaration(node)) return tsc.isClassLike(node.parent) && !node.parent.heritageClauses;
  return true;
}

function isInsideParameter(tsc: TypeScript, node: ts.Node): boolean {
  for (
    let current = node;
    !tsc.isFunctionLike(current) && !tsc.isSourceFile(current);
    current = current.parent
  ) {
    if (tsc.isParameter(current)) return true;
  }
  return false;
}

function allowsTopLevelAwait(tsc: TypeScript, types: Types, node: ts.Node): boolean {
  const file = node.getSourceFile();
  const { module = 0, target = 0 } = types.program.getCompilerOptions();
  const isModule = tsc.isExternalModule(file);
  const format = (file as { impliedNodeFormat?: ts.ResolutionMode }).impliedNodeFormat;
  const modern = module >= tsc.ModuleKind.ES2022 && target >= tsc.ScriptTarget.ES2017;
  return isModule && modern && format !== tsc.ModuleKind.CommonJS;
}

function realiseReturn(
  { types, tsc }: RepairTools,
  { value }: Extract<Repair, { kind: 'return' }>,
): Fix | undefined {
  const { fn } = value;
  const { body } = fn.body;
  const last = body[body.length - 1];
  if (last?.kind !== 'expression' || last.value !== value || fn.isGenerator) return undefined;
  if (!['function', 'arrow', 'method'].includes(fn.kind)) return undefined;
  // With a declared result this would be a type error unless it is a promise; without one it changes the signature.
  const node = fn.origin as ts.FunctionLikeDeclaration;
  if (!fn.isAsync && !canBecomeAsync(tsc, types, node)) return undefined;
  const type = resultTypeOf(tsc, node);
  if (type) {
    const { checker } = types;
    const declared = checker.getTypeFromTypeNode(type);
    const [expected] = checker.getTypeArguments(declared as ts.TypeReference);
    const given = checker.getAwaitedType(checker.getTypeAtLocation(nodeOf(value)));
    if (!expected || !given || !checker.isTypeAssignableTo(given, expected)) return undefined;
  }
  return {
    title: message('Return the promise'),
    safety: 'suggestion',
    edits: [insertion(fn.file.file, nodeOf(value).getStart(), 'return ')],
  };
}

function realiseHandle(
  { tsc, types }: RepairTools,
  { value }: Extract<Repair, { kind: 'handle' }>,
): Fix | undefined {
  const node = nodeOf(value);
  const parts = types.constituents(types.checker.getTypeAtLocation(node));
  if (!parts.every((part) => types.isPromise(part))) return undefined;
  // Whoever makes a rejection on purpose means somebody to see it.
  if (/^Promise\s*\.reject\(/.test(node.getText())) return undefined;
  const { file } = value.fn.file;
  const handler = '.catch(console.error)';
  const edits = needsParentheses(tsc, node)
    ? [insertion(file, node.getStart(), '('), insertion(file, node.end, `)${handler}`)]
    : [insertion(file, node.end, handler)];
  return { title: message('Handle the rejection with .catch()'), safety: 'suggestion', edits };
}

function realiseUnwrap({ tsc }: RepairTools, { call, inner }: Extract<Repair, { kind: 'unwrap' }>): Fix {
  const [outer, node] = [nodeOf(call), nodeOf(inner)];
  const { file } = call.fn.file;
  const text = node.getText();
  const newText = needsParentheses(tsc, node) && !tsc.isReturnStatement(outer.parent) ? `(${text})` : text;
  return {
    title: message('Use the promise itself'),
    safety: 'suggestion',
    edits: [{ file, span: { start: outer.getStart(), end: outer.end }, newText }],
  };
}
