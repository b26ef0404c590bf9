/** Words by which code shows that its steps belong one after another. */

/** Methods that add to one receiver in the order of the calls: streams, sockets, terminals, pages, event buses. */
export const SINK_METHODS: ReadonlySet<string> = new Set(
  (
    'write writeln writeAll writev append appendFile print println log send sendText sendMessage emit emitAsync push ' +
    'enqueue unshift produce publish dispatch click dblclick tap type press fill hover focus check uncheck drag drop ' +
    'goto evaluate reply respond feed update pipe save_state moveTo scroll step seek flush commit next read'
  ).split(' '),
);

/** Names of things that take or give one thing at a time; parallel calls wait in line there or get mixed up. */
export const SINK_NAME =
  /^(?:.*(?:stream|socket|writer|cursor|transaction|queryRunner|session|printer|spinner)|page|frame|browser|driver|keyboard|mouse|ws|conn|connection|channel|tx|trx|qr|em|entityManager|manager|out|output|stdout|stderr|res|response|reply|terminal|term|shell|editor|view|panel|sink|buffer|emitter|bus|ctx\.telegram|rl|readline|fd|fh|fileHandle|handle|dst|dest|destination|target|parser|encoder|decoder|lexer)$/iu;

/** Types of the same kind, by the name of their symbol. */
export const SINK_TYPES: ReadonlySet<string> = new Set(
  (
    'Page Frame Locator ElementHandle Keyboard Mouse CDPSession WebDriver WebElement QueryRunner EntityManager ' +
    'ClientSession PoolClient Connection Writable WriteStream ReadStream Readable Duplex FileHandle Socket WebSocket ' +
    'ServerResponse WritableStream WritableStreamDefaultWriter WritableStreamDefaultController TextEditor Terminal ' +
    'Transaction Cursor EventEmitter Interface Hash SFTPWrapper'
  ).split(' '),
);

/** Collections that calls further down fill or consult on the way. */
export const ACCUMULATOR_NAME =
  /(?:[a-z_](?:Context|Warnings|Errors|Results|State|Cache|Summary|Stats)|^(?:acc|accumulator|out|output|outputs|result|results|seen|visited|collected|collector|errors|warnings|issues|queue|stack|builder|memo|cache|state|context|ctx|found|matches|report|lines|chunks))$/u;

/** Things whose members are called in the order they were registered in. */
export const CALLBACK_NAME =
  /(?:hook|plug-?in|middleware|handler|listener|callback|^cb|^fn|func|step|task|job|migration|stage|phase|processor|interceptor|guard|filter|validator|rule|transform(?:er)?|extension|module|subscriber|observer|visitor|command|action|runner|executor|initiali[sz]er|disposable|disposer|clean-?up|tear-?down|teardown|closer|loader|resolver|provider|strategy|operation|effect|factory|seed(?:er)?|fixture|scenario)s?$/iu;

/** Names of functions and methods that take things down, in order on purpose. */
export const TEARDOWN_NAME =
  /^(?:close|dispose|asyncDispose|destroy|stop|shut_?down|end|disconnect|clean_?up|tear_?down|release|terminate|kill|abort|cancel|unsubscribe|unmount|uninstall|rollback|revert|undo|restore|finali[sz]e|down)(?:[A-Z_]\w*)?$/u;

/** Names of functions that work through events, where the order of arrival counts. */
export const EVENT_HANDLER_NAME =
  /^_*(?:on|handle|process|dispatch|emit|consume|receive|apply|replay|ingest|deliver|notify)(?:[A-Z_]\w*)?$/u;
export const EVENT_NAME =
  /(?:event|message|msg|update|packet|frame|notification|command|action|change|delta|operation|op|record|entry|patch|signal|mutation)(?:s|es|List|Queue)?$/iu;

