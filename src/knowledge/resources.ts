/** APIs that take up something scarce for as long as they run, per language. */
import type { Language } from '../core/facts';
import { PYTHON_RESOURCES } from './python/resources';
import { words } from './words';

/**
 * `process`, `request`, `connection` and `service` are refused, throttled or paid for when there are too many;
 * `file` and `query` wait in a pool or run out of descriptors.
 */
export type ResourceKind = 'process' | 'request' | 'connection' | 'service' | 'file' | 'query';

export interface ResourceApi {
  readonly kind: ResourceKind;
  /** As people call it: `fetch`, `Pool.query`. */
  readonly name: string;
}

/** `module` may end in `*`; a path is the exported name or `Class.method`, either part may be or end in `*`. */
export interface ResourceEntry {
  readonly modules: readonly string[];
  readonly kind: ResourceKind;
  readonly paths: readonly string[];
}

const FILES = words(
  'readFile writeFile appendFile copyFile open cp createReadStream createWriteStream ' + 'opendir',
);

const TYPESCRIPT: readonly ResourceEntry[] = [
  // Processes. https://nodejs.org/api/child_process.html
  { modules: ['child_process'], kind: 'process', paths: ['exec', 'execFile', 'spawn', 'fork'] },
  { modules: ['worker_threads'], kind: 'process', paths: ['Worker'] },
  {
    modules: words(
      'cross-spawn execa nano-spawn tinyexec zx spawndamnit cross-spawn-promise ' + '@npmcli/promise-spawn',
    ),
    kind: 'process',
    paths: words('default spawn execa execaCommand execaNode command node x exec $'),
  },
  {
    modules: ['puppeteer', 'puppeteer-core'],
    kind: 'process',
    paths: [
      'launch',
      'Browser.newPage',
      'BrowserContext.newPage',
      'PuppeteerNode.launch',
      'Browser.createBrowserContext',
    ],
  },
  {
    modules: ['playwright', 'playwright-core', '@playwright/test'],
    kind: 'process',
    paths: words(
      'chromium.launch firefox.launch webkit.launch BrowserType.launch Browser.newPage ' +
        'Browser.newContext BrowserContext.newPage',
    ),
  },
  {
    modules: ['dockerode'],
    kind: 'process',
    paths: ['Docker.run', 'Docker.createContainer', 'Docker.pull', 'Container.start'],
  },
  {
    modules: ['simple-git'],
    kind: 'process',
    paths: ['SimpleGit.clone', 'SimpleGit.fetch', 'SimpleGit.pull'],
  },
  {
    modules: ['sharp', 'fluent-ffmpeg'],
    kind: 'process',
    paths: ['Sharp.toBuffer', 'Sharp.toFile', 'FfmpegCommand.run', 'FfmpegCommand.save'],
  },

  // HTTP.
  {
    modules: [
      '',
      'node-fetch',
      'undici',
      'cross-fetch',
      'isomorphic-fetch',
      'whatwg-fetch',
      'minipass-fetch',
      'make-fetch-happen',
      'npm-registry-fetch',
      'electron-fetch',
      'ofetch',
      'fetch-retry',
    ],
    kind: 'request',
    paths: ['fetch', '$fetch', 'ofetch', 'fetch.json'],
  },
  {
    modules: words(
      'node-fetch cross-fetch isomorphic-fetch make-fetch-happen minipass-fetch ' +
        'npm-registry-fetch axios got ky superagent request needle phin bent wretch ' +
        'request-promise request-promise-native redaxios node-libcurl gaxios teeny-request ' +
        'simple-get make-fetch-happen',
    ),
    kind: 'request',
    paths: ['default'],
  },
  {
    modules: ['axios'],
    kind: 'request',
    paths: words(
      'get post put patch delete head options request postForm putForm patchForm Axios.get ' +
        'Axios.post Axios.put Axios.patch Axios.delete Axios.head Axios.request Axios.postForm ' +
        'AxiosInstance',
    ),
  },
  {
    modules: words('got ky superagent needle redaxios request request-promise request-promise-native bent'),
    kind: 'request',
    paths: words(
      'get post put patch delete head stream paginate Got* KyInstance KyInstance.* Got.* ' +
        'SuperAgent*.get SuperAgent*.post',
    ),
  },
  {
    modules: ['undici'],
    kind: 'request',
    paths: words('request stream pipeline Dispatcher.request Pool.request Agent.request'),
  },
  {
    modules: ['http', 'https', 'follow-redirects'],
    kind: 'request',
    paths: words('request get http.request http.get https.request https.get'),
  },
  {
    modules: [''],
    kind: 'request',
    paths: words('XMLHttpRequest navigator.sendBeacon $.ajax $.get $.post jQuery.ajax'),
  },
  { modules: ['@angular/common/http'], kind: 'request', paths: ['HttpClient.*'] },
  { modules: ['@nestjs/axios'], kind: 'request', paths: ['HttpService.*'] },
  {
    modules: ['graphql-request', '@apollo/client', '@urql/core', 'urql'],
    kind: 'request',
    paths: ['request', 'GraphQLClient.request', 'ApolloClient.query', 'ApolloClient.mutate', 'Client.query'],
  },
  {
    modules: ['soap', 'jayson', '@trpc/client'],
    kind: 'request',
    paths: ['createClientAsync', 'Client.request'],
  },
  {
    modules: ['puppeteer', 'puppeteer-core', 'playwright', 'playwright-core', '@playwright/test'],
    kind: 'request',
    paths: ['Page.goto', 'Frame.goto'],
  },
  {
    modules: ['pacote'],
    kind: 'request',
    paths: ['manifest', 'packument', 'extract', 'tarball', 'tarball.*'],
  },
  {
    modules: words(
      'download download-git-repo nodejs-file-downloader @octokit/request latest-version ' + 'package-json',
    ),
    kind: 'request',
    paths: ['default', 'request'],
  },

  // New connections.
  {
    modules: ['net', 'tls', 'http2'],
    kind: 'connection',
    paths: ['connect', 'createConnection', 'Socket.connect'],
  },
  {
    modules: [''],
    kind: 'connection',
    paths: ['WebSocket', 'EventSource', 'RTCPeerConnection', 'WebTransport'],
  },
  {
    modules: ['ws', 'isomorphic-ws', 'websocket', 'reconnecting-websocket'],
    kind: 'connection',
    paths: ['default', 'WebSocket', 'client'],
  },
  {
    modules: words('ssh2 node-ssh ssh2-sftp-client basic-ftp ftp promise-ftp'),
    kind: 'connection',
    paths: ['Client.connect', 'NodeSSH.connect', 'SftpClient.connect', 'Client.access'],
  },
  {
    modules: words(
      'mongodb pg mysql mysql2 mysql2/promise redis @redis/client mssql oracledb mariadb ' +
        'tedious cassandra-driver nats amqplib mqtt',
    ),
    kind: 'connection',
    paths: words('MongoClient.connect Client.connect createConnection getConnection connect connectAsync'),
  },
  {
    modules: ['nodemailer'],
    kind: 'connection',
    paths: ['Transporter.sendMail', 'Mail.sendMail', 'Transporter.*'],
  },
  { modules: ['imapflow'], kind: 'connection', paths: ['ImapFlow.connect'] },

  // Remote services: throttled, and paid for by the call.
  {
    modules: ['openai'],
    kind: 'service',
    paths: words(
      'Completions.* Embeddings.* Images.* Responses.* Transcriptions.* Speech.* Moderations.* ' +
        'Files.* Runs.* Messages.* Translations.*',
    ),
  },
  {
    modules: ['@anthropic-ai/sdk', '@anthropic-ai/bedrock-sdk', '@anthropic-ai/vertex-sdk'],
    kind: 'service',
    paths: ['Messages.*', 'Completions.*', 'Batches.*', 'Files.*'],
  },
  {
    modules: ['ai'],
    kind: 'service',
    paths: words(
      'generateText streamText generateObject streamObject embed embedMany generateImage ' +
        'experimental_generateImage experimental_transcribe experimental_generateSpeech',
    ),
  },
  {
    modules: ['@google/generative-ai', '@google/genai', '@google-cloud/vertexai'],
    kind: 'service',
    paths: ['GenerativeModel.*', 'Models.*', 'ChatSession.*', 'Chat.*'],
  },
  {
    modules: words(
      'cohere-ai @mistralai/mistralai groq-sdk replicate ollama @huggingface/inference ' +
        'together-ai voyageai @deepgram/sdk deepl-node assemblyai',
    ),
    kind: 'service',
    paths: words(
      '*.chat *.generate *.embed *.embeddings *.run *.create *.complete *.rerank ' +
        '*.translateText *.transcribe *.textGeneration *.featureExtraction *.stream',
    ),
  },
  {
    modules: ['@langchain/*', 'langchain', 'langchain/*', 'llamaindex'],
    kind: 'service',
    paths: words('*.invoke *.call *.embedQuery *.embedDocuments *.generate *.predict *.stream *.query'),
  },
  {
    modules: ['@aws-sdk/*', '@smithy/smithy-client'],
    kind: 'service',
    paths: ['*Client.send', 'Client.send', 'Upload.done'],
  },
  {
    modules: ['aws-sdk', 'aws-sdk/*'],
    kind: 'service',
    paths: ['Request.promise', '*.promise', 'S3.upload'],
  },
  {
    modules: words('@google-cloud/* googleapis googleapis/* firebase-admin firebase-admin/* @googleapis/*'),
    kind: 'service',
    paths: words(
      'File.* Bucket.upload Bucket.getFiles BigQuery.query Topic.publish* Messaging.send* ' +
        'BaseAuth.* Auth.* Resource*.* Translate.* ImageAnnotatorClient.*',
    ),
  },
  {
    modules: ['@azure/*'],
    kind: 'service',
    paths: words(
      '*Client.upload* *Client.download* *Client.send* *Client.get* *Client.list* ' +
        '*Client.delete* *Client.create* *Client.begin* *Client.set*',
    ),
  },
  {
    modules: words(
      'stripe twilio @sendgrid/mail resend mailgun.js postmark @slack/web-api @slack/webhook ' +
        '@notionhq/client airtable cloudinary contentful @shopify/* shopify-api-node ' +
        '@hubspot/api-client jsforce plaid square braintree algoliasearch ' +
        '@pinecone-database/pinecone telegraf twitter-api-v2',
    ),
    kind: 'service',
    paths: words(
      '*.create *.retrieve *.update *.del *.delete *.list *.send *.sendMultiple *.post *.get ' +
        '*.request *.fetch *.upload *.query *.search *.upsert send',
    ),
  },
  {
    modules: words(
      'octokit @octokit/core @octokit/rest @octokit/graphql ' +
        '@octokit/plugin-rest-endpoint-methods @octokit/types @gitbeaker/* jira-client jira.js',
    ),
    kind: 'service',
    paths: words('*.request *.graphql graphql RestEndpointMethods.* RequestInterface *.all *.show *.create'),
  },
  {
    modules: ['web-push', 'node-apn', 'expo-server-sdk'],
    kind: 'service',
    paths: ['sendNotification', 'Provider.send', 'Expo.sendPushNotificationsAsync'],
  },

  // File descriptors. The functions on names alone (`stat`, `rename`, `unlink` …) hold none and wait in the thread pool.
  {
    modules: ['fs', 'graceful-fs', 'fs-extra', 'fs/promises'],
    kind: 'file',
    paths: [...FILES, ...FILES.map((name) => `promises.${name}`)],
  },
  {
    modules: ['fs-extra'],
    kind: 'file',
    paths: words(
      'copy readJson readJSON writeJson writeJSON outputFile outputJson outputJSON move ' + 'promises.copy',
    ),
  },
  {
    modules: words(
      'load-json-file write-json-file jsonfile read-pkg read-package-json ' +
        'read-package-json-fast write-file-atomic cp-file copy-file cpy steno tar extract-zip ' +
        'unzipper yauzl',
    ),
    kind: 'file',
    paths: words(
      'default loadJsonFile writeJsonFile readFile writeFile readPackage copyFile extract ' +
        'create c x open',
    ),
  },

  // Queries that take a connection out of a pool for each call. One connection's own `query` queues them.
  { modules: ['pg', 'pg-pool'], kind: 'query', paths: ['Pool.query', 'Pool.connect'] },
  {
    modules: ['mysql', 'mysql2', 'mysql2/promise', 'mariadb'],
    kind: 'query',
    paths: ['Pool.query', 'Pool.execute', 'Pool.getConnection'],
  },
  {
    modules: ['mssql', 'oracledb'],
    kind: 'query',
    paths: ['ConnectionPool.query', 'Pool.getConnection', 'Pool.execute'],
  },
  {
    modules: ['mongodb'],
    kind: 'query',
    paths: words(
      'Collection.findOne* Collection.insert* Collection.update* Collection.delete* ' +
        'Collection.replaceOne Collection.count* Collection.distinct Collection.bulkWrite ' +
        'AbstractCursor.toArray FindCursor.count Db.command',
    ),
  },
  {
    modules: ['mongoose'],
    kind: 'query',
    paths: words(
      'Model.find* Model.create Model.update* Model.delete* Model.save Model.count* ' +
        'Model.aggregate Model.insertMany Model.bulkWrite Model.exists Document.save Query.exec ' +
        'Document.deleteOne Model.distinct',
    ),
  },
  {
    modules: ['@prisma/client', '.prisma/client', '.prisma', 'prisma'],
    kind: 'query',
    paths: ['*Delegate.*', 'PrismaClient.$query*', 'PrismaClient.$execute*', 'PrismaClient.$transaction'],
  },
  {
    modules: ['typeorm'],
    kind: 'query',
    paths: words(
      'Repository.* BaseEntity.* DataSource.query EntityManager.find* EntityManager.save ' +
        'EntityManager.insert EntityManager.update EntityManager.delete EntityManager.query',
    ),
  },
  {
    modules: ['sequelize', 'sequelize-typescript'],
    kind: 'query',
    paths: words(
      'Model.find* Model.create Model.update Model.destroy Model.save Model.count Model.upsert ' +
        'Model.bulkCreate Sequelize.query Model.increment Model.reload',
    ),
  },
  {
    modules: ['@mikro-orm/core', '@mikro-orm/knex'],
    kind: 'query',
    paths: ['EntityManager.find*', 'EntityManager.flush', 'EntityRepository.find*'],
  },
  {
    modules: ['@supabase/supabase-js', '@supabase/postgrest-js', '@supabase/storage-js'],
    kind: 'request',
    paths: words(
      'SupabaseClient.from SupabaseClient.rpc PostgrestClient.from StorageFileApi.* ' +
        'default.upload default.download',
    ),
  },
  {
    modules: ['firebase/firestore', '@firebase/firestore', '@google-cloud/firestore'],
    kind: 'query',
    paths: words(
      'getDoc getDocs setDoc addDoc updateDoc deleteDoc DocumentReference.get ' +
        'DocumentReference.set DocumentReference.update Query.get CollectionReference.add',
    ),
  },
  {
    modules: ['knex', 'kysely', 'drizzle-orm'],
    kind: 'query',
    paths: words(
      'Knex.raw Raw.* QueryInterface.select QueryInterface.first QueryInterface.insert ' +
        'QueryInterface.update QueryInterface.delete QueryInterface.del *.execute ' +
        '*.executeTakeFirst *.executeTakeFirstOrThrow',
    ),
  },
];

