import type { ClassFact, Value } from '../../core/facts';
import type { ProtocolsAnswer, Tri } from '../../core/questions';
import { LIBRARIES } from '../../knowledge/python/libraries';
import type { Inference } from './infer';
import type { PyType } from './types';

const UNKNOWN: ProtocolsAnswer = {
  enter: 'unknown',
  enterAsync: 'unknown',
  iterate: 'unknown',
  iterateAsync: 'unknown',
};
const NONE: ProtocolsAnswer = { enter: 'no', enterAsync: 'no', iterate: 'no', iterateAsync: 'no' };
const LISTED: ProtocolsAnswer = { ...NONE, iterate: 'yes' };

/** Functions of the language itself whose result is iterated by `for` and nothing else. */
const ITERABLES =
  /^builtins\.(?:range|enumerate|zip|sorted|reversed|list|tuple|set|dict|frozenset|map|filter|str|bytes)$/;

/** Base classes that add none of the protocols. */
const NEUTRAL_BASES =
  /^(?:builtins\.object|typing\.(?:Generic|Protocol)|abc\.ABC|.*Error|builtins\.\w*Exception)$/;

/** Modules whose classes are written down with all their protocols. */
const COMPLETE = /^(?:threading|queue|concurrent\.futures|socket|sqlite3)\./;

/** How a value can be entered and iterated, as far as its type is known. */
export function protocolsOf(inference: Inference, value: Value): ProtocolsAnswer {
  switch (value.kind) {
    case 'collection':
    case 'template':
      return LISTED;
    case 'literal':
      return typeof value.value === 'string' ? LISTED : UNKNOWN;
    case 'comprehension':
      return value.form === 'generator' ? ofType(inference, inference.typeOf(value)) : LISTED;
    case 'call': {
      const callee = inference.typeOf(value.callee);
      if (callee?.kind === 'outside') {
        if (ITERABLES.test(callee.name)) return LISTED;
        if (callee.name === 'builtins.open') return { ...NONE, enter: 'yes', iterate: 'yes' };
      }
    }
  }
  return ofType(inference, inference.typeOf(value));
}

function ofType(inference: Inference, type: PyType | undefined): ProtocolsAnswer {
  switch (type?.kind) {
    case 'awaitable':
      if (type.form === 'coroutine') return NONE;
      return type.form === 'context' ? { ...UNKNOWN, enter: 'no', enterAsync: 'yes' } : UNKNOWN;
    case 'iterator':
      return type.isAsync
        ? { ...UNKNOWN, iterate: 'no', iterateAsync: 'yes' }
        : { ...NONE, iterate: 'yes', enter: 'unknown' };
    case 'outside-instance':
      return ofLibrary(type.name);
    case 'instance': {
      const isKnown = isClosed(inference, type.class, 0);
      const has = (name: string): Tri =>
        inference.memberType(type, name) ? 'yes' : isKnown ? 'no' : 'unknown';
      const indexed = has('__getitem__');
      const iterate = has('__iter__');
      return {
        enter: has('__enter__'),
        enterAsync: has('__aenter__'),
        iterate: iterate === 'no' ? indexed : iterate,
        iterateAsync: has('__aiter__'),
      };
    }
    default:
      return UNKNOWN;
  }
}

/** A class of a library is entered in the ways that are written down; `async with` alone excludes `with`. */
function ofLibrary(name: string): ProtocolsAnswer {
  if (!LIBRARIES.class(name)) return UNKNOWN;
  const is = (way: string) => LIBRARIES.isUsed(name, way);
  const other = COMPLETE.test(name) ? 'no' : 'unknown';
  return {
    enter: is('with') ? 'yes' : is('async-with') ? 'no' : other,
    enterAsync: is('async-with') ? 'yes' : is('with') ? other : 'unknown',
    iterate: is('async-for') ? 'no' : 'unknown',
    iterateAsync: is('async-for') ? 'yes' : 'unknown',
  };
}

/** Everything a class inherits from is known. */
function isClosed(inference: Inference, fact: ClassFact, depth: number): boolean {
  if (depth > 20) return false;
  return fact.heritage.every((heritage) => {
    const generic = heritage.kind === 'member' && heritage.computed ? heritage.object : heritage;
    const base = inference.typeOf(generic);
    if (base?.kind === 'class') return isClosed(inference, base.class, depth + 1);
    return base?.kind === 'outside' && NEUTRAL_BASES.test(base.name);
  });
}
