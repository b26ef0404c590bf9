import type { Value } from '../../core/facts';
import type {
  Answer,
  AnswerOf,
  DeclarationAnswer,
  Oracle,
  PromiseAnswer,
  Question,
  QuestionKind,
  Tri,
  TypeAnswer,
} from '../../core/questions';
import { LIBRARIES } from '../../knowledge/python/libraries';
import { Inference } from './infer';
import { protocolsOf } from './protocols';
import { realise } from './repairs';
import type { PyType } from './types';
import type { Workspace } from './workspace';

/** Answers questions about Python. Make a new one when the workspace's generation has changed. */
export function pythonOracle(workspace: Workspace): Oracle {
  const inference = new Inference(workspace);
  const unknown = { returnsPromise: 'unknown', expectsVoid: 'unknown', place: undefined } as const;
  const answers: { [K in QuestionKind]: (question: Extract<Question, { kind: K }>) => AnswerOf<K> } = {
    promise: ({ subject }) => promiseOf(inference, subject),
    declaration: ({ subject }) => declarationOf(inference, subject),
    type: ({ subject }) => typeAnswer(inference, inference.typeOf(subject)),
    package: () => undefined,
    facts: ({ subject }) => workspace.lowered(subject)?.facts,
    protocols: ({ subject }) => protocolsOf(inference, subject),
    repair: ({ subject }) => realise(subject),
    callback: ({ subject }) => ({
      ...unknown,
      returnsPromise: givesAwaitable(inference, inference.typeOf(subject)),
    }),
    override: () => unknown,
    twin: () => undefined,
    complaint: () => false,
    'given-signals': () => [],
    'signal-place': () => undefined,
  };
  return {
    // A kind that only TypeScript asks for has no answer here.
    answer: (batch) =>
      batch.map((question) => (answers[question.kind] as ((q: Question) => Answer) | undefined)?.(question)),
  };
}

function promiseOf(inference: Inference, value: Value): PromiseAnswer {
  const native = isAwaitable(inference.typeOf(value));
  return { native, thenable: native, always: native, collection: collectionOf(inference, value) };
}

function isAwaitable(type: PyType | undefined): Tri {
  if (!type) return 'unknown';
  switch (type.kind) {
    case 'awaitable':
      return type.form === 'context' ? 'unknown' : 'yes';
    case 'outside':
      return 'unknown';
    case 'outside-instance': {
      if (LIBRARIES.isUsed(type.name, 'await')) return 'yes';
      return LIBRARIES.class(type.name) ? 'no' : 'unknown';
    }
    case 'instance': {
      const hasOutsideBase = type.class.heritage.length > 0;
      const defines = type.class.members.some((member) => member.name === '__await__');
      return defines ? 'yes' : hasOutsideBase ? 'unknown' : 'no';
    }
    default:
      return 'no';
  }
}

/** Whether a list, tuple, set or comprehension holds awaitables. */
function collectionOf(inference: Inference, value: Value): Tri {
  const elements =
    value.kind === 'collection' && value.form !== 'object'
      ? value.elements.map((element) => element.value)
      : value.kind === 'comprehension' && value.form !== 'dict'
        ? value.elements
        : [];
  const verdicts = elements.map((element) => isAwaitable(inference.typeOf(element)));
  return verdicts.includes('yes') ? 'yes' : verdicts.includes('unknown') ? 'unknown' : 'no';
}

function givesAwaitable(inference: Inference, type: PyType | undefined): Tri {
  if (!type) return 'unknown';
  return isAwaitable(inference.called(type, undefined));
}

function declarationOf(inference: Inference, value: Value): DeclarationAnswer | undefined {
  const { found: type, trail } = inference.typeWithTrail(value);
  const through = [...trail];
  if (!type) return undefined;
  const returnsPromise = givesAwaitable(inference, type);
  switch (type.kind) {
    case 'function': {
      const { fn } = type;
      const path = [fn.owner?.name, fn.name].filter((name) => name !== undefined).join('.');
      return { module: undefined, path, file: fn.file.file, start: fn.span.start, returnsPromise, through };
    }
    case 'class': {
      const constructor = inference.memberType({ ...type, kind: 'instance' }, '__init__');
      const fn = constructor?.kind === 'function' ? constructor.fn : undefined;
      return {
        module: undefined,
        path: type.class.name ?? '',
        file: fn?.file.file ?? type.lowered.facts.file,
        start: fn?.span.start,
        returnsPromise,
        through,
      };
    }
    case 'outside':
      return { ...splitName(type.name), file: undefined, start: undefined, returnsPromise, through };
    default:
      return undefined;
  }
}

/** `asyncio.Queue.get` is `Queue.get` of `asyncio`, `os.path.exists` is `exists` of `os.path`. */
function splitName(name: string): { module: string; path: string } {
  const parts = name.split('.');
  const classAt = parts.findIndex((part, i) => i > 0 && /^[A-Z]/.test(part));
  const at = classAt > 0 ? classAt : parts.length - 1;
  return { module: parts.slice(0, at).join('.'), path: parts.slice(at).join('.') };
}

/**
 * The names that tell Python's awaitables apart are those of the running program: `coroutine` of `types`, `Task` and
 * `Future` of `asyncio`, `async_generator` of `types`.
 */
function typeAnswer(inference: Inference, type: PyType | undefined): TypeAnswer | undefined {
  if (!type) return undefined;
  const has = (member: string) => inference.memberType(type, member) !== undefined;
  const answer = (name: string | undefined, module: string | undefined): TypeAnswer => ({
    name,
    module,
    any: false,
    tupleLength: undefined,
    nothing: false,
    has,
  });
  switch (type.kind) {
    case 'awaitable':
      if (type.form === 'task') return answer('Task', 'asyncio');
      if (type.form === 'future') return answer('Future', 'asyncio');
      return answer(type.form === 'coroutine' ? 'coroutine' : 'async_context_manager', 'types');
    case 'iterator':
      return answer(type.isAsync ? 'async_generator' : 'generator', 'types');
    case 'instance':
      return answer(type.class.name, undefined);
    case 'outside-instance': {
      const { module, path } = splitName(type.name);
      return answer(path, module);
    }
    default:
      return undefined;
  }
}
