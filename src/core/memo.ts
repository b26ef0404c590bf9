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

  /** @param current the facts a file has now, without computing them; undefined when it has none or has changed. */
  constructor(private readonly current: (file: string) => FileFacts | undefined) {}

  get(
    subject: object,
    topic: string,
  ): { readonly value: unknown; readonly dependsOn: ReadonlySet<FileFacts> } | undefined {
    const entry = this.entries.get(subject)?.get(topic);
    if (!entry) return undefined;
    for (const facts of entry.dependsOn) if (this.current(facts.file) !== facts) return undefined;
    return entry;
  }

  set(subject: object, topic: string, value: unknown, dependsOn: ReadonlySet<FileFacts>): void {
    let topics = this.entries.get(subject);
    if (!topics) this.entries.set(subject, (topics = new Map<string, Entry>()));
    topics.set(topic, { value, dependsOn });
  }
}
