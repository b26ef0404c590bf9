import type ts from 'typescript';
import { message, type Edit, type Fix } from '../../../core/finding';
import type { Repair } from '../../../core/repair';
import type { Types } from '../types';
import { Imports, type Imported } from './imports';

type TypeScript = typeof ts;

interface Tools {
  readonly tsc: TypeScript;
  readonly types: Types;
}

/**
 * Replaces a blocking call in an async function by its promise-returning counterpart, imports that where needed and
 * awaits it. Undefined where the counterpart takes other arguments or gives another result.
 */
export function realiseAsyncTwin(
  tools: Tools,
  { call, twin }: Extract<Repair, { kind: 'async-twin' }>,
): Fix | undefined {
  const { tsc } = tools;
  const node = call.origin as ts.Node;
  if (!call.fn.isAsync || !tsc.isCallExpression(node) || node.questionDotToken) return undefined;
  const { expression: callee } = node;
  if (isInParameter(tsc, node) || !(tsc.isIdentifier(callee) || tsc.isPropertyAccessExpression(callee)))
    return undefined;
  const sourceFile = node.getSourceFile();
  const imports = new Imports(tsc, sourceFile);
  const replacement = replacementOf(tools, imports, node, callee, twin);
  if (!replacement) return undefined;
  const { text, edits, member } = replacement;
  const file = sourceFile.fileName;
  const used = member !== undefined && !tsc.isExpressionStatement(node.parent) ? member : undefined;
  const outer = used !== undefined || bindsTighter(tsc, node);
  const start = node.getStart();
  const changes: Edit[] = [
    {
      file,
      span: { start, end: callee.end },
      newText: `${outer ? '(' : ''}await ${text}`,
    },
  ];
  if (outer) {
    changes.push({
      file,
      span: { start: node.end, end: node.end },
      newText: used === undefined ? ')' : `).${used}`,
    });
  }
  return {
    title: message('Await {name} instead', { name: text }),
    safety: 'suggestion',
    edits: [...edits, ...changes],
  };
}

interface Replacement extends Imported {
  readonly member?: string | undefined;
}

function replacementOf(
  tools: Tools,
  imports: Imports,
  node: ts.CallExpression,
  callee: ts.Identifier | ts.PropertyAccessExpression,
  twin: Extract<Repair, { kind: 'async-twin' }>['twin'],
): Replacement | undefined {
  const { tsc } = tools;
  const { name } = twin;
  const origin = tsc.isIdentifier(callee) ? imports.originOf(callee.text) : undefined;
  if (tsc.isIdentifier(callee) && !origin) return undefined;
  switch (twin.from) {
    case 'promises': {
      if (!takesSameArguments(tools, node, name)) return undefined;
      if (origin) return imports.use('fs/promises', name, origin.module);
      if (!tsc.isPropertyAccessExpression(callee)) return undefined;
      const { expression: object } = callee;
      const module = tsc.isIdentifier(object) ? imports.originOf(object.text)?.module : undefined;
      if (module !== undefined && module.replace(/^node:/, '') === 'fs')
        return imports.use('fs/promises', name, module);
      return hasMember(tools, object, 'promises')
        ? { text: `${object.getText()}.promises.${name}`, edits: [] }
        : undefined;
    }
    case 'sibling': {
      if (tsc.isPropertyAccessExpression(callee)) {
        return hasMember(tools, callee.expression, name)
          ? { text: `${callee.expression.getText()}.${name}`, edits: [] }
          : undefined;
      }
      return origin && imports.use(origin.module, name);
    }
    case 'callback': {
      if (twin.member !== undefined && !keepsOutput(tools, node)) return undefined;
      // The type that `promisify` gives `scrypt` is that of its last overload, which asks for options.
      if (name === 'scrypt' && node.arguments.length < 4) return undefined;
      const near = origin?.module ?? moduleOfObject(tools, imports, callee);
      const target = origin
        ? imports.use(origin.module, name)
        : tsc.isPropertyAccessExpression(callee)
          ? { text: `${callee.expression.getText()}.${name}`, edits: [] }
          : undefined;
      if (!target) return undefined;
      const promisify = imports.use('util', 'promisify', near);
      return {
        text: `${promisify.text}(${target.text})`,
        edits: [...target.edits, ...promisify.edits],
        member: twin.member,
      };
    }
  }
}

