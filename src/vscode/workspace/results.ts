import type { DiagnosticData, DiagnosticsResult, SafeFix } from '../../core/protocol';
import type { CheckedFile } from '../../core/workspace-protocol';

export type Found = DiagnosticsResult['diagnostics'][number];

/** What lets a finding be translated. */
export function dataOf({ data }: Found): DiagnosticData {
  return data as DiagnosticData;
}

/** What is known of a file that was checked. */
interface Stored {
  readonly fingerprint: string;
  readonly found: readonly Found[];
  /** Undefined where only the findings are known. */
  readonly fixes: readonly SafeFix[] | undefined;
  /** Findings that were not kept, as there were too many. */
  readonly omitted: number;
}

/** The findings of a file, as they are now. */
export interface FileFindings {
  readonly uri: string;
  readonly found: readonly Found[];
}

/** More would help nobody. */
export const MOST_FINDINGS = 10_000;

/**
 * What the check of a workspace has found, by the URI of each file. What is found in an open document while it is typed
 * in goes before it.
 */
export class Results {
  private readonly files = new Map<string, Stored>();
  private seen: Set<string> | undefined;
  private count = 0;

  /** @param live what is found in an open document; undefined for those that are not open or not judged yet. */
  constructor(
    private readonly live: (uri: string) => readonly Found[] | undefined,
    private readonly most = MOST_FINDINGS,
  ) {}

  /** A check of everything begins: what it does not come to is gone when it ends. */
  begin(): void {
    this.seen = new Set();
  }

  /** The check that began has come to its end. @returns the files that are gone. */
  complete(): string[] {
    const { seen } = this;
    this.seen = undefined;
    const gone = seen ? [...this.files.keys()].filter((uri) => !seen.has(uri)) : [];
    for (const uri of gone) this.drop(uri);
    return gone;
  }

  add(uri: string, { fingerprint, diagnostics, fixes }: CheckedFile): void {
    this.seen?.add(uri);
    this.store(uri, fingerprint, diagnostics, fixes);
  }

  /** What was found while a document was open becomes what is known of its file. */
  adopt(uri: string, fingerprint: string, found: readonly Found[]): void {
    const known = this.files.get(uri);
    this.store(uri, fingerprint, found, known?.fingerprint === fingerprint ? known.fixes : undefined);
  }

  drop(uri: string): void {
    this.count -= this.files.get(uri)?.found.length ?? 0;
    this.files.delete(uri);
  }

  clear(): void {
    this.files.clear();
    this.seen = undefined;
    this.count = 0;
  }

  /** Whether the file was checked, with or without findings. */
  has(uri: string): boolean {
    return this.files.has(uri);
  }

  fingerprintOf(uri: string): string | undefined {
    return this.files.get(uri)?.fingerprint;
  }

  /** The safe fixes of a file, where its text is still the one with this fingerprint. */
  fixesFor(uri: string, fingerprint: string): readonly SafeFix[] | undefined {
    const known = this.files.get(uri);
    return known?.fingerprint === fingerprint ? known.fixes : undefined;
  }

  /** What was stored about a file, whether or not it is open. */
  stored(uri: string): readonly Found[] {
    return this.files.get(uri)?.found ?? [];
  }

  /** The findings of all checked files that have some, as they are now. */
  current(): FileFindings[] {
    return [...this.files.keys()].flatMap((uri) => {
      const found = this.live(uri) ?? this.stored(uri);
      return found.length > 0 ? [{ uri, found }] : [];
    });
  }

  /** Whether a finding can probably be fixed without looking at it. */
  isFixable(uri: string, found: Found): boolean {
    const fixes = this.live(uri) === undefined ? this.files.get(uri)?.fixes : undefined;
    return fixes ? fixes.some(({ rule }) => rule === found.code) : dataOf(found).fixable;
  }

  get uris(): string[] {
    return [...this.files.keys()];
  }

  get fileCount(): number {
    return this.files.size;
  }

  /** How many findings were left out. */
  get omitted(): number {
    let sum = 0;
    for (const { omitted } of this.files.values()) sum += omitted;
    return sum;
  }

  private store(
    uri: string,
    fingerprint: string,
    found: readonly Found[],
    fixes: readonly SafeFix[] | undefined,
  ): void {
    this.drop(uri);
    const fits = this.count + found.length <= this.most;
    const kept = fits ? found : [];
    this.files.set(uri, { fingerprint, found: kept, fixes, omitted: found.length - kept.length });
    this.count += kept.length;
  }
}
