import type ts from 'typescript';
import { nameAfter, type Mutable } from '../../core/drafts';
import type { Binding, Block, Handler, Loop, Statement, SwitchCase, Value } from '../../core/facts';
import { FunctionLowering } from './functions-and-classes';
import { destructuredName, exportOf, importedByRequire, importOf } from './imports';

/** Lowers statements. */
export class StatementLowering extends FunctionLowering {
  protected statementsOf(node: ts.Statement): Statement[] {
    const { tsc } = this;
    const { SyntaxKind: K } = tsc;
    switch (node.kind) {
      case K.ExpressionStatement: {
        const { expression } = node as ts.ExpressionStatement;
        return [this.statement(node, { kind: 'expression', value: this.expression(expression) })];
      }
      case K.VariableStatement: {
        const { declarationList, modifiers } = node as ts.VariableStatement;
        if (this.has(modifiers, K.DeclareKeyword)) return [];
        return this.declarations(declarationList, this.has(modifiers, K.ExportKeyword));
      }
      case K.FunctionDeclaration:
        return this.functionDeclaration(node as ts.FunctionDeclaration);
      case K.ClassDeclaration:
        return this.classDeclaration(node as ts.ClassDeclaration);
      case K.ReturnStatement: {
        const { expression } = node as ts.ReturnStatement;
        const value = expression && this.expression(expression);
        return [this.statement(node, { kind: 'return', value, implicit: false })];
      }
      case K.ThrowStatement: {
        const value = this.expression((node as ts.ThrowStatement).expression);
        return [this.statement(node, { kind: 'throw', value })];
      }
      case K.Block:
        return [this.inBlockScope(() => this.blockOf(node, (node as ts.Block).statements))];
      case K.IfStatement: {
        const { expression, thenStatement, elseStatement } = node as ts.IfStatement;
        return [
          this.statement(node, {
            kind: 'if',
            test: this.expression(expression),
            then: this.one(thenStatement),
            otherwise: elseStatement && this.one(elseStatement),
          }),
        ];
      }
      case K.ForStatement:
      case K.ForOfStatement:
      case K.ForInStatement:
      case K.WhileStatement:
      case K.DoStatement:
        return [this.inBlockScope(() => this.loop(node as ts.IterationStatement))];
      case K.TryStatement:
        return [this.tryStatement(node as ts.TryStatement)];
      case K.SwitchStatement:
        return [this.switchStatement(node as ts.SwitchStatement)];
      case K.LabeledStatement:
        return this.labeled(node as ts.LabeledStatement);
      case K.BreakStatement:
      case K.ContinueStatement: {
        const form = node.kind === K.BreakStatement ? 'break' : 'continue';
        const label = (node as ts.BreakOrContinueStatement).label?.text;
        return [this.statement(node, { kind: 'jump', form, label })];
      }
      case K.ImportDeclaration:
        this.declareImports(node as ts.ImportDeclaration);
        return [];
      case K.ImportEqualsDeclaration:
        return this.importEquals(node as ts.ImportEqualsDeclaration);
      case K.ExportDeclaration: {
        const { module, names } = exportOf(tsc, node as ts.ExportDeclaration);
        if (module !== undefined) this.lists.imports.push(module);
        for (const name of names) this.exportName(name);
        return [];
      }
      case K.ExportAssignment:
        return [this.exportAssignment(node as ts.ExportAssignment)];
      case K.ModuleDeclaration:
        return this.namespace(node as ts.ModuleDeclaration);
      case K.EnumDeclaration: {
        const { name, modifiers } = node as ts.EnumDeclaration;
        this.declare(name, { kind: 'const', exported: this.has(modifiers, K.ExportKeyword) });
        return [];
      }
      case K.WithStatement: {
        const { expression, statement } = node as ts.WithStatement;
        return [this.kept(expression, this.expression(expression)), this.one(statement)];
      }
      default:
        return [];
    }
  }

  private one(node: ts.Statement): Statement {
    const statements = this.statementsOf(node);
    const [only] = statements;
    return only && statements.length === 1
      ? only
      : this.statement<Block>(node, { kind: 'block', body: statements });
  }

  private has(modifiers: readonly ts.ModifierLike[] | undefined, kind: ts.SyntaxKind): boolean {
    return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
  }

  private functionDeclaration(node: ts.FunctionDeclaration): Statement[] {
    if (!node.body) return [];
    const fn = this.functionFact(node, 'function', undefined);
    const exported = this.has(node.modifiers, this.tsc.SyntaxKind.ExportKeyword);
    if (node.name) this.declare(node.name, { kind: 'function', declared: fn, exported });
    return [this.statement(node, { kind: 'function-declaration', function: fn })];
  }

