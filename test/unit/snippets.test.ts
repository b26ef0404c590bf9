import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { makeSnippetFiles } from '../../src/tools/snippet-files';
import { makeSnippet, readSnippetSource } from '../../src/tools/snippet-source';
import { expandSnippet, type TabStopValue } from './snippets/expand';
import {
  ExpansionFolder,
  languages,
  readSnippets,
  root,
  withExports,
  type Language,
} from './snippets/expansions';
import { Sample } from './support/analyse';
import { pythonParser } from './python/support/parser';
import { PythonSample } from './support/analyse-python';

const family = [
  'async-queue',
  'async-queue-p-queue',
  'async-lock',
  'async-lock-using',
  'async-lock-async-mutex',
  'async-semaphore',
  'async-semaphore-async-mutex',
  'async-limit',
  'async-limit-p-limit',
  'async-task-group',
  'async-timeout',
  'async-timeout-signal',
  'async-retry',
  'async-worker',
  'async-worker-piscina',
  'async-iterate',
  'async-shutdown',
];

const pythonFamily = [
  'async-queue',
  'async-lock',
  'async-semaphore',
  'async-limit',
  'async-task-group',
  'async-timeout',
  'async-thread',
  'async-process-pool',
  'async-gather',
  'async-gather-outcomes',
  'async-background-task',
  'async-context-manager',
  'async-iterate',
  'async-shutdown',
];

describe('snippet files', () => {
  it('are what the sources make', async () => {
    const files = await makeSnippetFiles(path.join(root, 'snippets/source'));
    for (const language of [...languages, 'python'] as const) {
      const current = readFileSync(path.join(root, 'snippets', `${language}.json`), 'utf8');
      assert.equal(current, files.get(language), `Run "npm run generate" for ${language}.`);
    }
  });

  for (const language of [...languages, 'python'] as const) {
    describe(language, () => {
      const snippets = readSnippets(language);
      const isPython = language === 'python';

      it('has every pattern under the common prefix', () => {
        assert.deepEqual(
          snippets.map((snippet) => snippet.prefix[0]).sort(),
          [...(isPython ? pythonFamily : family)].sort(),
        );
      });

      it('has prefixes that are plain words, each for one snippet only', () => {
        const prefixes = snippets.flatMap((snippet) => snippet.prefix);
        assert.deepEqual(
          prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index),
          [],
        );
        for (const prefix of prefixes) assert.match(prefix, /^[a-z]+(?:-[a-z]+)*$/);
        for (const snippet of snippets)
          assert.ok(snippet.prefix.length >= 2, `${snippet.name} has no bare prefix`);
      });

      it('has a name and a one-line description of its own for every snippet', () => {
        const descriptions = snippets.map((snippet) => snippet.description);
        assert.equal(new Set(descriptions).size, snippets.length);
        for (const description of descriptions) assert.match(description, /^[^\n]{30,160}$/);
        assert.equal(new Set(snippets.map((snippet) => snippet.name)).size, snippets.length);
      });

      it('indents with tabs and keeps no line that is only white space', () => {
        for (const { name, body } of snippets) {
          const code = expandSnippet(body, (number, fallback) =>
            number === 0 && fallback === '' ? 'x;' : fallback,
          );
          for (const line of code.split('\n')) assert.match(line, /^\t*(?:\S| \*|$)/, `${name}: "${line}"`);
          assert.doesNotMatch(code, isPython ? /\n{4}|[ \t]+$/m : /\n{3}|[ \t]+$/m, name);
        }
      });

      it('has a first tab stop and numbers them without gaps', () => {
        for (const { name, body } of snippets) {
          const numbers = new Set<number>();
          expandSnippet(body, (number, fallback) => {
            numbers.add(number);
            return fallback;
          });
          numbers.delete(0);
          assert.deepEqual(
            [...numbers].sort((a, b) => a - b),
            Array.from({ length: numbers.size }, (_, index) => index + 1),
            name,
          );
          assert.ok(numbers.size >= 1, name);
        }
      });
    });
  }

  for (const language of languages) {
    describe(language, () => {
      it('type-checks as inserted', () => {
        assert.deepEqual(typeErrors(language), []);
      });

      it('has none of the bugs that the rules warn of', () => {
        const extension = language === 'typescript' ? 'ts' : 'js';
        const expansions = new Map(
          readSnippets(language).map(({ prefix, body }) => [
            `${prefix[0] ?? ''}.${extension}`,
            withExports(expandSnippet(body)),
          ]),
        );
        const sample = new Sample(Object.fromEntries(expansions));
        const warnings = [...expansions.keys()].flatMap((name) =>
          sample
            .findings(name)
            .filter(({ level }) => level === 'error' || level === 'warning')
            .map(
              ({ rule, span }) =>
                `${name}: ${rule} at "${expansions.get(name)?.slice(span.start, span.end) ?? ''}"`,
            ),
        );
        assert.deepEqual(warnings, []);
      });

      it('type-checks after every tab stop was renamed', () => {
        assert.deepEqual(typeErrors(language, renamed), []);
      });
    });
  }

  it('carries the same snippets in both languages', () => {
    const outline = (language: Language) =>
      readSnippets(language).map(({ name, prefix, description }) => ({ name, prefix, description }));
    assert.deepEqual(outline('javascript'), outline('typescript'));
  });

  it('uses no Node types where the code does not name Node', () => {
    const anywhere = readSnippets('typescript')
      .filter(({ body }) => !/from '|process\./.test(body))
      .map((snippet) => snippet.name);
    assert.ok(anywhere.length >= 8, anywhere.join());
    const browser: ts.CompilerOptions = {
      types: [],
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
    };
    assert.deepEqual(typeErrors('typescript', undefined, browser, anywhere), []);
  });
});

