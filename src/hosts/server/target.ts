import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import type { Config } from '../../core/config';
import { reasonOf } from '../../core/reason';
import type { PythonVersion } from '../../core/rule';

/**
 * The oldest version that a requirement lets in: `3.9` for `>=3.9,<4`, `^3.9` and `~=3.9`; undefined where it names no
 * lower bound. The form is PEP 440's, with Poetry's caret.
 */
export function oldestVersion(requirement: string): PythonVersion | undefined {
  for (const part of requirement.split(',')) {
    const match = /^\s*(?:>=|>|~=|===?|\^|~)?\s*(\d+)\.(\d+)/.exec(part);
    if (match) return { major: Number(match[1]), minor: Number(match[2]) };
  }
  return undefined;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined,
    value,
  );
}

/**
 * The version a `pyproject.toml` asks for.
 * @throws Error when the text is no TOML; its first line says why.
 */
export function versionRequired(toml: string): PythonVersion | undefined {
  const document = parse(toml);
  for (const path of [
    ['project', 'requires-python'],
    ['tool', 'poetry', 'dependencies', 'python'],
  ]) {
    const requirement = at(document, ...path);
    if (typeof requirement === 'string') return oldestVersion(requirement);
  }
  return undefined;
}

/**
 * Whether a `pyproject.toml` says that the project is meant for Python without the GIL: by one of the classifiers
 * `Programming Language :: Python :: Free Threading`, unless it calls that unstable. https://pypi.org/classifiers/
 * @throws Error when the text is no TOML; its first line says why.
 */
export function saysFreeThreaded(toml: string): boolean {
  const document = parse(toml);
  for (const path of [
    ['project', 'classifiers'],
    ['tool', 'poetry', 'classifiers'],
  ]) {
    const classifiers = at(document, ...path);
    if (!Array.isArray(classifiers)) continue;
    return classifiers.some(
      (classifier) =>
        typeof classifier === 'string' &&
        /^Programming Language :: Python :: Free Threading\b(?!.*\bUnstable$)/.test(classifier),
    );
  }
  return false;
}

/** `3.14t` and `3.14+freethreaded`, as pyenv and uv write a build without the GIL into `.python-version`. */
export function isFreeThreadedVersion(line: string): boolean {
  return /(?:^|[-@]|cpython)\d+\.\d+(?:\.\d+)?(?:[ab]\d+|rc\d+|-dev)?(?:t|\+freethreaded)\b/.test(
    line.trim(),
  );
}

/** What one directory says about the Python its files run on. */
interface Said {
  readonly version: PythonVersion | undefined;
  readonly freeThreaded: boolean | undefined;
}

/** The target versions of files, by the nearest `pyproject.toml` that names one. */
export class Targets {
  private readonly known = new Map<string, Said>();

  /** @param report receives a sentence about a file that cannot be read as TOML. */
  constructor(private readonly report: (text: string) => void) {}

  of(file: string): PythonVersion | undefined {
    return this.around(file)?.version;
  }

  /** Whether the nearest `.python-version`, else the nearest `pyproject.toml` with classifiers, tells of no GIL. */
  isFreeThreaded(file: string): boolean {
    return this.around(file)?.freeThreaded ?? false;
  }

  /** What a file runs on: as its configuration says, else its project. */
  under({ python }: Config, file: string): { version: PythonVersion | undefined; freeThreaded: boolean } {
    return {
      version: python.version ?? this.of(file),
      // What is not chosen in an editor is false there.
      freeThreaded: python.freeThreaded === true || this.isFreeThreaded(file),
    };
  }

  /** Some `pyproject.toml` or `.python-version` came, changed or went. */
  forget(): void {
    this.known.clear();
  }

  private around(file: string): Said | undefined {
    const directory = file.slice(0, Math.max(file.lastIndexOf('/'), 0));
    if (directory === '' || directory === file) return undefined;
    let said = this.known.get(directory);
    if (!said) {
      const own = this.read(directory);
      const outer =
        own.version === undefined || own.freeThreaded === undefined ? this.around(directory) : undefined;
      said = {
        version: own.version ?? outer?.version,
        freeThreaded: own.freeThreaded ?? outer?.freeThreaded,
      };
      this.known.set(directory, said);
    }
    return said;
  }

  private read(directory: string): Said {
    const [line] = textOf(`${directory}/.python-version`)?.split('\n', 1) ?? [];
    const chosen = line === undefined ? undefined : isFreeThreadedVersion(line);
    const file = `${directory}/pyproject.toml`;
    const text = textOf(file);
    if (text === undefined) return { version: undefined, freeThreaded: chosen };
    try {
      return {
        version: versionRequired(text),
        freeThreaded: chosen ?? (saysFreeThreaded(text) || undefined),
      };
    } catch (error) {
      const reason = reasonOf(error);
      this.report(`${file}: ${reason} Correct it, so that requires-python can be read.`);
      return { version: undefined, freeThreaded: chosen };
    }
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
