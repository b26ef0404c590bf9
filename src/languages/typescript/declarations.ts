import type ts from 'typescript';
import type { DeclarationAnswer, Tri } from '../../core/questions';
import type { Types } from './types';

type TypeScript = typeof ts;

/**
 * Finds the declaration a callee stands for, through imports, re-exports and aliases.
 * @param node the callee expression (or any name).
 * @param twin another place at which the same thing is named.
 */
export function declarationOf(
  tsc: TypeScript,
  types: Types,
  node: ts.Node,
  twin = node,
): DeclarationAnswer | undefined {
  const { checker } = types;
  const through = new Set<string>();
  const named = resolve(tsc, checker, checker.getSymbolAtLocation(nameOf(tsc, twin)), through);
  const symbol = named && (libraryMember(tsc, checker, named) ?? named);
  const declaration = symbol && bestDeclaration(tsc, symbol);
  if (!symbol || !declaration) return undefined;
  const file = declaration.getSourceFile();
  const module = moduleOf(tsc, types, declaration);
  const body = bodyOf(tsc, checker, declaration, through);
  return {
    module,
    path: qualifiedName(tsc, symbol, declaration),
    file: body?.getSourceFile().fileName ?? file.fileName,
    start: body?.getStart(),
    // Types cost far more than declarations, and few who ask for one want the other.
    get returnsPromise() {
      return returnsPromise(types, symbol, declaration, node);
    },
    through: [...through],
  };
}

function nameOf(tsc: TypeScript, node: ts.Node): ts.Node {
  if (tsc.isPropertyAccessExpression(node)) return node.name;
  if (tsc.isElementAccessExpression(node)) return node.argumentExpression;
  return node;
}

function resolve(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  symbol: ts.Symbol | undefined,
  through: Set<string>,
): ts.Symbol | undefined {
  let current = symbol;
  // Each step may be a re-export in a file of its own; remember them all.
  for (let steps = 0; current && current.flags & tsc.SymbolFlags.Alias && steps < 20; steps++) {
    for (const declaration of current.declarations ?? []) through.add(declaration.getSourceFile().fileName);
    const target = immediateAlias(checker, current) ?? checker.getAliasedSymbol(current);
    if (target === current) return undefined;
    current = target;
  }
  const property = current?.valueDeclaration;
  if (!property || !tsc.isShorthandPropertyAssignment(property)) return current;
  // What CommonJS exports is an alias for one version of TypeScript, and `{ save }` the property of an object for another.
  const value = checker.getShorthandAssignmentValueSymbol(property);
  return value && value !== current ? resolve(tsc, checker, value, through) : current;
}

