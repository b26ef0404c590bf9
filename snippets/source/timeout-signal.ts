// name: Timeout for APIs that take a signal
// prefix: [async-timeout-signal, timeout-signal]
// description: 'AbortSignal.timeout joined with the signal of the caller, for fetch and every other API that takes an AbortSignal.'
// tabstops:
//   1: fetchJson
//   2: '5_000'

async function fetchJson(url: string, signal?: AbortSignal): Promise<unknown> {
  const deadline = AbortSignal.timeout(5_000);
  const response = await fetch(url, {
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  // The signal covers the body too: a stalled download is aborted as well.
  return await response.json();
}
