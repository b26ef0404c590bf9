import type { Element, FileFacts, FunctionFact, Statement, Value } from '../../../src/core/facts';

/** The facts of a file as short text, one line per statement, for comparing whole shapes at a glance. */
export function outline(facts: FileFacts): string {
  return facts.functions.map((fn) => [head(fn), ...lines(fn.body.body, '  ')].join('\n')).join('\n');
}

function head(fn: FunctionFact): string {
  const words = [
    fn.isStatic ? 'static' : '',
    fn.isAsync ? 'async' : '',
    fn.isGenerator ? 'generator' : '',
    fn.kind,
  ];
  const params = fn.params.map(
    (p) => `${p.rest ? '*' : ''}${p.binding?.name ?? '?'}${p.initial ? `=${show(p.initial)}` : ''}`,
  );
  const decorators = fn.decorators.map((d) => ` @${show(d)}`).join('');
  const owner = fn.owner ? `${fn.owner.name ?? '?'}.` : '';
  return `${words.filter((w) => w !== '').join(' ')} ${owner}${fn.name ?? ''}(${params.join(', ')})${decorators}`;
}

function lines(statements: readonly Statement[], indent: string): string[] {
  return statements.flatMap((s) => statement(s, indent));
}

function body(s: Statement | undefined, indent: string): string[] {
  if (!s) return [];
  return s.kind === 'block' ? lines(s.body, indent) : statement(s, indent);
}

function statement(s: Statement, indent: string): string[] {
  const deeper = `${indent}  `;
  const line = (text: string) => `${indent}${text}`;
  const names = (bindings: readonly { readonly name: string }[]) => bindings.map((b) => b.name).join(',');
  switch (s.kind) {
    case 'expression':
      return [line(show(s.value))];
    case 'declare':
      return [
        line(
          `${s.disposal ?? 'declare'} ${s.whole ? '' : '~'}${names(s.bindings)}${s.value ? ` = ${show(s.value)}` : ''}`,
        ),
      ];
    case 'return':
      return [line(`return${s.implicit ? '!' : ''}${s.value ? ` ${show(s.value)}` : ''}`)];
    case 'throw':
      return [line(`throw${s.value ? ` ${show(s.value)}` : ''}`)];
    case 'block':
      return [line(`${label(s.label)}block`), ...lines(s.body, deeper)];
    case 'if':
      return [
        line(`if ${show(s.test)}`),
        ...body(s.then, deeper),
        ...(s.otherwise ? [line('else'), ...body(s.otherwise, deeper)] : []),
      ];
    case 'loop':
      return [
        line(
          `${label(s.label)}${s.form} ${s.disposal ? `${s.disposal} ` : ''}${names(s.bindings)} ${s.source ? show(s.source) : ''}${s.test ? show(s.test) : ''}${s.update ? `; ${show(s.update)}` : ''}`,
        ),
        ...lines(s.initial, `${indent}  ^`),
        ...body(s.body, deeper),
        ...(s.otherwise ? [line('else'), ...body(s.otherwise, deeper)] : []),
      ];
    case 'try':
      return [
        line('try'),
        ...body(s.block, deeper),
        ...s.handlers.flatMap((h) => [
          line(`except ${h.types.map(show).join(' ')}${h.binding ? ` as ${h.binding.name}` : ''}`),
          ...body(h.body, deeper),
        ]),
        ...(s.otherwise ? [line('else'), ...body(s.otherwise, deeper)] : []),
        ...(s.finalizer ? [line('finally'), ...body(s.finalizer, deeper)] : []),
      ];
    case 'switch':
      return [
        line(`match ${show(s.value)}`),
        ...s.cases.flatMap((c) => [line(`case ${c.test ? show(c.test) : '*'}`), ...lines(c.body, deeper)]),
      ];
    case 'with':
      return [
        line(
          `${s.isAsync ? 'async ' : ''}with ${s.resources
            .map((r) => `${show(r.value)}${r.bindings.length > 0 ? ` as ${names(r.bindings)}` : ''}`)
            .join(', ')}`,
        ),
        ...body(s.body, deeper),
      ];
    case 'jump':
      return [line(s.label === undefined ? s.form : `${s.form} ${s.label}`)];
    case 'function-declaration':
      return [line(`def ${s.function.name ?? '?'}`)];
    case 'class-declaration':
      return [line(`class ${s.class.name ?? '?'}(${s.class.heritage.map(show).join(', ')})`)];
  }
}

function label(name: string | undefined): string {
  return name === undefined ? '' : `${name}: `;
}

/** A value: names that are bound in the file carry `'`, writes `!`, read-and-writes `!?`. */
export function show(value: Value): string {
  const access = (a: 'read' | 'write' | 'both') => (a === 'read' ? '' : a === 'write' ? '!' : '!?');
  switch (value.kind) {
    case 'name':
      return `${value.text}${value.binding ? "'" : ''}${access(value.access)}`;
    case 'member':
      return `${show(value.object)}${value.optional ? '?' : ''}${value.computed ? `[${show(value.computed)}]` : `.${value.name ?? '?'}`}${access(value.access)}`;
    case 'call':
      return `${value.form === 'call' ? '' : `${value.form} `}${show(value.callee)}${value.optional ? '?.' : ''}(${value.args
        .map((a) => `${a.spread ? '*' : ''}${a.keyword !== undefined ? `${a.keyword}=` : ''}${show(a.value)}`)
        .join(', ')})`;
    case 'await':
      return `await ${show(value.operand)}`;
    case 'literal':
      return value.value === undefined ? 'undefined' : JSON.stringify(value.value);
    case 'choice':
      return `{${value.test ? `${show(value.test)} ` : ''}${value.operator} ${show(value.left)} ${show(value.right)}}`;
    case 'collection':
      return `${value.form}[${value.elements.map(element).join(', ')}]`;
    case 'assign':
      return `${show(value.target)} ${value.operator} ${show(value.value)}`;
    case 'unary':
      return `${value.operator} ${show(value.operand)}`;
    case 'binary':
      return `(${show(value.left)} ${value.operator} ${show(value.right)})`;
    case 'template':
      return `f"${value.parts.map((p) => `{${show(p)}}`).join('')}"`;
    case 'yield':
      return `yield${value.delegates ? ' from' : ''}${value.operand ? ` ${show(value.operand)}` : ''}`;
    case 'comprehension':
      return `${value.form}<${value.clauses
        .map(
          (c) =>
            `${c.isAsync ? 'async ' : ''}for ${show(c.source)}${c.conditions.map((x) => ` if ${show(x)}`).join('')}`,
        )
        .join(' ')}: ${value.elements.map(show).join(', ')}>`;
    case 'sequence':
      return `seq(${value.values.map(show).join(', ')})`;
    case 'function':
      return `fn ${value.function.name ?? ''}`;
    case 'class':
      return `class ${value.class.name ?? ''}`;
    case 'opaque':
      return `#(${value.parts.map(show).join(', ')})`;
    case 'markup':
      return `<${[value.tag, ...value.attributes.map(element)].join(' ')}>[${value.children.map(show).join(', ')}]`;
  }
}

function element({ key, computedKey, value, spread }: Element): string {
  const computed = computedKey ? `[${show(computedKey)}]: ` : '';
  const name = key === undefined ? computed : `${key}: `;
  return `${spread ? '*' : ''}${name}${show(value)}`;
}
