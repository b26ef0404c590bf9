import { existsSync, readFileSync } from 'node:fs';
import type ts from 'typescript';
import type { Ast, NativeTypeScript } from './typescript';

/**
 * What lowering, the oracle and the repairs use of the classic `ts`, made of the native TypeScript's own parts: its
 * enums with their own numbers, its guards, and stand-ins for the few names that it lacks.
 */
export function namespaceOf({ api, ast }: NativeTypeScript): typeof ts {
  const { SyntaxKind: K, NodeFlags } = ast;
  const isOneOf = (kinds: readonly Ast.SyntaxKind[]) => {
    const set = new Set(kinds);
    return (node: Ast.Node | undefined) => node !== undefined && set.has(node.kind);
  };
  const { SymbolFlags, TypeFlags, ElementFlags, ModuleKind, ModifierFlags, ObjectFlags } = api;
  const standIns = {
    // The same names, kept apart by the client.
    ...{ SymbolFlags, TypeFlags, ElementFlags, ModuleKind, ModifierFlags, ObjectFlags },
    InternalSymbolName: { Call: '__call' },
    versionMajorMinor: '7.0',
    forEachChild: <T>(node: Ast.Node, action: (child: Ast.Node) => T | undefined) =>
      node.forEachChild(action),
    isClassLike: isOneOf([K.ClassDeclaration, K.ClassExpression]),
    isFunctionLike: isOneOf([
      K.FunctionDeclaration,
      K.MethodDeclaration,
      K.Constructor,
      K.GetAccessor,
      K.SetAccessor,
      K.FunctionExpression,
      K.ArrowFunction,
      K.MethodSignature,
      K.CallSignature,
      K.JSDocSignature,
      K.ConstructSignature,
      K.IndexSignature,
      K.FunctionType,
      K.ConstructorType,
    ]),
    isCaseOrDefaultClause: isOneOf([K.CaseClause, K.DefaultClause]),
    isIterationStatement: isOneOf([
      K.DoStatement,
      K.WhileStatement,
      K.ForStatement,
      K.ForInStatement,
      K.ForOfStatement,
    ]),
    isStringLiteralLike: isOneOf([K.StringLiteral, K.NoSubstitutionTemplateLiteral]),
    isParameter: ast.isParameterDeclaration,
    isTypeAssertionExpression: ast.isTypeAssertion,
    // A hole in a pattern is a binding element without a name here.
    isOmittedExpression: (node: Ast.Node) =>
      ast.isOmittedExpression(node) || (ast.isBindingElement(node) && isMissing(node.name)),
    canHaveDecorators: isOneOf([
      K.Parameter,
      K.PropertyDeclaration,
      K.MethodDeclaration,
      K.GetAccessor,
      K.SetAccessor,
      K.ClassExpression,
      K.ClassDeclaration,
    ]),
    getDecorators: (node: { readonly modifiers?: readonly Ast.Node[] }) =>
      node.modifiers?.filter((modifier) => ast.isDecorator(modifier)),
    getCombinedNodeFlags: (node: Ast.Node): Ast.NodeFlags => {
      let flags = node.flags;
      let current = node;
      for (const isPart of [ast.isVariableDeclaration, ast.isVariableDeclarationList]) {
        if (!isPart(current)) continue;
        current = current.parent;
        flags |= current.flags;
      }
      return flags;
    },
    // Here the parser puts types of comments where those of TypeScript are.
    getJSDocReturnType: () => undefined,
    NodeFlags,
    sys: {
      fileExists: (path: string) => existsSync(path),
      readFile: (path: string) => readFileSync(path, 'utf8'),
    },
  };
  return { ...ast, ...standIns } as unknown as typeof ts;
}

function isMissing(node: unknown): boolean {
  return node === undefined;
}
