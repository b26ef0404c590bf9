import type ts from 'typescript';
import type { Edit } from '../../../core/finding';
import type { Dependency } from '../manifest';

type TypeScript = typeof ts;

/** How a file takes one module in. */
interface ModuleImport {
  readonly statement: ts.Statement;
  readonly specifier: ts.StringLiteralLike;
  readonly style: 'import' | 'require';
  /** Name of the module as a whole: namespace, default import, `const fs = require('fs')`. */
  readonly whole: string | undefined;
  /** Exported name to local name. */
  readonly named: ReadonlyMap<string, string>;
  /** The elements between the braces, where there are some. */
  readonly elements: ts.NodeArray<ts.ImportSpecifier> | ts.NodeArray<ts.BindingElement> | undefined;
}

/** Where a repair takes a name from: what to write for it, and the edits that import it where it is missing. */
export interface Imported {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** The imports of one file, and edits that add to them in the style the file has. */
export class Imports {
  private readonly modules: readonly ModuleImport[];

  constructor(
    private readonly tsc: TypeScript,
    private readonly sourceFile: ts.SourceFile,
  ) {
    this.modules = sourceFile.statements.flatMap((statement) => this.read(statement));
  }

  /** The module a local name is imported from, and the exported name (`*` for the whole module). */
  originOf(local: string): { readonly module: string; readonly name: string } | undefined {
    for (const { specifier, whole, named } of this.modules) {
      if (whole === local) return { module: specifier.text, name: '*' };
      for (const [name, alias] of named) if (alias === local) return { module: specifier.text, name };
    }
    return undefined;
  }

  /**
   * What to write for an export of a module.
   * @param near module beside whose import a new one is put, in its style.
   */
  use(module: string, name: string, near = module): Imported {
    const existing = this.of(module);
    const local = existing.find((m) => m.named.has(name))?.named.get(name);
    if (local !== undefined) return { text: local, edits: [] };
    const whole = existing.find((m) => m.whole !== undefined)?.whole;
    if (whole !== undefined) return { text: `${whole}.${name}`, edits: [] };
    if (bare(module) === 'fs/promises') {
      const fs = this.of('fs');
      const promises = fs.find((m) => m.named.has('promises'))?.named.get('promises');
      if (promises !== undefined) return { text: `${promises}.${name}`, edits: [] };
      const namespace = fs.find((m) => m.whole !== undefined)?.whole;
      if (namespace !== undefined) return { text: `${namespace}.promises.${name}`, edits: [] };
    }
    const free = this.freeName(name);
    const open = existing.find((m) => m.elements && m.elements.length > 0);
    const edit = open?.elements
      ? this.addTo(open.elements, open.style, name, free)
      : this.newImport(module, name, free, near);
    return { text: free, edits: [edit] };
  }

  /**
   * What to write for the default export of a module.
   * @param local name for it where it is not imported yet.
   */
  useDefault(module: string, local: string): Imported {
    const [existing] = this.of(module).filter((m) => m.whole !== undefined);
    if (existing?.whole !== undefined) return { text: existing.whole, edits: [] };
    const free = this.freeName(local);
    const style = this.style();
    const line =
      style.kind === 'import'
        ? `import ${free} from ${style.quote}${module}${style.quote}${style.end}`
        : `const ${free} = require(${style.quote}${module}${style.quote})${style.end}`;
    return { text: free, edits: [this.insertLine(line, this.modules[this.modules.length - 1])] };
  }

  /** Whether the file's way of importing can take a package in: `require` cannot where there is no CommonJS form. */
  canTake(module: string, dependency: Dependency | undefined): boolean {
    return this.style().kind === 'import' || dependency?.isModuleOnly !== true || this.of(module).length > 0;
  }

  /** A name that stands nowhere in the file: the given one or one derived from it. */
  freeName(name: string): string {
    const isTaken = (candidate: string) =>
      new RegExp(`(?<![.\\w$])${candidate}(?![\\w$])`, 'u').test(this.sourceFile.text);
    for (const candidate of [name, `${name}Async`]) if (!isTaken(candidate)) return candidate;
    for (let i = 2; ; i++) if (!isTaken(`${name}${i}`)) return `${name}${i}`;
  }

  private of(module: string): ModuleImport[] {
    return this.modules.filter((m) => bare(m.specifier.text) === bare(module));
  }

