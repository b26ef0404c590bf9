// name: Graceful shutdown
// prefix: [async-shutdown, graceful-shutdown]
// description: 'On SIGINT or SIGTERM stop accepting, let running requests finish, close the rest, exit; a deadline ends what hangs.'
// tabstops:
//   1: shutDownOnSignal
//   2: '10_000'

import type { Server } from 'node:http';

function shutDownOnSignal(server: Server, deadline = 10_000): void {
  const drain = async () => {
    // Connections kept alive by clients would hold the server open.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve(undefined)));
    }).finally(() => clearInterval(sweep));
    // Now close what the requests needed: databases, queues, log files.
    // $0
  };

  const onSignal = (signal: NodeJS.Signals) => {
    // A second signal finds no listener and ends the process at once.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    console.error(`${signal}: draining, at most ${deadline} ms`);
    setTimeout(() => {
      console.error(`Not drained after ${deadline} ms`);
      process.exit(1);
    }, deadline).unref();
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };

  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}
