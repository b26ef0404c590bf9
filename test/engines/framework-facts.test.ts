/** What the tables say of frameworks, tried out on the frameworks themselves. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/tools/vscode-server/run-command';
import { frameworkProject } from '../support/framework-packages';

/** Counts the rejections that nobody handles, and waits until they have shown. */
const PRELUDE = `
let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);
const settle = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));
const fail = async () => { throw new Error('failed'); };
`;

describe('frameworks, when they are run', function () {
  this.timeout(300_000);

  let folder: string;

  before(async () => {
    folder = await frameworkProject();
  });

  after(() => rm(folder, { recursive: true }));

  /** Runs a module, by way of another program if need be, and gives the last line it prints, as JSON. */
  async function run(code: string, place = '.', program: readonly string[] = []): Promise<unknown> {
    const file = join(folder, place, 'fact.mjs');
    writeFileSync(file, `${PRELUDE}${code}`);
    const output = await runCommand(process.execPath, [...program, file], { cwd: folder });
    return JSON.parse(output.trim().split('\n').at(-1) ?? '');
  }

  const EXPRESS = `
    import express from 'express';
    const app = express();
    app.get('/', fail);
    app.use((error, request, response, next) => response.status(500).send(error.message));
    const server = app.listen(0);
    await settle();
    const answer = await fetch('http://localhost:' + server.address().port, { signal: AbortSignal.timeout(1000) })
      .then((response) => response.text(), () => 'none');
    console.log(JSON.stringify([answer, unhandled]));
    process.exit();
  `;

  it('Express 4 leaves the rejection of a handler unhandled and the request without an answer', async () => {
    assert.deepEqual(await run(EXPRESS, 'express4'), ['none', 1]);
  });

  it('Express 5 hands the rejection of a handler on to the error handler', async () => {
    assert.deepEqual(await run(EXPRESS), ['failed', 0]);
  });

  it('Mongoose runs a query when it is awaited, and not before', async () => {
    const code = `
      import mongoose from 'mongoose';
      const User = mongoose.model('User', new mongoose.Schema({ name: String }));
      let runs = 0;
      User.collection.updateOne = async () => { runs++; return { acknowledged: true }; };
      const counts = [];
      const update = () => User.updateOne({ name: 'a' }, { name: 'b' });
      const after = async (work) => { runs = 0; await work(); await settle(); counts.push(runs); };
      await after(() => { update(); });
      await after(() => { void update(); });
      await after(async () => { await update(); });
      await after(async () => { await update().catch(() => {}); });
      await after(async () => { await update().exec(); });
      console.log(JSON.stringify([update() instanceof Promise, counts]));
    `;
    assert.deepEqual(await run(code), [false, [0, 0, 1, 1, 1]]);
  });

  it('Knex runs a query when it is awaited, and not before', async () => {
    const code = `
      import Knex from 'knex';
      const ran = [];
      class Client extends Knex.Client {
        _driver() { return {}; }
        async acquireRawConnection() { return {}; }
        async destroyRawConnection() {}
        validateConnection() { return true; }
        async _query(connection, query) { ran.push(query.method ?? query.sql); query.response = []; return query; }
        processResponse({ response }) { return response; }
      }
      Object.assign(Client.prototype, { dialect: 'none', driverName: 'none' });
      const knex = Knex({ client: Client, connection: {} });
      knex('users').insert({ a: 1 });
      void knex.schema.createTable('users', () => {});
      knex.raw('select 1');
      await settle();
      const before = ran.length;
      await knex('users').insert({ a: 1 });
      await knex('users').insert({ a: 2 }).catch(() => {});
      const query = knex('users').select();
      query.where('a', 1);
      console.log(JSON.stringify([before, ran.length, query.toString()]));
      await knex.destroy();
    `;
    assert.deepEqual(await run(code), [0, 2, 'select * from "users" where "a" = 1']);
  });

  it('Vue hands what a watcher, hook or handler rejects with to the error handler of the application', async () => {
    const code = `
      import { createRenderer, h, onMounted, watchEffect } from 'vue';
      const node = (type) => ({ type, children: [], props: {}, parent: null });
      const nodes = [];
      const { createApp } = createRenderer({
        createElement: (type) => { const made = node(type); nodes.push(made); return made; },
        createText: node, createComment: node, setText() {}, setElementText() {},
        insert(child, parent) { child.parent = parent; parent.children.push(child); },
        remove() {}, parentNode: (child) => child.parent, nextSibling: () => null,
        patchProp(element, key, previous, next) { element.props[key] = next; },
      });
      const handled = [];
      const Child = { emits: ['saved'], setup: (_, { emit }) => () => h('button', { onClick: () => emit('saved') }) };
      const app = createApp({
        setup() {
          watchEffect(async () => { throw new Error('effect'); });
          onMounted(async () => { throw new Error('hook'); });
          return () => h(Child, { onSaved: async () => { throw new Error('handler'); } });
        },
      });
      app.config.errorHandler = (error) => handled.push(error.message);
      app.mount(node('root'));
      nodes[0].props.onClick();
      await settle();
      console.log(JSON.stringify([handled.sort(), unhandled]));
    `;
    assert.deepEqual(await run(code), [['effect', 'handler', 'hook'], 0]);
  });

  it('TanStack Query rejects only where it is told to throw', async () => {
    const code = `
      import { QueryClient, QueryObserver } from '@tanstack/query-core';
      const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: 0 } } });
      const query = { queryKey: ['a'], queryFn: fail };
      const observer = new QueryObserver(client, query);
      const stop = observer.subscribe(() => {});
      await settle();
      client.invalidateQueries();
      client.refetchQueries();
      client.resetQueries();
      client.cancelQueries();
      await settle();
      client.prefetchQuery({ queryKey: ['b'], queryFn: fail });
      observer.refetch();
      await settle();
      const quiet = unhandled;
      client.invalidateQueries({ queryKey: ['a'] }, { throwOnError: true });
      await settle();
      client.fetchQuery({ queryKey: ['c'], queryFn: fail });
      await settle();
      stop();
      client.clear();
      console.log(JSON.stringify([quiet, unhandled]));
    `;
    assert.deepEqual(await run(code), [0, 2]);
  });

  it('React Router keeps what a navigation fails with for the error boundaries', async () => {
    const code = `
      import { createMemoryRouter } from 'react-router';
      const router = createMemoryRouter([
        { path: '/' },
        { path: '/x', loader: fail, action: fail },
        { path: '/lazy', lazy: fail },
      ]);
      const errors = [];
      const after = async (work) => {
        work();
        await settle();
        errors.push(...Object.values(router.state.errors ?? {}).map((error) => error.message));
      };
      await after(() => { router.navigate('/x'); });
      await after(() => { router.navigate('/lazy'); });
      await after(() => { router.navigate('/x', { formMethod: 'post', formData: new FormData() }); });
      await after(() => { router.revalidate(); });
      await after(() => { router.fetch('key', '0', '/x'); });
      console.log(JSON.stringify([errors.every((message) => message === 'failed'), errors.length > 3, unhandled]));
    `;
    assert.deepEqual(await run(code), [true, true, 0]);
  });

  it('Fastify hands the rejection of a handler on and starts plugins without being awaited', async () => {
    const code = `
      import fastify from 'fastify';
      const app = fastify();
      const loaded = [];
      app.register(async () => { loaded.push('plugin'); });
      app.get('/', fail);
      app.get('/sent', async (request, reply) => { try { return reply.send('sent'); } finally { loaded.push('finally'); } });
      const failed = await app.inject('/');
      const sent = await app.inject('/sent');
      console.log(JSON.stringify([loaded, failed.statusCode, sent.body, unhandled]));
    `;
    assert.deepEqual(await run(code), [['plugin', 'finally'], 500, 'sent', 0]);
  });

  it('zx starts a command at once, and one told not to throw never rejects', async () => {
    const code = `
      import { $, nothrow } from 'zx';
      $\`exit 3\`.nothrow();
      nothrow($\`exit 3\`);
      await settle(500);
      const quiet = unhandled;
      $\`exit 3\`;
      await settle(500);
      console.log(JSON.stringify([quiet, unhandled]));
    `;
    assert.deepEqual(await run(code), [0, 1]);
  });

  const SUITES = `
    const done = [];
    it('test', async () => { await settle(); done.push('test'); });
    describe('suite', () => {
      before(async () => { await settle(); done.push('hook'); });
      it('in it', async () => { await settle(); done.push('in it'); });
    });
    describe('async suite', async () => {
      await settle();
      it('late', async () => { await settle(); done.push('late'); });
    });
    process.on('exit', () => console.log('\\n' + JSON.stringify(done.sort())));
  `;

  it('the runner of Node waits for tests, hooks and async suites that nobody awaits', async () => {
    const code = `import { before, describe, it } from 'node:test';${SUITES}`;
    assert.deepEqual(await run(code), ['hook', 'in it', 'late', 'test']);
  });

  it('Mocha waits for tests and hooks, but not for an async suite', async () => {
    const mocha = require.resolve('mocha/bin/mocha.js');
    assert.deepEqual(await run(SUITES, '.', [mocha, '--no-config']), ['hook', 'in it', 'test']);
  });

  it("an event target of Node takes a listener's rejection for an uncaught exception", async () => {
    const code = `
      let uncaught = 0;
      process.on('uncaughtException', () => uncaught++);
      const target = new EventTarget();
      target.addEventListener('x', fail);
      target.dispatchEvent(new Event('x'));
      await settle();
      console.log(JSON.stringify(uncaught));
    `;
    assert.equal(await run(code), 1);
  });

  it('an emitter turns the rejection of a listener into an error event only with captureRejections', async () => {
    const code = `
      import { EventEmitter } from 'node:events';
      const errors = [];
      for (const captureRejections of [false, true]) {
        const emitter = new EventEmitter({ captureRejections });
        emitter.on('error', (error) => errors.push(error.message));
        emitter.on('data', fail);
        emitter.emit('data');
      }
      await settle();
      console.log(JSON.stringify([errors, unhandled]));
    `;
    assert.deepEqual(await run(code), [['failed'], 1]);
  });
});
