/** What to do with the items of a queue, and how they differ. */
export interface Work<T> {
  /** Must not reject. */
  readonly carryOut: (item: T) => Promise<void>;
  /** Items with the same key are the same item. */
  readonly keyOf: (item: T) => string;
  /** Of the items that are due the one with the smallest number goes first. */
  readonly urgencyOf: (item: T) => number;
  /** Items of different lanes do not wait for each other. */
  readonly laneOf: (item: T) => unknown;
}

/** Work on one item of each lane at a time, each after its delay; adding an item again restarts its delay. */
export class Queue<T> {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly due = new Map<string, T>();
  /** By lane, the key of the item that is worked on. */
  private readonly current = new Map<unknown, string>();

  constructor(private readonly work: Work<T>) {}

  add(item: T, delayMs: number): void {
    const key = this.work.keyOf(item);
    this.remove(key);
    const timer = setTimeout(() => {
      this.waiting.delete(key);
      this.due.set(key, item);
      void this.run(this.work.laneOf(item));
    }, delayMs);
    this.waiting.set(key, timer);
  }

  /** True while the item waits or is worked on. */
  has(key: string): boolean {
    return this.waiting.has(key) || this.due.has(key) || [...this.current.values()].includes(key);
  }

  remove(key: string): void {
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    this.due.delete(key);
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.due.clear();
  }

  private async run(lane: unknown): Promise<void> {
    if (this.current.has(lane)) return;
    for (let next = this.mostUrgent(lane); next !== undefined; next = this.mostUrgent(lane)) {
      const [key, item] = next;
      this.due.delete(key);
      this.current.set(lane, key);
      try {
        await this.work.carryOut(item);
      } finally {
        this.current.delete(lane);
      }
    }
  }

  private mostUrgent(lane: unknown): readonly [string, T] | undefined {
    const { urgencyOf, laneOf } = this.work;
    let best: readonly [string, T] | undefined;
    for (const entry of this.due) {
      if (laneOf(entry[1]) !== lane) continue;
      if (!best || urgencyOf(entry[1]) < urgencyOf(best[1])) best = entry;
    }
    return best;
  }
}
