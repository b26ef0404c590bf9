import type { FileFacts } from './facts';

interface Entry {
  readonly value: unknown;
  readonly dependsOn: ReadonlySet<FileFacts>;
  readonly generation: unknown;
}

/**
 * Stands among the files that something was derived from for one that was not there: it may come, and until then no
 * file would tell.
 */
export const MISSING_FILE = { file: '' } as FileFacts;

/**
 * Keeps derived knowledge about facts objects (one object per file version) between analyses. An entry lives as long
 * as every file it was derived from is still the same version.
 */
export class Memo {
  private readonly entries = new WeakMap<object, Map<string, Entry>>();
  private checked: Map<FileFacts, boolean> | undefined;

  /**
   * @param current the facts a file has now, without computing them; undefined when it has none or has changed.
   * @param generation is another one after files came; what was derived without a missing one lasts until then.
   */
  constructor(
    private readonly current: (file: string) => FileFacts | undefined,
    private readonly generation: () => unknown = () => undefined,
  ) {}

  get(
    subject: object,
    topic: string,
  ): { readonly value: unknown; readonly dependsOn: ReadonlySet<FileFacts> } | undefined {
    const entry = this.entries.get(subject)?.get(topic);
    if (!entry) return undefined;
    for (const facts of entry.dependsOn) {
      const isSame = facts === MISSING_FILE ? entry.generation === this.generation() : this.isCurrent(facts);
      if (!isSame) return undefined;
    }
    return entry;
  }

  /**
   * For hosts that know when nothing can change: until the next call each file is looked at once, however many entries
   * depend on it.
   */
  nextRound(): void {
    this.checked = new Map<FileFacts, boolean>();
  }

  private isCurrent(facts: FileFacts): boolean {
    let current = this.checked?.get(facts);
    if (current === undefined) {
      current = this.current(facts.file) === facts;
      this.checked?.set(facts, current);
    }
    return current;
  }

  set(subject: object, topic: string, value: unknown, dependsOn: ReadonlySet<FileFacts>): void {
    let topics = this.entries.get(subject);
    if (!topics) this.entries.set(subject, (topics = new Map<string, Entry>()));
    topics.set(topic, { value, dependsOn, generation: this.generation() });
  }
}
