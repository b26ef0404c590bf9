import { many } from './formats/text';

/** Runs shorter than this many milliseconds show no progress. */
const PATIENCE_MS = 400;

/** A line on the terminal that says how far the run is, and is gone when it ends. Elsewhere it does nothing. */
export class Progress {
  private readonly started = performance.now();
  private readonly done = new Map<object, number>();
  private shown = false;

  constructor(
    private readonly total: number,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  /** @param part what was done so far is counted for each part on its own. */
  update(part: object, done: number): void {
    this.done.set(part, done);
    if (!this.stream.isTTY || performance.now() - this.started < PATIENCE_MS) return;
    const sum = [...this.done.values()].reduce((a, b) => a + b, 0);
    const width = 20;
    const full = Math.min(Math.round((sum / Math.max(this.total, 1)) * width), width);
    this.shown = true;
    this.stream.write(
      `\r\x1b[K${'█'.repeat(full)}${'░'.repeat(width - full)} ${sum} of ${many(this.total, 'file')}`,
    );
  }

  end(): void {
    if (this.shown) this.stream.write('\r\x1b[K');
    this.shown = false;
  }
}