  private classDeclaration(node: ts.ClassDeclaration): Statement[] {
    const { SyntaxKind: K } = this.tsc;
    if (this.has(node.modifiers, K.DeclareKeyword)) return [];
    const fact = this.classFact(node);
    const exported = this.has(node.modifiers, K.ExportKeyword);
    if (node.name) this.declare(node.name, { kind: 'class', declared: fact, exported });
    return [this.statement(node, { kind: 'class-declaration', class: fact })];
  }

  private namespace(node: ts.ModuleDeclaration): Statement[] {
    const { tsc } = this;
    const { SyntaxKind: K } = tsc;
    const { name, body, modifiers } = node;
    if (this.has(modifiers, K.DeclareKeyword) || !body) return [];
    if (tsc.isIdentifier(name))
      this.declare(name, { kind: 'const', exported: this.has(modifiers, K.ExportKeyword) });
    if (tsc.isModuleBlock(body)) return [this.inBlockScope(() => this.blockOf(node, body.statements))];
    return tsc.isModuleDeclaration(body) ? this.inBlockScope(() => this.namespace(body)) : [];
  }

  private declareImports(node: ts.ImportDeclaration | ts.ImportEqualsDeclaration): void {
    const found = importOf(this.tsc, node);
    if (!found) return;
    const { module, names } = found;
    const exported = this.has(node.modifiers, this.tsc.SyntaxKind.ExportKeyword);
    this.lists.imports.push(module);
    for (const { local, imported } of names)
      this.declare(local, { kind: 'import', imported: { module, name: imported }, exported });
  }

  /** `import a = require('…')`, or `import a = b.c`, which is a constant. */
  private importEquals(node: ts.ImportEqualsDeclaration): Statement[] {
    const { moduleReference: reference } = node;
    if (this.tsc.isExternalModuleReference(reference)) {
      this.declareImports(node);
      return [];
    }
    const value = this.entity(reference);
    const exported = this.has(node.modifiers, this.tsc.SyntaxKind.ExportKeyword);
    const binding = this.declare(node.name, { kind: 'const', initial: value, exported });
    return [
      this.statement(node, {
        kind: 'declare',
        bindings: [binding],
        value,
        disposal: undefined,
        whole: binding,
      }),
    ];
  }

  private entity(node: ts.EntityName): Value {
    if (this.tsc.isIdentifier(node)) return this.expression(node);
    return this.value(node, {
      kind: 'member',
      object: this.entity(node.left),
      name: node.right.text,
      nameSpan: this.spanOf(node.right),
      computed: undefined,
      optional: false,
      access: 'read',
    });
  }

  /** An exported value is kept by the module: bound, not discarded. */
  private exportAssignment(node: ts.ExportAssignment): Statement {
    const { expression } = node;
    if (this.tsc.isIdentifier(expression)) this.exportName(expression.text);
    return this.kept(node, this.expression(expression));
  }

  private labeled(node: ts.LabeledStatement): Statement[] {
    const { label, statement } = node;
    const body = this.statementsOf(statement);
    const [only] = body;
    if (only?.kind === 'loop' && only.label === undefined) {
      (only as Mutable<Loop>).label = label.text;
      return body;
    }
    return [this.statement<Block>(node, { kind: 'block', body, label: label.text })];
  }

  private declarations(list: ts.VariableDeclarationList, exported = false): Statement[] {
    const { tsc } = this;
    const kind = this.kindOf(list);
    return list.declarations.flatMap((declaration) => {
      const value = declaration.initializer && this.expression(declaration.initializer);
      const isWhole = tsc.isIdentifier(declaration.name);
      if (value && isWhole) nameAfter(value, this.textOf(declaration.name));
      const defaults: Statement[] = [];
      const bindings = this.declareNames(declaration.name, kind, {
        exported,
        initial: value,
        type: declaration.type,
        defaults,
      });
      const imported = value && importedByRequire(value);
      if (imported) {
        for (const binding of bindings) {
          const name = isWhole ? '*' : destructuredName(tsc, declaration.name, binding.name);
          (binding as Mutable<Binding>).imported = { module: imported, name };
        }
      }
      const statement = this.statement<Statement>(declaration, {
        kind: 'declare',
        bindings,
        value,
        disposal: this.disposal(list),
        whole: isWhole ? bindings[0] : undefined,
      });
      return [statement, ...defaults];
    });
  }

  private kindOf(list: ts.VariableDeclarationList): 'const' | 'let' | 'var' {
    const scoped: number = list.flags & this.tsc.NodeFlags.BlockScoped;
    const letFlag: number = this.tsc.NodeFlags.Let;
    return scoped === 0 ? 'var' : scoped === letFlag ? 'let' : 'const';
  }

