import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import type { PythonVersion } from '../../core/rule';

/** Reads `3.11` or `3.11.4`. */
export function parseVersion(text: string): PythonVersion | undefined {
  const match = /^\s*(\d+)\.(\d+)(?:\.[\d*]+)?\s*$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

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

/** The target versions of files, by the nearest `pyproject.toml` that names one. */
export class Targets {
  private readonly known = new Map<string, PythonVersion | undefined>();

  /** @param report receives a sentence about a file that cannot be read as TOML. */
  constructor(private readonly report: (text: string) => void) {}

  of(file: string): PythonVersion | undefined {
    const directory = file.slice(0, Math.max(file.lastIndexOf('/'), 0));
    if (directory === '' || directory === file) return undefined;
    if (!this.known.has(directory))
      this.known.set(directory, this.read(`${directory}/pyproject.toml`) ?? this.of(directory));
    return this.known.get(directory);
  }

  /** Some `pyproject.toml` came, changed or went. */
  forget(): void {
    this.known.clear();
  }

  private read(file: string): PythonVersion | undefined {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
    try {
      return versionRequired(text);
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
      this.report(`${file}: ${reason} Correct it, so that requires-python can be read.`);
      return undefined;
    }
  }
}
