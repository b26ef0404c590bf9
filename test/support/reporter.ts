import { reporters, Runner } from 'mocha';

/** Mocha's `spec`, which also tells what failed and is run once more. */
export default class RepeatingSpec extends reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    // With files side by side the error has come from another process and is no `Error`.
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test: Mocha.Test, error: { readonly message: string }) => {
      console.log(`    ↻ ${test.fullTitle()}: ${error.message}`);
    });
  }
}
