import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

export interface StaticServer {
  /** With a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves a folder's files as they are, as a plain web host does, with `404.html` for what is not there.
 *
 * @param base path the folder appears under, with slashes at both ends
 */
export async function serve(folder: string, base: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const inside = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : '';
    const name = inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside;
    const file = join(folder, normalize(`/${name}`));
    const answer = async (): Promise<void> => {
      const found = pathname.startsWith(base) ? await read(file) : undefined;
      response.writeHead(found ? 200 : 404, {
        'content-type': found ? (types[extname(file)] ?? 'application/octet-stream') : types['.html'],
      });
      response.end(found ?? (await read(join(folder, '404.html'))));
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A file's content, or undefined where there is none. */
async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return undefined;
    throw error;
  }
}
