import type ts from 'typescript';
import type { PromiseAnswer, ProtocolsAnswer, Tri } from '../../core/questions';

type TypeScript = typeof ts;

const UNKNOWN: PromiseAnswer = {
  native: 'unknown',
  thenable: 'unknown',
  always: 'unknown',
  collection: 'unknown',
};

/** Questions about types, memoised per type for the life of one checker. */
export class Types {
  private readonly promises = new Map<ts.Type, boolean>();
  private readonly thenables = new Map<ts.Type, boolean>();
  /** Types of functions that return a thenable. */
  private readonly givers = new Map<ts.Type, boolean>();
  private readonly primitive: number;
  private readonly nothing: number;
  /** Flags of types that stand for several others, or for one that is not known yet. */
  private readonly several: number;

  constructor(
    protected readonly tsc: TypeScript,
    readonly program: ts.Program,
    readonly checker: ts.TypeChecker,
  ) {
    const { TypeFlags: T } = tsc;
    const text = T.StringLike | T.NumberLike | T.BigIntLike | T.BooleanLike | T.EnumLike | T.ESSymbolLike;
    this.nothing = T.VoidLike | T.Null;
    this.primitive = text | this.nothing | T.Never;
    // `keyof T` and template literals are text, too, but stand for something that is not known yet.
    this.several = T.Instantiable | T.UnionOrIntersection;
  }

  /** The type of an expression where it stands. */
  typeAt(node: ts.Node): ts.Type {
    return this.checker.getTypeAtLocation(node);
  }

  /**
   * The variable or member that a name stands for; undefined for imported names and what is no name. What it is declared
   * as, narrowing, which costs a walk over the control flow at every use, could only take from.
   * @param twin another place that names the same thing.
   */
  declaredSymbol(node: ts.Node, twin = node): ts.Symbol | undefined {
    const { tsc } = this;
    const nameOf = (place: ts.Node) => (tsc.isPropertyAccessExpression(place) ? place.name : place);
    const own = nameOf(node);
    if (!tsc.isIdentifier(own) || tsc.isShorthandPropertyAssignment(own.parent)) return undefined;
    const symbol = this.checker.getSymbolAtLocation(nameOf(twin));
    return symbol && !(symbol.flags & tsc.SymbolFlags.Alias) ? symbol : undefined;
  }

  /** Any, unresolved, or nothing known. */
  isUnknown(type: ts.Type): boolean {
    return (type.flags & (this.tsc.TypeFlags.Any | this.tsc.TypeFlags.Unknown)) !== 0;
  }

  /** Text, numbers, truth values, symbols and nothing at all: no members that matter here, told without a question. */
  private isPrimitive({ flags }: ts.Type): boolean {
    return (flags & this.primitive) !== 0 && (flags & this.several) === 0;
  }

  /** The constituents of a union after resolving type parameters to their constraints. */
  constituents(type: ts.Type): readonly ts.Type[] {
    if (type.isUnion()) return type.types;
    if (this.isPrimitive(type) || this.isPlainObject(type)) return [type];
    const apparent = this.checker.getApparentType(type);
    return apparent.isUnion() ? apparent.types : [apparent];
  }

  /** An object type that stands for itself, which a mapped one may not. */
  private isPlainObject(type: ts.Type): boolean {
    const { TypeFlags, ObjectFlags } = this.tsc;
    return (
      (type.flags & TypeFlags.Object) !== 0 &&
      ((type as ts.ObjectType).objectFlags & ObjectFlags.Mapped) === 0
    );
  }

  /** The built-in `Promise`, or a class or interface that extends it. */
  isPromise(type: ts.Type): boolean {
    if (this.isPrimitive(type)) return false;
    let known = this.promises.get(type);
    if (known === undefined) {
      // Recursive base types end here.
      this.promises.set(type, false);
      try {
        known = this.computeIsPromise(type);
      } catch (error) {
        // Cancelled, or not answered yet: nothing is known.
        this.promises.delete(type);
        throw error;
      }
      this.promises.set(type, known);
    }
    return known;
  }

