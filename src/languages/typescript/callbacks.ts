import type ts from 'typescript';
import type { CallbackAnswer } from '../../core/questions';
import { moduleOf } from './declarations';
import { tri, type Types } from './types';

type TypeScript = typeof ts;

const NOWHERE: CallbackAnswer = { returnsPromise: 'unknown', expectsVoid: 'no', place: undefined };
const NO_PROMISE: CallbackAnswer = { returnsPromise: 'no', expectsVoid: 'unknown', place: undefined };

/**
 * Whether a function value that returns a promise is given where a `void` function is expected.
 * @param twin another place at which the same thing is named, for all such places to share what is asked about it.
 */
export function callbackAt(tsc: TypeScript, types: Types, node: ts.Node, twin = node): CallbackAnswer {
  const { checker } = types;
  let outer = node;
  while (passesOn(tsc, outer.parent, outer)) outer = outer.parent;
  const { parent } = outer;
  if (expectsNothing(tsc, parent, outer)) return NOWHERE;
  if (isDeclaredOtherwise(tsc, types, node, twin)) return NO_PROMISE;
  const own = types.typeAt(node);
  if (types.isUnknown(own)) return NOWHERE;
  // Cheaper than looking at what the place expects, and false nearly everywhere.
  if (!types.returnsThenable(own, node)) return NO_PROMISE;
  const answer = (place: CallbackAnswer['place'], expected: ts.Type | undefined): CallbackAnswer => {
    if (!expected || !types.expectsVoid(expected, node))
      return { returnsPromise: 'yes', expectsVoid: 'no', place };
    return { returnsPromise: 'yes', expectsVoid: 'yes', place, expected: nameOf(tsc, types, expected) };
  };

  if ((tsc.isCallExpression(parent) || tsc.isNewExpression(parent)) && outer !== parent.expression) {
    const index = parent.arguments?.indexOf(outer as ts.Expression) ?? -1;
    return {
      returnsPromise: 'yes',
      expectsVoid: tri(voidParameters(tsc, types, parent).has(index)),
      place: 'argument',
    };
  }
  if (tsc.isVariableDeclaration(parent)) {
    return answer('variable', parent.type && checker.getTypeFromTypeNode(parent.type));
  }
  if (tsc.isBinaryExpression(parent) && parent.right === outer) {
    return answer('variable', checker.getTypeAtLocation(parent.left));
  }
  if (tsc.isPropertyAssignment(parent)) return answer('property', contextual(types, outer));
  if (tsc.isShorthandPropertyAssignment(parent)) {
    return answer('property', checker.getContextualType(parent.name));
  }
  if (tsc.isObjectLiteralExpression(parent) && tsc.isMethodDeclaration(node)) {
    return methodOfLiteral(tsc, types, node, parent);
  }
  if (tsc.isReturnStatement(parent) || (tsc.isArrowFunction(parent) && parent.body === outer)) {
    return answer('return', contextual(types, outer));
  }
  if (tsc.isJsxExpression(parent)) return answer('attribute', contextual(types, outer));
  return NOWHERE;
}

/** Whether the place shows by its form that no function is expected there: nearly every declaration and `return`. */
function expectsNothing(tsc: TypeScript, parent: ts.Node, child: ts.Node): boolean {
  if (tsc.isVariableDeclaration(parent)) return !mayBeFunctionType(tsc, parent.type);
  if (tsc.isBinaryExpression(parent) && parent.right === child)
    return parent.operatorToken.kind !== tsc.SyntaxKind.EqualsToken;
  if (!tsc.isReturnStatement(parent)) return false;
  // There a comment may say what is returned.
  if (/\.[cm]?jsx?$/.test(parent.getSourceFile().fileName)) return false;
  const fn = functionAround(tsc, parent);
  if (!fn) return true;
  // What a function expression or a method of a literal is to return may come from the place it stands in.
  const isDeclared =
    tsc.isFunctionDeclaration(fn) ||
    (tsc.isMethodDeclaration(fn) && !tsc.isObjectLiteralExpression(fn.parent));
  return fn.type || isDeclared ? !mayBeFunctionType(tsc, fn.type) : false;
}

function functionAround(tsc: TypeScript, node: ts.Node): ts.SignatureDeclaration | undefined {
  for (let at: ts.Node = node; !tsc.isSourceFile(at); at = at.parent) if (tsc.isFunctionLike(at)) return at;
  return undefined;
}

/** False where a type as written, or its absence, is certainly no function. */
function mayBeFunctionType(tsc: TypeScript, type: ts.TypeNode | undefined): boolean {
  if (!type || tsc.isArrayTypeNode(type) || tsc.isTupleTypeNode(type) || tsc.isLiteralTypeNode(type))
    return false;
  if (tsc.isTypeReferenceNode(type))
    return !(tsc.isIdentifier(type.typeName) && type.typeName.text === 'Promise');
  const { VoidKeyword, StringKeyword, NumberKeyword, BooleanKeyword } = tsc.SyntaxKind;
  return ![VoidKeyword, StringKeyword, NumberKeyword, BooleanKeyword].some((kind) => kind === type.kind);
}

function nameOf(tsc: TypeScript, types: Types, type: ts.Type): CallbackAnswer['expected'] {
  const [part = type] = types.constituents(type).filter((one) => one.getCallSignatures().length > 0);
  const symbol = type.aliasSymbol ?? part.aliasSymbol ?? part.getSymbol();
  const declaration = symbol?.declarations?.[0];
  return declaration && { name: symbol.name, module: moduleOf(tsc, types, declaration) };
}