  private disposal(list: ts.VariableDeclarationList): 'using' | 'await using' | undefined {
    // TypeScript 5.0 and 5.1 know no `using`: the flags are missing there.
    const flags = this.tsc.NodeFlags as { Using?: number; AwaitUsing?: number };
    if (flags.Using === undefined || flags.AwaitUsing === undefined) return undefined;
    const scoped = list.flags & this.tsc.NodeFlags.BlockScoped;
    return scoped === flags.AwaitUsing ? 'await using' : scoped === flags.Using ? 'using' : undefined;
  }

  private loop(node: ts.IterationStatement): Statement {
    const { tsc } = this;
    if (tsc.isForOfStatement(node) || tsc.isForInStatement(node)) return this.iteration(node);
    const base = { initial: [], source: undefined, update: undefined, bindings: [], otherwise: undefined };
    if (tsc.isForStatement(node)) {
      const { initializer, condition, incrementor } = node;
      const initial = initializer ? this.initial(initializer) : [];
      const test = condition && this.expression(condition);
      const body = this.one(node.statement);
      const update = incrementor && this.expression(incrementor);
      return this.statement(node, { kind: 'loop', ...base, form: 'for', initial, test, update, body });
    }
    const { expression } = node as ts.WhileStatement | ts.DoStatement;
    if (tsc.isDoStatement(node)) {
      const body = this.one(node.statement);
      const test = this.expression(expression);
      return this.statement(node, { kind: 'loop', ...base, form: 'do', test, body });
    }
    const test = this.expression(expression);
    const body = this.one(node.statement);
    return this.statement(node, { kind: 'loop', ...base, form: 'while', test, body });
  }

  private initial(initializer: ts.ForInitializer): Statement[] {
    if (this.tsc.isVariableDeclarationList(initializer)) return this.declarations(initializer);
    return [this.statement(initializer, { kind: 'expression', value: this.expression(initializer) })];
  }

  private iteration(node: ts.ForOfStatement | ts.ForInStatement): Statement {
    const { tsc } = this;
    const { initializer } = node;
    const source = this.expression(node.expression);
    const bindings: Binding[] = [];
    const defaults: Statement[] = [];
    const declares = tsc.isVariableDeclarationList(initializer);
    if (declares) {
      const options = { destructured: true, defaults };
      for (const { name } of initializer.declarations)
        bindings.push(...this.declareNames(name, this.kindOf(initializer), options));
    }
    const initial = declares ? [] : this.initial(initializer);
    return this.statement(node, {
      kind: 'loop',
      form: tsc.isForInStatement(node) ? 'for-in' : node.awaitModifier ? 'for-await' : 'for-of',
      initial,
      source,
      test: undefined,
      update: undefined,
      bindings,
      disposal: declares ? this.disposal(initializer) : undefined,
      body: this.after(defaults, this.one(node.statement)),
      otherwise: undefined,
    });
  }

  /** A body that starts with some statements more. */
  private after<T extends Statement>(head: readonly Statement[], body: T): T | Block {
    if (head.length === 0) return body;
    const tail: readonly Statement[] = body.kind === 'block' ? body.body : [body];
    return this.statement<Block>(body.origin as ts.Node, { kind: 'block', body: [...head, ...tail] });
  }

  private tryStatement(node: ts.TryStatement): Statement {
    const scoped = (block: ts.Block) => this.inBlockScope(() => this.blockOf(block, block.statements));
    const block = scoped(node.tryBlock);
    const handlers: Handler[] = [];
    const { catchClause } = node;
    if (catchClause) {
      this.inBlockScope(() => {
        const name = catchClause.variableDeclaration?.name;
        const defaults: Statement[] = [];
        const bindings = name ? this.declareNames(name, 'catch', { defaults }) : [];
        const body = this.blockOf(catchClause.block, catchClause.block.statements);
        handlers.push({
          span: this.spanOf(catchClause),
          types: [],
          binding: bindings[0],
          body: this.after(defaults, body),
        });
      });
    }
    const finalizer = node.finallyBlock && scoped(node.finallyBlock);
    return this.statement(node, { kind: 'try', block, handlers, otherwise: undefined, finalizer });
  }

  private switchStatement(node: ts.SwitchStatement): Statement {
    const value = this.expression(node.expression);
    return this.inBlockScope(() => {
      const cases: SwitchCase[] = node.caseBlock.clauses.map((clause) => ({
        test: this.tsc.isCaseClause(clause) ? this.expression(clause.expression) : undefined,
        body: clause.statements.flatMap((statement) => this.statementsOf(statement)),
      }));
      return this.statement(node, { kind: 'switch', value, cases });
    });
  }
}