const TABLES: Readonly<Record<Language, readonly ResourceEntry[]>> = {
  typescript: TYPESCRIPT,
  python: PYTHON_RESOURCES,
};

/** Methods that match a wildcard but only prepare, listen or look at what is here already. */
const HARMLESS =
  /^(?:constructor|on|once|off|emit|then|catch|finally|pipe|toString|name|create(?:QueryBuilder|IndexBuilder)|getClient|getId|hasId|merge|metadata|use|set[A-Z]\w*|with[A-Z]\w*|bind|clone|watch|initialize\w*|listIndexes|publicUrl|getPublicUrl|isPublic)$/;

interface Compiled {
  readonly exact: ReadonlyMap<string, ResourceApi>;
  readonly patterns: readonly {
    readonly module: RegExp;
    readonly path: RegExp;
    readonly wide: boolean;
    readonly kind: ResourceKind;
  }[];
}

const compiled = new Map<Language, Compiled>();

function compile(language: Language): Compiled {
  let known = compiled.get(language);
  if (known) return known;
  const exact = new Map<string, ResourceApi>();
  const patterns: { module: RegExp; path: RegExp; wide: boolean; kind: ResourceKind }[] = [];
  for (const { modules, kind, paths } of TABLES[language]) {
    for (const module of modules) {
      for (const path of paths) {
        if (module.includes('*') || path.includes('*')) {
          patterns.push({ module: wildcard(module), path: wildcard(path), wide: path.endsWith('.*'), kind });
        } else {
          exact.set(`${module}:${path}`, { kind, name: path === 'default' ? module : path });
        }
      }
    }
  }
  known = { exact, patterns };
  compiled.set(language, known);
  return known;
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\/]/gu, '\\$&').replaceAll('*', '[^.]*');
  return new RegExp(`^${source}$`, 'u');
}

/**
 * Looks a function up.
 * @param path qualified name inside the module; of a method at least `Class.method`.
 */
export function resourceApi(language: Language, module: string, path: string): ResourceApi | undefined {
  const { exact, patterns } = compile(language);
  const parts = path.split('.').filter((part, i, all) => i > 0 || part !== 'default' || all.length === 1);
  const candidates = [...new Set([parts.join('.'), parts.slice(-2).join('.')])];
  for (const candidate of candidates) {
    const api = exact.get(`${module}:${candidate}`);
    if (api) return api;
  }
  if (module === '') return undefined;
  const last = parts[parts.length - 1] ?? '';
  for (const { module: inModule, path: inPath, wide, kind } of patterns) {
    if (!inModule.test(module) || (wide && HARMLESS.test(last))) continue;
    const found = candidates.find((candidate) => inPath.test(candidate));
    if (found !== undefined) return { kind, name: found };
  }
  return undefined;
}

/** What is scarce about a kind, in words for a message. */
export const RESOURCE_WORDS: Readonly<Record<ResourceKind, string>> = {
  process: 'a process',
  request: 'a request',
  connection: 'a connection',
  service: 'a remote call',
  file: 'an open file',
  query: 'a query',
};