  private read(statement: ts.Statement): ModuleImport[] {
    const { tsc } = this;
    if (tsc.isImportDeclaration(statement)) {
      const { moduleSpecifier: specifier, importClause: clause } = statement;
      // Deprecated in favour of `phaseModifier`, which older versions do not have.
      const isTypeOnly = (clause as { isTypeOnly?: boolean } | undefined)?.isTypeOnly === true;
      if (!tsc.isStringLiteral(specifier) || !clause || isTypeOnly) return [];
      const { namedBindings } = clause;
      const named = new Map<string, string>();
      let whole = clause.name?.text;
      if (namedBindings && tsc.isNamespaceImport(namedBindings)) whole = namedBindings.name.text;
      const elements =
        namedBindings && tsc.isNamedImports(namedBindings) ? namedBindings.elements : undefined;
      for (const element of elements ?? []) {
        if (!element.isTypeOnly) named.set((element.propertyName ?? element.name).text, element.name.text);
      }
      return [{ statement, specifier, style: 'import', whole, named, elements }];
    }
    if (
      tsc.isImportEqualsDeclaration(statement) &&
      tsc.isExternalModuleReference(statement.moduleReference)
    ) {
      const { expression: specifier } = statement.moduleReference;
      if (!tsc.isStringLiteral(specifier)) return [];
      return [
        {
          statement,
          specifier,
          style: 'import',
          whole: statement.name.text,
          named: new Map(),
          elements: undefined,
        },
      ];
    }
    if (!tsc.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap((declaration): ModuleImport[] => {
      const { initializer, name } = declaration;
      if (!initializer || !tsc.isCallExpression(initializer)) return [];
      const [specifier] = initializer.arguments;
      const isRequire = tsc.isIdentifier(initializer.expression) && initializer.expression.text === 'require';
      if (!isRequire || !specifier || !tsc.isStringLiteralLike(specifier)) return [];
      if (tsc.isIdentifier(name)) {
        return [
          { statement, specifier, style: 'require', whole: name.text, named: new Map(), elements: undefined },
        ];
      }
      if (!tsc.isObjectBindingPattern(name)) return [];
      const named = new Map<string, string>();
      for (const { propertyName, name: local } of name.elements) {
        if (!tsc.isIdentifier(local)) continue;
        named.set(
          propertyName && tsc.isIdentifier(propertyName) ? propertyName.text : local.text,
          local.text,
        );
      }
      return [{ statement, specifier, style: 'require', whole: undefined, named, elements: name.elements }];
    });
  }

  private addTo(
    elements: ts.NodeArray<ts.Node>,
    style: 'import' | 'require',
    name: string,
    local: string,
  ): Edit {
    const { text, fileName: file } = this.sourceFile;
    const last = elements[elements.length - 1] ?? elements[0];
    const end = last?.end ?? elements.pos;
    const start = last?.getStart(this.sourceFile) ?? elements.pos;
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const indent = text.slice(lineStart, start);
    // One element per line stays one per line.
    const separator = indent.trim() === '' && lineStart > elements.pos ? `,${this.newLine()}${indent}` : ', ';
    return {
      file,
      span: { start: end, end },
      newText: `${separator}${aliased(name, local, style)}`,
    };
  }

  private newImport(module: string, name: string, local: string, near: string): Edit {
    const neighbour = this.of(near)[0] ?? this.modules[this.modules.length - 1];
    const style = this.style(neighbour);
    const plain = bare(module);
    const specifier = `${style.quote}${style.nodePrefix && plain !== near ? `node:${plain}` : module}${style.quote}`;
    const names = aliased(name, local, style.kind);
    const line =
      style.kind === 'import'
        ? `import { ${names} } from ${specifier}${style.end}`
        : `const { ${names} } = require(${specifier})${style.end}`;
    return this.insertLine(line, neighbour);
  }

  private insertLine(line: string, after: ModuleImport | undefined): Edit {
    const { fileName: file, statements } = this.sourceFile;
    if (after) {
      const { end } = after.statement;
      return { file, span: { start: end, end }, newText: `${this.newLine()}${line}` };
    }
    const first = statements.find((s) => !this.isDirective(s));
    const at = first?.getStart(this.sourceFile, true) ?? this.sourceFile.end;
    return { file, span: { start: at, end: at }, newText: `${line}${this.newLine()}` };
  }

  private isDirective(statement: ts.Statement): boolean {
    return this.tsc.isExpressionStatement(statement) && this.tsc.isStringLiteral(statement.expression);
  }

  private style(neighbour: ModuleImport | undefined = this.modules[this.modules.length - 1]) {
    const { text } = this.sourceFile;
    if (!neighbour) {
      const isScript =
        !this.tsc.isExternalModule(this.sourceFile) && /\bmodule\.exports\b|\brequire\(/u.test(text);
      return {
        kind: isScript ? ('require' as const) : ('import' as const),
        quote: "'",
        end: ';',
        nodePrefix: true,
      };
    }
    const { statement, specifier, style } = neighbour;
    return {
      kind: style,
      quote: text.charAt(specifier.getStart(this.sourceFile)),
      end: statement.getText(this.sourceFile).endsWith(';') ? ';' : '',
      nodePrefix: specifier.text.startsWith('node:'),
    };
  }

  private newLine(): string {
    return this.sourceFile.text.includes('\r\n') ? '\r\n' : '\n';
  }
}

function bare(module: string): string {
  return module.replace(/^node:/, '');
}

function aliased(name: string, local: string, style: 'import' | 'require'): string {
  if (name === local) return name;
  return style === 'import' ? `${name} as ${local}` : `${name}: ${local}`;
}
