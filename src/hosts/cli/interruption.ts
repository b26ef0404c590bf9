const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof SIGNALS;

/** Ends the program in good order when somebody presses Ctrl-C: it says what was done, then exits as shells expect. */
export class Interruption {
  private asked: Signal | undefined;
  private readonly handlers = (Object.keys(SIGNALS) as Signal[]).map((signal) => {
    const handler = () => {
      if (this.atOnce) leave(signal, this.atOnce());
      // Whoever asks twice does not want to wait.
      if (this.asked) process.exit(SIGNALS[signal]);
      this.asked = signal;
    };
    process.on(signal, handler);
    return { signal, handler };
  });

  /** @param atOnce cleans up and gives the last words, where work may stop anywhere. */
  constructor(private readonly atOnce: (() => string) | undefined) {}

  /** To be called between two pieces of work that must not be torn apart. */
  stopIfAsked(words: () => string): void {
    if (this.asked) leave(this.asked, words());
  }

  over(): void {
    for (const { signal, handler } of this.handlers) process.off(signal, handler);
  }
}

function leave(signal: Signal, words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(SIGNALS[signal]);
}