/** Calls that wait for time, for a turn or for room. */
export const WAIT_NAME =
  /^(?:sleep|delay|pause|backoff|throttle|wait\w*|next_?tick|tick|yield\w*|set_?immediate|set_?timeout|rate_?limit\w*|acquire\w*|lock\w*|drain\w*|ready|once|idle\w*|debounce|settle)$/iu;

/** Calls that open or end a database transaction. */
export const TRANSACTION_CALL =
  /^(?:\$?transaction|begin|beginTransaction|startTransaction|withTransaction|inTransaction|runInTransaction|transacting|commit|commitTransaction|rollback|rollbackTransaction|runTransaction|savepoint)$/iu;
export const TRANSACTION_NAME =
  /^(?:t|tx|trx|transaction|queryRunner|transactionalEntityManager|mongoSession)$/u;

/** Functions and calls that change a database's schema, where one change builds on the other. */
export const SCHEMA_NAME =
  /^(?:up|down|sync|drop|truncate|migrat\w*|runMigrations?|executeQueries|query|exec|execute|raw)$|(?:create|drop|alter|rename|add|change|build|sync|clear)\w*(?:Table|Column|Ind(?:ex|ices|exes)|Constraint|ForeignKey|PrimaryKey|Schema|View|Database|Enum|Extension|Sequence|Trigger|Migration)/u;

/** What an author writes who has thought about the order. */
export const ORDER_COMMENT =
  /\b(?:order\w*|sequen\w*|serial\w*|serially|one(?: |-)(?:at(?: |-)a(?: |-)time|by(?: |-)one|after)|in turn|parallel\w*|concurren\w*|simultaneous\w*|racy|race|races|throttl\w*|rate(?: |-)?limit\w*|overload\w*|overwhelm\w*|flood\w*|no-await-in-loop|in series|synchronous\w*|back ?pressure)\b/iu;

/** Counters and elements of loops that try again or go through pages. */
export const ROUND_NAME =
  /attempt|retr(?:y|ies)|tries|^try|round|page|offset|poll|iteration|depth|level|generation|epoch/iu;

/** Sources that are in an order on purpose, or cut into portions already. */
export const ORDERED_SOURCE =
  /chunk|batch|page|portion|slices?$|sorted|ordered|revers|topolog|sequence|pipeline|phases?$|stages?$|steps$|layers?$|levels?$|queue|stack|commands$|statements$|queries$|sqls?$|instructions$|migrations$|operations$|candidates?$|fallbacks?$|attempts?$|priorit/iu;

/** Functions that promise to go one by one. */
export const ORDERED_FUNCTION =
  /serie|serial|sequen|in_?order|one_?by_?one|waterfall|cascade|chain|pipeline/iu;

/** Questions to a person and texts for one: two at a time would be mixed up. */
export const DIALOGUE_NAME =
  /^(?:ask|prompt|confirm|choose|question|show|display|alert|otplease|inquire|readline)(?:[A-Z_]\w*)?$/u;

/** Calls that give something and leave everything as it is, by their name. */
export const READING_NAME =
  /^(?!\w*(?:Or|And)[A-Z]|\w*(?:Next|Line|Chunk|Lock|Connection|Session|Cursor|Transaction)(?:[A-Z]\w*)?$)(?:get|fetch|load|find|read|list|count|select|look_?up|search|download|describe|query|retrieve|has|is|exists|l?stat)(?:[A-Z_\d]\w*)?$/u;

/** Names of calls that carry out what somebody registered or wrote down, such as scripts and hooks. */
export const CARRY_OUT_NAME =
  /^exec(?!File)[A-Z]|(?:[sS]cript|[cC]ommand|[tT]ask|[sS]tep|[hH]ook|Exec|[jJ]ob|Audit|Phase|Migration|Callback|Handler|Middleware|Plugin)s?$/u;

/** Methods of a registered item that do nothing but run it. */
export const RUN_METHOD = /^(?:fn|func|cb|callback|handler|run|execute|exec|invoke|perform|call|apply)$/u;
