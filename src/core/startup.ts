/** Code that runs before anybody waits for the event loop: start-up, scripts, command lines, tests. */
import { localTarget } from './callees';
import type { Binding, Call, FileFacts, FunctionFact, Statement, Value } from './facts';
import { runsOnTheSpot } from './summaries';
import { calleeName, isLiteral, pathOf } from './uses';
import { ancestors } from './walk';

/** Libraries that read the command line or ask questions on a terminal: their users serve one person. */
const COMMAND_LINE = new Set(
  (
    'commander yargs yargs/yargs cac meow minimist sade clipanion citty gunshi mri arg cleye caporal @caporal/core ' +
    '@oclif/core @oclif/command inquirer @inquirer/prompts prompts enquirer @clack/prompts command-line-args ' +
    'nest-commander cmd-ts vorpal listr listr2 dashdash nopt'
  ).split(' '),
);

const TEST_LIBRARIES = new Set(
  (
    'vitest jest @jest/globals mocha node:test test chai ava tap uvu sinon supertest should expect jasmine ' +
    '@playwright/test @testing-library/react @testing-library/jest-dom nock jest-mock assert-called'
  ).split(' '),
);

/** Whether a file only holds tests, by its name or by what it imports. */
export function isTestFile(facts: FileFacts): boolean {
  return (
    /[._-](?:test|spec|e2e|bench)\.[cm]?[jt]sx?$|\/(?:test_[^/]*|conftest|[^/]*_tests?)\.py$|\/tests?\/(?:[^/]+\/)*[^/]+\.py$|\/__(?:tests|mocks)__\//.test(
      facts.file,
    ) ||
    facts.imports.some((module) => TEST_LIBRARIES.has(module)) ||
    (facts.functions[0]?.calls.some(isSuite) ?? false)
  );
}

function isSuite({ callee, args }: Call): boolean {
  return (
    callee.kind === 'name' &&
    !callee.binding &&
    ['describe', 'it', 'test', 'suite'].includes(callee.text) &&
    args.some((a) => a.value.kind === 'function')
  );
}

/** Whether a file is a script or a command: run by a person or a build, serving nobody. */
export function isScript(facts: FileFacts): boolean {
  return (
    facts.text.startsWith('#!') ||
    /(?:^|\/)(?:bin|scripts?|bench(?:marks?)?)\/[^/]+$/.test(facts.file) ||
    /\.config\.[cm]?[jt]s$|\/(?:gulpfile|Gruntfile|Jakefile)\.[cm]?[jt]s$/.test(facts.file) ||
    facts.imports.some((module) => COMMAND_LINE.has(module)) ||
    isCommand(facts)
  );
}

/** One command of a command-line tool, by its folder; the commands of chat bots and command buses serve many. */
function isCommand({ file, imports }: FileFacts): boolean {
  return (
    /(?:^|\/)(?:cli|commands?)\/(?:[^/]+\/){0,2}[^/]+$/.test(file) &&
    !imports.some((module) =>
      /discord|telegraf|grammy|slack|botbuilder|cqrs|express|fastify|koa|hono/.test(module),
    )
  );
}

/** Whether a file runs in a worker thread or child process of its own. */
export function isWorker(facts: FileFacts): boolean {
  return (
    /\b(?:parentPort|WorkerGlobalScope|importScripts)\b/.test(facts.text) ||
    /[./-]worker\.[cm]?[jt]s$/.test(facts.file)
  );
}

/** A coroutine of a class that is a thread: it has a loop to itself. */
export function hasOwnThread({ owner, file }: FunctionFact): boolean {
  return (
    file.language === 'python' &&
    (owner?.heritage.some((base) => /(?:^|\.)Thread$/.test(pathOf(base) ?? '')) ?? false)
  );
}

const SERVES = new Set(
  (
    'listen createServer serve setInterval subscribe consume process startPolling createHttpServer ' +
    'start_server start_unix_server create_server serve_forever run_app create_task start_soon gather'
  ).split(' '),
);

/** Whether a call starts to serve others or to do work again and again. */
function startsServing(call: Call): boolean {
  const name = calleeName(call);
  return name !== undefined && SERVES.has(name) && !(call.callee.kind === 'name' && name === 'process');
}

/**
 * The functions of a file that run at start-up only: called at module level, or only from such functions, never handed
 * out. Nothing of a function counts as start-up from the first call on that begins to serve; `isStartUp` tells.
 */
