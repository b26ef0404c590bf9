import { Slot, type Request, type Requests } from './requests';
import type { Api, Ast } from './typescript';

/** Answers to questions about one thing, each fetched when it is first asked for. */
class Answers {
  private readonly slots = new Map<unknown, Slot<unknown>>();

  constructor(protected readonly checker: NativeChecker) {}

  /** @param wrap turns what the client answers into what is kept. */
  ask<R, T = R>(topic: unknown, make: () => Request<R>, wrap?: (answer: R) => T): T {
    let slot = this.slots.get(topic) as Slot<T> | undefined;
    if (!slot) this.slots.set(topic, (slot = new Slot<T>()));
    return this.checker.requests.ask(slot, make, wrap);
  }
}

/** The parts of the classic `ts.Type` that the oracle looks at. */
export class NativeType extends Answers {
  readonly flags: Api.TypeFlags;

  constructor(
    checker: NativeChecker,
    readonly handle: Api.Type,
  ) {
    super(checker);
    this.flags = handle.flags;
  }

  isUnion(): boolean {
    return this.handle.isUnionType();
  }

  isIntersection(): boolean {
    return this.handle.isIntersectionType();
  }

  isClassOrInterface(): boolean {
    return this.handle.isClassOrInterface();
  }

  /** None for what is no object type. */
  get objectFlags(): number {
    return this.handle.isObjectType() ? this.handle.objectFlags : 0;
  }

  /** Constituents of a union or intersection. */
  get types(): readonly NativeType[] {
    const handle = this.handle as Api.UnionOrIntersectionType;
    return this.ask('types', () => handle.getTypes.gen(), this.checker.typesOf);
  }

  getSymbol(): NativeSymbol | undefined {
    return this.ask('symbol', () => this.handle.getSymbol.gen(), this.checker.symbolOf);
  }

  get aliasSymbol(): NativeSymbol | undefined {
    return this.ask('aliasSymbol', () => this.handle.getAliasSymbol.gen(), this.checker.symbolOf);
  }

  /** The generic type that a reference instantiates. */
  get target(): NativeType | undefined {
    const { handle } = this;
    if (!handle.isTypeReference()) return undefined;
    return this.ask('target', () => handle.getTarget.gen(), this.checker.typeOf);
  }

  /** For the target of a tuple type: the flags of all its elements together. */
  get combinedFlags(): number {
    const { elementFlags = [] } = this.handle as Partial<Api.TupleType>;
    return elementFlags.reduce((all, flags) => all | flags, 0);
  }

  getProperties(): readonly NativeSymbol[] {
    return this.ask('properties', () => this.handle.getProperties.gen(), this.checker.symbolsOf);
  }

  getProperty(name: string): NativeSymbol | undefined {
    return this.ask(`property ${name}`, () => this.handle.getProperty.gen(name), this.checker.symbolOf);
  }

  getCallSignatures(): readonly NativeSignature[] {
    return this.ask('calls', () => this.handle.getCallSignatures.gen(), this.checker.signaturesOf);
  }

  getConstructSignatures(): readonly NativeSignature[] {
    return this.ask('constructs', () => this.handle.getConstructSignatures.gen(), this.checker.signaturesOf);
  }
}

/** The parts of the classic `ts.Symbol` that the oracle looks at. */
export class NativeSymbol extends Answers {
  readonly name: string;
  /** The name a well-known symbol's property has inside the checker, where `name` is as written. */
  readonly escapedName: string;
  readonly flags: Api.SymbolFlags;
  /** Members are not fetched to look for one: any may be there, and whoever asks goes on to ask the type. */
  readonly members = { has: () => true };
  readonly type = new Slot<NativeType>();

  constructor(
    checker: NativeChecker,
    readonly handle: Api.Symbol,
  ) {
    super(checker);
    this.name = handle.name;
    this.escapedName = handle.escapedName;
    this.flags = handle.flags;
  }

  get declarations(): readonly Ast.Node[] {
    return this.handle.declarations
      .map((declaration) => this.resolve(declaration))
      .filter((node) => node !== undefined);
  }

  get valueDeclaration(): Ast.Node | undefined {
    const { valueDeclaration } = this.handle;
    return valueDeclaration && this.resolve(valueDeclaration);
  }

  /** A tree is one message however it is asked for, and comes faster as a message of its own. */
  private resolve(handle: Api.NodeHandle): Ast.Node | undefined {
    return handle.resolve(this.checker.project);
  }
}

/** The parts of the classic `ts.Signature` that the oracle looks at. */
export class NativeSignature extends Answers {
  constructor(
    checker: NativeChecker,
    readonly handle: Api.Signature,
  ) {
    super(checker);
  }

