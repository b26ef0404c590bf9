/** Work on one item at a time, each after its delay; adding an item again restarts its delay. */
export class Queue<T> {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly due = new Map<string, T>();
  private current: string | undefined;

  /**
   * @param work must not reject
   * @param keyOf items with the same key are the same item
   * @param urgencyOf of the items that are due the one with the smallest number goes first
   */
  constructor(
    private readonly work: (item: T) => Promise<void>,
    private readonly keyOf: (item: T) => string,
    private readonly urgencyOf: (item: T) => number,
  ) {}

  add(item: T, delayMs: number): void {
    const key = this.keyOf(item);
    this.remove(key);
    const timer = setTimeout(() => {
      this.waiting.delete(key);
      this.due.set(key, item);
      void this.run();
    }, delayMs);
    this.waiting.set(key, timer);
  }

  /** True while the item waits or is worked on. */
  has(key: string): boolean {
    return this.waiting.has(key) || this.due.has(key) || this.current === key;
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

  private async run(): Promise<void> {
    if (this.current !== undefined) return;
    for (let next = this.mostUrgent(); next !== undefined; next = this.mostUrgent()) {
      const [key, item] = next;
      this.due.delete(key);
      this.current = key;
      try {
        await this.work(item);
      } finally {
        this.current = undefined;
      }
    }
  }

  private mostUrgent(): readonly [string, T] | undefined {
    let best: readonly [string, T] | undefined;
    for (const entry of this.due) {
      if (!best || this.urgencyOf(entry[1]) < this.urgencyOf(best[1])) best = entry;
    }
    return best;
  }
}