/** The member of a library's type that a name is taken out of by destructuring: `const { refetch } = useQuery(…)`. */
function libraryMember(tsc: TypeScript, checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol | undefined {
  const element = symbol.valueDeclaration;
  if (!element || !tsc.isBindingElement(element) || element.initializer || element.dotDotDotToken)
    return undefined;
  const { parent } = element;
  const name = element.propertyName ?? element.name;
  if (!tsc.isObjectBindingPattern(parent) || !tsc.isIdentifier(name)) return undefined;
  if (!tsc.isVariableDeclaration(parent.parent)) return undefined;
  const member = checker.getPropertyOfType(checker.getTypeAtLocation(parent), name.text);
  return member?.declarations?.[0]?.getSourceFile().isDeclarationFile ? member : undefined;
}

function immediateAlias(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol | undefined {
  // The `default` that `import()` makes of `export =` has none, and the checker fails on it.
  if (!symbol.declarations?.length) return undefined;
  // Internal before 5.x made it public under the same name.
  const get = (checker as { getImmediateAliasedSymbol?: (s: ts.Symbol) => ts.Symbol | undefined })
    .getImmediateAliasedSymbol;
  return get?.call(checker, symbol);
}

function bestDeclaration(tsc: TypeScript, symbol: ts.Symbol): ts.Declaration | undefined {
  const declarations = symbol.declarations ?? [];
  return (
    symbol.valueDeclaration ??
    declarations.find((d) => 'body' in d && d.body !== undefined) ??
    declarations.find((d) => !tsc.isInterfaceDeclaration(d) && !tsc.isTypeAliasDeclaration(d)) ??
    declarations[0]
  );
}

/** The function whose body runs when the declared thing is called or constructed. */
function bodyOf(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  declaration: ts.Declaration,
  through: Set<string>,
  depth = 0,
): ts.Node | undefined {
  if (declaration.getSourceFile().isDeclarationFile || depth > 3) return undefined;
  if (tsc.isFunctionLike(declaration)) {
    if ('body' in declaration && declaration.body) return declaration;
    // An overload: its implementation is another declaration of the same symbol.
    const symbol = declaration.name && checker.getSymbolAtLocation(declaration.name);
    return symbol?.declarations?.find((d) => 'body' in d && d.body !== undefined);
  }
  if (tsc.isClassLike(declaration)) {
    const constructor = declaration.members.find(
      (m) => tsc.isConstructorDeclaration(m) && m.body !== undefined,
    );
    return constructor ?? declaration;
  }
  const isStable =
    tsc.isPropertyDeclaration(declaration) ||
    tsc.isPropertyAssignment(declaration) ||
    (tsc.isVariableDeclaration(declaration) &&
      (tsc.getCombinedNodeFlags(declaration) & tsc.NodeFlags.Const) !== 0);
  if (!isStable) return undefined;
  let initial: ts.Expression | undefined = declaration.initializer;
  while (initial && (tsc.isParenthesizedExpression(initial) || tsc.isAsExpression(initial)))
    initial = initial.expression;
  if (!initial) return undefined;
  if (tsc.isArrowFunction(initial) || tsc.isFunctionExpression(initial)) return initial;
  if (tsc.isIdentifier(initial)) {
    const symbol = resolve(tsc, checker, checker.getSymbolAtLocation(initial), through);
    const next = symbol && bestDeclaration(tsc, symbol);
    return next && bodyOf(tsc, checker, next, through, depth + 1);
  }
  return undefined;
}

/**
 * The package or built-in module that declares something outside the project, empty for globals, undefined for the
 * project's own code.
 */
export function moduleOf(tsc: TypeScript, types: Types, declaration: ts.Node): string | undefined {
  const file = declaration.getSourceFile();
  if (types.program.isSourceFileDefaultLibrary(file)) return '';
  for (let node: ts.Node | undefined = declaration; node; node = node.parent as ts.Node | undefined) {
    if (!tsc.isModuleDeclaration(node)) continue;
    if (tsc.isStringLiteral(node.name)) return node.name.text.replace(/^node:/, '');
    if ((node.flags & tsc.NodeFlags.GlobalAugmentation) !== 0) return '';
  }
  const packageName = packageOf(file.fileName);
  if (packageName === undefined)
    return file.isDeclarationFile && !tsc.isExternalModule(file) ? '' : undefined;
  // A script-style declaration file of an @types package declares globals.
  if (!tsc.isExternalModule(file) && file.isDeclarationFile) return '';
  return packageName;
}

/** `p-limit` of `…/node_modules/p-limit/index.d.ts`; the name without `@types/`; undefined outside node_modules. */
export function packageOf(fileName: string): string | undefined {
  const at = fileName.lastIndexOf('/node_modules/');
  if (at < 0) return undefined;
  const parts = fileName.slice(at + '/node_modules/'.length).split('/');
  const [first = '', second = ''] = parts;
  if (first === '@types') return second.includes('__') ? `@${second.replace('__', '/')}` : second;
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** `Promise.all`, `Database.prepare`, `readFileSync`: the names of the containers inside the module, and its own. */
function qualifiedName(tsc: TypeScript, symbol: ts.Symbol, declaration: ts.Declaration): string {
  const names = [symbol.name];
  for (
    let node = declaration.parent as ts.Node | undefined;
    node;
    node = node.parent as ts.Node | undefined
  ) {
    if ((tsc.isClassLike(node) || tsc.isInterfaceDeclaration(node)) && node.name) {
      // `Promise.all` is declared in `PromiseConstructor`.
      names.unshift(node.name.text.replace(/Constructor$/, ''));
    } else if (tsc.isModuleDeclaration(node) && tsc.isIdentifier(node.name) && node.name.text !== 'global') {
      names.unshift(node.name.text);
    } else if (tsc.isFunctionLike(node)) break;
  }
  return names.join('.');
}

function returnsPromise(types: Types, symbol: ts.Symbol, declaration: ts.Declaration, at: ts.Node): Tri {
  const type = types.checker.getTypeOfSymbolAtLocation(symbol, at);
  if (types.isUnknown(type)) return 'unknown';
  const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
  if (signatures.length === 0) return declaration.getSourceFile().isDeclarationFile ? 'unknown' : 'no';
  let unknown = false;
  for (const signature of signatures) {
    const result = signature.getReturnType();
    if (types.isUnknown(result)) unknown = true;
    else if (types.isSometimesThenable(result, at)) return 'yes';
  }
  return unknown ? 'unknown' : 'no';
}
