/** Runs work for a key some time after it was last asked for. */
export class Schedule {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly work: (key: string) => void) {}

  /** @param restart whether a wait that has begun begins anew. */
  after(delayMs: number, key: string, restart: boolean): void {
    const waiting = this.timers.get(key);
    if (waiting && !restart) return;
    clearTimeout(waiting);
    const timer = setTimeout(() => {
      this.timers.delete(key);
      this.work(key);
    }, delayMs);
    this.timers.set(key, timer);
  }

  drop(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