  get parameters(): readonly NativeSymbol[] {
    return this.ask('parameters', () => this.handle.getParameters.gen(), this.checker.symbolsOf);
  }

  get declaration(): Ast.Node | undefined {
    return this.handle.declaration?.resolve(this.checker.project);
  }

  getReturnType(): NativeType {
    return this.ask('return', () => this.handle.getReturnType.gen(), this.checker.typeOf);
  }
}

/** The parts of the classic `ts.TypeChecker` that the oracle and the repairs use, over the native one. */
export class NativeChecker {
  private readonly checker: Api.Checker;
  private readonly types = new Map<Api.Type, NativeType>();
  private readonly symbols = new Map<Api.Symbol, NativeSymbol>();
  private readonly signatures = new Map<Api.Signature, NativeSignature>();
  private readonly nodes = new Map<Ast.Node, Answers>();
  private readonly typesOfNodes = new Map<Ast.Node, Slot<NativeType>>();
  private readonly symbolsOfNodes = new Map<Ast.Node, Slot<NativeSymbol | undefined>>();
  private readonly askType: (slot: Slot<NativeType>, node: Ast.Node) => NativeType;
  private readonly askSymbol: (
    slot: Slot<NativeSymbol | undefined>,
    node: Ast.Node,
  ) => NativeSymbol | undefined;
  private readonly askTypeOfSymbol: (slot: Slot<NativeType>, symbol: Api.Symbol) => NativeType;

  constructor(
    private readonly isIdentifier: typeof Ast.isIdentifier,
    readonly project: Api.Project,
    readonly requests: Requests,
  ) {
    const { checker } = project;
    this.checker = checker;
    this.askType = requests.bulk(
      (nodes: readonly Ast.Node[]) => checker.getTypeAtLocation.gen(nodes),
      this.typeOf,
    );
    this.askSymbol = requests.bulk(
      (nodes: readonly Ast.Node[]) => checker.getSymbolAtLocation.gen(nodes),
      this.symbolOf,
    );
    this.askTypeOfSymbol = requests.bulk(
      (symbols: readonly Api.Symbol[]) => checker.getTypeOfSymbol.gen(symbols),
      this.typeOf,
    );
  }

  readonly typeOf = (handle: Api.Type): NativeType => {
    let type = this.types.get(handle);
    if (!type) this.types.set(handle, (type = new NativeType(this, handle)));
    return type;
  };

  readonly typesOf = (handles: readonly Api.Type[] | undefined): readonly NativeType[] =>
    (handles ?? []).map(this.typeOf);

  readonly symbolOf = (handle: Api.Symbol | undefined): NativeSymbol | undefined =>
    handle && this.wrapped(handle);

  readonly symbolsOf = (handles: readonly Api.Symbol[]): readonly NativeSymbol[] =>
    handles.map((handle) => this.wrapped(handle));

  private wrapped(handle: Api.Symbol): NativeSymbol {
    let symbol = this.symbols.get(handle);
    if (!symbol) this.symbols.set(handle, (symbol = new NativeSymbol(this, handle)));
    return symbol;
  }

  readonly signatureOf = (handle: Api.Signature): NativeSignature => {
    let signature = this.signatures.get(handle);
    if (!signature) this.signatures.set(handle, (signature = new NativeSignature(this, handle)));
    return signature;
  };

  readonly signaturesOf = (handles: readonly Api.Signature[]): readonly NativeSignature[] =>
    handles.map(this.signatureOf);

  private answersAbout(node: Ast.Node): Answers {
    let answers = this.nodes.get(node);
    if (!answers) this.nodes.set(node, (answers = new Answers(this)));
    return answers;
  }

  getTypeAtLocation(node: Ast.Node): NativeType {
    return this.askType(slotIn(this.typesOfNodes, node), node);
  }

  getSymbolAtLocation(node: Ast.Node): NativeSymbol | undefined {
    return this.askSymbol(slotIn(this.symbolsOfNodes, node), node);
  }

  getShorthandAssignmentValueSymbol(node: Ast.Node): NativeSymbol | undefined {
    return this.answersAbout(node).ask(
      'shorthand',
      () => this.checker.getShorthandAssignmentValueSymbol.gen(node),
      this.symbolOf,
    );
  }

  getTypeOfSymbol(symbol: NativeSymbol): NativeType {
    return this.askTypeOfSymbol(symbol.type, symbol.handle);
  }

