// A bare REST client for the stand-in's own tests.
// Must not retry or interpret: tests look at what came.

type Answer = { status: number; body: unknown; headers: Headers };

export type Client = (
  path: string,
  options?: { method?: string; body?: unknown; token?: string | null },
) => Promise<Answer>;

/** `path` is below `/api/0`. */
export function restClient(base: string, token: string): Client {
  return async (path, options = {}) => {
    const used = options.token === undefined ? token : options.token;
    const response = await fetch(`${base}/api/0${path}`, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      headers: {
        ...(used === null ? {} : { authorization: `Bearer ${used}` }),
        'content-type': 'application/json',
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: readBody(response, text) };
  };
}

function readBody(response: Response, text: string): unknown {
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return isJson ? JSON.parse(text) : text;
}
