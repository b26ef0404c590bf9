import type { PythonVersion } from './rule';

/** Reads `3.11` or `3.11.4`. */
export function parseVersion(text: string): PythonVersion | undefined {
  const match = /^\s*(\d+)\.(\d+)(?:\.[\d*]+)?\s*$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}