/** True where a name is declared with a type that has no promise-returning signature. */
function isDeclaredOtherwise(tsc: TypeScript, types: Types, node: ts.Node, twin: ts.Node): boolean {
  const symbol = types.declaredSymbol(node, twin);
  const { Enum, EnumMember } = tsc.SymbolFlags;
  if (!symbol) return false;
  // Whose type need not be asked for.
  if (symbol.flags & (Enum | EnumMember)) return true;
  const declared = types.checker.getTypeOfSymbol(symbol);
  return !types.isUnknown(declared) && !types.returnsThenable(declared, node);
}

/** Parentheses, and the arms of a choice between functions. */
function passesOn(tsc: TypeScript, parent: ts.Node, child: ts.Node): boolean {
  if (tsc.isConditionalExpression(parent)) return parent.condition !== child;
  if (!tsc.isBinaryExpression(parent)) return tsc.isParenthesizedExpression(parent);
  const { kind } = parent.operatorToken;
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = tsc.SyntaxKind;
  if (kind === AmpersandAmpersandToken) return parent.right === child;
  return kind === BarBarToken || kind === QuestionQuestionToken;
}

function contextual(types: Types, node: ts.Node): ts.Type | undefined {
  return types.checker.getContextualType(node as ts.Expression);
}

function methodOfLiteral(
  tsc: TypeScript,
  types: Types,
  method: ts.MethodDeclaration,
  literal: ts.ObjectLiteralExpression,
): CallbackAnswer {
  const expected = types.checker.getContextualType(literal);
  if (!expected || tsc.isComputedPropertyName(method.name)) return NOWHERE;
  const name = method.name.getText();
  const [member] = types
    .constituents(expected)
    .map((part) => types.checker.getPropertyOfType(part, name))
    .filter((property) => property !== undefined);
  if (!member) return NOWHERE;
  const type = types.checker.getTypeOfSymbolAtLocation(member, method);
  return { returnsPromise: 'yes', expectsVoid: tri(types.expectsVoid(type, method)), place: 'property' };
}

/** Indices of arguments whose parameter is a `void` function in some overload and a promise-returning one in none. */
function voidParameters(
  tsc: TypeScript,
  types: Types,
  call: ts.CallExpression | ts.NewExpression,
): Set<number> {
  const { checker } = types;
  const thenable = new Set<number>();
  const ignoring = new Set<number>();
  const consider = (type: ts.Type, index: number) => {
    if (types.returnsThenable(type, call.expression)) thenable.add(index);
    else if (types.expectsVoid(type, call.expression)) ignoring.add(index);
  };
  const count = call.arguments?.length ?? 0;
  for (const part of types.constituents(checker.getTypeAtLocation(call.expression))) {
    const signatures = tsc.isCallExpression(call) ? part.getCallSignatures() : part.getConstructSignatures();
    for (const signature of signatures) {
      for (const [index, parameter] of signature.parameters.entries()) {
        const declaration = parameter.valueDeclaration;
        const type = checker.getTypeOfSymbolAtLocation(parameter, call.expression);
        if (declaration && tsc.isParameter(declaration) && declaration.dotDotDotToken) {
          const elements = checker.getTypeArguments(type as ts.TypeReference);
          if (checker.isTupleType(type)) {
            for (let i = index; i < count; i++) {
              const element = elements[i - index];
              if (element) consider(element, i);
            }
          } else if (checker.isArrayType(type) && elements[0]) {
            for (let i = index; i < count; i++) consider(elements[0], i);
          }
        } else if (index < count) {
          consider(type, index);
        }
      }
    }
  }
  for (const index of thenable) ignoring.delete(index);
  return ignoring;
}

/** `close() { throw new Error('not implemented'); }`: what it returns is up to those who override it. */
function isUnfinished(tsc: TypeScript, declaration: ts.Declaration | undefined): boolean {
  if (!declaration || !tsc.isMethodDeclaration(declaration) || declaration.type) return false;
  const [only, ...others] = declaration.body?.statements ?? [];
  return only !== undefined && others.length === 0 && tsc.isThrowStatement(only);
}

/** Whether an async method overrides or implements one that is declared to return `void`. */
export function overrideOf(tsc: TypeScript, types: Types, node: ts.Node): CallbackAnswer {
  const { checker } = types;
  // A field that holds a function stands for a method.
  const member = tsc.isMethodDeclaration(node) ? node : node.parent;
  const owner = member.parent as ts.Node | undefined;
  if (!owner || !tsc.isClassLike(owner) || !owner.heritageClauses) return NOWHERE;
  if (
    !(tsc.isMethodDeclaration(member) || tsc.isPropertyDeclaration(member)) ||
    tsc.isComputedPropertyName(member.name)
  ) {
    return NOWHERE;
  }
  if (!types.returnsThenable(checker.getTypeAtLocation(member), node))
    return { ...NOWHERE, returnsPromise: 'no' };
  for (const clause of owner.heritageClauses) {
    for (const base of clause.types) {
      const inherited = checker.getPropertyOfType(checker.getTypeAtLocation(base), member.name.getText());
      if (!inherited || isUnfinished(tsc, inherited.valueDeclaration)) continue;
      const type = checker.getTypeOfSymbolAtLocation(inherited, node);
      if (types.expectsVoid(type, node))
        return { returnsPromise: 'yes', expectsVoid: 'yes', place: 'method' };
    }
  }
  return { returnsPromise: 'yes', expectsVoid: 'no', place: 'method' };
}
