import type { Binding, Call, ClassFact, FunctionFact, ImportedName, Value } from '../../core/facts';
import { pathOf } from '../../core/uses';
import { enclosing, isStatement, walk } from '../../core/walk';
import { BUILTINS } from '../../knowledge/python/builtins';
import { LIBRARIES } from '../../knowledge/python/libraries';
import type { KnownCallable } from '../../knowledge/python/library';
import type { Hint, Lowered } from './hints';
import { linearized, type Ancestor, type ProjectClass } from './lineage';
import { agreed, type PyType } from './types';
import type { ProjectModule, Workspace } from './workspace';

/** Decorators that leave a function what it was, by the last part of their name. */
const TRANSPARENT_DECORATORS: ReadonlySet<string> = new Set([
  'abstractmethod',
  'classmethod',
  'final',
  'no_type_check',
  'override',
  'overload',
  'retry',
  'staticmethod',
  'wraps',
]);

const CONTEXT_DECORATORS: ReadonlySet<string> = new Set(['asynccontextmanager', 'contextmanager']);
const PROPERTIES = /^(?:cached_)?property$/;
const LISTS =
  /(?:^|\.)(?:list|List|set|Set|frozenset|FrozenSet|Sequence|Iterable|Collection|deque|tuple|Tuple)$/;
const MODULES_OF_TYPES = /^(?:typing|typing_extensions|collections\.abc|builtins|types)\.(.*)$/;
const PLAIN: PyType = { kind: 'plain' };

interface Known<T> {
  readonly found: T;
  /** Files that were looked into. */
  readonly trail: ReadonlySet<string>;
}

/**
 * Finds out what values are, from imports, definitions, annotations, constructors and returns, across the files of a
 * workspace. What it cannot see stays undefined. Lives as long as the workspace does not change.
 */
export class Inference {
  private readonly values = new WeakMap<Value, Known<PyType | undefined>>();
  private readonly results = new WeakMap<FunctionFact, Known<PyType | undefined>>();
  private readonly lineages = new WeakMap<ClassFact, Known<readonly Ancestor[]>>();
  private readonly busy = new Set<object>();
  private trail = new Set<string>();

  constructor(private readonly workspace: Workspace) {}

  /** The type of a value and the files it took to find out. */
  typeWithTrail(value: Value): Known<PyType | undefined> {
    return this.remembered(this.values, value, () => this.compute(value), undefined);
  }

  typeOf(value: Value): PyType | undefined {
    return this.followed(this.typeWithTrail(value));
  }

  /** Takes over what was found out, and the files it took, into what is being found out now. */
  private followed<T>({ found, trail }: Known<T>): T {
    for (const file of trail) this.trail.add(file);
    return found;
  }

  /** @param circular where finding it out takes itself, as in a function that returns its own call. */
  private remembered<K extends object, T>(
    memo: WeakMap<K, Known<T>>,
    key: K,
    compute: () => T,
    circular: T,
  ): Known<T> {
    const known = memo.get(key);
    if (known) return known;
    if (this.busy.has(key)) return { found: circular, trail: new Set() };
    this.busy.add(key);
    const outer = this.trail;
    const trail = (this.trail = new Set<string>());
    try {
      const made = { found: compute(), trail };
      memo.set(key, made);
      return made;
    } finally {
      this.busy.delete(key);
      this.trail = outer;
    }
  }