function moduleOfObject(
  { tsc }: Tools,
  imports: Imports,
  callee: ts.Identifier | ts.PropertyAccessExpression,
): string | undefined {
  if (!tsc.isPropertyAccessExpression(callee) || !tsc.isIdentifier(callee.expression)) return undefined;
  return imports.originOf(callee.expression.text)?.module;
}

/** File descriptors and `throwIfNoEntry` have no place in `fs/promises`. */
function takesSameArguments({ tsc, types }: Tools, node: ts.CallExpression, name: string): boolean {
  const [first] = node.arguments;
  if (first && ['readFile', 'writeFile', 'appendFile'].includes(name)) {
    const parts = types.constituents(types.checker.getTypeAtLocation(first));
    if (tsc.isNumericLiteral(first)) return false;
    if (
      parts.some(
        (part) => part.getSymbol()?.name === 'Number' || (part.flags & tsc.TypeFlags.NumberLike) !== 0,
      )
    )
      return false;
  }
  return !node.arguments.some((argument) => hasProperty(tsc, argument, 'throwIfNoEntry'));
}

function hasProperty(tsc: TypeScript, node: ts.Expression, name: string): boolean {
  return tsc.isObjectLiteralExpression(node) && node.properties.some((p) => p.name?.getText() === name);
}

function hasMember({ types }: Tools, object: ts.Expression, name: string): boolean {
  const type = types.checker.getTypeAtLocation(object);
  if (types.isUnknown(type)) return true;
  return types.checker.getPropertyOfType(types.checker.getApparentType(type), name) !== undefined;
}

/** Whether the text a process prints serves the same end: nobody looks at it, or it is asked for as a string. */
function keepsOutput({ tsc }: Tools, node: ts.CallExpression): boolean {
  const options = node.arguments.slice(1).filter((a) => !tsc.isArrayLiteralExpression(a));
  if (options.some((o) => !tsc.isObjectLiteralExpression(o))) return false;
  if (options.some((o) => ['stdio', 'input'].some((name) => hasProperty(tsc, o, name)))) return false;
  if (tsc.isExpressionStatement(node.parent)) return true;
  const hasEncoding = options.some(
    (o) =>
      tsc.isObjectLiteralExpression(o) &&
      o.properties.some(
        (p) =>
          tsc.isPropertyAssignment(p) &&
          p.name.getText() === 'encoding' &&
          tsc.isStringLiteralLike(p.initializer) &&
          p.initializer.text !== 'buffer',
      ),
  );
  if (hasEncoding) return true;
  const { parent } = node;
  return (
    tsc.isPropertyAccessExpression(parent) &&
    parent.name.text === 'toString' &&
    tsc.isCallExpression(parent.parent) &&
    parent.parent.arguments.length === 0
  );
}

/** True where `await` put before the call would take in what follows it. */
function bindsTighter(tsc: TypeScript, node: ts.Node): boolean {
  const { parent } = node;
  return (
    ((tsc.isPropertyAccessExpression(parent) ||
      tsc.isElementAccessExpression(parent) ||
      tsc.isCallExpression(parent) ||
      tsc.isTaggedTemplateExpression(parent)) &&
      firstChild(parent) === node) ||
    tsc.isNonNullExpression(parent) ||
    (tsc.isBinaryExpression(parent) && parent.operatorToken.kind === tsc.SyntaxKind.AsteriskAsteriskToken)
  );
}

function firstChild(node: ts.Node): ts.Node | undefined {
  if ('expression' in node) return node.expression as ts.Node;
  return 'tag' in node ? (node.tag as ts.Node) : undefined;
}

function isInParameter(tsc: TypeScript, node: ts.Node): boolean {
  for (
    let current = node;
    !tsc.isFunctionLike(current) && !tsc.isSourceFile(current);
    current = current.parent
  ) {
    if (tsc.isParameter(current)) return true;
  }
  return false;
}