describe('Python snippets', () => {
  const snippets = readSnippets('python');

  it('have none of the bugs that the rules warn of', async () => {
    const expansions = Object.fromEntries(
      snippets.map(({ prefix, body }) => [`${prefix[0] ?? ''}.py`, `${expandSnippet(body)}\n`]),
    );
    const sample = new PythonSample(await pythonParser(), expansions);
    for (const name of Object.keys(expansions)) assert.deepEqual(sample.summary(name), [], name);
  });

  it('say which Python they need when it is a recent one', () => {
    for (const { description, body } of snippets) {
      const needed = /except\*|asyncio\.(?:TaskGroup|timeout)\b/.test(body)
        ? 11
        : /aclosing|strict=True/.test(body)
          ? 10
          : 0;
      const said = Number(/Python 3\.(\d+)\.$/.exec(description)?.[1] ?? 0);
      assert.equal(said, needed, description);
    }
  });

  it('keep to the line length of Black in a file indented with spaces', () => {
    for (const { name, body } of snippets) {
      for (const line of expandSnippet(body).replaceAll('\t', '    ').split('\n')) {
        assert.ok(line.length <= 88, `${name}: ${line}`);
      }
    }
  });

  for (const [title, value] of [
    ['as inserted', undefined],
    ['after every tab stop was renamed', renamedInPython],
  ] as const) {
    it(`compile, load and know every name ${title}`, () => {
      const folder = new ExpansionFolder();
      try {
        const files = snippets.map(({ prefix, body }) =>
          folder.write(`${prefix[0] ?? ''}.py`, `${expandSnippet(body, value)}\n`),
        );
        assert.deepEqual(pythonProblems(folder, files), []);
      } finally {
        folder.remove();
      }
    });
  }

  it('would not pass that check with a name left behind', () => {
    const folder = new ExpansionFolder();
    try {
      const file = folder.write('left.py', 'def first():\n    return second()\n');
      assert.deepEqual(pythonProblems(folder, [file]), ['left.py: second']);
    } finally {
      folder.remove();
    }
  });
});

function renamedInPython(number: number, fallback: string): string {
  if (fallback === 'str') return 'bytes';
  if (fallback === 'OSError') return 'ValueError';
  return number > 0 && /^[A-Za-z]\w*$/.test(fallback) ? `${fallback}_renamed` : fallback;
}

const namesCheck = `
import builtins
import dis
import py_compile
import runpy
import sys
import types
from pathlib import Path


def functions(code):
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from functions(constant)


for path in map(Path, sys.argv[1:]):
    py_compile.compile(str(path), doraise=True)
    names = runpy.run_path(str(path))
    for code in functions(compile(path.read_text(), path, "exec")):
        for step in dis.get_instructions(code):
            if step.opname == "LOAD_GLOBAL" and step.argval not in names and not hasattr(builtins, step.argval):
                print(f"{path.name}: {step.argval}")
`;

/** The global names that functions of Python files use and nobody defines, each as one line; throws when a file does not run. */
function pythonProblems(folder: ExpansionFolder, files: readonly string[]): string[] {
  const script = folder.write('check.py', namesCheck);
  const output = execFileSync('python3', ['-X', 'dev', '-W', 'error', script, ...files], {
    encoding: 'utf8',
  });
  return output.split('\n').slice(0, -1);
}

describe('type check of the expansions', () => {
  it('would notice a type error', () => {
    const broken: TabStopValue = (number, fallback) => (number === 1 ? `${fallback}(` : fallback);
    assert.notDeepEqual(typeErrors('typescript', broken), []);
    assert.notDeepEqual(typeErrors('javascript', broken), []);
  });
});

const renamed: TabStopValue = (number, fallback) => {
  if (fallback === 'string') return 'Date';
  return number > 0 && /^[A-Za-z]\w*$/.test(fallback) ? `${fallback}Renamed` : fallback;
};

