import type ts from 'typescript';
import type { Span } from '../../core/text';
import { declarationOf } from './declarations';
import { Types } from './types';

type TypeScript = typeof ts;

/** What a hover can be about: the names under which a concept page may list it, most specific first. */
export interface Anchor {
  readonly span: Span;
  readonly names: readonly string[];
}

/**
 * Resolves the async word or API at an offset. Names are resolved through types and imports, never matched by text: a
 * local object that happens to be called `Promise` has no anchor.
 */
export function anchorAt(
  tsc: TypeScript,
  program: ts.Program,
  sourceFile: ts.SourceFile,
  offset: number,
): Anchor | undefined {
  const token = tokenAt(tsc, sourceFile, offset);
  if (!token) return undefined;
  const span = { start: token.getStart(sourceFile), end: token.end };
  if (!tsc.isIdentifier(token)) {
    const names = keywordNames(tsc, token).map((name) => `keyword:${name}`);
    return names.length > 0 ? { span, names } : undefined;
  }
  const types = new Types(tsc, program, program.getTypeChecker());
  const names = new Set<string>();
  const { parent } = token;
  const isMember = tsc.isPropertyAccessExpression(parent) && parent.name === token;
  const declaration = declarationOf(tsc, types, isMember ? parent : token);
  if (declaration?.module !== undefined) {
    for (const name of namesOf(declaration.module, declaration.path)) names.add(name);
  }
  // `navigator.locks.request` is known by how it is reached, and a package without types only by its import.
  const textual = textualPath(tsc, types, isMember ? parent : token);
  if (textual !== undefined) names.add(textual);
  return names.size > 0 ? { span, names: [...names] } : undefined;
}

/** What a keyword, or the star of a generator, stands for at a place, most specific first. */
function keywordNames(tsc: TypeScript, { kind, parent }: ts.Node): string[] {
  switch (kind) {
    case tsc.SyntaxKind.AwaitKeyword:
      if (tsc.isForOfStatement(parent)) return ['for await', 'await'];
      return tsc.isVariableDeclarationList(parent) ? ['await using', 'await'] : ['await'];
    case tsc.SyntaxKind.UsingKeyword: {
      // `await using` is the two flags of `using` and `const` together.
      const awaits: number = tsc.NodeFlags.AwaitUsing;
      return (parent.flags & awaits) === awaits ? ['await using', 'using'] : ['using'];
    }
    case tsc.SyntaxKind.AsyncKeyword:
      return isGenerator(tsc, parent) ? ['async function*', 'async'] : ['async'];
    case tsc.SyntaxKind.FunctionKeyword:
    case tsc.SyntaxKind.AsteriskToken:
      if (!isGenerator(tsc, parent)) return [];
      return isAsync(tsc, parent) ? ['async function*', 'function*'] : ['function*'];
    case tsc.SyntaxKind.YieldKeyword: {
      let holder = parent;
      while (!tsc.isFunctionLike(holder) && !tsc.isSourceFile(holder)) holder = holder.parent;
      return isAsync(tsc, holder) ? ['async yield', 'yield'] : ['yield'];
    }
    default:
      return [];
  }
}

function isGenerator(tsc: TypeScript, node: ts.Node): boolean {
  return tsc.isFunctionLike(node) && 'asteriskToken' in node && node.asteriskToken !== undefined;
}

function isAsync(tsc: TypeScript, node: ts.Node): boolean {
  return (
    tsc.canHaveModifiers(node) &&
    (tsc.getModifiers(node)?.some(({ kind }) => kind === tsc.SyntaxKind.AsyncKeyword) ?? false)
  );
}

function namesOf(module: string, path: string): string[] {
  if (module === '') {
    const [first, ...rest] = path.split('.');
    return rest.length === 1 ? [path, `${first ?? ''}.prototype.${rest[0] ?? ''}`] : [path];
  }
  const parts = path.split('.');
  if (parts[0] === 'default') return [[module, ...parts.slice(1)].join('.')];
  const names = [`${module}.${path}`];
  // A member of a class that is the package's default export is listed without the class's name.
  if (parts.length > 1) names.push([module, ...parts.slice(1)].join('.'));
  else names.push(module);
  return names;
}

/** The dotted path as written, where it starts at a global or an import. */
function textualPath(tsc: TypeScript, types: Types, node: ts.Expression): string | undefined {
  if (tsc.isPropertyAccessExpression(node)) {
    const object = textualPath(tsc, types, node.expression);
    return object === undefined ? undefined : `${object}.${node.name.text}`;
  }
  if (!tsc.isIdentifier(node)) return undefined;
  const symbol = types.checker.getSymbolAtLocation(node);
  const declaration = symbol?.declarations?.[0];
  if (!declaration) return undefined;
  // `process` is a global of Node's types, whose members belong to an interface of another name.
  if (types.isFromDefaultLibrary(symbol) || declarationOf(tsc, types, node)?.module === '') return node.text;
  const module = moduleSpecifierOf(tsc, declaration);
  if (module === undefined) return undefined;
  if (tsc.isImportSpecifier(declaration))
    return `${module}.${(declaration.propertyName ?? declaration.name).text}`;
  return module;
}

function moduleSpecifierOf(tsc: TypeScript, declaration: ts.Declaration): string | undefined {
  let node: ts.Node = declaration;
  while (!tsc.isImportDeclaration(node)) {
    if (tsc.isSourceFile(node) || tsc.isStatement(node)) return undefined;
    node = node.parent;
  }
  return tsc.isStringLiteral(node.moduleSpecifier) && !node.moduleSpecifier.text.startsWith('.')
    ? node.moduleSpecifier.text.replace(/^node:/, '')
    : undefined;
}

function tokenAt(tsc: TypeScript, sourceFile: ts.SourceFile, offset: number): ts.Node | undefined {
  let node: ts.Node = sourceFile;
  for (;;) {
    const child: ts.Node | undefined = node
      .getChildren(sourceFile)
      .find((c) => c.getStart(sourceFile) <= offset && offset < c.end && c.kind !== tsc.SyntaxKind.JSDoc);
    if (!child) return node === sourceFile || node.getChildCount(sourceFile) > 0 ? undefined : node;
    node = child;
  }
}