  /** Narrowed only where the location is a name for the very symbol; everywhere else one answer serves all. */
  getTypeOfSymbolAtLocation(symbol: NativeSymbol, location: Ast.Node): NativeType {
    if (!this.isIdentifier(location) || location.text !== symbol.name) return this.getTypeOfSymbol(symbol);
    return symbol.ask(
      location,
      () => this.checker.getTypeOfSymbolAtLocation.gen(symbol.handle, location),
      this.typeOf,
    );
  }

  getContextualType(node: Ast.Expression): NativeType | undefined {
    return this.answersAbout(node).ask(
      'contextual',
      () => this.checker.getContextualType.gen(node),
      (type) => type && this.typeOf(type),
    );
  }

  getTypeFromTypeNode(node: Ast.TypeNode): NativeType {
    return this.answersAbout(node).ask('type', () => this.checker.getTypeFromTypeNode.gen(node), this.typeOf);
  }

  getSignatureFromDeclaration(node: Ast.Node): NativeSignature {
    return this.answersAbout(node).ask(
      'signature',
      () => this.checker.getSignatureFromDeclaration.gen(node),
      this.signatureOf,
    );
  }

  getResolvedSignature(node: Ast.CallExpression): NativeSignature {
    return this.answersAbout(node).ask(
      'resolved',
      () => this.checker.getResolvedSignature.gen(node),
      this.signatureOf,
    );
  }

  getApparentType(type: NativeType): NativeType {
    return type.ask('apparent', () => this.checker.getApparentType.gen(type.handle), this.typeOf);
  }

  getPropertyOfType(type: NativeType, name: string): NativeSymbol | undefined {
    return type.getProperty(name);
  }

  getIndexInfosOfType(type: NativeType): readonly unknown[] {
    return type.ask('indices', () => this.checker.getIndexInfosOfType.gen(type.handle));
  }

  getBaseTypes(type: NativeType): readonly NativeType[] {
    return type.ask(
      'bases',
      () => this.checker.getBaseTypes.gen(type.handle as Api.InterfaceType),
      this.typesOf,
    );
  }

  isTupleType(type: NativeType): boolean {
    return type.handle.isTupleType();
  }

  isArrayType(type: NativeType): boolean {
    if (!type.handle.isTypeReference()) return false;
    return type.ask('isArray', () => this.checker.isArrayType.gen(type.handle));
  }

  getTypeArguments(type: NativeType): readonly NativeType[] {
    const { handle } = type;
    if (!handle.isTypeReference()) return [];
    return type.ask('arguments', () => this.checker.getTypeArguments.gen(handle), this.typesOf);
  }

  getAliasedSymbol(symbol: NativeSymbol): NativeSymbol | undefined {
    return symbol.ask('aliased', () => this.checker.getAliasedSymbol.gen(symbol.handle), this.symbolOf);
  }

  getImmediateAliasedSymbol(symbol: NativeSymbol): NativeSymbol | undefined {
    return symbol.ask(
      'immediate',
      () => this.checker.getImmediateAliasedSymbol.gen(symbol.handle),
      this.symbolOf,
    );
  }

  getExportsOfModule(module: NativeSymbol): readonly NativeSymbol[] {
    return module.ask('exports', () => this.checker.getExportsOfModule.gen(module.handle), this.symbolsOf);
  }

  isTypeAssignableTo(source: NativeType, target: NativeType): boolean {
    return source.ask(target, () => this.checker.isTypeAssignableTo.gen(source.handle, target.handle));
  }

  typeToString(type: NativeType): string {
    return type.ask('text', () => this.checker.typeToString.gen(type.handle));
  }

  /** What `await` makes of a value. The native API has no such question: `then` is followed here. */
  getAwaitedType(type: NativeType): NativeType | undefined {
    const apparent = this.getApparentType(type);
    if (apparent.isUnion()) {
      const parts = new Set(apparent.types.map((part) => this.getAwaitedType(part)));
      const [only] = parts;
      // Several results are a type of their own, which cannot be made from here.
      return parts.size === 1 ? only : undefined;
    }
    const then = apparent.getProperty('then');
    if (!then) return type;
    for (const { parameters } of this.getTypeOfSymbol(then).getCallSignatures()) {
      const [fulfilled] = parameters;
      const expected = fulfilled && this.getTypeOfSymbol(fulfilled);
      for (const part of expected?.isUnion() ? expected.types : expected ? [expected] : []) {
        const value = part.getCallSignatures()[0]?.parameters[0];
        if (value) return this.getAwaitedType(this.getTypeOfSymbol(value));
      }
    }
    return undefined;
  }
}

function slotIn<K, T>(slots: Map<K, Slot<T>>, key: K): Slot<T> {
  let slot = slots.get(key);
  if (!slot) slots.set(key, (slot = new Slot<T>()));
  return slot;
}
