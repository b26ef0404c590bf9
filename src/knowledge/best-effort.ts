/** Names of work that may fail without anybody having to hear of it. */

/** Functions that clean up, or that say by their name that they only try. */
export const BEST_EFFORT_FUNCTION =
  /^[_#]*(?:async)?(?:a?close|dispose|destroy|stop|clean_?up|clear|tear_?down|disconnect|shut_?down|end|quit|exit|terminate|release|reset|abort|cancel|kill|unsubscribe|unlink|remove|delete|drain|finali[sz]e|rollback|on(?:Module)?Destroy|onApplicationShutdown|deactivate|__aexit__|__del__|try|attempt|maybe|safe|safely|ignore|ignoring|silent|silently|quiet|quietly|best_?effort|swallow|suppress|warm_?up|prefetch|preload|prewarm|ping|poll|heartbeat|probe|keep_?alive|notify|track|report|log)(?:$|_|[A-Z0-9])|(?:Safe(?:ly)?|Silently|Quietly|Fallback|BestEffort)$|_(?:safe(?:ly)?|silently|quietly)$/i;

/** Calls whose failure changes nothing: removing what may be gone, telling who may have left, warming what may be cold. */
export const BEST_EFFORT_CALL =
  /^[_#]*(?:a?close|end|dispose|destroy|stop|kill|quit|terminate|cancel|abort|return|release|releaseLock|unlock|disconnect|detach|leave|drain|rollback|unlink|rm|rmdir|rimraf|remove|delete|del|clear|purge|prune|mkdir|access|chmod|utimes|clean_?up|shutdown|exit|unsubscribe|unregister|un_?watch|off|ping|touch|prefetch|preload|prewarm|warm_?up|play|pause|vibrate|focus|exitFullscreen|requestFullscreen|track|telemetry|capture|report|notify|log|wait_closed|waitClosed|aclose|flush|logout|import|sleep|delay|wait_for|wait)(?:$|_|[A-Z0-9])|If(?:Needed|Possible|Any|Present)$|_if_(?:needed|possible|any)$/i;

/** Functions that tell an error tracker of an error, as its libraries call them. */
export const ERROR_REPORT = /^(?:capture|report|track)(?:Exception|Error)s?$/;

/** What the work of the program does not depend on: measurements, caches. */
export const SIDE_CHANNEL = /telemetry|analytics|metric|tracking|tracker|logger|sentry|stats|cache/i;

/** Comments that give the reason from a distance. */
export const REASON =
  /ignor|best.?effort|swallow|suppress|optional|expected|harmless|not? (?:care|matter|problem|big)|don'?t (?:care|mind|fail|throw)|may (?:fail|have|be|not)|might (?:fail|have|be|not)|(?:no|any) errors?|non.?fatal|non.?critical|never mind|fine|silent/i;