/** The type errors of all expansions of a language under the strictest options, each as one line. */
function typeErrors(
  language: Language,
  value?: TabStopValue,
  overrides: ts.CompilerOptions = {},
  names?: readonly string[],
): string[] {
  const folder = new ExpansionFolder();
  try {
    const files = readSnippets(language)
      .filter((snippet) => names?.includes(snippet.name) ?? true)
      .map(({ prefix, body }) => {
        const name = `${prefix[0] ?? ''}.${language === 'typescript' ? 'ts' : 'js'}`;
        return folder.write(name, withExports(expandSnippet(body, value)));
      });
    const options: ts.CompilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
      noImplicitOverride: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules/@types')],
      // JavaScript has no place for the types; everything that is inferred is still checked.
      ...(language === 'javascript' ? { allowJs: true, checkJs: true, noImplicitAny: false } : {}),
      ...overrides,
    };
    const program = ts.createProgram(files, options, cachingHost(options));
    return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
      if (!diagnostic.file || diagnostic.start === undefined) return text;
      const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
      return `${path.basename(diagnostic.file.fileName)}:${line + 1} ${text}`;
    });
  } finally {
    folder.remove();
  }
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** A compiler host that parses the libraries once for all programs of this file. */
function cachingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) => {
    if (!file.includes('/node_modules/')) return read(file, version);
    const key = `${file} ${JSON.stringify(version)}`;
    if (!libraries.has(key)) libraries.set(key, read(file, version));
    return libraries.get(key);
  };
  return host;
}

describe('expandSnippet', () => {
  it('puts defaults, mirrors, choices and nested placeholders in place', () => {
    assert.equal(expandSnippet('$1 ${1:a} ${1} $2|'), 'a a a |');
    assert.equal(expandSnippet('${1|one,two|} $1 ${2|a\\,b\\|c,d|}'), 'one one a,b|c');
    assert.equal(expandSnippet('${1:outer ${2:inner} x} $2'), 'outer inner x inner');
  });

  it('takes escapes as VS Code does', () => {
    assert.equal(expandSnippet('\\$1 \\${a} \\\\ \\n ${1:{\\}}'), '$1 ${a} \\ \\n {}');
  });

  it('gives each tab stop the value asked for', () => {
    assert.equal(
      expandSnippet('${1:a}-$1-${2:b}', (number, fallback) => (number === 1 ? 'z' : fallback)),
      'z-z-b',
    );
  });

  it('rejects what it does not know and what is not closed', () => {
    assert.throws(() => expandSnippet('a\n$TM_FILENAME'), /line 2: "\$" is neither/);
    assert.throws(() => expandSnippet('${1:a'), /not closed/);
    assert.throws(() => expandSnippet('${1|a,b'), /not closed/);
  });
});

describe('snippet sources', () => {
  const header = '// name: Sample\n// prefix: [async-sample, sample]\n// description: A sample.\n';
  const source = (tabStops: string, code: string) =>
    readSnippetSource(`${header}// tabstops:\n${tabStops}\n\n${code}\n`, 'sample.ts');

  it('become linked tab stops, whole words only', async () => {
    const snippet = await makeSnippet(
      source('//   1: run', 'const run = 1;\nconst rerun = run;\n// $0'),
      'typescript',
    );
    assert.deepEqual(snippet.body, ['const ${1:run} = 1;', 'const rerun = $1;', '$0']);
    assert.deepEqual(snippet.prefix, ['async-sample', 'sample']);
  });

  it('escape what the code has in common with the snippet grammar', async () => {
    const code = 'const text = `${1 + 1}\\\\`;\nfor (const a of text) { console.log(a); }';
    const snippet = await makeSnippet(source('//   1: for (const a of text)', code), 'typescript');
    assert.equal(expandSnippet(snippet.body.join('\n')), code.replace(/\{ (console.*;) \}/, '{\n\t$1\n}'));
  });

  it('lose their types in JavaScript, with tab stops renumbered', async () => {
    const typed = source(
      '//   1: Item\n//   2: make',
      'interface Item {\n  id: number;\n}\n\n// Kept.\nfunction make(id: number): Item {\n  return { id };\n}',
    );
    assert.deepEqual((await makeSnippet(typed, 'javascript')).body, [
      '// Kept.',
      'function ${1:make}(id) {',
      '\treturn { id };',
      '}',
    ]);
  });

  it('may be Python', async () => {
    const text = `${header.replaceAll('//', '#')}# tabstops:\n#   1: work\n\nasync def work():\n    if True:\n        # $0\n`;
    const snippet = await makeSnippet(readSnippetSource(text, 'sample.py'), 'python');
    assert.deepEqual(snippet.body, ['async def ${1:work}():', '\tif True:', '\t\t$0']);
  });

  it('are refused with a sentence that names the file or the snippet', async () => {
    assert.throws(() => readSnippetSource('const a = 1;', 'a.ts'), /^Error: a\.ts: nothing found/);
    assert.throws(() => readSnippetSource('// name: A\n\na;', 'a.ts'), /^Error: a\.ts: "description"/);
    await assert.rejects(
      makeSnippet(source('//   1: absent', 'const a = 1;'), 'typescript'),
      /Snippet "Sample": tab stop 1, "absent", does not occur/,
    );
    await assert.rejects(
      makeSnippet(source('//   1: a.b\n//   2: b', 'a.b;'), 'typescript'),
      /Snippet "Sample": tab stop 2, "b", overlaps/,
    );
    await assert.rejects(
      makeSnippet(source('//   1: E', 'enum E { A }'), 'javascript'),
      /has no JavaScript form/,
    );
  });
});