  private computeIsPromise(type: ts.Type): boolean {
    if (type.isIntersection()) {
      // No value is both a promise and nothing: what overloads are mixed up there is not known.
      if (type.types.some(({ flags }) => (flags & this.nothing) !== 0)) return false;
      return type.types.some((part) => this.isPromise(part));
    }
    const symbol = type.getSymbol();
    if (!symbol) return false;
    if (symbol.name === 'Promise' && this.isFromDefaultLibrary(symbol)) return true;
    const target = (type as ts.TypeReference).target as ts.GenericType | undefined;
    const declared = target ?? type;
    if (!declared.isClassOrInterface()) return false;
    return (this.checker.getBaseTypes(declared) as readonly ts.Type[]).some((base) => this.isPromise(base));
  }

  isFromDefaultLibrary(symbol: ts.Symbol): boolean {
    return (symbol.declarations ?? []).some((d) =>
      this.program.isSourceFileDefaultLibrary(d.getSourceFile()),
    );
  }

  /** Has a `then` that takes a callback. One constituent; see `constituents`. */
  isThenable(type: ts.Type, at: ts.Node): boolean {
    if (this.isPrimitive(type)) return false;
    let known = this.thenables.get(type);
    if (known === undefined) {
      known = this.computeIsThenable(type, at);
      this.thenables.set(type, known);
    }
    return known;
  }

  private computeIsThenable(type: ts.Type, at: ts.Node): boolean {
    const { checker, tsc } = this;
    const then = type.getProperty('then');
    if (!then) return false;
    return this.constituents(checker.getTypeOfSymbolAtLocation(then, at)).some((part) =>
      part.getCallSignatures().some((signature) => {
        const first = signature.parameters[0];
        if (!first) return false;
        const parameter = checker.getTypeOfSymbolAtLocation(first, at);
        return this.constituents(parameter).some(
          (p) => p.getCallSignatures().length > 0 || (p.flags & tsc.TypeFlags.Any) !== 0,
        );
      }),
    );
  }

  /** Some constituent is thenable. */
  isSometimesThenable(type: ts.Type, at: ts.Node): boolean {
    return this.constituents(type).some((part) => this.isThenable(part, at));
  }

  promise(node: ts.Node): PromiseAnswer {
    if (this.isGuess(node)) return UNKNOWN;
    const answer = this.promiseOfType(this.typeAt(node), node);
    if (answer.always !== 'yes' || this.tellsWhatIsMissing() || this.isMade(node)) return answer;
    return { ...answer, always: 'unknown' };
  }

  /**
   * The value of `this[key]()` where the class declares nothing under that symbol. A symbol from another file of JavaScript
   * has no type of its own, and the members under all symbols are then taken for each of them.
   */
  private isGuess(node: ts.Node): boolean {
    const { tsc, checker } = this;
    if (!tsc.isCallExpression(node) || !tsc.isElementAccessExpression(node.expression)) return false;
    const { expression: object, argumentExpression: key } = node.expression;
    if (!tsc.isIdentifier(key)) return false;
    const type = checker.getTypeAtLocation(key);
    if ((type.flags & tsc.TypeFlags.ESSymbolLike) === 0) return false;
    const receiver = checker.getTypeAtLocation(object);
    if (this.isUnknown(receiver) || this.declaresUnder(receiver, key.text)) return false;
    const names = [key.text, type.getSymbol()?.name ?? key.text];
    return !names.some((name) => this.hasWellKnown(checker.getApparentType(receiver), name));
  }

  /** Whether a class writes `[key]() { … }`. */
  private declaresUnder(type: ts.Type, key: string): boolean {
    const { tsc } = this;
    return (type.getSymbol()?.declarations ?? []).some(
      (declaration) =>
        tsc.isClassLike(declaration) &&
        declaration.members.some(
          ({ name }) => name && tsc.isComputedPropertyName(name) && name.expression.getText() === key,
        ),
    );
  }