  private compute(value: Value): PyType | undefined {
    switch (value.kind) {
      case 'name':
        return value.binding
          ? this.bindingType(value.binding)
          : this.globalType(value.text, this.workspace.hintsOf(value.fn.file));
      case 'member': {
        if (value.computed || value.name === undefined) return undefined;
        const object = this.typeOf(value.object);
        return object && this.memberType(object, value.name);
      }
      case 'call': {
        if (isSuper(value)) return this.superType(value);
        const callee = this.typeOf(value.callee);
        return callee && this.called(callee, value.args[0]?.value);
      }
      case 'await': {
        const awaited = this.typeOf(value.operand);
        return awaited?.kind === 'awaitable' ? awaited.result : undefined;
      }
      case 'choice':
        return agreed([this.typeOf(value.left), this.typeOf(value.right)]);
      case 'assign':
        return value.operator === '=' || value.operator === ':=' ? this.typeOf(value.value) : undefined;
      case 'binary': {
        // `path / 'name'`
        const left = value.operator === '/' ? this.typeOf(value.left) : undefined;
        const isPath =
          (left?.kind === 'outside' || left?.kind === 'outside-instance') &&
          LIBRARIES.canonical(left.name) === 'pathlib.Path';
        return isPath ? { kind: 'outside-instance', name: 'pathlib.Path' } : undefined;
      }
      case 'literal':
        return value.value === null ? { kind: 'none' } : PLAIN;
      case 'template':
      case 'collection':
        return PLAIN;
      case 'comprehension':
        return value.form === 'generator'
          ? { kind: 'iterator', isAsync: value.clauses.some((clause) => clause.isAsync) }
          : PLAIN;
      case 'function': {
        const lowered = this.workspace.hintsOf(value.fn.file);
        return lowered && { kind: 'function', lowered, fn: value.function };
      }
      default:
        return undefined;
    }
  }

  /** `super()` in a method: an object of the first base class. Other bases are not looked into. */
  private superType(value: Value): PyType | undefined {
    for (const fn of enclosing(value.fn)) {
      if (!fn.owner) continue;
      const [first] = fn.owner.heritage;
      const base = first && this.typeOf(first);
      if (base?.kind === 'class') return { ...base, kind: 'instance' };
      return base?.kind === 'outside' && LIBRARIES.class(base.name)
        ? { ...base, kind: 'outside-instance' }
        : undefined;
    }
    return undefined;
  }

  /** What a name of a file means. */
  bindingType(binding: Binding): PyType | undefined {
    const lowered = this.workspace.hintsOf(binding.fn.file);
    if (!lowered) return undefined;
    const { hints, facts } = lowered;
    const receiver = hints.receivers.get(binding);
    if (receiver) return { kind: receiver.isClass ? 'class' : 'instance', lowered, class: receiver.owner };
    const hint = hints.variables.get(binding);
    if (hint) return this.hintType(hint);
    const writes = binding.references.filter((name) => name.access !== 'read');
    const values = writes.map(({ parent }) =>
      !isStatement(parent) && parent.kind === 'assign' && parent.target.kind === 'name'
        ? parent.value
        : undefined,
    );
    const assigned = () => values.map((value) => value && this.typeOf(value));
    // `try: import x except ImportError: x = None` still means the import.
    if (binding.imported) return agreed([this.imported(facts.file, binding.imported), ...assigned()]);
    if (binding.declared) {
      const type: PyType =
        'calls' in binding.declared
          ? { kind: 'function', lowered, fn: binding.declared }
          : { kind: 'class', lowered, class: binding.declared };
      return agreed([type, ...assigned()]);
    }
    const entered = hints.entered.get(binding);
    if (entered) return writes.length > 0 ? undefined : this.enteredType(entered.value, entered.isAsync);
    const iterated = hints.iterated.get(binding);
    if (iterated) return writes.length > 0 ? undefined : this.elementType(iterated.source);
    if (!binding.initial) return undefined;
    return agreed([this.typeOf(binding.initial), ...assigned()]);
  }

  private globalType(name: string, lowered: Lowered | undefined): PyType | undefined {
    for (const star of lowered?.hints.stars ?? []) {
      const module = this.workspace.resolve(lowered?.facts.file ?? '', star);
      if (module !== 'outside') {
        const found = this.exported(module, name);
        if (found) return found;
      } else {
        const full = `${star}.${name}`;
        if (LIBRARIES.function(full) ?? LIBRARIES.class(full)) return { kind: 'outside', name: full };
      }
    }
    return BUILTINS.has(name) ? { kind: 'outside', name: `builtins.${name}` } : undefined;
  }

