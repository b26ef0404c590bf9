/**
 * Codes under which Ruff and flake8-async report what a rule of ours does: an existing `# noqa: CODE` is a decision
 * about the same thing. Codes from Ruff's and flake8-async's lists of rules.
 */
export const NOQA_CODES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'blocking-call-in-async',
    'ASYNC210 ASYNC211 ASYNC212 ASYNC220 ASYNC221 ASYNC222 ASYNC230 ASYNC231 ASYNC232 ASYNC240 ASYNC250 ASYNC251'.split(
      ' ',
    ),
  ],
  // A local name that is not used: here it keeps the task.
  ['dangling-task', ['RUF006', 'F841']],
  ['swallowed-cancellation', ['ASYNC103', 'ASYNC104']],
  ['async-without-await', ['RUF029']],
  ['escaping-task-group', ['ASYNC100', 'ASYNC119']],
]);
