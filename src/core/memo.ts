import type { FileFacts } from './facts';

interface Entry {
  readonly value: unknown;
  readonly dependsOn: ReadonlySet<FileFacts>;
}

/**
 * Keeps derived knowledge about facts objects (one object per file version) between analyses. An entry lives as long
 * as every file it was derived from is still the same version.
 */
export class Memo {
  private readonly entries = new WeakMap<object, Map<string, Entry>>();
  private checked: Map<FileFacts, boolean> | undefined;

  /** @param current the facts a file has now, without computing them; undefined when it has none or has changed. */
  constructor(private readonly current: (file: string) => FileFacts | undefined) {}

  get(
    subject: object,
    topic: string,
  ): { readonly value: unknown; readonly dependsOn: ReadonlySet<FileFacts> } | undefined {
    const entry = this.entries.get(subject)?.get(topic);
    if (!entry) return undefined;
    for (const facts of entry.dependsOn) if (!this.isCurrent(facts)) return undefined;
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
    topics.set(topic, { value, dependsOn });
  }
}
