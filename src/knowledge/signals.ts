/** Names of calls that an AbortSignal has no business with. */

/** What ends things: it has to run all the more when the work was aborted. */
export const TIDIES_UP_NAME =
  /^(?:close|dispose|destroy|stop|end|abort|cancel|release|clean_?up|rollback|unlock|flush|log|report|record|track|delete|remove|unlink|rm|disconnect|shutdown|teardown)/iu;

/** What keeps a result: once the work is done, an abort should not lose it. */
export const KEEPS_RESULT_NAME =
  /^(?:save|store|put|write|set|persist|update|mark|commit|publish|notify|add|insert|merge)(?![a-z])/u;