  /** Without `strictNullChecks`, which `strict` brings and TypeScript 6 has by default, any value may be missing. */
  private tellsWhatIsMissing(): boolean {
    const { strictNullChecks, strict } = this.program.getCompilerOptions();
    return strictNullChecks ?? strict ?? Number.parseInt(this.tsc.versionMajorMinor, 10) >= 6;
  }

  /** The value of a call, or a constant made by one: those who return nothing say so even where types do not tell. */
  private isMade(node: ts.Node): boolean {
    const { tsc } = this;
    if (tsc.isParenthesizedExpression(node)) return this.isMade(node.expression);
    if (!tsc.isIdentifier(node)) return tsc.isCallExpression(node) || tsc.isNewExpression(node);
    const declaration = this.checker.getSymbolAtLocation(node)?.valueDeclaration;
    return (
      declaration !== undefined &&
      tsc.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      !tsc.isIdentifier(declaration.initializer) &&
      (tsc.getCombinedNodeFlags(declaration) & tsc.NodeFlags.Const) !== 0 &&
      this.isMade(declaration.initializer)
    );
  }

  promiseOfType(type: ts.Type, at: ts.Node): PromiseAnswer {
    if (this.isUnknown(type)) return UNKNOWN;
    const parts = this.constituents(type);
    const native = parts.some((part) => this.isPromise(part));
    const thenables = parts.filter((part) => this.isThenable(part, at));
    return {
      native: tri(native),
      thenable: thenables.length > 0 ? 'yes' : this.isOpen(type) ? 'unknown' : 'no',
      always: tri(thenables.length === parts.length && thenables.length > 0),
      collection: tri(parts.some((part) => this.holdsPromises(part))),
    };
  }

  /** Some value of the type could have members that the type does not tell of. */
  private isOpen(type: ts.Type): boolean {
    const { Instantiable, NonPrimitive, Any, Unknown, Object: ObjectType } = this.tsc.TypeFlags;
    return (type.isUnion() ? type.types : [type]).some(
      (part) =>
        (part.flags & (Instantiable | NonPrimitive | Any | Unknown)) !== 0 ||
        ((part.flags & ObjectType) !== 0 && this.isEmpty(part)),
    );
  }

  /** `{}`, or an interface without members. */
  private isEmpty(type: ts.Type): boolean {
    return (
      type.getProperties().length === 0 &&
      type.getCallSignatures().length === 0 &&
      type.getConstructSignatures().length === 0 &&
      this.checker.getIndexInfosOfType(type).length === 0
    );
  }

  /** It has no value but `undefined` or `null`; also `void` and `never`. */
  isNothing(type: ts.Type): boolean {
    const { Void, Undefined, Null, Never } = this.tsc.TypeFlags;
    return (type.isUnion() ? type.types : [type]).every(
      (part) => (part.flags & (Void | Undefined | Null | Never)) !== 0,
    );
  }

  /** How a value can be iterated and disposed of. */
  protocols(node: ts.Node): ProtocolsAnswer {
    const type = this.checker.getTypeAtLocation(node);
    if (this.isUnknown(type))
      return { enter: 'unknown', enterAsync: 'unknown', iterate: 'unknown', iterateAsync: 'unknown' };
    const parts = this.constituents(type).map((part) => this.checker.getApparentType(part));
    const has = (symbol: string): Tri => {
      if (parts.some((part) => this.hasWellKnown(part, symbol))) return 'yes';
      return this.isOpen(type) ? 'unknown' : 'no';
    };
    const iterateAsync = has('asyncIterator');
    const mayHold = iterateAsync === 'no' && parts.some((part) => this.mayHoldPromises(part, node));
    return {
      enter: has('dispose'),
      enterAsync: has('asyncDispose'),
      iterate: has('iterator'),
      iterateAsync: mayHold ? 'unknown' : iterateAsync,
    };
  }

  private hasWellKnown(type: ts.Type, symbol: string): boolean {
    // The checker writes them as `__@iterator@123`.
    return type.getProperties().some(({ escapedName }) => {
      const name = escapedName as string;
      return name === `__@${symbol}` || name.startsWith(`__@${symbol}@`);
    });
  }

