import type ts from 'typescript';
import type { FileFacts, FunctionFact, Value } from '../../core/facts';
import type {
  Answer,
  AnswerOf,
  Oracle,
  Question,
  QuestionKind,
  TwinAnswer,
  TypeAnswer,
} from '../../core/questions';
import { callbackAt, overrideOf } from './callbacks';
import { declarationOf, moduleOf } from './declarations';
import { packageOf } from './manifest';
import { realise } from './repairs';
import { sameSymbols } from './same-symbol';
import { givenSignals, signalPlace } from './signals';
import type { Types } from './types';

type TypeScript = typeof ts;

/** What the oracle needs of its host. */
export interface TypeScriptHost {
  readonly tsc: TypeScript;
  readonly program: ts.Program;
  readonly types: Types;
  /** Facts of a source file of the program, cached per version. */
  factsOf(sourceFile: ts.SourceFile): FileFacts;
}

/** Answers questions with the classic type checker. Lives as long as the program it was made for. */
export function typeScriptOracle(host: TypeScriptHost): Oracle {
  const { tsc, program, types } = host;
  const sameSymbol = sameSymbols(
    (place) => tsc.isIdentifier(place) && !tsc.isShorthandPropertyAssignment(place.parent),
  );
  const nodeOf = (subject: Value | FunctionFact) => subject.origin as ts.Node;

  const answers: { [K in QuestionKind]: (question: Extract<Question, { kind: K }>) => AnswerOf<K> } = {
    promise: ({ subject }) => types.promise(nodeOf(subject)),
    declaration: ({ subject }) => declarationOf(tsc, types, nodeOf(subject), sameSymbol(subject)),
    callback: ({ subject }) => callbackAt(tsc, types, nodeOf(subject), sameSymbol(subject)),
    override: ({ subject }) => overrideOf(tsc, types, nodeOf(subject)),
    twin: ({ subject }) => twinOf(tsc, types, nodeOf(subject)),
    type: ({ subject }) => typeOf(tsc, types, nodeOf(subject)),
    protocols: ({ subject }) => types.protocols(nodeOf(subject)),
    complaint: ({ subject }) => complainsAbout(program, nodeOf(subject)),
    'given-signals': ({ subject }) => givenSignals(tsc, types, nodeOf(subject)),
    'signal-place': ({ subject }) => signalPlace(tsc, types, nodeOf(subject)),
    package: ({ subject }) => packageOf(tsc, subject),
    facts: ({ subject }) => {
      const file = program.getSourceFile(subject);
      return file && !file.isDeclarationFile ? host.factsOf(file) : undefined;
    },
    repair: ({ subject }) => realise({ tsc, types }, subject),
  };
  return {
    answer: (batch) => batch.map((question) => (answers[question.kind] as (q: Question) => Answer)(question)),
  };
}

/**
 * Codes of TypeScript's own errors about a promise that was not awaited: 2801 "this condition will always return
 * true", 2461, 2488, 2548 and 2549 for spreading what cannot be iterated, 2365 for operands of `+`, 2367 for a
 * comparison that can never be true, 2538 for a key.
 */
const COMPLAINTS: ReadonlySet<number> = new Set([2365, 2367, 2461, 2488, 2538, 2548, 2549, 2801]);

// The compiler keeps the diagnostics of a file, and a promise in such a place is rare enough to ask for them.
function complainsAbout(program: ts.Program, node: ts.Node): boolean {
  const start = node.getStart();
  return program
    .getSemanticDiagnostics(node.getSourceFile())
    .some((d) => COMPLAINTS.has(d.code) && d.start !== undefined && d.start >= start && d.start < node.end);
}

function typeOf(tsc: TypeScript, types: Types, node: ts.Node): TypeAnswer | undefined {
  const { checker } = types;
  const type = checker.getTypeAtLocation(node);
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const declaration = symbol?.declarations?.[0];
  return {
    name: symbol?.name,
    module: declaration && moduleOf(tsc, types, declaration),
    any: types.isUnknown(type),
    nothing: types.isNothing(type),
    tupleLength: tupleLength(tsc, types, type),
    has: (member) => checker.getPropertyOfType(checker.getApparentType(type), member) !== undefined,
  };
}

function tupleLength(tsc: TypeScript, types: Types, type: ts.Type): number | undefined {
  if (!types.checker.isTupleType(type)) return undefined;
  const { target } = type as ts.TupleTypeReference;
  return target.combinedFlags & tsc.ElementFlags.Variable
    ? undefined
    : types.checker.getTypeArguments(type as ts.TypeReference).length;
}

/** The promise-returning `x` beside an `xSync`: on the same receiver, or exported by the module that declares it. */
function twinOf(tsc: TypeScript, types: Types, callee: ts.Node): TwinAnswer | undefined {
  const { checker } = types;
  const nameNode = tsc.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!tsc.isIdentifier(nameNode) || !nameNode.text.endsWith('Sync')) return undefined;
  const symbol = checker.getSymbolAtLocation(nameNode);
  const original = symbol && symbol.flags & tsc.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const name = (original?.name ?? nameNode.text).replace(/Sync$/, '');
  const returnsThenable = (candidate: ts.Symbol | undefined) => {
    if (!candidate) return false;
    const target = candidate.flags & tsc.SymbolFlags.Alias ? checker.getAliasedSymbol(candidate) : candidate;
    return types.returnsThenable(checker.getTypeOfSymbolAtLocation(target, callee), callee);
  };
  if (tsc.isPropertyAccessExpression(callee)) {
    const member = checker.getPropertyOfType(checker.getTypeAtLocation(callee.expression), name);
    return returnsThenable(member) ? { name, from: 'receiver', module: undefined } : undefined;
  }
  const specifier = symbol?.declarations?.find((d) => tsc.isImportSpecifier(d));
  if (!specifier || !tsc.isImportSpecifier(specifier)) return undefined;
  const { moduleSpecifier } = specifier.parent.parent.parent;
  const module = checker.getSymbolAtLocation(moduleSpecifier);
  const sibling = module && checker.getExportsOfModule(module).find((s) => s.name === name);
  return returnsThenable(sibling) && tsc.isStringLiteral(moduleSpecifier)
    ? { name, from: 'module', module: moduleSpecifier.text }
    : undefined;
}