  private imported(from: string, { module, name }: ImportedName): PyType | undefined {
    const found = this.workspace.resolve(from, module);
    if (found === 'outside') {
      // A relative import that leads nowhere says nothing.
      if (module.startsWith('.')) return undefined;
      return { kind: 'outside', name: LIBRARIES.canonical(name === '*' ? module : `${module}.${name}`) };
    }
    return name === '*' ? { kind: 'module', module: found } : this.exported(found, name);
  }

  /** What a module of the project calls by a name: its own, what it imports from elsewhere, or a submodule. */
  private exported(module: ProjectModule, name: string): PyType | undefined {
    const lowered = module.file === undefined ? undefined : this.workspace.lowered(module.file);
    if (lowered) {
      this.trail.add(lowered.facts.file);
      const binding = lowered.hints.exports.get(name);
      if (binding && !this.busy.has(binding)) {
        this.busy.add(binding);
        try {
          return this.bindingType(binding);
        } finally {
          this.busy.delete(binding);
        }
      }
    }
    const submodule = this.workspace.moduleAt(`${module.base}/${name}`);
    if (submodule) return { kind: 'module', module: submodule };
    return lowered && lowered.hints.stars.length > 0 ? this.globalType(name, lowered) : undefined;
  }

  /** What `object.name` is. */
  memberType(object: PyType, name: string): PyType | undefined {
    switch (object.kind) {
      case 'module':
        return this.exported(object.module, name);
      case 'outside':
        return { kind: 'outside', name: LIBRARIES.canonical(`${object.name}.${name}`) };
      case 'outside-instance':
        return { kind: 'outside', name: LIBRARIES.methodName(object.name, name) };
      case 'instance':
      case 'class':
        return this.classMember({ ...object, kind: 'class' }, name, object.kind === 'instance');
      case 'awaitable':
        if (object.form === 'coroutine' || object.form === 'context') return undefined;
        return {
          kind: 'outside',
          name: LIBRARIES.methodName(object.form === 'task' ? 'asyncio.Task' : 'asyncio.Future', name),
        };
      default:
        return undefined;
    }
  }