  /** Some type argument is thenable or not known, or there are none to tell. */
  private mayHoldPromises(type: ts.Type, at: ts.Node): boolean {
    const { checker, tsc } = this;
    const symbol = type.getSymbol();
    if (symbol?.name === 'String' && this.isFromDefaultLibrary(symbol)) return false;
    if (((type as ts.ObjectType).objectFlags & tsc.ObjectFlags.Reference) === 0) return true;
    const held = checker.getTypeArguments(type as ts.TypeReference);
    return held.length === 0 || held.some((part) => this.promiseOfType(part, at).thenable !== 'no');
  }

  private holdsPromises(type: ts.Type): boolean {
    const { checker } = this;
    const isPromise = (part: ts.Type) => this.constituents(part).some((p) => this.isPromise(p));
    if (checker.isTupleType(type)) return checker.getTypeArguments(type as ts.TypeReference).some(isPromise);
    if (!checker.isArrayType(type)) return false;
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return element !== undefined && isPromise(element);
  }

  /** False for types that certainly have no call signature, told without resolving their members. */
  private mayBeCallable(type: ts.Type): boolean {
    const { SymbolFlags, TypeFlags, InternalSymbolName } = this.tsc;
    const primitive = TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BigIntLike;
    if ((type.flags & (TypeFlags.Object | TypeFlags.Intersection | TypeFlags.TypeParameter)) === 0)
      return false;
    // A text with a brand; the parts of two unions of texts make thousands of them.
    if (type.isIntersection() && type.types.some(({ flags }) => (flags & primitive) !== 0)) return false;
    const symbol = type.getSymbol();
    if (!symbol) return true;
    if (symbol.flags & SymbolFlags.Class) return false;
    const plain = SymbolFlags.Interface | SymbolFlags.TypeLiteral | SymbolFlags.ObjectLiteral;
    if ((symbol.flags & plain) === 0 || symbol.members?.has(InternalSymbolName.Call)) return true;
    // An interface may inherit a call signature.
    return (symbol.declarations ?? []).some(
      (d) => this.tsc.isInterfaceDeclaration(d) && d.heritageClauses !== undefined,
    );
  }

  /** A function type one of whose signatures returns a thenable. */
  returnsThenable(type: ts.Type, at: ts.Node): boolean {
    let known = this.givers.get(type);
    if (known === undefined) {
      known = someOf(
        this.constituents(type),
        (part) =>
          this.mayBeCallable(part) &&
          part.getCallSignatures().some((s) => this.isSometimesThenable(s.getReturnType(), at)),
      );
      this.givers.set(type, known);
    }
    return known;
  }

  /** What a function in JavaScript returns is what its body says today, not what its callers were promised. */
  private isGuessed(signature: ts.Signature): boolean {
    const declaration = signature.declaration as (ts.SignatureDeclaration & { body?: ts.Node }) | undefined;
    return declaration?.body !== undefined && /\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName);
  }

  /** A function type that has a declared `void` signature and none that returns a thenable. */
  expectsVoid(type: ts.Type, at: ts.Node): boolean {
    let hasVoid = false;
    for (const part of this.constituents(type)) {
      for (const signature of part.getCallSignatures()) {
        const result = signature.getReturnType();
        if (this.isSometimesThenable(result, at)) return false;
        hasVoid ||= (result.flags & this.tsc.TypeFlags.Void) !== 0 && !this.isGuessed(signature);
      }
    }
    return hasVoid;
  }
}

/**
 * Whether a test holds for some of the parts of a type. A part for which it fails does not keep the others from being
 * tried: where answers are fetched from another process, what all parts lack is fetched together. A union can have
 * ten thousands of parts.
 */
function someOf(parts: readonly ts.Type[], test: (part: ts.Type) => boolean): boolean {
  let failure: { readonly error: unknown } | undefined;
  for (const part of parts) {
    try {
      if (test(part)) return true;
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure) throw failure.error;
  return false;
}

export function tri(value: boolean): Tri {
  return value ? 'yes' : 'no';
}
