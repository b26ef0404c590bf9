/** How a library's functions and classes are written down. Lists are words separated by spaces. */
export interface LibraryStub {
  /** Functions that return a coroutine. */
  readonly coroutines?: string;
  /** Functions that return something else nobody awaits. */
  readonly plain?: string;
  readonly tasks?: string;
  readonly futures?: string;
  /** Functions whose result is used with `async with` (and may be awaited as well). */
  readonly contexts?: string;
  /** Functions that return an async generator or another async iterator. */
  readonly iterators?: string;
  /**
   * Full name of the class that a function returns, that its coroutine results in, or that `async with` enters.
   */
  readonly results?: Readonly<Record<string, string>>;
  readonly classes?: Readonly<Record<string, ClassStub>>;
  /** Other places the same things can be imported from: `{'asyncio.queues': 'asyncio'}`. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export interface ClassStub {
  readonly coroutines?: string;
  readonly plain?: string;
  readonly tasks?: string;
  readonly futures?: string;
  readonly contexts?: string;
  readonly iterators?: string;
  readonly results?: Readonly<Record<string, string>>;
  /** Full name of a class it inherits from. */
  readonly base?: string;
  /** How the object itself is used: awaited, entered with `async with` or `with`, iterated with `async for`. */
  readonly is?: string;
}

/** What calling something gives. */
export type Outcome = 'coroutine' | 'task' | 'future' | 'context' | 'iterator' | 'plain';

export interface KnownCallable {
  readonly outcome: Outcome;
  /** Full name of the class of the value, of a coroutine's result, or of what `async with` binds. */
  readonly result: string | undefined;
}

export interface KnownClass {
  readonly name: string;
  readonly base: string | undefined;
  readonly is: ReadonlySet<string>;
  readonly methods: ReadonlyMap<string, KnownCallable>;
}

const LISTS = [
  ['coroutines', 'coroutine'],
  ['plain', 'plain'],
  ['tasks', 'task'],
  ['futures', 'future'],
  ['contexts', 'context'],
  ['iterators', 'iterator'],
] as const;

type Lists = Pick<ClassStub, (typeof LISTS)[number][0] | 'results'>;

function callables(stub: Lists): Map<string, KnownCallable> {
  const found = new Map<string, KnownCallable>();
  for (const [name, result] of Object.entries(stub.results ?? {}))
    found.set(name, { outcome: 'plain', result });
  for (const [list, outcome] of LISTS) {
    for (const name of stub[list]?.split(/\s+/) ?? [])
      found.set(name, { outcome, result: stub.results?.[name] });
  }
  return found;
}

/** Looks names of libraries up. */
export class Libraries {
  private readonly functions = new Map<string, KnownCallable>();
  private readonly classes = new Map<string, KnownClass>();
  private readonly aliases = new Map<string, string>();

  /** @param stubs by module name. */
  constructor(stubs: Readonly<Record<string, LibraryStub>>) {
    for (const [module, stub] of Object.entries(stubs)) {
      for (const [name, callable] of callables(stub)) this.functions.set(`${module}.${name}`, callable);
      for (const [name, known] of Object.entries(stub.classes ?? {})) {
        this.classes.set(`${module}.${name}`, {
          name: `${module}.${name}`,
          base: known.base,
          is: new Set(known.is?.split(' ') ?? []),
          methods: callables(known),
        });
      }
      for (const [alias, original] of Object.entries(stub.aliases ?? {})) this.aliases.set(alias, original);
    }
  }

  /** The name under which a thing is known: `asyncio.Queue` for `asyncio.queues.Queue`. */
  canonical(name: string): string {
    for (let at = name.length; at > 0; at = name.lastIndexOf('.', at - 1)) {
      const original = this.aliases.get(name.slice(0, at));
      if (original !== undefined) return original + name.slice(at);
    }
    return name;
  }

  /** @param name full name of a module's function: `asyncio.sleep`. */
  function(name: string): KnownCallable | undefined {
    return this.functions.get(this.canonical(name));
  }

  /** @param name full name of a class: `asyncio.Queue`. */
  class(name: string): KnownClass | undefined {
    return this.classes.get(this.canonical(name));
  }

  /** A method by its full name (`asyncio.Queue.get`), of the class named or of one that it inherits from. */
  method(name: string): KnownCallable | undefined {
    const at = name.lastIndexOf('.');
    return this.definition(name.slice(0, at), name.slice(at + 1))?.callable;
  }

  /** The full name of a method with the class that defines it: `queue.Queue.get` for `queue.LifoQueue.get`. */
  methodName(className: string, method: string): string {
    const owner = this.definition(className, method)?.owner ?? this.canonical(className);
    return `${owner}.${method}`;
  }

  private definition(
    className: string,
    method: string,
  ): { readonly owner: string; readonly callable: KnownCallable } | undefined {
    for (let known = this.class(className); known; known = known.base ? this.class(known.base) : undefined) {
      const callable = known.methods.get(method);
      if (callable) return { owner: known.name, callable };
    }
    return undefined;
  }

  /** Whether a class or one it inherits from is used in a way: `async-with`, `with`, `await`, `async-for`. */
  isUsed(className: string, way: string): boolean {
    for (let known = this.class(className); known; known = known.base ? this.class(known.base) : undefined)
      if (known.is.has(way)) return true;
    return false;
  }
}