  private classMember(owner: ProjectClass, name: string, isInstance: boolean): PyType | undefined {
    const own = this.ownMember(owner, name, isInstance);
    if (own) return own.type;
    for (const ancestor of this.lineage(owner).slice(1)) {
      if (!ancestor) return undefined;
      if (ancestor.kind === 'class') {
        const found = this.ownMember(ancestor, name, isInstance);
        if (found) return found.type;
      } else if (LIBRARIES.class(ancestor.name)) {
        const found = this.memberType({ kind: 'outside-instance', name: ancestor.name }, name);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** What a class itself, without its bases, has under a name, which may be of an unknown type. */
  private ownMember(
    { lowered, class: owner }: ProjectClass,
    name: string,
    isInstance: boolean,
  ): { readonly type: PyType | undefined } | undefined {
    this.trail.add(lowered.facts.file);
    const methods = owner.members.filter((member) => member.name === name && member.fn?.owner === owner);
    // `@x.setter` defines the name again; the getter tells the type.
    const method = methods.find((m) => m.fn?.kind === 'getter') ?? methods[methods.length - 1];
    if (method?.fn) {
      const isProperty =
        method.fn.kind === 'getter' || method.fn.decorators.some((d) => PROPERTIES.test(lastName(d) ?? ''));
      if (isProperty && isInstance) return { type: this.resultOf(lowered, method.fn) };
      return { type: { kind: 'function', lowered, fn: method.fn } };
    }
    const attributes = lowered.hints.attributes.get(owner)?.get(name);
    if (!attributes) return undefined;
    const hinted = attributes.find((attribute) => attribute.hint);
    if (hinted?.hint) return { type: this.hintType(hinted.hint) };
    return { type: agreed(attributes.map(({ value }) => value && this.typeOf(value))) };
  }

  /**
   * The classes in which Python looks for a name, in its order: https://docs.python.org/3/howto/mro.html. A base that is
   * not known stands there as undefined.
   */
  private lineage(owner: ProjectClass): readonly Ancestor[] {
    const compute = (): readonly Ancestor[] => {
      this.trail.add(owner.lowered.facts.file);
      const bases = owner.class.heritage.map((heritage): readonly Ancestor[] => {
        const base = this.typeOf(heritage);
        if (base?.kind === 'class') return this.lineage(base);
        return [base?.kind === 'outside' ? base : undefined];
      });
      return [owner, ...linearized(bases)];
    };
    // Inheritance that loops is an error in the program, not here.
    return this.followed(this.remembered(this.lineages, owner.class, compute, [owner, undefined]));
  }

  /** What calling something gives. */
  called(callee: PyType, argument: Value | undefined): PyType | undefined {
    switch (callee.kind) {
      case 'function':
        return this.resultOf(callee.lowered, callee.fn);
      case 'class':
        return { kind: 'instance', lowered: callee.lowered, class: callee.class };
      case 'instance': {
        const method = this.memberType(callee, '__call__');
        return method?.kind === 'function' ? this.resultOf(method.lowered, method.fn) : undefined;
      }
      case 'outside':
        return this.outsideCall(callee.name, argument);
      default:
        return undefined;
    }
  }

  private outsideCall(name: string, argument: Value | undefined): PyType | undefined {
    const known = LIBRARIES.function(name) ?? LIBRARIES.method(name);
    if (known) return this.outcome(known, argument);
    if (LIBRARIES.class(name)) return { kind: 'outside-instance', name: LIBRARIES.canonical(name) };
    const last = name.slice(name.lastIndexOf('.') + 1);
    if (name.startsWith('builtins.')) return PLAIN;
    // Classes have capital letters by convention; nothing else is known about this one.
    return /^[A-Z]/.test(last) ? { kind: 'outside-instance', name } : undefined;
  }

  private outcome({ outcome, result }: KnownCallable, argument: Value | undefined): PyType | undefined {
    const of: PyType | undefined =
      result === undefined ? undefined : { kind: 'outside-instance', name: result };
    switch (outcome) {
      case 'plain':
        return of ?? PLAIN;
      case 'iterator':
        return { kind: 'iterator', isAsync: true };
      case 'task': {
        const given = argument && this.typeOf(argument);
        return {
          kind: 'awaitable',
          form: 'task',
          result: given?.kind === 'awaitable' ? given.result : undefined,
        };
      }
      case 'coroutine':
      case 'future':
      case 'context':
        return { kind: 'awaitable', form: outcome, result: of };
    }
  }

  /** What a function of the project gives when it is called. */
  resultOf(lowered: Lowered, fn: FunctionFact): PyType | undefined {
    const compute = () => this.computeResult(lowered, fn);
    return this.followed(this.remembered(this.results, fn, compute, undefined));
  }

  private computeResult(lowered: Lowered, fn: FunctionFact): PyType | undefined {
    this.trail.add(lowered.facts.file);
    const decorators = fn.decorators.map((decorator) => lastName(decorator) ?? '');
    if (decorators.some((name) => CONTEXT_DECORATORS.has(name))) {
      if (!fn.isAsync) return undefined;
      return { kind: 'awaitable', form: 'context', result: this.yielded(fn) };
    }
    const isKnown = decorators.every((name) => TRANSPARENT_DECORATORS.has(name) || PROPERTIES.test(name));
    if (!isKnown) return undefined;
    if (fn.isGenerator) return { kind: 'iterator', isAsync: fn.isAsync };
    const hint = lowered.hints.returns.get(fn);
    const result = hint ? this.hintType(hint) : this.returned(fn);
    return fn.isAsync ? { kind: 'awaitable', form: 'coroutine', result } : result;
  }

  private returned(fn: FunctionFact): PyType | undefined {
    const values: (Value | undefined)[] = [];
    walk(fn.body, (node) => {
      if (node.kind === 'return') values.push(node.value);
      return undefined;
    });
    // An abstract method says nothing about what its implementations return.
    if (fn.body.body.length === 0 || fn.body.body.some((s) => s.kind === 'throw')) return undefined;
    if (values.length === 0) return { kind: 'none' };
    return agreed(values.map((value) => (value ? this.typeOf(value) : { kind: 'none' })));
  }

  private yielded(fn: FunctionFact): PyType | undefined {
    const types: (PyType | undefined)[] = [];
    walk(fn.body, (node) => {
      if (node.kind === 'yield' && node.operand) types.push(this.typeOf(node.operand));
      return undefined;
    });
    return agreed(types);
  }

  private enteredType(value: Value, isAsync: boolean): PyType | undefined {
    const manager = this.typeOf(value);
    if (!manager) return undefined;
    if (manager.kind === 'awaitable') return manager.form === 'context' ? manager.result : undefined;
    if (manager.kind === 'outside-instance') return LIBRARIES.class(manager.name) ? manager : undefined;
    const enter = this.memberType(manager, isAsync ? '__aenter__' : '__enter__');
    if (enter?.kind !== 'function') return undefined;
    const result = this.resultOf(enter.lowered, enter.fn);
    return isAsync ? (result?.kind === 'awaitable' ? result.result : undefined) : result;
  }

  /** The type of the elements of something whose annotation tells. */
  private elementType(source: Value): PyType | undefined {
    const hint = this.hintAt(source);
    const [only] = hint ?? [];
    if (!only || hint?.length !== 1) return undefined;
    const [element] = only.args;
    return element && LISTS.test(pathOf(only.type) ?? '') ? this.hintType(element) : undefined;
  }

  /** The annotation of a variable or of an attribute of the project's own classes. */
  private hintAt(value: Value): Hint | undefined {
    if (value.kind === 'name' && value.binding)
      return this.workspace.hintsOf(value.binding.fn.file)?.hints.variables.get(value.binding);
    if (value.kind !== 'member' || value.name === undefined) return undefined;
    const object = this.typeOf(value.object);
    if (object?.kind !== 'instance') return undefined;
    const attributes = object.lowered.hints.attributes.get(object.class)?.get(value.name);
    return attributes?.find((attribute) => attribute.hint)?.hint;
  }

  /** The type of a value that is annotated so. */
  private hintType(hint: Hint): PyType | undefined {
    const [only, ...more] = hint;
    if (!only) return { kind: 'none' };
    if (more.length > 0) return agreed(hint.map((part) => this.hintType([part])));
    const named = this.typeOf(only.type);
    if (!named) return undefined;
    if (named.kind === 'class') return { kind: 'instance', lowered: named.lowered, class: named.class };
    if (named.kind !== 'outside') return undefined;
    const { name } = named;
    if (name === 'asyncio.Task' || name === 'asyncio.Future') {
      const [of] = only.args;
      return {
        kind: 'awaitable',
        form: name === 'asyncio.Task' ? 'task' : 'future',
        result: of && this.hintType(of),
      };
    }
    const general = MODULES_OF_TYPES.exec(name)?.[1];
    if (general === undefined) return { kind: 'outside-instance', name };
    switch (general) {
      case 'Coroutine': {
        const of = only.args[2];
        return { kind: 'awaitable', form: 'coroutine', result: of && this.hintType(of) };
      }
      case 'Generator':
        return { kind: 'iterator', isAsync: false };
      case 'AsyncIterator':
      case 'AsyncGenerator':
      case 'AsyncIterable':
        return { kind: 'iterator', isAsync: true };
      case 'str':
      case 'bytes':
      case 'int':
      case 'float':
      case 'bool':
      case 'list':
      case 'dict':
      case 'set':
      case 'tuple':
      case 'List':
      case 'Dict':
      case 'Set':
      case 'Tuple':
        return PLAIN;
      default:
        return undefined;
    }
  }
}

function isSuper({ callee, args }: Call): boolean {
  return args.length === 0 && callee.kind === 'name' && callee.text === 'super' && !callee.binding;
}

/** `b` of `a.b` and of `a.b(…)`. */
export function lastName(value: Value): string | undefined {
  if (value.kind === 'call') return lastName(value.callee);
  if (value.kind === 'name') return value.text;
  return value.kind === 'member' ? value.name : undefined;
}
