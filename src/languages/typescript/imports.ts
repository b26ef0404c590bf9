import type ts from 'typescript';
import type { Value } from '../../core/facts';

type TypeScript = typeof ts;

/** What one import statement brings in: `imported` is `*` for the whole module, `default` for its default export. */
export interface Import {
  readonly module: string;
  readonly names: readonly { readonly local: ts.Identifier; readonly imported: string }[];
}

/** Reads `import … from '…'` and `import … = require('…')`; undefined for `import a = b.c`. */
export function importOf(
  tsc: TypeScript,
  node: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
): Import | undefined {
  if (tsc.isImportEqualsDeclaration(node)) {
    const { moduleReference: reference } = node;
    if (!tsc.isExternalModuleReference(reference) || !tsc.isStringLiteral(reference.expression))
      return undefined;
    return { module: reference.expression.text, names: [{ local: node.name, imported: '*' }] };
  }
  const { moduleSpecifier, importClause } = node;
  if (!tsc.isStringLiteral(moduleSpecifier)) return undefined;
  const names: { local: ts.Identifier; imported: string }[] = [];
  if (importClause?.name) names.push({ local: importClause.name, imported: 'default' });
  const bindings = importClause?.namedBindings;
  if (bindings && tsc.isNamespaceImport(bindings)) names.push({ local: bindings.name, imported: '*' });
  else if (bindings) {
    for (const { name, propertyName } of bindings.elements)
      names.push({ local: name, imported: (propertyName ?? name).text });
  }
  return { module: moduleSpecifier.text, names };
}

/** Reads `export … from '…'` (a module) and `export { … }` (names of this file). */
export function exportOf(
  tsc: TypeScript,
  node: ts.ExportDeclaration,
): { readonly module: string | undefined; readonly names: readonly string[] } {
  const { moduleSpecifier, exportClause } = node;
  if (moduleSpecifier) {
    return { module: tsc.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined, names: [] };
  }
  const elements = exportClause && tsc.isNamedExports(exportClause) ? exportClause.elements : [];
  return { module: undefined, names: elements.map(({ name, propertyName }) => (propertyName ?? name).text) };
}

/** The module of `require('…')`, seen through the helpers that compilers put around it. */
export function importedByRequire(value: Value): string | undefined {
  if (value.kind !== 'call') return undefined;
  const { callee, args } = value;
  const [first] = args;
  const name = callee.kind === 'name' ? callee.text : callee.kind === 'member' ? callee.name : undefined;
  if (first?.value.kind === 'call' && name !== undefined && INTEROP_HELPER.test(name))
    return importedByRequire(first.value);
  if (callee.kind !== 'name' || callee.text !== 'require') return undefined;
  return first?.value.kind === 'literal' && typeof first.value.value === 'string'
    ? first.value.value
    : undefined;
}

const INTEROP_HELPER = /^_*(?:importDefault|importStar|interop_?require_?(?:default|wildcard))$/i;

/** The property that a name of a destructuring pattern is taken from. */
export function destructuredName(tsc: TypeScript, pattern: ts.BindingName, local: string): string {
  if (tsc.isObjectBindingPattern(pattern)) {
    for (const element of pattern.elements) {
      if (!tsc.isIdentifier(element.name) || element.name.text !== local) continue;
      const { propertyName: property } = element;
      return property && tsc.isIdentifier(property) ? property.text : local;
    }
  }
  return local;
}