export function startUpFunctions(facts: FileFacts): ReadonlySet<FunctionFact> {
  const [top] = facts.functions;
  const startUp = new Set<FunctionFact>();
  if (!top) return startUp;
  const calledFrom = new Map<FunctionFact, Set<FunctionFact>>();
  const bindings = new Map<FunctionFact, Binding | undefined>();
  for (const fn of facts.functions) {
    for (const { callee } of fn.calls) {
      const target = localTarget(callee);
      if (!target) continue;
      let callers = calledFrom.get(target);
      if (!callers) calledFrom.set(target, (callers = new Set()));
      callers.add(fn);
      if (callee.kind === 'name' && !bindings.has(target)) bindings.set(target, callee.binding);
    }
  }
  const isRun = isProgram(facts);
  const handedOut = new Set([...calledFrom.keys()].filter((fn) => isHandedOut(fn, bindings.get(fn), isRun)));
  for (let grown = true; grown;) {
    grown = false;
    for (const [fn, callers] of calledFrom) {
      if (startUp.has(fn) || handedOut.has(fn)) continue;
      if (![...callers].every((caller) => caller === top || startUp.has(caller) || caller === fn)) continue;
      startUp.add(fn);
      grown = true;
    }
  }
  return startUp;
}

/** Exported, or used other than by calling it. */
function isHandedOut(fn: FunctionFact, binding: Binding | undefined, isRun: boolean): boolean {
  if (fn.kind === 'method' || fn.kind === 'constructor') return true;
  if (fn.value?.parent.kind === 'call' && fn.value.parent.callee === fn.value) return false;
  if (!binding) return true;
  return (
    (binding.exported && !isRun) ||
    binding.references.some((name) => !(name.parent.kind === 'call' && name.parent.callee === name))
  );
}

/** A Python file that is run rather than imported: every name of its module could be imported as well. */
function isProgram({ language, text }: FileFacts): boolean {
  return (
    language === 'python' && text.includes('__main__') && /^if __name__ *== *['"]__main__['"]/m.test(text)
  );
}

const OPENS_SERVER = new Set(
  'listen createServer createSecureServer serve createHttpServer createHttpsServer'.split(' '),
);

const openers = new WeakMap<FileFacts, readonly Call[]>();

/** The calls of a file that open a server: in most files there is none, and nothing more to ask. */
function openersIn(facts: FileFacts): readonly Call[] {
  let found = openers.get(facts);
  if (!found) {
    found = facts.functions.flatMap((fn) =>
      fn.calls.filter((call) => OPENS_SERVER.has(calleeName(call) ?? '')),
    );
    openers.set(facts, found);
  }
  return found;
}

/** Whether a file opens a server anywhere. */
export function opensServer(facts: FileFacts): boolean {
  return openersIn(facts).length > 0;
}

/** Whether a call prepares a server that the same function then opens: certificates, schemas, templates. */
export function isBeforeServer(call: Call): boolean {
  const later = openersIn(call.fn.file).filter((other) => other.span.start > call.span.start);
  if (later.length === 0) return false;
  const opening = later.map((other) => new Set(runningWith(other.fn)));
  for (const fn of runningWith(call.fn)) {
    if (fn.kind === 'module') return false;
    if (opening.some((functions) => functions.has(fn))) return true;
  }
  return false;
}

/** A function and those around it that it runs as a part of: not a handler that is called later. */
export function* runningWith(fn: FunctionFact): Generator<FunctionFact, void, undefined> {
  for (let current: FunctionFact | undefined = fn; current; current = current.parent) {
    yield current;
    const given: Value | Statement | undefined = current.value?.parent;
    if (given?.kind !== 'call') return;
    const isCalled = given.callee === current.value;
    if (!isCalled && !runsOnTheSpot(given) && !/^(?:then|catch|finally)$/.test(calleeName(given) ?? ''))
      return;
  }
}

/** Whether a call runs before its start-up function begins to serve, and not in an endless loop. */
export function isBeforeServing(call: Call): boolean {
  for (const fn of runningWith(call.fn)) {
    if (fn.calls.some((other) => startsServing(other) && other.span.start < call.span.start)) return false;
  }
  for (const node of ancestors(call)) {
    if (node.kind === 'loop' && (!node.test || isLiteral(node.test, true)) && !node.source) return false;
  }
  return true;
}
