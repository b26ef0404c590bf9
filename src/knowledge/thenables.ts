/** Types of libraries that have a `then` and yet are no promise of work that is running. */

/** Names of types and where they are declared; undefined stands for a file of the project. */
export interface ThenableTypes {
  readonly modules: readonly (string | undefined)[];
  readonly name: RegExp;
  /** A member that the type has to have, where its name alone says too little. */
  readonly member?: string;
}

export interface LazyTypes extends ThenableTypes {
  /** Its methods change the query and give it back, so a statement that calls one is a step and no mistake. */
  readonly isBuilder: boolean;
  /** Properties of other objects that begin a query of their own each time they are read. */
  readonly begunBy?: readonly string[];
}

/** Queries that run only when somebody awaits them or calls `then`, `catch` or `finally`: dropped, they never run. */
export const LAZY_THENABLES: readonly LazyTypes[] = [
  // https://www.prisma.io/docs/orm/prisma-client/queries/transactions; its generator writes the types into the project.
  {
    modules: ['@prisma/client', '.prisma', undefined],
    name: /^(?:PrismaPromise|Prisma__\w+Client)$/u,
    isBuilder: false,
  },
  // https://mongoosejs.com/docs/promises.html#queries-are-not-promises
  { modules: ['mongoose'], name: /^(?:Query|QueryWithHelpers|Aggregate)$/u, isBuilder: true },
  // https://knexjs.org/guide/interfaces#promises
  {
    modules: ['knex'],
    name: /^(?:\w*QueryBuilder|Raw|RawBuilder|SchemaBuilder|ChainableInterface|BatchInsertBuilder)$/u,
    isBuilder: true,
    begunBy: ['schema'],
  },
];

/** Things whose work goes on by itself and whose `then` nobody has to call. */
export const SELF_DRIVEN: readonly ThenableTypes[] = [
  // The runner works through the queue of commands: https://docs.cypress.io/app/core-concepts/introduction-to-cypress
  { modules: [''], name: /^Chainable$/u, member: 'should' },
  // An answer that is sent, and an instance that can be awaited to load a plugin early: https://fastify.dev/docs/latest/
  { modules: ['fastify'], name: /^(?:FastifyReply|FastifyInstance)$/u },
];
